"""A node kind: one declaration, one file in `kinds/`. Models are declared by their cards instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from msgspec import Struct, field

from app.catalogue.cards import Card, Parameter
from app.document.sockets import Shape
from app.document.values import Node, Value


class Family(StrEnum):
    """The groups of the palette, in this order."""

    INPUTS = "inputs"
    MODELS = "models"
    OUTPUTS = "outputs"
    LAYOUT = "layout"


class Picture(Struct, frozen=True, kw_only=True):
    """An image travelling along a link: a file that exists and its content hash.

    `draft` marks a sandbox picture and everything made from it. `seed`, `credits` and `money` are
    those of the operation that made it, where one did.
    """

    path: Path
    sha256: str
    name: str
    width: int
    height: int
    draft: bool = False
    seed: int | None = None


Output = str | Picture
Inputs = Mapping[str, tuple[Output, ...]]
"""Input socket id → what arrives there, in the order of the links."""


class Bench(Protocol):
    """What the engine lends to a kind while it works. Every call is short or runs in a thread."""

    async def photograph(self, file: str) -> Picture:
        """The artist's photograph by a node's `file` value.

        :raises BadInput: missing, unreadable, or outside the document's folder
        """
        ...

    async def save(self, picture: Picture, name: str) -> Path:
        """The picture's bytes, as they are, into the output folder of this run under `name` (a
        template: `document.name_template`); never over another file of different content.

        :raises BadInput: the template has a name that does not exist
        """
        ...


class Doing(Protocol):
    """What a kind does when it runs: inputs → outputs by socket id."""

    async def __call__(self, id: str, node: Node, inputs: Inputs, bench: Bench) -> Mapping[str, Output]: ...


class NodeKind(Struct, frozen=True, kw_only=True):
    """`doing` None: a model (its `card` says how it runs) or a kind that only stands there (a note).

    `end` marks an end: a run of the whole document runs what ends and models need. `quick` is work so
    short that the scheduler does it in place, without a task of its own.
    """

    id: str
    title: str
    family: Family
    shape: Shape
    parameters: tuple[Parameter, ...]
    help: str
    words: tuple[str, ...] = ()
    """Further words the search finds it by, English and Chinese, whatever the window speaks. Pinyin has a
    space between syllables, so that their first letters find it too."""
    card: Card | None = None
    doing: Doing | None = None
    quick: Callable[[Node, Inputs], Mapping[str, Output]] | None = None
    defaults: Mapping[str, Value] = field(default_factory=dict)
    """Values of a new node of this kind."""
    end: bool = False

    @property
    def runs(self) -> bool:
        return self.card is not None or self.doing is not None or self.quick is not None


Kinds = Mapping[str, NodeKind]
