"""The versions of a node by mouse and keys, in the real window with a sandbox that paints."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.document import edits
from app.document.values import BLANK, Node
from app.studio.versions import Version
from tests.widgets.bench import bench_in, turns, until
from widgets.dialogs.differences import Differences
from widgets.versions.panel import VersionsPanel
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
NODE = "picture"
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


class Hand:
    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.panel: VersionsPanel = bench.versioning.panel

    @property
    def node(self) -> Node:
        return self.bench.studio.editor.document.nodes[NODE]

    @property
    def version(self) -> Version:
        assert self.panel.version is not None
        return self.panel.version

    async def make(self, seed: int) -> None:
        studio = self.bench.studio
        studio.commit("seed", partial(edits.set_value, id=NODE, parameter="seed", value=seed))
        await studio.run()
        await studio.look()

    async def wheel(self, over: QWidget, at: QPointF, notches: int, held: Qt.KeyboardModifier = NONE) -> None:
        """Qt turns a wheel across while Alt is held."""
        turned = QPoint(notches * 120, 0) if held & ALT else QPoint(0, notches * 120)
        event = QWheelEvent(
            at, QPointF(over.mapToGlobal(at.toPoint())), QPoint(), turned, Qt.MouseButton.NoButton, held,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(over, event)
        await turns()

    async def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        if QApplication.focusWidget() is None:
            self.bench.window.activateWindow()
            await turns()
        QTest.keyClick(QApplication.focusWidget() or self.bench.window, key, held)
        await turns(0.15)

    async def shows(self, count: int) -> None:
        await until(lambda: len(self.panel.row.entries.versions) == count)


@pytest.fixture
async def hand(qapp: QApplication, tagloom_home: Path) -> AsyncIterator[Hand]:
    async with bench_in(tagloom_home, qapp, BLANK) as bench:
        await bench.files.example()
        made = Hand(bench)
        for seed in (1, 2, 3):
            await made.make(seed)
        bench.graph.select((NODE,))
        bench.versioning.toggle()
        await made.shows(3)
        yield made


async def test_every_version_is_there_and_the_wheel_goes_through_them(hand: Hand) -> None:
    assert hand.bench.versioning.tabs.tabText(1) == "Versions (3)"
    assert hand.version.seed == 3
    assert hand.panel.count.text() == "Version 3 of 3 · shown by the node"
    assert hand.panel.changes.text() == "• Seed: 2 → 3."
    picture = hand.panel.picture
    middle = QPointF(picture.rect().center())
    await hand.wheel(picture, middle, -1)
    assert hand.version.seed == 2
    await hand.wheel(picture, middle, -5)  # no further than the first
    assert (hand.version.seed, hand.panel.count.text()) == (1, "Version 1 of 3")
    assert not hand.panel.changes.isVisible()
    await hand.wheel(picture, middle, 2)
    assert hand.version.seed == 3
    await until(lambda: hand.panel.row.entries.image(0) is not None)
    await until(lambda: not hand.panel.row.entries.image(2).isNull())
    assert [one for one in hand.version.references if one.path is None] == []


async def test_the_wheel_over_the_node_with_alt_goes_through_them_too(hand: Hand) -> None:
    viewer, graph = hand.bench.graph.viewer, hand.bench.graph
    graph.fit()
    await turns()
    item = graph.stage.graph.item(NODE)
    assert item is not None
    assert item.layout.picture is not None
    at = QPointF(viewer.mapFromScene(item.mapToScene(item.layout.picture.center())))
    zoom = graph.zoom()
    await hand.wheel(viewer.viewport(), at, -1, ALT)
    assert hand.version.seed == 2
    hand.bench.versioning.tabs.setCurrentIndex(0)
    await hand.wheel(viewer.viewport(), at, -1, ALT)  # brings them up first
    assert hand.bench.versioning.shown
    assert hand.version.seed == 2
    assert graph.zoom() == zoom
    await hand.wheel(viewer.viewport(), at, 1)
    assert graph.zoom() > zoom


async def test_one_is_used_and_undone_by_keys(hand: Hand) -> None:
    studio = hand.bench.studio
    await hand.key(Qt.Key.Key_Left, ALT)
    await hand.key(Qt.Key.Key_Left, ALT)
    oldest = hand.version
    assert oldest.seed == 1
    await hand.key(Qt.Key.Key_Return, ALT)
    await until(lambda: hand.node.pick == oldest.sha256)
    assert hand.node.lock == ""  # but for the seed the inputs are the same
    await until(lambda: studio.runs.state.node(NODE).result.sha256 == oldest.sha256)
    await until(lambda: hand.panel.row.entries.shown == 2)
    assert hand.panel.use.text() == "In use"
    studio.editor.undo()
    await until(lambda: hand.panel.row.entries.shown == 0)
    assert hand.node.pick == ""


async def test_stars_rejections_and_keeping_by_buttons_and_keys(hand: Hand) -> None:
    panel = hand.panel
    QTest.mouseClick(panel.star, Qt.MouseButton.LeftButton)
    await until(lambda: hand.version.marks.star)
    assert panel.star.isChecked()
    await hand.key(Qt.Key.Key_X, ALT | SHIFT)
    await until(lambda: hand.version.marks.rejected)
    assert not hand.version.marks.star
    await hand.key(Qt.Key.Key_Right, ALT)
    await hand.key(Qt.Key.Key_Left, ALT)
    await hand.key(Qt.Key.Key_K, ALT | SHIFT)
    kept = hand.version
    assert (kept.seed, hand.node.lock) == (2, kept.sha256)
    await until(panel.keep.isChecked)
    await hand.key(Qt.Key.Key_Home, ALT)
    await until(lambda: hand.node.lock == "")
    words = panel.row.entries.data(panel.row.entries.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert words == "3 of 3 · seed 3 · shown by the node · rejected · draft"


async def test_two_that_are_selected_are_held_against_each_other(hand: Hand) -> None:
    row = hand.panel.row
    spots = [row.visualRect(row.entries.index(place, 0)).center() for place in (0, 2)]
    QTest.mouseClick(row.viewport(), Qt.MouseButton.LeftButton, pos=spots[0])
    QTest.mouseClick(
        row.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, pos=spots[1]
    )
    await turns()
    assert row.places() == (0, 2)
    assert hand.panel.heading.text() == "From the older to the newer one"
    assert hand.panel.changes.text() == "• Seed: 1 → 3."


async def test_the_big_look_follows(hand: Hand) -> None:
    viewer = hand.bench.viewer
    QTest.mouseDClick(hand.panel.picture, Qt.MouseButton.LeftButton)
    await until(viewer.isVisible)
    assert "seed 3" in viewer.accessibleName()
    hand.panel.step(1)
    await turns()
    assert "seed 2" in viewer.accessibleName()
    await hand.key(Qt.Key.Key_Escape)
    assert not viewer.isVisible()
    hand.panel.step(1)
    await turns()
    assert not viewer.isVisible()


async def test_nothing_selected_and_no_model_say_so(hand: Hand) -> None:
    hand.bench.graph.select(())
    await until(lambda: hand.panel.hint.isVisible())
    assert hand.panel.hint.text().startswith("Select a model")
    hand.bench.commands.refresh()
    assert not hand.bench.commands.action("version-use").isEnabled()
    hand.bench.graph.select(("words",))
    await turns()
    assert hand.panel.hint.isVisible()


def _dialog(bench: Workbench) -> Differences | None:
    return bench.window.findChild(Differences, "differences")


async def test_what_changed_since_the_document_was_saved(hand: Hand, tmp_path: Path) -> None:
    bench, studio = hand.bench, hand.bench.studio
    await studio.desk.save()
    await hand.key(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | ALT)
    dialog = _dialog(bench)
    assert dialog is not None
    await until(lambda: dialog.heading.text().startswith("Nothing is different"))
    studio.commit("seed", partial(edits.set_value, id=NODE, parameter="seed", value=9))
    await until(lambda: dialog.heading.text() == "1 change · As it was saved last")
    assert dialog.text() == "Gen4 Image, Seed: 3 → 9."
    dialog.choices.setCurrentRow(1)  # the version that the save has replaced
    await until(lambda: dialog.text() == "Gen4 Image, Seed: 42 → 9.")
    QTest.mouseClick(dialog.findChild(QWidget, "differences-copy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "Gen4 Image, Seed: 42 → 9."
    wrong = tmp_path / "wrong.tagloom"
    wrong.write_text(json.dumps([1]), "utf-8")
    dialog.compare_with(wrong)
    await until(lambda: "change" not in dialog.heading.text())
    assert dialog.text()  # what to do about it
    dialog.close()
    await turns()
    assert bench.window.findChild(QDialog, "differences") is None
