"""Tidy: columns, no overlap, few crossings, references in their order, frames with their nodes."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from random import Random
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.layering import Layered, crossings, layered
from app.document.tidying import Card, tidied
from app.document.values import Document, End, Frame, Link, Links, Node, Spot

Pairs = list[tuple[int, int]]


def document(count: int, pairs: Iterable[tuple[int, int]], seed: int = 1) -> tuple[Document, dict[str, Card]]:
    """Nodes anywhere, and cards of many sizes."""
    random = Random(seed)
    ids = [f"n{at}" for at in range(count)]
    links = dict.fromkeys((End(ids[one], "out"), End(ids[other], "in")) for one, other in pairs)
    made = Document(
        nodes=MappingProxyType({id: Node(kind="preview") for id in ids}),
        links=Links(tuple(Link(source=source, target=target) for source, target in links)),
        layout=MappingProxyType(
            {id: Spot(float(random.randrange(4000)), float(random.randrange(4000))) for id in ids}
        ),
    )
    cards = {
        id: Card(
            size=(float(random.randrange(160, 400)), float(random.randrange(60, 500))),
            inputs={"in": 40.0},
            outputs={"out": 40.0},
        )
        for id in ids
    }
    return made, cards


def upward(random: Random, count: int, links: int) -> Pairs:
    """Links that close no circle."""
    found = [sorted(random.sample(range(count), 2)) for _ in range(links)]
    return [(one, other) for one, other in found]


def overlaps(made: Document, cards: dict[str, Card]) -> list[tuple[str, str]]:
    rects = sorted(
        (spot.x, spot.y, spot.x + cards[id].size[0], spot.y + cards[id].size[1], id)
        for id, spot in made.layout.items()
    )
    found: list[tuple[str, str]] = []
    for at, one in enumerate(rects):
        for other in rects[at + 1 :]:
            if other[0] >= one[2]:
                break
            if one[1] < other[3] and other[1] < one[3]:
                found.append((one[4], other[4]))
    return found


@given(st.integers(1, 25), st.integers(0, 40), st.integers(0, 10**6))
def test_nothing_overlaps_and_links_go_right(count: int, links: int, seed: int) -> None:
    made, cards = document(count, upward(Random(seed), count, links if count > 1 else 0), seed)
    after = tidied(made, cards)
    assert overlaps(after, cards) == []
    for link in after.links:
        source, target = after.layout[link.source.node], after.layout[link.target.node]
        assert source.x + cards[link.source.node].size[0] < target.x
    assert after.nodes == made.nodes
    assert after.links is made.links
    assert tidied(made, cards) == after
    assert min(spot.x for spot in after.layout.values()) == min(spot.x for spot in made.layout.values())


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=20))
def test_circles_of_a_bent_file_do_not_stop_it(pairs: Pairs) -> None:
    made, cards = document(9, pairs)
    assert overlaps(tidied(made, cards), cards) == []


@given(st.integers(2, 9), st.randoms(use_true_random=False))
def test_the_first_reference_is_above_the_second(count: int, random: Random) -> None:
    order = list(range(1, count + 1))
    random.shuffle(order)
    made, cards = document(count + 3, [*((at, 0) for at in order), (0, count + 1), (count + 1, count + 2)])
    after = tidied(made, cards)
    heights = [after.layout[f"n{at}"].y for at in order]
    assert heights == sorted(heights)
    assert len({after.layout[f"n{at}"].x for at in order}) == 1


def test_sockets_decide_before_the_order_of_links() -> None:
    """The prompt, whose socket is on top, is above the references, though it was joined last."""
    made, cards = document(3, [(1, 0)])
    late = Link(source=End("n2", "out"), target=End("n0", "prompt"))
    made = Document(nodes=made.nodes, links=Links((*made.links, late)), layout=made.layout)
    cards["n0"] = Card(size=(200, 200), inputs={"prompt": 20.0, "in": 60.0})
    after = tidied(made, cards)
    assert after.layout["n2"].y < after.layout["n1"].y


def test_only_what_was_chosen_moves() -> None:
    made, cards = document(8, [(0, 1), (1, 2), (3, 2), (4, 5)])
    after = tidied(made, cards, ["n0", "n1", "n2"])
    assert all(after.layout[id] is made.layout[id] for id in ("n3", "n4", "n5", "n6", "n7"))
    assert after.layout["n0"].x < after.layout["n1"].x < after.layout["n2"].x
    assert tidied(made, cards, []) is made
    assert tidied(after, cards, ["n0", "n1", "n2"]) == after


def test_unconnected_nodes_come_below() -> None:
    made, cards = document(12, [(0, 1), (1, 2), (3, 1)])
    after = tidied(made, cards)
    lowest = max(after.layout[f"n{at}"].y + cards[f"n{at}"].size[1] for at in range(4))
    assert all(after.layout[f"n{at}"].y >= lowest for at in range(4, 12))


def test_a_frame_keeps_its_nodes_and_no_others() -> None:
    made, cards = document(30, upward(Random(4), 30, 45))
    inner, outer, empty = (0.0, 0.0, 900.0, 1500.0), (-50.0, -50.0, 2200.0, 2600.0), (9e3, 9e3, 50.0, 50.0)
    frames = {"inner": Frame(rect=inner), "outer": Frame(rect=outer), "empty": Frame(rect=empty)}
    made = Document(nodes=made.nodes, links=made.links, layout=made.layout, frames=MappingProxyType(frames))

    def held(one: Document, frame: str) -> set[str]:
        x, y, width, height = one.frames[frame].rect
        return {
            id
            for id, spot in one.layout.items()
            if x <= spot.x + cards[id].size[0] / 2 <= x + width
            and y <= spot.y + cards[id].size[1] / 2 <= y + height
        }

    after = tidied(made, cards)
    assert overlaps(after, cards) == []
    assert held(after, "inner") == held(made, "inner") != set()
    assert held(after, "outer") == held(made, "outer") > held(made, "inner")
    assert after.frames["empty"] is made.frames["empty"]
    part = tidied(made, cards, sorted(held(made, "inner"))[:-1])
    assert part.frames == made.frames


# --- crossings -------------------------------------------------------------------------------


def layers(random: Random, columns: int, each: int, links: int) -> Pairs:
    """A random layered graph: every box but the first column's is fed by the column before."""
    pairs: Pairs = []
    for column in range(columns - 1):
        first, following = column * each, (column + 1) * each
        pairs += [(first + random.randrange(each), following + at) for at in range(each)]
        pairs += [(first + at, following + random.randrange(each)) for at in range(each)]
        wanted = links - 2 * each
        pairs += [(first + random.randrange(each), following + random.randrange(each)) for _ in range(wanted)]
    return list(dict.fromkeys(pairs))


