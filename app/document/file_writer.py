"""A document → the text of its `.tagloom` file: keys sorted, one property a line, a link or a place a line.

Made for `git diff`: a move touches only `layout`, a changed tag one line, a changed value one line.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from app.basics.faults import NOWHERE, BadInput, Where
from app.basics.words import say
from app.document.values import NO_FIT, Document, Fit, Frame, Link, Node, Spot, Value

FORMAT = "tagloom/1"
FRAGMENT_FORMAT = "tagloom-fragment/1"


def write_text(document: Document, format: str = FORMAT) -> str:
    """The text, in UTF-8 when encoded, with a newline at its end. `read_text` gives back an equal document.

    :raises BadInput: something that JSON cannot hold stands in a value, with its node
    """
    nodes = ((id, _node(node)) for id, node in _sorted(document.nodes))
    parts: dict[str, str] = {
        **{key: _deep(value, 1, NOWHERE) for key, value in document.extras.items()},
        "format": _word(format, NOWHERE),
        "frames": _block(
            (_word(id, NOWHERE), _deep(_frame(frame), 2, NOWHERE)) for id, frame in _sorted(document.frames)
        ),
        "layout": _block((_word(id, NOWHERE), _flat(_spot(spot))) for id, spot in _sorted(document.layout)),
        "links": _list(_flat(_link(link)) for link in document.links),
        "nodes": _block((_word(id, NOWHERE), _deep(plain, 2, Where(node=id))) for id, plain in nodes),
    }
    body = ",\n".join(f"  {_word(key, NOWHERE)}: {text}" for key, text in sorted(parts.items()))
    return "{\n" + body + "\n}\n"


def _node(node: Node) -> dict[str, Any]:
    plain: dict[str, Any] = {**node.extras, "kind": node.kind}
    for key in ("title", "skip", "collapsed", "color", "pick", "lock"):
        if getattr(node, key):
            plain[key] = getattr(node, key)
    if node.values:
        plain["values"] = node.values
    return plain


def _link(link: Link) -> dict[str, Any]:
    plain: dict[str, Any] = {**link.extras, "from": str(link.source), "to": str(link.target)}
    if link.tag:
        plain["tag"] = link.tag
    return {**plain, **_fit(link.fit)}


def _fit(fit: Fit) -> dict[str, Any]:
    """What differs from no fit at all; a colour or a focus chosen before is remembered by other modes."""
    plain: dict[str, Any] = {}
    if fit.mode != NO_FIT.mode:
        plain["fit"] = fit.mode
    if fit.mode == "pad" or fit.color != NO_FIT.color:
        plain["pad_color"] = fit.color
    if fit.mode == "crop" or fit.focus != NO_FIT.focus:
        plain["focus"] = tuple(_short(part) for part in fit.focus)
    return plain


def _frame(frame: Frame) -> dict[str, Any]:
    plain: dict[str, Any] = {**frame.extras, "rect": tuple(_short(part) for part in frame.rect)}
    if frame.title:
        plain["title"] = frame.title
    if frame.color:
        plain["color"] = frame.color
    return plain


def _spot(spot: Spot) -> tuple[float, ...]:
    sides = (spot.x, spot.y) if spot.width is None else (spot.x, spot.y, spot.width)
    return tuple(_short(side) for side in sides)


def _short(number: float) -> float:
    """420 rather than 420.0 (both read back as the same place)."""
    return int(number) if math.isfinite(number) and number == int(number) else number


# --- text ------------------------------------------------------------------------------------


def _deep(value: Value | Mapping[str, Any], depth: int, where: Where) -> str:
    """An object with one property a line; lists of plain things on one line."""
    if not isinstance(value, Mapping) or not value:
        return _flat(value, where)
    inner, outer = "  " * (depth + 1), "  " * depth
    lines = (f"{inner}{_word(key, where)}: {_deep(part, depth + 1, where)}" for key, part in _sorted(value))
    return "{\n" + ",\n".join(lines) + f"\n{outer}}}"


def _flat(value: object, where: Where = NOWHERE) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_word(k, where)}: {_flat(v, where)}" for k, v in _sorted(value)) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_flat(part, where) for part in value) + "]"
    if isinstance(value, str):
        return _word(value, where)
    try:
        return json.dumps(value, allow_nan=False)
    except (ValueError, TypeError) as error:
        raise BadInput(
            say("A value cannot be written to the document: {value}.", value=str(value)[:40]),
            advice=say("Change it to text, a finite number or a choice."),
            code="document.value",
            where=where,
            detail=str(error),
        ) from error


def _word(text: str, where: Where) -> str:
    """A JSON string. Half of an emoji (a lone surrogate) cannot stand in UTF-8: it is written as an escape,
    and read back as it was."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(text, ensure_ascii=True)
    return json.dumps(text, ensure_ascii=False)


def _sorted(held: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted(held.items())


def _block(lines: Iterable[tuple[str, str]]) -> str:
    body = ",\n".join(f"    {key}: {text}" for key, text in lines)
    return "{\n" + body + "\n  }" if body else "{}"


def _list(lines: Iterable[str]) -> str:
    body = ",\n".join(f"    {line}" for line in lines)
    return "[\n" + body + "\n  ]" if body else "[]"
