"""Where an output can lead: every input of a document, with the reason where it may not."""

from __future__ import annotations

from msgspec import Struct

from app.basics.words import say
from app.document.joining import circle_words, mismatch, name_of
from app.document.sockets import Shapes
from app.document.values import Document, End


class Taker(Struct, frozen=True, kw_only=True):
    """`refused` is empty where the two may be joined."""

    source: End
    target: End
    title: str
    refused: str = ""


def takers(document: Document, shapes: Shapes, node: str) -> tuple[Taker, ...]:
    """For every output of a node, the inputs that fit first, then the others; its own are left out."""
    known = document.nodes.get(node)
    shape = shapes.get(known.kind) if known else None
    if shape is None:
        return ()
    feeding = _feeding(document, node)
    found: list[Taker] = []
    for output in shape.outputs:
        source = End(node, output.id)
        for id, other in document.nodes.items():
            taken = shapes.get(other.kind)
            for socket in taken.inputs if taken is not None and id != node else ():
                target = End(id, socket.id)
                why = mismatch(document, shapes, source, target) or (
                    circle_words(document, shapes, source, target) if id in feeding else ""
                )
                title = say(
                    "{node}: {socket}", node=name_of(document, shapes, id), socket=socket.title or socket.id
                )
                found.append(Taker(source=source, target=target, title=title, refused=why))
    return tuple(sorted(found, key=lambda one: bool(one.refused)))


def _feeding(document: Document, node: str) -> set[str]:
    """Every node above a node along the links."""
    seen: set[str] = set()
    waiting = [node]
    while waiting:
        for link in document.links.into(waiting.pop()):
            if link.source.node not in seen:
                seen.add(link.source.node)
                waiting.append(link.source.node)
    return seen
