"""The palette: kinds by family with their price, templates, by mouse and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from app.catalogue.reader import read_cards
from app.nodes.registry import build_kinds
from app.preferences.templates import OwnTemplate
from app.studio.desk import Template
from tests.widgets.conftest import stand
from widgets.palette.palette import OwnRow, Palette, Row, role_of
from widgets.theme import Choice, Themes

KINDS = build_kinds(read_cards())


@pytest.fixture
def palette(stage: QWidget, themes: Themes) -> Palette:
    made = Palette(KINDS, [Template(id="product-shot", title="Product shot", summary="A shoe.")], themes)
    stand(stage, made)
    return made


def row(palette: Palette, name: str) -> Row:
    return next(one for one in palette.findChildren(Row) if one.accessibleName().split(",")[0] == name)


def test_every_kind_that_can_be_placed_is_there_once(palette: Palette) -> None:
    names = [one.accessibleName() for one in palette.findChildren(Row)]
    assert len(names) == len(set(names))
    assert "Gen4 Image, 100 credits" in names
    assert {one.split(",")[0] for one in names} >= {
        "Prompt",
        "Reference Image",
        "Preview",
        "Save Image",
        "Note",
    }
    captions = [one.text() for one in palette.findChildren(QLabel) if one.text().isupper()]
    assert captions == ["INPUTS", "MODELS", "OUTPUTS", "LAYOUT", "TEMPLATES"]


def test_a_row_is_pressed_by_mouse_and_keyboard(palette: Palette) -> None:
    kinds, templates, searches = [], [], []
    palette.kind_wanted.connect(kinds.append)
    palette.template_wanted.connect(templates.append)
    palette.search_wanted.connect(lambda: searches.append(None))
    QTest.mouseClick(row(palette, "Gen4 Image"), Qt.MouseButton.LeftButton)
    row(palette, "Prompt").setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_A):
        QTest.keyClick(row(palette, "Prompt"), key)
    QTest.mouseClick(row(palette, "Product shot"), Qt.MouseButton.LeftButton)
    button = palette.findChild(QPushButton, "palette-search")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert kinds == ["gen4-image", "prompt", "prompt", "prompt"]
    assert templates == ["product-shot"]
    assert len(searches) == 1


def test_a_press_that_ends_elsewhere_is_none(palette: Palette) -> None:
    kinds: list[str] = []
    palette.kind_wanted.connect(kinds.append)
    prompt = row(palette, "Prompt")
    QTest.mousePress(prompt, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(prompt, Qt.MouseButton.LeftButton, pos=prompt.rect().bottomRight() * 3)
    assert kinds == []


def test_another_theme_paints_it_anew(palette: Palette, themes: Themes) -> None:
    dark = palette.grab().toImage()
    themes.choose(Choice.LIGHT)
    QApplication.processEvents()
    light = palette.grab().toImage()
    themes.choose(Choice.DARK)
    assert dark != light


@pytest.mark.parametrize(
    ("kind", "role"),
    [("prompt", "prompt"), ("reference-image", "image"), ("gen4-image", "model"), ("note", "neutral")],
)
def test_dots_have_the_colour_of_what_a_kind_gives(kind: str, role: str) -> None:
    assert role_of(KINDS[kind]) == role


def test_own_templates_are_put_in_and_removed(palette: Palette) -> None:
    wanted, removed = [], []
    palette.own_wanted.connect(wanted.append)
    palette.own_removed.connect(removed.append)
    palette.show_own([OwnTemplate(title=one, summary="2 nodes") for one in ("Café", "Set")])
    QApplication.processEvents()
    mine = row(palette, "Set")
    assert "2 nodes" in mine.toolTip()
    order = [one.accessibleName() for one in palette.findChildren(Row) if one.isVisible()]
    assert sorted(order[-3:]) == ["Café", "Product shot", "Set"]
    assert row(palette, "Product shot").y() < row(palette, "Café").y() < mine.y()
    QTest.mouseClick(mine, Qt.MouseButton.LeftButton, pos=mine.rect().center())
    mine.setFocus()
    QTest.keyClick(mine, Qt.Key.Key_Return)
    assert wanted == ["Set", "Set"]
    QApplication.processEvents()  # a scroll bar may have come with the rows: the cross lies further left then
    cross = QPoint(mine.width() - 16, mine.height() // 2)
    QTest.mouseMove(mine, cross)
    QTest.mouseClick(mine, Qt.MouseButton.LeftButton, pos=cross)
    QTest.keyClick(mine, Qt.Key.Key_Delete)
    assert removed == ["Set", "Set"]
    assert wanted == ["Set", "Set"]
    palette.show_own([OwnTemplate(title="Café", summary="2 nodes")])
    QApplication.processEvents()
    assert [one.accessibleName() for one in palette.findChildren(OwnRow) if one.isVisible()] == ["Café"]
