"""Whether two sockets may be joined, and why not: for the wire in the artist's hand and for the rules."""

from __future__ import annotations

from app.basics.words import mark, say, spoken
from app.document.edits import find_link
from app.document.reach import fed_by
from app.document.sockets import Shape, Shapes, Socket, SocketType, fits
from app.document.values import Document, End

WORDS = {
    SocketType.PROMPT: mark("words"),
    SocketType.IMAGE: mark("an image"),
    SocketType.ANY: mark("anything"),
}


def name_of(document: Document, shapes: Shapes, id: str) -> str:
    """What people call a node: its title, else its kind's."""
    node = document.nodes.get(id)
    if node is None:
        return id
    shape = shapes.get(node.kind)
    return node.title or (spoken(shape.title) if shape else node.kind)


def shape_of(document: Document, shapes: Shapes, id: str) -> Shape | None:
    node = document.nodes.get(id)
    return shapes.get(node.kind) if node else None


def output_at(document: Document, shapes: Shapes, end: End) -> Socket | None:
    shape = shape_of(document, shapes, end.node)
    return shape.output(end.socket) if shape else None


def input_at(document: Document, shapes: Shapes, end: End) -> Socket | None:
    shape = shape_of(document, shapes, end.node)
    return shape.input(end.socket) if shape else None


def arriving_type(document: Document, shapes: Shapes, source: End) -> SocketType:
    """The type that comes out of an output: of a reroute dot, the type of what is joined to it."""
    seen: set[str] = set()
    while True:
        socket = output_at(document, shapes, source)
        if socket is None or socket.type is not SocketType.ANY:
            return socket.type if socket else SocketType.ANY
        feeding = document.links.into(source.node)
        if source.node in seen or not feeding:
            return SocketType.ANY
        seen.add(source.node)
        source = feeding[0].source


def wanted_types(document: Document, shapes: Shapes, target: End) -> set[SocketType]:
    """The types that an input leads to: of a reroute dot, those of all the inputs behind it."""
    wanted: set[SocketType] = set()
    seen: set[str] = set()
    waiting = [target]
    while waiting:
        end = waiting.pop()
        socket = input_at(document, shapes, end)
        if socket is None:
            continue
        if socket.type is not SocketType.ANY:
            wanted.add(socket.type)
        elif end.node not in seen:
            seen.add(end.node)
            waiting += [link.target for link in document.links.out_of(end.node)]
    return wanted


def refusal(document: Document, shapes: Shapes, source: End, target: End) -> str | None:
    """Why an output may not be joined to an input, in words for people; None where it may.

    A single input that is taken is no reason: the new link replaces the old.
    """
    unfit = mismatch(document, shapes, source, target)
    if unfit is None and source.node in fed_by(document, target.node):
        return circle_words(document, shapes, source, target)
    return unfit


def mismatch(document: Document, shapes: Shapes, source: End, target: End) -> str | None:
    """`refusal` without the search for circles, for whoever asks it of many inputs at once."""
    giver, taker = output_at(document, shapes, source), input_at(document, shapes, target)
    if giver is None:
        return _no_socket(document, shapes, source, say("output"))
    if taker is None:
        return _no_socket(document, shapes, target, say("input"))
    if source.node == target.node:
        return say("{node} cannot feed itself.", node=name_of(document, shapes, source.node))
    if find_link(document, source, target) is not None:
        return say("These two are joined already.")
    given = arriving_type(document, shapes, source)
    wrong = [wanted for wanted in wanted_types(document, shapes, target) if not fits(given, wanted)]
    if wrong:
        place = name_of(document, shapes, target.node)
        if taker.title:
            place = say("{node}: {socket}", node=place, socket=taker.title)
        return say(
            "{node} takes {takes}, and {giver} gives {gives}.",
            node=place,
            takes=WORDS[wrong[0]],
            giver=name_of(document, shapes, source.node),
            gives=WORDS[given],
        )
    if taker.most is not None and 1 < taker.most <= len(document.links.into(target.node, target.socket)):
        return say(
            "{node} takes {most} links into {title}, and has them all. Take one away first.",
            node=name_of(document, shapes, target.node),
            most=taker.most,
            title=taker.title,
        )
    return None


def refusal_in_short(document: Document, shapes: Shapes, source: End, target: End) -> str | None:
    """`refusal` in a few words, for the pointer: which card is meant is seen there."""
    reason = refusal(document, shapes, source, target)
    giver, taker = output_at(document, shapes, source), input_at(document, shapes, target)
    if reason is None or giver is None or taker is None:
        return reason
    if source.node == target.node or find_link(document, source, target) is not None:
        return reason
    given = arriving_type(document, shapes, source)
    wrong = [wanted for wanted in wanted_types(document, shapes, target) if not fits(given, wanted)]
    if wrong:
        return say("Takes {takes}, not {gives}.", takes=WORDS[wrong[0]], gives=WORDS[given])
    if taker.most is not None and 1 < taker.most <= len(document.links.into(target.node, target.socket)):
        return say("{most} at most, and all are there.", most=taker.most)
    return say("This would be a circle.")


def circle_words(document: Document, shapes: Shapes, source: End, target: End) -> str:
    above, below = name_of(document, shapes, target.node), name_of(document, shapes, source.node)
    return say("{above} already feeds {below}: this would be a circle.", above=above, below=below)


def _no_socket(document: Document, shapes: Shapes, end: End, side: str) -> str:
    if end.node not in document.nodes:
        return say("There is no node called {node}.", node=end.node)
    if shape_of(document, shapes, end.node) is None:
        return say(
            "{node} is of a kind that this Tagloom does not know.", node=name_of(document, shapes, end.node)
        )
    return say(
        "{node} has no {side} called {socket}.",
        node=name_of(document, shapes, end.node),
        side=side,
        socket=end.socket,
    )
