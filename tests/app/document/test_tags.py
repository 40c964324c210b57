from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.document.tags import (
    LONGEST,
    SHORTEST,
    Call,
    TagFault,
    called_tags,
    clean_tag,
    find_calls,
    glued,
    is_tag,
    parse_tags,
    rename_calls,
    same_tag,
    sent_prompt,
    suggest,
    tag_fault,
    tags_text,
    utf16_units,
)

ASCII = string.ascii_letters + string.digits
SIGNS = st.sampled_from("@＠ab9Z éÉяЖ放设の사ａ９9.,_-+，。　\n👟\u0301\ufe0f\u20e3ªß\u200d")
PROMPTS = st.text(SIGNS, max_size=30) | st.text(max_size=30)


def slow_calls(text: str) -> list[tuple[str, int, int]]:
    """The grammar written out letter by letter, without regular expressions and tables of categories."""
    found = []
    for place, sign in enumerate(text):
        if sign not in "@＠":
            continue
        before = text[:place]
        while before and before[-1] in ("\u0301", "\ufe0f"):
            before = before[:-1]
        last = before[-1:]
        if last and (last.isdecimal() or last.lower() != last.upper()) and last.isalnum():
            continue
        stop = place + 1
        while stop < len(text) and text[stop] in ASCII:
            stop += 1
        if stop > place + 1:
            found.append((text[place + 1 : stop], place, stop))
    return found


@given(st.text(SIGNS, max_size=30))
@example("a@@b")
@example("@＠a")
@example("e\u0301@shoe 👟\ufe0f@shoe")
def test_calls_are_those_of_the_grammar_written_out(text: str) -> None:
    assert [(one.tag, one.start, one.end) for one in find_calls(text)] == slow_calls(text)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("@sneaker on the table", ["sneaker"]),
        ("put @sneaker, @model and(@studio)", ["sneaker", "model", "studio"]),
        ("请把@sneaker放在@studio里", ["sneaker", "studio"]),
        ("把＠sneaker放，＠Model。", ["sneaker", "Model"]),
        ("「@sneaker」、（@model）；《@studio》", ["sneaker", "model", "studio"]),
        ("スニーカー@sneakerを", ["sneaker"]),
        ("사진@sneaker은", ["sneaker"]),
        ("วาง@sneakerบน", ["sneaker"]),
        ("وضع@sneaker", ["sneaker"]),
        ("кроссовок @sneaker", ["sneaker"]),
        ("кроссовок@sneaker", []),
        ("α@sneaker", []),
        ("josé@sneaker", []),
        ("jose\u0301@sneaker", []),
        ("ａ@sneaker ９@sneaker", []),
        ("jo@example.com", []),
        ("jo.doe99@example.com", []),
        ("mailto:jo@example.com, or @model", ["model"]),
        ("👟@sneaker 👟@model", ["sneaker", "model"]),
        ("❤\ufe0f@sneaker", ["sneaker"]),
        ("1\ufe0f\u20e3@sneaker", ["sneaker"]),
        ("_@sneaker -@model .@studio", ["sneaker", "model", "studio"]),
        ("@sneaker's", ["sneaker"]),
        ("@sneaker_2 @snéaker", ["sneaker", "sn"]),
        ("@", []),
        ("@ sneaker", []),
        ("@@sneaker", ["sneaker"]),
        ("@model@studio", ["model"]),
        ("@4k", ["4k"]),
        ("@ｓｎｅａｋｅｒ", []),
        ("", []),
    ],
)
def test_a_prompt_in_any_script_calls(text: str, tags: list[str]) -> None:
    assert [call.tag for call in find_calls(text)] == tags


def test_spans_are_in_code_points_with_the_at_sign() -> None:
    text = "👟👟 请＠Sneaker！"
    (call,) = find_calls(text)
    assert call == Call("Sneaker", 4, 12)
    assert text[call.start : call.end] == "＠Sneaker"


@given(PROMPTS)
def test_what_is_sent_calls_the_same_tags_in_lower_case_ascii(text: str) -> None:
    sent = sent_prompt(text)
    assert [one.tag for one in find_calls(sent)] == [one.tag.lower() for one in find_calls(text)]
    assert all(sent[one.start] == "@" for one in find_calls(sent))
    assert len(sent) == len(text)
    assert sent_prompt(sent) == sent


