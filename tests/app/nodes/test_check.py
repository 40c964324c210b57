"""The whole check of a document, and that checking only what a change touched gives the same."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.basics.faults import BadInput, Fault, Where
from app.catalogue.reader import read_cards
from app.document import edits, tag_edits
from app.document.problems import Problem, Severity
from app.document.values import BLANK, Document, End, Fit, Node
from app.imaging.facts import ImageFacts
from app.nodes.check import Facts, Rules, above, asked_of, below, check, checked, dirtied, errors
from app.nodes.registry import build_kinds, shapes_of
from tests.app.document.samples import document, link, node, photograph, product_shot
from tests.app.document.strategies import change_for

KINDS = build_kinds(read_cards())
RULES = Rules(kinds=KINDS, shapes=shapes_of(KINDS))


def facts_of(width: int, height: int, bytes: int = 1000) -> ImageFacts:
    return ImageFacts(width=width, height=height, format="PNG", mode="RGB", bytes=bytes, has_alpha=False)


GOOD = facts_of(1000, 1000)
WIDE = facts_of(3000, 1000)
UNREADABLE = BadInput("p1.png is no picture.", advice="Choose another.", code="image.unreadable")


def codes(of: Mapping[str, tuple[Problem, ...]]) -> dict[str, list[str]]:
    return {id: [one.code for one in found] for id, found in of.items()}


def good(of: Document) -> Facts:
    return {id: GOOD for id, one in of.nodes.items() if one.kind == "reference-image"}


def told(of: Mapping[str, tuple[Problem, ...]], document: Document | None = None) -> object:
    """Problems as values: their edits as what the buttons say, or as what they make of a document."""
    return {
        id: [
            (replace(one, fixes=()), [(fix.label, document and fix.edit(document)) for fix in one.fixes])
            for one in found
        ]
        for id, found in of.items()
    }


def with_node(of: Document, id: str, **changes: object) -> Document:
    return replace(
        of,
        nodes=MappingProxyType({**of.nodes, id: replace(of.nodes[id], **changes)}),  # type: ignore[arg-type]
    )


def test_a_good_document_has_no_problem() -> None:
    of = product_shot()
    assert check(of, RULES, good(of)) == {}
    assert check(BLANK, RULES, {}) == {}


def test_problems_of_graph_tags_card_and_photographs_stand_at_their_nodes() -> None:
    of = product_shot("A @sneker on @model", ("sneaker", "model", "studio"))
    of = edits.set_value(of, "hero", "seed", -1)
    found = check(of, RULES, {"p0": WIDE, "p1": UNREADABLE, "p2": GOOD})
    assert set(found) == {"hero", "p1"}
    assert {"tag.unknown", "tag.not-called", "reference.ratio", "seed.range"} <= set(codes(found)["hero"])
    [unreadable] = found["p1"]
    assert unreadable.where == Where(node="p1", parameter="file")
    assert (unreadable.title, unreadable.code) == (UNREADABLE.title, UNREADABLE.code)


def test_a_linked_reference_without_a_photograph_is_an_error_and_a_lonely_one_is_not() -> None:
    of = product_shot()
    empty = edits.set_value(of, "p0", "file", "")
    assert codes(check(empty, RULES, {})) == {"p0": ["image.none"]}
    lonely = edits.add_node(of, "later", "reference-image", {"file": ""}, (0, 0))
    assert check(lonely, RULES, good(of)) == {}


@pytest.mark.parametrize("id", ["hero", "p0"])
def test_a_skipped_node_has_no_problems(id: str) -> None:
    of = edits.set_value(edits.set_value(product_shot(), "hero", "seed", -1), "p0", "file", "")
    assert id in check(of, RULES, {})
    assert id not in check(with_node(of, id, skip=True), RULES, {})


def test_what_is_no_text_in_a_file_is_an_empty_prompt() -> None:
    of = edits.set_value(product_shot(tags=()), "words", "text", None)
    assert "prompt.empty" in codes(check(of, RULES, {}))["hero"]


def chained(*, previews: int, first: str = "21:9") -> Document:
    """One model's picture into the next, through previews."""
    nodes: dict[str, Node] = {
        "words": node("prompt", text="A @scene in soft light from the left."),
        "plain": node("prompt", text="A hall in soft light from the left."),
        "one": node("gen4-image", "First", aspect_ratio=first, resolution="1080p"),
        **{f"v{n}": node("preview") for n in range(previews)},
        "two": node("gen4-image", "Second"),
    }
    way = ["one.image", *(f"v{n}.image" for n in range(previews))]
    into = [*(f"v{n}.image" for n in range(previews))]
    return document(
        nodes,
        link("plain.text", "one.prompt"),
        link("words.text", "two.prompt"),
        *(link(source, target) for source, target in zip(way, into, strict=False)),
        link(way[-1], "two.reference_images", "scene"),
    )


@pytest.mark.parametrize("previews", [0, 1, 3])
def test_the_ratio_of_a_picture_that_is_not_made_yet_is_judged_from_its_card(previews: int) -> None:
    [problem] = check(chained(previews=previews), RULES, {})["two"]
    assert problem.code == "reference.ratio"
    assert "2112 × 912" in problem.title
    assert check(chained(previews=previews, first="16:9"), RULES, {}) == {}


