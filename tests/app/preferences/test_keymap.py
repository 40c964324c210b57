"""Keys: four presets without a conflict, own changes over them, and nobody who loses a key in silence."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.preferences.keymap import HELD, Keymap, Taken, key_of, read_keymap, writes
from app.preferences.presets import PRESETS, TAGLOOM, TITLES


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_has_no_conflict_and_is_written_as_keys_are_kept(preset: str) -> None:
    keymap = Keymap(preset=preset)
    resolved = keymap.resolved()
    assert resolved.lost == ()
    held = [key for keys in resolved.keys.values() for key in keys]
    assert len(held) == len(set(held)) > 30
    assert [key_of(key) for key in held] == held
    assert not HELD & set(held)
    assert set(PRESETS[preset]) <= set(TAGLOOM)
    assert preset in TITLES


def test_hands_of_other_programs_find_their_keys() -> None:
    """From the manuals of these programs."""
    known = {
        "comfyui": {"Ctrl+B": "skip", "Ctrl+M": "skip", "Ctrl+G": "frame", "Alt+C": "collapse", ".": "fit"},
        "blender": {"X": "delete", "Shift+D": "duplicate", "M": "skip", "Ctrl+J": "frame", "Home": "fit-all"},
        "nuke": {"Tab": "add", "F": "fit", "D": "skip", "Alt+C": "duplicate", "Del": "delete-heal"},
    }
    for preset, keys in known.items():
        resolved = Keymap(preset=preset).resolved()
        assert {key: resolved.owner(key) for key in keys} == keys
    blender = Keymap(preset="blender").resolved()
    assert (blender.owner("Shift+A"), blender.owner("Ctrl+X")) == ("add", "delete-heal")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ctrl+shift+p", "Ctrl+Shift+P"), ("Shift+Ctrl+p", "Ctrl+Shift+P"), ("Delete", "Del"),
        ("Ctrl++", "Ctrl++"), ("+", "+"), ("f12", "F12"), ("Ctrl+.", "Ctrl+."), ("é", "É"),
    ],
)  # fmt: skip
def test_a_key_is_written_one_way(text: str, key: str) -> None:
    assert key_of(text) == key


@pytest.mark.parametrize("text", ["", "Ctrl+", "Hyper+A", "F99", "banana", "Ctrl+ ", "A, B"])
def test_what_names_no_key(text: str) -> None:
    with pytest.raises(ValueError, match=r"key|modifier"):
        key_of(text)


def test_keys_for_typing() -> None:
    assert [key for key in ("A", "Shift+A", "+", "Tab", "Home", "Shift++") if not writes(key)] == []
    assert [key for key in ("Ctrl+A", "Alt+C", "F5", "Shift+F5", "Ctrl++") if writes(key)] == []


def test_who_loses_a_key_is_told() -> None:
    keymap = Keymap().rebound("fit", ("Ctrl+D",))
    resolved = keymap.resolved()
    assert resolved.keys["fit"] == ("Ctrl+D",)
    assert resolved.keys["duplicate"] == ()
    assert resolved.lost == (Taken(id="duplicate", key="Ctrl+D", to="fit"),)
    assert resolved.owner("F") == ""
    back = keymap.rebound("duplicate", ("Ctrl+D",))
    assert back.resolved().owner("Ctrl+D") == "duplicate"
    assert back.resolved().lost == ()
    assert back.reset("fit") == Keymap()


def test_a_preset_is_changed_under_own_keys() -> None:
    own = Keymap(preset="tagloom").rebound("skip", ("X",))
    blender = Keymap(preset="blender", own=own.own)
    assert blender.resolved().owner("X") == "skip"
    assert Taken(id="delete", key="X", to="skip") in blender.resolved().lost
    assert blender.resolved().keys["delete"] == ("Del",)


def test_actions_that_the_presets_do_not_know() -> None:
    keymap = Keymap(more=MappingProxyType({"weigh": ("Shift+K", "Ctrl+D")}))
    resolved = keymap.resolved()
    assert resolved.keys["weigh"] == ("Shift+K",)
    assert resolved.lost == (Taken(id="weigh", key="Ctrl+D", to="duplicate"),)


def test_what_is_stored_badly_costs_only_itself() -> None:
    keymap, bad = read_keymap("nuke", {"fit": ("banana",), "skip": ("ctrl+k", "Ctrl+K"), "later": ("F",)})
    assert bad == ("fit",)
    assert keymap.own == {"skip": ("Ctrl+K",), "later": ("F",)}
    assert keymap.resolved().keys["fit"] == ("F",)
    assert keymap.resolved().keys["skip"] == ("Ctrl+K",)


KEYS = st.sampled_from(["Ctrl+D", "F", "X", "Ctrl+X", "Alt+C", "F12", "M", "Del", "Ctrl+Alt+9"])
CHANGES = st.lists(st.tuples(st.sampled_from(list(TAGLOOM)), st.lists(KEYS, max_size=3)), max_size=8)


@given(preset=st.sampled_from(list(PRESETS)), changes=CHANGES)
def test_whatever_is_changed_no_key_does_two_things(
    preset: str, changes: list[tuple[str, list[str]]]
) -> None:
    keymap = Keymap(preset=preset)
    for id, keys in changes:
        keymap = keymap.rebound(id, keys)
        assert keymap.resolved().keys[id] == tuple(dict.fromkeys(keys))
    resolved = keymap.resolved()
    held = [key for keys in resolved.keys.values() for key in keys]
    assert len(held) == len(set(held))
    for one in resolved.lost:
        assert one.key in resolved.keys[one.to]
        assert one.key not in resolved.keys[one.id]
    again, bad = read_keymap(preset, keymap.own)
    assert (again, bad) == (keymap, ())
