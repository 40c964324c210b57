"""From far away, while the camera moves: the picture painted last goes along, what comes in is painted, and
what rests is painted as if nothing had moved."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest

from tests.widgets.canvas.world import Canvas
from widgets.canvas import overview as overview_module
from widgets.canvas.far_picture import FarPicture
from widgets.canvas.overview import OVERVIEW_BELOW, Overview

REST_MS = 300


@dataclass
class Far:
    """`drawn`: None for each time that all was drawn, else the part of the scene."""

    made: Canvas
    overview: Overview
    drawn: list[QRectF | None] = field(default_factory=list)

    def shot(self) -> QImage:
        return self.made.view.viewer.viewport().grab().toImage()

    def anew(self) -> QImage:
        """What a picture painted from the document would be."""
        kept, self.overview.picture = self.overview.picture, FarPicture(self.overview._draw_still)
        seen = self.shot()
        self.overview.picture = kept
        return seen

    def watch(self) -> None:
        draw = self.overview._draw_still

        def drawn(painter: QPainter, part: QRectF | None) -> None:
            self.drawn.append(part)
            draw(painter, part)

        self.overview.picture = FarPicture(drawn)
        self.overview.picture.cheap_s, self.overview.picture.worth = 0.0, math.inf
        self.shot()
        self.drawn.clear()


@pytest.fixture
def far(shown: Canvas) -> Far:
    shown.view.toggle_minimap()
    shown.view.zoom_to(OVERVIEW_BELOW * 0.9)
    shown.view.center_on("hero")
    overview = shown.view.viewer.overview
    assert overview is not None
    made = Far(shown, overview)
    QTest.qWait(REST_MS)
    made.watch()
    return made


def differing(one: QImage, other: QImage) -> float:
    """Part of the px."""
    pairs = ((x, y) for x in range(0, one.width(), 2) for y in range(0, one.height(), 2))
    unlike = sum(one.pixel(x, y) != other.pixel(x, y) for x, y in pairs)
    return unlike * 4 / (one.width() * one.height())


def test_a_pan_moves_the_picture_and_draws_what_comes_in(far: Far) -> None:
    for dx, dy in ((500, 300), (-60, -30), (-60, -30), (-60, -30)):
        far.made.view.viewer.pan_by(dx, dy)
        assert differing(far.shot(), far.anew()) < 0.001
    assert None not in far.drawn[1:]
    assert len(far.drawn) >= 6


def test_a_pan_at_rest_is_what_is_painted_anew(far: Far) -> None:
    before = far.shot()
    far.made.view.viewer.pan_by(400, 260)
    far.made.view.viewer.pan_by(-380, -251)
    moving = far.shot()
    far.drawn.clear()
    QTest.qWait(REST_MS)
    assert far.shot() == far.anew()
    assert far.shot() != before
    assert None in far.drawn
    assert differing(moving, far.shot()) < 0.001


def test_where_much_comes_in_the_next_picture_is_whole(far: Far) -> None:
    far.overview.picture.worth = 0.0
    for _ in range(2):
        far.made.view.viewer.pan_by(-40, -20)
        far.shot()
    assert far.drawn[-1] is None
    assert far.shot() == far.anew()


def test_a_zoom_stretches_the_picture_until_it_rests(far: Far) -> None:
    for factor in (1.1, 1.1, 1 / 1.1, 1 / 1.1, 1 / 1.1):
        far.made.view.viewer.zoom_by(factor)
        assert differing(far.shot(), far.anew()) < 0.05
    assert None not in far.drawn
    assert far.drawn, "what came in at the edges"
    QTest.qWait(REST_MS)
    assert far.drawn.count(None) == 1
    assert far.shot() == far.anew()


def test_far_stretched_is_painted_anew(far: Far) -> None:
    for _ in range(4):
        far.made.view.viewer.zoom_by(1 / 1.5)
        far.shot()
    assert far.drawn.count(None) >= 1


def test_a_change_while_the_camera_moves_is_seen_at_once(far: Far) -> None:
    far.made.view.viewer.pan_by(30, 20)
    before = far.shot()
    far.made.view.select(["hero"])
    assert far.shot() == far.anew() != before
    accent = QColor(far.overview._graph.easel.kit.colour("accent"))
    middle = far.made.view.viewer.mapFromScene(far.made.view.rect_of("hero").center())
    assert far.shot().pixelColor(middle) == accent


def test_what_is_quickly_painted_is_never_stretched(far: Far) -> None:
    far.overview.picture.cheap_s = 60.0
    far.made.view.viewer.zoom_by(1.1)
    assert far.shot() == far.anew()
    assert far.drawn == [None]


def test_many_cards_are_seen_one_by_one_only_once_a_zoom_rests(
    far: Far, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = far.made.view.viewer
    monkeypatch.setattr(overview_module, "_MANY", 3)
    far.overview.picture.cheap_s = 60.0
    far.shot()
    viewer.zoom_by(1.3)
    assert viewer.zoom > OVERVIEW_BELOW
    assert far.shot() == far.anew()
    assert far.drawn == [None]
    QTest.qWait(REST_MS)
    near = far.shot()
    far.drawn.clear()
    assert near == far.shot()
    assert far.drawn == []
    viewer.zoom_by(1.1)
    far.shot()
    assert far.drawn == [], "it comes from near"
    QTest.qWait(REST_MS)


def test_few_cards_and_a_long_way_are_near_at_once(far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    viewer = far.made.view.viewer
    far.drawn.clear()
    viewer.zoom_by(1.3)
    far.shot()
    assert far.drawn == [], "few"
    monkeypatch.setattr(overview_module, "_MANY", 3)
    viewer.zoom_to(OVERVIEW_BELOW * 0.9)
    far.shot()
    far.drawn.clear()
    viewer.zoom_by(2.0)
    far.shot()
    assert far.drawn == [], "a long way"
