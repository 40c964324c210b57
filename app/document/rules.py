"""What is wrong with the graph itself: kinds, sockets, links, circles; with the tags (`tag_rules`) and the
guide's hints (`guidance`). Pure, and linear in nodes and links.

The limits of a model (how many references, how long a prompt) are its card's: `catalogue.match`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from app.basics.faults import Where
from app.basics.words import say
from app.document.circles import nodes_in_circles, ways_back
from app.document.edits import disconnect, remove_nodes
from app.document.gestures import add_and_join
from app.document.guidance import hints
from app.document.joining import WORDS, arriving_type, input_at, output_at
from app.document.naming import Names
from app.document.problems import Edit, Fix, Problem, Severity
from app.document.reach import PROMPT, models_reached
from app.document.sockets import Shape, Shapes, Socket, SocketType, fits
from app.document.tag_rules import tag_problems
from app.document.values import Document, End, Link


def check(document: Document, shapes: Shapes) -> tuple[Problem, ...]:
    """All problems of a document, node by node in the order of their ids, then those of no node."""
    by_node = check_nodes(document, sorted(document.nodes), shapes)
    return (*chain.from_iterable(by_node.values()), *_of_nowhere(document))


def check_nodes(document: Document, ids: Iterable[str], shapes: Shapes) -> Mapping[str, tuple[Problem, ...]]:
    """The problems of some nodes, by node; those without problems are not in it. What all nodes share (names,
    circles) is found once: for more than a few nodes this is the one to call, not `check_node` for each."""
    names = Names(document, shapes)
    circling = nodes_in_circles(document)
    found = {
        id: tuple(_of_node(document, id, shapes, names, circling.get(id, ())))
        for id in ids
        if id in document.nodes
    }
    return {id: problems for id, problems in found.items() if problems}


def check_node(document: Document, id: str, shapes: Shapes) -> tuple[Problem, ...]:
    """The problems of one node: the same that `check` finds for it. A model's include those in the words
    that reach it; `where` then names the Prompt. A node that is skipped does not run and has none."""
    if id not in document.nodes:
        return ()
    return tuple(_of_node(document, id, shapes, Names(document, shapes), ways_back(document, id)))


def check_prompt(document: Document, prompt: str, shapes: Shapes) -> tuple[Problem, ...]:
    """What is wrong in a Prompt's words for any of the models they reach, each place once; with `span`."""
    names = Names(document, shapes)
    found: dict[tuple[str, tuple[int, int] | None], Problem] = {}
    for model in models_reached(document, prompt):
        for problem in tag_problems(document, model, shapes, names) if _checked(document, model) else ():
            if problem.where.node == prompt and problem.span is not None:
                found.setdefault((problem.code, problem.span), problem)
    return tuple(sorted(found.values(), key=lambda one: one.span or (0, 0)))


def _checked(document: Document, id: str) -> bool:
    return id in document.nodes and not document.nodes[id].skip


def _of_node(
    document: Document, id: str, shapes: Shapes, names: Names, circle: tuple[Link, ...]
) -> Iterator[Problem]:
    if not _checked(document, id):
        return
    shape = shapes.get(document.nodes[id].kind)
    for link in document.links.into(id):
        yield from _link(document, link, shapes, names)
    for link in document.links.out_of(id):
        if link.target.node not in document.nodes:
            yield _no_node(link, link.target.node, Where(node=id, socket=link.source.socket))
    if circle:
        yield _circle(id, circle, names)
    if shape is None:
        yield _unknown(document, id, names)
        return
    for socket in shape.inputs:
        yield from _input(document, id, shape, socket, shapes, names)
    yield from tag_problems(document, id, shapes, names)
    yield from hints(document, id, shapes, names)


def _of_nowhere(document: Document) -> Iterator[Problem]:
    """Links of which neither end is there."""
    for link in document.links:
        if link.source.node not in document.nodes and link.target.node not in document.nodes:
            yield _no_node(link, link.target.node, Where())


def _unknown(document: Document, id: str, names: Names) -> Problem:
    kind = document.nodes[id].kind
    return Problem(
        code="kind.unknown",
        severity=Severity.ERROR,
        where=Where(node=id),
        title=say(
            "{node} is of a kind that this Tagloom does not know ({kind}).", node=names.of(id), kind=kind[:60]
        ),
        advice=say("Update Tagloom, or delete the node. Until then it is kept in the file as it is."),
        fixes=(Fix(label=say("Delete the node"), edit=lambda document: remove_nodes(document, [id])),),
    )


# --- links -----------------------------------------------------------------------------------


