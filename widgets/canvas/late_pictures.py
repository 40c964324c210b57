"""What cards ask for pictures, and a stand-in for it while the decoders are not imported yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QImage

Ready = Callable[[], None]


class Pictures(Protocol):
    """Where cards get their pictures."""

    def request(self, path: Path, box: int, ready: Ready) -> QImage | None:
        """The best picture at hand for a square of `box` device pixels: perhaps a smaller one, perhaps
        none. Where a better one is to come, `ready` is called once in the window's thread when it is
        there. May be called at every paint: it costs a look into a table."""
        ...


class LatePictures:
    """Has none, remembers what was asked for, and asks for it as soon as somebody who has is lent."""

    def __init__(self) -> None:
        self._lent: Pictures | None = None
        self._asked: dict[tuple[Path, int, Ready], None] = {}

    def request(self, path: Path, box: int, ready: Ready) -> QImage | None:
        if self._lent is not None:
            return self._lent.request(path, box, ready)
        self._asked[path, box, ready] = None
        return None

    def lend(self, pictures: Pictures) -> None:
        self._lent = pictures
        asked, self._asked = self._asked, {}
        for path, box, ready in asked:
            if pictures.request(path, box, ready) is not None:
                ready()
