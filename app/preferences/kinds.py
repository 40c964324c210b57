"""Kinds of settings: each reads what the file holds, and says by itself how it may be edited.

Called with what JSON gives; raises TypeError where that is nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.document.values import Value, frozen

MOST_LETTERS = 4096
MOST_AMOUNT = 10**15


@dataclass(frozen=True, slots=True)
class YesNo:
    def __call__(self, raw: Any) -> bool:
        if not isinstance(raw, bool):
            raise TypeError("not yes or no")
        return raw


@dataclass(frozen=True, slots=True)
class Text:
    def __call__(self, raw: Any) -> str:
        if not isinstance(raw, str) or "\0" in raw or len(raw) > MOST_LETTERS:
            raise TypeError("not a text")
        return raw


@dataclass(frozen=True, slots=True)
class Folder:
    """A full path, or empty."""

    def __call__(self, raw: Any) -> str:
        text = Text()(raw)
        if text and not Path(text).is_absolute():
            raise TypeError("not a full path")
        return text


@dataclass(frozen=True, slots=True)
class File(Folder):
    """A file's full path, or empty."""


@dataclass(frozen=True, slots=True)
class Names:
    """A list from which something can be taken."""

    def __call__(self, raw: Any) -> tuple[str, ...]:
        if not isinstance(raw, list):
            raise TypeError("not a list of texts")
        return tuple(Text()(item) for item in raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """From `least` to `most`. People see it times `shown` with `unit` behind it, in steps of `step`."""

    least: float
    most: float
    step: float = 1.0
    shown: float = 1.0
    unit: str = ""

    def __call__(self, raw: Any) -> float:
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not self.least <= raw <= self.most:
            raise TypeError(f"not a number from {self.least:g} to {self.most:g}")
        return float(raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """A whole number, None for no cap. `money`: micro-dollars, which people see as dollars; else credits."""

    money: bool = False

    def __call__(self, raw: Any) -> int | None:
        if raw is None:
            return None
        if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= MOST_AMOUNT:
            raise TypeError("not a whole number from 0")
        return raw


def count(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= 10**9:
        raise TypeError("not a whole number from 0")
    return raw


def size(raw: Any) -> tuple[int, int]:
    """As JSON gives it, a list; as the program does, a tuple."""
    match raw:
        case [int(width), int(height)] if 1 <= width <= 10_000 and 1 <= height <= 10_000:
            return width, height
    raise TypeError("not a width and a height")


def values(raw: Any) -> Mapping[str, Value]:
    if not isinstance(raw, Mapping):
        raise TypeError("not a list of names and values")
    return MappingProxyType({str(name): frozen(value) for name, value in raw.items()})


def values_by_kind(raw: Any) -> Mapping[str, Mapping[str, Value]]:
    """Node kind → its values."""
    if not isinstance(raw, Mapping) or not all(isinstance(one, Mapping) for one in raw.values()):
        raise TypeError("not values by node kind")
    kept = frozen(raw)
    assert isinstance(kept, Mapping)
    return kept  # type: ignore[return-value]  # mappings of mappings, as looked at above


def keys_by_action(raw: Any) -> Mapping[str, tuple[str, ...]]:
    """Whether a text names a key is seen where keys are read (`keymap`, `mousemap`): a bad one costs only
    itself."""
    if not isinstance(raw, dict) or len(raw) > 1000:
        raise TypeError("not keys by action")
    return MappingProxyType({Text()(id): Names()(keys) for id, keys in raw.items()})
