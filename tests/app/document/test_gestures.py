from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.basics.faults import BadInput
from app.document import clipboard, edits, gestures, tag_edits
from app.document.joining import refusal, refusal_in_short
from app.document.values import BLANK, Document, End, Fit, Frame, Spot
from tests.app.document.samples import (
    SHAPES,
    chain,
    document,
    end,
    link,
    node,
    photograph,
    product_shot,
    tags_by_photograph,
)
from tests.app.document.strategies import change_for

HERO = End("hero", "reference_images")


# --- refusals --------------------------------------------------------------------------------


def why(of: Document, source: str, target: str) -> str:
    return refusal(of, SHAPES, end(source), end(target)) or ""


def test_what_fits_is_not_refused() -> None:
    made = edits.remove_nodes(product_shot(), ["p2"])
    made = edits.add_node(edits.add_node(made, "p", "reference-image"), "w", "prompt")
    made = edits.add_node(made, "dot", "reroute")
    assert why(made, "p.image", "hero.reference_images") == ""
    assert why(made, "w.text", "hero.prompt") == ""  # replaces the words that are there
    assert why(made, "w.text", "dot.in") == ""
    assert why(made, "p.image", "dot.in") == ""
    assert why(made, "dot.out", "hero.prompt") == ""


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("words.text", "hero.reference_images", "takes an image, and Prompt gives words"),
        ("p0.image", "hero.prompt", "Hero shot: Prompt takes words, and Reference Image gives an image"),
        ("hero.image", "hero.reference_images", "cannot feed itself"),
        ("p0.image", "hero.reference_images", "joined already"),
        ("new.image", "hero.reference_images", "takes 3 links into Reference Images"),
        ("view.image", "flux.reference_images", "would be a circle"),
        ("nobody.image", "hero.prompt", "no node called nobody"),
        ("hero.image", "nobody.in", "no node called nobody"),
        ("wand.image", "hero.prompt", "does not know"),
        ("words.other", "hero.prompt", "has no output called other"),
        ("words.text", "hero.other", "has no input called other"),
    ],
)
def test_refusals_say_why(source: str, target: str, reason: str) -> None:
    made = product_shot()
    for id, kind in (
        ("new", "reference-image"),
        ("flux", "flux-2-pro"),
        ("view", "preview"),
        ("wand", "magic"),
    ):
        made = edits.add_node(made, id, kind)
    made = edits.connect(made, SHAPES, end("flux.image"), end("view.image"))
    assert reason in why(made, source, target)


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("words.text", "hero.reference_images", "Takes an image, not words."),
        ("p0.image", "hero.prompt", "Takes words, not an image."),
        ("new.image", "hero.reference_images", "3 at most, and all are there."),
        ("keep.none", "hero.prompt", "Save Image has no output called none."),
        ("view.image", "dot.in", "This would be a circle."),
        ("p0.image", "hero.reference_images", "These two are joined already."),
        ("new.image", "dot.in", None),
    ],
)
def test_the_pointer_says_it_in_few_words(source: str, target: str, words: str | None) -> None:
    made = edits.add_node(edits.add_node(product_shot(), "new", "reference-image"), "dot", "reroute")
    made = edits.add_node(made, "view", "preview")
    made = edits.connect(made, SHAPES, end("dot.out"), end("view.image"))
    assert refusal_in_short(made, SHAPES, end(source), end(target)) == words


def test_a_dot_has_the_type_of_what_is_joined_to_it() -> None:
    made = document(
        {
            "w": node("prompt"),
            "p": photograph("p"),
            "d": node("reroute"),
            "e": node("reroute"),
            "m": node("gen4-image"),
        },
        link("d.out", "e.in"),
        link("e.out", "m.reference_images"),
    )
    assert why(made, "w.text", "d.in") == "Reroute takes an image, and Prompt gives words."
    made = edits.connect(made, SHAPES, end("p.image"), end("d.in"))
    assert why(made, "e.out", "m.prompt") == "Gen4 Image: Prompt takes words, and Reroute gives an image."
    assert "circle" in why(made, "e.out", "d.in")


def test_a_circle_of_dots_can_be_asked_about() -> None:
    made = document(
        {"d": node("reroute"), "e": node("reroute"), "m": node("gen4-image")},
        link("d.out", "e.in"),
        link("e.out", "d.in"),
    )
    assert why(made, "d.out", "m.prompt") == ""
    assert why(made, "m.image", "d.in") == ""


