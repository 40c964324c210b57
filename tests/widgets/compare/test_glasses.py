"""The loupe over a comparison: the same place of every picture, each under its own glass."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QSizeF, Qt
from PySide6.QtTest import QTest

from tests.widgets.compare.conftest import GREEN, RED, Table, flat, saved, turn
from widgets.compare.comparison import Mode
from widgets.compare.glasses import place_in
from widgets.compare.loupe import SIDE, TIMES
from widgets.parts.shown import Shown


def dotted(folder: Path, name: str, dot: tuple[int, int], size: tuple[int, int]) -> Shown:
    """Black with one white pixel."""
    image = Image.new("RGB", size)
    image.putpixel(dot, (255, 255, 255))
    return Shown(saved(folder, name, image), name)


def over(table: Table, x: int, y: int) -> None:
    QTest.mouseMove(table.surface, QPoint(x, y))


def test_both_pictures_are_seen_at_the_same_place(table: Table, tmp_path: Path) -> None:
    table.compare(flat(tmp_path, RED, GREEN), Mode.WIPE)
    over(table, 420, 300)
    QTest.keyClick(table.comparer, Qt.Key.Key_L)
    assert table.comparer.bar.loupe.isChecked()
    one, other = table.surface.spots()
    assert one.place == other.place
    assert other.at.x() - one.at.x() == pytest.approx(SIDE + 8)
    # The glass of A lies over its own picture, that of B over A's: it shows B all the same.
    left, right = (round(spot.at.x() + 30) for spot in (one, other))
    assert (table.colour(left, 340), table.colour(right, 340)) == (RED, GREEN)
    QTest.keyClick(table.comparer, Qt.Key.Key_L)
    assert not table.comparer.bar.loupe.isChecked()
    assert table.colour(left, 340) == RED


def test_pictures_of_other_sizes_are_met_at_their_own_pixel(table: Table, tmp_path: Path) -> None:
    large = dotted(tmp_path, "large.png", (200, 100), (400, 200))
    small = dotted(tmp_path, "small.png", (100, 50), (200, 100))
    table.compare((large, small), Mode.SIDE)
    table.surface.zoom_to(1.0)  # smaller, a pixel may have no place of its own on the screen
    home = table.surface.panes()[0]
    at = table.surface.camera.box(home)
    scale = table.surface.camera.scale(home.size())
    over(table, int(at.left() + 200.5 * scale), int(at.top() + 100.5 * scale))
    QTest.keyPress(table.comparer, Qt.Key.Key_Z)
    first, second = table.surface.spots()
    assert (int(first.place.x()), int(first.place.y())) == (200, 100)
    assert (int(second.place.x()), int(second.place.y())) == (100, 50)
    for spot in (first, second):
        assert table.colour(round(spot.at.x()), round(spot.at.y())) == (255, 255, 255)
    QTest.keyRelease(table.comparer, Qt.Key.Key_Z)
    assert not table.surface.glasses.there


def test_the_wheel_makes_the_glass_stronger_and_leaves_the_pictures(table: Table, tmp_path: Path) -> None:
    table.compare(flat(tmp_path, RED, GREEN), Mode.BLINK)
    over(table, 300, 300)
    table.comparer.toggle_loupe()
    zoom = table.surface.camera.zoom
    seen = []
    for turned in (120, 120, -120, -120, -120):
        turn(table.surface, QPointF(300, 300), turned)
        seen.append(table.surface.glasses.times)
    assert seen == [TIMES[2], TIMES[2], TIMES[1], TIMES[0], TIMES[0]]
    assert table.surface.camera.zoom == zoom


def test_glasses_stay_inside_at_the_edge(table: Table, tmp_path: Path) -> None:
    table.compare(flat(tmp_path, RED, GREEN, size=(2000, 1400)), Mode.WIPE)
    table.comparer.toggle_loupe()
    for x in (1, table.surface.width() - 2):
        over(table, x, 300)
        one, other = table.surface.spots()
        assert one.at.x() - SIDE / 2 >= 0
        assert other.at.x() + SIDE / 2 <= table.surface.width()


def test_what_is_held_is_let_go_when_the_comparison_is_put_away(table: Table, tmp_path: Path) -> None:
    table.compare(flat(tmp_path, RED, GREEN), Mode.WIPE)
    QTest.keyPress(table.comparer, Qt.Key.Key_Z)
    assert table.surface.glasses.there
    table.comparer.put_away()
    assert not table.surface.glasses.there
    assert table.surface.spots() == []


def test_a_picture_in_the_middle_of_its_frame() -> None:
    assert place_in(QSizeF(100, 100), QSizeF(400, 200), QPointF(200, 100)) == QPointF(50, 50)
    assert place_in(QSizeF(100, 100), QSizeF(400, 200), QPointF(100, 0)) == QPointF(0, 0)
