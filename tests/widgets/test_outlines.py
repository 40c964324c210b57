"""The outline by the keyboard alone, in the real window."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from types import MappingProxyType

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.document.edits import set_title
from app.document.values import BLANK, Document, End, Node, Spot
from app.engine.run_state import RunState
from tests.widgets.bench import bench_in, turns, until
from tests.widgets.canvas.world import EXAMPLES, example
from widgets.outline.link_list import LinkList
from widgets.outline.rows import Key, Sight
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
NONE = Qt.KeyboardModifier.NoModifier


class Typist:
    """Keys go to whatever has the focus, as a person's do."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.outline = bench.outlines.outline

    @property
    def document(self) -> Document:
        return self.bench.studio.editor.document

    async def focus(self) -> QWidget:
        """Without a window manager, a popup that closed leaves no window in front."""
        if QApplication.focusWidget() is None:
            self.bench.window.activateWindow()
            await turns()
        focus = QApplication.focusWidget()
        assert focus is not None, "nothing has the keyboard"
        return focus

    async def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(await self.focus(), key, held)
        await turns()

    async def type(self, text: str) -> None:
        QTest.keyClicks(await self.focus(), text)
        await turns()

    async def outline_focus(self) -> None:
        if not self.outline.tree.hasFocus():
            await self.key(Qt.Key.Key_O, CTRL | SHIFT)
        assert self.outline.tree.hasFocus()

    async def go(self, key: Key) -> None:
        """To a row by Home and Down; what is closed is opened by Right."""
        await self.key(Qt.Key.Key_Home)
        for _ in range(60):
            now = self.outline.current()
            if now == key:
                return
            if now is not None and now.what == "node" and now.id == key.id:
                await self.key(Qt.Key.Key_Right)
            await self.key(Qt.Key.Key_Down)
        raise AssertionError(f"{key} was not reached")

    async def add(self, words: str) -> str:
        before = set(self.document.nodes)
        await self.key(Qt.Key.Key_A, SHIFT)
        await self.type(words)
        await self.key(Qt.Key.Key_Return)
        (made,) = set(self.document.nodes) - before
        return made

    async def link(self, node: str, words: str) -> None:
        await self.go(Key("node", node))
        await self.key(Qt.Key.Key_L, CTRL)
        await until(lambda: self.bench.window.findChildren(LinkList))
        await self.type(words)
        await self.key(Qt.Key.Key_Return)
        await turns()


@pytest.fixture
async def typist(qapp: QApplication, tagloom_home: Path) -> AsyncIterator[Typist]:
    async with bench_in(tagloom_home, qapp, BLANK) as bench:
        bench.graph.setFocus()
        await turns()
        yield Typist(bench)


@pytest.fixture
async def shown(qapp: QApplication, tagloom_home: Path) -> AsyncIterator[Typist]:
    async with bench_in(tagloom_home, qapp, example()) as bench:
        bench.graph.setFocus()
        await turns()
        made = Typist(bench)
        await made.outline_focus()
        yield made


async def test_a_graph_is_built_and_undone_without_a_mouse(typist: Typist) -> None:
    await typist.outline_focus()
    words = await typist.add("prompt")
    first = await typist.add("reference")
    second = await typist.add("reference")
    await typist.key(Qt.Key.Key_Escape)
    assert typist.outline.keys() == typist.bench.graph.selected() == ()
    model = await typist.add("gen4 image")
    save = await typist.add("save")
    assert [(one.source, one.target) for one in typist.document.links] == [
        (End(model, "image"), End(save, "image"))
    ]
    await typist.link(words, "gen4 prompt")
    await typist.link(first, "gen4 reference")
    await typist.link(second, "gen4 reference")
    into = End(model, "reference_images")
    assert [one.source.node for one in typist.document.links.into(model)] == [words, first, second]
    await typist.go(Key("link", model, End(second, "image"), into))
    await typist.key(Qt.Key.Key_Up, ALT)
    await typist.key(Qt.Key.Key_F2)
    await typist.type("shoe")
    await typist.key(Qt.Key.Key_Return)
    assert [(one.source.node, one.tag) for one in typist.document.links.into(model, into.socket)] == [
        (second, "shoe"),
        (first, ""),
    ]
    await typist.go(Key("node", model))
    await typist.key(Qt.Key.Key_F2)
    await typist.type("Hero")
    await typist.key(Qt.Key.Key_Return)
    assert typist.document.nodes[model].title == "Hero"
    editor = typist.bench.studio.editor
    assert len(editor.history) == 11, editor.history
    whole = editor.document
    while editor.can_undo:
        await typist.key(Qt.Key.Key_Z, CTRL)
    assert editor.document == BLANK
    assert typist.outline.model.rowCount() == 0
    while editor.can_redo:
        await typist.key(Qt.Key.Key_Y, CTRL)
    assert editor.document == whole


async def test_keys_of_the_canvas_work_on_rows(shown: Typist) -> None:
    editor = shown.bench.studio.editor
    await shown.go(Key("node", "hero"))
    assert shown.bench.graph.selected() == ("hero",)
    await shown.key(Qt.Key.Key_M)
    assert shown.document.nodes["hero"].skip
    await shown.key(Qt.Key.Key_H)
    assert shown.document.nodes["hero"].collapsed
    await shown.key(Qt.Key.Key_D, CTRL)
    assert len(shown.document.nodes) == 7
    await shown.key(Qt.Key.Key_Delete)
    assert len(shown.document.nodes) == 6
    assert editor.position == 4
    for _ in range(4):
        await shown.key(Qt.Key.Key_Z, CTRL)
    assert shown.document == example()


