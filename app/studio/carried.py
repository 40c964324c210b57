"""The document that a picture carries, as text. Apart from the desk, which is there before the readers of
pictures are imported."""

from __future__ import annotations

from pathlib import Path

from app.document.sharing import NAME
from app.imaging.carrying_text import text_in_file


def carried_text(path: Path) -> str | None:
    """None where a picture carries no document.

    :raises BadInput: no picture, or one that is damaged
    :raises DiskTrouble: it cannot be read
    """
    return text_in_file(path, NAME)
