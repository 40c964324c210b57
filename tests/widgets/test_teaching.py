"""The first steps tick themselves by real events, in any order, and are remembered."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton

from app.basics.places import places_under
from app.preferences import declared
from app.studio.first_steps import Step
from tests.house.sources import ROOT
from tests.widgets.bench import bench_in, turns, until
from tests.widgets.canvas.world import example
from tests.widgets.tabbing import controls, out_of_order, unseen
from tests.widgets.whole import bench as bench
from widgets.dialogs.first_steps import FirstSteps
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("does not support")
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


async def opened(bench: Workbench) -> FirstSteps:
    bench.help.steps.begin()
    await turns()
    panel = bench.help.steps.panel
    assert panel.isVisible()
    return panel


def kept(bench: Workbench) -> tuple[str, ...]:
    return bench.studio.options.get(declared.FIRST_STEPS)


def ticked(panel: FirstSteps) -> list[Step]:
    return [step for step, row in panel.rows.items() if row.sign.text() == "✓"]


def drop(bench: Workbench, path: Path, node: str) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    viewport = bench.graph.viewer.viewport()
    at = bench.graph.viewer.mapFromScene(bench.graph.rect_of(node).center())
    QApplication.sendEvent(viewport, QDragEnterEvent(at, Qt.DropAction.CopyAction, data, LEFT, NONE))
    QApplication.sendEvent(viewport, QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, LEFT, NONE))


async def test_all_four_are_done_by_hand(bench: Workbench, tmp_path: Path) -> None:
    bench.window.resize(1600, 1000)
    panel = await opened(bench)
    assert ticked(panel) == []
    bench.graph.select(())

    run = bench.top.findChild(QPushButton, "run")
    QTest.mouseClick(run, LEFT)
    await until(lambda: ticked(panel) == [Step.RUN])
    await bench.studio.runs.settled()

    mine = Path(shutil.copy(ROOT / "resources/examples/refs/cat.png", tmp_path / "mine.png"))
    drop(bench, mine, "cup")
    await until(lambda: ticked(panel) == [Step.RUN, Step.PHOTOGRAPH])

    QTest.mouseClick(panel.rows[Step.TAG].show_me, LEFT)
    await turns()
    field = bench.graph.handling.in_place.field
    assert isinstance(field, QPlainTextEdit)
    assert field.hasFocus()
    QTest.keyClicks(field, " and @co")
    await turns()
    assert Step.TAG not in ticked(panel)
    QTest.keyClick(field, Qt.Key.Key_Return)
    await until(lambda: Step.TAG in ticked(panel))
    assert field.toPlainText().rstrip().endswith("and @coffee")
    QTest.keyClick(field, Qt.Key.Key_Escape)

    QTest.keyClick(bench.graph.viewer, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: ticked(panel) == list(Step))
    assert kept(bench) == ("run", "photograph", "tag", "save")
    assert "all done" in panel.accessibleName()
    assert panel.isVisible(), "it is closed by who has read it"

    bench.help.steps.panel.hide()
    bench.help.steps.begin()
    assert not panel.isVisible(), "what is done is not taught again"


async def test_closed_it_stays_away_and_help_brings_it_back(bench: Workbench) -> None:
    panel = await opened(bench)
    close = panel.findChild(QPushButton, "first-steps-close")
    QTest.mouseClick(close, LEFT)
    assert not panel.isVisible()
    assert bench.graph.viewer.hasFocus()
    bench.help.steps.begin()
    assert not panel.isVisible()
    bench.commands.action("first-steps").trigger()
    await turns()
    assert panel.isVisible()
    assert QApplication.focusWidget() is panel.rows[Step.RUN].show_me
    assert kept(bench) == ()


async def test_another_document_is_not_taught_on_by_itself(bench: Workbench) -> None:
    bench.studio.desk.new()
    bench.help.steps.begin()
    assert not bench.help.steps.panel.isVisible()


async def test_nothing_is_ticked_while_it_is_away(bench: Workbench) -> None:
    await bench.files.save()
    bench.run()
    await bench.studio.runs.settled()
    assert kept(bench) == ()


async def test_a_save_has_not_failed_where_its_tick_cannot_be_written(
    bench: Workbench, tagloom_home: Path, tmp_path: Path
) -> None:
    panel = await opened(bench)
    settings = places_under(tagloom_home).options
    settings.unlink(missing_ok=True)
    (settings / "in the way").mkdir(parents=True)
    saved = await bench.studio.desk.save(tmp_path / "kept.tagloom")
    assert saved.exists()
    assert not bench.studio.desk.dirty
    assert ticked(panel) == [Step.SAVE]


async def test_it_says_the_keys_of_now_and_what_is_next(bench: Workbench) -> None:
    panel = await opened(bench)
    words = panel.rows[Step.RUN].findChildren(QLabel)
    assert any("(Ctrl+Return)" in one.text() for one in words)
    bench.hotkeys.choose("blender")
    assert any("(F12)" in one.text() for one in words)
    assert "0 of 4. Press Run" in panel.accessibleName()


@pytest.mark.parametrize("size", [(1024, 700), (1600, 1000), (640, 480)])
async def test_it_is_inside_the_canvas_and_no_word_is_cut(bench: Workbench, size: tuple[int, int]) -> None:
    bench.window.resize(*size)
    panel = await opened(bench)
    await turns(0.1)
    assert bench.graph.rect().contains(panel.geometry())
    shown = [row for row in panel.rows.values() if row.isVisible()]
    assert len(shown) == (4 if size[0] > 1500 else 1)
    for row in shown:
        for label in row.findChildren(QLabel):
            assert label.height() >= label.heightForWidth(label.width()) or not label.wordWrap()
        assert panel.rect().contains(row.geometry())


async def test_the_keyboard_walks_through_it_and_sees_where_it_is(
    qapp: QApplication, tagloom_home: Path
) -> None:
    async with bench_in(tagloom_home, qapp, example()) as bench:
        bench.window.resize(1600, 1000)
        bench.commands.action("first-steps").trigger()
        await turns(0.1)
        panel = bench.help.steps.panel
        assert [one.objectName() for one in controls(panel)] == ["show-run", "first-steps-close"]
        assert await out_of_order(panel, panel.rows[Step.RUN].show_me) == []
        assert await unseen(panel) == []
        QTest.keyClick(panel, Qt.Key.Key_Escape)
        assert not panel.isVisible()


async def test_letters_in_it_do_nothing_to_nodes(bench: Workbench) -> None:
    bench.commands.action("first-steps").trigger()
    bench.graph.select(("picture",))
    await turns()
    button = bench.help.steps.panel.rows[Step.RUN].show_me
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_M)
    QTest.keyClick(button, Qt.Key.Key_Delete)
    assert "picture" in bench.studio.editor.document.nodes
    assert not bench.studio.editor.document.nodes["picture"].skip


async def test_the_keyboard_goes_on_to_the_next_step(bench: Workbench) -> None:
    bench.commands.action("first-steps").trigger()
    await turns()
    panel = bench.help.steps.panel
    for done, after in (([Step.RUN], "show-photograph"), (list(Step)[:3], "show-save"), (list(Step), None)):
        panel.show_done(done)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus.objectName() == (after or "first-steps-guide")


@pytest.mark.parametrize(
    ("step", "name"), [(Step.RUN, "run"), (Step.PHOTOGRAPH, "choose-file"), (Step.TAG, "prompt-editor")]
)
async def test_show_me_brings_the_keyboard_there(bench: Workbench, step: Step, name: str) -> None:
    panel = await opened(bench)
    panel.shown_where.emit(step)
    await until(lambda: (one := QApplication.focusWidget()) is not None and one.objectName() == name)


async def test_a_screen_reader_hears_each_step_and_its_state(bench: Workbench) -> None:
    QAccessible.setActive(True)
    panel = await opened(bench)
    panel.show_done([Step.RUN])
    names = [
        QAccessible.queryAccessibleInterface(row).text(QAccessible.Text.Name) for row in panel.rows.values()
    ]
    assert names[0].startswith("Step 1, done: Press Run")
    assert names[3].startswith("Step 4, to do: Save")
