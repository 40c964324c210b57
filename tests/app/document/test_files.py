"""The text of documents: written, read back, and read from strangers."""

from __future__ import annotations

import difflib
import json
import math
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.basics.faults import BadInput, Fault
from app.document import edits, tag_edits
from app.document.file_reader import read_text
from app.document.file_writer import write_text
from app.document.plain import MOST_DEPTH, decoded
from app.document.upgrades import Plain, Step, upgraded
from app.document.values import BLANK, Document, End, Fit, Links, Node, Spot
from tests.app.document.samples import document, end, link, node, product_shot
from tests.app.document.strategies import documents

AS_DRAWN = """
{
  "format": "tagloom/1",
  "nodes": {
    "hero":  {"kind": "gen4-image", "title": "Hero shot",
              "values": {"aspect_ratio": "16:9", "resolution": "1080p", "seed": 42}},
    "shoe":  {"kind": "reference-image", "values": {"file": "refs/coffee.png", "sha256": "…"}},
    "words": {"kind": "prompt", "values": {"text": "… @sneaker worn by @model …"}}
  },
  "links": [
    {"from": "words.text", "to": "hero.prompt"},
    {"from": "shoe.image", "to": "hero.reference_images", "tag": "sneaker", "fit": "none"}
  ],
  "frames": {},
  "layout": {"hero": [420, 80], "shoe": [60, 260], "words": [60, 40]}
}
"""


