"""Several nodes looked at as one: where their values agree, and what kinds they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Final, Literal, TypeAlias

from app.document.values import Document, Node, Value


class Mixed(Enum):
    """Is no value: the nodes differ."""

    MIXED = "mixed"


MIXED: Final = Mixed.MIXED
Shared: TypeAlias = "Value | Literal[Mixed.MIXED]"


def shared(
    document: Document, ids: Sequence[str], parameter: str, value_of: Callable[[Node, str], Value]
) -> Shared:
    """The value that all these nodes have, as `value_of` (node, parameter) tells it; MIXED where they differ.
    1, 1.0 and True are three values. None where there is no node."""
    nodes = [document.nodes[id] for id in ids if id in document.nodes]
    if not nodes:
        return None
    first = value_of(nodes[0], parameter)
    for node in nodes[1:]:
        other = value_of(node, parameter)
        if other is not first and (type(other) is not type(first) or other != first):
            return MIXED
    return first


def by_kind(document: Document, ids: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Kind → the nodes among `ids` that are of it, in their order; the largest group first."""
    found: dict[str, list[str]] = {}
    for id in ids:
        if id in document.nodes:
            found.setdefault(document.nodes[id].kind, []).append(id)
    ordered = sorted(found.items(), key=lambda one: -len(one[1]))
    return {kind: tuple(members) for kind, members in ordered}
