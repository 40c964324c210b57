"""The environment of a program that is measured: no vendor's key reaches it, so that nothing is bought."""

from __future__ import annotations

import os

from app.preferences.keys import Keys


def keyless(**more: str) -> dict[str, str]:
    plain = Keys(os.environ).without_keys(os.environ)
    return plain | {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"} | more
