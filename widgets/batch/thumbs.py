"""Small pictures of the rows that are on the screen: decoded elsewhere, a few at a time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage
from shiboken6 import isValid

from app.studio.batch_values import BatchRow
from widgets.parts.picture_source import PictureSource

HELD = 400
AT_ONCE = 4
PATIENCE_MS = 4_000
"""A file that cannot be read never calls back: it must not hold up the others."""


class Thumbs(QObject):
    """`side` in px, `seen` the rows on the screen from the top; `came` is called when there is one more."""

    def __init__(
        self,
        pictures: PictureSource,
        side: Callable[[], int],
        seen: Callable[[], Sequence[BatchRow]],
        came: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._pictures, self._side, self._seen, self._came = pictures, side, seen, came
        self._images: OrderedDict[Path, QImage] = OrderedDict()
        self._under_way: dict[Path, float] = {}
        self._given_up: set[Path] = set()
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self._ask)
        self._waiting = QTimer(self, interval=PATIENCE_MS // 4)
        self._waiting.timeout.connect(self._give_up)

    def image(self, path: Path) -> QImage | None:
        known = self._images.get(path)
        if known is not None:
            self._images.move_to_end(path)
        elif path not in self._given_up and not self._asking.isActive():
            self._asking.start()
        return known

    def _ask(self) -> None:
        """For what is on the screen now: what was scrolled past is not begun."""
        for row in self._seen():
            if len(self._under_way) >= AT_ONCE:
                return
            path = row.picture
            held = (self._images, self._under_way, self._given_up)
            if path is not None and not any(path in one for one in held):
                self._under_way[path] = time.monotonic()
                if not self._waiting.isActive():
                    self._waiting.start()
                self._pictures.picture(path, self._side(), partial(self._arrived, path))

    def _arrived(self, path: Path, image: QImage) -> None:
        if not isValid(self):  # type: ignore[no-untyped-call]
            return  # the panel was closed before its picture was there
        self._under_way.pop(path, None)
        self._given_up.discard(path)
        self._images[path] = image
        while len(self._images) > HELD:
            self._images.popitem(last=False)
        if not self._under_way:
            self._waiting.stop()
        if not self._asking.isActive():
            self._asking.start()
        self._came()

    def _give_up(self) -> None:
        late = time.monotonic() - PATIENCE_MS / 1000
        for path in [path for path, begun in self._under_way.items() if begun < late]:
            del self._under_way[path]
            self._given_up.add(path)
        if not self._under_way:
            self._waiting.stop()
        self._asking.start()
