"""`tagloom licences`: what Tagloom is made of and under which licences, with their texts."""

from __future__ import annotations

from dataclasses import asdict

from app.basics.licences import licences, licences_told
from app.cli.speech import Speech


def list_licences(speech: Speech) -> None:
    found = list(licences())
    speech.value([asdict(one) for one in found])
    speech.answer(licences_told(found))
