"""Pictures for painting: decoded in threads, in steps of size, within a budget of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.basics.faults import Fault
from app.basics.threads import give_way
from app.imaging.thumbnails import STEPS, step_for, thumbnail
from widgets.canvas.late_pictures import Ready
from widgets.parts.raster import image_of

Key = tuple[Path, int]
Made = tuple[Key, QImage | None]


class PictureShelf(QObject):
    """`Pictures` over the files themselves. `budget` in bytes; what was looked at last stays longest."""

    _made = Signal(object)

    def __init__(self, parent: QObject | None = None, *, budget: int = 256 << 20, threads: int = 2) -> None:
        super().__init__(parent)
        self.budget = budget
        self.bytes = 0
        self._shelf: OrderedDict[Key, QImage] = OrderedDict()
        self._waiting: dict[Key, set[Ready]] = {}
        self._bad: set[Path] = set()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="pictures", initializer=give_way)
        self._closed = False
        self._made.connect(self._take)

    def request(self, path: Path, box: int, ready: Ready) -> QImage | None:
        step = step_for(box)
        key = (path, step)
        known = self._shelf.get(key)
        if known is not None:
            self._shelf.move_to_end(key)
            return known
        if not self._closed and path not in self._bad:
            self._wait(key, ready)
        return self._nearest(path, step)

    def picture(self, path: Path, side: int, show: Callable[[QImage], None]) -> None:
        """For panels: calls `show` at once where the picture is known, else when it is there; never where
        the file cannot be read."""

        def there() -> None:
            image = self._shelf.get((path, step_for(side)))
            if image is not None:
                show(image)

        if (path, step_for(side)) in self._shelf:
            there()
        else:
            self.request(path, side, there)

    def forget(self, path: Path) -> None:
        """The file has changed: it is read anew when it is next asked for."""
        for step in STEPS:
            gone = self._shelf.pop((path, step), None)
            if gone is not None:
                self.bytes -= gone.sizeInBytes()
        self._bad.discard(path)

    def close(self) -> None:
        """Waits for the picture being decoded; the others are not begun."""
        self._closed = True
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _wait(self, key: Key, ready: Ready) -> None:
        waiting = self._waiting.get(key)
        if waiting is not None:
            waiting.add(ready)
            return
        self._waiting[key] = {ready}
        future = self._threads.submit(_made_for, key)
        future.add_done_callback(self._tell)

    def _tell(self, done: Future[Made]) -> None:
        """In the worker's thread: hands over by a queued signal."""
        if done.cancelled() or self._closed:
            return
        self._made.emit(done)

    def _take(self, done: object) -> None:
        assert isinstance(done, Future)
        key, image = done.result()
        waiting = self._waiting.pop(key, set())
        if image is None:
            self._bad.add(key[0])
            return
        self._shelf[key] = image
        self.bytes += image.sizeInBytes()
        while self.bytes > self.budget and len(self._shelf) > 1:
            _, gone = self._shelf.popitem(last=False)
            self.bytes -= gone.sizeInBytes()
        for ready in waiting:
            ready()

    def _nearest(self, path: Path, step: int) -> QImage | None:
        """Another size of the same picture, larger ones first."""
        larger = [other for other in STEPS if other > step]
        smaller = [other for other in reversed(STEPS) if other < step]
        for other in (*larger, *smaller):
            image = self._shelf.get((path, other))
            if image is not None:
                return image
        return None


def _made_for(key: Key) -> Made:
    """None for a file that is no picture: the checks say so, the canvas shows an empty place."""
    try:
        return key, decoded(*key)
    except Fault:
        return key, None


def decoded(path: Path, step: int) -> QImage:
    """Upright, in sRGB, in the format that is painted fastest. Made in a thread: a QImage may be."""
    return image_of(thumbnail(path, step))
