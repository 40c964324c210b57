"""Models switched, fanned out and compared, in the real window and by mouse and keyboard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from app.nodes.models import Choice
from tests.app.nodes.test_models import BARE, GEN4, WIDE, example
from tests.widgets.bench import bench_in, turns, until
from widgets.dialogs.compare_models import CompareModels
from widgets.dialogs.fan_out import FanOut
from widgets.dialogs.switch_model import SwitchModel
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def offered() -> tuple[Choice, ...]:
    lost = {"wide": ("Resolution 1080p: not offered by Wide; 2 MP is nearest.",)}
    return tuple(
        Choice(
            kind=card.id, card=card, current=card is GEN4,
            why_not=("Hero has 2 reference images; Bare takes 1.",) if card is BARE else (),
            lost=lost.get(card.id, ()),
        )
        for card in (GEN4, WIDE, BARE)
    )  # fmt: skip


@pytest.fixture
async def bench(tagloom_home: Path, qapp: QApplication) -> AsyncIterator[Workbench]:
    async with bench_in(tagloom_home, qapp, example()) as made:
        made.graph.select(("hero",))
        await turns()
        made.commands.refresh()
        yield made


def test_a_model_that_cannot_is_greyed_and_what_is_lost_is_said(bench: Workbench) -> None:
    dialog = SwitchModel("Hero", offered(), bench.window)
    dialog.show()
    rows = [dialog.list.item(row) for row in range(dialog.list.count())]
    enabled = [Qt.ItemFlag.ItemIsEnabled in row.flags() for row in rows]
    assert enabled == [False, True, False]
    assert "Hero has 2 reference images; Bare takes 1." in rows[2].text()
    assert dialog.kind == "wide"
    assert dialog.words.text() == "Resolution 1080p: not offered by Wide; 2 MP is nearest."
    QTest.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.kind == "wide", "greyed rows are not reached by keys"
    QTest.keyClick(dialog.list, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    dialog.deleteLater()


def test_nothing_to_switch_to(bench: Workbench) -> None:
    dialog = SwitchModel("Hero", [replace(one, why_not=("No.",)) for one in offered()], bench.window)
    dialog.show()
    assert not dialog.switch.isEnabled()
    assert dialog.words.text() == "No other model can take what is linked."
    dialog.deleteLater()


async def test_a_fan_out_tells_its_price_and_is_one_step(bench: Workbench) -> None:
    studio = bench.studio
    before = studio.editor.document
    bench.commands.action("fan-out").trigger()
    await until(lambda: bench.window.findChildren(FanOut))
    dialog = bench.window.findChildren(FanOut)[-1]
    await until(dialog.make.isEnabled)
    assert "1 free draft" in dialog.words.text()
    dialog.line.selectAll()
    QTest.keyClicks(dialog.line, "7, 8, eight")
    assert not dialog.make.isEnabled()
    await until(lambda: "whole numbers" in dialog.words.text())
    dialog.line.selectAll()
    QTest.keyClicks(dialog.line, "7, 8 7")
    await until(dialog.make.isEnabled)
    assert "2 free drafts" in dialog.words.text()
    QTest.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    await until(lambda: studio.editor.document is not before)
    after = studio.editor.document
    made = [id for id in after.nodes if id not in before.nodes]
    assert [after.nodes[id].values["seed"] for id in made] == [7, 8]
    assert list(studio.editor.history) == ["Fan out"]
    assert set(bench.graph.selected()) == set(made)
    studio.editor.undo()
    assert studio.editor.document == before


async def test_seeds_are_parted_as_keyboards_write(bench: Workbench) -> None:
    bench.commands.action("fan-out").trigger()
    await until(lambda: bench.window.findChildren(FanOut))
    dialog = bench.window.findChildren(FanOut)[-1]
    for text in ("7, 8 9", "7，8、9", "7；8;9", " 7 ，8，，9、"):
        dialog.line.setText(text)
        assert dialog.seeds == (7, 8, 9)
    dialog.line.setText("")
    assert dialog.seeds == (None,)
    dialog.close()


async def test_without_a_model_nothing_is_made(bench: Workbench) -> None:
    bench.commands.action("fan-out").trigger()
    await until(lambda: bench.window.findChildren(FanOut))
    dialog = bench.window.findChildren(FanOut)[-1]
    await until(dialog.make.isEnabled)
    dialog.list.setFocus()
    dialog.list.setCurrentRow(0)
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    await until(lambda: dialog.words.text() == "Choose the models.")
    assert not dialog.make.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    await turns()
    assert bench.studio.editor.history == ()
    bench.graph.select(("words",))
    bench.commands.refresh()
    assert not bench.commands.action("fan-out").isEnabled()


async def test_all_models_beside_each_other(bench: Workbench) -> None:
    bench.commands.action("compare-models").trigger()
    await turns()
    dialog = next(one for one in bench.window.findChildren(CompareModels) if one.isVisible())
    cards = bench.studio.cards
    titles = [
        dialog.table.horizontalHeaderItem(column).text() for column in range(dialog.table.columnCount())
    ]
    assert titles == [card.title for card in cards.values()]
    facts = {
        dialog.table.verticalHeaderItem(row).text(): dialog.table.item(row, 0).text()
        for row in range(dialog.table.rowCount())
    }
    assert facts["References"] == "3"
    assert facts["Price a picture"] == "$0.05 – $0.08"
    assert facts["Vendors"] == "Runway, Replicate (price not known)"
    assert "Tags and 2 references: Gen4 Image" in dialog.advice.text()
    for card in cards.values():
        for limit in card.limits:
            assert limit.source in dialog.sources.toPlainText()
    dialog.close()
