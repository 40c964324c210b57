"""What a vendor would refuse, found before anything is sent: place, reason, and a fix that mends."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.basics.faults import BadInput, Where
from app.catalogue.asked import Asked, AskedReference
from app.catalogue.cards import Card
from app.catalogue.match import match
from app.catalogue.reader import read_cards
from app.catalogue.references import sent_size
from app.document.problems import Problem, Severity
from app.document.values import NO_FIT, Document, Fit, Link, Node, Value
from app.imaging.fitting import Bounds, Limits, fit
from app.nodes.check import Rules, asked_of
from app.nodes.registry import build_kinds, shapes_of
from tests.app.document.samples import document, link, node

CARD = read_cards()["gen4-image"]
KINDS = build_kinds({"gen4-image": CARD})
RULES = Rules(kinds=KINDS, shapes=shapes_of(KINDS))
PLAIN = Asked(
    node="hero",
    title="Hero shot",
    values=MappingProxyType({}),
    prompt="A cup on a table, soft light.",
    prompt_node="words",
    references=(),
)


def reference(
    pixels: tuple[int, int] | None, tag: str = "shoe", fit: Fit = NO_FIT, bytes: int | None = None
) -> AskedReference:
    return AskedReference(
        link=replace(link(f"{tag}.image", "hero.reference_images", tag), fit=fit),
        title="shoe.png",
        pixels=pixels,
        bytes=bytes,
    )


def found(card: Card = CARD, **changes: object) -> tuple[Problem, ...]:
    return match(card, replace(PLAIN, **changes))  # type: ignore[arg-type]


def only(card: Card = CARD, **changes: object) -> Problem:
    problems = found(card, **changes)
    assert len(problems) == 1, [one.code for one in problems]
    return problems[0]


def graph(values: Mapping[str, Value] | None = None, links: tuple[Link, ...] = ()) -> Document:
    """The model `hero` with its prompt, as the fixes of problems find it."""
    nodes: dict[str, Node] = {
        "words": node("prompt", text="A cup, soft light."),
        "hero": node("gen4-image", "Hero shot", **(values or {})),
        **{one.source.node: node("reference-image", file=f"{one.source.node}.png") for one in links},
    }
    return document(nodes, link("words.text", "hero.prompt"), *links)


def mended(problem: Problem, of: Document, fix: int = 0) -> tuple[Problem, ...]:
    """What is left after a fix of the problem: it must have changed something."""
    after = problem.fixes[fix].edit(of)
    assert after is not of
    return match(CARD, asked_of(after, RULES, {}, "hero"))


def test_nothing_is_wrong_with_what_is_right() -> None:
    assert found() == ()


# --- prompt --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u3000"])
def test_an_empty_prompt(text: str) -> None:
    problem = only(prompt=text)
    assert problem.code == "prompt.empty"
    assert problem.severity is Severity.ERROR
    assert problem.where == Where(node="words", parameter="text")
    assert "Hero shot" in problem.title


def test_no_prompt_at_all_is_the_graphs_own_rule() -> None:
    assert found(prompt=None) == ()


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("a" * 1000, 1000),
        ("a" * 1001, 1001),
        ("\N{CHEESE WEDGE}" * 500, 1000),
        ("\N{CHEESE WEDGE}" * 501, 1002),
        ("中" * 1000, 1000),
        ("中" * 1001, 1001),
        ("＠Shoe" + "a" * 995, 1000),
        ("＠Shoe" + "a" * 996, 1001),
    ],
    ids=lambda value: str(value)[:6] if isinstance(value, str) else str(value),
)
def test_a_prompt_is_counted_in_utf16_units_as_it_is_sent(text: str, units: int) -> None:
    if units <= 1000:
        assert found(prompt=text) == ()
        return
    problem = only(prompt=text)
    assert problem.code == "prompt.long"
    assert problem.where == Where(node="words", parameter="text")
    assert str(units) in problem.title
    assert f"by {units - 1000}" in problem.advice


def test_words_and_characters_are_counted_where_a_card_says_so() -> None:
    by_words = replace(CARD, prompt_units="words", prompt_most=3)
    assert found(by_words, prompt="one two three") == ()
    assert only(by_words, prompt="one two three four").code == "prompt.long"
    by_characters = replace(CARD, prompt_units="characters", prompt_most=2)
    assert found(by_characters, prompt="\N{CHEESE WEDGE}" * 2) == ()
    assert only(by_characters, prompt="\N{CHEESE WEDGE}" * 3).code == "prompt.long"
    assert found(replace(CARD, prompt_most=None), prompt="a" * 9999) == ()


# --- references ----------------------------------------------------------------------------------


def test_too_many_references_and_the_fix_keeps_the_first() -> None:
    links = tuple(link(f"p{n}.image", "hero.reference_images", f"tag{n}") for n in range(5))
    of = graph(links=links)
    [problem] = match(CARD, asked_of(of, RULES, {}, "hero"))
    assert problem.code == "references.many"
    assert problem.severity is Severity.ERROR
    assert problem.where == Where(node="hero", socket="reference_images")
    assert problem.title == "Hero shot has 5 reference images; Gen4 Image takes 3."
    assert mended(problem, of) == ()
    kept = problem.fixes[0].edit(of).links.into("hero", "reference_images")
    assert [one.tag for one in kept] == ["tag0", "tag1", "tag2"]


def test_a_skipped_photograph_is_no_reference() -> None:
    links = tuple(link(f"p{n}.image", "hero.reference_images", f"tag{n}") for n in range(4))
    of = graph(links=links)
    skipping = replace(of, nodes=MappingProxyType({**of.nodes, "p1": replace(of.nodes["p1"], skip=True)}))
    assert match(CARD, asked_of(skipping, RULES, {}, "hero")) == ()


def test_too_few_references_where_a_model_needs_some() -> None:
    needing = replace(CARD, references=replace(CARD.references, least=1))
    problem = only(needing)
    assert problem.code == "references.few"
    assert problem.where == Where(node="hero", socket="reference_images")


@pytest.mark.parametrize("pixels", [(1000, 2000), (2000, 1000), (1, 2), (8000, 4000), (999, 1000)])
def test_ratios_from_a_half_to_two_are_taken(pixels: tuple[int, int]) -> None:
    assert found(references=(reference(pixels),)) == ()


@pytest.mark.parametrize(
    ("pixels", "words"),
    [((2001, 1000), "wider than 2:1"), ((1000, 2001), "narrower than 1:2"), ((8000, 1), "wider than 2:1")],
)
def test_a_ratio_outside_names_the_photograph_and_mends(pixels: tuple[int, int], words: str) -> None:
    problem = only(references=(reference((100, 100), "cup"), reference(pixels)))
    assert problem.code == "reference.ratio"
    assert problem.severity is Severity.ERROR
    assert problem.where == Where(node="hero", socket="reference_images", item=1)
    assert f"@shoe is {words}" in problem.title
    assert f"{pixels[0]} × {pixels[1]}" in problem.title
    assert [one.label for one in problem.fixes] == ["Pad", "Crop"]
    of = graph(links=(link("shoe.image", "hero.reference_images", "shoe"),))
    for fix, mode in enumerate(("pad", "crop")):
        after = problem.fixes[fix].edit(of)
        [held] = after.links.into("hero", "reference_images")
        assert held.fit.mode == mode
        assert found(references=(reference(pixels, fit=held.fit),)) == ()


def test_a_photograph_without_a_tag_is_called_by_its_name() -> None:
    assert only(references=(reference((30, 10), tag=""),)).title.startswith("shoe.png is wider")


def test_one_sided_bounds_are_said_as_such() -> None:
    upper = replace(CARD, references=replace(CARD.references, min_ratio=None))
    assert found(upper, references=(reference((1, 100)),)) == ()
    assert "at most 2" in only(upper, references=(reference((300, 100)),)).advice
    lower = replace(CARD, references=replace(CARD.references, max_ratio=None))
    assert "at least 0.5" in only(lower, references=(reference((100, 300)),)).advice


def test_what_is_not_known_yet_or_cannot_be_read_is_not_judged() -> None:
    fault = BadInput("It is no picture.", advice="Choose another.", code="image.unreadable")
    broken = replace(reference((9000, 1)), fault=fault)
    assert found(references=(reference(None), broken)) == ()


@pytest.mark.parametrize(
    ("pixels", "bytes", "held", "sent"),
    [
        ((12000, 8000), 9_000_000, "12000 × 8000", "at 8000 × 5333"),
        ((8001, 8001), 9_000_000, "8001 × 8001", "at 8000 × 8000"),
        ((4000, 3000), 21_400_000, "21.4 MB", "at 16 MB or less"),
        ((9000, 9000), 90_000_000, "9000 × 9000", "at 8000 × 8000"),
    ],
)
def test_a_photograph_over_the_limits_is_shrunk_and_that_is_a_hint(
    pixels: tuple[int, int], bytes: int, held: str, sent: str
) -> None:
    problem = only(references=(reference(pixels, bytes=bytes),))
    assert problem.code == "reference.large"
    assert problem.severity is Severity.HINT
    assert problem.where == Where(node="hero", socket="reference_images", item=0)
    assert problem.title == f"@shoe is larger than Gen4 Image takes: {held}. It is sent {sent}."


def test_a_photograph_within_the_limits_is_not_spoken_of() -> None:
    assert found(references=(reference((8000, 8000), bytes=16_000_000),)) == ()
    free = replace(CARD, references=replace(CARD.references, max_side=None, max_bytes=None))
    assert found(free, references=(reference((70000, 70000), bytes=10**10),)) == ()


def test_a_crop_alone_is_not_called_shrinking() -> None:
    assert found(references=(reference((9000, 1000), fit=Fit(mode="crop")),)) == ()
    assert only(references=(reference((9000, 1000), fit=Fit(mode="pad")),)).code == "reference.large"


@given(
    st.tuples(st.integers(1, 20000), st.integers(1, 20000)),
    st.sampled_from(["none", "pad", "crop"]),
)
def test_the_size_that_is_said_is_the_one_that_is_sent(pixels: tuple[int, int], mode: str) -> None:
    """Against the arithmetic that `imaging.prepare` uses."""
    limits = CARD.references
    asked = Fit(mode=mode)  # type: ignore[arg-type]
    wanted = fit(
        pixels,
        mode=asked.mode,
        focus=asked.focus,
        bounds=Bounds(least=limits.min_ratio, most=limits.max_ratio),
        limits=Limits(max_side=8000),
    )
    assert sent_size(limits, asked, pixels) == wanted.canvas


# --- parameters ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [None, 0, 1, 42, 2**32 - 1])
def test_seeds_that_runway_takes(seed: Value) -> None:
    assert found(values={"seed": seed}) == ()


@pytest.mark.parametrize("seed", [-1, 2**32, 10**30, 1.5, 7.0, "7", "", True, False, (7,)])
def test_a_seed_that_is_not_a_whole_number_within(seed: Value) -> None:
    problem = only(values={"seed": seed})
    assert problem.code == "seed.range"
    assert problem.severity is Severity.ERROR
    assert problem.where == Where(node="hero", parameter="seed")
    assert "Seed of Hero shot" in problem.title
    assert "0 to 4294967295" in problem.advice
    assert mended(problem, graph({"seed": seed})) == ()


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("aspect_ratio", "5:4"),
        ("aspect_ratio", ""),
        ("aspect_ratio", None),
        ("resolution", "4K"),
        ("resolution", 1080),
        ("content_moderation", "high"),
    ],
)
def test_a_choice_that_is_not_offered(parameter: str, value: Value) -> None:
    problem = only(values={parameter: value})
    assert problem.code == "parameter.choice"
    assert problem.severity is Severity.ERROR
    assert problem.where == Where(node="hero", parameter=parameter)
    assert repr(value) in problem.title
    assert mended(problem, graph({parameter: value})) == ()


def test_the_advice_names_what_is_offered() -> None:
    assert only(values={"aspect_ratio": "5:4"}).advice == "Choose one of 16:9, 9:16, 4:3, 3:4, 1:1, 21:9."


def test_1080p_is_usually_worth_it() -> None:
    problem = only(values={"resolution": "720p"})
    assert problem.code == "guidance.resolution"
    assert problem.severity is Severity.HINT
    assert problem.where == Where(node="hero", parameter="resolution")
    assert mended(problem, graph({"resolution": "720p"})) == ()
    assert found(values={"resolution": "1080p"}) == ()


@pytest.mark.parametrize("vendor", ["auto", "", None, "runway", "replicate"])
def test_vendors_that_offer_it(vendor: Value) -> None:
    assert found(values={"vendor": vendor}) == ()


def test_what_a_vendor_does_not_take_is_said() -> None:
    values: dict[str, Value] = {"vendor": "replicate", "content_moderation": "low"}
    problem = only(values=values)
    assert (problem.code, problem.severity) == ("vendor.without", Severity.HINT)
    assert problem.title == "Replicate does not take “Public figures” for Gen4 Image: it is not sent."
    assert mended(problem, graph(values)) == ()


@pytest.mark.parametrize("vendor", ["bfl", "RUNWAY", 7])
def test_a_vendor_that_does_not(vendor: Value) -> None:
    problem = only(values={"vendor": vendor})
    assert problem.code == "vendor.unknown"
    assert problem.severity is Severity.ERROR
    assert problem.where == Where(node="hero", parameter="vendor")
    assert "runway" in problem.advice
    assert mended(problem, graph({"vendor": vendor})) == ()


def test_all_that_is_wrong_is_said_at_once() -> None:
    problems = found(
        prompt="",
        values={"seed": -1, "aspect_ratio": "5:4", "vendor": "x"},
        references=(*(reference((100, 100), f"tag{n}") for n in range(3)), reference((100, 1000))),
    )
    assert [one.code for one in problems] == [
        "prompt.empty",
        "references.many",
        "reference.ratio",
        "parameter.choice",
        "seed.range",
        "vendor.unknown",
    ]
    assert all(one.advice and one.title.endswith(".") for one in problems)


# --- what another card asks ------------------------------------------------------------------------

SEEDREAM = read_cards()["seedream-4-5"]


def seedream_asked(**changes: object) -> Asked:
    return replace(PLAIN, **changes)


def test_more_words_than_are_advised_are_a_hint() -> None:
    assert match(SEEDREAM, seedream_asked(prompt="word " * 600)) == ()
    (problem,) = match(SEEDREAM, seedream_asked(prompt="word " * 601))
    assert (problem.code, problem.severity) == ("prompt.long", Severity.HINT)
    assert "601 words" in problem.title


def test_a_photograph_may_be_too_small() -> None:
    for pixels, codes in (((14, 40), ["reference.small"]), ((15, 40), []), ((3000, 3000), [])):
        found = match(SEEDREAM, seedream_asked(references=(reference(pixels),)))
        assert [one.code for one in found] == codes


def test_more_than_the_usual_resolution_needs_no_hint() -> None:
    for resolution in ("2K", "4K"):
        assert match(SEEDREAM, seedream_asked(values={"resolution": resolution})) == ()


def test_a_model_without_a_seed_ignores_one() -> None:
    assert match(SEEDREAM, seedream_asked(values={"seed": -1})) == ()
