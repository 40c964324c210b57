"""The difference of two pictures, computed beside the window."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.basics.faults import Fault
from app.basics.threads import give_way
from app.imaging.difference import Difference, amplified, difference, halved_by_most, placed
from app.imaging.viewing import looked_at, raster
from widgets.parts.raster import image_of


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures, after so many halvings of each, fitted onto a frame of so many pixels."""

    a: Path
    b: Path
    halvings: tuple[int, int]
    frame: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`factor` is how much it is amplified; `halvings` of the difference, for the screen."""

    pair: Pair
    factor: int
    halvings: int


@dataclass(frozen=True, slots=True)
class Seen:
    wanted: Wanted
    image: QImage
    difference: Difference


class Differing(QObject):
    """`changed` when there is something new. What was asked last is what is computed; one at a time."""

    changed = Signal()
    _came = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.seen: Seen | None = None
        self.fault: Fault | None = None
        self._wanted: Wanted | None = None
        self._raw: tuple[Pair, Difference, dict[int, Image.Image]] | None = None
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="difference", initializer=give_way)
        self._closed = False
        self._came.connect(self._take)

    def ask(self, wanted: Wanted) -> Seen | None:
        """What is at hand of this pair, perhaps of another factor; the right one is on its way then. May be
        called at every paint."""
        if self._wanted != wanted and not self._closed:
            self._wanted, self.fault = wanted, None
            self._threads.submit(partial(self._work, wanted))
        seen = self.seen
        return seen if seen is not None and seen.wanted.pair == wanted.pair else None

    def clear(self) -> None:
        self._wanted = self.seen = self.fault = None
        self._threads.submit(self._forget)

    def close(self) -> None:
        self._closed = True
        self._threads.shutdown(wait=True, cancel_futures=True)

    # --- in the thread ---

    def _forget(self) -> None:
        self._raw = None

    def _work(self, wanted: Wanted) -> None:
        if self._closed or wanted != self._wanted:
            return
        try:
            found, levels = self._compared(wanted.pair)
        except Fault as fault:
            self._tell(wanted, fault)
            return
        for halvings in range(1, wanted.halvings + 1):
            if halvings not in levels:
                levels[halvings] = halved_by_most(levels[halvings - 1])
        image = image_of(raster(amplified(levels[wanted.halvings], wanted.factor)))
        self._tell(wanted, Seen(wanted, image, found))

    def _tell(self, wanted: Wanted, found: Seen | Fault) -> None:
        if not self._closed:
            self._came.emit(wanted, found)

    def _compared(self, pair: Pair) -> tuple[Difference, dict[int, Image.Image]]:
        if self._raw is None or self._raw[0] != pair:
            self._raw = None
            one, other = (
                placed(looked_at(path, halvings), pair.frame)
                for path, halvings in zip((pair.a, pair.b), pair.halvings, strict=True)
            )
            made = difference(one, other)
            self._raw = (pair, made, {0: made.image})
        return self._raw[1], self._raw[2]

    # --- back in the window's thread ---

    def _take(self, wanted: object, found: object) -> None:
        if wanted != self._wanted:
            return
        if isinstance(found, Seen):
            self.seen = found
        elif isinstance(found, Fault):
            self.seen, self.fault = None, found
        self.changed.emit()
