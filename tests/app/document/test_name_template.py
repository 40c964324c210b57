"""Names of files: what a template says, and that whatever it says is one safe name."""

from __future__ import annotations

import string
import unicodedata
from datetime import date
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.basics.faults import BadInput
from app.document.collisions import Exists, Fate, on_disk, placed, same
from app.document.name_facts import called_by, facts_of, tags_of
from app.document.name_template import DEEPEST, FIELDS, MOST_BYTES, Facts, parsed, ratio_of, safe_part
from tests.app.document.samples import product_shot

FACTS = Facts(
    document="Spring",
    node="hero",
    title="Hero shot",
    seed=42,
    model="gen4-image",
    ratio="16x9",
    day=date(2026, 3, 14),
    tags={"sneaker": "coffee"},
    columns={"sku": "A-17", "seed": "9", "Name": "Ada/Co"},
)


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{document} {node} {title} {seed}", "Spring hero Hero shot 42"),
        ("{model}_{ratio}_{date}_{n}", "gen4-image_16x9_2026-03-14_07"),
        ("{tag:sneaker} {tag:@Sneaker}", "coffee coffee"),
        ("{sku}-{row.seed}-{SKU}", "A-17-9-A-17"),
        ("{{seed} {{{seed}}}", "{seed} {42}"),
        ("{Name}/{sku}", "Ada-Co/A-17"),
        ("../../{sku}", "A-17"),
        ("/etc/{sku}", "etc/A-17"),
        ("a//b/./../c", "a/b/c"),
        ("1/2/3/4/5/6/7", "1/2/3/4/5-6-7"),
        ("CON/aux.txt", "_CON/_aux.txt"),
        ("", "picture"),
        (" . ", "picture"),
    ],
)
def test_what_a_template_says(template: str, name: str) -> None:
    assert str(parsed(template).path(FACTS, "07")) == name


def test_what_is_not_there_takes_its_dash_along() -> None:
    assert parsed("{node}-{seed} {document}").stem(Facts(node="hero")) == "hero"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (
            "{sead}",
            "{document}, {node}, {title}, {seed}, {model}, {ratio}, {date}, {n}, {tag:sneaker}, {sku}",
        ),
        ("{}", "{row.seed}"),
        ("{tag:hat}", "{tag:sneaker}"),
        ("{row.date}", "{sku}"),
        ("{node.__class__}", "{node}"),
        ("a {node", "{{"),
    ],
)
def test_a_wrong_name_says_which_exist(template: str, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        parsed(template).path(FACTS)
    assert words in caught.value.advice


def test_a_template_is_checked_before_there_is_a_picture() -> None:
    parsed("{sku} {tag:anything} {n}").check(["sku"])
    with pytest.raises(BadInput):
        parsed("{sku}").check()


def test_facts_come_from_the_document() -> None:
    document = product_shot()
    facts = facts_of(document, "hero", called="Spring", size=(1920, 1080), seed=3)
    assert (facts.model, facts.seed, facts.document) == (document.nodes["hero"].kind, 3, "Spring")
    assert facts.tags == tags_of(document, "hero")
    assert facts.tags
    gone = facts_of(document, "gone", called="Spring", size=(0, 0), title="Old")
    assert (gone.node, gone.title, gone.model, gone.ratio, gone.tags) == ("gone", "Old", "", "", {})
    assert called_by("/home/ada/Spring look.tagloom") == "Spring look"
    assert called_by("C:\\work\\Spring.tagloom") == "Spring"
    assert called_by("untitled-77ab") == "untitled"


def test_ratios() -> None:
    assert ratio_of(1920, 1080) == "16x9"
    assert ratio_of(1920, 1080, "4:3") == "4x3"
    assert ratio_of(1000, 999) == "1x1"
    assert ratio_of(720, 1280) == "9x16"
    assert ratio_of(1000, 77) == "1000x77"


# --- whatever anybody writes ---------------------------------------------------------------------

ANYTHING = st.text(max_size=80) | st.text(st.sampled_from('.-/\\:~ \n\0*?<>|"{}conaux1鞋é́‮한'), max_size=300)
PIECES = st.lists(
    st.sampled_from([f"{{{one}}}" for one in (*FIELDS, "tag:sneaker", "col", "row.seed")]) | ANYTHING,
    max_size=8,
)
KEPT = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}