def test_a_circle_of_previews_ends() -> None:
    of = document(
        {"a": node("preview"), "b": node("preview"), "hero": node("gen4-image")},
        link("a.image", "b.image"),
        link("b.image", "a.image"),
        link("b.image", "hero.reference_images", "cup"),
    )
    assert "link.cycle" in codes(check(of, RULES, {}))["a"]


def test_the_facts_of_a_photograph_reach_a_model_through_a_preview() -> None:
    of = document(
        {
            "p": photograph("p"),
            "v": node("preview"),
            "words": node("prompt", text="The @scene in soft light, seen from above."),
            "hero": node("gen4-image"),
        },
        link("p.image", "v.image"),
        link("v.image", "hero.reference_images", "scene"),
        link("words.text", "hero.prompt"),
    )
    assert codes(check(of, RULES, {"p": WIDE})) == {"hero": ["reference.ratio"]}
    dirty = above(of, below(of, {"p"}))
    again = checked(of, RULES, {"p": WIDE}, dirty, check(of, RULES, {"p": GOOD}))
    assert told(again, of) == told(check(of, RULES, {"p": WIDE}), of)
    [asked] = asked_of(of, RULES, {"p": WIDE}, "hero").references
    assert asked.pixels == (3000, 1000)


def test_a_reference_that_moves_takes_its_problem_along() -> None:
    of = product_shot()
    facts = {**good(of), "p0": WIDE}
    before = check(of, RULES, facts)
    [first] = [one for one in before["hero"] if one.code == "reference.ratio"]
    assert first.where.item == 0
    moved = edits.move_link(of, End("p0", "image"), End("hero", "reference_images"), 2)
    after = checked(moved, RULES, facts, dirtied(of, moved, RULES.shapes), before)
    [problem] = [one for one in after["hero"] if one.code == "reference.ratio"]
    assert problem.where.item == 2


def test_a_fit_takes_the_error_away() -> None:
    of = product_shot()
    fitted = tag_edits.set_fit(of, End("p0", "image"), End("hero", "reference_images"), Fit(mode="crop"))
    assert check(fitted, RULES, {**good(of), "p0": WIDE}) == {}


def test_nothing_is_dirty_where_nothing_changed() -> None:
    of = product_shot()
    assert dirtied(of, of, RULES.shapes) == frozenset()
    assert dirtied(of, edits.move(of, {"hero": (1.0, 2.0)}), RULES.shapes) == frozenset()


def test_a_word_dirties_only_what_it_reaches() -> None:
    one = product_shot()
    many = document(
        {**one.nodes, "other": node("gen4-image"), "else": node("prompt", text="x")},
        *one.links,
        link("else.text", "other.prompt"),
    )
    after = edits.set_value(many, "words", "text", "Another @sneaker")
    assert dirtied(many, after, RULES.shapes) == {"words", "hero", "keep", "p0", "p1", "p2"}


def test_a_second_node_of_the_same_name_changes_how_the_first_is_called() -> None:
    of = edits.set_value(product_shot(tags=()), "words", "text", "@nobody")
    before = check(of, RULES, {})
    after = edits.add_node(of, "again", "gen4-image", {}, (0, 0))
    after = edits.set_title(after, "again", "Hero shot")
    found = checked(after, RULES, {}, dirtied(of, after, RULES.shapes), before)
    assert told(found, after) == told(check(after, RULES, {}), after)
    assert any("Hero shot (hero)" in one.title for one in found["hero"])


def test_errors_are_those_that_stop_a_run_of_all_or_of_some_nodes() -> None:
    of = product_shot("A @sneaker and @nobody")
    found = check(of, RULES, {**good(of), "p1": UNREADABLE})
    assert [one.code for one in errors(found, ["p1"])] == ["image.unreadable"]
    assert {one.code for one in errors(found)} == {"image.unreadable", "tag.unknown"}
    assert all(one.severity is Severity.ERROR for one in errors(found))
    assert errors(found, []) == ()


def some_facts(of: Document, random: Random) -> dict[str, ImageFacts | Fault]:
    pool: list[ImageFacts | Fault] = [GOOD, WIDE, UNREADABLE, facts_of(9000, 9000)]
    return {
        id: random.choice(pool)
        for id, one in of.nodes.items()
        if one.kind == "reference-image" and random.random() < 0.8
    }


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32))
def test_checking_what_changed_is_checking_everything(seed: int) -> None:
    """A hundred edits of an artist, with photographs that become known, change and go on the way."""
    random = Random(seed)
    now = product_shot(tags=("sneaker", "model", "brick"))
    facts: dict[str, ImageFacts | Fault] = some_facts(now, random)
    problems = check(now, RULES, facts)
    for _ in range(25):
        try:
            after = change_for(now, random)(now)
        except BadInput:
            continue  # an edit that cannot be made
        problems = checked(after, RULES, facts, dirtied(now, after, RULES.shapes), problems)
        now = after
        if random.random() < 0.3:
            facts = facts | some_facts(now, random)
            known = [id for id in facts if id in now.nodes]
            problems = checked(now, RULES, facts, above(now, below(now, known)), problems)
        assert told(problems) == told(check(now, RULES, facts))
    assert told(problems, now) == told(check(now, RULES, facts), now)
