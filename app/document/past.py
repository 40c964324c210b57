"""The steps of a document kept on disk beside the settings, so that undo goes on after the window was closed.

Each step is written as what it changed: a part of a document, and what went. They are this computer's memory:
nothing of it stands in the document, and a document that was changed elsewhere begins anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app.basics.faults import Fault
from app.basics.words import in_english
from app.document.disk import read_bytes, written_whole
from app.document.file_reader import read_fragment
from app.document.file_writer import FRAGMENT_FORMAT, write_text
from app.document.values import Document, Link, Links

MOST_STEPS = 200
MOST_BYTES = 1024 * 1024
"""Of all steps of one document as text: what is read before it is shown again."""
KEPT_SECONDS = 30 * 86_400
FORMAT = "tagloom-steps/1"

V = TypeVar("V")


class Past(Struct, frozen=True, kw_only=True):
    """`states` is one longer than `labels`; `at` is the place of the document among them."""

    labels: tuple[str, ...]
    states: tuple[Document, ...]
    at: int


class _Step(Struct, kw_only=True, omit_defaults=True):
    """From one state to the next: `part` as the text of a fragment, the ids that went, and which stretch of
    the links (place, count) those of the part take the place of."""

    label: str
    part: str
    gone: dict[str, list[str]] = {}
    links: tuple[int, int] = (0, 0)


class _Kept(Struct, kw_only=True):
    format: str
    path: str
    first: str
    at: int
    steps: list[_Step]


class Pasts:
    """Its calls block: they are made in threads. What fails is no reason to stop anybody."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, path: Path, past: Past) -> None:
        """The steps of the document that has just been saved at a path; whether they could be written is no
        matter."""
        with contextlib.suppress(OSError, Fault, msgspec.MsgspecError, UnicodeError):
            data = msgspec.json.encode(_written(path, past))
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._tidy()
            with written_whole(self._file(path)) as file:
                file.write(data)

    def of(self, path: Path, document: Document) -> Past | None:
        """The steps that led to just this document, its own among the states; None where there are none, or
        where it was changed since."""
        file = self._file(path)
        with contextlib.suppress(OSError, Fault, msgspec.MsgspecError, UnicodeError, LookupError, ValueError):
            if not file.is_file():
                return None
            kept = msgspec.json.decode(read_bytes(file, 16 * MOST_BYTES), type=_Kept)
            past = _read(kept)
            if kept.format == FORMAT and kept.path == str(path) and past.states[past.at] == document:
                return past
        return None

    def _file(self, path: Path) -> Path:
        named = hashlib.sha256(str(path).encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / f"{named[:32]}.json"

    def _tidy(self) -> None:
        oldest = time.time() - KEPT_SECONDS
        for file in self._folder.glob("*.json"):
            if file.stat().st_mtime < oldest:
                file.unlink(missing_ok=True)


# --- writing ---------------------------------------------------------------------------------


def _written(path: Path, past: Past) -> _Kept:
    """The steps around the document, as many as there is room for: those behind it before those ahead."""
    room = MOST_BYTES
    behind: list[_Step] = []
    for place in range(past.at, max(past.at - MOST_STEPS, 0), -1):
        step = _difference(past.labels[place - 1], past.states[place - 1], past.states[place])
        room -= len(step.part)
        if room < 0:
            break
        behind.append(step)
    ahead: list[_Step] = []
    for label, (before, after) in zip(past.labels[past.at :], pairwise(past.states[past.at :]), strict=True):
        step = _difference(label, before, after)
        room -= len(step.part)
        if room < 0 or len(behind) + len(ahead) >= MOST_STEPS:
            break
        ahead.append(step)
    first = past.states[past.at - len(behind)]
    return _Kept(
        format=FORMAT,
        path=str(path),
        first=write_text(first, FRAGMENT_FORMAT),
        at=len(behind),
        steps=[*reversed(behind), *ahead],
    )


def _difference(label: str, before: Document, after: Document) -> _Step:
    place, count, links = _splice(tuple(before.links), tuple(after.links))
    part = Document(
        nodes=_new(before.nodes, after.nodes),
        links=Links(links),
        frames=_new(before.frames, after.frames),
        layout=_new(before.layout, after.layout),
    )
    gone = {
        "nodes": _went(before.nodes, after.nodes),
        "frames": _went(before.frames, after.frames),
        "layout": _went(before.layout, after.layout),
    }
    return _Step(
        label=in_english(label),
        part=write_text(part, FRAGMENT_FORMAT),
        gone={key: ids for key, ids in gone.items() if ids},
        links=(place, count),
    )


def _new(before: Mapping[str, V], after: Mapping[str, V]) -> Mapping[str, V]:
    if before is after:
        return MappingProxyType({})
    return MappingProxyType({id: one for id, one in after.items() if before.get(id) is not one})


def _went(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return [] if before is after else [id for id in before if id not in after]


def _splice(before: Sequence[Link], after: Sequence[Link]) -> tuple[int, int, tuple[Link, ...]]:
    """Where the links differ: the place, how many go, and those that come."""
    least = min(len(before), len(after))
    head = 0
    while head < least and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < least - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return head, len(before) - tail - head, tuple(after[head : len(after) - tail])


# --- reading ---------------------------------------------------------------------------------


def _read(kept: _Kept) -> Past:
    """:raises Fault, LookupError, ValueError: it is not what we wrote"""
    states = [read_fragment(kept.first)]
    for step in kept.steps:
        states.append(_after(states[-1], step))
    if not 0 <= kept.at < len(states):
        raise ValueError("no such place")
    return Past(labels=tuple(step.label for step in kept.steps), states=tuple(states), at=kept.at)


def _after(before: Document, step: _Step) -> Document:
    part = read_fragment(step.part)
    place, count = step.links
    links = before.links
    if count or len(part.links):
        links = Links((*before.links[:place], *part.links, *before.links[place + count :]))
    return replace(
        before,
        nodes=_put(before.nodes, part.nodes, step.gone.get("nodes", ())),
        links=links,
        frames=_put(before.frames, part.frames, step.gone.get("frames", ())),
        layout=_put(before.layout, part.layout, step.gone.get("layout", ())),
    )


def _put(before: Mapping[str, V], new: Mapping[str, V], gone: Sequence[str]) -> Mapping[str, V]:
    if not new and not gone:
        return before
    went = set(gone)
    return MappingProxyType({id: one for id, one in {**before, **new}.items() if id not in went})
