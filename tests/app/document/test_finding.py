"""Find and replace over all words of a document."""

from __future__ import annotations

import pytest

from app.basics.faults import BadInput
from app.document.edits import add_node, set_value, with_links
from app.document.finding import Found, Wanted, find, replace_all, replace_one, text_at
from app.document.tag_edits import models_with_tag, rename_tag, rename_tag_everywhere, set_waiting
from app.document.values import BLANK, Document
from tests.app.document.samples import link, product_shot

FIELDS = {"prompt": ("text",), "note": ("text",), "gen4-image": ("negative",)}


def words(*texts: str) -> Document:
    document = BLANK
    for number, text in enumerate(texts):
        document = add_node(document, f"p{number}", "prompt", {"text": text}, (0.0, 100.0 * number))
    return document


def hits(text: str, looked_for: str, *, case: bool = False, whole: bool = False) -> list[str]:
    wanted = Wanted(text=looked_for, match_case=case, whole_word=whole)
    return [text[one.start : one.end] for one in find(words(text), FIELDS, wanted)]


def test_everything_is_found_as_it_is_written() -> None:
    assert hits("A shoe. a SHOE; shoes (shoe)", "shoe") == ["shoe", "SHOE", "shoe", "shoe"]
    assert hits("A shoe. a SHOE; shoes", "shoe", case=True) == ["shoe", "shoe"]
    assert hits("A shoe. a SHOE; shoes, _shoe, shoe2", "shoe", whole=True) == ["shoe", "SHOE"]
    assert hits("a.b axb a(b", "a.b") == ["a.b"]
    assert hits("a.b a(b [", "a(b") == ["a(b"]
    assert hits("anything", "") == []
    assert hits("ＡＢ é e\u0301", "é") == ["é"]


@pytest.mark.parametrize(
    ("text", "looked_for", "count"),
    [
        ("把@sneaker放在桌上", "sneaker", 1),
        ("把@sneakers放", "sneaker", 0),
        ("红鞋子和蓝鞋子", "鞋子", 2),
        ("红鞋子", "红鞋", 1),
        ("@sneaker, (@sneaker) jo@sneaker", "@sneaker", 3),
        ("Größe größer", "größe", 1),
    ],
)
def test_whole_words_in_every_script(text: str, looked_for: str, count: int) -> None:
    assert len(hits(text, looked_for, whole=True)) == count


def test_places_come_as_an_eye_reads_the_canvas() -> None:
    document = add_node(words("shoe", "x", "shoe shoe"), "memo", "note", {"text": "a shoe"}, (-500.0, 100.0))
    document = add_node(document, "m", "gen4-image", {"negative": "shoe", "seed": 3}, (0.0, -10.0))
    found = find(document, FIELDS, Wanted(text="shoe"))
    assert [(one.node, one.start) for one in found] == [
        ("m", 0), ("p0", 0), ("memo", 2), ("p2", 0), ("p2", 5),
    ]  # fmt: skip
    assert text_at(document, found[2]) == "a shoe"


def test_one_is_replaced_and_only_where_it_stands() -> None:
    document, wanted = words("shoe and Shoe"), Wanted(text="shoe")
    second = find(document, FIELDS, wanted)[1]
    after = replace_one(document, wanted, second, r"\1 boot")
    assert after.nodes["p0"].values["text"] == r"shoe and \1 boot"
    assert replace_one(after, wanted, second, "x") is after, "it no longer stands there"
    assert replace_one(BLANK, wanted, second, "x") is BLANK
    assert replace_one(document, wanted, Found(node="p0", parameter="text", start=1, end=5), "x") is document


def test_all_are_replaced_as_they_stand_and_nothing_else_is_touched() -> None:
    document = words("shoe, SHOE", "none", "shoes")
    after = replace_all(document, FIELDS, Wanted(text="shoe", whole_word=True), r"\g<0>鞋")
    assert [one.values["text"] for one in after.nodes.values()] == [r"\g<0>鞋, \g<0>鞋", "none", "shoes"]
    assert after.nodes["p1"] is document.nodes["p1"]
    assert replace_all(document, FIELDS, Wanted(text="boot"), "x") is document
    assert replace_all(document, FIELDS, Wanted(text=""), "x") is document


def test_what_holds_no_words_is_passed_over() -> None:
    document = set_value(words("shoe"), "p0", "text", 5)
    assert find(document, FIELDS, Wanted(text="5")) == ()
    assert replace_all(document, FIELDS, Wanted(text="5"), "6") is document


def test_a_tag_is_renamed_at_every_model_and_in_its_prompts() -> None:
    document = product_shot()
    tag = document.links.into("hero", "reference_images")[0].tag
    document = add_node(document, "other", "gen4-image")
    document = set_waiting(document, "other", (tag.upper(),))
    assert models_with_tag(document, tag) == ("hero", "other")
    after = rename_tag_everywhere(document, tag, "renamed")
    assert models_with_tag(after, tag) == ()
    assert models_with_tag(after, "renamed") == ("hero", "other")
    assert find(after, FIELDS, Wanted(text=f"@{tag}", whole_word=True)) == ()
    assert find(after, FIELDS, Wanted(text="@renamed", whole_word=True))
    with pytest.raises(BadInput):
        rename_tag_everywhere(document, tag, "no tag!")
    assert rename_tag_everywhere(document, "nobody", "renamed") is document
    assert models_with_tag(document, "") == ()


def test_a_tag_on_a_link_to_nowhere_is_left_alone() -> None:
    """A file may hold such links until its problems are mended; the tags at the models still change."""
    before = product_shot()
    lost = [link("p0.image", "gone.reference_images", tag) for tag in ("sneaker", "boot")]
    before = with_links(before, [*before.links, *lost])
    assert models_with_tag(before, "sneaker") == ("hero",)
    after = rename_tag_everywhere(before, "sneaker", "boot")
    assert [one.tag for one in after.links.into("hero", "reference_images")] == ["boot", "model", "studio"]
    assert after.links.into("gone") == tuple(lost)
    assert rename_tag(before, "gone", "sneaker", "boot") is before


def test_a_tag_counts_at_the_input_that_was_asked_about() -> None:
    document = with_links(product_shot(), [link("p0.image", "hero.masks", "sneaker")])
    assert models_with_tag(document, "sneaker") == ()
    assert models_with_tag(document, "Sneaker", "masks") == ("hero",)
    assert models_with_tag(document, "model", "masks") == ()
    assert models_with_tag(product_shot(), "sneaker", "masks") == ()
    after = rename_tag_everywhere(document, "sneaker", "boot", "masks")
    assert [one.tag for one in after.links] == ["boot"]
