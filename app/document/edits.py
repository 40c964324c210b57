"""Pure changes of nodes, links and frames: `Document → Document`.

Each gives back the very same document when there is nothing to do, and shares all that it does not touch.
Tags and fits are in `tag_edits`, gestures made of several changes in `gestures`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from operator import is_
from types import MappingProxyType
from typing import Any, TypeVar

from msgspec.structs import replace

from app.basics.faults import BadInput, Where
from app.basics.words import say
from app.document.reach import waiting_tags
from app.document.sockets import Shapes
from app.document.values import (
    EMPTY,
    WAITING_TAGS,
    Document,
    End,
    Frame,
    Link,
    Links,
    Node,
    Spot,
    Value,
    frozen,
)

V = TypeVar("V")
Point = tuple[float, float]


# --- nodes -----------------------------------------------------------------------------------


def add_node(
    document: Document,
    id: str,
    kind: str,
    values: Mapping[str, Value] = EMPTY,
    at: Point | None = None,
    *,
    title: str = "",
) -> Document:
    """A new node. Find a free id with `basics.ids.free_name(kind, document.nodes)`.

    :raises BadInput: the id is taken
    """
    if id in document.nodes:
        raise BadInput(
            say("There is already a node called {id}.", id=id),
            advice=say("Choose another id."),
            code="document.id-taken",
            where=Where(node=id),
        )
    node = Node(kind=kind, title=title, values=_values(values))
    layout = document.layout if at is None else put(document.layout, id, Spot(*_finite(at)))
    return replace(document, nodes=put(document.nodes, id, node), layout=layout)


def remove_nodes(document: Document, ids: Iterable[str]) -> Document:
    """Without these nodes and every link that begins or ends at them."""
    gone = {id for id in ids if id in document.nodes}
    if not gone:
        return document
    return replace(
        document,
        nodes=without(document.nodes, gone),
        layout=without(document.layout, gone),
        links=kept_links(
            document.links, [one for one in document.links if not {one.source.node, one.target.node} & gone]
        ),
    )


def change_node(document: Document, id: str, **changes: Any) -> Document:
    """A node with some fields replaced; the same document where it is missing or nothing differs."""
    node = document.nodes.get(id)
    if node is None or all(_same(getattr(node, key), value) for key, value in changes.items()):
        return document
    return replace(document, nodes=put(document.nodes, id, replace(node, **changes)))


def set_value(document: Document, id: str, parameter: str, value: Value) -> Document:
    """One field of a node. None is a value (an empty seed); `clear_value` takes the field away."""
    return set_values(document, id, {parameter: value})


def set_values(document: Document, id: str, values: Mapping[str, Value]) -> Document:
    node = document.nodes.get(id)
    if node is None:
        return document
    frozen_values = {key: frozen(value) for key, value in values.items()}
    if all(key in node.values and _same(node.values[key], value) for key, value in frozen_values.items()):
        return document
    changed = replace(node, values=MappingProxyType({**node.values, **frozen_values}))
    return replace(document, nodes=put(document.nodes, id, changed))


def clear_value(document: Document, id: str, parameter: str) -> Document:
    node = document.nodes.get(id)
    return change_node(document, id, values=without(node.values, {parameter})) if node else document


def set_value_of_many(document: Document, ids: Iterable[str], parameter: str, value: Value) -> Document:
    """The same field of several nodes; those that do not have it get it too."""
    wanted = frozen(value)
    known = {id: document.nodes[id] for id in ids if id in document.nodes}
    changed = {
        id: replace(node, values=MappingProxyType({**node.values, parameter: wanted}))
        for id, node in known.items()
        if parameter not in node.values or not _same(node.values[parameter], wanted)
    }
    return replace(document, nodes=MappingProxyType({**document.nodes, **changed})) if changed else document


def set_title(document: Document, id: str, title: str) -> Document:
    return change_node(document, id, title=title)


def set_skip(document: Document, ids: Iterable[str], skip: bool) -> Document:
    return _each(document, ids, skip=skip)


def set_collapsed(document: Document, ids: Iterable[str], collapsed: bool) -> Document:
    return _each(document, ids, collapsed=collapsed)


def set_color(document: Document, ids: Iterable[str], color: str) -> Document:
    return _each(document, ids, color=color)


def set_pick(document: Document, id: str, sha256: str) -> Document:
    """The result the artist chose as this node's output; empty: the newest."""
    return change_node(document, id, pick=sha256)