def safe(part: str) -> bool:
    """By the rules of Windows, macOS and Linux, written apart from those of the program."""
    return (
        0 < len(part.encode("utf-8")) <= 255 - 40
        and not set(part) & set('<>:"/\\|?*')
        and all(unicodedata.category(sign) not in ("Cc", "Cs") for sign in part)
        and part == part.strip()
        and part[0] != "."
        and part[-1] != "."
        and part.partition(".")[0].strip().casefold() not in KEPT
        and unicodedata.normalize("NFC", part) == part
        and not set(part) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
    )


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    return Facts(
        document=draw(ANYTHING),
        node=draw(ANYTHING),
        title=draw(ANYTHING),
        seed=draw(st.none() | st.integers()),
        model=draw(ANYTHING),
        ratio=draw(ANYTHING),
        day=draw(st.none() | st.dates()),
        tags={"sneaker": draw(ANYTHING)},
        columns={"col": draw(ANYTHING), "seed": draw(ANYTHING)},
    )


@settings(max_examples=1500, deadline=None)
@given(PIECES, facts(), ANYTHING)
def test_any_template_with_any_values_is_a_safe_name(pieces: list[str], facts: Facts, n: str) -> None:
    text = "".join(pieces)
    try:
        template = parsed(text)
        path, stem = template.path(facts, n), template.stem(facts, n)
    except BadInput:
        return
    assert 1 <= len(path.parts) <= DEEPEST
    assert all(safe(part) for part in (*path.parts, stem)), (path, stem)
    assert not path.is_absolute()
    root = Path("/somewhere/chosen")
    assert (root / path).resolve().is_relative_to(root)
    if "/" not in text:
        assert len(path.parts) == 1, "a value never makes a folder"
    assert template.path(facts, n) == path


@pytest.mark.parametrize("text", ["\xa0\x1f\xa00", " -. 0 .- ", "\u3000…0\u2003-"])
def test_no_blank_of_any_kind_is_left_at_an_end(text: str) -> None:
    assert safe_part(text).strip("…") == "0"


@given(ANYTHING)
def test_a_safe_part_stays_as_it_is(text: str) -> None:
    once = safe_part(text)
    assert safe_part(once) == once
    assert len(once.encode()) <= MOST_BYTES + 1


# --- names that are taken ------------------------------------------------------------------------

NAMES = st.lists(st.text(string.ascii_letters[:3] + "ABé", min_size=1, max_size=3), max_size=12)


@settings(max_examples=400, deadline=None)
@given(NAMES, NAMES, st.sampled_from(Exists))
def test_no_two_of_a_list_meet_and_nothing_is_lost(there: list[str], wanted: list[str], rule: Exists) -> None:
    disk = {same(PurePosixPath(f"{one}.png")) for one in there}
    names = [PurePosixPath(f"{one}.png") for one in wanted]
    found = placed(names, rule, lambda name: same(name) in disk)
    assert len({same(one.name) for one in found}) == len(names)
    for one, name in zip(found, names, strict=True):
        assert (one.name == name) == (one.fate is not Fate.NUMBERED)
        taken = same(one.name) in disk
        assert taken == (one.fate in (Fate.REPLACES, Fate.SKIPPED, Fate.TAKEN))
        assert one.fate is not Fate.REPLACES or rule is Exists.REPLACE
        assert one.fate is not Fate.SKIPPED or rule is Exists.SKIP
        assert one.fate is not Fate.TAKEN or rule is Exists.ASK


def test_the_disk_is_looked_at_as_systems_see_names(tmp_path: Path) -> None:
    (tmp_path / "Hero.PNG").touch()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "é.png").touch()
    taken = on_disk(tmp_path)
    assert taken(PurePosixPath("hero.png"))
    assert taken(PurePosixPath("deep/é.png"))
    assert not taken(PurePosixPath("deep/hero.png"))
    assert not taken(PurePosixPath("nowhere/hero.png"))
    assert [one.name.name for one in placed([PurePosixPath("hero.png")] * 3, Exists.NUMBER, taken)] == [
        "hero-2.png",
        "hero-3.png",
        "hero-4.png",
    ]


def test_ten_thousand_equal_names_are_numbered_at_once() -> None:
    found = placed([PurePosixPath("a.png")] * 10_000, Exists.ASK, lambda name: False)
    assert found[-1].name == PurePosixPath("a-10000.png")