def strict(value: object) -> object:
    """A value in which 1, 1.0 and True differ, and -0.0 and 0.0 too."""
    if isinstance(value, MappingProxyType | dict):
        return {key: strict(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [strict(part) for part in value]
    return (type(value).__name__, repr(value))


def changed_lines(before: Document, after: Document) -> list[str]:
    lines = difflib.ndiff(write_text(before).splitlines(), write_text(after).splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_the_file_as_drawn_is_read() -> None:
    read = read_text(AS_DRAWN).document
    assert read.nodes["hero"] == node(
        "gen4-image", "Hero shot", aspect_ratio="16:9", resolution="1080p", seed=42
    )
    assert read.layout["hero"] == Spot(420.0, 80.0)
    assert read.links[1] == link("shoe.image", "hero.reference_images", "sneaker")
    assert json.loads(write_text(read))["nodes"] == json.loads(AS_DRAWN)["nodes"]


@given(documents())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_document_comes_back_equal(made: Document) -> None:
    text = write_text(made)
    back = read_text(text).document
    assert back == made
    assert write_text(back) == text
    assert text.encode("utf-8").endswith(b"}\n")
    for id, one in made.nodes.items():
        assert strict(back.nodes[id].values) == strict(one.values)
        assert strict(back.nodes[id].extras) == strict(one.extras)
    plain = json.loads(text)
    assert text.count("\n") >= len(made.nodes) + len(made.links) + len(made.layout)
    assert json.dumps(plain) == json.dumps(plain, sort_keys=True)


def test_a_move_touches_only_layout() -> None:
    before = product_shot()
    lines = changed_lines(before, edits.move(before, {"hero": (7.5, -3)}))
    assert lines == ['-     "hero": [100, 40],', '+     "hero": [7.5, -3],']


def test_a_changed_value_a_tag_and_a_title_are_one_line_each() -> None:
    before = product_shot()
    assert changed_lines(before, edits.set_value(before, "hero", "seed", 7)) == [
        '-         "seed": 42',
        '+         "seed": 7',
    ]
    tagged = tag_edits.set_tag(before, end("p0.image"), end("hero.reference_images"), "boot")
    assert changed_lines(before, tagged) == [
        '-     {"from": "p0.image", "tag": "sneaker", "to": "hero.reference_images"},',
        '+     {"from": "p0.image", "tag": "boot", "to": "hero.reference_images"},',
    ]
    assert changed_lines(before, edits.set_title(before, "keep", "Keep")) == ['+       "title": "Keep",']


def test_what_is_not_known_is_kept() -> None:
    plain = json.loads(AS_DRAWN)
    plain["studio"] = {"version": [1, {"a": None}]}
    plain["nodes"]["hero"]["mood"] = "calm"
    plain["nodes"]["magic"] = {"kind": "magic-wand", "values": {"power": 9.0, "on": True}, "future": []}
    plain["links"][1]["weight"] = 0.5
    plain["links"].append({"from": "hero.image", "to": "magic.in"})
    plain["frames"]["f"] = {"title": "F", "rect": [0, 0, 10, 10], "shape": "round"}
    read = read_text(json.dumps(plain)).document
    again = json.loads(write_text(read))
    assert again["studio"] == plain["studio"]
    assert again["nodes"]["magic"] == plain["nodes"]["magic"]
    assert again["nodes"]["hero"]["mood"] == "calm"
    assert again["links"][1]["weight"] == 0.5
    assert again["frames"]["f"]["shape"] == "round"
    assert read.nodes["magic"].kind == "magic-wand"


def test_a_fit_and_its_choices_are_remembered() -> None:
    for fit in (
        Fit(mode="pad"),
        Fit(mode="crop", focus=(0.25, 1.0)),
        Fit(color="#123456"),
        Fit(focus=(0.0, 0.0)),
    ):
        made = tag_edits.set_fit(product_shot(), end("p0.image"), end("hero.reference_images"), fit)
        assert read_text(write_text(made)).document == made


def test_the_smallest_document() -> None:
    assert read_text('{"format": "tagloom/1"}').document == BLANK
    assert read_text("\ufeff" + write_text(BLANK).replace("\n", "\r\n")).document == BLANK
    assert read_text(write_text(BLANK)).notes == ()


def test_a_link_said_twice_is_kept_once_and_said() -> None:
    made = document({"a": node("note")}, link("a.x", "b.y", "one"))
    text = write_text(made).replace(
        '{"from": "a.x"', '{"from": "a.x", "tag": "one", "to": "b.y"},\n{"from": "a.x"'
    )
    read = read_text(text)
    assert read.document == made
    assert len(read.notes) == 1
    assert "a.x" in read.notes[0]


def wrong(changes: Plain) -> str:
    return json.dumps({**json.loads(AS_DRAWN), **changes})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no JSON"),
        ("[]", "no JSON object"),
        ("{}", "not a Tagloom document"),
        ('{"format": "tagloom"}', "not a Tagloom document"),
        ('{"format": 1}', "not a Tagloom document"),
        ('{"format": "comfy/1"}', "not a Tagloom document"),
        ('{"format": "tagloom/2"}', "newer Tagloom"),
        ('{"format": "tagloom/99"}', "newer Tagloom"),
        ('{"format": "tagloom/0"}', "No Tagloom has ever written"),
        ('{"format": "tagloom/1", }', "line 1, column"),
        (wrong({"nodes": []}), "expected `object`, got `array` at nodes"),
        (wrong({"nodes": {"hero": 5}}), "at nodes"),
        (wrong({"nodes": {"hero": {}}}), "missing required field `kind` at nodes.hero"),
        (wrong({"nodes": {"hero": {"kind": ""}}}), "at nodes.hero.kind"),
        (wrong({"nodes": {"hero": {"kind": "a", "values": 5}}}), "at nodes.hero.values"),
        (
            wrong({"nodes": {"hero": {"kind": "a", "skip": 1}}}),
            "got `int` at nodes.hero.skip",
        ),
        (wrong({"nodes": {"hero": {"kind": "a", "pick": None}}}), "at nodes.hero.pick"),
        (wrong({"nodes": {"": {"kind": "a"}}}), "an id has"),
        (wrong({"nodes": {"a\nb": {"kind": "a"}}}), "an id has"),
        (wrong({"nodes": {"a" * 201: {"kind": "a"}}}), "an id has"),
        (wrong({"links": {}}), "at links"),
        (wrong({"links": [5]}), "at links[0]"),
        (wrong({"links": [{"from": "a.b"}]}), "missing required field `to` at links[0]"),
        (wrong({"links": [{"from": "a.b", "to": "ab"}]}), "node.socket at links[0].to"),
        (wrong({"links": [{"from": ".b", "to": "a.b"}]}), "node.socket at links[0].from"),
        (wrong({"links": [{"from": "a.", "to": "a.b"}]}), "node.socket at links[0].from"),
        (wrong({"links": [{"from": "a.b", "to": "c.d", "fit": "stretch"}]}), "at links[0].fit"),
        (
            wrong({"links": [{"from": "a.b", "to": "c.d", "pad_color": "red"}]}),
            "at links[0].pad_color",
        ),
        (wrong({"links": [{"from": "a.b", "to": "c.d", "focus": [0.5, 1.5]}]}), "at links[0].focus"),
        (wrong({"links": [{"from": "a.b", "to": "c.d", "focus": [0.5]}]}), "at links[0].focus"),
        (wrong({"links": [{"from": "a.b", "to": "c.d", "tag": 5}]}), "at links[0].tag"),
        (wrong({"layout": {"hero": [1]}}), "at layout.hero"),
        (wrong({"layout": {"hero": [1, 2, 3, 4]}}), "at layout.hero"),
        (wrong({"layout": {"hero": ["1", 2]}}), "at layout"),
        (wrong({"frames": {"f": {"rect": [0, 0, 1]}}}), "at frames.f.rect"),
        (wrong({"frames": {"f": {"rect": [0, 0, -1, 1]}}}), "negative at frames.f.rect"),
        (AS_DRAWN.replace('seed": 42', 'seed": ' + "NaN"), "NaN is no number"),
        (AS_DRAWN.replace('seed": 42', 'seed": ' + "-Infinity"), "-Infinity is no number"),
        (AS_DRAWN.replace('seed": 42', 'seed": ' + "1e999"), "1e999 is too large"),
        (AS_DRAWN.replace('seed": 42', 'seed": ' + "9" * 5000), "thousands of digits"),
        (AS_DRAWN.replace("420", "9" * 400), "layout"),
        (AS_DRAWN.replace('"shoe":', '"hero":'), "“hero” stands twice"),
        (
            AS_DRAWN.replace('seed": 42', 'seed": ' + "[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1)),
            "nodes.hero.values.seed",
        ),
        (AS_DRAWN.replace('seed": 42', 'seed": ' + "[" * 150_000 + "]" * 150_000), "too deep"),
        ('{"a":' * 150_000, "too deep"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_text(text)
    assert said in caught.value.title, caught.value.title
    assert caught.value.advice
    assert len(caught.value.title) < 400


def test_the_fault_names_the_node() -> None:
    with pytest.raises(BadInput) as caught:
        read_text(wrong({"nodes": {"hero": {"kind": "a", "values": 5}}}))
    assert caught.value.where.node == "hero"


def test_depth_up_to_the_bound_is_read() -> None:
    text = AS_DRAWN.replace('seed": 42', 'seed": ' + "[" * (MOST_DEPTH - 1) + "]" * (MOST_DEPTH - 1))
    assert isinstance(read_text(text).document.nodes["hero"].values["seed"], tuple)


def test_too_large_and_not_utf8() -> None:
    with pytest.raises(BadInput, match="64 MB"):
        decoded(b" " * (64 * 1024 * 1024 + 1))
    with pytest.raises(BadInput, match="UTF-8"):
        decoded(b'{"format": "\xff"}')
    with pytest.raises(BadInput, match="nodes"):
        read_text(
            '{"format":"tagloom/1","nodes":{'
            + ",".join(f'"{i}":{{"kind":"n"}}' for i in range(50_001))
            + "}}"
        )


@pytest.mark.parametrize("value", [math.nan, math.inf, object(), b"bytes"])
def test_what_json_cannot_hold_is_refused_with_its_node(value: object) -> None:
    made = product_shot()
    bad = Node(kind="note", values=MappingProxyType({"x": (value,)}))  # type: ignore[dict-item]
    made = Document(nodes=MappingProxyType({**made.nodes, "bad": bad}))
    with pytest.raises(BadInput) as caught:
        write_text(made)
    assert caught.value.where.node == "bad"


def read_or_fault(text: str) -> Document | Fault:
    """Anything but a document or a fault fails the test."""
    try:
        return read_text(text).document
    except Fault as fault:
        return fault


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "format",
                    "nodes",
                    "links",
                    "frames",
                    "layout",
                    "kind",
                    "values",
                    "title",
                    "skip",
                    "from",
                    "to",
                    "tag",
                    "fit",
                    "focus",
                    "pad_color",
                    "rect",
                ]
            )
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["nodes", "links", "frames", "layout", "x"]), JUNK, max_size=4))
@settings(max_examples=400, deadline=None)
@example({"layout": {"a": [10**400, 1]}})
@example({"nodes": {"a": {"kind": "\ud800"}}})
def test_junk_of_the_right_form_raises_faults_only(junk: dict[str, object]) -> None:
    read = read_or_fault(json.dumps({"format": "tagloom/1", **junk}))
    if isinstance(read, Document):
        assert read_text(write_text(read)).document == read
    else:
        assert read.title
        assert read.advice


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=200, deadline=None)
def test_junk_of_any_form_raises_faults_only(junk: bytes) -> None:
    with pytest.raises(Fault):
        read_text(decoded(junk))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_damaged_file_raises_faults_only(data: st.DataObject) -> None:
    text = AS_DRAWN
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        stop = min(len(text), start + data.draw(st.integers(0, 20)))
        text = (
            text[:start]
            + data.draw(st.sampled_from(["", "{", "[", '"', "null", "1e9", ",", ":"]))
            + text[stop:]
        )
    read = read_or_fault(text)
    assert isinstance(read, Document) or read.advice