async def test_a_link_is_taken_away_in_its_row(shown: Typist) -> None:
    link = Key("link", "hero", End("ana", "image"), End("hero", "reference_images"))
    await shown.go(link)
    assert shown.bench.graph.stage.chosen_wire is not None
    await shown.key(Qt.Key.Key_Delete)
    assert [one.source.node for one in shown.document.links.into("hero")] == ["words", "shoe", "wall"]
    assert not shown.outline.model.index_of(link).isValid()


async def test_a_link_that_does_not_fit_is_refused_with_its_reason(shown: Typist) -> None:
    await shown.go(Key("node", "words"))
    await shown.key(Qt.Key.Key_L, CTRL)
    await until(lambda: shown.bench.window.findChildren(LinkList))
    (dialog,) = shown.bench.window.findChildren(LinkList)
    await shown.type("save")
    assert "takes an image" in dialog._why.text()
    await shown.key(Qt.Key.Key_Return)
    assert shown.document == example()
    await shown.key(Qt.Key.Key_Escape)
    assert await shown.focus() is shown.outline.tree


async def test_the_selection_is_one(shown: Typist) -> None:
    shown.bench.graph.select(("ana", "hero"))
    await turns()
    held = shown.outline.keys()
    assert {key.id for key in held} == {"ana", "hero"}
    assert shown.bench.graph.selected() == ("ana", "hero")


async def test_enter_writes_words_and_opens_fields(shown: Typist) -> None:
    await shown.go(Key("node", "words"))
    await shown.key(Qt.Key.Key_Return)
    assert shown.bench.graph.isAncestorOf(await shown.focus())
    await shown.type("Warm. ")
    assert "Warm. " in str(shown.document.nodes["words"].values["text"])
    await shown.key(Qt.Key.Key_Escape)
    await shown.key(Qt.Key.Key_O, CTRL | SHIFT)
    await shown.go(Key("node", "hero"))
    await shown.key(Qt.Key.Key_Return)
    await until(lambda: shown.bench.inspector.isAncestorOf(QApplication.focusWidget() or shown.bench.graph))


async def test_f6_walks_the_panels(shown: Typist) -> None:
    """From the outline over canvas, inspector, results and the top bar back, and the other way."""
    bench = shown.bench
    await shown.go(Key("node", "hero"))
    seen = []
    for _ in range(4):
        await shown.key(Qt.Key.Key_F6)
        focus = await shown.focus()
        seen += [
            name
            for name, panel in (("canvas", bench.graph), ("fields", bench.inspector), ("top", bench.top))
            if panel.isAncestorOf(focus)
        ]
    assert seen[:2] == ["canvas", "fields"]
    assert "top" in seen
    bench.graph.setFocus()
    await shown.key(Qt.Key.Key_F6, SHIFT)
    assert bench.outlines.tabs.isAncestorOf(await shown.focus())


async def test_five_thousand_nodes_are_told_as_rows_and_one_change_as_one(shown: Typist) -> None:
    """One title among so many is told as one row; inputs that nobody looks at are not made."""
    kinds, model = shown.bench.studio.kinds, shown.outline.model
    nodes = {f"n{number}": Node(kind="gen4-image") for number in range(5000)}
    many = Document(
        nodes=MappingProxyType(nodes),
        layout=MappingProxyType({id: Spot(0.0, 300.0 * at) for at, id in enumerate(nodes)}),
    )
    model.show(Sight(document=many, kinds=kinds, run=RunState()))
    assert model.rowCount() == 5000
    assert len(model.opened()) == 0
    told = QSignalSpy(model.dataChanged)
    model.show(Sight(document=set_title(many, "n4000", "Hero"), kinds=kinds, run=RunState()))
    assert told.count() == 1


async def test_delete_heals_with_ctrl(shown: Typist) -> None:
    """A preview put between model and output leaves the link whole when it goes."""
    await shown.go(Key("node", "hero"))
    preview = await shown.add("preview")
    await shown.link(preview, "save")
    assert [one.source.node for one in shown.document.links.into("save")] == [preview]
    await shown.go(Key("node", preview))
    await shown.key(Qt.Key.Key_Delete, CTRL)
    assert preview not in shown.document.nodes
    assert [one.source.node for one in shown.document.links.into("save")] == ["hero"]


async def test_a_run_is_started_and_its_state_is_said(shown: Typist) -> None:
    for photograph in EXAMPLES.iterdir():
        shown.bench.studio.desk.trust(photograph)
    await shown.go(Key("node", "hero"))
    await shown.key(Qt.Key.Key_F5)
    outline = shown.outline
    hero = Key("node", "hero")
    await until(lambda: "done" in outline.model.row(outline.model.index_of(hero)).told)
    await shown.bench.studio.runs.settled()
    await shown.key(Qt.Key.Key_L)
    assert shown.document.nodes["hero"].lock
    assert "picture kept" in outline.model.row(outline.model.index_of(hero)).told


async def test_an_error_is_counted(shown: Typist) -> None:
    await shown.go(Key("link", "hero", End("words", "text"), End("hero", "prompt")))
    await shown.key(Qt.Key.Key_Delete)
    row = shown.outline.model.row(shown.outline.model.index_of(Key("node", "hero")))
    assert "1 error" in row.told
    assert row.mood == "error"
    empty = shown.outline.model.index_of(Key("input", "hero", None, End("hero", "prompt")))
    assert shown.outline.model.row(empty).told == "nothing joined, needed"
