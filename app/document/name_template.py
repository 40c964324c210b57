"""Names of files by a template: `{document} {title} {seed}`, and names that every system takes.

One parser for Save Image, for exports and for tables. A `/` that stands in the template makes a folder, where
folders are wanted; one that comes with a value never does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath

from app.basics.faults import BadInput
from app.basics.words import listed, say

FIELDS = ("document", "node", "title", "seed", "model", "ratio", "date", "n")
"""What is known of every picture. Besides there are `{tag:…}` and the columns of a table."""
TAG, ROW = "tag:", "row."
OTHERWISE = "picture"
MOST_BYTES = 120
"""Of one part of a name, without its ending: with a number and an ending it fits everywhere."""
DEEPEST = 5
"""Parts: four folders and the file."""
_MOST_LETTERS = 2000
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|\{")
_REMOVED = re.compile("[\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Halves of signs, and signs that turn the direction of writing: `gpj.exe` would read as `exe.jpg`."""
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u2028\u2029]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?")
_ENDS = re.compile(r"^[\s.-]+|[\s.-]+$")
"""Blanks of every kind, dots and dashes: at the ends of a name they get lost, or hide it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Of one picture. `tags`: tag → what its photograph's file is called, without the ending. `columns`: a
    table's row by the names of its columns."""

    document: str = ""
    node: str = ""
    title: str = ""
    seed: int | None = None
    model: str = ""
    ratio: str = ""
    day: date | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Part:
    """Words as they stand, or the name of a field."""

    text: str
    is_field: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """`parsed` makes one."""

    text: str
    parts: tuple[_Part, ...]

    @property
    def numbered(self) -> bool:
        """Whether it has `{n}`."""
        return _Part("n", True) in self.parts

    def check(self, columns: Iterable[str] = ()) -> None:
        """Before anything is made: whether all its names exist, the tags of pictures aside.

        :raises BadInput: one does not; the advice lists those that do
        """
        known = dict.fromkeys(columns, "")
        for part in self.parts:
            if part.is_field and not part.text.startswith(TAG):
                _value(part.text, Facts(columns=known), "1")

    def stem(self, facts: Facts, n: str = "1") -> str:
        """One part, without an ending: a `/` of the template becomes a dash as well.

        :raises BadInput: a name in it does not exist, or the picture has no such tag
        """
        return safe_part("".join(self._filled(facts, n)))

    def path(self, facts: Facts, n: str = "1") -> PurePosixPath:
        """A path below a folder, without an ending. It never leaves the folder.

        :raises BadInput: as `stem`
        """
        lines = [""]
        for part, filled in zip(self.parts, self._filled(facts, n), strict=True):
            first, *rest = filled.split("/") if not part.is_field else [filled]
            lines[-1] += first
            lines += rest
        *folders, name = lines
        kept = [one for one in folders if _ENDS.sub("", one)]
        head, tail = kept[: DEEPEST - 1], kept[DEEPEST - 1 :]
        return PurePosixPath(*(safe_part(one) for one in head), safe_part("-".join((*tail, name))))

    def _filled(self, facts: Facts, n: str) -> list[str]:
        """Each part in words. An empty value takes the sign along that joins it to what stands before it."""
        filled: list[str] = []
        for part in self.parts:
            if not part.is_field:
                filled.append(part.text)
                continue
            value = _value(part.text, facts, n)[:_MOST_LETTERS]
            if not value and filled and filled[-1] and filled[-1][-1] in "-_ ":
                filled[-1] = filled[-1][:-1]
            filled.append(value)
        return filled


