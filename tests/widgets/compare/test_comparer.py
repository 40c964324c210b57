"""Two to nine pictures: four modes, their keys, the mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.imaging.difference import amplified, difference
from tests.widgets.compare.conftest import BLUE, GREEN, GREY, RED, Table, flat, noise, part, saved, turn
from tests.widgets.conftest import comes
from widgets.compare.comparison import Mode
from widgets.parts.shown import Shown

LEFT = Qt.MouseButton.LeftButton
SHIFT, ALT, CTRL = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def key(table: Table, which: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(table.comparer, which, held)


def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(widget, LEFT, pos=start)
    QTest.mouseMove(widget, (start + end) / 2)
    QTest.mouseMove(widget, end)
    QTest.mouseRelease(widget, LEFT, pos=end)


# --- wipe ---


def test_a_wipe_shows_a_at_the_left_and_b_at_the_right(table: Table, stage: QWidget, tmp_path: Path) -> None:
    table.compare(flat(tmp_path, RED, GREEN), Mode.WIPE)
    assert table.comparer.size() == stage.size()
    assert table.comparer.hasFocus()
    middle = table.surface.height() // 2
    assert table.colour(480, middle) == RED
    assert table.colour(520, middle) == GREEN


def test_the_divider_is_dragged_and_nothing_else_moves(table: Table, tmp_path: Path) -> None:
    table.compare(flat(tmp_path, RED, GREEN, size=(1800, 900)), Mode.WIPE)
    middle = table.surface.height() // 2
    drag(table.surface, QPoint(503, middle), QPoint(700, middle))
    assert table.comparer.state.split == pytest.approx(0.7)
    assert (table.colour(680, middle), table.colour(720, middle)) == (RED, GREEN)
    assert table.surface.camera.zoom == 0.0, "the picture has not been panned"
    key(table, Qt.Key.Key_Left, ALT)
    assert table.comparer.state.split == pytest.approx(0.65)
    key(table, Qt.Key.Key_X)
    assert (table.colour(600, middle), table.colour(680, middle)) == (GREEN, RED)


def test_with_more_than_two_it_is_chosen_which(table: Table, tmp_path: Path) -> None:
    table.compare(flat(tmp_path, RED, GREEN, BLUE, GREY), Mode.WIPE)
    bar, middle = table.comparer.bar, table.surface.height() // 2
    assert bar.b.isVisible()
    assert [bar.b.itemText(at)[:9] for at in range(4)] == [f"{n}  Hero {n}" for n in (1, 2, 3, 4)]
    key(table, Qt.Key.Key_Right)
    assert comes(lambda: table.colour(520, middle) == BLUE), "B is stepped on"
    key(table, Qt.Key.Key_Right, SHIFT)
    assert comes(lambda: table.colour(480, middle) == GREEN), "A is stepped on"
    key(table, Qt.Key.Key_Right, SHIFT)
    assert comes(lambda: table.colour(480, middle) == GREY), "past B: never the same twice"
    bar.a.activated.emit(2)
    assert comes(lambda: (table.colour(480, middle), table.colour(520, middle)) == (BLUE, GREY)), "swapped"
    assert (bar.a.currentIndex(), bar.b.currentIndex()) == (2, 3)


# --- side by side ---


@pytest.mark.parametrize("count", [2, 3, 4, 9])
def test_side_by_side_shows_all_in_order(table: Table, tmp_path: Path, count: int) -> None:
    colours = [(40 + 20 * at, 200 - 20 * at, 90) for at in range(count)]
    table.compare(flat(tmp_path, *colours), Mode.SIDE)
    panes = table.surface.panes()
    assert len(panes) == count
    seen = [table.colour(round(one.center().x()), round(one.center().y())) for one in panes]
    assert seen == colours
    assert not any(a.intersects(b) for a in panes for b in panes if a is not b)


def test_pan_and_zoom_are_joined(table: Table, tmp_path: Path) -> None:
    """What lies under the pointer in one pane lies at the same place in the other."""
    image = noise(1600, 1200)
    paths = [saved(tmp_path, f"{name}.png", image) for name in "ab"]
    table.compare([Shown(path, path.stem) for path in paths], Mode.SIDE)
    first, second = table.surface.panes()
    key(table, Qt.Key.Key_1)
    drag(table.surface, first.center().toPoint(), first.center().toPoint() + QPoint(90, -50))
    turn(table.surface, QPointF(second.center()), 240)
    assert table.surface.scale() > 1.2
    key(table, Qt.Key.Key_2)
    assert comes(table.calm)
    seen = table.picture()
    inner = [pane.adjusted(0, 40, 0, -4) for pane in (first, second)]  # without the labels
    assert part(seen, inner[0]).tobytes() == part(seen, inner[1]).tobytes()
    key(table, Qt.Key.Key_F)
    assert table.surface.camera.zoom == 0.0


def test_the_wheel_keeps_what_is_under_the_pointer(table: Table, tmp_path: Path) -> None:
    table.compare(flat(tmp_path, RED, GREEN, size=(900, 500)), Mode.BLINK)
    room, at = table.surface.whole(), QPointF(700, 200)
    before = table.surface.camera.pixel(at, room)
    for turned in (360, 120, -240):
        turn(table.surface, at, turned)
    after = table.surface.camera.pixel(at, room)
    assert (after - before).manhattanLength() < 3
    for _ in range(80):
        turn(table.surface, at, 1200)
    assert table.surface.scale() <= 32
    for _ in range(80):
        turn(table.surface, at, -1200)
    assert table.surface.scale() >= 0.02


# --- difference ---


def test_identical_pictures_are_said_to_be_and_are_black(table: Table, tmp_path: Path) -> None:
    image = noise(500, 300)
    shown = [Shown(saved(tmp_path, f"{kind}.{kind}", image), kind) for kind in ("png", "bmp")]
    table.compare(shown, Mode.DIFFERENCE)
    assert comes(lambda: "Identical" in table.surface.told())
    seen = part(table.picture(), table.surface.camera.box(table.surface.whole()))
    assert seen.getextrema() == ((0, 0), (0, 0), (0, 0))
    assert "Identical" in table.comparer.accessibleDescription()


def test_the_difference_is_pillows_own_amplified(table: Table, tmp_path: Path) -> None:
    one = noise(400, 300)
    other = one.copy()
    other.paste((10, 20, 30), (100, 50, 160, 90))
    shown = [Shown(saved(tmp_path, f"{at}.png", image), str(at)) for at, image in enumerate((one, other))]
    table.compare(shown, Mode.DIFFERENCE)
    assert comes(lambda: bool(table.surface.told()))
    found = difference(one, other)
    box = table.surface.camera.box(table.surface.whole())
    assert box.width() == 400, "at its own size"
    for factor in (8, 16, 32, 64, 64):
        told = table.surface.told()
        assert f"{100 * found.differing / (400 * 300):.2f} %" in told
        assert f"{found.most} of 255" in told
        assert told.endswith(f"× {factor}")
        assert part(table.picture(), box).tobytes() == amplified(found.image, factor).tobytes()
        key(table, Qt.Key.Key_BracketRight)
        after = table.comparer.state.factor
        assert comes(lambda after=after: table.surface.told().endswith(f"× {after}"))  # type: ignore[misc]
    key(table, Qt.Key.Key_BracketLeft)
    assert table.comparer.state.factor == 32


def test_one_pixel_of_a_large_picture_is_seen_when_it_is_small(table: Table, tmp_path: Path) -> None:
    one = Image.new("RGB", (3840, 2160), GREY)
    other = one.copy()
    other.putpixel((2001, 1003), (101, 110, 120))
    shown = [Shown(saved(tmp_path, f"{at}.png", image), str(at)) for at, image in enumerate((one, other))]
    table.compare(shown, Mode.DIFFERENCE)
    assert comes(lambda: bool(table.surface.told()), 20)
    assert "< 0.01 %" in table.surface.told()
    seen = part(table.picture(), table.surface.camera.box(table.surface.whole()))
    assert seen.getextrema()[0][1] > 0
    assert seen.getextrema()[1:] == ((0, 0), (0, 0))


# --- blink ---


def test_it_blinks_by_itself_and_by_hand(table: Table, tmp_path: Path) -> None:
    table.compare(flat(tmp_path, RED, GREEN), Mode.BLINK)
    x, y = 500, table.surface.height() // 2
    assert comes(lambda: table.colour(x, y) == GREEN)
    assert comes(lambda: table.colour(x, y) == RED)
    key(table, Qt.Key.Key_Space)
    now = table.colour(x, y)
    QTest.qWait(table.comparer.state.period + 150)
    assert table.colour(x, y) == now, "a key stops it"
    key(table, Qt.Key.Key_Space)
    assert {now, table.colour(x, y)} == {RED, GREEN}
    key(table, Qt.Key.Key_P)
    assert comes(lambda: table.colour(x, y) == now), "by itself again"
    before = table.comparer.state.period
    key(table, Qt.Key.Key_BracketRight)
    assert table.comparer.state.period < before
    assert table.comparer.state.period > 333, "never three flashes a second"


def test_with_less_motion_nothing_blinks_by_itself(table: Table, still: list[bool], tmp_path: Path) -> None:
    still[0] = True
    table.compare(flat(tmp_path, RED, GREEN), Mode.BLINK)
    x, y = 500, table.surface.height() // 2
    QTest.qWait(table.comparer.state.period + 200)
    assert table.colour(x, y) == RED
    key(table, Qt.Key.Key_Space)
    assert table.colour(x, y) == GREEN
    key(table, Qt.Key.Key_Space)
    assert table.colour(x, y) == RED


# --- sizes, faults, keys, the end ---


def test_other_sizes_are_fitted_onto_each_other_and_it_is_said(table: Table, tmp_path: Path) -> None:
    large, small = Image.new("RGB", (800, 600), RED), Image.new("RGB", (400, 300), GREEN)
    shown = [
        Shown(saved(tmp_path, "large.png", large), "Large"),
        Shown(saved(tmp_path, "small.png", small), "Small"),
    ]
    table.compare(shown, Mode.WIPE)
    box = table.surface.camera.box(table.surface.whole())
    middle = round(box.center().y())
    assert table.colour(round(box.left()) + 2, middle) == RED
    assert table.colour(round(box.right()) - 3, middle) == GREEN, "as wide as the large one"
    assert table.surface.words(shown[0]) == "Large  ·  800 × 600"
    assert table.surface.words(shown[1]) == "Small  ·  400 × 300, shown at 200 %"
    key(table, Qt.Key.Key_D)
    assert comes(lambda: bool(table.surface.told()))
    assert table.surface.told().startswith("100.00 %")


def test_of_one_size_no_size_is_said(table: Table, tmp_path: Path) -> None:
    shown = flat(tmp_path, RED, GREEN)
    table.compare(shown, Mode.SIDE)
    assert [table.surface.words(one) for one in shown] == [one.words for one in shown]


@pytest.mark.parametrize("mode", Mode)
def test_a_file_that_is_no_picture_says_so_in_its_place(table: Table, tmp_path: Path, mode: Mode) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    table.compare([Shown(broken, "Broken"), *flat(tmp_path, RED)], mode)
    assert table.comparer.gallery.fault(broken) is not None
    assert table.picture().getcolors(1 << 24) is not None
    key(table, Qt.Key.Key_Escape)
    assert not table.comparer.isVisible()


def test_keys_choose_the_mode(table: Table, tmp_path: Path) -> None:
    table.compare(flat(tmp_path, RED, GREEN), Mode.WIPE)
    for which, mode in (
        (Qt.Key.Key_S, Mode.SIDE),
        (Qt.Key.Key_D, Mode.DIFFERENCE),
        (Qt.Key.Key_B, Mode.BLINK),
        (Qt.Key.Key_W, Mode.WIPE),
    ):
        key(table, which)
        assert table.comparer.state.mode is mode
        assert [one for one, button in table.comparer.bar.modes.items() if button.isChecked()] == [mode]
    QTest.mouseClick(table.comparer.bar.modes[Mode.SIDE], LEFT)
    assert table.comparer.state.mode is Mode.SIDE
    assert table.comparer.hasFocus(), "keys still go to the pictures"


def test_escape_puts_it_away_and_keeps_nothing(table: Table, tmp_path: Path) -> None:
    closed: list[None] = []
    table.comparer.closed.connect(lambda: closed.append(None))
    table.compare(flat(tmp_path, RED, GREEN), Mode.BLINK)
    assert table.comparer.gallery.bytes > 0
    key(table, Qt.Key.Key_Escape)
    assert not table.comparer.isVisible()
    assert len(closed) == 1
    assert table.comparer.gallery.bytes == 0
    table.compare(flat(tmp_path, BLUE, GREY), Mode.WIPE)
    assert table.colour(480, 300) == BLUE, "and it opens again"


def test_it_follows_the_window_and_tab_stays_inside(table: Table, stage: QWidget, tmp_path: Path) -> None:
    table.compare(flat(tmp_path, RED, GREEN), Mode.WIPE)
    stage.resize(700, 500)
    assert comes(lambda: table.comparer.size() == stage.size())
    reached = set()
    for _ in range(12):
        QTest.keyClick(stage.focusWidget() or table.comparer, Qt.Key.Key_Tab)
        focused = stage.focusWidget()
        assert focused is not None
        assert focused is table.comparer or table.comparer.isAncestorOf(focused)
        reached.add(focused.objectName())
    assert {"comparer", "compare-wipe", "compare-blink", "compare-fit", "compare-close"} <= reached


def test_fewer_than_two_are_no_comparison(table: Table, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two pictures"):
        table.comparer.compare(flat(tmp_path, RED))
    many = flat(tmp_path, *[RED] * 12)
    table.compare(many, Mode.SIDE)
    assert len(table.comparer.state.shown) == 9
