"""The history: every step by its label, where the document is, and a click that jumps there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.document.editor import Editor
from app.document.edits import add_node, set_value
from tests.widgets.conftest import comes
from widgets.dialogs.history import History
from widgets.theme import Themes


@pytest.fixture
def editor() -> Editor:
    made = Editor(most_steps=6)
    made.commit("Add Note", lambda document: add_node(document, "n", "note"))
    for number in range(3):
        made.commit(f"Write {number}", lambda document, n=number: set_value(document, "n", "text", str(n)))
    return made


@pytest.fixture
def history(editor: Editor, stage: QWidget, themes: Themes) -> Iterator[History]:
    made = History(editor, themes, stage)
    made.open()
    yield made
    made.shut()


def rows(history: History) -> list[str]:
    model = history.list.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def states(history: History) -> list[str]:
    model, role = history.list.model(), Qt.ItemDataRole.AccessibleTextRole
    told = [str(model.index(row, 0).data(role)) for row in range(model.rowCount())]
    return [one.rpartition(", ")[2] for one in told]


def middle(history: History, row: int) -> QPoint:
    return history.list.visualRect(history.list.model().index(row, 0)).center()


def click(history: History, row: int) -> None:
    QTest.mouseClick(
        history.list.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        middle(history, row),
    )


def test_every_step_stands_there_with_the_one_where_you_are(history: History) -> None:
    assert rows(history) == ["As it was opened · saved", "Add Note", "Write 0", "Write 1", "Write 2"]
    assert states(history) == ["done", "done", "done", "done", "where you are"]
    assert history.list.hasFocus()


def test_a_click_goes_several_steps_at_once_both_ways(history: History, editor: Editor) -> None:
    changes: list[str] = []
    editor.changed.connect(lambda change: changes.append(change.way))
    click(history, 1)
    assert editor.position == 1
    assert editor.document.nodes["n"].values == {}
    assert states(history) == ["done", "where you are", "undone", "undone", "undone"]
    click(history, 4)
    assert editor.document.nodes["n"].values["text"] == "2"
    click(history, 0)
    assert not editor.document.nodes
    assert changes == ["jump", "jump", "jump"], "each jump is one change"
    assert len(editor.history) == 4, "nothing of it is lost"


def test_the_keyboard_looks_and_jumps(history: History, editor: Editor) -> None:
    QTest.keyClick(history.list, Qt.Key.Key_Up)
    QTest.keyClick(history.list, Qt.Key.Key_Up)
    assert editor.position == 4, "looking changes nothing"
    QTest.keyClick(history.list, Qt.Key.Key_Return)
    assert editor.position == 2
    closed: list[None] = []
    history.closed.connect(lambda: closed.append(None))
    QTest.keyClick(history.list, Qt.Key.Key_Escape)
    assert history.isHidden()
    assert len(closed) == 1


def test_what_is_done_meanwhile_is_shown(history: History, editor: Editor) -> None:
    editor.undo()
    assert comes(lambda: states(history)[-1] == "undone")
    editor.commit("Other", lambda document: set_value(document, "n", "text", "other"))
    assert comes(lambda: rows(history)[-1] == "Other")
    editor.saved(editor.document)
    history.refresh()
    assert rows(history)[-1] == "Other · saved"
    assert rows(history)[0] == "As it was opened", "the steps outlive saving"
    click(history, 1)
    assert editor.dirty


def test_steps_that_are_too_many_are_said(history: History, editor: Editor) -> None:
    for number in range(10, 15):
        editor.commit(f"Write {number}", lambda document, n=number: set_value(document, "n", "text", str(n)))
    history.refresh()
    assert rows(history)[0] == "Earlier: 3 older steps are not kept"
    assert len(rows(history)) == 7
    editor.replace(editor.document)
    history.refresh()
    assert rows(history) == ["As it was opened · saved"]


def test_it_lies_inside_the_canvas(history: History, stage: QWidget) -> None:
    stage.resize(420, 130)
    assert comes(lambda: history.geometry().bottom() <= 130)
    history.toggle()
    assert history.isHidden()
    history.toggle()
    assert history.isVisible()
