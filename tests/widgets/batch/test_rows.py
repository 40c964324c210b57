"""The rows of a batch as a table: held a page at a time, pictures of what is on the screen."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.studio.batch_values import BatchRow, Standing
from tests.widgets.batch.conftest import batch_row, batch_rows
from tests.widgets.conftest import Pictures, comes, stand
from widgets.batch.model import PAGE, PAGES, Column
from widgets.batch.table import RowsTable
from widgets.theme import Themes

MANY = 10_000


class Shop:
    """Gives pages when they are wanted, after Qt has had its turn; `asked` remembers which."""

    def __init__(self, table: RowsTable, rows: list[BatchRow]) -> None:
        self.rows, self.asked = rows, list[int]()
        self._table = table
        table.rows.page_wanted.connect(lambda question, first: self._give(question, first))

    def _give(self, question: int, first: int) -> None:
        self.asked.append(first)
        self._table.rows.take(question, first, self.rows[first : first + PAGE])


@pytest.fixture
def table(stage: QWidget, pictures: Pictures, themes: Themes) -> RowsTable:
    made = RowsTable(pictures, themes)
    stage.resize(900, 600)
    stand(stage, made)
    return made


def text(table: RowsTable, place: int, column: Column) -> str:
    return str(table.rows.data(table.rows.index(place, column)))


def test_only_what_is_on_the_screen_is_asked_for(table: RowsTable) -> None:
    shop = Shop(table, list(batch_rows(MANY)))
    table.rows.begin(MANY)
    assert comes(lambda: text(table, 0, Column.TITLE) == "SKU-00002")
    assert shop.asked == [0]
    table.scrollToBottom()
    assert comes(lambda: text(table, MANY - 1, Column.TITLE) == f"SKU-{MANY + 1:05d}")
    assert shop.asked == [0, MANY - PAGE], "what was scrolled past is not asked for"


def test_ten_thousand_rows_scroll_without_a_stall(table: RowsTable) -> None:
    shop = Shop(table, list(batch_rows(MANY, Standing.DONE)))
    table.rows.begin(MANY)
    bar = table.verticalScrollBar()
    slowest = 0.0
    for step in range(60):
        bar.setValue(bar.maximum() * step // 59)
        began = time.process_time()
        QApplication.processEvents()
        slowest = max(slowest, time.process_time() - began)
    assert len(shop.asked) > 30
    assert slowest < 0.25, "of CPU for one screen, pages and pictures included"
    assert table.rows.held <= PAGES


def test_what_changes_is_seen_and_what_was_asked_before_is_not(table: RowsTable) -> None:
    shop = Shop(table, list(batch_rows(300)))
    table.rows.begin(300)
    assert comes(lambda: text(table, 5, Column.TITLE) == "SKU-00007")
    table.rows.change(batch_row(7, Standing.FAILED, words="The file is not there."))
    assert text(table, 5, Column.STANDING) == "failed"
    assert text(table, 5, Column.WORDS) == "The file is not there."
    table.rows.take(table.rows.question - 1, 0, batch_rows(3, Standing.DONE))
    assert text(table, 0, Column.STANDING) == "waiting", "an answer to an older question"
    shop.rows = list(batch_rows(300, Standing.DONE))
    table.go_to(5)
    table.rows.refresh(250)
    assert table.rows.rowCount() == 250
    assert comes(lambda: text(table, 0, Column.STANDING) == "done")
    assert [row.number for row in table.chosen()] == [7], "what is chosen stays"


def test_pictures_come_for_what_is_seen(table: RowsTable, pictures: Pictures) -> None:
    Shop(table, list(batch_rows(400, Standing.DONE)))
    table.rows.begin(400)
    assert comes(lambda: len(pictures.asked) >= len(table.seen()))
    names = {path.name for path in pictures.asked}
    assert "2.png" in names
    assert "390.png" not in names
    assert table.rows.image(0) is not None


def test_keys_say_what_is_to_be_done(table: RowsTable) -> None:
    Shop(table, list(batch_rows(20)))
    table.rows.begin(20)
    done: list[str] = []
    table.doing.connect(done.append)
    table.setFocus(Qt.FocusReason.TabFocusReason)
    assert comes(lambda: bool(table.chosen()))
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert [row.number for row in table.chosen()] == [3, 4]
    for key in (
        Qt.Key.Key_R,
        Qt.Key.Key_F,
        Qt.Key.Key_Return,
        Qt.Key.Key_O,
        Qt.Key.Key_Slash,
        Qt.Key.Key_Escape,
    ):
        QTest.keyClick(table, key)
    assert done == ["retry", "front", "open", "folder", "search", "leave"]
    assert table.rows.described(1) == "SKU-00003; waiting"
