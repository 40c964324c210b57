"""The real window at work: three models run while five photographs of 24 megapixels are dropped on it
(`drop`), or fourteen of them go into one request for Nano Banana Pro (`fourteen`).

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
from app.document.file_writer import write_text
from app.document.values import Document, End, Link, Links, Node, Spot
from app.engine.events import RunFinished
from widgets.desktop import open_shell
from widgets.furnish import furnished
from widgets.loop import live
from widgets.workbench import Workbench

BEAT_MS = 2
DROPPED, LINKED = 5, 14
PLACE = QPointF(900, 600)


def photographs(folder: Path, count: int) -> list[Path]:
    """Noise that is as hard to decode as a photograph, each another content."""
    files = [folder / f"photograph-{number}.jpg" for number in range(count)]
    grain = Image.effect_noise((600, 400), 80).resize((6000, 4000)).convert("RGB")
    for number, file in enumerate(files):
        grain.putpixel((0, 0), (17 * number % 256, 0, 255))
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


async def dropped(files: list[Path], bench: Workbench) -> RunFinished:
    graph, studio = bench.graph, bench.studio
    run = studio.run()
    await asyncio.sleep(0.6)
    drop(files, graph.viewer.viewport())
    return await run


async def linked(files: list[Path], bench: Workbench) -> RunFinished:
    return await bench.studio.run()


async def three_models(files: list[Path], bench: Workbench) -> None:
    for _ in range(2):
        bench.graph.select(("picture",))
        bench.graph.handling.operations.duplicate(with_inputs=True)
    bench.studio.commit("Seeds", seeded)


async def fourteen(files: list[Path], bench: Workbench) -> None:
    nodes = {"words": Node(kind="prompt", values={"text": "A cup on a table"})}
    nodes["hero"] = Node(kind="nano-banana-pro", values={"resolution": "4K", "seed": 7})
    links = [Link(source=End("words", "text"), target=End("hero", "prompt"))]
    for number, file in enumerate(files):
        nodes[f"p{number}"] = Node(kind="reference-image", values={"file": file.name})
        target = End("hero", "reference_images")
        links.append(Link(source=End(f"p{number}", "image"), target=target, tag=f"shot{number}"))
    layout = {id: Spot(number % 5 * 300.0, number // 5 * 300.0) for number, id in enumerate(nodes)}
    path = files[0].with_name("fourteen.tagloom")
    path.write_text(write_text(Document(nodes=nodes, links=Links(tuple(links)), layout=layout)), "utf-8")
    await bench.files.open_path(path)


SCENES = {"drop": (DROPPED, three_models, dropped), "fourteen": (LINKED, fourteen, linked)}


async def session(scene: str, folder: Path, bench: Workbench, closed: asyncio.Event) -> None:
    studio = bench.studio
    count, prepare, work = SCENES[scene]
    files = photographs(folder, count)
    await prepare(files, bench)
    bench.graph.fit()
    await asyncio.sleep(3.0)
    late: list[float] = []
    last = [time.perf_counter()]

    def beat() -> None:
        now = time.perf_counter()
        late.append((now - last[0]) * 1000)
        last[0] = now

    timer = QTimer(interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start()
    finished = await work(files, bench)
    await asyncio.sleep(2.0)
    timer.stop()
    late.sort(reverse=True)
    nodes = len(studio.editor.document.nodes)
    print(json.dumps({"late": late[:5], "made": len(finished.results), "nodes": nodes}), flush=True)


def main(scene: str, folder: Path) -> int:
    return live(open_shell(), partial(furnished, session=partial(session, scene, folder)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
