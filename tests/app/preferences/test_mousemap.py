"""Ways of the mouse: four presets without a clash, own changes over them, and what a press begins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.preferences import presets, ways
from app.preferences.keymap import Taken
from app.preferences.mousemap import Begun, Mouse, Mousemap, Way, fits, read_mousemap, way_of
from app.preferences.ways import GESTURES, MODIFIERS, PRESETS, TAGLOOM


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_has_no_clash_and_every_gesture_can_begin_so(preset: str) -> None:
    resolved = Mousemap(preset=preset).resolved()
    assert resolved.lost == ()
    held = [way for texts in resolved.keys.values() for way in texts]
    assert len(held) == len(set(held)) > 30
    assert [way_of(text).text for text in held] == held
    for id, texts in resolved.keys.items():
        assert [text for text in texts if not fits(id, way_of(text))] == [], id


def test_the_same_presets_as_for_keys() -> None:
    assert set(PRESETS) == set(presets.PRESETS)
    assert list(TAGLOOM) == list(GESTURES)
    assert all(set(one) <= set(GESTURES) for one in PRESETS.values())


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("wheel", Way(press="wheel")),
        ("shift+ctrl+Right-Drag", Way(press="right-drag", modifiers=frozenset({"Ctrl", "Shift"}))),
        ("Space+left-drag on empty", Way(press="left-drag", modifiers=frozenset({"Space"}), on="empty")),
    ],
)
def test_a_way_is_written_one_way(text: str, way: Way) -> None:
    assert way_of(text) == way
    assert way_of(way.text) == way


@pytest.mark.parametrize("text", ["", "drag", "Hyper+left-drag", "left-drag on moon", "Ctrl+", "Ctrl+A"])
def test_what_is_no_way(text: str) -> None:
    with pytest.raises(ValueError, match="no way of the mouse"):
        way_of(text)


def begins(preset: str, button: str, places: tuple[str, ...], *held: str, form: str = "drag") -> str:
    begun = Mouse(Mousemap(preset=preset)).at(button, (*places, "anywhere"), frozenset(held), form)
    return begun.id if begun is not None else ""


NODE, EMPTY, WIRE = ("title", "node", "thing"), ("empty",), ("wire",)


def test_hands_of_other_programs_find_their_ways() -> None:
    """From the manuals of these programs."""
    assert begins("comfyui", "left", EMPTY) == "pan"
    assert begins("comfyui", "left", EMPTY, "Ctrl") == "box-select"
    assert begins("comfyui", "left", EMPTY, "Ctrl", "Shift") == "zoom-drag"
    assert begins("comfyui", "left", NODE, "Alt") == "duplicate-drag"
    assert begins("comfyui", "left", WIRE, "Alt", form="click") == "reroute"
    assert begins("blender", "left", EMPTY) == "box-select"
    assert begins("blender", "right", NODE, "Ctrl") == "cut-links"
    assert begins("blender", "middle", EMPTY, "Ctrl") == "zoom-drag"
    assert begins("blender", "left", NODE, "Alt") == "extract-drag"
    assert begins("blender", "wheel", (), "Shift", form="wheel") == "scroll"
    assert begins("nuke", "left", NODE, "Alt") == "pan"
    assert begins("nuke", "middle", NODE) == "pan"
    assert begins("nuke", "middle", NODE, "Alt") == "zoom-drag"
    assert begins("nuke", "middle", NODE, form="click") == "fit-click"


def test_what_is_exact_comes_first_and_space_is_never_extra() -> None:
    assert begins("tagloom", "left", WIRE, "Alt", "Shift") == "cut-links"
    assert begins("tagloom", "left", WIRE, "Alt") == "relink"
    assert (
        begins("tagloom", "left", NODE, "Space") == begins("tagloom", "left", NODE, "Space", "Ctrl") == "pan"
    )
    assert begins("tagloom", "left", ("button",), "Ctrl") == ""
    assert begins("tagloom", "double", NODE, "Space", form="click") == ""
    assert begins("tagloom", "middle", NODE, "Space") == "pan"
    assert begins("tagloom", "left", NODE, "Ctrl", "Alt") == "select-remove", "the first of two that fit"
    mouse = Mouse(Mousemap())
    held = frozenset({"Alt", "Shift"})
    assert mouse.at("left", ("node", "thing", "anywhere"), held, "drag") == Begun(
        "duplicate-drag", frozenset({"Shift"})
    )


def test_who_loses_a_way_is_told() -> None:
    own = Mousemap().rebound("cut-links", ("shift+left-drag on wire",))
    assert own.resolved().lost == (Taken(id="fork", key="Shift+left-drag on wire", to="cut-links"),)
    assert own.reset("cut-links") == Mousemap()
    nuke = Mousemap(preset="nuke", own=own.own)
    assert nuke.resolved().owner("middle-click") == "fit-click"
    assert nuke.resolved().owner("Shift+left-drag on wire") == "cut-links"


def test_what_is_stored_badly_costs_only_itself() -> None:
    stored = {
        "pan": ("banana",),
        "link": ("wheel",),
        "fork": ("ctrl+left-drag on wire", "Ctrl+left-drag on wire"),
        "later": ("wheel",),
    }
    mousemap, bad = read_mousemap("tagloom", stored)
    assert bad == ("pan", "link")
    assert mousemap.own == {"fork": ("Ctrl+left-drag on wire",), "later": ("wheel",)}
    assert mousemap.resolved().keys["pan"] == TAGLOOM["pan"]


DRAGS = [id for id, one in GESTURES.items() if "drag" in one.forms]
WAYS = st.builds(
    lambda press, held, on: Way(press=press, modifiers=frozenset(held), on=on).text,
    st.sampled_from(["left-drag", "middle-drag", "right-drag"]),
    st.sets(st.sampled_from(MODIFIERS), max_size=2),
    st.sampled_from(ways.PLACES),
)


@given(
    preset=st.sampled_from(list(PRESETS)),
    changes=st.lists(st.tuples(st.sampled_from(DRAGS), st.lists(WAYS, max_size=3)), max_size=6),
)
def test_whatever_is_changed_no_way_begins_two_things(
    preset: str, changes: list[tuple[str, list[str]]]
) -> None:
    mousemap = Mousemap(preset=preset)
    for id, texts in changes:
        mousemap = mousemap.rebound(id, texts)
        assert mousemap.resolved().keys[id] == tuple(dict.fromkeys(texts))
    resolved, mouse = mousemap.resolved(), Mouse(mousemap)
    held = [way for texts in resolved.keys.values() for way in texts]
    assert len(held) == len(set(held))
    for id, texts in resolved.keys.items():
        for way in map(way_of, texts):
            assert mouse.at(way.button, (way.on,), way.modifiers, way.form) == Begun(id)
