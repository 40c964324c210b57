from __future__ import annotations

import time
from random import Random
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.basics.faults import BadInput, Where
from app.document import edits, tag_edits
from app.document.circles import nodes_in_circles, ways_back
from app.document.problems import Problem, Severity
from app.document.reach import waiting_tags
from app.document.rules import check, check_node, check_nodes, check_prompt
from app.document.values import WAITING_TAGS, Document, End, Links
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
    tags_by_photograph,
)
from tests.app.document.strategies import change_for, documents

HERO = End("hero", "reference_images")


def codes(of: Document) -> list[str]:
    return [one.code for one in check(of, SHAPES)]


def only(of: Document, code: str) -> Problem:
    (found,) = [one for one in check(of, SHAPES) if one.code == code]
    assert found.title.endswith(".")
    assert found.advice.endswith((".", "?"))
    return found


def mended(of: Document, code: str, fix: int = 0) -> Document:
    return only(of, code).fixes[fix].edit(of)


def text_of(of: Document) -> object:
    return of.nodes["words"].values["text"]


def said(words: str, tags: tuple[str, ...] = ("sneaker", "model", "studio")) -> Document:
    return product_shot(words, tags)


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


# --- tags ------------------------------------------------------------------------------------


def test_an_unknown_tag_has_its_place_and_its_fix() -> None:
    made = said("👟 A @snekaer by @model in @studio light.")
    found = only(made, "tag.unknown")
    assert found.where == Where(node="words", parameter="text")
    assert found.span == (4, 12)
    assert found.fixes[0].label == "Use @sneaker"
    assert "Did you mean @sneaker?" in found.advice
    assert found.severity is Severity.ERROR
    after = mended(made, "tag.unknown")
    assert text_of(after) == "👟 A @sneaker by @model in @studio light."
    assert check(after, SHAPES) == ()


def test_a_fix_that_comes_too_late_does_nothing() -> None:
    made = said("A @snekaer by @model in @studio light.")
    fix = only(made, "tag.unknown").fixes[0]
    later = edits.set_value(made, "words", "text", "Something else entirely, @model")
    assert fix.edit(later) is later
    gone = edits.remove_nodes(made, ["words"])
    assert fix.edit(gone) is gone


def test_each_wrong_call_is_named() -> None:
    made = said("Light: @aaaa @sneaker @aaaa @bbbb @model @studio")
    spans = [one.span for one in check(made, SHAPES) if one.code == "tag.unknown"]
    assert spans == [(7, 12), (22, 27), (28, 33)]


def test_a_call_nobody_meant_becomes_plain_words() -> None:
    made = said("A @4k photo of @sneaker by @model in @studio light.")
    found = only(made, "tag.unknown")
    assert found.fixes[-1].label == "Write “4k” without @"
    assert text_of(mended(made, "tag.unknown", -1)) == "A 4k photo of @sneaker by @model in @studio light."


def test_a_tag_run_into_a_word_is_split() -> None:
    made = said("@modelwearing @sneaker in @studio light")
    assert text_of(mended(made, "tag.unknown")) == "@model wearing @sneaker in @studio light"


def test_an_image_without_a_tag_can_take_the_called_one() -> None:
    made = said("Put @sneaker in soft light on @rocks", ("sneaker", ""))
    found = only(made, "tag.unknown")
    assert found.fixes[0].label == "Call Reference Image (p1) @rocks"
    assert check(found.fixes[0].edit(made), SHAPES) == ()


def test_a_called_tag_that_waits_has_no_image() -> None:
    made = tag_edits.write_reference_tags(said(WORDS, ("sneaker",)), "hero", "sneaker, model, studio")
    found = [one for one in check(made, SHAPES) if one.severity is Severity.ERROR]
    assert [one.code for one in found] == ["tag.no-image", "tag.no-image"]
    waiting = [one for one in check(made, SHAPES) if one.code == "tag.waiting"]
    assert [one.severity for one in waiting] == [Severity.HINT] * 2
    assert waiting[0].where == Where(node="hero", parameter="reference_tags")
    after = waiting[0].fixes[0].edit(made)
    assert waiting_tags(after, "hero") == ("studio",)
    assert waiting[0].fixes[0].edit(after) is after


def test_an_image_that_is_never_called_is_a_hint() -> None:
    made = said("@front view with @detail closeup, studio lighting.", ("front", "side", "detail"))
    found = only(made, "tag.not-called")
    assert found.severity is Severity.HINT
    assert found.where == Where(node="hero", socket="reference_images", item=1)
    after = mended(made, "tag.not-called")
    assert text_of(after) == "@front view with @detail closeup, studio lighting. @side"
    assert check(after, SHAPES) == ()
    assert found.fixes[0].edit(after) is after


def test_without_a_prompt_no_image_is_said_to_be_uncalled() -> None:
    made = edits.disconnect(product_shot(), end("words.text"), end("hero.prompt"))
    assert "tag.not-called" not in codes(made)


def test_an_image_without_a_tag_is_named_after_its_file() -> None:
    made = said("@sneaker under soft light", ("sneaker", ""))
    made = edits.set_value(made, "p1", "file", "C:\\Photos\\Red Shoe.final.JPG")
    found = only(made, "tag.missing")
    assert found.severity is Severity.HINT
    assert found.fixes[0].label == "Call it @redshoefinal"
    made = edits.set_value(made, "p1", "file", "refs/Sneaker.png")
    assert tags_by_photograph(mended(made, "tag.missing"))["p1"] == "sneaker2"
    made = edits.set_title(edits.set_value(made, "p1", "file", ""), "p1", "coffee.png")
    assert tags_by_photograph(mended(made, "tag.missing"))["p1"] == "coffee"