def _link(document: Document, link: Link, shapes: Shapes, names: Names) -> Iterator[Problem]:
    """A link at the node where it ends."""
    where = Where(node=link.target.node, socket=link.target.socket)
    source, target = link.source, link.target
    if source.node not in document.nodes:
        yield _no_node(link, source.node, where)
        return
    known = document.nodes[source.node].kind in shapes, document.nodes[target.node].kind in shapes
    giver, taker = output_at(document, shapes, source), input_at(document, shapes, target)
    if known[0] and giver is None:
        yield _no_socket(
            link,
            where,
            say("{node} has no output called “{socket}”.", node=names.of(source.node), socket=source.socket),
        )
    if known[1] and taker is None:
        yield _no_socket(
            link,
            where,
            say("{node} has no input called “{socket}”.", node=names.of(target.node), socket=target.socket),
        )
    if giver is not None and taker is not None and taker.type is not SocketType.ANY:
        given = arriving_type(document, shapes, source)
        if not fits(given, taker.type):
            yield _wrong_type(link, where, taker, given, names)


def _wrong_type(link: Link, where: Where, taker: Socket, given: SocketType, names: Names) -> Problem:
    return Problem(
        code="link.type",
        severity=Severity.ERROR,
        where=where,
        title=say(
            "{node}: {title} takes {takes}, and {giver} gives {gives}.",
            node=names.of(link.target.node),
            title=taker.title,
            takes=WORDS[taker.type],
            giver=names.of(link.source.node),
            gives=WORDS[given],
        ),
        advice=say("Join an output to an input of its own colour."),
        fixes=(_removing(link, say("Remove the link")),),
    )


def _no_node(link: Link, missing: str, where: Where) -> Problem:
    return Problem(
        code="link.no-node",
        severity=Severity.ERROR,
        where=where,
        title=say(
            "A link joins {source} to {target}, but there is no node called {missing}.",
            source=link.source,
            target=link.target,
            missing=missing,
        ),
        advice=say("Remove the link, or join the socket to something else."),
        fixes=(_removing(link, say("Remove the link")),),
    )


def _no_socket(link: Link, where: Where, title: str) -> Problem:
    return Problem(
        code="link.no-socket",
        severity=Severity.ERROR,
        where=where,
        title=title,
        advice=say("Remove the link, or join it to a socket that is there."),
        fixes=(_removing(link, say("Remove the link")),),
    )


def _circle(id: str, circle: tuple[Link, ...], names: Names) -> Problem:
    return Problem(
        code="link.cycle",
        severity=Severity.ERROR,
        where=Where(node=id, socket=circle[0].target.socket),
        title=say("{node} feeds itself: its links go round in a circle.", node=names.of(id)),
        advice=say("Remove one link of the circle."),
        fixes=tuple(
            _removing(link, say("Remove the link from {node}", node=names.of(link.source.node)))
            for link in circle[:3]
        ),
    )


def _removing(link: Link, label: str) -> Fix:
    source, target = link.source, link.target
    return Fix(label=label, edit=lambda document: disconnect(document, source, target))


# --- inputs ----------------------------------------------------------------------------------


def _input(
    document: Document, id: str, shape: Shape, socket: Socket, shapes: Shapes, names: Names
) -> Iterator[Problem]:
    links = document.links.into(id, socket.id)
    if socket.required and not links:
        yield _required(id, socket, shapes, names)
    if socket.most == 1 and len(links) > 1:
        yield Problem(
            code="link.second",
            severity=Severity.ERROR,
            where=Where(node=id, socket=socket.id, item=1),
            title=say(
                "{node}: {title} takes one link and has {count}.",
                node=names.of(id),
                title=socket.title,
                count=len(links),
            ),
            advice=say("Keep one of them."),
            fixes=tuple(
                Fix(
                    label=say("Keep the link from {node}", node=names.of(one.source.node)),
                    edit=_keeping(one.source, links),
                )
                for one in links[:3]
            ),
        )


def _keeping(kept: End, links: tuple[Link, ...]) -> Edit:
    others = [(one.source, one.target) for one in links if one.source != kept]

    def edit(document: Document) -> Document:
        for source, target in others:
            document = disconnect(document, source, target)
        return document

    return edit


def _required(id: str, socket: Socket, shapes: Shapes, names: Names) -> Problem:
    words = socket.type is SocketType.PROMPT
    prompt = shapes.get(PROMPT) if words else None
    output = prompt.outputs[0].id if prompt and prompt.outputs else ""
    return Problem(
        code="input.required",
        severity=Severity.ERROR,
        where=Where(node=id, socket=socket.id),
        title=say("{node}: nothing is joined to {title}.", node=names.of(id), title=socket.title),
        advice=say("Join a Prompt to the yellow socket.")
        if words
        else say("Join {takes} to it.", takes=WORDS[socket.type]),
        fixes=(
            Fix(
                label=say("Add a Prompt"),
                edit=lambda document: add_and_join(document, shapes, PROMPT, output, End(id, socket.id)),
            ),
        )
        if output
        else (),
    )
