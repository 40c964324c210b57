"""Every setting, declared once. Kept as JSON in one file; what this Tagloom does not know is kept too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from msgspec import Struct

from app.basics.faults import BadInput
from app.basics.signal import Signal
from app.basics.words import listed, say, spoken
from app.preferences.options_file import Later, OptionsFile

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)  # no slots: a generic frozen class with them breaks on 3.11 (gh-91126)
class Option(Generic[T]):
    """One setting. `id` stands in the file for ever. `page` is where it is shown: `appearance`, `canvas`,
    `money`, `files`, `privacy`; empty for what the program remembers by itself.

    `read` turns what the file holds into a value, or raises ValueError or TypeError; values are JSON. One of
    `kinds` also says how it is edited. `labels` are what people see of `choices`; `words` are further names
    by which it is found, in English, in Chinese, and in pinyin with a blank after each syllable.
    """

    id: str
    title: str
    help: str
    page: str
    default: T
    read: Callable[[Any], T]
    choices: tuple[T, ...] = ()
    also: tuple[T, ...] = ()
    """Taken as well, and not offered."""
    labels: Mapping[Any, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    def label(self, choice: T) -> str:
        return spoken(self.labels.get(choice, str(choice)))


class Changed(Struct, frozen=True, kw_only=True):
    option: str
    before: object
    after: object


class Options:
    """The settings of one person, read at first use, written whole at each change. Two programs on one home
    keep each other's changes."""

    def __init__(self, file: Path, later: Later | None = None) -> None:
        """`later` keeps what was changed, where that should not be waited for (`options_file.InTurn`)."""
        self.changed: Signal[Changed] = Signal()
        self._file = OptionsFile(file, later)
        self._raw: dict[str, Any] | None = None
        self._bad: dict[str, str] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be read, and what happens instead."""
        self._known()
        return tuple(self._bad.values())

    def get(self, option: Option[T]) -> T:
        raw = self._known()
        if option.id not in raw:
            return option.default
        try:
            value = _checked(option, raw[option.id])
        except (TypeError, ValueError):
            self._bad[option.id] = say(
                "The setting “{title}” had a value that cannot be used; its default is used instead.",
                title=option.title,
            )
            return option.default
        return value

    def set(self, option: Option[T], value: T) -> None:
        """:raises BadInput: `options.value` :raises DiskTrouble: `options.unwritable`; it holds until the end
        of this session all the same"""
        before = self.get(option)
        try:
            after = _checked(option, _as_json(value))
        except (TypeError, ValueError) as error:
            raise BadInput(
                say("“{title}” cannot be {value!r}.", title=option.title, value=value),
                advice=_wanted(option),
                code="options.value",
                detail=str(error),
            ) from error
        if after == before and option.id in self._known():
            return
        self._known()[option.id] = _as_json(after)
        self._bad.pop(option.id, None)
        try:
            self._file.write(self._known(), {option.id: _as_json(after)}, ())
        finally:
            if after != before:
                self.changed.emit(Changed(option=option.id, before=before, after=after))

    def reset(self, option: Option[Any]) -> None:
        """Back to the default. :raises DiskTrouble: as `set`"""
        before = self.get(option)
        self._known().pop(option.id, None)
        self._bad.pop(option.id, None)
        try:
            self._file.write(self._known(), {}, (option.id,))
        finally:
            if before != option.default:
                self.changed.emit(Changed(option=option.id, before=before, after=option.default))

    def settle(self) -> None:
        """Waits until all changes are on the disk."""
        self._file.settle()

    # --- inside ----------------------------------------------------------------------------------

    def _known(self) -> dict[str, Any]:
        if self._raw is None:
            self._raw = self._read()
        return self._raw

    def _read(self) -> dict[str, Any]:
        found = self._file.read()
        if found is None:
            self._bad[""] = say(
                "The settings file {file} could not be read, so all settings are at their "
                "defaults. It is put aside, not overwritten, when a setting changes.",
                file=self._file.file,
            )
        return found or {}


def _checked(option: Option[T], raw: Any) -> T:
    value = option.read(raw)
    if option.choices and value not in (*option.choices, *option.also):
        raise ValueError(f"{value!r} is not one of {option.choices}")
    return value


def _as_json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_as_json(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _as_json(item) for key, item in value.items()}
    return value


def _wanted(option: Option[Any]) -> str:
    if option.choices:
        return say("Choose one of: {choices}.", choices=listed(map(option.label, option.choices)))
    return spoken(option.help)
