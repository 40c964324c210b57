"""The prompt's field: completion, colours and mistakes in any script, input methods, undo of its own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent, QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QWidget

from tests.widgets.conftest import stand
from widgets.parts.completion import TagChoice
from widgets.parts.prompt_editor import Mistake, PromptEditor, units
from widgets.theme import Themes

CHOICES = [TagChoice(tag="sneaker", slot=0), TagChoice(tag="model", slot=1), TagChoice(tag="studio", slot=2)]
WAVE = QTextCharFormat.UnderlineStyle.WaveUnderline


@pytest.fixture
def editor(stage: QWidget, themes: Themes) -> PromptEditor:
    made = PromptEditor(themes)
    stand(stage, made)
    made.show_tags(CHOICES)
    made.setFocus()
    QApplication.processEvents()
    assert made.hasFocus()
    return made


def offered(editor: PromptEditor) -> list[str]:
    """The tags in the list under the cursor; none where it is closed."""
    found = editor.findChild(QListView, "completion")
    assert found is not None
    model = found.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())] if found.isVisible() else []


def put(editor: PromptEditor, text: str, place: int) -> None:
    editor.show_text(text)
    cursor = editor.textCursor()
    cursor.setPosition(place)
    editor.setTextCursor(cursor)


def commit(editor: PromptEditor, text: str, preedit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(text)
    QApplication.sendEvent(editor, event)


def marks(editor: PromptEditor) -> list[tuple[int, int]]:
    """Underlined stretches of the first block, in Qt's own units."""
    ranges = editor.document().firstBlock().layout().formats()
    return [(one.start, one.length) for one in ranges if one.format.underlineStyle() == WAVE]


@pytest.mark.parametrize(
    ("text", "place", "typed", "after"),
    [
        ("", 0, "@sn", "@sneaker "),
        ("把放在桌上", 1, "@sn", "把@sneaker 放在桌上"),
        ("，由穿着", 2, "@mod", "，由@model 穿着"),
        ("worn by .", 8, "@mod", "worn by @model."),
        ("看", 1, "@STU", "看@studio "),
        ("👟 ", 3, "@sn", "👟 @sneaker "),
    ],
)
def test_a_tag_is_completed_where_the_cursor_stands(
    editor: PromptEditor, text: str, place: int, typed: str, after: str
) -> None:
    put(editor, text, place)
    QTest.keyClicks(editor, typed)
    assert len(offered(editor)) == 1
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert editor.toPlainText() == after
    assert offered(editor) == []


def test_a_full_width_at_from_an_input_method_completes_too(editor: PromptEditor) -> None:
    commit(editor, "放＠")
    assert offered(editor) == ["@sneaker", "@model", "@studio"]
    QTest.keyClicks(editor, "st")
    assert offered(editor) == ["@studio"]
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == "放@studio "


def test_arrows_choose_and_escape_closes_the_list_alone(editor: PromptEditor) -> None:
    finished: list[None] = []
    editor.finished.connect(lambda: finished.append(None))
    QTest.keyClicks(editor, "@")
    QTest.keyClick(editor, Qt.Key.Key_Down)
    QTest.keyClick(editor, Qt.Key.Key_Down)
    QTest.keyClick(editor, Qt.Key.Key_Down)
    QTest.keyClick(editor, Qt.Key.Key_Up)
    QTest.keyClick(editor, Qt.Key.Key_Enter)
    assert editor.toPlainText() == "@studio "
    QTest.keyClicks(editor, "@")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert offered(editor) == []
    assert not finished
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert len(finished) == 1


@pytest.mark.parametrize("typed", ["anna@sn", "x@", "@sneaker", "@zebra", "sn"])
def test_nothing_is_offered_where_no_tag_begins(editor: PromptEditor, typed: str) -> None:
    QTest.keyClicks(editor, typed)
    assert offered(editor) == []
    assert editor.toPlainText() == typed


