"""Wheels, trackpads, fingers and pens; the minimap's size. None of them is a step."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.preferences import declared
from app.preferences.options import Option
from tests.widgets.canvas.steps import CTRL, EMPTY, SHIFT, no_step
from tests.widgets.canvas.world import Canvas, canvas, example
from widgets.canvas.hooks import Hooks

PLAIN = Qt.KeyboardModifier.NoModifier


def turn(
    made: Canvas, angle: QPoint, *, at: QPointF | None = None, held: Qt.KeyboardModifier = PLAIN,
    pixels: QPoint | None = None, phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase,
) -> None:  # fmt: skip
    place = at if at is not None else QPointF(made.at(*EMPTY))
    event = QWheelEvent(
        place, made.viewport.mapToGlobal(place), pixels or QPoint(), angle,
        Qt.MouseButton.NoButton, held, phase, False,
    )  # fmt: skip
    QApplication.sendEvent(made.viewport, event)


def corner(made: Canvas) -> QPointF:
    return made.view.viewer.seen().topLeft()


def kept(**values: Any) -> tuple[Hooks, dict[str, Any]]:
    """Settings that are kept in a dictionary."""
    held = {option.id: values[name] for name, option in vars(declared).items() if name in values}

    def recall(option: Option[Any]) -> Any:
        return held.get(option.id, option.default)

    def remember(option: Option[Any], value: Any) -> None:
        held[option.id] = value

    return Hooks(recall=recall, remember=remember), held


def test_shift_turns_the_wheel_sideways_and_a_tilted_wheel_is(shown: Canvas) -> None:
    before = corner(shown)
    turn(shown, QPoint(0, -120), held=SHIFT)
    assert corner(shown) - before == QPointF(60, 0)
    turn(shown, QPoint(120, 0))
    assert corner(shown) - before == QPointF(0, 0)
    assert shown.view.zoom() == 1.0


def test_where_the_wheel_pans_ctrl_zooms(qapp: QApplication) -> None:
    hooks, _ = kept(WHEEL="pans")
    with canvas(qapp, example(), hooks) as made:
        before = corner(made)
        turn(made, QPoint(0, -120))
        turn(made, QPoint(0, -120), held=SHIFT)
        assert corner(made) - before == QPointF(60, 60)
        turn(made, QPoint(0, 120), held=CTRL)
        assert made.view.zoom() == pytest.approx(1.2)


def test_a_fine_wheel_adds_up(qapp: QApplication) -> None:
    hooks, _ = kept(WHEEL="pans")
    with canvas(qapp, example(), hooks) as made:
        before = corner(made)
        for _ in range(120):
            turn(made, QPoint(0, -1))
        assert corner(made) - before == QPointF(0, 60)


def test_fingers_pan_also_where_only_phases_tell_of_them(shown: Canvas) -> None:
    before = corner(shown)
    turn(shown, QPoint(), phase=Qt.ScrollPhase.ScrollBegin)
    turn(shown, QPoint(-24, -48), phase=Qt.ScrollPhase.ScrollUpdate)
    turn(shown, QPoint(-24, -48), pixels=QPoint(-3, -4), phase=Qt.ScrollPhase.ScrollMomentum)
    turn(shown, QPoint(), phase=Qt.ScrollPhase.ScrollEnd)
    assert corner(shown) - before == QPointF(15, 28)
    assert shown.view.zoom() == 1.0
    turn(shown, QPoint(0, 120), pixels=QPoint(0, 30), held=CTRL)
    assert shown.view.zoom() == pytest.approx(1.2)


@pytest.mark.parametrize("at", [QPointF(411.5, 300.25), QPointF(3, 7), QPointF(900.7, 655.1)])
def test_many_fine_turns_keep_the_point_under_the_cursor(shown: Canvas, at: QPointF) -> None:
    under = shown.view.viewer.scene_at(at)
    for step in (7, -5):
        for _ in range(150):
            turn(shown, QPoint(0, step), at=at)
            now = QPointF(shown.view.viewer.viewportTransform().map(under))
            assert max(abs(now.x() - at.x()), abs(now.y() - at.y())) <= 0.51


HIGH = """
from PySide6.QtCore import QPointF, QPoint, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from tests.widgets.canvas.world import canvas, example
app = QApplication([])
worst = 0.0
with canvas(app, example()) as made:
    viewer = made.view.viewer
    at = QPointF(523.5, 301.5)
    under = viewer.scene_at(at)
    for step in [120] * 5 + [11] * 40 + [-120] * 8 + [-3] * 100:
        event = QWheelEvent(at, made.viewport.mapToGlobal(at), QPoint(), QPoint(0, step),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(made.viewport, event)
        now = viewer.viewportTransform().map(under)
        worst = max(worst, abs(now.x() - at.x()), abs(now.y() - at.y()))
    print(made.view.viewer.devicePixelRatioF(), worst * made.view.viewer.devicePixelRatioF())
"""


def test_the_point_under_the_cursor_stays_within_a_pixel_of_a_fine_screen() -> None:
    made = subprocess.run(
        [sys.executable, "-c", HIGH],
        env={**os.environ, "QT_SCALE_FACTOR": "2", "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, timeout=90, check=True,
    )  # fmt: skip
    ratio, worst = map(float, made.stdout.split())
    assert ratio == 2.0
    assert worst <= 1.02, "device pixels"


# --- fingers and pens ------------------------------------------------------------------------


def native(made: Canvas, kind: Qt.NativeGestureType, at: QPointF, value: float, by: QPointF) -> None:
    event = QNativeGestureEvent(
        kind, QPointingDevice.primaryPointingDevice(), 2, at, at, made.viewport.mapToGlobal(at), value, by
    )
    QApplication.sendEvent(made.viewport, event)


def test_a_pinch_on_a_trackpad_zooms_at_the_fingers(shown: Canvas) -> None:
    at = QPointF(shown.on("save"))
    under = shown.view.viewer.scene_at(at)
    with no_step(shown):
        native(shown, Qt.NativeGestureType.BeginNativeGesture, at, 0, QPointF())
        for _ in range(10):
            native(shown, Qt.NativeGestureType.ZoomNativeGesture, at, 0.05, QPointF())
        native(shown, Qt.NativeGestureType.EndNativeGesture, at, 0, QPointF())
    assert shown.view.zoom() == pytest.approx(1.05**10)
    assert (shown.view.viewer.viewportTransform().map(under) - at).manhattanLength() <= 1
    before = corner(shown)
    native(shown, Qt.NativeGestureType.PanNativeGesture, at, 0, QPointF(-30, 10))
    assert (corner(shown) - before) * shown.view.zoom() == QPointF(30, -10)


def test_two_fingers_on_a_screen_zoom_and_end_what_the_first_began(shown: Canvas) -> None:
    screen = QTest.createTouchDevice()
    middle = QPoint(500, 400)
    shown.press(QPoint(600, 500))
    shown.move(QPoint(640, 540))
    zoom = shown.view.zoom()
    with no_step(shown):
        fingers = QTest.touchEvent(shown.viewport, screen)
        fingers.press(0, middle - QPoint(60, 0), shown.viewport)
        fingers.press(1, middle + QPoint(60, 0), shown.viewport)
        fingers.commit()
        for apart in range(70, 130, 6):
            fingers.move(0, middle - QPoint(apart, 0), shown.viewport)
            fingers.move(1, middle + QPoint(apart, 0), shown.viewport)
            fingers.commit()
            QApplication.processEvents()
        assert shown.view.handling.hands.gesture is None
        fingers.release(0, middle - QPoint(124, 0), shown.viewport)
        fingers.release(1, middle + QPoint(124, 0), shown.viewport)
        fingers.commit()
    assert 1.6 < shown.view.zoom() / zoom < 2.2
    shown.release(QPoint(640, 540))


def pen(made: Canvas, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton) -> bool:
    event = QTabletEvent(
        kind, QPointingDevice.primaryPointingDevice(), at, made.viewport.mapToGlobal(at),
        0.7, 0.0, 0.0, 0.0, 0.0, 0.0, PLAIN, button, held,
    )  # fmt: skip
    event.ignore()
    QApplication.sendEvent(made.viewport, event)
    return event.isAccepted()


def test_the_barrel_of_a_pen_pans_and_opens_the_menu(shown: Canvas) -> None:
    right, none = Qt.MouseButton.RightButton, Qt.MouseButton.NoButton
    at, before = QPointF(shown.on("hero")), corner(shown)
    opened: list[str] = []
    shown.view.menu_requested.connect(lambda id, _: opened.append(id))
    assert pen(shown, QEvent.Type.TabletPress, at, right, right)
    for by in (2, 10, 40):
        assert pen(shown, QEvent.Type.TabletMove, at + QPointF(by, by), none, right)
    assert pen(shown, QEvent.Type.TabletRelease, at + QPointF(40, 40), right, none)
    assert corner(shown) - before == QPointF(-40, -40)
    assert opened == []
    pen(shown, QEvent.Type.TabletPress, at + QPointF(40, 40), right, right)
    pen(shown, QEvent.Type.TabletRelease, at + QPointF(40, 40), right, none)
    assert opened == ["hero"]


def test_the_tip_of_a_pen_is_left_to_be_a_mouse(shown: Canvas) -> None:
    left, at = Qt.MouseButton.LeftButton, QPointF(shown.on("hero"))
    assert not pen(shown, QEvent.Type.TabletPress, at, left, left)
    assert not pen(shown, QEvent.Type.TabletMove, at, Qt.MouseButton.NoButton, left)
    assert not pen(shown, QEvent.Type.TabletRelease, at, left, Qt.MouseButton.NoButton)


# --- the minimap -----------------------------------------------------------------------------


def test_the_minimap_is_resized_by_its_corner_and_that_is_kept(qapp: QApplication) -> None:
    hooks, held = kept()
    with canvas(qapp, example(), hooks) as made:
        minimap = made.view.viewer.minimap
        assert minimap is not None
        place = minimap.rect(made.viewport.size())
        grip = place.topLeft() + QPoint(5, 5)
        seen = corner(made)
        with no_step(made):
            made.drag(grip, grip + QPoint(-80, -50))
        larger = minimap.rect(made.viewport.size())
        assert (larger.width(), larger.height()) == (248, 154)
        assert larger.bottomRight() == place.bottomRight()
        assert corner(made) == seen
        assert held[declared.MINIMAP_SIZE.id] == (248, 154)
        grip = larger.topLeft() + QPoint(5, 5)
        made.drag(grip, QPoint(5, 5), let_go=False)
        assert minimap.rect(made.viewport.size()).width() <= made.viewport.width() / 3 + 1
        made.key(Qt.Key.Key_Escape)
        assert minimap.rect(made.viewport.size()) == larger
        made.release(QPoint(5, 5))
        made.view.grab_image()
        made.key(Qt.Key.Key_N)
        assert held[declared.MINIMAP.id] is False
    again, _ = kept(MINIMAP_SIZE=(248, 154), MINIMAP=False)
    with canvas(qapp, example(), again) as made:
        minimap = made.view.viewer.minimap
        assert minimap is not None
        assert not minimap.shown
        assert minimap.size.width() == 248


def test_in_the_minimap_what_is_seen_is_taken_and_elsewhere_is_jumped_to(shown: Canvas) -> None:
    minimap = shown.view.viewer.minimap
    assert minimap is not None
    shown.view.grab_image()
    place = minimap.rect(shown.viewport.size())
    shown.view.zoom_to(3.0)
    shown.view.center_on("hero")
    before = shown.view.viewport_center()
    point = before + QPointF(60, 40)
    scale = minimap._scale()
    at = (QPointF(place.center()) + (point - minimap._bounds.center()) * scale).toPoint()
    shown.press(at)
    assert (shown.view.viewport_center() - before).manhattanLength() < 2, "taken where it was pressed"
    shown.move(at + QPoint(10, 0))
    shown.release(at + QPoint(10, 0))
    assert shown.view.viewport_center().x() - before.x() == pytest.approx(10 / scale, abs=2)
    target = place.topLeft() + QPoint(24, 24)
    wanted = minimap.scene_point(shown.viewport.size(), QPointF(target))
    shown.click(target)
    assert (shown.view.viewport_center() - wanted).manhattanLength() < 2, "jumped to"
