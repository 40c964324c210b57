from __future__ import annotations

import pytest

from app.basics.faults import BadInput, Where
from app.document import edits, tag_edits
from app.document.problems import Severity
from app.document.reach import waiting_tags
from app.document.rules import check, check_node, check_prompt
from app.document.values import WAITING_TAGS, End
from tests.app.document.asking import codes, mended, only, said, text_of
from tests.app.document.samples import (
    SHAPES,
    WORDS,
    end,
    product_shot,
    tags_by_photograph,
)

HERO = End("hero", "reference_images")


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


# --- photographs that are skipped --------------------------------------------------------------


def test_a_call_of_a_skipped_photograph_is_an_error_with_its_fix() -> None:
    """Its photograph would not be sent, and the prompt would call nothing."""
    made = edits.set_skip(product_shot(), ["p0"], True)
    found = only(made, "tag.skipped")
    assert found.severity is Severity.ERROR
    assert (found.where.node, found.where.parameter) == ("words", "text")
    assert found.span is not None
    assert str(text_of(made))[slice(*found.span)] == "@sneaker"
    assert mended(made, "tag.skipped", 0).nodes["p0"].skip is False
    assert "sneaker worn by @model" in str(text_of(mended(made, "tag.skipped", 1)))
    assert "@sneaker" not in str(text_of(mended(made, "tag.skipped", 1)))


def test_a_skipped_photograph_is_not_asked_for_a_call() -> None:
    made = edits.set_skip(said("A photo of @model standing in @studio, soft light."), ["p0"], True)
    assert [code for code in codes(made) if code.startswith("tag.")] == []
