"""Lining up and spacing out, for any nodes."""

from __future__ import annotations

import itertools
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from app.document.arranging import Side, aligned, distributed
from app.document.values import Document, Node, Spot

whole = st.integers(-3000, 3000).map(float)
length = st.integers(40, 900).map(float)
cards = st.lists(st.tuples(whole, whole, length, length), min_size=1, max_size=9)
Cards = list[tuple[float, float, float, float]]
Made = tuple[Document, dict[str, tuple[float, float]]]


def laid(drawn: Cards) -> Made:
    ids = [f"n{at}" for at in range(len(drawn))]
    document = Document(
        nodes=MappingProxyType({id: Node(kind="preview") for id in ids}),
        layout=MappingProxyType({id: Spot(*one[:2], 300.0) for id, one in zip(ids, drawn, strict=True)}),
    )
    return document, {id: one[2:] for id, one in zip(ids, drawn, strict=True)}


def spans(made: Document, sizes: dict[str, tuple[float, float]], axis: int) -> list[tuple[float, float]]:
    return [
        ((spot.x, spot.y)[axis], (spot.x, spot.y)[axis] + sizes[id][axis]) for id, spot in made.layout.items()
    ]


@given(cards, st.sampled_from(list(Side)))
def test_one_line_is_shared_and_the_other_axis_stays(drawn: Cards, side: Side) -> None:
    document, sizes = laid(drawn)
    after = aligned(document, sizes, document.nodes, side)
    axis = 0 if side in (Side.LEFT, Side.MIDDLE, Side.RIGHT) else 1
    if len(drawn) < 2:
        assert after is document
        return
    part = {"left": 0, "top": 0, "middle": 0.5, "centre": 0.5}.get(side, 1)
    lines = [low + (high - low) * part for low, high in spans(after, sizes, axis)]
    assert max(lines) - min(lines) <= 1
    assert spans(after, sizes, 1 - axis) == spans(document, sizes, 1 - axis)
    before = spans(document, sizes, axis)
    low, high = min(one[0] for one in before), max(one[1] for one in before)
    assert all(low - 1 <= one[0] and one[1] <= high + 1 for one in spans(after, sizes, axis))
    again = spans(aligned(after, sizes, after.nodes, side), sizes, axis)
    assert all(
        abs(one[0] - other[0]) <= 1 for one, other in zip(again, spans(after, sizes, axis), strict=True)
    )
    assert all(spot.width == 300 for spot in after.layout.values())


@given(cards, st.booleans())
def test_the_air_between_is_the_same_and_the_ends_stay(drawn: Cards, across: bool) -> None:
    document, sizes = laid(drawn)
    after = distributed(document, sizes, document.nodes, across=across)
    if len(drawn) < 3:
        assert after is document
        return
    axis = 0 if across else 1
    before = spans(document, sizes, axis)
    order = sorted(range(len(drawn)), key=lambda at: sum(before[at]) / 2)
    now = spans(after, sizes, axis)
    gaps = [now[right][0] - now[left][1] for left, right in itertools.pairwise(order)]
    assert max(gaps) - min(gaps) <= 2
    assert now[order[0]] == before[order[0]]
    assert abs(now[order[-1]][1] - before[order[-1]][1]) <= 1
    assert spans(after, sizes, 1 - axis) == spans(document, sizes, 1 - axis)


def test_what_is_not_there_is_passed_over() -> None:
    document, sizes = laid([(0, 0, 100, 50), (40, 80, 100, 50)])
    after = aligned(document, sizes, ["n0", "n1", "gone"], Side.LEFT)
    assert [spot.x for spot in after.layout.values()] == [0.0, 0.0]
    assert distributed(document, sizes, ["n0", "n1", "gone"], across=True) is document
