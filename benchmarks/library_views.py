"""A library of ten thousand on the screen: ours, or a plain QListView that holds the same thumbnails, each in
a process of its own: `python -m benchmarks.library_views ours FOLDER`.

A frame is measured from the call that scrolls until what it causes is painted.
"""

from __future__ import annotations

import asyncio
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QIcon, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QListView

from app.imaging.thumbnails import thumbnail
from app.library.library import Library
from app.library.query import Query
from app.library.store import FolderStore
from widgets.canvas.pictures import PictureShelf, decoded
from widgets.library.grid import AIR, CELL
from widgets.library.panel import LibraryPanel
from widgets.theme import DARK, Themes, apply

SIZE = (462, 900)
COUNT = 10_000
STEPS, LEAPS = 240, 60
STEP = 40
"""Px of a scroll step: a notch of the wheel is three."""
FIRST = 200


class Subject:
    """A view in a window of its own."""

    def __init__(self, app: QApplication) -> None:
        self.app = app
        self.themes = Themes(app)
        apply(app, DARK, None)

    def frame(self, value: int) -> float:
        bar = self.view.verticalScrollBar()
        begun = time.perf_counter()
        bar.setValue(value)
        self.app.processEvents()
        return time.perf_counter() - begun

    view: QListView


class Floor(Subject):
    """Every thumbnail in memory, decoded before."""

    def prepare(self, folder: Path) -> None:
        side = CELL - QSize(2 * AIR, 2 * AIR)
        kinds = []
        for file in sorted((folder / "kinds").iterdir()):
            image = decoded(file, 256)
            kinds.append(image.scaled(side, Qt.AspectRatioMode.KeepAspectRatio))
        self.thumbnails = [kinds[number % len(kinds)].copy() for number in range(COUNT)]

    def open(self) -> None:
        self.view = view = QListView()
        view.setViewMode(QListView.ViewMode.IconMode)
        view.setMovement(QListView.Movement.Static)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setUniformItemSizes(True)
        view.setGridSize(CELL)
        view.setIconSize(CELL - QSize(2 * AIR, 2 * AIR))
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        model = QStandardItemModel(view)
        for image in self.thumbnails:
            model.appendRow(QStandardItem(QIcon(QPixmap.fromImage(image)), ""))
        self.thumbnails.clear()
        view.setModel(model)
        view.resize(*SIZE)
        view.show()
        self.app.processEvents()

    def whole(self) -> None: ...

    def close(self) -> None:
        self.view.close()


class Ours(Subject):
    def prepare(self, folder: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.library = Library(FolderStore(folder / "library"), folder / "library" / "index.sqlite")
        self.loop.run_until_complete(self.library.open())
        self.pictures = PictureShelf()

    def open(self) -> None:
        """The first page is painted; the rest comes behind it."""
        finder = self.library.finder
        self.panel = panel = LibraryPanel(self.pictures, finder.place, self.themes)
        self.view = panel.grid
        first = self.loop.run_until_complete(finder.find(Query(), limit=FIRST))
        panel.grid.hits.show_hits(first)
        panel.resize(*SIZE)
        panel.show()
        self.app.processEvents()

    def whole(self) -> None:
        hits = self.panel.grid.hits
        rest = self.loop.run_until_complete(self.library.finder.find(Query(), after=hits.hits[-1]))
        hits.add(rest)
        self.app.processEvents()
        if hits.rowCount() != self.loop.run_until_complete(self.library.finder.count(Query())):
            raise RuntimeError(f"{hits.rowCount()} pictures")

    def seen(self) -> float:
        """Seconds until every picture on the screen is there."""
        begun, grid = time.perf_counter(), self.panel.grid
        while any(grid.hits.known_image(grid.hits.hits[row].sha256) is None for row in grid.seen()):
            self.app.processEvents()
            time.sleep(0.001)
            if time.perf_counter() - begun > 60:
                raise RuntimeError("pictures do not come")
        return time.perf_counter() - begun

    def close(self) -> None:
        self.panel.close()
        self.pictures.close()
        self.loop.run_until_complete(self.library.close())
        self.loop.close()


def measured(subject: Floor | Ours, folder: Path) -> dict[str, object]:
    memory = psutil.Process().memory_info
    before = memory().rss
    subject.prepare(folder)
    gc.collect()
    told: dict[str, object] = {"open": _timed(subject.open), "rest": _timed(subject.whole)}
    if isinstance(subject, Ours):
        told["seen"] = subject.seen()
    bar = subject.view.verticalScrollBar()
    told["scroll"] = _frames(subject.frame(value) for value in range(0, STEPS * STEP, STEP))
    leap = bar.maximum() // LEAPS
    told["leap"] = _frames(subject.frame(value) for value in range(leap, leap * LEAPS, leap))
    if isinstance(subject, Ours):
        told["seen after"] = subject.seen()
    told["memory"] = memory().rss - before
    subject.close()
    return told


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _frames(frames: Iterable[float]) -> dict[str, float]:
    times = sorted(frames)
    return {"mean": statistics.mean(times), "p95": times[int(len(times) * 0.95)], "worst": times[-1]}


def main() -> None:
    kind, folder = sys.argv[1], Path(sys.argv[2])
    app = QApplication([])
    subject = Ours(app) if kind == "ours" else Floor(app)
    thumbnail(next(iter(sorted((folder / "kinds").iterdir()))), 64)  # Pillow is loaded by now in the program
    told = measured(subject, folder)
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
