"""The four things that the first-run example teaches, and how one sees that each was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from app.document.beside import HOLDS_PHOTOGRAPH
from app.document.editor import Change
from app.document.tags import find_calls
from app.document.values import Document, Node, Value


class Step(StrEnum):
    """In the order in which they are taught."""

    RUN = "run"
    PHOTOGRAPH = "photograph"
    TAG = "tag"
    SAVE = "save"


def done_by(change: Change) -> frozenset[Step]:
    """What an artist has done by a step of the document: a photograph of their own has come, a prompt calls a
    photograph once more. Another document on the desk, and undo, count as nothing."""
    if change.way != "commit":
        return frozenset()
    done = set()
    for id, before, after in _changed(change.before, change.after):
        if after.kind in HOLDS_PHOTOGRAPH and _file(after.values) not in ("", _file(before)):
            done.add(Step.PHOTOGRAPH)
        if after.kind == "prompt" and id in change.before.nodes:
            tags = {link.tag.lower() for link in change.after.links if link.tag}
            if _calls(after.values, tags) > _calls(before, tags):
                done.add(Step.TAG)
    return frozenset(done)


def _changed(before: Document, after: Document) -> Iterator[tuple[str, Mapping[str, Value], Node]]:
    """Nodes that are new or other, with the values that they had."""
    if before.nodes is after.nodes:
        return
    for id, node in after.nodes.items():
        old = before.nodes.get(id)
        if old is not node:
            yield id, old.values if old is not None else {}, node


def _file(values: Mapping[str, Value]) -> str:
    return str(values.get("file") or "")


def _calls(values: Mapping[str, Value], tags: set[str]) -> int:
    return sum(call.tag.lower() in tags for call in find_calls(str(values.get("text") or "")))
