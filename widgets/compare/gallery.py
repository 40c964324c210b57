"""Pictures that are looked at large: decoded in threads, no larger than the screen needs them, within a
budget of bytes. Halvings: 0 are a picture's own pixels, 1 half of each side, and so on."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage

from app.basics.faults import Fault
from app.basics.threads import give_way
from app.imaging.viewing import looked_at, raster, size_of
from widgets.parts.raster import image_of

BUDGET = 384 << 20
"""Bytes: nine pictures in 4K at their own size, or one photograph of 80 million pixels."""
_BYTES = 4
_SMALLEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A picture after so many halvings. `image` is as the screen shows it, `plain` the same in sRGB."""

    halvings: int
    image: QImage
    plain: QImage

    @property
    def bytes(self) -> int:
        alike = self.plain is self.image
        return self.image.sizeInBytes() + (0 if alike else self.plain.sizeInBytes())


@dataclass(frozen=True, slots=True)
class _News:
    """From a thread: `found` is a size, a level, or why there is none."""

    path: Path
    halvings: int | None
    found: QSize | Level | Fault | None


class Gallery(QObject):
    """`changed` carries the path of which something more is known. `profile` gives the profile of the screen,
    or None where it is not known: then pictures are shown in sRGB."""

    changed = Signal(object)
    _news = Signal(object)

    def __init__(
        self, parent: QObject, *, profile: Callable[[], bytes | None] = lambda: None, budget: int = BUDGET
    ) -> None:
        super().__init__(parent)
        self.budget = budget
        self.bytes = 0
        self._profile = profile
        self._screen: bytes | None = None
        self._sizes: dict[Path, QSize] = {}
        self._faults: dict[Path, Fault] = {}
        self._levels: OrderedDict[tuple[Path, int], Level] = OrderedDict()
        self._wanted: dict[Path, int] = {}
        self._at_work: set[tuple[Path, int]] = set()
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="gallery", initializer=give_way)
        self._closed = False
        self._news.connect(self._take)

    def show(self, paths: Iterable[Path]) -> None:
        """These and no others from now on; what is kept of others goes, and their sizes are found."""
        wanted = tuple(dict.fromkeys(paths))
        self._screen = self._profile()
        for key in [key for key in self._levels if key[0] not in wanted]:
            self._drop(key)
        self._sizes = {path: size for path, size in self._sizes.items() if path in wanted}
        self._faults = {}
        self._wanted = {path: halvings for path, halvings in self._wanted.items() if path in wanted}
        for path in wanted:
            if path not in self._sizes:
                self._submit(partial(_sized, path))

    def clear(self) -> None:
        """Nothing is looked at: nothing is kept."""
        self.show(())

    def close(self) -> None:
        """Waits for what is being decoded; the others are not begun."""
        self._closed = True
        self._threads.shutdown(wait=True, cancel_futures=True)

    # --- asking ---

    @property
    def kept(self) -> tuple[tuple[Path, int], ...]:
        """Pictures and their halvings, as far as they are decoded."""
        return tuple(self._levels)

    @property
    def at_work(self) -> bool:
        """Whether anything is being decoded or waits for it."""
        return bool(self._at_work)

    def size(self, path: Path) -> QSize | None:
        """In its own pixels; None as long as it is not known."""
        return self._sizes.get(path)

    def fault(self, path: Path) -> Fault | None:
        return self._faults.get(path)

    def finest(self, path: Path) -> int:
        """The fewest halvings that the budget allows: mostly 0."""
        size = self._sizes[path]
        copies = 1 if self._screen is None else 2
        share = self.budget / max(1, len(self._sizes)) / copies
        most = size.width() * size.height() * _BYTES / share
        return max(0, math.ceil(math.log(most, 4))) if most > 1 else 0

    def at(self, path: Path, scale: float) -> Level | None:
        """The best at hand for `scale` device pixels for a pixel of the picture. What suits better is on its
        way then, and `changed` tells of it. May be called at every paint."""
        if path not in self._sizes:
            return None
        halvings = min(max(0, math.floor(-math.log2(max(scale, 1e-6)) + 1e-6)), _SMALLEST)
        return self._level(path, max(halvings, self.finest(path)))

    def finest_at_hand(self, path: Path) -> Level | None:
        """Its own pixels, as far as the budget allows; asked for where they are not there."""
        if path not in self._sizes:
            return None
        found = self._level(path, self.finest(path))
        return found if found is not None and found.halvings == self.finest(path) else None

    def _level(self, path: Path, halvings: int) -> Level | None:
        known = self._levels.get((path, halvings))
        if known is not None:
            self._levels.move_to_end((path, halvings))
            self._wanted[path] = halvings
            return known
        if path not in self._faults:
            self._want(path, halvings)
        there = [level for (other, _), level in self._levels.items() if other == path]
        return min(there, key=lambda level: abs(level.halvings - halvings), default=None)

    # --- decoding ---

    def _want(self, path: Path, halvings: int) -> None:
        self._wanted[path] = halvings
        if (path, halvings) not in self._at_work:
            self._at_work.add((path, halvings))
            self._submit(partial(self._decoded, path, halvings))

    def _submit(self, work: Callable[[], _News]) -> None:
        if not self._closed:
            self._threads.submit(lambda: self._tell(work()))

    def _tell(self, news: _News) -> None:
        """In the thread: hands over by a queued signal."""
        if not self._closed:
            self._news.emit(news)

    def _decoded(self, path: Path, halvings: int) -> _News:
        """In the thread. What nobody wants any more by now is not decoded."""
        if self._closed or self._wanted.get(path) != halvings:
            return _News(path, halvings, None)
        try:
            plain = image_of(raster(looked_at(path, halvings)), exact=True)
            screen = self._screen
            image = (
                plain if screen is None else image_of(raster(looked_at(path, halvings, screen)), exact=True)
            )
        except Fault as fault:
            return _News(path, halvings, fault)
        return _News(path, halvings, Level(halvings=halvings, image=image, plain=plain))

    def _take(self, news: object) -> None:
        assert isinstance(news, _News)
        path, found = news.path, news.found
        if news.halvings is not None:
            self._at_work.discard((path, news.halvings))
        if isinstance(found, Fault):
            self._faults[path] = found
        elif isinstance(found, QSize):
            self._sizes[path] = found
        elif isinstance(found, Level) and path in self._wanted:
            self._keep(path, found)
        self.changed.emit(path)

    def _keep(self, path: Path, level: Level) -> None:
        self._drop((path, level.halvings))
        self._levels[path, level.halvings] = level
        self.bytes += level.bytes
        spare = [key for key in self._levels if self._wanted.get(key[0]) != key[1]]
        while self.bytes > self.budget and spare:
            self._drop(spare.pop(0))

    def _drop(self, key: tuple[Path, int]) -> None:
        gone = self._levels.pop(key, None)
        if gone is not None:
            self.bytes -= gone.bytes


def _sized(path: Path) -> _News:
    try:
        return _News(path, None, QSize(*size_of(path)))
    except Fault as fault:
        return _News(path, None, fault)
