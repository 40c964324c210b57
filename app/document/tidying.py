"""Tidy: nodes in columns from what feeds to what is fed, with few links that cross. Pure and always the same.

A frame keeps its nodes: it is laid out by itself and then stands among the others as one box.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace

from app.document.columns import Place, Size, laid_out
from app.document.edits import move
from app.document.layering import Edge
from app.document.values import Document, End, Frame, Link, Spot


class Card(Struct, frozen=True, kw_only=True):
    """How large a node is shown, and how far below its top its sockets are."""

    size: Size = (240.0, 120.0)
    inputs: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    outputs: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


class Block(Struct):
    """What is laid out already: places from its own top left corner."""

    size: Size
    nodes: dict[str, Place]
    frames: dict[str, tuple[float, float, float, float]]


_PLAIN = Card()
_NOWHERE = Spot(0.0, 0.0)
_PAD, _TITLE = 24.0, 42.0
"""Air inside a frame, and above where its title is."""
_STEP = 0.001
"""Links into one socket keep their order: each arrives this much below the one before."""
OUTSIDE = ""
"""The frame of what is in none."""


def tidied(document: Document, cards: Mapping[str, Card], ids: Collection[str] | None = None) -> Document:
    """All nodes, or these, in a layered layout whose top left corner is where theirs was. Frames around some
    of them go along, unless they hold others too."""
    wanted = set(document.nodes if ids is None else ids)
    chosen = [id for id in document.nodes if id in wanted]
    if not chosen:
        return document
    nest = _nest(document, cards, chosen)
    blocks = {id: Block(cards.get(id, _PLAIN).size, {id: (0.0, 0.0)}, {}) for id in chosen}
    work = _Work(document, cards, nest, blocks)
    whole = Block((0.0, 0.0), {}, {})
    for frame in (*nest.frames, OUTSIDE):
        whole = work.lay(frame)
    return _put(document, whole, _corner(document, chosen, nest.frames))


class _Nest(Struct):
    """`frames` from the inside out; `home` gives the frame around a node or a frame (as `frame:ID`)."""

    frames: list[str]
    home: dict[str, str]


def _key(frame: str) -> str:
    return f"frame:{frame}"


def _nest(document: Document, cards: Mapping[str, Card], chosen: list[str]) -> _Nest:
    """The smallest frame around each node's middle. A frame that holds a node that is not chosen is none."""
    ordered = sorted(
        document.frames, key=lambda id: document.frames[id].rect[2] * document.frames[id].rect[3]
    )
    home: dict[str, str] = {}
    held: dict[str, int] = {}
    barred: set[str] = set()
    wanted = set(chosen)
    for id in document.nodes if ordered else ():
        spot, size = document.layout.get(id, _NOWHERE), cards.get(id, _PLAIN).size
        middle = (spot.x + size[0] / 2, spot.y + size[1] / 2)
        around = [frame for frame in ordered if _holds(document.frames[frame], middle)]
        if id not in wanted:
            barred.update(around)
        elif around:
            home[id] = around[0]
    frames = [frame for frame in ordered if frame not in barred]
    for id, frame in list(home.items()):
        home[id] = frame if frame not in barred else OUTSIDE
        held[home[id]] = held.get(home[id], 0) + 1
    for at, frame in enumerate(frames):
        inner = document.frames[frame].rect
        middle = (inner[0] + inner[2] / 2, inner[1] + inner[3] / 2)
        outer = next((other for other in frames[at + 1 :] if _holds(document.frames[other], middle)), OUTSIDE)
        if held.get(frame):
            home[_key(frame)] = outer
            held[outer] = held.get(outer, 0) + 1
    return _Nest([frame for frame in frames if held.get(frame)], home)


def _holds(frame: Frame, point: Place) -> bool:
    x, y, width, height = frame.rect
    return x <= point[0] <= x + width and y <= point[1] <= y + height


