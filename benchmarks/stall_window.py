"""The real window at work: three models run while five photographs of 24 megapixels are dropped on it.

Prints how late its loop came to a beat of 2 ms, the longest first, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from functools import partial
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.document import edits
from app.document.values import Document
from widgets.desktop import open_shell
from widgets.furnish import furnished
from widgets.loop import live
from widgets.workbench import Workbench

BEAT_MS = 2
PHOTOGRAPHS = 5
PLACE = QPointF(900, 600)


def photographs(folder: Path) -> list[Path]:
    """Noise that is as hard to decode as a photograph."""
    files = [folder / f"photograph-{number}.jpg" for number in range(PHOTOGRAPHS)]
    grain = Image.effect_noise((600, 400), 80).resize((6000, 4000)).convert("RGB")
    for file in files:
        grain.save(file, quality=90)
    return files


def seeded(document: Document) -> Document:
    """Every model with a seed of its own, so that nothing is found in the library."""
    models = [id for id, node in document.nodes.items() if node.kind == "gen4-image"]
    for number, id in enumerate(models):
        document = edits.set_value(document, id, "seed", 100 + number)
    return document


def drop(files: list[Path], on: QWidget) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    copy, left, plain = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(on, QDragEnterEvent(PLACE.toPoint(), copy, data, left, plain))
    QApplication.sendEvent(on, QDropEvent(PLACE, copy, data, left, plain))


async def session(files: list[Path], bench: Workbench, closed: asyncio.Event) -> None:
    graph, studio = bench.graph, bench.studio
    for _ in range(2):
        graph.select(("picture",))
        graph.handling.operations.duplicate(with_inputs=True)
    studio.commit("Seeds", seeded)
    await asyncio.sleep(1.0)
    late: list[float] = []
    last = [time.perf_counter()]

    def beat() -> None:
        now = time.perf_counter()
        late.append((now - last[0]) * 1000)
        last[0] = now

    timer = QTimer(interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start()
    run = studio.run()
    await asyncio.sleep(0.6)
    drop(files, graph.viewer.viewport())
    finished = await run
    await asyncio.sleep(2.0)
    timer.stop()
    late.sort(reverse=True)
    nodes = len(studio.editor.document.nodes)
    print(json.dumps({"late": late[:5], "made": len(finished.results), "nodes": nodes}), flush=True)


def main(folder: Path) -> int:
    files = photographs(folder)
    return live(open_shell(()), partial(furnished, session=partial(session, files)))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