def baseline(made: Layered) -> int:
    """The textbook: sweeps to and fro by barycentre from the order given, the best of all sweeps."""
    made.columns = [sorted(column) for column in made.columns]
    least = crossings(made)
    for round in range(24):
        down = round % 2 == 0
        beside = made.before if down else made.after
        place = {box: at for column in made.columns for at, box in enumerate(column)}
        for column in made.columns[1:] if down else made.columns[-2::-1]:
            keys = {
                box: sum(place[other] for other, _ in beside[box]) / len(beside[box])
                if beside[box]
                else float(place[box])
                for box in column
            }
            column.sort(key=keys.__getitem__)
            place.update({box: at for at, box in enumerate(column)})
        least = min(least, crossings(made))
    return least


@pytest.mark.parametrize(("columns", "each", "links"), [(4, 8, 16), (6, 12, 26), (8, 20, 45)])
def test_fewer_crossings_than_by_barycentre_alone(columns: int, each: int, links: int) -> None:
    before = ours = textbook = worse = 0
    for seed in range(12):
        pairs = layers(Random(seed), columns, each, links)
        edges = [(one, other, 0.0, 0.0) for one, other in pairs]
        made = layered(columns * each, edges)
        ours += crossings(made)
        worse += crossings(made) > (least := baseline(layered(columns * each, edges)))
        textbook += least
        mixed = layered(columns * each, edges)
        for column in mixed.columns:
            column.sort()
        before += crossings(mixed)
    print(f"{columns} x {each}: {before} as given, {textbook} by barycentre, {ours} here, {worse} worse")
    assert ours <= textbook < before
    assert worse <= 1


def test_a_tree_has_no_crossing() -> None:
    pairs = [(at, (at - 1) // 2) for at in range(1, 127)]
    assert crossings(layered(127, [(one, other, 0.0, 0.0) for one, other in pairs])) == 0


@pytest.mark.parametrize("links", [1, 2])
def test_five_thousand_nodes_are_quick(links: int) -> None:
    """Also in one chain, which nothing here walks by recursion."""
    random = Random(2)
    pairs = [(random.randrange(max(0, at - 40), at), at) for at in range(1, 5000) for _ in range(links)]
    made, cards = document(5000, pairs)
    chain, chained = document(5000, [(at, at + 1) for at in range(4999)])
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(400)
    try:
        start = time.process_time()
        after = tidied(made, cards)
        spent = time.process_time() - start
        long = tidied(chain, chained)
    finally:
        sys.setrecursionlimit(limit)
    assert overlaps(after, cards) == []
    assert overlaps(long, chained) == []
    print(f"5,000 nodes, {len(made.links)} links: {spent:.2f} s")
    assert spent < 3, "about one second on a machine that has time"