# --- insert and heal -------------------------------------------------------------------------


def tagged_link(of: Document, source: str) -> tuple[str, Fit, int]:
    links = of.links.into("hero", "reference_images")
    place = next(i for i, one in enumerate(links) if one.source.node == source)
    return links[place].tag, links[place].fit, place


def test_a_node_dropped_on_a_link_takes_its_place_with_the_tag() -> None:
    made = tag_edits.set_fit(product_shot(), end("p1.image"), HERO, Fit(mode="pad"))
    made = edits.add_node(made, "view", "preview")
    wire = made.links.into("hero", "reference_images")[1]
    assert gestures.way_through(made, SHAPES, wire, "view") == ("image", "image")
    after = gestures.insert_on_link(made, SHAPES, wire, "view")
    assert tagged_link(after, "view") == ("model", Fit(mode="pad"), 1)
    assert after.links.into("view")[0].source == end("p1.image")
    assert after.links.into("view")[0].tag == ""


def test_a_dot_on_a_link_of_words() -> None:
    made = edits.add_node(product_shot(), "dot", "reroute")
    after = gestures.insert_on_link(made, SHAPES, made.links.into("hero", "prompt")[0], "dot")
    assert [one.source.node for one in after.links.into("hero", "prompt")] == ["dot"]
    assert [one.source.node for one in after.links.into("dot")] == ["words"]


@pytest.mark.parametrize("kind", ["prompt", "reference-image", "save-image", "note", "magic"])
def test_a_node_that_does_not_fit_is_not_inserted(kind: str) -> None:
    made = edits.add_node(product_shot(), "new", kind)
    wire = made.links.into("hero", "reference_images")[0]
    assert gestures.way_through(made, SHAPES, wire, "new") is None
    assert gestures.insert_on_link(made, SHAPES, wire, "new") is made


def test_a_node_is_not_inserted_where_it_would_make_a_circle_or_is_busy() -> None:
    made = edits.add_node(product_shot(), "view", "preview")
    made = edits.connect(made, SHAPES, end("hero.image"), end("view.image"))
    wire = made.links.into("hero", "reference_images")[0]
    assert gestures.insert_on_link(made, SHAPES, wire, "view") is made
    assert gestures.insert_on_link(made, SHAPES, wire, "hero") is made
    gone = edits.disconnect(made, wire.source, wire.target)
    assert gestures.insert_on_link(gone, SHAPES, wire, "view") is gone


def test_deleting_heals_the_wire_with_its_tag() -> None:
    made = edits.add_node(product_shot(), "view", "preview")
    wire = made.links.into("hero", "reference_images")[1]
    inserted = gestures.insert_on_link(made, SHAPES, wire, "view")
    healed = gestures.delete_and_heal(inserted, SHAPES, ["view"])
    assert tags_by_photograph(healed) == tags_by_photograph(product_shot())
    assert [one.source.node for one in healed.links.into("hero", "reference_images")] == ["p0", "p1", "p2"]


def test_a_whole_chain_heals() -> None:
    made = document(
        {"p": photograph("p"), **{f"n{i}": node("preview") for i in range(4)}, "keep": node("save-image")},
        link("p.image", "n0.image"),
        *(link(f"n{i}.image", f"n{i + 1}.image") for i in range(3)),
        link("n3.image", "keep.image"),
    )
    after = gestures.delete_and_heal(made, SHAPES, [f"n{i}" for i in (2, 0, 3, 1)])
    assert [str(one.source) for one in after.links.into("keep")] == ["p.image"]


def test_healing_a_model_joins_its_first_photograph_not_its_words() -> None:
    after = gestures.delete_and_heal(product_shot(), SHAPES, ["hero"])
    assert [str(one.source) for one in after.links.into("keep")] == ["p0.image"]
    assert len(after.links) == 1


def test_healing_what_cannot_be_healed_is_removing() -> None:
    made = product_shot()
    assert gestures.delete_and_heal(made, SHAPES, ["words"]) == edits.remove_nodes(made, ["words"])
    assert gestures.delete_and_heal(made, SHAPES, ["missing"]) is made