def set_lock(document: Document, id: str, sha256: str) -> Document:
    """The result kept whatever changes; empty: none."""
    return change_node(document, id, lock=sha256)


def move(document: Document, places: Mapping[str, Point]) -> Document:
    """Nodes to new places, each by its top left corner in canvas units. Widths stay."""
    moved: dict[str, Spot] = {}
    for id, place in places.items():
        old = document.layout.get(id)
        x, y = _finite(place)
        if id in document.nodes and (old is None or (old.x, old.y) != (x, y)):
            moved[id] = Spot(x, y, old.width if old else None)
    return _placed(document, moved)


def set_width(document: Document, id: str, width: float | None) -> Document:
    old = document.layout.get(id, Spot(0.0, 0.0))
    if id not in document.nodes or old.width == width:
        return document
    if width is not None:
        _finite((width, width))
    return _placed(document, {id: Spot(old.x, old.y, width)})


# --- links -----------------------------------------------------------------------------------


def find_link(document: Document, source: End, target: End) -> Link | None:
    """The link between two ends: there is at most one."""
    siblings = document.links.into(target.node, target.socket)
    return next((one for one in siblings if one.source == source), None)


def connect(
    document: Document, shapes: Shapes, source: End, target: End, *, place: int | None = None
) -> Document:
    """Joins an output to an input; whether it may is `joining.refusal`'s to say.

    What is in a single input is replaced. A link into tagged references takes the first tag that waits
    there. `place` is its place among the links into that input, the last by default.
    """
    if find_link(document, source, target) is not None:
        return document
    shape = shapes.get(document.nodes[target.node].kind) if target.node in document.nodes else None
    socket = shape.input(target.socket) if shape else None
    if socket is not None and socket.most == 1:
        document = _without_links(document, document.links.into(target.node, target.socket))
    tag = ""
    if socket is not None and socket.tagged:
        document, tag = _take_waiting(document, target.node)
    return _with_link(document, Link(source=source, target=target, tag=tag), place)


def disconnect(document: Document, source: End, target: End) -> Document:
    """Without the link between two ends; its tag goes with it, the others keep theirs."""
    found = [one for one in document.links.into(target.node, target.socket) if one.source == source]
    return _without_links(document, found)


def disconnect_node(document: Document, id: str) -> Document:
    """Without any link at a node."""
    return _without_links(document, (*document.links.into(id), *document.links.out_of(id)))


def move_link(document: Document, source: End, target: End, place: int) -> Document:
    """A link to another place among those into its input (0 is the first): the order of references.

    Tags and fits travel with their links.
    """
    siblings = list(document.links.into(target.node, target.socket))
    link = next((one for one in siblings if one.source == source), None)
    if link is None:
        return document
    wanted = [one for one in siblings if one is not link]
    wanted.insert(max(0, place), link)
    return _reordered(document, siblings, wanted)


def reorder_links(document: Document, node: str, socket: str, order: Iterable[int]) -> Document:
    """All links into an input in another order: `order` lists their old places.

    :raises BadInput: `order` is not those places, each once
    """
    siblings = list(document.links.into(node, socket))
    places = list(order)
    if sorted(places) != list(range(len(siblings))):
        raise BadInput(
            say("{places} is no order of {count} links.", places=places, count=len(siblings)),
            advice=say("List every place once, from 0."),
            code="document.order",
            where=Where(node=node, socket=socket),
        )
    return _reordered(document, siblings, [siblings[place] for place in places])


def change_link(document: Document, source: End, target: End, **changes: Any) -> Document:
    """A link with its tag, fit, source or target replaced, at the same place in the order."""
    link = find_link(document, source, target)
    if link is None or all(getattr(link, key) == value for key, value in changes.items()):
        return document
    return swap_links(document, {id(link): replace(link, **changes)})


def swap_links(document: Document, swaps: Mapping[int, Link]) -> Document:
    """Links replaced by others, found by identity (`id(link)`); their places stay."""
    return with_links(document, [swaps.get(id(link), link) for link in document.links])


# --- frames ----------------------------------------------------------------------------------


