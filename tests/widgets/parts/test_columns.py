"""Columns of a table in the prompt's field: completed after a brace, in a colour of their own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.widgets.conftest import stand
from widgets.parts.columns import begun, find_columns
from widgets.parts.completion import Completion
from widgets.parts.prompt_editor import PromptEditor
from widgets.theme import COLUMN, Themes

COLUMNS = {"sku": "A-1", "product": "Espresso cup", "photo": "refs/cup.png"}


@pytest.fixture
def editor(stage: QWidget, themes: Themes) -> PromptEditor:
    made = PromptEditor(themes)
    made.show_columns(COLUMNS)
    stand(stage, made)
    made.setFocus()
    return made


def offered(editor: PromptEditor) -> list[str]:
    found = editor.findChild(Completion)
    assert isinstance(found, Completion)
    if not found.isVisible():
        return []
    model = found.model()
    return [
        str(model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(model.rowCount())
    ]


def test_a_brace_offers_the_columns_with_what_stands_in_them(editor: PromptEditor) -> None:
    QTest.keyClicks(editor, "A {")
    assert offered(editor) == ["{sku} A-1", "{product} Espresso cup", "{photo} refs/cup.png"]
    QTest.keyClicks(editor, "p")
    assert offered(editor) == ["{product} Espresso cup", "{photo} refs/cup.png"]
    QTest.keyClick(editor, Qt.Key.Key_Down)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert editor.toPlainText() == "A {photo}"
    assert offered(editor) == []


def test_a_brace_that_is_closed_already_is_not_closed_again(editor: PromptEditor) -> None:
    QTest.keyClicks(editor, "{}")
    QTest.keyClick(editor, Qt.Key.Key_Left)
    QTest.keyClicks(editor, "sk")
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    QTest.keyClicks(editor, " cup")
    assert editor.toPlainText() == "{sku} cup"


def test_without_a_table_a_brace_is_a_letter(editor: PromptEditor) -> None:
    editor.show_columns({})
    QTest.keyClicks(editor, "{s")
    assert offered(editor) == []
    assert list(editor.marked("{sku}")) == []


def test_columns_have_a_colour(editor: PromptEditor) -> None:
    assert list(editor.marked("A {product}, {{sku}} {nothing}")) == [(2, 11, COLUMN)]


@pytest.mark.parametrize(
    ("before", "name"),
    [("a {", ""), ("a {pro", "pro"), ("{{", None), ("{{{x", "x"), ("{sku} b", None), ("plain", None)],
)
def test_what_is_begun(before: str, name: str | None) -> None:
    assert begun(before) == name


def test_found_in_code_points() -> None:
    text = "👟 {产品} {b}"
    assert [(one.start, one.end, one.name) for one in find_columns(text, ("产品", "b"))] == [
        (2, 6, "产品"), (7, 10, "b"),
    ]  # fmt: skip