@given(st.integers(0, 2**32))
@settings(max_examples=50, deadline=None)
def test_healing_never_invents_a_node_or_joins_twice(seed: int) -> None:
    random, made = Random(seed), product_shot()
    for _ in range(20):
        try:
            made = change_for(made, random)(made)
        except BadInput:
            continue
    gone = random.sample(sorted(made.nodes), min(3, len(made.nodes)))
    after = gestures.delete_and_heal(made, SHAPES, gone)
    assert set(after.nodes) == set(made.nodes) - set(gone)
    ends = [(one.source, one.target) for one in after.links]
    assert len(ends) == len(set(ends))
    assert all(one.source.node in after.nodes and one.target.node in after.nodes for one in after.links)


# --- duplicate and paste ---------------------------------------------------------------------


def test_duplicates_are_joined_among_themselves() -> None:
    made = product_shot()
    placed = gestures.duplicate(made, ["hero", "p0"], (10, 20))
    assert set(placed.nodes) == {"hero-2", "p0-2"}
    after = placed.document
    assert tags_by_photograph(after, "hero-2") == {"p0-2": "sneaker"}
    assert after.links.into("hero-2", "prompt") == ()
    assert after.layout["hero-2"] == Spot(made.layout["hero"].x + 10, made.layout["hero"].y + 20)
    assert after.nodes["hero-2"] is made.nodes["hero"]
    assert tags_by_photograph(after) == tags_by_photograph(made)


def test_duplicates_with_their_inputs() -> None:
    after = gestures.duplicate(product_shot(), ["hero"], with_inputs=True).document
    assert tags_by_photograph(after, "hero-2") == tags_by_photograph(after)
    assert after.links.into("hero-2", "prompt")[0].source.node == "words"
    assert after.links.out_of("hero-2") == ()


def test_duplicating_again_counts_on() -> None:
    first = gestures.duplicate(product_shot(), ["hero"])
    second = gestures.duplicate(first.document, first.nodes)
    assert second.nodes == ("hero-3",)
    nothing = gestures.duplicate(product_shot(), ["missing"])
    assert nothing.document == product_shot()
    assert nothing.nodes == ()


def test_frames_are_copied_too() -> None:
    made = edits.add_frame(product_shot(), "f", Frame(title="F", rect=(0, 0, 50, 60)))
    placed = gestures.duplicate(made, ["p0"], (5, 5), frames=["f"])
    assert placed.frames == ("f-2",)
    assert placed.document.frames["f-2"].rect == (5, 5, 50, 60)


def test_copy_and_paste_into_another_document() -> None:
    made = product_shot()
    part = clipboard.fragment_of(clipboard.copied(made, ["hero", "p0", "p1"]))
    placed = clipboard.paste(BLANK, part, (500, 600))
    after = placed.document
    assert set(after.nodes) == {"hero", "p0", "p1"}
    assert tags_by_photograph(after) == {"p0": "sneaker", "p1": "model"}
    assert min(spot.x for spot in after.layout.values()) == 500
    assert min(spot.y for spot in after.layout.values()) == 600
    assert [after.nodes[id] for id in after.nodes] == [made.nodes[id] for id in after.nodes]


def test_pasting_keeps_inputs_when_asked() -> None:
    made = product_shot()
    part = clipboard.fragment_of(clipboard.copied(made, ["hero"]))
    assert clipboard.paste(made, part).document.links.into("hero-2") == ()
    kept = clipboard.paste(made, part, keep_inputs=True).document
    assert tags_by_photograph(kept, "hero-2") == tags_by_photograph(made)
    elsewhere = clipboard.paste(BLANK, part, keep_inputs=True).document
    assert len(elsewhere.links) == 0


def test_pasting_without_a_place_is_a_step_beside() -> None:
    made = product_shot()
    part = clipboard.fragment_of(clipboard.copied(made, ["hero"]))
    after = clipboard.paste(made, part).document
    assert after.layout["hero-2"] == Spot(made.layout["hero"].x + 32, made.layout["hero"].y + 32)


def test_photographs_stay_those_of_their_folder(tmp_path: Path) -> None:
    made = product_shot(tags=("sneaker",))
    home, other = tmp_path / "home", tmp_path / "other"
    text = clipboard.copied(made, ["p0"], folder=home)
    again = clipboard.fragment_of(text, folder=home)
    assert again.nodes["p0"].values["file"] == "refs/sneaker.png"
    away = clipboard.fragment_of(text, folder=other)
    assert away.nodes["p0"].values["file"] == str(home / "refs" / "sneaker.png")
    assert clipboard.photographs_of(away) == (home / "refs" / "sneaker.png",)
    assert clipboard.photographs_of(again) == ()


