"""What changed from one document to another, in words."""

from __future__ import annotations

from random import Random
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.basics.faults import BadInput
from app.document import edits, gestures, tag_edits
from app.document.differing import Labels, differences
from app.document.file_reader import read_text
from app.document.file_writer import write_text
from app.document.values import BLANK, Document, Fit, Frame, Value
from app.document.wording import LONG, word_changes
from tests.app.document.samples import SHAPES, WORDS, end, product_shot
from tests.app.document.strategies import change_for, documents

_TITLES = MappingProxyType({"seed": "Seed", "file": "File", "aspect_ratio": "Aspect Ratio"})


def _choice(kind: str, parameter: str, value: Value) -> str | None:
    return {"16:9": "wide", "9:16": "tall"}.get(value) if isinstance(value, str) else None


LABELS = Labels(shapes=SHAPES, field=lambda kind, parameter: _TITLES.get(parameter, parameter), value=_choice)
HERO, SNEAKER, STUDIO = end("hero.reference_images"), end("p0.image"), end("p2.image")


def told(before: Document, after: Document) -> list[str]:
    return [str(one.words) for one in differences(before, after, LABELS)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_equal_documents_give_no_words(document: Document) -> None:
    assert told(document, document) == []
    assert told(document, replace(document)) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents(), documents())
def test_what_is_not_equal_gives_words_both_ways(one: Document, other: Document) -> None:
    assert bool(told(one, other)) is (one != other)
    assert bool(told(other, one)) is (one != other)
    assert all(line.strip() and "\n" not in line for line in told(one, other))


@given(st.integers(min_value=0, max_value=2**32), st.integers(min_value=1, max_value=25))
def test_any_edit_gives_at_least_one_line(seed: int, count: int) -> None:
    random, document = Random(seed), product_shot()
    for _ in range(count):
        try:
            after = change_for(document, random)(document)
        except BadInput:  # a tag that another image of the model has
            continue
        lines = told(document, after)
        assert bool(lines) is (document != after)
        assert not any("written down in another order" in line for line in lines)
        document = after


def test_a_document_that_was_written_and_read_is_not_different() -> None:
    document = product_shot()
    assert told(document, read_text(write_text(document)).document) == []


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        (lambda d: edits.set_value(d, "hero", "seed", 7), ["Hero shot, Seed: 42 → 7."]),
        (lambda d: edits.set_value(d, "hero", "seed", None), ["Hero shot, Seed: 42 → empty."]),
        (
            lambda d: edits.set_value(d, "hero", "aspect_ratio", "9:16"),
            ["Hero shot, Aspect Ratio: wide → tall."],
        ),
        (
            lambda d: edits.set_values(d, "p1", {"file": "refs/b.png", "sha256": "b" * 64}),
            ["Reference Image (p1), File: “refs/model.png” → “refs/b.png”."],
        ),
        (
            lambda d: edits.set_value(d, "p1", "sha256", "c" * 64),
            ["Reference Image (p1): its file now holds another photograph."],
        ),
        (lambda d: edits.set_title(d, "hero", "Main"), ["Hero shot is now called Main."]),
        (lambda d: edits.set_skip(d, ["hero"], True), ["Hero shot is skipped."]),
        (lambda d: edits.set_pick(d, "hero", "a" * 64), ["Hero shot: a version is picked as its output."]),
        (lambda d: edits.set_lock(d, "hero", "a" * 64), ["Hero shot: its picture is kept, whatever changes."]),  # noqa: E501
        (lambda d: edits.remove_nodes(d, ["p1"]), ["Reference Image (p1) was removed."]),
        (
            lambda d: edits.disconnect(d, SNEAKER, HERO),
            ["Reference Image (p0) (@sneaker) is not linked to Hero shot, Reference Images any more."],
        ),
        (
            lambda d: tag_edits.set_tag(d, SNEAKER, HERO, "boot"),
            ["Hero shot: the tag of Reference Image (p0): @sneaker → @boot."],
        ),
        (
            lambda d: tag_edits.set_fit(d, SNEAKER, HERO, Fit(mode="crop", focus=(0.2, 0.7))),
            ["Hero shot: Reference Image (p0) is now cropped around 20%, 70%."],
        ),
        (
            lambda d: edits.move_link(d, STUDIO, HERO, 0),
            ["Hero shot, Reference Images: the order is now @studio, @sneaker, @model."],
        ),
        (lambda d: edits.move(d, {"hero": (1.0, 2.0)}), ["Hero shot was moved."]),
        (
            lambda d: edits.move(d, dict.fromkeys(d.nodes, (1.0, 2.0))),
            ["6 nodes were moved: Prompt, Hero shot, Save Image and 3 more."],
        ),
        (lambda d: edits.add_frame(d, "f", Frame(title="Refs")), ["Frame “Refs” was added."]),
        (
            lambda d: edits.add_node(d, "alt", "flux-2-pro", title="Other"),
            ["Other (Flux 2 Pro) was added."],
        ),
    ],
)  # fmt: skip
def test_an_edit_is_one_line_that_says_it(after, lines: list[str]) -> None:  # type: ignore[no-untyped-def]
    assert told(product_shot(), after(product_shot())) == lines


def test_a_prompt_is_told_by_its_words() -> None:
    changed = WORDS.replace("dramatic", "soft, warm").replace("commercial ", "")
    after = edits.set_value(product_shot(), "words", "text", changed)
    assert told(product_shot(), after) == ["Prompt: “dramatic” → “soft, warm”; removed “commercial”."]


def test_a_duplicate_with_its_links_is_told() -> None:
    before = product_shot()
    lines = told(before, gestures.duplicate(before, ["hero"], with_inputs=True).document)
    assert lines[0] == "Hero shot (hero-2) (Gen4 Image) was added."
    taken = "Prompt, Reference Image (p0) as @sneaker, Reference Image (p1) as @model"
    assert lines[1] == f"Hero shot (hero-2) takes {taken}, Reference Image (p2) as @studio."
    assert len(lines) == 2


def test_from_nothing_to_a_document_and_back() -> None:
    assert len(told(BLANK, product_shot())) == 6 + 2
    assert len(told(product_shot(), BLANK)) == 6


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("a red shoe", "a blue shoe", "“red” → “blue”"),
        ("a red shoe", "a red shoe ", "only spaces or line ends"),
        ("a red shoe", "a shoe", "removed “red”"),
        ("a shoe", "a red suede shoe", "added “red suede”"),
        ("a @cup here", "a @bowl here", "“@cup” → “@bowl”"),
        ("", "a shoe", "empty → “a shoe”"),
        ("红色的鞋放在桌上", "蓝色的鞋放在桌上", "“红” → “蓝”"),
        ("one two three", "alpha beta gamma", "rewritten as “alpha beta gamma”"),
    ],
)
def test_words_of_two_texts(before: str, after: str, words: str) -> None:
    assert word_changes(before, after) == words


@given(st.text(max_size=300), st.text(max_size=300))
def test_words_of_any_two_texts_are_short_and_on_one_line(before: str, after: str) -> None:
    if before != after:
        words = word_changes(before, after)
        assert 0 < len(words) <= 7 * (2 * LONG + 20)
        assert "\n" not in words
