"""The photographs of a model: a tag renamed, another order, what is done where a ratio does not fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from app.document.values import NO_FIT, End, Fit
from tests.widgets.conftest import Pictures, stand
from widgets.inspector.references import FocusPicture, ReferenceRow, References
from widgets.theme import Themes

TARGET = End("hero", "reference_images")


def row(
    tag: str, *, fit: Fit = NO_FIT, wrong: str = "", pixels: tuple[int, int] = (600, 400)
) -> ReferenceRow:
    return ReferenceRow(
        source=End(f"photo-{tag}", "image"), target=TARGET, tag=tag, slot=0, title=f"{tag}.png",
        path=Path(f"/nowhere/{tag}.png"), pixels=pixels, fit=fit, wrong=wrong,
    )  # fmt: skip


@pytest.fixture
def references(stage: QWidget, pictures: Pictures, themes: Themes) -> References:
    made = References(pictures, themes)
    stand(stage, made)
    return made


def fields(references: References) -> list[QLineEdit]:
    items = (references.itemWidget(references.item(place)) for place in range(references.count()))
    return [one for item in items for one in item.findChildren(QLineEdit, "tag")]


def button(references: References, words: str) -> QPushButton:
    found = [
        one
        for one in references.findChildren(QPushButton)
        if one.isVisible() and words in (one.text(), one.accessibleName())
    ]
    assert len(found) == 1
    return found[0]


def heard(signal: Any) -> list[tuple[Any, ...]]:
    told: list[tuple[Any, ...]] = []
    signal.connect(lambda *values: told.append(values))
    return told


def test_rows_show_each_photograph_with_its_tag(references: References, pictures: Pictures) -> None:
    references.show_rows([row("sneaker"), row("model", wrong="It is too wide.")])
    assert [one.text() for one in fields(references)] == ["sneaker", "model"]
    words = [one.text() for one in references.findChildren(QLabel)]
    assert "600 × 400 · ratio 1.50 ✓" in words
    assert "It is too wide." in words
    assert [path.name for path in pictures.asked] == ["sneaker.png", "model.png"]
    references.show_rows([row("sneaker"), row("model", wrong="It is too wide.")])
    assert len(pictures.asked) == 2, "what is the same is not built anew"


@pytest.mark.parametrize(
    ("typed", "told"), [("espresso", "espresso"), ("@espresso", "espresso"), ("＠cup", "cup")]
)
def test_a_tag_is_renamed_by_typing(references: References, typed: str, told: str) -> None:
    references.show_rows([row("sneaker"), row("model")])
    renamed = heard(references.tag_typed)
    field = fields(references)[1]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, typed.replace("＠", ""))
    if typed.startswith("＠"):
        field.setCursorPosition(0)
        field.insert("＠")
        field.setModified(True)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert renamed == [(End("photo-model", "image"), TARGET, told)]


def test_a_tag_that_stays_the_same_is_no_edit(references: References) -> None:
    references.show_rows([row("sneaker")])
    renamed = heard(references.tag_typed)
    (field,) = fields(references)
    field.setFocus()
    QTest.keyClicks(field, "x")
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    QTest.keyClick(field, Qt.Key.Key_Return)
    field.clearFocus()
    assert renamed == []


@pytest.mark.parametrize(("old", "before", "new"), [(0, 3, 2), (2, 0, 0), (1, 3, 2), (0, 2, 1)])
def test_rows_are_put_into_another_order(references: References, old: int, before: int, new: int) -> None:
    references.show_rows([row("front"), row("side"), row("detail")])
    moved = heard(references.reordered)
    assert references.model().moveRow(QModelIndex(), old, QModelIndex(), before)
    assert moved == [(old, new)]


def test_a_photograph_is_unlinked(references: References) -> None:
    references.show_rows([row("sneaker"), row("model")])
    unlinked = heard(references.unlinked)
    button(references, "Unlink model.png").click()
    assert unlinked == [(End("photo-model", "image"), TARGET)]


def test_a_fit_is_chosen_and_its_point_is_moved(references: References) -> None:
    references.show_rows([row("wide", fit=Fit(mode="pad", color="#aabbcc"), pixels=(900, 300))])
    chosen = heard(references.fit_chosen)
    button(references, "Crop").click()
    assert chosen[-1][2] == Fit(mode="crop", color="#aabbcc", focus=(0.5, 0.5))
    references.show_rows([row("wide", fit=Fit(mode="crop"), pixels=(900, 300))])
    QApplication.processEvents()
    focus = references.findChildren(FocusPicture)[-1]
    QTest.keyClick(focus, Qt.Key.Key_Left)
    assert chosen[-1][2] == Fit(mode="crop", focus=(0.48, 0.5))
    QTest.mousePress(focus, Qt.MouseButton.LeftButton, pos=QPoint(focus.width() - 1, focus.height() // 2))
    QTest.mouseRelease(focus, Qt.MouseButton.LeftButton, pos=QPoint(focus.width() - 1, focus.height() // 2))
    x, y = chosen[-1][2].focus
    assert 0.97 <= x <= 1.0
    assert y == pytest.approx(0.5, abs=0.03)
    for _ in range(80):
        QTest.keyClick(focus, Qt.Key.Key_Up)
    assert chosen[-1][2].focus[1] == 0.0, "a point stays on its photograph"
    button(references, "As it is").click()
    assert chosen[-1][2].mode == "none"


def test_the_field_being_typed_in_keeps_the_keyboard_when_rows_change(references: References) -> None:
    references.show_rows([row("sneaker"), row("model")])
    fields(references)[1].setFocus()
    references.show_rows([row("trainer"), row("model")])
    QApplication.processEvents()
    assert fields(references)[1].hasFocus()
