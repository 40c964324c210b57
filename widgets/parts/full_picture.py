"""A picture at its own size, decoded off the window's thread: only for one that is being looked at."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from PySide6.QtGui import QColorSpace, QImage, QImageReader

MOST_MB = 512


class FullPicture(QObject):
    """`ready` carries (path, QImage), upright and in sRGB; nothing comes for a file that cannot be read."""

    ready = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def ask(self, path: Path) -> None:
        self._pool.clear()
        self._pool.start(_Decoding(path, self))

    def close(self) -> None:
        self._pool.clear()
        self._pool.waitForDone()


class _Decoding(QRunnable):
    def __init__(self, path: Path, owner: FullPicture) -> None:
        super().__init__()
        self._path, self._owner = path, owner

    def run(self) -> None:
        reader = QImageReader(str(self._path))
        reader.setAutoTransform(True)
        reader.setDecideFormatFromContent(True)
        reader.setAllocationLimit(MOST_MB)
        image: QImage = reader.read()
        if image.isNull():
            return
        if image.colorSpace().isValid():
            image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
        self._owner.ready.emit(self._path, image)
