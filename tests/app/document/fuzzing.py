"""Documents from strangers: whole ones, their mutations, and what must hold of any bytes at all."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

from app.basics.faults import Fault
from app.document import project_file
from app.document.project_file import read_text, resolve, write_text

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[2] / "resources" / "examples"
CORPUS = HERE / "corpus"
SUFFIX = ".tagloom"

_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**63, 10**30, -0.0, 1e308, 5e-324, "", " ", "a" * 500, "\0", "\ud800", "\u202e<b>",
    "../../../etc/passwd", "/etc/passwd", "C:\\x", "\\\\host\\share\\x", "file:///etc/passwd",
    "a.b.c", ".", "..", [], {}, [[]], {"": {}}, [[[[[[]]]]]], {"a": {"b": {"c": [1, {"d": None}]}}},
    "@ａ", "tagloom/1", "tagloom/999999",
)  # fmt: skip
_WORDS = (
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u0000", b"\\ud800", b"NaN", b"-Infinity", b"1e999",
    b"null", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00", b'"format"', b'"nodes"', b'"links"', b"9" * 5000,
    b"[" * 2000, b'{"a":' * 1000,
)  # fmt: skip


@cache
def seeds() -> tuple[bytes, ...]:
    found = [path.read_bytes() for path in sorted(EXAMPLES.rglob(f"*{SUFFIX}"))]
    return (*found, *(path.read_bytes() for path in sorted(CORPUS.glob(f"*{SUFFIX}"))))


def mutated(dice: random.Random) -> bytes:
    """A document that somebody has changed by hand, by a tool, or by a bad disk."""
    data = dice.choice(seeds())
    for _ in range(dice.randint(1, 4)):
        data = _in_shape(data, dice) if dice.random() < 0.5 else _in_bytes(bytearray(data), dice)
    return data


def _in_bytes(data: bytearray, dice: random.Random) -> bytes:
    at = dice.randint(0, max(0, len(data) - 1))
    match dice.randrange(6):
        case 0 if data:
            data[at] ^= 1 << dice.randrange(8)
        case 1:
            del data[at:]
        case 2:
            del data[at : at + dice.randint(1, 60)]
        case 3:
            data[at:at] = data[at : at + dice.randint(1, 400)]
        case _:
            data[at:at] = dice.choice(_WORDS)
    return bytes(data)


def _in_shape(data: bytes, dice: random.Random) -> bytes:
    """Another value somewhere in the tree; as it was where it is no JSON any more."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return data
    holders = list(_holders(tree))
    if not holders:
        return data
    holder, key = dice.choice(holders)
    match dice.randrange(4):
        case 0 if isinstance(holder, dict):
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[str(dice.choice(_ODD))] = holder[key]
        case 2:
            holder[key] = dice.choice([value for _, value in _pairs(holders)])
        case _:
            holder[key] = dice.choice(_ODD)
    try:
        return json.dumps(tree).encode()
    except (ValueError, RecursionError):  # it now holds itself
        return data


def _holders(tree: Any) -> list[tuple[Any, Any]]:
    """Every place of a value: what holds it, and under which key."""
    found: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else ()
        for key in keys:
            found.append((one, key))
            waiting.append(one[key])
    return found


def _pairs(holders: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    return [(key, holder[key]) for holder, key in holders]


def try_document(path: Path, data: bytes) -> bool:
    """Reads it as the program does; whether it was taken. What is taken is written and read again, and no
    file that it names lies outside its folder.

    :raises AssertionError: a law is broken
    """
    path.write_bytes(data)
    try:
        loaded = project_file.load(path)
    except Fault as fault:
        _told(fault, "document.", "disk.")
        return False
    again = read_text(write_text(loaded.document))
    assert again.document == loaded.document
    for node in loaded.document.nodes.values():
        file = node.values.get("file")
        if isinstance(file, str):
            try:
                found = resolve(loaded.folder, file)
            except Fault as fault:
                _told(fault, "image.")
            else:
                assert found.is_relative_to(loaded.folder.resolve())
    return True


def _told(fault: Fault, *codes: str) -> None:
    assert fault.title
    assert fault.advice
    assert fault.code.startswith(codes)