@pytest.mark.parametrize(
    ("tag", "code", "new"),
    [
        ("ab", "tag.length", "ab1"),
        ("averyveryverylongtag", "tag.length", "averyveryverylo"),
        ("red-shoe", "tag.character", "redshoe"),
        ("schön", "tag.character", "schon"),
        ("9lives", "tag.first", "lives"),
    ],
)
def test_a_tag_that_cannot_be_used(tag: str, code: str, new: str) -> None:
    made = said(f"Soft light on @{tag} there", (tag,))
    found = only(made, code)
    assert found.severity is Severity.ERROR
    assert found.where == Where(node="hero", socket="reference_images", item=0)
    after = mended(made, code)
    assert tags_by_photograph(after) == {"p0": new}
    assert text_of(after) == f"Soft light on @{new} there"
    assert [one.code for one in check(after, SHAPES) if one.severity is Severity.ERROR] == []


def test_one_tag_twice() -> None:
    made = said(WORDS, ("model", "sneaker", "MODEL"))
    found = only(made, "tag.twice")
    assert found.where.item == 2
    assert "images 1 and 3" in found.title
    assert tags_by_photograph(mended(made, "tag.twice")) == {"p0": "model", "p1": "sneaker", "p2": "model2"}


def test_waiting_tags_are_checked_too() -> None:
    made = edits.set_value(product_shot(), "hero", WAITING_TAGS, ("Model", "x", "lamp", "lamp"))
    found = [one for one in check(made, SHAPES) if one.where.parameter == "reference_tags"]
    assert [one.code for one in found] == ["tag.twice", "tag.length", "tag.waiting", "tag.twice"]
    after = made
    for problem in (found[0], found[1], found[3]):
        after = problem.fixes[0].edit(after)
    assert waiting_tags(after, "hero") == ("model2", "x01", "lamp", "lamp2")


def test_one_prompt_may_be_right_for_one_model_and_wrong_for_another() -> None:
    made = edits.add_node(product_shot(), "flux", "flux-2-pro", title="Flux")
    made = edits.connect(made, SHAPES, end("words.text"), end("flux.prompt"))
    wrong = [one for one in check(made, SHAPES) if one.code == "tag.unknown"]
    assert len(wrong) == 3
    assert all(one.title.startswith("Flux has no image") for one in wrong)
    assert all(one.where.node == "words" for one in wrong)
    assert check_node(made, "hero", SHAPES) == ()
    assert [one.span for one in check_prompt(made, "words", SHAPES)] == [one.span for one in wrong]


def test_a_fault_can_be_made_of_a_problem() -> None:
    fault = only(said("@nobody in the light with @sneaker, @model, @studio"), "tag.unknown").as_fault()
    assert isinstance(fault, BadInput)
    assert fault.where.node == "words"


# --- hints from the guide --------------------------------------------------------------------


@pytest.mark.parametrize(
    "tag", ["img1", "image2", "photo", "ref1", "aaa", "IMG", "pic12", "x12", "dsc0001", "abc"]
)
def test_a_tag_that_says_nothing(tag: str) -> None:
    made = said(f"Soft light on @{tag} there", (tag,))
    found = only(made, "guidance.tag-name")
    assert found.severity is Severity.HINT
    assert found.where == Where(node="hero", socket="reference_images", item=0)


@pytest.mark.parametrize(
    "tag",
    ["product", "model", "scene", "sneaker", "studio", "front", "side", "cat", "imagery", "photographer"],
)
def test_a_tag_that_says_something(tag: str) -> None:
    assert codes(said(f"Soft light on @{tag} there", (tag,))) == []


@pytest.mark.parametrize(
    "words", ["@sneaker", "@sneaker.", "@sneaker, @model!", "photo @sneaker", "照片@sneaker"]
)
def test_tags_called_without_a_context(words: str) -> None:
    assert "guidance.context" in codes(said(words))


@pytest.mark.parametrize("words", ["@sneaker on the table", "把@sneaker放在桌子上面", "", "A red shoe"])
def test_tags_called_in_a_context(words: str) -> None:
    assert "guidance.context" not in codes(said(words))


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("@sneaker worn by @model in @studio", True),
        ("@sneaker worn by @model in @studio, lightweight", True),
        ("@sneaker worn by @model in @studio, dramatic lighting", False),
        ("@sneaker worn by @model at sunset", False),
        ("@sneaker worn by @model, backlit", False),
        ("@sneaker worn by @model, candlelight", False),
        ("把@sneaker放在@studio里面，旁边是@model站着", True),
        ("把@sneaker放在@studio里面，清晨的阳光", False),
        ("", False),
    ],
)
def test_several_references_want_one_light(words: str, hint: bool) -> None:
    assert ("guidance.light" in codes(said(words))) is hint


def test_one_reference_brings_its_own_light() -> None:
    assert "guidance.light" not in codes(said("@sneaker worn by a man", ("sneaker",)))


TEMPLATES = (
    (WORDS, "sneaker, model, studio", []),
    (
        "@person holding @product in a modern kitchen, natural lighting, lifestyle photography.",
        "product, person",
        [],
    ),
    (
        "Product showcase combining @front view with @detail closeup, white background, studio lighting.",
        "front, side, detail",
        ["tag.not-called"],
    ),
    (
        "Place @subject in @background scene, natural integration, matching lighting.",
        "subject, background",
        [],
    ),
)


@pytest.mark.parametrize(("words", "tags", "expected"), TEMPLATES)
def test_the_templates_of_the_guide(words: str, tags: str, expected: list[str]) -> None:
    assert codes(said(words, tuple(tags.split(", ")))) == expected


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
