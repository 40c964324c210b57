"""Lines to which a dragged card clings: edges and middles of the cards that are seen, and equal air."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable

from msgspec import Struct
from PySide6.QtCore import QLineF, QPointF, QRectF

from widgets.canvas.items import NodeItem
from widgets.canvas.overview import OVERVIEW_BELOW
from widgets.canvas.stage import Stage

CLING = 6.0
"""Px within which a card clings to a line."""
_SAME = 0.75
_OUT = 8.0
"""Px that a guide goes beyond the cards."""
_TICK = 4.0

Span = tuple[float, float]
"""From, to."""


class Cling(Struct):
    """How far to move on one axis, and what to draw for it."""

    by: float
    lines: list[QLineF]


class Guides:
    """Made when a drag begins. Places of the cards that lie still are sorted once, and again when the view
    shows others; each move looks only at what is near. None from far away, where cards are mere blocks."""

    def __init__(self, stage: Stage, moving: Collection[str]) -> None:
        self._stage = stage
        self._moving = frozenset(moving)
        self._area = QRectF()
        self._across = _Axis(())
        self._down = _Axis(())

    def cling(self, rect: QRectF) -> tuple[QPointF, tuple[QLineF, ...]]:
        """By how much the rectangle is moved on so that it lies on a line, and the lines to be drawn."""
        zoom = self._stage.zoom
        if zoom < OVERVIEW_BELOW:
            return QPointF(), ()
        self._look()
        reach = CLING / zoom
        x, width = (rect.left(), rect.right()), (rect.top(), rect.bottom())
        across, down = self._across.nearest(x, width, reach), self._down.nearest(width, x, reach)
        moved = rect.translated(across or 0.0, down or 0.0)
        lines: list[QLineF] = []
        over, up = (moved.left(), moved.right()), (moved.top(), moved.bottom())
        if across is not None:
            lines += [_upright(*one) for one in self._across.lines(over, up, _OUT / zoom)]
        else:
            even = self._across.even(over, up, reach)
            if even is not None:
                moved.translate(even[0], 0)
                lines += [line for gap in even[1] for line in _dimension(*gap, _TICK / zoom)]
        if down is not None:
            lines += [_flat(*one) for one in self._down.lines(up, (moved.left(), moved.right()), _OUT / zoom)]
        else:
            even = self._down.even(up, (moved.left(), moved.right()), reach)
            if even is not None:
                moved.translate(0, even[0])
                lines += [_turned(line) for gap in even[1] for line in _dimension(*gap, _TICK / zoom)]
        return moved.topLeft() - rect.topLeft(), tuple(lines)

    def _look(self) -> None:
        seen = self._stage.viewer.seen()
        if self._area.contains(seen):
            return
        self._area = seen.adjusted(-40, -40, 40, 40)
        rects = [
            self._stage.item_rect(item)
            for item in self._stage.viewer.canvas.items(seen)
            if isinstance(item, NodeItem) and item.id not in self._moving
        ]
        self._across = _Axis(((one.left(), one.right()), (one.top(), one.bottom())) for one in rects)
        self._down = _Axis(((one.top(), one.bottom()), (one.left(), one.right())) for one in rects)


class _Axis:
    """Cards along one axis: sorted edges, sorted middles, and sorted by where they begin across it."""

    def __init__(self, cards: Iterable[tuple[Span, Span]]) -> None:
        self._cards = list(cards)
        edges = [(edge, at) for at, (along, _) in enumerate(self._cards) for edge in along]
        middles = [(sum(along) / 2, at) for at, (along, _) in enumerate(self._cards)]
        self._edges, self._middles = sorted(edges), sorted(middles)
        self._begins = sorted((aside[0], at) for at, (_, aside) in enumerate(self._cards))
        self._longest = max((aside[1] - aside[0] for _, aside in self._cards), default=0.0)

    def nearest(self, along: Span, aside: Span, reach: float) -> float | None:
        """The least move that puts an edge on an edge, or the middle on a middle; the nearest card's wins."""
        best: tuple[float, float] | None = None
        found = 0.0
        for own, table in self._pairs(along):
            for place, at in _between(table, own - reach, own + reach):
                away = (abs(round(place - own, 1)), _gap(aside, self._cards[at][1]))
                if best is None or away < best:
                    best, found = away, place - own
        return found if best is not None else None

    def lines(self, along: Span, aside: Span, out: float) -> list[tuple[float, float, float]]:
        """Place, from, to: what the card lies on now, as far as the nearest card that lies on it too. A line
        over the whole row would have every card in it painted at each move."""
        lines: dict[float, tuple[float, float, float]] = {}
        for own, table in self._pairs(along):
            others = [self._cards[at][1] for _, at in _between(table, own - _SAME, own + _SAME)]
            if others:
                nearest = min(others, key=lambda other: (_gap(aside, other), other))
                lines[round(own)] = (
                    own, min(aside[0], nearest[0]) - out, max(aside[1], nearest[1]) + out
                )  # fmt: skip
        return list(lines.values())

    def _pairs(self, along: Span) -> tuple[tuple[float, list[tuple[float, int]]], ...]:
        return ((along[0], self._edges), (along[1], self._edges), (sum(along) / 2, self._middles))

    def even(
        self, along: Span, aside: Span, reach: float
    ) -> tuple[float, list[tuple[float, float, float]]] | None:
        """The same air on both sides, or the same as between the two cards before or behind; and the gaps
        as from, to, and where across."""
        begins = _between(self._begins, aside[0] - self._longest, aside[1])
        row = sorted(self._cards[at][0] for _, at in begins if self._cards[at][1][1] > aside[0])
        left = [one for one in row if one[1] <= along[0] + reach]
        right = [one for one in row if one[0] >= along[1] - reach]
        length, middle = along[1] - along[0], sum(aside) / 2
        wishes: list[tuple[float, list[tuple[float, float, float]]]] = []
        if left and right:
            before, behind = max(one[1] for one in left), right[0][0]
            at = (before + behind - length) / 2
            wishes.append((at, [(before, at, middle), (at + length, behind, middle)]))
        if len(left) > 1 and left[-1][0] > left[-2][1]:
            air = left[-1][0] - left[-2][1]
            at = left[-1][1] + air
            wishes.append((at, [(left[-2][1], left[-1][0], middle), (left[-1][1], at, middle)]))
        if len(right) > 1 and right[1][0] > right[0][1]:
            air = right[1][0] - right[0][1]
            at = right[0][0] - air - length
            wishes.append((at, [(at + length, right[0][0], middle), (right[0][1], right[1][0], middle)]))
        wishes = [(at - along[0], gaps) for at, gaps in wishes if gaps[0][1] >= gaps[0][0]]
        best = min(wishes, key=lambda one: abs(one[0]), default=None)
        return best if best is not None and abs(best[0]) <= reach else None


def _between(table: list[tuple[float, int]], low: float, high: float) -> list[tuple[float, int]]:
    return table[bisect_left(table, (low, -1)) : bisect_right(table, (high, len(table)))]


def _gap(one: Span, other: Span) -> float:
    return max(0.0, one[0] - other[1], other[0] - one[1])


def _upright(x: float, first: float, last: float) -> QLineF:
    return QLineF(x, first, x, last)


def _flat(y: float, first: float, last: float) -> QLineF:
    return QLineF(first, y, last, y)


def _dimension(first: float, last: float, at: float, tick: float) -> tuple[QLineF, ...]:
    """A gap as it is measured in a drawing: a line with an end on each side."""
    return (
        QLineF(first, at, last, at),
        QLineF(first, at - tick, first, at + tick),
        QLineF(last, at - tick, last, at + tick),
    )


def _turned(line: QLineF) -> QLineF:
    return QLineF(line.y1(), line.x1(), line.y2(), line.x2())
