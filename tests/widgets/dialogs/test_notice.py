from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from tests.widgets.conftest import stand
from widgets.dialogs.notice import Answer, Notice, Question


@pytest.fixture
def notice(stage: QWidget) -> Iterator[Notice]:
    made = Notice(stage)
    yield made
    made.deleteLater()


def question(name: str, done: list[str], words: str = "Words.") -> Question:
    answers = (
        Answer(name=f"{name}-yes", words="Yes", what=lambda: done.append(f"{name} yes")),
        Answer(name=f"{name}-no", words="No", what=lambda: done.append(f"{name} no")),
    )
    return Question(title=f"Title {name}", words=words, answers=answers)


def press(notice: Notice, name: str) -> None:
    button = next(one for one in notice.findChildren(QPushButton, name) if one.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_it_waits_for_an_answer_and_takes_no_keyboard(notice: Notice, stage: QWidget) -> None:
    field = QLineEdit()
    stand(stage, field)
    field.setFocus()
    done: list[str] = []
    notice.ask(question("one", done))
    QApplication.processEvents()
    assert notice.isVisible()
    assert field.hasFocus()
    assert notice.accessibleName() == "Title one Words."
    assert {one.textFormat() for one in notice.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
    press(notice, "one-no")
    assert done == ["one no"]
    assert not notice.isVisible()


def test_one_question_at_a_time(notice: Notice) -> None:
    done: list[str] = []
    notice.ask(question("one", done))
    notice.ask(question("two", done, words=""))
    assert notice.question is not None
    assert notice.question.title == "Title one"
    press(notice, "one-yes")
    assert notice.isVisible()
    assert notice.accessibleName() == "Title two"
    press(notice, "two-yes")
    assert done == ["one yes", "two yes"]
    assert notice.question is None


def test_it_stays_within_what_it_lies_over(notice: Notice, stage: QWidget) -> None:
    notice.ask(question("one", [], words="long words " * 40))
    for width in (240, 420, 1200):
        stage.resize(width, 500)
        QApplication.processEvents()
        assert stage.rect().contains(notice.geometry())
