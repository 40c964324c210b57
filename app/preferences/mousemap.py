"""Which way of the mouse begins which gesture: a preset with a person's own changes over it, as for keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from app.preferences.keymap import Keymap
from app.preferences.ways import ANYWHERE, GESTURES, MODIFIERS, PLACES, PRESETS, PRESSES, TAGLOOM, Ways


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """`press` is one of `PRESSES`, `modifiers` are as keys are written, Space among them."""

    press: str
    modifiers: frozenset[str] = frozenset()
    on: str = ANYWHERE

    @property
    def button(self) -> str:
        return PRESSES[self.press][0]

    @property
    def form(self) -> str:
        return PRESSES[self.press][1]

    @property
    def text(self) -> str:
        held = (one for one in MODIFIERS if one in self.modifiers)
        return "+".join((*held, self.press)) + ("" if self.on == ANYWHERE else f" on {self.on}")


@lru_cache(maxsize=512)
def way_of(text: str) -> Way:
    """:raises ValueError: it names no way of the mouse"""
    head, _, on = text.strip().partition(" on ")
    *held, press = head.split("+")
    modifiers = frozenset(one.strip().capitalize() for one in held)
    on = on.strip().lower() or ANYWHERE
    if not modifiers <= set(MODIFIERS) or press.strip().lower() not in PRESSES or on not in PLACES:
        raise ValueError(f"{text!r} names no way of the mouse")
    return Way(press=press.strip().lower(), modifiers=modifiers, on=on)


def fits(id: str, way: Way) -> bool:
    """Whether a gesture can begin so."""
    return way.form in GESTURES[id].forms and way.on in GESTURES[id].places


@dataclass(frozen=True, slots=True, kw_only=True)
class Mousemap(Keymap):
    """`Keymap` of gestures: its keys are ways of the mouse."""

    @property
    def tables(self) -> tuple[Mapping[str, Ways], Mapping[str, Mapping[str, Ways]]]:
        return TAGLOOM, PRESETS

    def written(self, text: str) -> str:
        return way_of(text).text


def read_mousemap(preset: str, own: Mapping[str, Ways]) -> tuple[Mousemap, tuple[str, ...]]:
    """From what is stored. Gestures with a stored way that is none, or in which they cannot begin, are told,
    and as the preset has them; gestures that nobody knows are kept."""
    good: dict[str, Ways] = {}
    bad: list[str] = []
    for id, texts in own.items():
        try:
            ways = tuple(dict.fromkeys(way_of(text) for text in texts))
        except ValueError:
            bad.append(id)
            continue
        if id in GESTURES and not all(fits(id, way) for way in ways):
            bad.append(id)
        else:
            good[id] = tuple(way.text for way in ways)
    return Mousemap(preset=preset, own=MappingProxyType(good)), tuple(bad)


_BESIDE_SPACE = frozenset({"middle", "right", "wheel"})


@dataclass(frozen=True, slots=True)
class Begun:
    """What a press begins. `extra` modifiers were held, and are not of its way."""

    id: str
    extra: frozenset[str] = frozenset()


class Mouse:
    """A mousemap ready to be asked, at each press. An exact way beats one with fewer modifiers, a place beats
    `anywhere`. With the left button Space is never merely extra: the hand that holds it wants nothing
    else."""

    def __init__(self, mousemap: Mousemap) -> None:
        resolved = mousemap.resolved().keys
        order = {id: place for place, id in enumerate(GESTURES)}
        self._ways: dict[tuple[str, str], list[tuple[int, Way, str]]] = {}
        for id in GESTURES:
            for way in map(way_of, resolved[id]):
                self._ways.setdefault((way.button, way.form), []).append((order[id], way, id))

    def at(self, button: str, places: tuple[str, ...], modifiers: frozenset[str], form: str) -> Begun | None:
        """`places` say what lies there, the most special first."""
        found = [
            (-len(way.modifiers), places.index(way.on), order, Begun(id, modifiers - way.modifiers))
            for order, way, id in self._ways.get((button, form), ())
            if way.on in places and way.modifiers <= modifiers
            and (button in _BESIDE_SPACE or "Space" not in modifiers or "Space" in way.modifiers)
        ]  # fmt: skip
        return min(found, key=lambda one: one[:3])[3] if found else None
