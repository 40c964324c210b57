from __future__ import annotations

import time
from random import Random
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.basics.faults import BadInput, Where
from app.document import edits
from app.document.circles import nodes_in_circles, ways_back
from app.document.problems import Severity
from app.document.rules import check, check_node, check_nodes, check_prompt
from app.document.values import Document, End, Links
from tests.app.document.asking import codes, mended, only, said
from tests.app.document.samples import (
    SHAPES,
    WORDS,
    chain,
    document,
    end,
    link,
    node,
    photograph,
    product_shot,
)
from tests.app.document.strategies import change_for, documents

HERO = End("hero", "reference_images")


def test_a_good_document_has_no_problems() -> None:
    assert check(product_shot(), SHAPES) == ()
    assert check(Document(), SHAPES) == ()


# --- the graph -------------------------------------------------------------------------------


def test_an_unknown_kind() -> None:
    made = edits.add_node(product_shot(), "wand", "magic-wand", title="Magic <b>Wand</b>")
    made = edits.with_links(made, [*made.links, link("hero.image", "wand.x"), link("wand.y", "keep.image")])
    found = only(made, "kind.unknown")
    assert found.where == Where(node="wand")
    assert found.severity is Severity.ERROR
    assert "magic-wand" in found.title
    assert "wand" not in mended(made, "kind.unknown").nodes
    assert "link.no-socket" not in codes(made)


def test_links_to_nowhere() -> None:
    for gone in (link("missing.image", "hero.reference_images"), link("hero.image", "missing.in")):
        made = edits.with_links(product_shot(), [*product_shot().links, gone])
        found = only(made, "link.no-node")
        assert found.where.node == "hero"
        assert "missing" in found.title
        assert check(mended(made, "link.no-node"), SHAPES) == ()
    lost = document({}, link("a.b", "c.d"))
    assert only(lost, "link.no-node").where == Where()
    assert mended(lost, "link.no-node") == document({})


def test_sockets_that_are_not_there() -> None:
    made = edits.with_links(product_shot(), [*product_shot().links, link("p0.picture", "hero.mask")])
    found = [one for one in check(made, SHAPES) if one.code == "link.no-socket"]
    assert [one.title for one in found] == [
        "Reference Image (p0) has no output called “picture”.",
        "Hero shot has no input called “mask”.",
    ]
    assert found[0].fixes[0].edit(made) == product_shot()


def test_a_wrong_type_also_through_dots() -> None:
    made = edits.with_links(
        product_shot(), [*product_shot().links, link("words.text", "hero.reference_images")]
    )
    assert "takes an image" in only(made, "link.type").title
    assert check(mended(made, "link.type"), SHAPES) == ()
    dotted = document(
        {"p": photograph("p"), "a": node("reroute"), "b": node("reroute"), "m": node("gen4-image")},
        link("p.image", "a.in"),
        link("a.out", "b.in"),
        link("b.out", "m.prompt"),
    )
    assert only(dotted, "link.type").where == Where(node="m", socket="prompt")
    right = document(
        {"w": node("prompt", text="Light"), "a": node("reroute"), "m": node("gen4-image")},
        link("w.text", "a.in"),
        link("a.out", "m.prompt"),
    )
    assert codes(right) == []


def test_a_circle() -> None:
    made = document(
        {id: node("preview") for id in "abcd"},
        link("a.image", "b.image"),
        link("b.image", "c.image"),
        link("c.image", "a.image"),
        link("c.image", "d.image"),
    )
    found = [one for one in check(made, SHAPES) if one.code == "link.cycle"]
    assert [one.where.node for one in found] == ["a", "b", "c"]
    assert "link.cycle" not in codes(found[0].fixes[0].edit(made))


def test_a_node_that_feeds_itself() -> None:
    made = document({"a": node("preview")}, link("a.image", "a.image"))
    assert "link.cycle" in codes(made)
    assert "link.cycle" not in codes(mended(made, "link.cycle"))


def test_a_required_input() -> None:
    made = edits.disconnect(product_shot(), end("words.text"), end("hero.prompt"))
    found = only(made, "input.required")
    assert found.where == Where(node="hero", socket="prompt")
    added = mended(made, "input.required")
    assert added.links.into("hero", "prompt")[0].source.node == "prompt"
    assert added.layout["prompt"].x < added.layout["hero"].x
    assert "input.required" not in codes(added)
    pictures = document({"keep": node("save-image")})
    assert only(pictures, "input.required").fixes == ()


def test_a_second_link_into_a_single_input() -> None:
    made = edits.add_node(product_shot(), "more", "prompt", {"text": WORDS})
    made = edits.with_links(made, [*made.links, link("more.text", "hero.prompt")])
    found = only(made, "link.second")
    assert found.where == Where(node="hero", socket="prompt", item=1)
    assert [one.label for one in found.fixes] == [
        "Keep the link from Prompt (words)",
        "Keep the link from Prompt (more)",
    ]
    for place, kept in enumerate(("words", "more")):
        after = mended(made, "link.second", place)
        assert [one.source.node for one in after.links.into("hero", "prompt")] == [kept]


