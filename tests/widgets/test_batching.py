"""A batch in the real window, on the sandbox: priced, run, run again, its rows on the canvas."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QToolButton

from app.document import edits
from app.document.values import BLANK
from app.studio.batch_values import Stage, Standing
from app.studio.parts import Consent
from tests.app.studio.conftest import flat_knob
from tests.support.terminal import sandbox
from tests.widgets.bench import bench_in, turns, until
from widgets.batch.panel import BatchPanel
from widgets.canvas.face import Family
from widgets.workbench import Workbench

pytestmark = [
    pytest.mark.qt_log_ignore("propagateSizeHints", "support raise"),
    pytest.mark.timeout(300),
]


@pytest.fixture
async def bench(tagloom_home: Path, qapp: QApplication) -> AsyncIterator[Workbench]:
    async with bench_in(tagloom_home, qapp, BLANK, knobs=[flat_knob()]) as made:
        await made.files.catalogue()
        await until(lambda: made.tabling.rows.shown.place == 1)
        yield made


async def opened(bench: Workbench) -> BatchPanel:
    """With its price worked out and its first rows there."""
    bench.commands.action("batch").trigger()
    await until(lambda: bench.batching.batches.dry is not None and not bench.batching.batches.busy)
    panel = bench.batching.panel
    assert panel is not None
    await until(lambda: panel.table.rows.rowCount() == 4 and panel.table.rows.row(0) is not None)
    return panel


async def press(panel: BatchPanel, name: str) -> None:
    """When it can be pressed."""
    found = panel.findChild(QAbstractButton, f"batch-{name}")
    assert isinstance(found, QAbstractButton)
    await until(lambda: found.isEnabled() and found.isVisible())
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


async def answer(panel: BatchPanel, name: str) -> None:
    """To the question over the panel, when it is asked."""

    def asked() -> QPushButton | None:
        there = panel.window().findChildren(QPushButton, name)
        return next((one for one in there if one.isVisible()), None)

    await until(asked)
    button = asked()
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    await until(lambda: asked() is None)


async def agreed(consent: Consent) -> bool:
    return True


def titles(panel: BatchPanel) -> list[str]:
    rows = (panel.table.rows.row(place) for place in range(panel.table.rows.rowCount()))
    return [row.title for row in rows if row is not None]


async def test_priced_run_and_nothing_left_to_make(bench: Workbench) -> None:
    panel = await opened(bench)
    assert titles(panel) == ["MUG-001", "MUG-002", "CAT-001", "CAT-002"]
    start = panel.findChild(QPushButton, "batch-start")
    assert isinstance(start, QPushButton)
    await until(start.isEnabled)
    assert start.text() == "Start · free drafts"
    await press(panel, "start")
    batches = bench.batching.batches
    await until(lambda: batches.progress.stage is Stage.ENDED)
    assert batches.progress.counts == {Standing.DONE: 4}
    await until(lambda: panel.table.rows.row(3) and panel.table.rows.row(3).standing is Standing.DONE)  # type: ignore[union-attr]
    row = panel.table.rows.row(0)
    assert row is not None
    assert row.picture is not None
    assert row.picture.is_file()
    assert row.draft
    await until(lambda: panel.table.rows.image(0) is not None)
    await until(lambda: batches.dry is not None and batches.dry.finished == 4)
    assert not start.isVisible()
    report = await batches.paper("report")
    assert "MUG-001" in report.read_text("utf-8")

    panel.words.setText("cat")
    await until(lambda: titles(panel) == ["CAT-001", "CAT-002"])
    panel.words.setText("")
    await until(lambda: panel.table.rows.rowCount() == 4)

    # Another row is looked at: nothing about the batch has changed.
    panel.table.go_to(2)
    await until(lambda: panel.table.current() is not None)
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    await until(lambda: bench.tabling.rows.shown.number == 4)
    assert bench.graph.selected() == ("picture",)
    assert bench.studio.shown.nodes["product"].values["file"] == "refs/cat.png"
    assert batches.dry is not None
    await batches.look()
    assert batches.progress.stage is Stage.ENDED, "found again, and done"


async def test_what_is_wrong_leads_to_its_row_and_stops_the_start(bench: Workbench) -> None:
    panel = await opened(bench)
    words = bench.studio.editor.document.nodes["words"].values["text"]
    wrong = f"{words} {{nothing}}"
    bench.studio.commit("Write", lambda document: edits.set_value(document, "words", "text", wrong))
    await until(lambda: bench.batching.batches.dry is None)
    assert "Look again" in bench.batching.batches.progress.why
    await press(panel, "look")
    await until(lambda: bench.batching.batches.dry is not None)
    dry = bench.batching.batches.dry
    assert dry is not None
    assert dry.wrong == 4
    assert [one.row for one in dry.problems] == [2, 3, 4, 5]
    await until(lambda: panel.table.rows.row(1) and panel.table.rows.row(1).standing is Standing.WRONG)  # type: ignore[union-attr]
    assert not bench.batching.batches.can_start
    panel.summary.row_wanted.emit(4)
    await until(lambda: (row := panel.table.current()) is not None and row.number == 4)


async def test_what_failed_is_run_again(tagloom_home: Path, qapp: QApplication) -> None:
    knobs = [flat_knob(), "fail_next=2", "fail_code=SAFETY.INPUT.TEXT"]
    async with bench_in(tagloom_home, qapp, BLANK, knobs=knobs) as bench:
        await bench.files.catalogue()
        await until(lambda: bench.tabling.rows.shown.place == 1)
        panel = await opened(bench)
        await press(panel, "start")
        batches = bench.batching.batches
        await until(lambda: batches.progress.stage is Stage.ENDED)
        assert batches.progress.counts == {Standing.DONE: 2, Standing.FAILED: 2}
        chip = panel.findChild(QToolButton, "batch-only-failed")
        assert isinstance(chip, QToolButton)
        await until(chip.isVisible)
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
        await until(lambda: panel.table.rows.rowCount() == 2 and panel.table.rows.row(0) is not None)
        failed = panel.table.rows.row(0)
        assert failed is not None
        assert failed.words
        panel.table.go_to(0)
        panel.table.setFocus()
        QTest.keyClick(panel.table, Qt.Key.Key_R)
        await until(lambda: batches.progress.counts == {Standing.DONE: 3, Standing.FAILED: 1})
        await until(lambda: not batches.busy and batches.dry is not None)
        await press(panel, "retry-failed")
        await until(lambda: batches.progress.counts == {Standing.DONE: 4})


async def test_what_may_have_been_paid_is_sent_again_only_when_a_person_says_so(
    tagloom_home: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sandbox("--seconds", "0.05", "--knob", flat_knob(), "--knob", "lose_next=1") as runway:
        for name, value in runway.environment().items():
            monkeypatch.setenv(name, value)
        async with bench_in(tagloom_home, qapp, BLANK) as bench:
            bench.studio.ask = agreed
            await bench.files.catalogue()
            await until(lambda: bench.tabling.rows.shown.place == 1)
            panel = await opened(bench)
            await press(panel, "start")
            batches = bench.batching.batches
            await until(lambda: batches.progress.stage is Stage.ENDED)
            assert batches.progress.counts == {Standing.DONE: 3, Standing.UNKNOWN: 1}
            paid = batches.progress.spent
            assert runway.tally()["creates"] == 4
            await until(lambda: not batches.busy and batches.dry is not None)
            await press(panel, "only-unknown")
            await until(lambda: panel.table.rows.rowCount() == 1 and panel.table.rows.row(0) is not None)
            panel.table.go_to(0)
            panel.table.setFocus()
            QTest.keyClick(panel.table, Qt.Key.Key_R)
            await turns()
            await press(panel, "again")
            await answer(panel, "again-no")
            await turns()
            assert batches.progress.counts == {Standing.DONE: 3, Standing.UNKNOWN: 1}
            assert runway.tally()["creates"] == 4, "nothing by itself, and nothing after a no"
            await press(panel, "again")
            await answer(panel, "again-yes")
            await until(lambda: batches.progress.counts == {Standing.DONE: 4})
            assert runway.tally()["creates"] == 5
            assert batches.progress.spent == paid * 5 // 4, "the lost one counts as paid"


async def test_money_is_asked_about(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a price on it nothing leaves before the answer."""
    await opened(bench)
    asked: list[Consent] = []

    async def no(consent: Consent) -> bool:
        asked.append(consent)
        return False

    bench.studio.ask = no
    batches = bench.batching.batches
    survey = batches.survey
    assert survey is not None
    monkeypatch.setattr(type(survey), "free", property(lambda self: False))
    bench.batching.begin()
    await until(lambda: asked)
    await turns()
    assert batches.progress.stage is Stage.READY
    assert batches.progress.counts == {Standing.WAITING: 4}