def test_tags_inside_a_word_come_after_those_that_begin_with_it(editor: PromptEditor) -> None:
    editor.show_tags([TagChoice(tag="newmodel", slot=0), TagChoice(tag="model", slot=1)])
    QTest.keyClicks(editor, "@mod")
    assert offered(editor) == ["@model", "@newmodel"]


@pytest.mark.parametrize("text", ["@snaeker", "👟👟 @snaeker", "放👟在@snaeker，", "e\u0301 @snaeker"])
def test_a_mistake_is_underlined_at_its_own_place(editor: PromptEditor, text: str) -> None:
    start = text.index("@snaeker")
    editor.show_text(text)
    editor.show_mistakes([Mistake(start, start + 8, "There is no @snaeker.")])
    place = len(text[:start].encode("utf-16-le")) // 2
    covered = sorted(at for one, length in marks(editor) for at in range(one, one + length))
    assert covered == list(range(place, place + 8))
    editor.show_mistakes([])
    assert marks(editor) == []


def test_a_mistake_in_a_later_line_is_underlined_there(editor: PromptEditor) -> None:
    text = "👟 first\n@snaeker"
    start = text.index("@")
    editor.show_text(text)
    editor.show_mistakes([Mistake(start, start + 8, "no")])
    assert marks(editor) == []
    second = editor.document().lastBlock().layout().formats()
    waves = [one for one in second if one.format.underlineStyle() == WAVE]
    assert sum(one.length for one in waves) == 8
    assert waves[0].start == 0


def test_tags_are_coloured_after_an_emoji_and_others_are_not(editor: PromptEditor, themes: Themes) -> None:
    editor.show_text("👟 @Model and @nobody")
    (one,) = editor.document().firstBlock().layout().formats()
    assert (one.start, one.length) == (3, 6)
    assert one.format.foreground().color().name() == themes.theme.tag(1).text


def test_an_input_method_tells_its_text_once_and_only_when_it_is_committed(editor: PromptEditor) -> None:
    told: list[str] = []
    editor.edited.connect(told.append)
    commit(editor, "", preedit="xie")
    assert told in ([], [""]), "letters that are being composed are no text yet"
    commit(editor, "鞋")
    assert editor.toPlainText() == "鞋"
    assert told[-1] == "鞋"
    assert "xie" not in "".join(told)


def test_undo_inside_is_the_fields_own(editor: PromptEditor) -> None:
    told: list[str] = []
    editor.edited.connect(told.append)
    QTest.keyClicks(editor, "shoe")
    QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.toPlainText() == ""
    QTest.keyClick(
        editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert editor.toPlainText() == "shoe"
    assert told[-2:] == ["", "shoe"]


def test_a_text_from_elsewhere_is_told_nobody_and_keeps_the_cursor(editor: PromptEditor) -> None:
    told: list[str] = []
    editor.edited.connect(told.append)
    put(editor, "a shoe", 5)
    editor.show_text("a red shoe")
    assert editor.textCursor().position() == 5
    editor.show_text("a")
    assert editor.textCursor().position() == 1
    editor.show_tags([])
    editor.show_mistakes([Mistake(0, 1, "x")])
    assert told == []


def test_run_is_left_to_the_window_and_leaving_ends_the_writing(editor: PromptEditor, stage: QWidget) -> None:
    finished: list[None] = []
    editor.finished.connect(lambda: finished.append(None))
    QTest.keyClicks(editor, "shoe")
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert editor.toPlainText() == "shoe"
    assert not finished
    editor.clearFocus()
    assert len(finished) == 1


def test_the_list_can_be_used_by_mouse(editor: PromptEditor) -> None:
    QTest.keyClicks(editor, "@")
    found = editor.findChild(QListView, "completion")
    assert found is not None
    row = found.visualRect(found.model().index(1, 0))
    QTest.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, row.center().y()))
    assert editor.toPlainText() == "@model "
    assert editor.hasFocus()


@pytest.mark.parametrize("text", ["", "abc", "👟", "放👟b", "👟👟👟"])
def test_places_are_counted_as_qt_counts_them(text: str) -> None:
    for place in range(len(text) + 1):
        assert units(text, place) == len(text[:place].encode("utf-16-le")) // 2
