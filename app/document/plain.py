"""JSON text from a stranger → plain objects, within bounds: size, depth, numbers, keys said once."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NoReturn

from app.basics.faults import NOWHERE, BadInput, Where
from app.basics.words import mark, say, spoken
from app.document.values import Value

MOST_BYTES = 64 * 1024 * 1024
MOST_HOLDERS = 200_000
MOST_PARTS = 600_000
"""Lists and objects, and commas, in a text. Each becomes an object in memory, some a hundred times as large
as it is written: 64 MB of empty lists took minutes and gigabytes. Those in words count too; they are few."""
MOST_NODES = 50_000
MOST_LINKS = 150_000
MOST_DEPTH = 32
"""How deep lists and objects may lie in one another within a node's values."""

_ADVICE = mark(
    "Mend the file in a text editor, or open one of the versions kept beside it. It was not changed."
)

FOUND = (
    mark("expecting value"),
    mark("expecting property name enclosed in double quotes"),
    mark("expecting ',' delimiter"),
    mark("expecting ':' delimiter"),
    mark("unterminated string starting at"),
    mark("invalid control character at"),
    mark("invalid \\escape"),
    mark("extra data"),
)
"""What Python's reader of JSON says, in small letters: for the catalogue of languages."""


def wrong(path: str, what: str, *, where: Where = NOWHERE, code: str = "document.file") -> NoReturn:
    """:raises BadInput: always, with the place in the file"""
    title = (
        say("The document cannot be read: {what} at {path}.", what=what, path=path)
        if path
        else say("The document cannot be read: {what}.", what=what)
    )
    raise BadInput(title, advice=_ADVICE, code=code, where=where, detail=path)


def parsed(text: str) -> dict[str, Any]:
    """The JSON object that a text holds.

    :raises BadInput: too large, no JSON, a key twice in one object, a number that is none
    """
    if len(text) > MOST_BYTES:
        wrong(
            "",
            say("it is larger than {most} MB", most=MOST_BYTES // 1024 // 1024),
            code="document.too-large",
        )
    if text.count("{") + text.count("[") > MOST_HOLDERS or text.count(",") > MOST_PARTS:
        wrong("", say("it has far more parts than a document can use"), code="document.too-large")
    try:
        plain = json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=_object,
            parse_constant=_no_number,
            parse_float=_number,
        )
    except json.JSONDecodeError as error:
        wrong(
            say("line {lineno}, column {colno}", lineno=error.lineno, colno=error.colno),
            say("it is no JSON ({msg})", msg=spoken(error.msg.lower())),
        )
    except RecursionError:
        wrong("", say("its parts lie too deep in one another"), code="document.too-deep")
    except ValueError:  # Python's own bound on the digits of a whole number
        wrong("", say("a number in it has thousands of digits"))
    if not isinstance(plain, dict):
        wrong("", say("it is no JSON object"))
    return plain


def decoded(data: bytes) -> str:
    """:raises BadInput: too large, or not UTF-8"""
    if len(data) > MOST_BYTES:
        wrong(
            "",
            say("it is larger than {most} MB", most=MOST_BYTES // 1024 // 1024),
            code="document.too-large",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong(say("byte {start}", start=error.start), say("it is not UTF-8 text"))


def as_value(plain: object, path: str, where: Where = NOWHERE, depth: int = 0) -> Value:
    """A plain JSON value as one that a document may hold.

    :raises BadInput: too deep, with its path
    """
    if isinstance(plain, dict):
        _not_too_deep(path, depth, where)
        return MappingProxyType(
            {key: as_value(part, f"{path}.{key}", where, depth + 1) for key, part in plain.items()}
        )
    if isinstance(plain, list):
        _not_too_deep(path, depth, where)
        return tuple(as_value(part, f"{path}[{i}]", where, depth + 1) for i, part in enumerate(plain))
    if plain is None or isinstance(plain, str | int | float | bool):
        return plain
    wrong(path, say("{name} cannot stand in a document", name=type(plain).__name__), where=where)


def as_values(plain: Mapping[str, object], path: str, where: Where = NOWHERE) -> Mapping[str, Value]:
    return MappingProxyType({key: as_value(part, f"{path}.{key}", where) for key, part in plain.items()})


def _not_too_deep(path: str, depth: int, where: Where) -> None:
    if depth >= MOST_DEPTH:
        shown = path if len(path) <= 80 else path[:77] + "…"
        wrong(shown, say("its parts lie too deep in one another"), where=where, code="document.too-deep")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                wrong(
                    "",
                    say("“{key}” stands twice in one object (a failed merge?)", key=key[:80]),
                    code="document.twice",
                )
            seen.add(key)
    return made


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        wrong("", say("the number {text} is too large", text=text[:40]))
    return number


def _no_number(text: str) -> NoReturn:
    wrong("", say("{text} is no number", text=text))
