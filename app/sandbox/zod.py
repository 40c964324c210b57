"""Issues in the shape of Zod 4, which is what Runway answers with.

Each function gives one issue as a JSON object with `code`, `path` and `message`; the wording and the
order of keys are those of https://zod.dev/error-formatting and of the recorded answers in our tests.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

Issue = dict[str, object]
Path = tuple[str | int, ...]


class Undefined:
    """A key that is not there, told apart from null."""


UNDEFINED: Final = Undefined()


def js_type(value: object) -> str:
    """What Zod calls the type of a parsed JSON value."""
    match value:
        case Undefined():
            return "undefined"
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def invalid_type(expected: str, value: object, path: Path) -> Issue:
    return {
        "expected": expected,
        "code": "invalid_type",
        "path": list(path),
        "message": f"Invalid input: expected {expected}, received {js_type(value)}",
    }


def not_an_integer(path: Path) -> Issue:
    return {
        "expected": "int",
        "format": "safeint",
        "code": "invalid_type",
        "path": list(path),
        "message": "Invalid input: expected int, received number",
    }


def too_big(origin: str, maximum: int, path: Path) -> Issue:
    return {
        "origin": origin,
        "code": "too_big",
        "maximum": maximum,
        "inclusive": True,
        "path": list(path),
        "message": f"Too big: expected {origin} to {_amount(origin, '<=', maximum)}",
    }


def too_small(origin: str, minimum: int, path: Path) -> Issue:
    return {
        "origin": origin,
        "code": "too_small",
        "minimum": minimum,
        "inclusive": True,
        "path": list(path),
        "message": f"Too small: expected {origin} to {_amount(origin, '>=', minimum)}",
    }


def not_an_option(values: Sequence[str], path: Path) -> Issue:
    if len(values) == 1:
        message = f"Invalid input: expected {json.dumps(values[0])}"
    else:
        message = "Invalid option: expected one of " + "|".join(json.dumps(one) for one in values)
    return {"code": "invalid_value", "values": list(values), "path": list(path), "message": message}


def bad_pattern(pattern: str, path: Path) -> Issue:
    return {
        "origin": "string",
        "code": "invalid_format",
        "format": "regex",
        "pattern": f"/{pattern}/",
        "path": list(path),
        "message": f"Invalid string: must match pattern /{pattern}/",
    }


def bad_start(prefix: str, path: Path) -> Issue:
    return {
        "origin": "string",
        "code": "invalid_format",
        "format": "starts_with",
        "prefix": prefix,
        "path": list(path),
        "message": f'Invalid string: must start with "{prefix}"',
    }


def unknown_keys(keys: Sequence[str], path: Path) -> Issue:
    word = "key" if len(keys) == 1 else "keys"
    return {
        "code": "unrecognized_keys",
        "keys": list(keys),
        "path": list(path),
        "message": f"Unrecognized {word}: " + ", ".join(json.dumps(one) for one in keys),
    }


def no_union_member(errors: Sequence[Sequence[Issue]], path: Path) -> Issue:
    return {
        "code": "invalid_union",
        "errors": [list(one) for one in errors],
        "path": list(path),
        "message": "Invalid input",
    }


def no_discriminator(name: str, path: Path) -> Issue:
    return {
        "code": "invalid_union",
        "errors": [],
        "note": "No matching discriminator",
        "discriminator": name,
        "path": list(path),
        "message": "Invalid input",
    }


def custom(message: str, path: Path) -> Issue:
    return {"code": "custom", "path": list(path), "message": message}


def _amount(origin: str, sign: str, bound: int) -> str:
    match origin:
        case "string":
            return f"have {sign}{bound} characters"
        case "array":
            return f"have {sign}{bound} items"
        case _:
            return f"be {sign}{bound}"