class _Work:
    """Lays out one frame after the other, from the inside out."""

    def __init__(
        self, document: Document, cards: Mapping[str, Card], nest: _Nest, blocks: dict[str, Block]
    ) -> None:
        self._cards = cards
        self._nest = nest
        self._blocks = blocks
        self._inside: dict[str, list[str]] = {}
        for id in (*blocks, *map(_key, nest.frames)):
            self._inside.setdefault(nest.home.get(id, OUTSIDE), []).append(id)
        self._links: dict[str, list[tuple[str, str, Link, int]]] = {}
        self._rank: dict[str, int] = {}
        self._sort_links(document)

    def _sort_links(self, document: Document) -> None:
        """Each link at the innermost frame around both ends, as a link of two boxes in it."""
        number: dict[End, int] = {}
        for link in document.links:
            ends = (link.source.node, link.target.node)
            if ends[0] == ends[1] or not all(node in self._blocks for node in ends):
                continue
            order = number[link.target] = number.get(link.target, -1) + 1
            left, right = self._way_out(link.source.node), self._way_out(link.target.node)
            while len(left) > 1 and len(right) > 1 and left[-2] == right[-2]:
                left.pop()
                right.pop()
            frame, source, target = left[-1], left[-2], right[-2]
            self._links.setdefault(frame, []).append((source, target, link, order))
        targets = {id: at for at, id in enumerate(document.nodes)}
        for link in sorted(
            document.links, key=lambda one: (targets.get(one.target.node, 0), self._door(one))
        ):
            self._rank.setdefault(link.source.node, len(self._rank))

    def _way_out(self, id: str) -> list[str]:
        """The node, the frames around it as boxes, and what is around all."""
        way = [id]
        frame = self._nest.home.get(id, OUTSIDE)
        while frame != OUTSIDE:
            way.append(_key(frame))
            frame = self._nest.home.get(_key(frame), OUTSIDE)
        return [*way, OUTSIDE]

    def _door(self, link: Link) -> float:
        card = self._cards.get(link.target.node, _PLAIN)
        return card.inputs.get(link.target.socket, card.size[1] / 2)

    def _exit(self, link: Link) -> float:
        card = self._cards.get(link.source.node, _PLAIN)
        return card.outputs.get(link.source.socket, card.size[1] / 2)

    def lay(self, frame: str) -> Block:
        """What stands in a frame, as one block; the frame around it is part of it."""
        boxes = self._inside.get(frame, [])
        if frame != OUTSIDE:
            boxes = sorted(boxes, key=lambda id: self._rank.get(id, len(self._rank)))
        at = {id: number for number, id in enumerate(boxes)}
        edges: list[Edge] = []
        for source, target, link, order in self._links.get(frame if frame == OUTSIDE else _key(frame), ()):
            out = self._blocks[source].nodes[link.source.node][1] + self._exit(link)
            into = self._blocks[target].nodes[link.target.node][1] + self._door(link) + order * _STEP
            edges.append((at[source], at[target], out, into))
        sizes = [self._blocks[id].size for id in boxes]
        places, size = laid_out(sizes, edges, stacked=frame != OUTSIDE)
        block = self._joined(boxes, places, size, frame)
        if frame != OUTSIDE:
            self._blocks[_key(frame)] = block
        return block

    def _joined(self, boxes: list[str], places: list[Place], size: Size, frame: str) -> Block:
        left, top = (_PAD, _TITLE) if frame != OUTSIDE else (0.0, 0.0)
        made = Block(size, {}, {})
        if frame != OUTSIDE:
            made.size = (size[0] + 2 * _PAD, size[1] + _TITLE + _PAD)
            made.frames[frame] = (0.0, 0.0, *made.size)
        for id, (x, y) in zip(boxes, places, strict=True):
            inner = self._blocks[id]
            for node, place in inner.nodes.items():
                made.nodes[node] = (left + x + place[0], top + y + place[1])
            for one, rect in inner.frames.items():
                made.frames[one] = (left + x + rect[0], top + y + rect[1], rect[2], rect[3])
        return made


def _corner(document: Document, chosen: list[str], frames: list[str]) -> Place:
    """The top left corner of what is tidied, where it has one."""
    spots = [document.layout[id] for id in chosen if id in document.layout]
    rects = [document.frames[id].rect for id in frames]
    xs = [spot.x for spot in spots] + [rect[0] for rect in rects]
    ys = [spot.y for spot in spots] + [rect[1] for rect in rects]
    return (float(round(min(xs, default=0.0))), float(round(min(ys, default=0.0))))


def _put(document: Document, block: Block, corner: Place) -> Document:
    x, y = corner
    after = move(document, {id: (x + round(at[0]), y + round(at[1])) for id, at in block.nodes.items()})
    frames = dict(after.frames)
    for id, (left, top, width, height) in block.frames.items():
        rect = (x + round(left), y + round(top), float(round(width)), float(round(height)))
        if frames[id].rect != rect:
            frames[id] = replace(frames[id], rect=rect)
    if all(frames[id] is one for id, one in after.frames.items()):
        return after
    return replace(after, frames=MappingProxyType(frames))
