"""Lining nodes up by an edge or by their middles, and equal air between them. Pure: sizes are given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from app.document.edits import move
from app.document.values import Document, Spot

Size = tuple[float, float]
"""Width and height of a card, in canvas units."""

_NOWHERE = Spot(0.0, 0.0)


class Side(StrEnum):
    LEFT = "left"
    MIDDLE = "middle"
    """Middles above each other: one vertical line."""
    RIGHT = "right"
    TOP = "top"
    CENTRE = "centre"
    """Middles beside each other: one horizontal line."""
    BOTTOM = "bottom"


_PART = {Side.LEFT: 0.0, Side.TOP: 0.0, Side.MIDDLE: 0.5, Side.CENTRE: 0.5, Side.RIGHT: 1.0, Side.BOTTOM: 1.0}
"""How far along a card the line lies that is brought together."""


def aligned(document: Document, sizes: Mapping[str, Size], ids: Iterable[str], side: Side) -> Document:
    """Nodes moved along one axis until their edge, or their middle, is the same as that of all together.
    The same document for fewer than two."""
    axis = 0 if side in (Side.LEFT, Side.MIDDLE, Side.RIGHT) else 1
    spans = _spans(document, sizes, ids, axis)
    if len(spans) < 2:
        return document
    part = _PART[side]
    first = min(start for start, _ in spans.values())
    last = max(start + size for start, size in spans.values())
    line = first + (last - first) * part
    return _moved(document, axis, {id: line - size * part for id, (_, size) in spans.items()})


def distributed(
    document: Document, sizes: Mapping[str, Size], ids: Iterable[str], *, across: bool
) -> Document:
    """The same air between each node and the next, `across` or down; the outermost stay where they are.
    The same document for fewer than three."""
    axis = 0 if across else 1
    spans = _spans(document, sizes, ids, axis)
    if len(spans) < 3:
        return document
    order = sorted(spans, key=lambda id: spans[id][0] + spans[id][1] / 2)
    begin = spans[order[0]][0]
    end = sum(spans[order[-1]])
    air = (end - begin - sum(size for _, size in spans.values())) / (len(order) - 1)
    at, places = begin, {}
    for id in order:
        places[id] = at
        at += spans[id][1] + air
    return _moved(document, axis, places)


def _spans(
    document: Document, sizes: Mapping[str, Size], ids: Iterable[str], axis: int
) -> dict[str, tuple[float, float]]:
    """Node → where it begins on an axis, and how long it is."""
    spans: dict[str, tuple[float, float]] = {}
    for id in ids:
        if id in document.nodes and id in sizes:
            spot = document.layout.get(id, _NOWHERE)
            spans[id] = ((spot.x, spot.y)[axis], sizes[id][axis])
    return spans


def _moved(document: Document, axis: int, places: Mapping[str, float]) -> Document:
    """Whole units: a place in a file reads better so."""
    after: dict[str, tuple[float, float]] = {}
    for id, place in places.items():
        spot = document.layout.get(id, _NOWHERE)
        whole = float(round(place))
        after[id] = (whole, spot.y) if axis == 0 else (spot.x, whole)
    return move(document, after)