def add_frame(document: Document, id: str, frame: Frame) -> Document:
    """:raises BadInput: the id is taken, or the rectangle is no rectangle"""
    if id in document.frames:
        raise BadInput(
            say("There is already a frame called {id}.", id=id),
            advice=say("Choose another id."),
            code="document.id-taken",
        )
    _rectangle(frame.rect)
    return replace(document, frames=put(document.frames, id, frame))


def change_frame(document: Document, id: str, **changes: Any) -> Document:
    frame = document.frames.get(id)
    if frame is None or all(getattr(frame, key) == value for key, value in changes.items()):
        return document
    changed = replace(frame, **changes)
    _rectangle(changed.rect)
    return replace(document, frames=put(document.frames, id, changed))


def remove_frames(document: Document, ids: Iterable[str]) -> Document:
    """Without these frames; the nodes on them stay."""
    gone = {id for id in ids if id in document.frames}
    return replace(document, frames=without(document.frames, gone)) if gone else document


# --- what the others are made of -------------------------------------------------------------


def put(held: Mapping[str, V], key: str, value: V) -> Mapping[str, V]:
    return MappingProxyType({**held, key: value})


def without(held: Mapping[str, V], gone: Collection[str]) -> Mapping[str, V]:
    return MappingProxyType({key: value for key, value in held.items() if key not in gone})


def with_links(document: Document, links: Iterable[Link]) -> Document:
    kept = kept_links(document.links, links)
    return document if kept is document.links else replace(document, links=kept)


def kept_links(before: Links, after: Iterable[Link]) -> Links:
    """`before` itself where `after` holds the very same links in the same order."""
    links = tuple(after)
    same = len(links) == len(before) and all(map(is_, links, before))
    return before if same else Links(links)


def _each(document: Document, ids: Iterable[str], **changes: Any) -> Document:
    for id in ids:
        document = change_node(document, id, **changes)
    return document


def _placed(document: Document, moved: Mapping[str, Spot]) -> Document:
    if not moved:
        return document
    return replace(document, layout=MappingProxyType({**document.layout, **moved}))


def _with_link(document: Document, link: Link, place: int | None) -> Document:
    links = list(document.links)
    siblings = document.links.into(link.target.node, link.target.socket)
    following = siblings[max(0, place) :] if place is not None else ()
    if not following:
        links.append(link)
    else:
        follower = following[0]
        links.insert(next(i for i, one in enumerate(links) if one is follower), link)
    return with_links(document, links)


def _without_links(document: Document, gone: Iterable[Link]) -> Document:
    ids = {id(link) for link in gone}
    return with_links(document, [link for link in document.links if id(link) not in ids])


def _reordered(document: Document, old: list[Link], new: list[Link]) -> Document:
    """The places that `old` has among all links, filled with `new` in order."""
    following = dict(zip((id(link) for link in old), new, strict=True))
    return swap_links(document, following)


def _take_waiting(document: Document, node: str) -> tuple[Document, str]:
    held = waiting_tags(document, node)
    return (set_waiting(document, node, held[1:]), held[0]) if held else (document, "")


def set_waiting(document: Document, node: str, tags: tuple[str, ...]) -> Document:
    """The tags that wait for their image; none: the value goes."""
    if not tags:
        return clear_value(document, node, WAITING_TAGS)
    return set_value(document, node, WAITING_TAGS, tags)


def _values(values: Mapping[str, Value]) -> Mapping[str, Value]:
    return MappingProxyType({key: frozen(value) for key, value in values.items()})


def _same(one: object, other: object) -> bool:
    """Equal and of one type: 1, 1.0 and True are three values in a file."""
    return one is other or (type(one) is type(other) and one == other)


def _finite(point: Point) -> Point:
    x, y = float(point[0]), float(point[1])
    if not (math.isfinite(x) and math.isfinite(y)):
        raise BadInput(
            say("A place on the canvas must be two finite numbers."),
            advice=say("Move the node again; nothing was changed."),
            code="document.place",
        )
    return x, y


def _rectangle(rect: tuple[float, float, float, float]) -> None:
    _finite((rect[0], rect[1]))
    width, height = _finite((rect[2], rect[3]))
    if width < 0 or height < 0:
        raise BadInput(
            say("A frame's width and height cannot be negative."),
            advice=say("Draw the frame again; nothing was changed."),
            code="document.place",
        )