async def test_rows_are_stepped_through_on_the_canvas(bench: Workbench) -> None:
    item = bench.graph.stage.graph.item("table")
    assert item is not None
    assert item.face.family is Family.TABLE
    await until(lambda: item.face.sheet is not None and item.face.sheet.place == 1)
    before = len(bench.studio.editor.history)
    for number in (3, 4):
        bench.commands.action("row-next").trigger()
        await until(lambda number=number: bench.tabling.rows.shown.number == number)
    await until(lambda: item.face.sheet is not None and dict(item.face.sheet.cells)["sku"] == "CAT-001")
    product = bench.graph.stage.graph.item("product")
    assert product is not None
    await until(lambda: product.face.photo is not None and product.face.photo.path is not None)
    assert product.face.photo is not None
    assert product.face.photo.path is not None
    assert product.face.photo.path.name == "cat.png"
    assert len(bench.studio.editor.history) == before + 1, "steps are one"
    bench.commands.action("undo").trigger()
    await until(lambda: bench.tabling.rows.shown.number == 2)
    bench.commands.action("row-previous").trigger()
    await turns()
    assert bench.tabling.rows.shown.number == 2, "there is none before the first"


async def test_without_a_table_it_offers_one(tagloom_home: Path, qapp: QApplication) -> None:
    async with bench_in(tagloom_home, qapp, BLANK) as bench:
        assert not bench.commands.action("row-next").isEnabled()
        bench.commands.action("batch").trigger()
        await until(lambda: bench.batching.panel is not None)
        panel = bench.batching.panel
        assert panel is not None
        await until(lambda: panel.table.empty.startswith("A batch makes this document once"))
        QTest.keyClick(panel.table, Qt.Key.Key_Escape)
        await until(lambda: bench.batching.dialog is not None and not bench.batching.dialog.isVisible())


async def test_what_is_being_read_is_left_for_another_document(bench: Workbench) -> None:
    """And nothing of it is told at the end of the window."""
    bench.commands.action("batch").trigger()
    batches = bench.batching.batches
    await until(lambda: batches.progress.stage is Stage.OPENING)
    bench.studio.desk.new(BLANK)
    await until(lambda: batches.progress.stage is Stage.NONE)
    assert batches.dry is None
