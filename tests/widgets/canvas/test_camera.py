"""Panning, zooming and the minimap, by mouse, wheel and keyboard; none of them is a step."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.document.values import Document, Spot
from tests.widgets.canvas.steps import ALT, EMPTY, no_step
from tests.widgets.canvas.test_filling import caught_up
from tests.widgets.canvas.world import Canvas, node
from widgets.canvas.items import NodeItem


@pytest.mark.parametrize("way", ["middle", "space", "alt"])
def test_the_view_is_panned(shown: Canvas, way: str) -> None:
    start = shown.at(*EMPTY)
    seen = shown.view.viewer.seen().topLeft()
    with no_step(shown):
        if way == "middle":
            shown.drag(start, start + QPoint(-70, 30), button=Qt.MouseButton.MiddleButton)
        elif way == "alt":
            shown.drag(start, start + QPoint(-70, 30), held=ALT)
        else:
            viewer = shown.view.viewer
            QTest.keyPress(viewer, Qt.Key.Key_Space)
            shown.drag(start, start + QPoint(-70, 30))
            QTest.keyRelease(viewer, Qt.Key.Key_Space)
    assert shown.view.viewer.seen().topLeft() - seen == QPointF(70, -30)


def wheel(made: Canvas, at: QPoint, angle: int, pixels: QPoint | None = None) -> None:
    event = QWheelEvent(
        QPointF(at), QPointF(made.viewport.mapToGlobal(at)), pixels or QPoint(), QPoint(0, angle),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(made.viewport, event)


def test_the_wheel_zooms_at_the_cursor_within_limits(shown: Canvas) -> None:
    at = shown.on("save")
    under = shown.view.viewer.scene_at(at)
    wheel(shown, at, 120)
    assert shown.view.zoom() == pytest.approx(1.2)
    after = shown.view.viewer.scene_at(at)
    assert (after - under).manhattanLength() < 1.5
    for _ in range(60):
        wheel(shown, at, 120)
    assert shown.view.zoom() == 4.0
    for _ in range(120):
        wheel(shown, at, -120)
    assert shown.view.zoom() == 0.02


def test_a_trackpad_pans_by_its_own_pixels(shown: Canvas) -> None:
    seen = shown.view.viewer.seen().topLeft()
    wheel(shown, shown.at(*EMPTY), 40, QPoint(-12, 25))
    assert shown.view.viewer.seen().topLeft() - seen == QPointF(12, -25)


def test_the_minimap_moves_the_view_and_hides(shown: Canvas) -> None:
    minimap = shown.view.viewer.minimap
    assert minimap is not None
    shown.view.grab_image()
    place = minimap.rect(shown.viewport.size())
    before = shown.view.viewport_center()
    with no_step(shown):
        shown.drag(place.center(), place.center() + QPoint(-30, -10))
    assert shown.view.viewport_center().x() < before.x()
    shown.key(Qt.Key.Key_N)
    assert minimap.rect(shown.viewport.size()).isEmpty()


def test_after_opening_many_only_what_is_near_is_asked_where_it_lies(
    shown: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scene's index that was changed holds all items in one leaf until it hears of its rectangle."""
    asked: list[NodeItem] = []
    bounds = NodeItem.boundingRect

    def counted(item: NodeItem) -> QRectF:
        asked.append(item)
        return bounds(item)

    monkeypatch.setattr(NodeItem, "boundingRect", counted)
    count = 400
    shown.editor.replace(
        Document(
            nodes=MappingProxyType({f"n{number}": node("note", text="…") for number in range(count)}),
            layout=MappingProxyType({f"n{number}": Spot(number * 400.0, 0.0) for number in range(count)}),
        )
    )
    caught_up(shown)
    scene, near = shown.view.viewer.canvas, QRectF(0, 0, 300, 100)
    assert len(scene.items(near)) == 1
    asked.clear()
    assert len(scene.items(near)) == 1
    assert 0 < len(asked) < count / 2
