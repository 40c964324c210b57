"""A large document in the whole window: its coming and its saving are shown, and the window goes on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel

from app.document import edits, project_file
from app.document.values import Document
from tests.app.document.samples import document, link, node, product_shot
from tests.widgets.bench import bench_in, turns, until
from widgets.canvas import filling
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
MODELS = 260


def large() -> Document:
    nodes, links = {}, []
    for number in range(MODELS):
        nodes[f"w{number}"] = node("prompt", text=f"Shoe {number}, soft light.")
        nodes[f"m{number}"] = node("gen4-image", seed=number)
        nodes[f"s{number}"] = node("save-image", name="{node}")
        links += [link(f"w{number}.text", f"m{number}.prompt"), link(f"m{number}.image", f"s{number}.image")]
    made = document(nodes, *links)
    return edits.move(made, {id: (at % 30 * 320.0, at // 30 * 320.0) for at, id in enumerate(made.nodes)})


@pytest.fixture
async def bench(qapp: QApplication, tagloom_home: Path) -> AsyncIterator[Workbench]:
    async with bench_in(tagloom_home, qapp, product_shot()) as made:
        yield made


class Heard:
    """All that the status bar said, and how often the window had a turn meanwhile."""

    def __init__(self, bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
        self.words: list[str] = []
        self.turns = 0
        say = bench.status.say

        def hear(words: str) -> None:
            self.words.append(words)
            say(words)

        monkeypatch.setattr(bench.status, "say", hear)
        self._timer = QTimer(bench, interval=0)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    def _turn(self) -> None:
        self.turns += 1

    def stop(self) -> None:
        self._timer.stop()

    def said(self, part: str) -> list[str]:
        return [one for one in self.words if part in one]


async def test_it_comes_while_the_window_goes_on(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "_SAID_S", 0.0)  # after every slice,
    monkeypatch.setattr(filling, "SLICE_S", 0.003)  # of which there are many on a fast machine too
    path = tmp_path / "large.tagloom"
    await asyncio.to_thread(project_file.save, path, large())
    heard = Heard(bench, monkeypatch)
    opening = asyncio.ensure_future(bench.files.open_path(path))
    await until(lambda: heard.said("are on the canvas"))
    assert heard.said("Opening large.tagloom…")
    cards = bench.graph.stage.graph.cards
    assert len(bench.studio.editor.document.nodes) == 3 * MODELS
    assert bench.studio.commit("Rename", lambda one: edits.set_value(one, "m7", "seed", 99))
    await until(lambda: len(cards) == 3 * MODELS)
    await until(lambda: bench.graph.bar.isHidden())
    await opening
    await turns()
    heard.stop()
    assert len(heard.said("are on the canvas")) > 1, "it is told more than once"
    assert heard.turns > 20
    last = [label.text() for label in bench.status.findChildren(QLabel)]
    assert not [one for one in last if "canvas" in one or "Opening" in one]
    assert bench.graph.stage.graph.cards["m7"].view.face.id == "m7"
    assert bench.studio.editor.history == ("Rename",)


async def test_it_is_saved_in_the_background_with_what_is_edited_meanwhile_left_unsaved(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.tagloom"
    bench.studio.desk.new(large())
    await bench.studio.desk.save(path)
    bench.studio.commit("one", lambda one: edits.set_value(one, "m1", "seed", 1001))
    heard = Heard(bench, monkeypatch)
    written, write = threading.Event(), project_file.save_over

    def held_back(*given: Any, **named: Any) -> Any:
        assert written.wait(30)
        return write(*given, **named)

    monkeypatch.setattr(project_file, "save_over", held_back)
    saving = asyncio.ensure_future(bench.files.save())
    await until(lambda: heard.said("Saving large.tagloom…"))
    bench.studio.commit("two", lambda one: edits.set_value(one, "m2", "seed", 1002))
    assert not saving.done()
    written.set()
    await until(saving.done)
    heard.stop()
    assert await saving
    seeds = (await asyncio.to_thread(project_file.load, path)).document.nodes
    assert (seeds["m1"].values["seed"], seeds["m2"].values["seed"]) == (1001, 2)
    assert bench.studio.desk.dirty
    assert not [label for label in bench.status.findChildren(QLabel) if "Saving" in label.text()]