# --- upgrades --------------------------------------------------------------------------------


def renamed_kind(plain: Plain) -> Plain:
    nodes = {id: {**one, "kind": one["kind"].replace("old-", "")} for id, one in plain["nodes"].items()}
    return {**plain, "format": "tagloom/1", "nodes": nodes}


FROM_ZERO = Step(before=0, date="2026-01-02", what="kinds lost a prefix", apply=renamed_kind)


def test_an_older_format_is_brought_up() -> None:
    old = {"format": "tagloom/0", "nodes": {"a": {"kind": "old-note"}}}
    read = read_text(json.dumps(old), [FROM_ZERO])
    assert read.document.nodes["a"].kind == "note"
    assert read.notes == ("Brought to format tagloom/1: kinds lost a prefix.",)


def test_steps_are_taken_in_turn() -> None:
    def to(number: int) -> Step:
        return Step(
            before=number - 1,
            date="2026-01-02",
            what=f"step {number}",
            apply=lambda plain: {
                **plain,
                "format": f"tagloom/{number}",
                "seen": [*plain.get("seen", []), number],
            },
        )

    plain, notes = upgraded({"format": "tagloom/1"}, [to(4), to(3), to(2)], current=4)
    assert plain == {"format": "tagloom/4", "seen": [2, 3, 4]}
    assert len(notes) == 3
    with pytest.raises(BadInput):
        upgraded({"format": "tagloom/1"}, [to(4), to(2)], current=4)


def test_a_step_that_does_not_arrive_is_a_bug() -> None:
    with pytest.raises(Fault) as caught:
        upgraded({"format": "tagloom/1"}, [Step(before=1, date="", what="", apply=dict)], current=2)
    assert caught.value.kind == "bug"


def test_five_thousand_nodes_are_read_and_written_quickly(tmp_path: Path) -> None:
    nodes = {f"n{i}": node("prompt", text="@sneaker on the table " * 5) for i in range(5000)}
    made = Document(
        nodes=MappingProxyType(nodes),
        links=Links(tuple(link(f"n{i}.text", f"n{i + 1}.prompt") for i in range(4999))),
    )
    text = write_text(made)
    assert read_text(text).document == made
    assert End("n1", "prompt") in {one.target for one in made.links}


def test_a_key_with_half_a_character_is_kept() -> None:
    text = '{"format": "tagloom/1", "nodes": {"a": {"kind": "note", "x\\ud800": 1}}, "x-\\ud800": null}'
    document = read_text(text).document
    assert document.extras == {"x-\ud800": None}
    assert document.nodes["a"].extras == {"x\ud800": 1}
    assert read_text(write_text(document)).document == document
