"""Which key does what: a preset with a person's own changes over it. Two actions never share a key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Self

from app.preferences.presets import PRESETS, TAGLOOM, Keys

_NOTHING: Mapping[str, Keys] = MappingProxyType({})
_MODIFIERS = ("Ctrl", "Alt", "Shift", "Meta")
_OTHER_NAMES = MappingProxyType(
    {"delete": "Del", "escape": "Esc", "insert": "Ins", "pageup": "PgUp", "pagedown": "PgDown"}
)
_NAMES = (
    *("Tab", "Return", "Enter", "Del", "Backspace", "Home", "End", "PgUp", "PgDown", "Ins", "Menu"),
    *("Up", "Down", "Left", "Right", "Space", "Esc", "Pause", "Print", "Help"),
)
_NAMED = MappingProxyType({**{name.lower(): name for name in _NAMES}, **_OTHER_NAMES})
_FUNCTION = re.compile(r"F([1-9]|[12][0-9]|3[0-5])")
HELD = frozenset({"Esc", "Space", "Up", "Down", "Left", "Right", "Menu"})
"""Keys of the canvas itself: they end a gesture, pan, and walk from node to node."""


def key_of(text: str) -> str:
    """A key text as it is compared and kept: `ctrl+shift+p` is `Ctrl+Shift+P`.

    :raises ValueError: it names no key
    """
    *held, last = text[:-1].split("+") if text.endswith("++") else text.split("+")
    last = "+" if text in ("+",) or text.endswith("++") else last
    modifiers = {one.strip().capitalize() for one in held if one.strip()}
    if not modifiers <= set(_MODIFIERS):
        raise ValueError(f"{text!r} has an unknown modifier")
    name = last.strip() or last
    character = len(name) == 1 and name.isprintable() and not name.isspace()
    if character or _FUNCTION.fullmatch(name.upper()):
        key = name.upper()
    elif name.lower() in _NAMED:
        key = _NAMED[name.lower()]
    else:
        raise ValueError(f"{text!r} names no key")
    return "+".join((*(one for one in _MODIFIERS if one in modifiers), key))


def writes(key: str) -> bool:
    """Whether this key is for typing, too: it may only work while the canvas has the keyboard."""
    *held, last = [*key[:-2].split("+"), "+"] if key.endswith("++") else key.split("+")
    return not {"Ctrl", "Alt", "Meta"} & set(held) and not _FUNCTION.fullmatch(last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """`id` had this key by its preset or its own change, but `to` has it."""

    id: str
    key: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    keys: Mapping[str, Keys]
    lost: tuple[Taken, ...]

    def owner(self, key: str) -> str:
        """Who has a key; empty where it is free."""
        return next((id for id, keys in self.keys.items() if key in keys), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keymap:
    """`own` are the changes by action; an empty tuple is an action without keys. `more` are actions that the
    presets do not know, with their keys. Whatever `own` says of other actions is kept and does nothing."""

    preset: str = "tagloom"
    own: Mapping[str, Keys] = field(default_factory=lambda: _NOTHING)
    more: Mapping[str, Keys] = field(default_factory=lambda: _NOTHING)

    @property
    def tables(self) -> tuple[Mapping[str, Keys], Mapping[str, Mapping[str, Keys]]]:
        """The preset that names everything, and all presets."""
        return TAGLOOM, PRESETS

    def written(self, text: str) -> str:
        """As it is compared and kept.

        :raises ValueError: it names no key
        """
        return key_of(text)

    def default(self, id: str) -> Keys:
        """The keys of the preset."""
        base, presets = self.tables
        return presets.get(self.preset, base).get(id, base.get(id, self.more.get(id, ())))

    def resolved(self) -> Resolved:
        """Own changes come before the preset, the preset before `more`: who loses a key is told."""
        base, _ = self.tables
        known = (*base, *(id for id in self.more if id not in base))
        order = sorted(known, key=lambda id: 0 if id in self.own else 1 if id in base else 2)
        owners: dict[str, str] = {}
        lost: list[Taken] = []
        for id in order:
            for key in self.own.get(id, self.default(id)):
                if (to := owners.setdefault(key, id)) != id:
                    lost.append(Taken(id=id, key=key, to=to))
        keys = {
            id: tuple(key for key in self.own.get(id, self.default(id)) if owners[key] == id) for id in known
        }
        return Resolved(keys=MappingProxyType(keys), lost=tuple(lost))

    def rebound(self, id: str, keys: Iterable[str]) -> Self:
        """The action gets these keys and no others; who had one of them by a change of one's own loses it."""
        wanted = tuple(dict.fromkeys(self.written(key) for key in keys))
        own = {
            other: tuple(key for key in held if key not in wanted)
            for other, held in self.own.items()
            if other != id
        }
        without = replace(self, own=MappingProxyType(own))
        if without.resolved().keys.get(id) == wanted:
            return without
        return replace(self, own=MappingProxyType({**own, id: wanted}))

    def reset(self, id: str) -> Self:
        return replace(
            self, own=MappingProxyType({other: keys for other, keys in self.own.items() if other != id})
        )


def read_keymap(preset: str, own: Mapping[str, Keys]) -> tuple[Keymap, tuple[str, ...]]:
    """From what is stored. Actions whose stored keys name no key are told, and as the preset has them."""
    good: dict[str, Keys] = {}
    bad: list[str] = []
    for id, keys in own.items():
        try:
            good[id] = tuple(dict.fromkeys(key_of(key) for key in keys))
        except ValueError:
            bad.append(id)
    return Keymap(preset=preset, own=MappingProxyType(good)), tuple(bad)