def test_only_known_tags_are_written_anew() -> None:
    assert sent_prompt("＠Sneaker and ＠Other", ["SNEAKER"]) == "@sneaker and ＠Other"
    assert sent_prompt("＠Sneaker", []) == "＠Sneaker"


@given(PROMPTS, st.sampled_from(["shoe", "x1y2z3", "Z"]))
def test_renaming_calls_changes_those_and_nothing_else(text: str, new: str) -> None:
    for old in {call.tag for call in find_calls(text)}:
        renamed = rename_calls(text, old, new)
        before, after = find_calls(text), find_calls(renamed)
        assert [new if same_tag(one.tag, old) else one.tag for one in before] == [one.tag for one in after]
        if new.lower() not in called_tags(text):
            assert rename_calls(renamed, new, old).lower() == text.lower()


def test_renaming_touches_whole_calls_only() -> None:
    assert rename_calls("@model @models jo@model ＠MODEL", "model", "person") == (
        "@person @models jo@model ＠person"
    )


@pytest.mark.parametrize(
    ("text", "units"),
    [("", 0), ("abc", 3), ("放", 1), ("👟", 2), ("a👟放", 4), ("\ud83d", 1), ("e\u0301", 2)],
)
def test_length_is_counted_in_utf16_units(text: str, units: int) -> None:
    assert utf16_units(text) == units
    assert str(utf16_units(text)) == str(units)  # as it is shown: no “3.0 characters”


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("sneaker, model, studio", ("sneaker", "model", "studio")),
        ("sneaker，model、studio", ("sneaker", "model", "studio")),
        ("  @sneaker ,＠Model;studio；x ", ("sneaker", "Model", "studio", "x")),
        ("sneaker,,studio", ("sneaker", "", "studio")),
        (", model", ("", "model")),
        ("sneaker, ,", ("sneaker",)),
        ("red shoe", ("red shoe",)),
        ("", ()),
        (" , ", ()),
        ("a\nb\r\nc", ("a", "b", "", "c")),
    ],
)
def test_the_field_is_read(text: str, tags: tuple[str, ...]) -> None:
    assert parse_tags(text) == tags


@given(st.lists(st.text(ASCII + " -é", max_size=8).map(str.strip)))
def test_the_field_reads_back_what_it_shows(tags: list[str]) -> None:
    while tags and not tags[-1]:
        tags.pop()
    assert parse_tags(tags_text(tags)) == tuple(tags)


def test_tags_of_which_none_is_written_are_an_empty_field() -> None:
    for count in range(5):
        assert tags_text([""] * count) == ""
    assert tags_text(["", "shoe", "", ""]) == ", shoe"


@pytest.mark.parametrize("tag", ["abc", "ABC", "a12", "a" * 15, "Sneaker9"])
def test_good_tags(tag: str) -> None:
    assert is_tag(tag)
    assert tag_fault(tag) is None


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("", "tag.length"),
        ("ab", "tag.length"),
        ("a" * 16, "tag.length"),
        ("1ab", "tag.first"),
        ("red shoe", "tag.character"),
        ("red-shoe", "tag.character"),
        ("schön", "tag.character"),
        ("鞋", "tag.character"),
        ("ａｂｃ", "tag.character"),
        ("abc\n", "tag.character"),
        ("ab٣", "tag.character"),
    ],
)
def test_bad_tags_say_why(tag: str, code: str) -> None:
    fault = tag_fault(tag)
    assert fault is not None
    assert fault.code == code
    assert not is_tag(tag)
    assert fault.title.endswith(".")
    assert tag in fault.title


@pytest.mark.parametrize(
    ("tag", "sign"),
    [("red shoe", "a blank"), ("shoe\u3000", "a blank"), ("red-shoe.", "“-”"), ("9ö", "“ö”")],
)
def test_the_first_wrong_sign_of_a_tag_is_shown(tag: str, sign: str) -> None:
    fault = tag_fault(tag)
    assert fault is not None
    assert f"has {sign} in it" in fault.title


