"""What a document is made of. Everything here is a value: compared by content, never changed.

An edit makes a new `Document` that shares all it did not touch with the old one, so that a
listener finds what changed by identity (`before.nodes[x] is after.nodes[x]`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias, overload

from msgspec import Struct, field

Value: TypeAlias = "str | int | float | bool | tuple[Value, ...] | Mapping[str, Value] | None"
"""What a node's field may hold: JSON, with tuples for lists and read-only mappings for objects."""

EMPTY: Mapping[str, Value] = MappingProxyType({})


def _empty() -> Mapping[str, Value]:
    return EMPTY


WAITING_TAGS = "waiting_tags"
"""Key in a model node's values: tags typed before their image was linked, a tuple of str, in order."""


class End(Struct, frozen=True):
    """One end of a link: a socket of a node. Written `node.socket`."""

    node: str
    socket: str

    def __str__(self) -> str:
        return f"{self.node}.{self.socket}"


class Fit(Struct, frozen=True, kw_only=True):
    """What is done to a photograph whose ratio the model does not take. Nothing, by default.

    `color` is `#rrggbb`, used by `pad`; `focus` is the point kept by `crop`, x and y from 0 to 1.
    """

    mode: Literal["none", "pad", "crop"] = "none"
    color: str = "#ffffff"
    focus: tuple[float, float] = (0.5, 0.5)


NO_FIT = Fit()


class Link(Struct, frozen=True, kw_only=True):
    """An output joined to an input. A tag and a fit belong to the link, not to the photograph."""

    source: End
    target: End
    tag: str = ""
    fit: Fit = NO_FIT
    extras: Mapping[str, Value] = field(default_factory=_empty)


class Links:
    """The links of a document, in order, with both directions indexed once.

    The order of links into one input is the order of the references.
    """

    __slots__ = ("_all", "_from", "_into")

    def __init__(self, links: tuple[Link, ...] = ()) -> None:
        self._all = links
        self._into: dict[str, list[Link]] | None = None
        self._from: dict[str, list[Link]] | None = None

    def _index(self) -> None:
        into: dict[str, list[Link]] = {}
        outof: dict[str, list[Link]] = {}
        for link in self._all:
            into.setdefault(link.target.node, []).append(link)
            outof.setdefault(link.source.node, []).append(link)
        self._into, self._from = into, outof

    def into(self, node: str, socket: str | None = None) -> tuple[Link, ...]:
        """Links that end at a node (at one input of it, where `socket` is given), in order."""
        if self._into is None:
            self._index()
        assert self._into is not None
        found = self._into.get(node, ())
        return tuple(link for link in found if socket is None or link.target.socket == socket)

    def out_of(self, node: str, socket: str | None = None) -> tuple[Link, ...]:
        """Links that begin at a node (at one output of it, where `socket` is given), in order."""
        if self._from is None:
            self._index()
        assert self._from is not None
        found = self._from.get(node, ())
        return tuple(link for link in found if socket is None or link.source.socket == socket)

    def __iter__(self) -> Iterator[Link]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @overload
    def __getitem__(self, place: int) -> Link: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Link, ...]: ...
    def __getitem__(self, place: int | slice) -> Link | tuple[Link, ...]:
        return self._all[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Links) and self._all == other._all

    def __repr__(self) -> str:
        return f"Links({self._all!r})"


class Node(Struct, frozen=True, kw_only=True):
    """Something placed on the canvas. `kind` is an id for ever; `title` empty means the kind's own.

    `pick` is the content hash of the result the artist chose as this node's output, `lock` the one
    kept whatever changes. `extras` holds what a newer Tagloom wrote and this one does not know.
    """

    kind: str
    title: str = ""
    values: Mapping[str, Value] = field(default_factory=_empty)
    skip: bool = False
    collapsed: bool = False
    color: str = ""
    pick: str = ""
    lock: str = ""
    extras: Mapping[str, Value] = field(default_factory=_empty)


class Frame(Struct, frozen=True, kw_only=True):
    """A titled rectangle behind nodes, in canvas units (1 unit = 1 px at zoom 1)."""

    title: str = ""
    color: str = ""
    rect: tuple[float, float, float, float] = (0.0, 0.0, 320.0, 240.0)
    extras: Mapping[str, Value] = field(default_factory=_empty)


class Spot(Struct, frozen=True):
    """Where a node lies: its top left corner in canvas units, and its width where the artist set one."""

    x: float
    y: float
    width: float | None = None


class Document(Struct, frozen=True, kw_only=True):
    """The graph that the artist edits. Selection, zoom, runs and images are not part of it."""

    nodes: Mapping[str, Node] = field(default_factory=lambda: MappingProxyType({}))
    links: Links = field(default_factory=Links)
    frames: Mapping[str, Frame] = field(default_factory=lambda: MappingProxyType({}))
    layout: Mapping[str, Spot] = field(default_factory=lambda: MappingProxyType({}))
    extras: Mapping[str, Value] = field(default_factory=_empty)


BLANK = Document()


def frozen(value: object) -> Value:
    """A JSON value (from a file, the clipboard, the command line) as a `Value`.

    :raises TypeError: for what JSON cannot hold
    """
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list | tuple):
        return tuple(frozen(part) for part in value)
    if isinstance(value, Mapping):
        return MappingProxyType({str(key): frozen(part) for key, part in value.items()})
    raise TypeError(f"{type(value).__name__} cannot stand in a document")
