"""In which ways a picture leaves."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """`CAME` is never coded anew, nor changed in any other way."""

    CAME = "as-it-came"
    CLEAN = "clean"
    REOPENABLE = "re-openable"
    SIGNED = "signed"
