"""Kept pieces of prompts: listed after a slash, put in, kept from what is selected."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.basics.faults import Fault
from app.preferences.snippets import Snippets
from tests.widgets.conftest import stand
from widgets.parts.prompt_editor import PromptEditor
from widgets.parts.snippeting import Snippeting
from widgets.theme import Themes

offscreen = pytest.mark.qt_log_ignore("does not support")
"""What the platform without a screen says of menus and tooltips."""


@pytest.fixture
def snippets(tmp_path: Path) -> Snippets:
    made = Snippets(tmp_path / "snippets")
    made.keep("dramatic lighting, soft shadows", "light")
    made.keep("shot on 85mm\nf/1.8", "lens")
    made.keep("柔和的光线", "光")
    return made


@pytest.fixture
def faults() -> list[Fault]:
    return []


@pytest.fixture
def field(stage: QWidget, themes: Themes) -> PromptEditor:
    made = PromptEditor(themes)
    stand(stage, made)
    made.setFocus()
    return made


@pytest.fixture
def pieces(field: PromptEditor, snippets: Snippets, faults: list[Fault]) -> Snippeting:
    return Snippeting(field, snippets, faults.append)


def offered(pieces: Snippeting) -> list[str]:
    if not pieces.list.isVisible():
        return []
    return [str(pieces.list.item(row).data(Qt.ItemDataRole.UserRole)) for row in range(pieces.list.count())]


def action(menu: QMenu, words: str) -> QAction:
    return next(one for one in menu.actions() if one.text() == words)


def test_a_slash_lists_them_and_enter_puts_one_in(field: PromptEditor, pieces: Snippeting) -> None:
    told: list[str] = []
    field.edited.connect(told.append)
    QTest.keyClicks(field, "A shoe, /")
    assert offered(pieces) == ["lens", "light", "光"]
    QTest.keyClicks(field, "li")
    assert offered(pieces) == ["light"]
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.toPlainText() == "A shoe, dramatic lighting, soft shadows"
    assert told[-1] == field.toPlainText()
    assert offered(pieces) == []
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.toPlainText() == "A shoe, /li", "undone in one go"


def test_the_list_is_walked_and_put_away(field: PromptEditor, pieces: Snippeting) -> None:
    QTest.keyClicks(field, "/")
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert pieces.list.current() == "光"
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert pieces.list.current() == "lens"
    finished: list[None] = []
    field.finished.connect(lambda: finished.append(None))
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert offered(pieces) == []
    assert finished == [], "Esc is the list's first"
    QTest.keyClicks(field, "x")
    assert offered(pieces) == []
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert offered(pieces) == ["lens", "light", "光"]
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert field.toPlainText() == "shot on 85mm\nf/1.8"


@pytest.mark.parametrize("text", ["16/", "and/or", "https:/", "x /nothing", "/ "])
def test_a_slash_within_a_word_is_a_slash(field: PromptEditor, pieces: Snippeting, text: str) -> None:
    QTest.keyClicks(field, text)
    assert offered(pieces) == []
    assert field.toPlainText() == text


def test_a_wide_slash_and_chinese_words_find_them(field: PromptEditor, pieces: Snippeting) -> None:
    for words in ("／", "光"):
        event = QInputMethodEvent("", [])
        event.setCommitString(words)
        QApplication.sendEvent(field, event)
    assert offered(pieces) == ["光"]
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.toPlainText() == "柔和的光线"


def test_the_mouse_chooses_too(field: PromptEditor, pieces: Snippeting) -> None:
    QTest.keyClicks(field, "/")
    at = pieces.list.visualItemRect(pieces.list.item(1)).center()
    QTest.mouseClick(pieces.list.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert field.toPlainText() == "dramatic lighting, soft shadows"
    assert field.hasFocus()


@offscreen
def test_what_is_selected_is_kept(
    field: PromptEditor, pieces: Snippeting, snippets: Snippets, faults: list[Fault]
) -> None:
    field.show_text("golden hour,\nlow sun")
    menu = pieces.menu()
    assert not action(menu, "Keep as snippet").isEnabled()
    field.moveCursor(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
    menu = pieces.menu()
    action(menu, "Keep as snippet").trigger()
    assert snippets.starting("golden")[0].text == "golden hour,\nlow sun"
    assert faults == []


@offscreen
def test_the_menu_puts_in_and_removes(field: PromptEditor, pieces: Snippeting, snippets: Snippets) -> None:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), field.mapToGlobal(QPoint(5, 5)))
    finished: list[None] = []
    field.finished.connect(lambda: finished.append(None))
    QApplication.sendEvent(field.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    inside = {one.text(): one.menu() for one in menu.actions() if one.menu() is not None}
    insert, remove = inside["Insert snippet"], inside["Remove snippet"]
    assert isinstance(insert, QMenu)
    assert isinstance(remove, QMenu)
    action(insert, "light").trigger()
    action(remove, "lens").trigger()
    menu.close()
    assert field.toPlainText() == "dramatic lighting, soft shadows"
    assert [one.title for one in snippets.all()] == ["light", "光"]
    assert finished == [], "a field on a card stays open while its menu is"


def test_what_cannot_be_kept_is_said(field: PromptEditor, pieces: Snippeting, faults: list[Fault]) -> None:
    field.show_text("   ")
    field.selectAll()
    pieces.keep()
    assert [one.code for one in faults] == ["snippet.empty"]
