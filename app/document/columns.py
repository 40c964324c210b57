"""Where the boxes of a layered drawing lie: columns beside each other, and in each column every box as near
to the height of what it is joined to as the others let it."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt

from app.document.layering import Edge, Layered, layered

Size = tuple[float, float]
Place = tuple[float, float]

BETWEEN_COLUMNS = 90.0
BELOW, APART = 36.0, 64.0
"""Air below a box, and between parts of the graph that are not joined."""
_BEND_AIR = 14.0
_ROUNDS, _QUICK_ROUNDS = 10, 6
_MANY = 8000
"""Boxes and bends from which on fewer rounds must do."""
_STRAIGHT = 8.0
"""How much more a long link's bends pull on each other: it is to lie straight."""
_WIDE = 1.7
"""About how much wider than high parts that are not joined are laid out together."""


def laid_out(
    sizes: Sequence[Size], edges: Sequence[Edge], *, stacked: bool = False
) -> tuple[list[Place], Size]:
    """The top left corner of each box, from (0, 0) on, and the size of the whole. No two boxes overlap.

    Boxes that nothing joins come below the others in rows; `stacked`: in columns, each above the next.
    """
    parts = _parts(len(sizes), edges)
    joined = [part for part in parts if len(part) > 1]
    alone = [part[0] for part in parts if len(part) == 1]
    places: list[Place] = [(0.0, 0.0)] * len(sizes)
    blocks = [
        _part_laid_out(part, sizes, inner) for part, inner in zip(joined, _inner(joined, edges), strict=True)
    ]
    corners, whole = _in_rows([size for _, size in blocks], 0.0, APART)
    for part, (inside, _), corner in zip(joined, blocks, corners, strict=True):
        for box, place in zip(part, inside, strict=True):
            places[box] = (corner[0] + place[0], corner[1] + place[1])
    left = [sizes[box] for box in alone]
    spots, rest = _in_columns(left) if stacked else _in_rows(left, whole[0], BELOW)
    top = whole[1] + APART if joined and alone else whole[1]
    for box, spot in zip(alone, spots, strict=True):
        places[box] = (spot[0], top + spot[1])
    return places, (max(whole[0], rest[0]), (top + rest[1]) if alone else whole[1])


# --- parts that are not joined ---------------------------------------------------------------


def _parts(count: int, edges: Sequence[Edge]) -> list[list[int]]:
    """Boxes that are joined, in the order of their first."""
    leader = list(range(count))

    def led(box: int) -> int:
        while leader[box] != box:
            leader[box] = leader[leader[box]]
            box = leader[box]
        return box

    for source, target, _, _ in edges:
        one, other = led(source), led(target)
        leader[max(one, other)] = min(one, other)
    parts: dict[int, list[int]] = {}
    for box in range(count):
        parts.setdefault(led(box), []).append(box)
    return list(parts.values())


def _inner(parts: Sequence[Sequence[int]], edges: Sequence[Edge]) -> list[list[Edge]]:
    """The links of each part, in its own numbers."""
    where = {box: (at, number) for at, part in enumerate(parts) for number, box in enumerate(part)}
    inner: list[list[Edge]] = [[] for _ in parts]
    for source, target, out, into in edges:
        at, number = where[source]
        inner[at].append((number, where[target][1], out, into))
    return inner


def _in_rows(sizes: Sequence[Size], least: float, air: float) -> tuple[list[Place], Size]:
    """One beside the other, in rows about as wide as they are high together; at least `least` wide."""
    area = sum((width + air) * (height + air) for width, height in sizes)
    limit = max([least, sqrt(area * _WIDE), *(width for width, _ in sizes)])
    places: list[Place] = []
    x = y = deepest = widest = 0.0
    for width, height in sizes:
        if x and x + width > limit:
            x, y = 0.0, deepest + air
        places.append((x, y))
        deepest, widest = max(deepest, y + height), max(widest, x + width)
        x += width + air
    return places, (widest, deepest)


