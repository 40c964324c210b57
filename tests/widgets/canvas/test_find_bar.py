"""Find and replace over all prompts: by the keyboard, each replacing one step."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from app.document import edits
from app.document.values import Document
from tests.widgets.canvas.steps import CTRL, SHIFT, no_step, one_step
from tests.widgets.canvas.world import Canvas, canvas, example
from widgets.canvas.find_bar import FindBar


def wordy() -> Document:
    """The example with a second prompt far away and a note."""
    document = edits.add_node(
        example(), "second", "prompt", {"text": "A sneaker, two Sneakers, @sneaker again"}, (3000.0, 2000.0)
    )
    return edits.add_node(
        document, "memo", "note", {"text": "ask about the SNEAKER; 红鞋子"}, (-900.0, 900.0)
    )


@pytest.fixture
def made(qapp: QApplication) -> Iterator[Canvas]:
    with canvas(qapp, wordy()) as one:
        one.view.activateWindow()
        yield one


@pytest.fixture
def bar(made: Canvas) -> FindBar:
    made.view.handling.find.open(replacing=True)
    QApplication.processEvents()
    return made.view.handling.find


def said(bar: FindBar, name: str) -> str:
    found = bar.findChild(QLabel, name)
    assert found is not None
    return found.text()


def button(bar: FindBar, name: str) -> QPushButton:
    found = bar.findChild(QPushButton, name)
    assert found is not None
    return found


def enter(line: QLineEdit, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(line, Qt.Key.Key_Return, held)


def text(made: Canvas, id: str) -> object:
    return made.document.nodes[id].values["text"]


def test_next_and_back_go_to_the_nodes(made: Canvas, bar: FindBar) -> None:
    with no_step(made):
        assert bar.line.hasFocus()
        QTest.keyClicks(bar.line, "sneaker")
        assert said(bar, "find-count") == "5 found"
        seen = []
        for _ in range(6):
            enter(bar.line)
            seen.append((made.view.selected(), said(bar, "find-count")))
        assert [one for one, _ in seen] == [
            ("words",), ("memo",), ("second",), ("second",), ("second",), ("words",),
        ]  # fmt: skip
        assert [two for _, two in seen][:2] == ["1 of 5", "2 of 5"]
        enter(bar.line, SHIFT)
        assert said(bar, "find-count") == "5 of 5"
        assert made.view.selected() == ("second",)
        middle, card = made.view.viewport_center(), made.view.rect_of("second").center()
        assert (middle - card).manhattanLength() < 4, "it is brought to the middle"
        assert "«sneaker»" in said(bar, "find-where")
        assert bar.line.hasFocus(), "the keyboard stays"


def test_case_and_whole_words(made: Canvas, bar: FindBar) -> None:
    QTest.keyClicks(bar.line, "sneaker")
    QTest.mouseClick(button(bar, "find-case"), Qt.MouseButton.LeftButton)
    assert said(bar, "find-count") == "3 found"
    button(bar, "find-case").setChecked(False)
    QTest.mouseClick(button(bar, "find-whole"), Qt.MouseButton.LeftButton)
    assert said(bar, "find-count") == "4 found"
    bar.line.setText("nothing like it")
    assert said(bar, "find-count") == "None"
    assert not button(bar, "replace-all").isEnabled()


def test_one_after_the_other_is_replaced(made: Canvas, bar: FindBar) -> None:
    QTest.keyClicks(bar.line, "sneaker")
    QTest.keyClick(bar.line, Qt.Key.Key_Tab)
    assert bar.words.hasFocus()
    QTest.keyClicks(bar.words, "sneaker boot")
    enter(bar.words)
    assert made.view.selected() == ("words",), "the first press shows it"
    with one_step(made, "Replace “sneaker”"):
        enter(bar.words)
    assert "@sneaker boot worn" in str(text(made, "words"))
    enter(bar.words)
    assert text(made, "memo") == "ask about the sneaker boot; 红鞋子", "it does not find its own words"


def test_all_are_one_step_and_counted(made: Canvas, bar: FindBar) -> None:
    QTest.keyClicks(bar.line, "sneaker")
    QTest.keyClicks(bar.words, r"boot\1")
    with one_step(made, "Replace “sneaker” 5 times"):
        QTest.mouseClick(button(bar, "replace-all"), Qt.MouseButton.LeftButton)
        assert said(bar, "find-where") == "5 replaced in 3 nodes"
    assert text(made, "second") == r"A boot\1, two boot\1s, @boot\1 again"
    links = made.document.links.into("hero", "reference_images")
    assert links[0].tag == "sneaker", "what a photograph is called stays"


def test_a_tag_is_renamed_everywhere_from_here(made: Canvas, bar: FindBar) -> None:
    rename = button(bar, "rename-tag")
    QTest.keyClicks(bar.line, "professional")
    assert not rename.isVisible()
    bar.line.setText("@sneaker")
    assert rename.isVisible()
    assert not rename.isEnabled()
    bar.words.setText("no tag")
    with no_step(made):
        QTest.mouseClick(rename, Qt.MouseButton.LeftButton)
        assert "blank" in said(bar, "find-where")
    bar.words.setText("@boot")
    with one_step(made, "Rename @sneaker to @boot"):
        QTest.mouseClick(rename, Qt.MouseButton.LeftButton)
    assert made.document.links.into("hero", "reference_images")[0].tag == "boot"
    assert "@boot worn by" in str(text(made, "words"))


def test_chinese_is_composed_and_found(made: Canvas, bar: FindBar) -> None:
    composing = QInputMethodEvent("xie", [])
    QApplication.sendEvent(bar.line, composing)
    assert bar.isVisible()
    done = QInputMethodEvent("", [])
    done.setCommitString("鞋子")
    QApplication.sendEvent(bar.line, done)
    assert said(bar, "find-count") == "1 found"
    enter(bar.line)
    assert made.view.selected() == ("memo",)


def test_keys_of_the_canvas_stay_in_the_bar(made: Canvas, bar: FindBar) -> None:
    made.view.select(("words",))
    with no_step(made):
        for key in (Qt.Key.Key_M, Qt.Key.Key_H, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_F):
            QTest.keyClick(bar.line, key)
        QTest.keyClick(button(bar, "find-next"), Qt.Key.Key_Delete)
        QTest.keyClick(bar.line, Qt.Key.Key_D, CTRL)
    QTest.keyClick(bar.line, Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert made.view.viewer.hasFocus()


def test_what_changes_meanwhile_is_counted_anew(made: Canvas, bar: FindBar) -> None:
    QTest.keyClicks(bar.line, "sneaker")
    enter(bar.line)
    enter(bar.line)
    made.editor.commit("write", lambda document: edits.set_value(document, "words", "text", "nothing"))
    assert said(bar, "find-count") == "1 of 4"
    made.editor.undo()
    assert said(bar, "find-count") == "2 of 5"
    made.editor.commit("gone", lambda document: edits.remove_nodes(document, ["memo"]))
    enter(bar.line)
    assert made.view.selected() == ("second",)
    made.editor.replace(example())
    assert bar.isHidden(), "another document: another search"


def test_it_stays_in_its_corner(made: Canvas, bar: FindBar) -> None:
    for width in (1280, 420):
        made.view.resize(width, 600)
        QApplication.processEvents()
        assert made.view.rect().contains(bar.geometry())
    made.view.viewer.look_at(QPointF(0, 0))
    assert bar.isVisible()