@given(st.text(max_size=30), st.lists(st.text(ASCII, min_size=1, max_size=15), max_size=4))
@example("a", [])
@example("a" * 20, ["a" * 15])
@example("99", ["subject", "subject2"])
@example("ab", ["ab1", "AB1"])
def test_a_cleaned_tag_is_legal_and_free(text: str, taken: list[str]) -> None:
    cleaned = clean_tag(text, taken)
    assert is_tag(cleaned)
    assert cleaned == cleaned.lower()
    assert cleaned not in {one.lower() for one in taken}
    assert clean_tag(cleaned) == cleaned


@pytest.mark.parametrize(
    ("text", "taken", "cleaned"),
    [
        ("Red Shoe!", (), "redshoe"),
        ("schön", (), "schon"),
        ("9lives", (), "lives"),
        ("model", ("Model",), "model2"),
        ("model", ("model", "model2"), "model3"),
        ("ａｂｃ", (), "abc"),
        ("鞋", (), "subject"),
        ("a-very-long-name-indeed", (), "averylongnamein"),
        ("a-very-long-name-indeed", ("averylongnamein",), "averylongnamei2"),
        ("ab", (), "ab1"),
        ("ab", ("AB1",), "ab2"),
        ("a", (), "a01"),
        ("a", ("a01", "a02"), "a03"),
        ("a9", (), "a01"),
        ("abc", ("abc",), "abc2"),
        ("abc2", ("abc2",), "abc3"),
        ("abc7", ("abc7",), "abc2"),
        ("x12", ("x12",), "x02"),
        ("ab", tuple(f"ab{number}" for number in range(1, 12)), "ab12"),
    ],
)
def test_cleaning(text: str, taken: tuple[str, ...], cleaned: str) -> None:
    assert clean_tag(text, taken) == cleaned


@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("snekaer", "Sneaker"),
        ("SNEAKER", "Sneaker"),
        ("sneakers", "Sneaker"),
        ("mdel", "model"),
        ("stud", "studio"),
        ("st", "studio"),
        ("background", None),
        ("x", None),
        ("s", None),
        ("w", None),
        ("wi", "Winterjacket"),
        ("win", "Winterjacket"),
        ("modeled", "model"),
    ],
)
def test_did_you_mean(tag: str, meant: str | None) -> None:
    known = [
        "Sneaker",
        "model",
        "moderator",
        "studio",
        "",
        "wintercollection",
        "Winterjacket",
        "winterstorage",
    ]
    assert suggest(tag, known) == meant


def test_did_you_mean_the_nearest_of_several() -> None:
    assert suggest("sneakerr", ["sneakerhead", "Sneaker", "sneakerbox"]) == "Sneaker"
    assert suggest("sneakerheat", ["sneakerhead", "Sneaker"]) == "sneakerhead"


def test_did_you_mean_without_any_tag() -> None:
    assert suggest("sneaker", []) is None


def test_a_word_run_into_a_tag_is_split_off() -> None:
    assert glued("modelwearing", ["mod1", "model", "models"]) == ("model", "wearing")
    assert glued("MODELin", ["Model"]) == ("Model", "in")
    assert glued("modela1", ["model"]) == ("model", "a1")
    assert glued("models", ["model"]) is None
    assert glued("model", ["model"]) is None
    assert glued("model12", ["model"]) is None
    assert glued("model1a", ["model"]) is None
    assert glued("moving", ["mo"]) is None  # too short to be a tag itself
    assert glued("person", ["model"]) is None


def test_the_shortest_and_the_longest_tag_are_tags() -> None:
    assert tag_fault("a" * SHORTEST) is None
    assert tag_fault("a" * LONGEST) is None
    for length, much in ((SHORTEST - 1, "short"), (LONGEST + 1, "long")):
        fault = tag_fault("a" * length)
        assert fault is not None
        assert (fault.code, much in fault.title) == ("tag.length", True)
    first = tag_fault("9" + "a" * (LONGEST - 1))
    assert first is not None
    assert first.code == "tag.first"


def test_a_call_and_a_fault_stay_as_they_were_found() -> None:
    fault = tag_fault("ab")
    assert fault is not None
    for value, name in ((find_calls("@shoe")[0], "tag"), (fault, "title")):
        with pytest.raises(AttributeError):
            setattr(value, name, "other")
    with pytest.raises(TypeError):
        TagFault("tag.length", "Code and words are named, so that they are never exchanged.")  # type: ignore[misc]
