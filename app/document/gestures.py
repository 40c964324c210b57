"""What one movement of the hand does in several changes: insert on a link, delete and heal, extract, cut,
re-route, exchange, duplicate."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from app.basics.ids import free_name
from app.document.edits import (
    add_node,
    connect,
    find_link,
    remove_nodes,
    swap_links,
    with_links,
)
from app.document.joining import arriving_type, input_at, refusal, shape_of
from app.document.reach import PASSES_ON
from app.document.sockets import Shapes, Socket, fits
from app.document.values import Document, End, Frame, Link, Node, Spot

DOT = "reroute"


class Placed(Struct, frozen=True, kw_only=True):
    """A document with new nodes and frames in it, and their ids, to be selected."""

    document: Document
    nodes: tuple[str, ...]
    frames: tuple[str, ...] = ()


# --- insert and heal -------------------------------------------------------------------------


def way_through(document: Document, shapes: Shapes, link: Link, node: str) -> tuple[str, str] | None:
    """The free input and the output by which a node would stand in a link; None where it cannot."""
    shape = shape_of(document, shapes, node)
    wanted = input_at(document, shapes, link.target)
    if shape is None or wanted is None or node in (link.source.node, link.target.node):
        return None
    given = arriving_type(document, shapes, link.source)
    door = next((one for one in shape.inputs if fits(given, one.type) and _free(document, node, one)), None)
    exit = next((one for one in shape.outputs if fits(one.type, wanted.type)), None)
    if door is None or exit is None:
        return None
    bare = with_links(document, [one for one in document.links if one is not link])
    if refusal(bare, shapes, link.source, End(node, door.id)) is not None:
        return None
    half = connect(bare, shapes, link.source, End(node, door.id))
    if refusal(half, shapes, End(node, exit.id), link.target) is not None:
        return None
    return door.id, exit.id


def insert_on_link(document: Document, shapes: Shapes, link: Link, node: str) -> Document:
    """A node put into a link: what went to the link's end now comes through the node. The tag, the fit and
    the place among the references stay at that end. The same document where the node does not fit."""
    current = find_link(document, link.source, link.target)
    sockets = way_through(document, shapes, current, node) if current else None
    if current is None or sockets is None:
        return document
    door, exit = sockets
    document = swap_links(document, {id(current): replace(current, source=End(node, exit))})
    return connect(document, shapes, current.source, End(node, door))


def delete_and_heal(document: Document, shapes: Shapes, ids: Iterable[str]) -> Document:
    """Nodes removed, and what fed each joined to what it fed, where the types fit; tags, fits and places
    of the links below stay."""
    for id in [one for one in ids if one in document.nodes]:
        document = remove_nodes(_bridged(document, shapes, id), [id])
    return document


def delete(document: Document, shapes: Shapes, ids: Iterable[str]) -> Document:
    """Nodes removed with their links; a re-route dot is only a bend of its link, which stays."""
    gone = [id for id in ids if id in document.nodes]
    dots = [id for id in gone if document.nodes[id].kind in PASSES_ON]
    return delete_and_heal(remove_nodes(document, set(gone) - set(dots)), shapes, dots)


def extract(document: Document, shapes: Shapes, ids: Iterable[str]) -> Document:
    """Nodes taken out of their links, which are healed; links among these nodes stay."""
    out = {id for id in ids if id in document.nodes}
    ends = [(link.source.node in out, link.target.node in out) for link in document.links]
    if not any(one != other for one, other in ends):
        return document
    healed = delete_and_heal(document, shapes, [id for id in document.nodes if id in out])
    inner = [link for link, both in zip(document.links, ends, strict=True) if all(both)]
    return with_links(document, (*healed.links, *inner))


def cut(document: Document, ends: Iterable[tuple[End, End]]) -> Document:
    """Without these links."""
    gone = set(ends)
    return with_links(document, [one for one in document.links if (one.source, one.target) not in gone])


def put_dot(document: Document, shapes: Shapes, link: Link, at: tuple[float, float]) -> Placed:
    """A re-route dot on a link; the tag, the fit and the place stay where the link ends."""
    id = free_name(DOT, document.nodes)
    after = insert_on_link(add_node(document, id, DOT, at=at), shapes, link, id)
    if not after.links.into(id):
        return Placed(document=document, nodes=())
    return Placed(document=after, nodes=(id,))


def exchange(document: Document, shapes: Shapes, link: Link, target: End) -> Document | None:
    """A link moved to a single input that is taken, and what was there moved to where this one ended. None
    where there is nothing to exchange, or one of the two does not fit."""
    taker = input_at(document, shapes, target)
    there = document.links.into(target.node, target.socket)
    here = find_link(document, link.source, link.target)
    if taker is None or taker.most != 1 or len(there) != 1 or here is None or link.target == target:
        return None
    place = document.links.into(link.target.node, link.target.socket).index(here)
    after = cut(document, [(link.source, link.target), (there[0].source, target)])
    if refusal(after, shapes, link.source, target) is not None:
        return None
    after = connect(after, shapes, link.source, target)
    if refusal(after, shapes, there[0].source, link.target) is not None:
        return None
    return connect(after, shapes, there[0].source, link.target, place=place)


def _bridged(document: Document, shapes: Shapes, node: str) -> Document:
    taken = {(link.source, link.target) for link in document.links.into(node)}
    swaps: dict[int, Link] = {}
    feeding = document.links.into(node)
    for link in document.links.out_of(node):
        wanted = input_at(document, shapes, link.target)
        for above in feeding if wanted is not None else ():
            assert wanted is not None
            pair = (above.source, link.target)
            if (
                fits(arriving_type(document, shapes, above.source), wanted.type)
                and above.source.node not in (node, link.target.node)
                and find_link(document, *pair) is None
                and pair not in taken
            ):
                taken.add(pair)
                swaps[id(link)] = replace(link, source=above.source)
                break
    return swap_links(document, swaps)


def _free(document: Document, node: str, socket: Socket) -> bool:
    held = len(document.links.into(node, socket.id))
    return socket.most is None or held < socket.most


# --- duplicate and paste ---------------------------------------------------------------------


def duplicate(
    document: Document,
    ids: Iterable[str],
    by: tuple[float, float] = (32.0, 32.0),
    *,
    with_inputs: bool = False,
    frames: Collection[str] = (),
) -> Placed:
    """Copies of nodes (and frames), moved by `by`, joined among themselves as the originals are; with
    `with_inputs` also to what feeds the originals from outside."""
    part = cut_out(document, ids, frames)
    return put_in(document, part, by, keep_inputs=with_inputs)


def cut_out(document: Document, ids: Iterable[str], frames: Collection[str] = ()) -> Document:
    """A part of a document: nodes, their places, frames, and every link that ends at one of the nodes
    (so that those from outside may be kept on pasting)."""
    wanted = {id for id in ids if id in document.nodes}
    return Document(
        nodes=MappingProxyType({id: node for id, node in document.nodes.items() if id in wanted}),
        links=with_links(document, [one for one in document.links if one.target.node in wanted]).links,
        frames=MappingProxyType({id: one for id, one in document.frames.items() if id in frames}),
        layout=MappingProxyType({id: spot for id, spot in document.layout.items() if id in wanted}),
    )


def put_in(
    document: Document, part: Document, by: tuple[float, float] = (0.0, 0.0), *, keep_inputs: bool = False
) -> Placed:
    """A part put into a document under fresh ids, moved by `by`. Links from outside the part are kept only
    with `keep_inputs`, and only where their source is here. Picks come along; locks do too."""
    names = _fresh(part.nodes, document.nodes)
    frames = _fresh(part.frames, document.frames)
    links = list(document.links)
    for link in part.links:
        inside = link.source.node in part.nodes
        if link.target.node in names and (inside or (keep_inputs and link.source.node in document.nodes)):
            source = names[link.source.node] if inside else link.source.node
            links.append(
                replace(
                    link,
                    source=End(source, link.source.socket),
                    target=End(names[link.target.node], link.target.socket),
                )
            )
    if not names and not frames:
        return Placed(document=document, nodes=())
    after = replace(
        document,
        nodes=MappingProxyType({**document.nodes, **_renamed(part.nodes, names)}),
        frames=MappingProxyType({**document.frames, **_moved_frames(part.frames, frames, by)}),
        layout=MappingProxyType({**document.layout, **_moved_spots(part.layout, names, by)}),
    )
    return Placed(
        document=with_links(after, links), nodes=tuple(names.values()), frames=tuple(frames.values())
    )


def corner(part: Document) -> tuple[float, float]:
    """The top left corner of all that lies in a part; (0, 0) where nothing lies anywhere."""
    xs = [spot.x for spot in part.layout.values()] + [frame.rect[0] for frame in part.frames.values()]
    ys = [spot.y for spot in part.layout.values()] + [frame.rect[1] for frame in part.frames.values()]
    return (min(xs), min(ys)) if xs else (0.0, 0.0)


def _fresh(part: Mapping[str, object], here: Mapping[str, object]) -> dict[str, str]:
    taken = set(here)
    names: dict[str, str] = {}
    for id in part:
        names[id] = free_name(_without_number(id), taken)
        taken.add(names[id])
    return names


def _without_number(id: str) -> str:
    head, dash, tail = id.rpartition("-")
    return head if dash and head and tail.isdecimal() and tail.isascii() else id


def _renamed(nodes: Mapping[str, Node], names: Mapping[str, str]) -> dict[str, Node]:
    return {names[id]: node for id, node in nodes.items()}


def _moved_spots(
    layout: Mapping[str, Spot], names: Mapping[str, str], by: tuple[float, float]
) -> dict[str, Spot]:
    return {
        names[id]: replace(spot, x=spot.x + by[0], y=spot.y + by[1])
        for id, spot in layout.items()
        if id in names
    }


def _moved_frames(
    frames: Mapping[str, Frame], names: Mapping[str, str], by: tuple[float, float]
) -> dict[str, Frame]:
    return {
        names[id]: replace(
            frame, rect=(frame.rect[0] + by[0], frame.rect[1] + by[1], frame.rect[2], frame.rect[3])
        )
        for id, frame in frames.items()
    }


def add_and_join(document: Document, shapes: Shapes, kind: str, output: str, target: End) -> Document:
    """A new node of a kind, left of the node it is joined to. The same document where that one is gone."""
    if target.node not in document.nodes:
        return document
    id = free_name(kind, document.nodes)
    there = document.layout.get(target.node)
    at = (there.x - 320.0, there.y) if there else None
    return connect(add_node(document, id, kind, at=at), shapes, End(id, output), target)