def test_a_path_that_leads_out_is_copied_as_it_is(tmp_path: Path) -> None:
    made = edits.set_value(product_shot(), "p0", "file", "../../etc/passwd")
    part = clipboard.fragment_of(clipboard.copied(made, ["p0"], folder=tmp_path), folder=tmp_path)
    assert part.nodes["p0"].values["file"] == "../../etc/passwd"


@pytest.mark.parametrize(
    "text", ["", "hello", "[]", '{"format": "tagloom/1"}', '{"format": "tagloom-fragment/2"}']
)
def test_what_is_no_fragment(text: str) -> None:
    with pytest.raises(BadInput):
        clipboard.fragment_of(text)


def test_a_fragment_is_known_at_a_glance() -> None:
    assert clipboard.is_fragment(clipboard.copied(product_shot(), ["hero"]))
    assert not clipboard.is_fragment("a prompt about @sneaker")
    assert not clipboard.is_fragment('{"format": "tagloom/1"}')


@given(st.integers(0, 2**32))
@settings(max_examples=50, deadline=None)
def test_pasting_never_touches_what_is_there(seed: int) -> None:
    random, made = Random(seed), product_shot()
    for _ in range(15):
        try:
            made = change_for(made, random)(made)
        except BadInput:
            continue
    ids = random.sample(sorted(made.nodes), min(4, len(made.nodes)))
    part = clipboard.fragment_of(clipboard.copied(made, ids))
    placed = clipboard.paste(made, part, (random.random(), 7.0), keep_inputs=bool(seed % 2))
    assert len(placed.nodes) == len(ids)
    assert not set(placed.nodes) & set(made.nodes)
    assert edits.remove_nodes(placed.document, placed.nodes) == made
    ends = [(one.source, one.target) for one in placed.document.links]
    assert len(ends) == len(set(ends))


# --- dots, cutting, taking out, exchanging -----------------------------------------------------


def test_a_dot_keeps_tag_fit_and_place_and_its_going_restores_the_link() -> None:
    made = tag_edits.set_fit(product_shot(), end("p1.image"), HERO, Fit(mode="pad"))
    wire = made.links.into("hero", "reference_images")[1]
    placed = gestures.put_dot(made, SHAPES, wire, (10.0, 20.0))
    (dot,) = placed.nodes
    assert tagged_link(placed.document, dot) == ("model", Fit(mode="pad"), 1)
    assert placed.document.layout[dot].x == 10.0
    assert gestures.delete(placed.document, SHAPES, [dot]) == made
    both = gestures.delete(placed.document, SHAPES, ["p1", dot])
    assert both == edits.remove_nodes(made, ["p1"])


def test_a_dot_cannot_be_put_on_a_link_that_is_gone() -> None:
    made = product_shot()
    assert gestures.put_dot(made, SHAPES, link("nobody.x", "hero.prompt"), (0.0, 0.0)).document is made


def test_a_group_is_taken_out_whole() -> None:
    made = chain(4)
    after = gestures.extract(made, SHAPES, ["n1", "n2"])
    assert {f"{one.source} {one.target}" for one in after.links} == {
        "p.image n0.image",
        "n0.image n3.image",
        "n1.image n2.image",
    }
    assert set(after.nodes) == set(made.nodes)
    assert gestures.extract(after, SHAPES, ["n1", "n2"]) is after


def test_only_the_links_that_are_named_are_cut() -> None:
    made = product_shot()
    after = gestures.cut(made, [(end("p0.image"), HERO), (end("nobody.x"), HERO)])
    assert [one.tag for one in after.links.into("hero", "reference_images")] == ["model", "studio"]
    assert gestures.cut(after, []) is after


def test_two_links_are_exchanged_or_nothing_is() -> None:
    made = edits.add_node(product_shot(), "view", "preview")
    made = edits.connect(made, SHAPES, end("p0.image"), end("view.image"))
    view = made.links.into("view")[0]
    after = gestures.exchange(made, SHAPES, view, end("keep.image"))
    assert after is not None
    assert after.links.into("keep")[0].source == end("p0.image")
    assert after.links.into("view")[0].source == end("hero.image")
    reference = made.links.into("hero", "reference_images")[0]
    assert gestures.exchange(made, SHAPES, reference, end("keep.image")) is None  # it would be a circle
    assert gestures.exchange(made, SHAPES, view, HERO) is None
