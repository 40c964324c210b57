"""What is painted of a view, in pieces."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QRegion

from widgets.canvas import pieces as module
from widgets.canvas.pieces import pieces_of

VIEW = QSize(1920, 1080)


def region(*rects: tuple[int, int, int, int]) -> QRegion:
    found = QRegion()
    for rect in rects:
        found = found.united(QRegion(QRect(*rect)))
    return found


def test_a_pan_is_two_strips_and_the_minimap() -> None:
    asked = region((1897, 0, 23, 1080), (0, 1071, 1920, 9), (1738, 962, 168, 104), (1715, 953, 168, 104))
    pieces = pieces_of(asked, VIEW)
    assert len(pieces) == 3
    assert sum(piece.width() * piece.height() for piece in pieces) < 0.05 * 1920 * 1080


def test_the_whole_view_and_what_lies_together_are_one() -> None:
    assert pieces_of(region((0, 0, 1920, 1080)), VIEW) == []
    assert pieces_of(region((100, 100, 300, 200), (380, 250, 200, 90)), VIEW) == []
    assert pieces_of(region(), VIEW) == []


def test_pieces_hold_all_that_is_asked() -> None:
    dice = random.Random(7)
    cut = 0
    for _ in range(300):
        rects = [
            (dice.randrange(1800), dice.randrange(1000), dice.randrange(1, 90), dice.randrange(1, 70))
            for _ in range(dice.randrange(1, 9))
        ]
        asked = region(*rects)
        pieces = pieces_of(asked, VIEW)
        cut += bool(pieces)
        if pieces:
            assert asked.subtracted(region(*(piece.getRect() for piece in pieces))).isEmpty()
            assert len(pieces) <= len([*asked])  # type: ignore[call-overload]
    assert cut > 60


def test_of_hundreds_few_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long link that moves leaves a step of its curve in every row."""
    steps = [(60 + 4 * at, 40 + 5 * at, 9, 5) for at in range(190)]
    corner = [(1700 + 3 * at, 20 + 5 * at, 6, 5) for at in range(40)]
    asked = region(*steps, *corner)
    tried = []
    waste = module._waste
    monkeypatch.setattr(module, "_waste", lambda *pair: tried.append(pair) or waste(*pair))
    pieces = pieces_of(asked, VIEW)
    assert len(tried) < 200
    if pieces:
        assert asked.subtracted(region(*(piece.getRect() for piece in pieces))).isEmpty()
    clusters = region(*((left + 6 * at, left // 2 + 6 * at, 5, 5) for left in (20, 1700) for at in range(25)))
    pieces = pieces_of(clusters, VIEW)
    assert len(pieces) == 2
    assert clusters.subtracted(region(*(piece.getRect() for piece in pieces))).isEmpty()
