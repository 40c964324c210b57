"""What changed in the links between two documents: joined, cut, tags, fits, the order of references."""

from __future__ import annotations

from collections.abc import Iterator

from app.basics.words import listed, say, spoken
from app.document.naming import Names
from app.document.sockets import Shapes
from app.document.values import Document, End, Fit, Link

Pair = tuple[End, End]


def link_changes(
    before: Document, after: Document, shapes: Shapes, old: Names, new: Names
) -> Iterator[tuple[str, str]]:
    """Node and sentence. Links that went with their node are not told apart."""
    was = {(one.source, one.target): one for one in before.links}
    now = {(one.source, one.target): one for one in after.links}
    for pair, link in was.items():
        gone = [end.node for end in pair if end.node in before.nodes and end.node not in after.nodes]
        if pair not in now and not gone:
            yield link.target.node, _cut(link, before, shapes, old)
    yield from _fed(before, after, new)
    for pair, link in now.items():
        known = was.get(pair)
        if known is None and link.target.node in after.nodes and link.target.node not in before.nodes:
            continue  # told with its node
        if known is None:
            yield link.target.node, _joined(link, after, shapes, new)
        elif known != link:
            yield from ((link.target.node, words) for words in _changed(known, link, new))
    yield from _orders(before, after, shapes, new)


def _fed(before: Document, after: Document, names: Names) -> Iterator[tuple[str, str]]:
    """All that a new node takes, in one sentence."""
    known = {(one.source, one.target) for one in before.links}
    for id in after.nodes:
        links = after.links.into(id) if id not in before.nodes else ()
        told = [_source(one, names) for one in links if (one.source, one.target) not in known]
        if told:
            yield id, say("{name} takes {list}.", name=names.of(id), list=listed(told))


def _source(link: Link, names: Names) -> str:
    source = names.of(link.source.node)
    return say("{source} as @{tag}", source=source, tag=link.tag) if link.tag else source


def _joined(link: Link, document: Document, shapes: Shapes, names: Names) -> str:
    source, place = names.of(link.source.node), _place(link.target, document, shapes, names)
    if link.tag:
        return say("{source} is linked to {place} as @{tag}.", source=source, place=place, tag=link.tag)
    return say("{source} is linked to {place}.", source=source, place=place)


def _cut(link: Link, document: Document, shapes: Shapes, names: Names) -> str:
    source, place = names.of(link.source.node), _place(link.target, document, shapes, names)
    if link.tag:
        return say(
            "{source} (@{tag}) is not linked to {place} any more.", source=source, place=place, tag=link.tag
        )
    return say("{source} is not linked to {place} any more.", source=source, place=place)


def _place(end: End, document: Document, shapes: Shapes, names: Names) -> str:
    """`Hero shot, Reference Images`."""
    node = document.nodes.get(end.node)
    shape = shapes.get(node.kind) if node else None
    socket = shape.input(end.socket) if shape else None
    title = spoken(socket.title) if socket else end.socket
    name = names.of(end.node)
    return say("{name}, {socket}", name=name, socket=title) if title else name


def _changed(was: Link, now: Link, names: Names) -> Iterator[str]:
    name, source = names.of(now.target.node), names.of(now.source.node)
    if was.tag != now.tag:
        tags = {"before": _tag(was.tag), "after": _tag(now.tag)}
        yield say("{name}: the tag of {source}: {before} → {after}.", name=name, source=source, **tags)
    if was.fit != now.fit:
        yield say("{name}: {source} is now {fit}.", name=name, source=source, fit=_fit(was.fit, now.fit))
    if was.extras != now.extras:
        yield say("{name}: what another Tagloom wrote on the link was changed.", name=name)


def _tag(tag: str) -> str:
    return f"@{tag}" if tag else say("no tag")


def _fit(was: Fit, fit: Fit) -> str:
    if fit.mode == "pad":
        return say("padded with {color}", color=fit.color)
    if fit.mode == "crop":
        return say("cropped around {x:.0%}, {y:.0%}", x=fit.focus[0], y=fit.focus[1])
    if was.mode == "none":
        return say("sent as it is, with another fit kept for later")
    return say("sent as it is")


def _orders(before: Document, after: Document, shapes: Shapes, names: Names) -> Iterator[tuple[str, str]]:
    """The order of the links into one input, of those that are in both."""
    for target in dict.fromkeys(link.target for link in after.links):
        then, now = (
            before.links.into(target.node, target.socket),
            after.links.into(target.node, target.socket),
        )
        both = {one.source for one in then} & {one.source for one in now}
        sources = [one.source for one in then if one.source in both]
        others = [one.source for one in now if one.source in both]
        if sources == others:
            continue
        tags = {one.source: one.tag for one in now}
        told = [
            listed(_tag(tags[one]) if tags[one] else names.of(one.node) for one in row)
            for row in (sources, others)
        ]
        place = _place(target, after, shapes, names)
        words = say("{place}: the order is now {after}.", place=place, after=told[1])
        yield target.node, words
