from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.basics.faults import BadInput
from app.document import edits
from app.document.values import BLANK, WAITING_TAGS, Document, End, Frame, Spot
from tests.app.document.samples import SHAPES, chain, document, end, link, node, photograph, product_shot
from tests.app.document.strategies import change_for

HERO = End("hero", "reference_images")


def sources(of: Document, node: str = "hero", socket: str = "reference_images") -> list[str]:
    return [one.source.node for one in of.links.into(node, socket)]


def test_a_new_node_lies_where_it_was_put() -> None:
    made = edits.add_node(BLANK, "words", "prompt", {"text": "hi"}, (10, 20), title="Words")
    assert made.nodes["words"] == node("prompt", "Words", text="hi")
    assert made.layout["words"] == Spot(10.0, 20.0)
    assert BLANK.nodes == {}


def test_values_given_to_a_new_node_cannot_be_changed_from_outside() -> None:
    held = {"list": [1, {"a": [2]}]}
    made = edits.add_node(BLANK, "n", "note", held)  # type: ignore[arg-type]
    held["list"].append(3)
    assert made.nodes["n"].values == {"list": (1, {"a": (2,)})}


def test_an_id_is_used_once() -> None:
    with pytest.raises(BadInput) as caught:
        edits.add_node(product_shot(), "hero", "note")
    assert caught.value.where.node == "hero"


def test_removing_a_node_takes_its_links_and_its_place() -> None:
    before = product_shot()
    after = edits.remove_nodes(before, ["p0", "no such node"])
    assert sources(after) == ["p1", "p2"]
    assert "p0" not in after.nodes
    assert "p0" not in after.layout
    assert after.nodes["hero"] is before.nodes["hero"]


@pytest.mark.parametrize(
    "edit",
    [
        lambda d: edits.remove_nodes(d, ["missing"]),
        lambda d: edits.remove_nodes(d, []),
        lambda d: edits.set_value(d, "hero", "seed", 42),
        lambda d: edits.set_value(d, "missing", "seed", 1),
        lambda d: edits.clear_value(d, "hero", "missing"),
        lambda d: edits.set_value_of_many(d, ["hero"], "seed", 42),
        lambda d: edits.set_title(d, "hero", "Hero shot"),
        lambda d: edits.set_skip(d, ["hero", "words"], False),
        lambda d: edits.set_collapsed(d, ["hero"], False),
        lambda d: edits.set_color(d, ["hero"], ""),
        lambda d: edits.set_pick(d, "hero", ""),
        lambda d: edits.set_lock(d, "hero", ""),
        lambda d: edits.move(d, {"hero": (d.layout["hero"].x, d.layout["hero"].y), "missing": (1, 1)}),
        lambda d: edits.set_width(d, "hero", None),
        lambda d: edits.connect(d, SHAPES, end("p0.image"), HERO),
        lambda d: edits.disconnect(d, end("words.text"), HERO),
        lambda d: edits.disconnect_node(d, "missing"),
        lambda d: edits.move_link(d, end("p0.image"), HERO, 0),
        lambda d: edits.move_link(d, end("words.text"), HERO, 0),
        lambda d: edits.reorder_links(d, "hero", "reference_images", [0, 1, 2]),
        lambda d: edits.change_link(d, end("p0.image"), HERO, tag="sneaker"),
        lambda d: edits.change_frame(d, "missing", title="x"),
        lambda d: edits.remove_frames(d, ["missing"]),
    ],
)
def test_nothing_to_do_gives_the_same_document(edit: edits.Any) -> None:
    before = product_shot()
    assert edit(before) is before


def test_one_and_true_are_two_values() -> None:
    before = edits.set_value(product_shot(), "hero", "seed", 1)
    assert edits.set_value(before, "hero", "seed", True).nodes["hero"].values["seed"] is True


def test_a_value_of_many() -> None:
    after = edits.set_value_of_many(product_shot(), ["p0", "p1"], "note", [1])
    assert [after.nodes[id].values.get("note") for id in ("p0", "p1", "p2")] == [(1,), (1,), None]


def test_none_is_a_value_and_clearing_takes_it_away() -> None:
    empty = edits.set_value(product_shot(), "hero", "seed", None)
    assert empty.nodes["hero"].values["seed"] is None
    assert "seed" not in edits.clear_value(empty, "hero", "seed").nodes["hero"].values


def test_moving_keeps_the_width_and_all_else() -> None:
    before = edits.set_width(product_shot(), "hero", 300.0)
    after = edits.move(before, {"hero": (5, 6)})
    assert after.layout["hero"] == Spot(5.0, 6.0, 300.0)
    assert after.nodes is before.nodes
    assert after.links is before.links


