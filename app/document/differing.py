"""What changed from one document to another, in sentences. Pure; equal documents give none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from app.basics.words import listed, say, say_many, spoken
from app.document.differing_links import link_changes
from app.document.naming import Names
from app.document.reach import TEXT
from app.document.sockets import Shapes
from app.document.values import WAITING_TAGS, Document, Frame, Node, Spot, Value
from app.document.wording import quoted, word_changes

MOST_NAMED = 3
"""Nodes that are named in a line about many."""
_FILE, _HASH = "file", "sha256"
_ABSENT = object()


class Difference(Struct, frozen=True, kw_only=True):
    """A sentence. `what` is one of `node`, `value`, `picture`, `link`, `frame`, `place`, `other`, for
    programs; `node` is the id it is about, or empty."""

    words: str
    what: str
    node: str = ""


class Labels(Struct, frozen=True, kw_only=True):
    """What people call things: `field(kind, parameter)`, and a value of it where it has words of its own."""

    shapes: Shapes
    field: Callable[[str, str], str]
    value: Callable[[str, str, Value], str | None]

    def title(self, kind: str) -> str:
        shape = self.shapes.get(kind)
        return spoken(shape.title) if shape else kind


def differences(before: Document, after: Document, labels: Labels) -> tuple[Difference, ...]:
    """At least one where the documents are not equal."""
    if before == after:
        return ()
    old, new = Names(before, labels.shapes), Names(after, labels.shapes)
    found = [
        *_came_and_went(before, after, labels, old, new),
        *_nodes(before, after, labels, old, new),
        *(
            Difference(words=words, what="link", node=node)
            for node, words in link_changes(before, after, labels.shapes, old, new)
        ),
        *_frames(before.frames, after.frames),
        *_moves(before, after, new),
    ]
    if before.extras != after.extras:
        words = say("What another Tagloom wrote in the document was changed.")
        found.append(Difference(words=words, what="other"))
    found = found or [Difference(words=_unseen(before, after), what="other")]
    return tuple(map(_on_one_line, found))


def _on_one_line(said: Difference) -> Difference:
    """Names and tags may hold anything, where a file was written by another program."""
    words = said.words
    return said if words.isprintable() else replace(said, words=" ".join(words.split()))


def _unseen(before: Document, after: Document) -> str:
    if before.links != after.links:
        return say("The links are written down in another order; nothing depends on it.")
    return say("Places of nodes that are not there were changed.")


# --- nodes -----------------------------------------------------------------------------------


def _came_and_went(
    before: Document, after: Document, labels: Labels, old: Names, new: Names
) -> Iterator[Difference]:
    for id, node in after.nodes.items():
        if id not in before.nodes:
            name, kind = new.of(id), labels.title(node.kind)
            words = (
                say("{name} ({kind}) was added.", name=name, kind=kind)
                if node.title and node.title != kind
                else say("{name} was added.", name=name)
            )
            yield Difference(words=words, what="node", node=id)
    for id in before.nodes:
        if id not in after.nodes:
            yield Difference(words=say("{name} was removed.", name=old.of(id)), what="node", node=id)


def _nodes(before: Document, after: Document, labels: Labels, old: Names, new: Names) -> Iterator[Difference]:
    for id, node in after.nodes.items():
        was = before.nodes.get(id)
        if was is None or was is node or was == node:
            continue
        name = new.of(id)
        if was.title != node.title:
            words = say("{before} is now called {name}.", before=old.of(id), name=name)
            yield Difference(words=words, what="node", node=id)
        if was.kind != node.kind:
            kinds = {"before": labels.title(was.kind), "after": labels.title(node.kind)}
            yield Difference(
                words=say("{name}: {before} became {after}.", name=name, **kinds), what="node", node=id
            )
        for what, lines in (
            ("value", _values(was, node, labels, name)),
            ("picture", _results(was, node, name)),
            ("node", _looks(was, node, name)),
        ):
            yield from (Difference(words=line, what=what, node=id) for line in lines)


def _values(was: Node, node: Node, labels: Labels, name: str) -> Iterator[str]:
    keys = [*was.values, *(key for key in node.values if key not in was.values)]
    changed = [key for key in keys if was.values.get(key, _ABSENT) != node.values.get(key, _ABSENT)]
    if _FILE in changed:
        changed = [key for key in changed if key != _HASH]  # it goes with the file
    for key in changed:
        yield _value(key, was.values.get(key), node.values.get(key), node.kind, labels, name)


def _value(key: str, before: Value, after: Value, kind: str, labels: Labels, name: str) -> str:
    if key == _HASH:
        return say("{name}: its file now holds another photograph.", name=name)
    label = say("Tags that wait for their image") if key == WAITING_TAGS else labels.field(kind, key)
    if isinstance(before, str) and isinstance(after, str) and _long(before, after):
        change = word_changes(before, after)
        if key == TEXT:  # its words are what the node is
            return say("{name}: {change}.", name=name, change=change)
        return say("{name}, {field}: {change}.", name=name, field=label, change=change)
    shown = [shown_value(kind, key, one, labels) for one in (before, after)]
    if shown[0] == shown[1]:
        return say("{name}, {field}: changed.", name=name, field=label)
    return say(
        "{name}, {field}: {before} → {after}.", name=name, field=label, before=shown[0], after=shown[1]
    )


def _long(before: str, after: str) -> bool:
    return any(" " in one.strip() or len(one) > 40 for one in (before, after))


def shown_value(kind: str, key: str, value: Value, labels: Labels) -> str:
    """A value as people read it."""
    if value is None or value == "" or value == ():
        return say("empty")
    if (known := labels.value(kind, key, value)) is not None:
        return known
    if isinstance(value, bool):
        return say("on") if value else say("off")
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, tuple):
        return listed(one if isinstance(one, str) else str(one) for one in value)
    return quoted(str(dict(value))) if isinstance(value, Mapping) else str(value)


def _results(was: Node, node: Node, name: str) -> Iterator[str]:
    if was.pick != node.pick:
        yield (
            say("{name}: no version is picked any more.", name=name)
            if not node.pick
            else say("{name}: another version is picked.", name=name)
            if was.pick
            else say("{name}: a version is picked as its output.", name=name)
        )
    if was.lock != node.lock:
        yield (
            say("{name}: its picture is not kept any more.", name=name)
            if not node.lock
            else say("{name}: another picture is kept.", name=name)
            if was.lock
            else say("{name}: its picture is kept, whatever changes.", name=name)
        )


def _looks(was: Node, node: Node, name: str) -> Iterator[str]:
    if was.skip != node.skip:
        yield (
            say("{name} is skipped.", name=name)
            if node.skip
            else say("{name} is not skipped any more.", name=name)
        )
    if was.collapsed != node.collapsed:
        yield say("{name} is collapsed.", name=name) if node.collapsed else say("{name} is open.", name=name)
    if was.color != node.color:
        yield say("{name} has another colour.", name=name)
    if was.extras != node.extras:
        yield say("{name}: what another Tagloom wrote was changed.", name=name)


# --- frames and places -----------------------------------------------------------------------


def _frames(before: Mapping[str, Frame], after: Mapping[str, Frame]) -> Iterator[Difference]:
    for id, frame in after.items():
        was = before.get(id)
        if was is None:
            yield Difference(words=say("Frame {title} was added.", title=_title(frame)), what="frame")
        elif was != frame:
            yield from (Difference(words=words, what="frame") for words in _frame(was, frame))
    for id, frame in before.items():
        if id not in after:
            yield Difference(words=say("Frame {title} was removed.", title=_title(frame)), what="frame")


def _frame(was: Frame, frame: Frame) -> Iterator[str]:
    title = _title(frame)
    if was.title != frame.title:
        yield say("Frame {before} is now called {title}.", before=_title(was), title=title)
    if was.rect[2:] != frame.rect[2:]:
        yield say("Frame {title} has another size.", title=title)
    elif was.rect != frame.rect:
        yield say("Frame {title} was moved.", title=title)
    if was.color != frame.color:
        yield say("Frame {title} has another colour.", title=title)
    if was.extras != frame.extras:
        yield say("Frame {title}: what another Tagloom wrote was changed.", title=title)


def _title(frame: Frame) -> str:
    return quoted(frame.title) if frame.title else say("without a title")


def _moves(before: Document, after: Document, new: Names) -> Iterator[Difference]:
    """All that moved in one line, and all that is as wide as it was not in another."""
    both = [id for id in after.nodes if id in before.nodes]
    nowhere = Spot(0.0, 0.0)
    spots = [(id, before.layout.get(id), after.layout.get(id)) for id in both]
    place = attrgetter("x", "y")
    moved = [id for id, was, now in spots if (was and place(was)) != (now and place(now))]
    wide = [id for id, was, now in spots if (was or nowhere).width != (now or nowhere).width]
    for ids, one, many in (
        (moved, say("{list} was moved.", list=_some(moved, new)), _moved(len(moved))),
        (wide, say("{list} has another width.", list=_some(wide, new)), _widened(len(wide))),
    ):
        if len(ids) == 1:
            yield Difference(words=one, what="place", node=ids[0])
        elif ids:
            words = say("{counted}: {list}.", counted=many, list=_some(ids, new))
            yield Difference(words=words, what="place")


def _some(ids: list[str], names: Names) -> str:
    rest = len(ids) - MOST_NAMED
    told = listed(names.of(id) for id in ids[:MOST_NAMED])
    return say("{list} and {rest} more", list=told, rest=rest) if rest > 0 else told


def _moved(count: int) -> str:
    return say_many(count, "{n} node was moved", "{n} nodes were moved")


def _widened(count: int) -> str:
    return say_many(count, "{n} node has another width", "{n} nodes have another width")
