"""Writing on a card in the whole window: an input method composes, and Esc closes one thing at a time."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QPlainTextEdit

from tests.widgets.bench import turns
from tests.widgets.whole import bench as bench
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
WORDS = "words"


async def on_card(bench: Workbench) -> QPlainTextEdit:
    """The prompt's field over its card, the cursor at its end."""
    await turns()
    bench.graph.select((WORDS,))
    bench.graph.handling.edit_words(WORDS)
    QApplication.processEvents()
    field = bench.graph.handling.in_place.field
    assert isinstance(field, QPlainTextEdit)
    field.setFocus()
    field.moveCursor(QTextCursor.MoveOperation.End)
    return field


def opened(field: QPlainTextEdit) -> list[str]:
    return [one.objectName() for one in field.findChildren(QAbstractItemView) if one.isVisible()]


def written(bench: Workbench) -> str:
    return str(bench.studio.editor.document.nodes[WORDS].values["text"])


def compose(field: QPlainTextEdit, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(field, event)


@pytest.mark.parametrize(("typed", "name"), [(" @wa", "completion"), (" /dra", "snippets")])
async def test_the_first_esc_closes_the_list_and_the_second_the_field(
    bench: Workbench, typed: str, name: str
) -> None:
    bench.studio.snippets.keep("dramatic light")
    field = await on_card(bench)
    QTest.keyClicks(field, typed)
    assert opened(field) == [name]
    before = written(bench)
    assert before.endswith(typed)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert opened(field) == []
    assert bench.graph.handling.in_place.field is field
    assert field.hasFocus()
    QTest.keyClicks(field, "x")
    assert written(bench) == f"{before}x"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert bench.graph.handling.in_place.field is None
    assert bench.graph.viewer.hasFocus()
    assert written(bench) == f"{before}x"


async def test_what_is_being_composed_is_no_change_of_the_document(bench: Workbench) -> None:
    editor = bench.studio.editor
    before, steps = editor.document, editor.position
    field = await on_card(bench)
    for preedit in ("c", "chen", "chen wu"):
        compose(field, preedit)
        assert editor.document is before
        assert opened(field) == []
    compose(field, "", "晨雾，")
    assert written(bench).endswith("晨雾，")
    compose(field, "guang", "")
    compose(field, "", "光")
    assert written(bench).endswith("晨雾，光")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert editor.position == steps + 1, "writing is one step"
    editor.undo()
    assert editor.document == before


async def test_a_wide_at_sign_by_an_input_method_offers_the_tags(bench: Workbench) -> None:
    field = await on_card(bench)
    compose(field, "", "放在＠")
    assert opened(field) == ["completion"]
    QTest.keyClicks(field, "wa")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "放在@wall" in written(bench)
    assert opened(field) == []