@pytest.mark.parametrize("place", [(math.nan, 0), (0, math.inf)])
def test_a_place_is_finite(place: tuple[float, float]) -> None:
    with pytest.raises(BadInput):
        edits.move(product_shot(), {"hero": place})


def test_a_taken_single_input_is_replaced() -> None:
    before = edits.add_node(product_shot(), "other", "prompt")
    after = edits.connect(before, SHAPES, end("other.text"), end("hero.prompt"))
    assert sources(after, socket="prompt") == ["other"]
    assert sources(after) == ["p0", "p1", "p2"]


def test_a_new_reference_takes_the_first_waiting_tag() -> None:
    before = product_shot(tags=("sneaker",))
    before = edits.set_value(before, "hero", WAITING_TAGS, ("model", "studio"))
    for name, tag in (("a", "model"), ("b", "studio"), ("c", "")):
        before = edits.add_node(before, name, "reference-image")
        before = edits.connect(before, SHAPES, End(name, "image"), HERO)
        assert before.links[-1].tag == tag
    assert WAITING_TAGS not in before.nodes["hero"].values


def test_a_link_can_be_put_between_others() -> None:
    before = edits.add_node(product_shot(), "new", "reference-image")
    after = edits.connect(before, SHAPES, end("new.image"), HERO, place=1)
    assert sources(after) == ["p0", "new", "p1", "p2"]
    assert sources(edits.connect(before, SHAPES, end("new.image"), HERO, place=99))[-1] == "new"


@given(st.permutations([0, 1, 2]))
def test_order_changes_with_tags_on_their_links(order: list[int]) -> None:
    before = product_shot()
    after = edits.reorder_links(before, "hero", "reference_images", order)
    assert sources(after) == [f"p{place}" for place in order]
    assert {id(one) for one in after.links} == {id(one) for one in before.links}
    assert after.links[0] is before.links[0]


def test_a_wrong_order_is_refused() -> None:
    for order in ([0, 1], [0, 0, 1], [0, 1, 3]):
        with pytest.raises(BadInput):
            edits.reorder_links(product_shot(), "hero", "reference_images", order)


@pytest.mark.parametrize(("place", "order"), [(0, "201"), (1, "021"), (9, "012"), (-3, "201")])
def test_a_reference_moves_to_a_place(place: int, order: str) -> None:
    after = edits.move_link(product_shot(), end("p2.image"), HERO, place)
    assert sources(after) == [f"p{sign}" for sign in order]


def test_frames() -> None:
    frame = Frame(title="References", rect=(0, 0, 10, 10))
    made = edits.add_frame(BLANK, "f", frame)
    changed = edits.change_frame(made, "f", color="#ffffff")
    assert changed.frames["f"].color == "#ffffff"
    assert edits.remove_frames(changed, ["f"]) == BLANK
    with pytest.raises(BadInput):
        edits.add_frame(made, "f", frame)
    with pytest.raises(BadInput):
        edits.change_frame(made, "f", rect=(0, 0, -1, 5))
    with pytest.raises(BadInput):
        edits.add_frame(made, "g", Frame(rect=(0, math.nan, 1, 5)))


def test_disconnecting_a_node() -> None:
    assert len(edits.disconnect_node(product_shot(), "hero").links) == 0


def test_an_edit_of_five_thousand_nodes_shares_them() -> None:
    before = chain(5000)
    after = edits.set_value(before, "n10", "x", 1)
    assert sum(before.nodes[id] is not after.nodes[id] for id in before.nodes) == 1
    assert after.links is before.links
    assert after.layout is before.layout


@given(st.integers(0, 2**32))
@settings(max_examples=80, deadline=None)
def test_every_edit_is_pure_and_shares_what_it_does_not_touch(seed: int) -> None:
    random, before = Random(seed), product_shot()
    for _ in range(20):
        copy = document(dict(before.nodes), *before.links)
        layout, frames = dict(before.layout), dict(before.frames)
        try:
            after = change_for(before, random)(before)
        except BadInput:
            after = before
        assert (before.nodes, before.links) == (copy.nodes, copy.links)
        assert (before.layout, before.frames) == (layout, frames)
        assert after is before or after != before
        for part in ("nodes", "layout", "frames"):
            was, now = getattr(before, part), getattr(after, part)
            for key in was.keys() & now.keys():
                assert now[key] is was[key] or now[key] != was[key]
        kept = {id(one) for one in before.links}
        assert all(id(one) in kept or one not in tuple(before.links) for one in after.links)
        pairs = [(one.source, one.target) for one in after.links]
        assert len(pairs) == len(set(pairs))
        before = after


def test_a_photograph_is_linked_once_to_an_input() -> None:
    made = document(
        {"p": photograph("p"), "hero": node("gen4-image")}, link("p.image", "hero.reference_images")
    )
    assert edits.connect(made, SHAPES, end("p.image"), HERO) is made
