from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.basics.faults import BadInput
from app.document import edits
from app.document.sockets import Shape, Socket, SocketType
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
        lambda d: edits.clear_value(d, "missing", "seed"),
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
    for place, order in ((0, 0), (-5, 0), (2, 2), (3, 3), (99, 3), (None, 3)):
        assert sources(edits.connect(before, SHAPES, end("new.image"), HERO, place=place))[order] == "new"


def test_only_a_single_input_is_freed_for_the_next_link() -> None:
    shapes = {
        "many": Shape(
            kind="many",
            title="Many",
            inputs=(Socket(id="any", title="Any", type=SocketType.IMAGE, most=None),),
        )
    }
    made = document({"many": node("many"), "unknown": node("magic"), **{id: photograph(id) for id in "ab"}})
    for target in (End("many", "any"), End("many", "other"), End("unknown", "any"), End("missing", "any")):
        joined = made
        for id in "ab":
            joined = edits.connect(joined, shapes, End(id, "image"), target)
        assert sources(joined, target.node, target.socket) == ["a", "b"]


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
    assert edits.change_frame(made, "f", title="References", color="") is made
    assert edits.change_frame(made, "f", rect=(0.0, 0.0, 10.0, 10.0)) is made
    for title in ("A", "Z"):
        assert edits.change_frame(made, "f", title=title, color="").frames["f"].title == title
    assert edits.remove_frames(edits.add_frame(made, "g", frame), ["g", "nobody"]) == made


@pytest.mark.parametrize(
    "rect",
    [
        (math.nan, 0, 1, 5),
        (0, math.inf, 1, 5),
        (0, 0, math.nan, 5),
        (0, 0, 1, -math.inf),
        (0, 0, -0.5, 5),
        (0, 0, 1, -0.5),
    ],
)
def test_what_is_no_rectangle_is_no_frame(rect: tuple[float, float, float, float]) -> None:
    made = edits.add_frame(BLANK, "f", Frame(rect=(-3.5, -4.5, 0, 0)))
    with pytest.raises(BadInput) as caught:
        edits.add_frame(made, "g", Frame(rect=rect))
    assert caught.value.code == "document.place"
    with pytest.raises(BadInput):
        edits.change_frame(made, "f", rect=rect)


def test_a_narrow_frame_anywhere_is_a_frame() -> None:
    rect = (-3.5, -4.5, 0.5, 0.25)
    assert edits.add_frame(BLANK, "f", Frame(rect=rect)).frames["f"].rect == rect


def test_a_width_before_the_node_was_placed() -> None:
    made = edits.set_width(document({"n": node("note")}), "n", 250.0)
    assert made.layout == {"n": Spot(0.0, 0.0, 250.0)}
    assert edits.set_width(made, "n", float("250")) is made
    assert edits.set_width(made, "n", None).layout == {"n": Spot(0.0, 0.0)}
    assert edits.set_width(made, "missing", 250.0) is made
    for width in (math.nan, math.inf):
        with pytest.raises(BadInput):
            edits.set_width(made, "n", width)


def test_a_node_that_was_nowhere_is_moved() -> None:
    made = document({"a": node("note"), "b": node("note")})
    made = edits.move(made, {"a": (0, 0), "missing": (1, 1)})
    assert made.layout == {"a": Spot(0.0, 0.0)}
    assert edits.move(made, {"a": (0, 7)}).layout["a"] == Spot(0.0, 7.0)
    assert edits.move(made, {"a": (7, 0)}).layout["a"] == Spot(7.0, 0.0)


def test_a_part_of_the_values_that_differs_is_written() -> None:
    before = product_shot()
    after = edits.set_values(before, "hero", {"seed": 42, "resolution": "720p"})
    assert after.nodes["hero"].values == {**before.nodes["hero"].values, "resolution": "720p"}
    assert edits.set_values(before, "hero", {"seed": 42, "new": None}).nodes["hero"].values["new"] is None
    again = edits.change_node(before, "hero", title="Hero shot", color="#000000")
    assert again.nodes["hero"].color == "#000000"


def test_a_value_equal_but_of_another_kind_is_written_to_many() -> None:
    after = edits.set_value_of_many(product_shot(), ["hero", "missing", "p0"], "seed", 42.0)
    assert isinstance(after.nodes["hero"].values["seed"], float)
    assert after.nodes["p0"].values["seed"] == 42
    assert "missing" not in after.nodes


def test_links_are_given_back_unchanged_only_where_all_are_the_same() -> None:
    for links in (chain(300).links, product_shot().links):
        assert edits.kept_links(links, list(links)) is links
    copies = edits.kept_links(links, [replace(one) for one in links])
    assert copies == links
    assert not {id(one) for one in copies} & {id(one) for one in links}
    shorter, longer = tuple(links)[:-1], (*links, link("p0.image", "keep.image"))
    for changed in (shorter, longer, (*reversed(tuple(links)),), ()):
        assert tuple(edits.kept_links(links, changed)) == changed


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


def test_a_link_that_a_file_holds_twice_stays_two() -> None:
    twice = [link("p0.image", "hero.reference_images", "sneaker") for _ in range(2)]
    made = edits.with_links(product_shot(), [*twice, *product_shot().links.into("hero", "prompt")])
    moved = edits.move_link(made, end("p0.image"), HERO, 1)
    assert [id(one) for one in moved.links][:2] == [id(twice[1]), id(twice[0])]
    between = edits.connect(made, SHAPES, end("p1.image"), HERO, place=1)
    assert sources(between) == ["p0", "p1", "p0"]
    assert sources(edits.disconnect(between, end("p0.image"), HERO)) == ["p1"]