def parsed(text: str) -> Template:
    """`{{` and `}}` are braces.

    :raises BadInput: a brace is not closed
    """
    if len(text) > _MOST_LETTERS:
        raise _wrong(say("The name is far too long."))
    parts: list[_Part] = []
    at = 0
    for found in _TOKEN.finditer(text):
        if found.start() > at:
            parts.append(_Part(text[at : found.start()], False))
        at = found.end()
        if found[0] == "{":
            raise _wrong(say("A {brace} in the name is not closed.", brace="{"))
        if found[0] in ("{{", "}}"):
            parts.append(_Part(found[0][0], False))
        else:
            parts.append(_Part(found[1].strip(), True))
    if at < len(text):
        parts.append(_Part(text[at:], False))
    return Template(text=text, parts=tuple(parts))


def safe_part(text: str, otherwise: str = OTHERWISE) -> str:
    """A name that Windows, macOS and Linux take: bounded in bytes, composed, no separator, no control sign,
    no dot or blank at its ends, none of the names that Windows keeps for itself."""
    text = unicodedata.normalize("NFC", _REMOVED.sub("", text))
    text = _ENDS.sub("", _NOT_IN_NAMES.sub("-", text))
    text = _ENDS.sub("", text.encode()[:MOST_BYTES].decode("utf-8", "ignore"))
    return f"_{text}" if _RESERVED.fullmatch(text) else text or otherwise


def ratio_of(width: int, height: int, chosen: object = None) -> str:
    """`16x9`: as it was chosen, else the usual ratio within two in a hundred, else the pixels."""
    if isinstance(chosen, str) and re.fullmatch(r"\d{1,3}:\d{1,3}", chosen):
        return chosen.replace(":", "x")
    if width < 1 or height < 1:
        return ""
    for across, down in _USUAL:
        if abs(width * down - height * across) * 50 <= height * across:
            return f"{across}x{down}"
    return f"{width}x{height}"


_LYING = ((4, 3), (3, 2), (16, 10), (16, 9), (21, 9), (5, 4), (2, 1))
_USUAL = ((1, 1), *_LYING, *((down, across) for across, down in _LYING))


def _value(name: str, facts: Facts, n: str) -> str:
    """:raises BadInput: there is no such name"""
    if name.startswith(TAG):
        return _tagged(name.removeprefix(TAG), facts.tags)
    if name in FIELDS:
        return {
            "document": facts.document,
            "node": facts.node,
            "title": facts.title,
            "seed": "" if facts.seed is None else str(facts.seed),
            "model": facts.model,
            "ratio": facts.ratio,
            "date": facts.day.isoformat() if facts.day else "",
            "n": n,
        }[name]
    column = _column(name.removeprefix(ROW), facts.columns)
    if column is None:
        raise _unknown(name, facts)
    return column


def _column(name: str, columns: Mapping[str, str]) -> str | None:
    if name in columns:
        return columns[name]
    alike = [value for key, value in columns.items() if key.casefold() == name.casefold()]
    return alike[0] if len(alike) == 1 else None


def _tagged(tag: str, tags: Mapping[str, str]) -> str:
    tag = tag.strip().lstrip("@＠").casefold()
    for known, name in tags.items():
        if known.casefold() == tag:
            return name
    there = listed(f"{{{TAG}{one}}}" for one in tags)
    raise BadInput(
        say("The picture has no photograph with the tag “{tag}”.", tag=tag),
        advice=say("There is: {list}.", list=there)
        if tags
        else say("It was made without tagged photographs."),
        code="name.no-tag",
    )


def _unknown(name: str, facts: Facts) -> BadInput:
    columns = [f"{ROW}{one}" if one in FIELDS else one for one in facts.columns]
    tags = [f"{TAG}{one}" for one in facts.tags] or [f"{TAG}…"]
    return BadInput(
        say("A name cannot have {name} in it.", name=f"{{{name}}}"),
        advice=say("There is: {list}.", list=listed(f"{{{one}}}" for one in (*FIELDS, *tags, *columns))),
        code="name.unknown",
    )


def _wrong(title: str) -> BadInput:
    return BadInput(
        title, advice=say("Write {double} for a brace itself.", double="{{"), code="name.template"
    )
