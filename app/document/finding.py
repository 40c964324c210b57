"""Find and replace over the words that artists write: prompts, notes, and models' own texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from app.document.values import Document, Node

Fields = Mapping[str, Sequence[str]]
"""Node kind → the values of it that hold words."""

# Scripts that are written without spaces: a whole word may end right before their letters, as a tag does.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^\W{_UNSPACED}]"


class Wanted(Struct, frozen=True, kw_only=True):
    """What is looked for, as it is written: nothing in it is a pattern."""

    text: str
    match_case: bool = False
    whole_word: bool = False


class Found(Struct, frozen=True, kw_only=True):
    """One place where it stands; `start` and `end` in code points."""

    node: str
    parameter: str
    start: int
    end: int


def find(document: Document, fields: Fields, wanted: Wanted) -> tuple[Found, ...]:
    """All places, in the order in which an eye reads the canvas: from top to bottom, then from the left."""
    pattern = _pattern(wanted)
    if pattern is None:
        return ()
    return tuple(
        Found(node=id, parameter=parameter, start=hit.start(), end=hit.end())
        for id in _as_read(document, fields)
        for parameter, text in _texts(document.nodes[id], fields)
        for hit in pattern.finditer(text)
    )


def text_at(document: Document, found: Found) -> str:
    """The whole text in which it was found; empty where that is gone."""
    node = document.nodes.get(found.node)
    text = node.values.get(found.parameter) if node else None
    return text if isinstance(text, str) else ""


def replace_one(document: Document, wanted: Wanted, found: Found, words: str) -> Document:
    """The same document where it no longer stands there."""
    pattern, text = _pattern(wanted), text_at(document, found)
    hit = pattern.match(text, found.start) if pattern else None
    if hit is None or hit.end() != found.end:
        return document
    return _written(
        document, {found.node: {found.parameter: text[: found.start] + words + text[found.end :]}}
    )


def replace_all(document: Document, fields: Fields, wanted: Wanted, words: str) -> Document:
    """Every place that `find` gives, in one go. Tags are words like others here: what a photograph is called
    stays (`tag_edits.rename_tag_everywhere`)."""
    pattern = _pattern(wanted)
    if pattern is None:
        return document
    changed: dict[str, dict[str, str]] = {}
    for id, node in document.nodes.items():
        for parameter, text in _texts(node, fields):
            written = pattern.sub(lambda _: words, text)
            if written != text:
                changed.setdefault(id, {})[parameter] = written
    return _written(document, changed)


def _pattern(wanted: Wanted) -> re.Pattern[str] | None:
    if not wanted.text:
        return None
    escaped = re.escape(wanted.text)
    if wanted.whole_word:
        before = rf"(?<!{_LETTER})" if re.match(_LETTER, wanted.text) else ""
        behind = rf"(?!{_LETTER})" if re.match(_LETTER, wanted.text[-1]) else ""
        escaped = f"{before}{escaped}{behind}"
    return re.compile(escaped, 0 if wanted.match_case else re.IGNORECASE)


def _as_read(document: Document, fields: Fields) -> Iterable[str]:
    def place(id: str) -> tuple[float, float]:
        spot = document.layout.get(id)
        return (spot.y, spot.x) if spot else (0.0, 0.0)

    return sorted((id for id, node in document.nodes.items() if node.kind in fields), key=place)


def _texts(node: Node, fields: Fields) -> Iterable[tuple[str, str]]:
    for parameter in fields.get(node.kind, ()):
        text = node.values.get(parameter)
        if isinstance(text, str):
            yield parameter, text


def _written(document: Document, changed: Mapping[str, Mapping[str, str]]) -> Document:
    if not changed:
        return document
    nodes = {
        id: replace(document.nodes[id], values=MappingProxyType({**document.nodes[id].values, **texts}))
        for id, texts in changed.items()
    }
    return replace(document, nodes=MappingProxyType({**document.nodes, **nodes}))