def _in_columns(sizes: Sequence[Size]) -> tuple[list[Place], Size]:
    """Each above the next; beyond a few in columns of as many."""
    columns = max(1, ceil(sqrt(len(sizes) / 5)))
    many = ceil(len(sizes) / columns)
    places: list[Place] = []
    x = y = deepest = widest = 0.0
    for at, (width, height) in enumerate(sizes):
        if at and at % many == 0:
            x, y = widest + BELOW, 0.0
        places.append((x, y))
        deepest, widest = max(deepest, y + height), max(widest, x + width)
        y += height + BELOW
    return places, (widest, deepest)


# --- one part --------------------------------------------------------------------------------


def _part_laid_out(
    part: Sequence[int], sizes: Sequence[Size], edges: Sequence[Edge]
) -> tuple[list[Place], Size]:
    made = layered(len(part), edges)
    heights = [sizes[box][1] for box in part] + [0.0] * (len(made.before) - len(part))
    tops = _tops(made, heights)
    x, places = 0.0, [(0.0, 0.0)] * len(part)
    for column in made.columns:
        boxes = [box for box in column if box < made.count]
        for box in boxes:
            places[box] = (x, tops[box])
        x += max((sizes[part[box]][0] for box in boxes), default=0.0) + BETWEEN_COLUMNS
    highest = min(y for _, y in places)
    places = [(x, y - highest) for x, y in places]
    lowest = max(place[1] + sizes[box][1] for box, place in zip(part, places, strict=True))
    return places, (x - BETWEEN_COLUMNS, lowest)


def _tops(made: Layered, heights: Sequence[float]) -> list[float]:
    """To and fro over the columns: each looks at the one that was placed before it, at last at both."""
    tops = [0.0] * len(heights)
    pulls = _pulls(made)
    for column in made.columns:
        y = 0.0
        for box in column:
            tops[box] = y
            y += heights[box] + _air(made, box)
    forward = list(range(len(made.columns)))
    rounds = _ROUNDS if len(heights) < _MANY else _QUICK_ROUNDS
    for round in range(rounds):
        late = round >= rounds - 2
        for at in forward if round % 2 else reversed(forward):
            sides = (0, 1) if late else ((0,) if round % 2 else (1,))
            _settle(made, made.columns[at], heights, tops, pulls, sides)
    return tops


Pulls = tuple[list[list[tuple[int, float, float]]], list[list[tuple[int, float, float]]]]
"""Before and after each box: a neighbour, how much lower than its top this one's would make the link
straight, and how much it counts."""


def _pulls(made: Layered) -> Pulls:
    before: list[list[tuple[int, float, float]]] = [[] for _ in made.before]
    after: list[list[tuple[int, float, float]]] = [[] for _ in made.before]
    for source, target, out, into in made.links:
        bent = (source >= made.count) + (target >= made.count)
        weight = (1.0, 2.0, _STRAIGHT)[bent]
        before[target].append((source, out - into, weight))
        after[source].append((target, into - out, weight))
    return before, after


def _air(made: Layered, box: int) -> float:
    return BELOW if box < made.count else _BEND_AIR


def _settle(
    made: Layered,
    column: Sequence[int],
    heights: Sequence[float],
    tops: list[float],
    pulls: Pulls,
    sides: Sequence[int],
) -> None:
    """The places of a column that are nearest to the wished ones, by squares, in this order and without
    overlap: neighbours that press on each other become one block at the mean of their wishes."""
    stack: list[tuple[float, float, int]] = []
    offset, offsets = 0.0, []
    for box in column:
        total = weight = 0.0
        for side in sides:
            for other, by, pull in pulls[side][box]:
                total += (tops[other] + by) * pull
                weight += pull
        if not weight:
            total, weight = tops[box] * 0.1, 0.1
        offsets.append(offset)
        total -= offset * weight
        many = 1
        while stack and stack[-1][0] / stack[-1][1] >= total / weight:
            one_total, one_weight, one_many = stack.pop()
            total, weight, many = total + one_total, weight + one_weight, many + one_many
        stack.append((total, weight, many))
        offset += heights[box] + _air(made, box)
    at = 0
    for total, weight, many in stack:
        for _ in range(many):
            tops[column[at]] = total / weight + offsets[at]
            at += 1