def test_a_skipped_node_is_not_checked() -> None:
    made = edits.set_skip(said("@nobody", ()), ["hero"], True)
    assert "tag.unknown" not in codes(made)
    assert check_prompt(made, "words", SHAPES) == ()


def test_names_carry_the_id_only_where_they_must() -> None:
    made = edits.with_links(
        product_shot(), [one for one in product_shot().links if one.target.node != "keep"]
    )
    assert only(made, "input.required").title.startswith("Save Image:")
    made = edits.add_node(made, "keep-2", "save-image")
    titles = [one.title for one in check(made, SHAPES)]
    assert titles == [
        "Save Image (keep): nothing is joined to Image.",
        "Save Image (keep-2): nothing is joined to Image.",
    ]


# --- the whole -------------------------------------------------------------------------------


@given(documents())
@settings(max_examples=100, deadline=None)
def test_any_document_can_be_checked(made: Document) -> None:
    for problem in check(made, SHAPES):
        assert problem.title
        assert problem.advice
        assert problem.where.node is None or problem.where.node in made.nodes
        for fix in problem.fixes:
            assert isinstance(fix.edit(made), Document)


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_one_node_is_told_what_the_whole_is_and_each_fix_mends(seed: int) -> None:
    random, made = Random(seed), product_shot()
    for _ in range(25):
        try:
            made = change_for(made, random)(made)
        except BadInput:
            continue
    whole = check(made, SHAPES)
    single = [one for id in sorted(made.nodes) for one in check_node(made, id, SHAPES)]
    some = sorted(made.nodes)[::2]
    found = check_nodes(made, [*some, "missing"], SHAPES)
    assert all(found.values())
    assert {id: [one.title for one in found.get(id, ())] for id in some} == {
        id: [one.title for one in check_node(made, id, SHAPES)] for id in some
    }
    shown = [(one.code, one.where, one.title, one.span) for one in whole]
    assert shown == [(one.code, one.where, one.title, one.span) for one in single]
    for problem in whole:
        for fix in problem.fixes:
            after = fix.edit(made)
            assert after is not made, (problem.code, fix.label)
            left = [(one.code, one.where, one.title, one.span) for one in check(after, SHAPES)]
            same = (problem.code, problem.where, problem.title, problem.span)
            fewer = len(left) < len(shown) or left.count(same) < shown.count(same)
            assert fewer, (problem.code, fix.label)


@given(st.integers(1, 8), st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=16))
def test_circles_against_a_slow_search(count: int, pairs: list[tuple[int, int]]) -> None:
    made = document(
        {f"n{i}": node("preview") for i in range(count)},
        *(link(f"n{a % count}.image", f"n{b % count}.i{place}") for place, (a, b) in enumerate(pairs)),
    )
    after = {id: {one.target.node for one in made.links.out_of(id)} for id in made.nodes}
    reached = {id: set(found) for id, found in after.items()}
    for _ in range(count):
        reached = {
            id: found | {far for near in found for far in after[near]} for id, found in reached.items()
        }
    found = nodes_in_circles(made)
    assert set(found) == {id for id in made.nodes if id in reached[id]}
    for id in made.nodes:
        assert found.get(id, ()) == ways_back(made, id)
        assert {one.source.node for one in found.get(id, ())} == {
            one.source.node
            for one in made.links.into(id)
            if one.source.node in reached[id] | {id}
            and (one.source.node == id or id in reached[one.source.node])
        }


def big(models: int) -> Document:
    """`models` models with their own prompt and three photographs each, all kept: 6 nodes a model."""
    nodes, links = {}, []
    for i in range(models):
        nodes |= {
            f"w{i}": node("prompt", text=WORDS),
            f"m{i}": node("gen4-image"),
            f"k{i}": node("save-image"),
        }
        links += [link(f"w{i}.text", f"m{i}.prompt"), link(f"m{i}.image", f"k{i}.image")]
        for place, tag in enumerate(("sneaker", "model", "studio")):
            nodes[f"p{i}{place}"] = photograph(tag)
            links.append(link(f"p{i}{place}.image", f"m{i}.reference_images", tag))
    return Document(nodes=MappingProxyType(nodes), links=Links(tuple(links)))


def ring(count: int) -> Document:
    made = chain(count)
    return edits.with_links(made, [*list(made.links)[1:], link(f"n{count - 1}.image", "n0.image")])


@pytest.mark.parametrize("made", [big(834), chain(5000), ring(5000)], ids=["models", "chain", "ring"])
def test_five_thousand_nodes_are_checked_at_once(made: Document) -> None:
    """Seconds on a busy machine; the time of 5,000 nodes is measured by the benchmarks."""
    began = time.process_time()
    check(made, SHAPES)
    assert time.process_time() - began < 2.0
