"""The same work on any canvas, frame by frame: what `bench_canvas` asks of ours, of the floor and of stock
NodeGraphQt, each in a process of its own: `python -m benchmarks.canvas_ours 5000 FOLDER`.

A frame is measured from the call that changes something until it is on the screen: the events that it causes
are carried out, and the view has painted and handed its pixels over.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import psutil
from PIL import Image
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

SIZE = (1920, 1080)
PITCH = (330, 330)
"""From one node's corner to the next, in canvas units."""
LINKS = 3
PICTURES = 64
STEPS = 40
REPAINTS = 12
ENOUGH_S = 6.0
"""After so long a row of frames ends early: stock NodeGraphQt takes seconds for one."""
Rows = dict[str, list[float]]


class Looked(Protocol):
    """A canvas that is looked at. Node i is linked to the three before it and lies at `place(i, count)`."""

    def port(self) -> QWidget: ...
    def open(self, count: int, pictures: list[Path]) -> None: ...
    def whole(self) -> None:
        """Until every card is there: what is opened or undone may come in slices."""

    def settle(self) -> None:
        """Until nothing more is on its way (thumbnails)."""

    def look_at_all(self) -> None: ...
    def pan(self, dx: int, dy: int) -> None: ...
    def zoom(self, factor: float) -> None: ...


class Subject(Looked, Protocol):
    """A canvas that is worked with."""

    def look_at_thirty(self) -> None: ...
    def grab(self, nodes: int) -> None:
        """Begins to drag so many nodes that are seen."""

    def drag(self, dx: int, dy: int) -> None: ...
    def let_go(self) -> None: ...
    def select_all(self) -> None: ...
    def delete_all(self) -> None: ...
    def undo(self) -> None: ...


S = TypeVar("S", bound=Looked)


def columns(count: int) -> int:
    return max(1, round((count * SIZE[0] / SIZE[1]) ** 0.5))


def place(number: int, count: int) -> tuple[float, float]:
    row, column = divmod(number, columns(count))
    return column * PITCH[0], row * PITCH[1]


def pictures(folder: Path) -> list[Path]:
    """As the models give them, 16:9, small enough that decoding is not what is measured."""
    made = []
    for number in range(PICTURES):
        path = folder / f"picture-{number}.jpg"
        if not path.exists():
            Image.effect_noise((512, 288), 40 + number).convert("RGB").save(path, quality=80)
        made.append(path)
    return made


def breathe() -> None:
    """Carries out what waits: what was asked to be painted is painted."""
    app = QApplication.instance()
    assert app is not None
    app.sendPostedEvents()
    app.processEvents()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds until the screen shows it."""
    began = time.perf_counter()
    work()
    breathe()
    return (time.perf_counter() - began) * 1000


def _since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000


def frames(work: Callable[[int], object], most: int = STEPS) -> list[float]:
    """Milliseconds of each frame; what is done may differ by the frame's number."""
    until = time.perf_counter() + ENOUGH_S
    times: list[float] = []
    while len(times) < most and (len(times) < 3 or time.perf_counter() < until):
        times.append(timed(partial(work, len(times))))
    return times


def _megabytes() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 1e6


def look(subject: Looked, count: int, folder: Path) -> Rows:
    """Opening, and what is seen of all."""
    files = pictures(folder)
    begun = time.perf_counter()
    rows: Rows = {"open, first frame": [timed(lambda: subject.open(count, files))]}
    subject.whole()
    rows["open, all there"] = [_since(begun)]
    subject.look_at_all()
    subject.settle()
    _looks(subject, "all visible", rows)
    return rows


def work(subject: Subject, count: int, folder: Path) -> Rows:
    breathe()
    before = _megabytes()
    rows = look(subject, count, folder)
    subject.look_at_thirty()
    subject.settle()
    _looks(subject, "30 visible", rows)
    _drags(subject, rows)
    subject.look_at_all()
    subject.settle()
    rows["memory"] = [_megabytes() - before]
    rows["select all"] = [timed(subject.select_all)]
    rows["delete all"] = [timed(subject.delete_all)]
    begun = time.perf_counter()
    rows["undo it, first frame"] = [timed(subject.undo)]
    subject.whole()
    rows["undo it, all there"] = [_since(begun)]
    return rows


def _looks(subject: Looked, what: str, rows: Rows) -> None:
    port = subject.port()
    port.repaint()
    rows[f"frame, {what}"] = frames(lambda _: port.repaint(), REPAINTS)
    rows[f"pan, {what}"] = frames(lambda step: subject.pan(*(23, 9) if step % 20 < 10 else (-23, -9)))
    rows[f"zoom, {what}"] = frames(lambda step: subject.zoom(1.04 if step % 20 < 10 else 1 / 1.04))
    subject.settle()


def _drags(subject: Subject, rows: Rows) -> None:
    for nodes in (1, 200):
        if nodes > 1:
            subject.look_at_all()
            subject.settle()
        subject.grab(nodes)
        rows[f"drag {nodes}"] = frames(lambda step: subject.drag(*(5, 3) if step % 20 < 10 else (-5, -3)))
        subject.let_go()
        breathe()


def main(make: Callable[[QApplication], S], what: Callable[[S, int, Path], Rows]) -> None:
    app = QApplication(["bench"])
    count, folder = int(sys.argv[1]), Path(sys.argv[2])
    subject = make(app)
    window = subject.port().window()
    window.resize(*SIZE)
    window.show()
    breathe()
    gc.disable()  # as the program does for its lasting part; no canvas pays for another's rubbish
    rows = what(subject, count, folder)
    told = {
        name: {"mean": statistics.fmean(times), "p95": sorted(times)[round(0.95 * (len(times) - 1))]}
        for name, times in rows.items()
    }
    print(json.dumps(told), flush=True)
