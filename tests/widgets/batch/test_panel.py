"""The batch panel: before, while and after a batch runs."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget

from app.basics.money import Money
from app.studio.batch_values import DryRun, Progress, Stage, Standing, TableProblem
from tests.widgets.batch.conftest import batch_row
from tests.widgets.conftest import Pictures, comes, stand
from widgets.batch.panel import BatchPanel
from widgets.theme import Themes


@pytest.fixture
def panel(stage: QWidget, pictures: Pictures, themes: Themes) -> BatchPanel:
    made = BatchPanel(pictures, themes)
    stage.resize(1000, 640)
    stand(stage, made)
    return made


@pytest.fixture
def done(panel: BatchPanel) -> list[str]:
    found: list[str] = []
    panel.doing.connect(found.append)
    return found


def button(panel: BatchPanel, name: str) -> QPushButton:
    found = panel.findChild(QPushButton, f"batch-{name}")
    assert isinstance(found, QPushButton)
    return found


def chip(panel: BatchPanel, name: str) -> QToolButton:
    found = panel.findChild(QToolButton, f"batch-only-{name}")
    assert isinstance(found, QToolButton)
    return found


def progress(stage: Stage, **counts: int) -> Progress:
    known = MappingProxyType({Standing(name): count for name, count in counts.items()})
    return Progress(
        stage=stage, table="shoes.csv", counts=known, spent=Money(9_600_000), estimate=Money(25_600_000),
        left=240.0,
    )  # fmt: skip


def far(panel: BatchPanel) -> str:
    label = panel.findChild(QLabel, "batch-far")
    assert isinstance(label, QLabel)
    return label.text()


def test_without_a_table_it_says_how_to_begin(panel: BatchPanel, done: list[str]) -> None:
    assert button(panel, "table").isVisible()
    assert not button(panel, "start").isVisible()
    QTest.mouseClick(button(panel, "table"), Qt.MouseButton.LeftButton)
    assert done == ["table"]


def test_the_price_stands_on_the_button(panel: BatchPanel, done: list[str]) -> None:
    panel.show_progress(progress(Stage.READY, waiting=340))
    assert not button(panel, "start").isEnabled(), "nothing is known of the price"
    panel.show_dry(DryRun(rows=340, pictures=320, here=20, money=Money(25_600_000)))
    assert button(panel, "start").text() == "Start · $25.60"
    said = [one.accessibleName() for one in panel.summary.figures.values() if one.isVisible()]
    assert said == ["340 rows", "320 pictures to make", "20 in the library", "$25.60 price"]
    QTest.keyClick(button(panel, "start"), Qt.Key.Key_Space)
    assert done == ["start"]
    panel.show_dry(DryRun(rows=340, pictures=340, here=0, draft=True))
    assert button(panel, "start").text() == "Start · free drafts"
    panel.show_dry(DryRun(rows=340, pictures=340, here=0, money=None))
    assert button(panel, "start").text() == "Start · price not known"


def test_a_problem_leads_to_its_row_and_stops_the_start(panel: BatchPanel) -> None:
    wanted: list[int] = []
    panel.row_wanted.connect(wanted.append)
    panel.show_progress(progress(Stage.READY, waiting=5))
    problems = (
        TableProblem(row=3, column="photo", words="Row 3, column “photo”: shoe.png is not there."),
        TableProblem(words="The column price has no name."),
    )
    panel.show_dry(DryRun(rows=5, pictures=5, here=0, wrong=9, problems=problems))
    there = panel.summary.problems
    lines = [there.item(at).text() for at in range(there.count())]
    assert lines == [
        "Row 3, column “photo”: shoe.png is not there.", "The column price has no name.", "and 7 more",
    ]  # fmt: skip
    assert not button(panel, "start").isEnabled()
    there.setFocus()
    there.setCurrentRow(0)
    QTest.keyClick(there, Qt.Key.Key_Return)
    QTest.mouseClick(
        there.viewport(), Qt.MouseButton.LeftButton, pos=there.visualItemRect(there.item(0)).center()
    )
    assert wanted
    assert set(wanted) == {3}


def test_while_it_runs(panel: BatchPanel, done: list[str]) -> None:
    panel.show_dry(DryRun(rows=340, pictures=340, here=0, money=Money(25_600_000)))
    panel.show_progress(progress(Stage.RUNNING, waiting=200, running=8, done=130, failed=2))
    assert far(panel) == "132 of 340 rows  ·  $9.60 of $25.60 spent  ·  about 4 minutes left"
    names = ("start", "pause", "resume", "stop", "table")
    assert [name for name in names if button(panel, name).isVisible()] == ["pause", "stop"]
    button(panel, "pause").setFocus()
    QTest.keyClick(button(panel, "pause"), Qt.Key.Key_Space)
    panel.show_progress(progress(Stage.PAUSED, waiting=200, done=138, failed=2))
    assert panel.table.hasFocus(), "the keyboard is not lost with a button that goes"
    QTest.mouseClick(button(panel, "resume"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(button(panel, "retry-failed"), Qt.MouseButton.LeftButton)
    assert done == ["pause", "resume", "retry-failed"]


def test_narrowed_by_state_and_words(panel: BatchPanel) -> None:
    asked: list[tuple[object, str]] = []
    panel.asked.connect(lambda: asked.append((panel.standing, panel.words.text())))
    panel.show_progress(progress(Stage.RUNNING, waiting=200, done=138, failed=2))
    assert chip(panel, "failed").text() == "failed  2"
    assert chip(panel, "failed").accessibleName() == "failed: 2 rows"
    assert not chip(panel, "unknown").isVisible()
    QTest.mouseClick(chip(panel, "failed"), Qt.MouseButton.LeftButton)
    assert asked == [(Standing.FAILED, "")]
    assert chip(panel, "failed").isChecked()
    assert not chip(panel, "all").isChecked()
    QTest.keyClicks(panel.words, "sneaker")
    assert comes(lambda: len(asked) == 2)
    assert asked[-1] == (Standing.FAILED, "sneaker")
    QTest.keyClick(panel.words, Qt.Key.Key_Escape)
    assert comes(lambda: asked[-1] == (Standing.FAILED, ""))
    QTest.keyClick(panel.words, Qt.Key.Key_Escape)
    assert asked[-1] == (None, "")


def test_what_can_be_done_with_what_is_chosen(panel: BatchPanel, done: list[str]) -> None:
    panel.show_progress(progress(Stage.ENDED, done=1, failed=1, waiting=1, unknown=1))
    rows = [batch_row(2, Standing.DONE), batch_row(3, Standing.FAILED), batch_row(4)]
    rows.append(batch_row(5, Standing.UNKNOWN))
    panel.table.rows.page_wanted.connect(lambda question, first: panel.table.rows.take(question, first, rows))
    panel.table.rows.begin(4)
    assert comes(lambda: panel.table.rows.row(3) is not None)
    names: list[list[str]] = []
    for place in (3, 0, 1, 2):
        panel.table.go_to(place)
        names.append([name for name, _ in panel.choices()])
    assert names == [
        ["open", "again", "retry-failed"],
        ["open", "retry-failed"],
        ["open", "retry", "retry-failed"],
        ["open", "front", "retry-failed"],
    ]
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_R)
    assert done == [], "it waits: there is nothing to run again"
    QTest.keyClick(panel.table, Qt.Key.Key_F)
    assert done == ["front"]
    assert button(panel, "report").isEnabled()
