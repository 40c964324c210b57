"""Commands: keys that do not fire while somebody types, words that come from one place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QMenuBar, QPlainTextEdit, QWidget

from tests.widgets.conftest import stand
from widgets.commands import Command, Commands, tooltip, unmarked

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class Canvas(QWidget):
    """Takes the keyboard, and holds a field as the canvas does while a prompt is written on it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(200, 200)
        self.line = QLineEdit(self)
        self.text = QPlainTextEdit(self)
        self.text.move(0, 60)


@pytest.fixture
def canvas(stage: QWidget) -> Canvas:
    made = Canvas()
    beside = QLineEdit()
    beside.setObjectName("beside")
    stand(stage, made, beside)
    return made


def press(widget: QWidget, key: Qt.Key) -> None:
    widget.setFocus()
    QApplication.processEvents()
    assert widget.hasFocus()
    QTest.keyClick(widget, key)


def test_a_single_letter_works_on_the_canvas_and_nowhere_else(stage: QWidget, canvas: Canvas) -> None:
    done: list[str] = []
    commands = Commands(stage)
    commands.add(
        Command(
            id="skip", title="&Skip", menu="&Node", keys=("M",), what=lambda: done.append("m"), scope=canvas
        )
    )
    press(canvas, Qt.Key.Key_M)
    assert done == ["m"]
    beside = stage.findChild(QLineEdit, "beside")
    assert beside is not None
    for field in (beside, canvas.line, canvas.text):
        press(field, Qt.Key.Key_M)
    assert done == ["m"]
    assert (beside.text(), canvas.line.text(), canvas.text.toPlainText()) == ("m", "m", "m")


def test_a_key_of_the_window_works_while_somebody_types(stage: QWidget, canvas: Canvas) -> None:
    done: list[str] = []
    Commands(stage).add(
        Command(id="run", title="&Run", menu="&Run", keys=("F5", "Ctrl+R"), what=lambda: done.append("run"))
    )
    press(canvas.line, Qt.Key.Key_F5)
    QTest.keyClick(canvas.line, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert done == ["run", "run"]


def test_what_cannot_be_done_is_grey_and_does_nothing(stage: QWidget) -> None:
    done: list[str] = []
    may = [False]
    commands = Commands(stage)
    action = commands.add(
        Command(id="undo", title="&Undo", menu="&Edit", what=lambda: done.append("x"), when=lambda: may[0])
    )
    action.trigger()
    assert done == []
    commands.refresh()
    assert not action.isEnabled()
    may[0] = True
    commands.refresh()
    commands.action("undo").trigger()
    assert done == ["x"]


def test_a_check_mark_follows_what_is_so(stage: QWidget) -> None:
    shown = [True]
    commands = Commands(stage)
    action = commands.add(
        Command(
            id="panel", title="&Panel", menu="&View", checkable=True, checked=lambda: shown[0],
            what=lambda: shown.reverse() or shown.__setitem__(0, not shown[0]),
        )
    )  # fmt: skip
    commands.refresh()
    assert action.isChecked()
    action.trigger()
    assert action.isChecked() is shown[0] is False


def test_the_menus_come_from_the_commands(stage: QWidget) -> None:
    commands = Commands(stage)
    for id, menu, separated in (("new", "&File", False), ("undo", "&Edit", False), ("quit", "&File", True)):
        commands.add(Command(id=id, title=f"&{id}", menu=menu, what=lambda: None, separated=separated))
    bar, recent = QMenuBar(stage), QMenu("Recent", stage)
    commands.fill(bar, {"&File": [recent]})
    assert [one.text() for one in bar.actions()] == ["&File", "&Edit"]
    lines = bar.actions()[0].menu().actions()
    assert [one.text() for one in lines] == ["&new", "", "&quit", "Recent"]
    assert [one.id for one in commands] == ["new", "undo", "quit"]


def test_a_tooltip_says_what_it_does_and_its_key() -> None:
    plain = Command(id="a", title="&Open…", menu="&File", what=lambda: None)
    assert tooltip(plain) == "Open"
    keyed = Command(
        id="b", title="&Run", menu="&Run", keys=("Ctrl+Return",), tip="Run all", what=lambda: None
    )
    assert tooltip(keyed) == "Run all (Ctrl+Return)"


def test_the_letter_for_the_keyboard_is_not_read(qapp: QApplication) -> None:
    for title, read in (
        ("&Open…", "Open"),
        ("打开(&O)…", "打开"),
        ("大图查看(&L)\tSpace", "大图查看"),
        ("100%(&1)", "100%"),
    ):
        assert Command(id="a", title=title, menu="&File", what=lambda: None).words == read
    assert unmarked("文件(&F)") == "文件"
    assert unmarked("Frame (all)") == "Frame (all)"
