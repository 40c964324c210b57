"""Fields show a value and tell only what was chosen by hand."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from app.catalogue.cards import Choice, Parameter, ParameterType
from tests.widgets.conftest import stand
from widgets.inspector.fields import ChoiceField, Field, LineField, NoteField, NumberField, SeedField
from widgets.parts.ratio_picture import RatioButton, ratio_of
from widgets.theme import Themes

SEED = Parameter(id="seed", title="Seed", type=ParameterType.SEED, minimum=0, maximum=4294967295)
TAKE = Parameter(id="take", title="Take", type=ParameterType.INTEGER, default=1, minimum=1, maximum=9)
RATIO = Parameter(
    id="aspect_ratio",
    title="Aspect Ratio",
    type=ParameterType.CHOICE,
    choices=tuple(Choice(value=one, title=one) for one in ("16:9", "9:16", "1:1")),
)
RESOLUTION = Parameter(
    id="resolution",
    title="Resolution",
    type=ParameterType.CHOICE,
    choices=(
        Choice(value="720p", title="720p", note="Standard"),
        Choice(value="1080p", title="1080p", note="High quality"),
    ),
)


def heard(field: Field) -> list[tuple[str, Any]]:
    told: list[tuple[str, Any]] = []
    field.chosen.connect(lambda id, value: told.append((id, value)))
    return told


def part(field: Field, name: str) -> QPushButton:
    found = field.findChild(QPushButton, name)
    assert found is not None
    return found


def line(field: Field) -> QLineEdit:
    found = field.findChild(QLineEdit)
    assert found is not None
    return found


@pytest.fixture
def seed(stage: QWidget) -> SeedField:
    field = SeedField(SEED)
    stand(stage, field)
    return field


def test_a_seed_is_typed_and_an_empty_one_is_a_new_one_each_run(seed: SeedField) -> None:
    told = heard(seed)
    QTest.keyClicks(line(seed), "4294967295")
    QTest.keyClick(line(seed), Qt.Key.Key_Return)
    assert told == [("seed", 4294967295)]
    seed.show_value(4294967295)
    line(seed).setFocus()
    line(seed).selectAll()
    QTest.keyClick(line(seed), Qt.Key.Key_Delete)
    QTest.keyClick(line(seed), Qt.Key.Key_Return)
    assert told[-1] == ("seed", None)


def test_a_seed_takes_digits_alone(seed: SeedField) -> None:
    QTest.keyClicks(line(seed), "-1e5 2")
    event = QInputMethodEvent("", [])
    event.setCommitString("四٤")
    QApplication.sendEvent(line(seed), event)
    assert line(seed).text() == "152"


def test_the_die_throws_seeds_that_the_card_takes(seed: SeedField) -> None:
    told = heard(seed)
    for _ in range(20):
        part(seed, "seed-die").click()
    thrown = [value for _, value in told]
    assert len(set(thrown)) > 10
    assert all(0 <= one <= 4294967295 for one in thrown)


def test_the_lock_keeps_the_seed_that_was_used_last(seed: SeedField) -> None:
    told = heard(seed)
    seed.show_value(None)
    seed.show_last(None)
    assert not part(seed, "seed-lock").isEnabled(), "there is nothing to keep before a run"
    seed.show_last(77)
    part(seed, "seed-lock").click()
    seed.show_value(77)
    assert part(seed, "seed-lock").isChecked()
    part(seed, "seed-lock").click()
    assert told == [("seed", 77), ("seed", None)]
    seed.show_value(0)
    assert line(seed).text() == "0", "0 is a seed"


def test_what_is_being_typed_is_not_written_over(seed: SeedField) -> None:
    seed.show_value(1)
    line(seed).setFocus()
    QTest.keyClicks(line(seed), "23")
    seed.show_value(1)
    assert line(seed).text() == "123"
    QTest.keyClick(line(seed), Qt.Key.Key_Return)
    seed.show_value(9)
    assert line(seed).text() == "9"


@pytest.mark.parametrize("parameter", [RATIO, RESOLUTION], ids=lambda one: one.id)
def test_a_choice_is_told_when_it_is_pressed(parameter: Parameter, stage: QWidget, themes: Themes) -> None:
    field = ChoiceField(parameter, themes)
    stand(stage, field)
    told = heard(field)
    buttons = field.findChildren(QAbstractButton)
    assert len(buttons) == len(parameter.choices)
    field.show_value(parameter.choices[0].value)
    assert [one.isChecked() for one in buttons].count(True) == 1
    assert not told
    QTest.mouseClick(buttons[-1], Qt.MouseButton.LeftButton)
    assert told == [(parameter.id, parameter.choices[-1].value)]
    field.show_value("8:1")
    assert not any(one.isChecked() for one in buttons), "a value that the card has not is none of them"
    field.show_value(parameter.choices[0].value)
    assert buttons[0].isChecked()
    QApplication.processEvents()


def test_ratios_are_drawn_and_resolutions_are_words(stage: QWidget, themes: Themes) -> None:
    ratios, words = ChoiceField(RATIO, themes), ChoiceField(RESOLUTION, themes)
    stand(stage, ratios, words)
    assert len(ratios.findChildren(RatioButton)) == 3
    assert [one.text() for one in words.findChildren(QPushButton)] == [
        "720p · Standard",
        "1080p · High quality",
    ]
    assert ratio_of("21:9") == pytest.approx(2.333, abs=0.001)
    assert [ratio_of(one) for one in ("1080p", "1:0", "", ":", "a:b")] == [None] * 5


def test_a_line_is_told_once_when_it_is_finished(stage: QWidget) -> None:
    field = LineField(Parameter(id="name", title="Name", type=ParameterType.TEXT))
    stand(stage, field)
    told, typed = heard(field), []
    field.typing.connect(lambda _id, text: typed.append(text))
    field.show_value("hero")
    line(field).setFocus()
    QTest.keyClick(line(field), Qt.Key.Key_End)
    QTest.keyClicks(line(field), "-2")
    QTest.keyClick(line(field), Qt.Key.Key_Return)
    QTest.keyClick(line(field), Qt.Key.Key_Return)
    assert told == [("name", "hero-2")]
    assert typed == ["hero-", "hero-2"]


def test_a_number_stays_within_its_bounds_and_is_told_when_it_is_finished(stage: QWidget) -> None:
    field = NumberField(TAKE)
    stand(stage, field)
    told = heard(field)
    spin = field.findChild(QSpinBox, "take")
    assert spin is not None
    field.show_value(2)
    assert (spin.value(), told) == (2, [])
    spin.setFocus()
    QTest.keyClick(spin, Qt.Key.Key_Up)
    assert told == [("take", 3)]
    spin.selectAll()
    QTest.keyClicks(spin, "7")
    assert told == [("take", 3)], "not while it is typed"
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert told == [("take", 3), ("take", 7)]
    QTest.keyClick(spin, Qt.Key.Key_Up)
    QTest.keyClick(spin, Qt.Key.Key_Up)
    QTest.keyClick(spin, Qt.Key.Key_Up)
    assert told[-1] == ("take", 9)
    assert len(told) == 4, "nine is the most"


def test_numbers_that_differ_show_none_of_them(stage: QWidget) -> None:
    field = NumberField(TAKE)
    stand(stage, field)
    told = heard(field)
    field.show_mixed()
    spin = field.findChild(QSpinBox, "take")
    assert spin is not None
    assert (spin.text(), told) == ("Mixed", [])
    spin.setFocus()
    QTest.keyClick(spin, Qt.Key.Key_Up)
    assert told == [("take", 1)]
    field.show_same(4)
    assert (spin.text(), len(told)) == ("4", 1)
    QTest.keyClick(spin, Qt.Key.Key_PageDown)
    assert told[-1] == ("take", 1)


def test_a_note_tells_what_is_typed_and_not_what_is_shown(stage: QWidget) -> None:
    field = NoteField(Parameter(id="text", title="Text", type=ParameterType.TEXT))
    stand(stage, field)
    typed: list[str] = []
    field.typing.connect(lambda _id, text: typed.append(text))
    field.show_value("one\ntwo")
    text = field.findChild(QPlainTextEdit)
    assert text is not None
    assert not typed
    QTest.keyClicks(text, "x")
    assert typed == ["xone\ntwo"]
