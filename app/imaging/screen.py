"""The colours of the screen, as far as they are known."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import ImageCms

from app.imaging.colour import is_of_a_screen

_MOST = 8 << 20
"""Bytes: profiles of screens have a few thousand."""


def screen_profile(file: str) -> bytes | None:
    """The ICC profile in a file that the artist chose; else, where no file is named, what the system says
    (Windows alone tells it to Pillow). None: not known, or no profile of a screen; sRGB is meant then."""
    profile = _read(Path(file)) if file else _of_the_system()
    return profile if profile is not None and is_of_a_screen(profile) else None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.stat().st_size <= _MOST else None
    except OSError:
        return None


def _of_the_system() -> bytes | None:
    if sys.platform == "win32":
        try:
            found = ImageCms.get_display_profile()
        except (OSError, ImageCms.PyCMSError):
            return None
        return found.tobytes() if found is not None else None
    return None
