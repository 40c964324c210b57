"""What a node kind shows to the graph: its sockets, and which may be joined."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct


class SocketType(StrEnum):
    """Prompt is yellow, Image is green. A link joins an output to an input of its own type."""

    PROMPT = "prompt"
    IMAGE = "image"
    ANY = "any"
    """A reroute dot: takes the type of what is joined to it."""


class Socket(Struct, frozen=True, kw_only=True):
    """`most` is how many links an input takes: 1, a model's limit of references, or None for no limit."""

    id: str
    title: str
    type: SocketType
    required: bool = False
    most: int | None = 1
    tagged: bool = False
    """Whether links into this input carry tags that a prompt may call."""
    help: str = ""


class Shape(Struct, frozen=True, kw_only=True):
    """The sockets of a kind. `document` is given these; it never looks them up."""

    kind: str
    title: str
    inputs: tuple[Socket, ...] = ()
    outputs: tuple[Socket, ...] = ()
    model: bool = False
    """Whether this kind sends its inputs to an image model (and so calls references by tag)."""

    def input(self, socket: str) -> Socket | None:
        return next((one for one in self.inputs if one.id == socket), None)

    def output(self, socket: str) -> Socket | None:
        return next((one for one in self.outputs if one.id == socket), None)


Shapes = Mapping[str, Shape]
"""Kind id → shape. A kind that is not in it is unknown: kept, shown, never run."""


def fits(source: SocketType, target: SocketType) -> bool:
    return source == target or SocketType.ANY in (source, target)
