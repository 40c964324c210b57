"""A document against what its nodes declare: the rules of the graph, of tags, and of each model's card.

Pure. What is known of the photographs is given by node id: their facts, or why they cannot be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.basics.faults import BadInput, Fault, Where
from app.basics.words import say
from app.catalogue.asked import Asked, AskedReference
from app.catalogue.match import match
from app.document.joining import name_of
from app.document.name_template import parsed
from app.document.problems import Problem, Severity
from app.document.reach import giver, prompt_source, words_of
from app.document.rules import check_nodes
from app.document.sockets import Shapes
from app.document.values import Document, Link, Node
from app.imaging.facts import ImageFacts
from app.nodes.declare import Kinds, NodeKind

PHOTOGRAPH = "reference-image"
"""The kind whose `file` is a photograph."""
SAVING = "save-image"
"""The kind whose `name` is a template."""

Facts = Mapping[str, ImageFacts | Fault]
Problems = Mapping[str, tuple[Problem, ...]]
"""Node id → what is wrong there. A node without problems is not in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a document is held against; the same for all documents of a program, but for `columns`: those of
    the table that it is filled from, which names of files may have in them."""

    kinds: Kinds
    shapes: Shapes
    columns: tuple[str, ...] = ()


def check(document: Document, rules: Rules, facts: Facts) -> Problems:
    """All problems, by node. Linear in nodes and links."""
    return checked(document, rules, facts, document.nodes, MappingProxyType({}))


def checked(
    document: Document, rules: Rules, facts: Facts, dirty: Iterable[str], before: Problems
) -> Problems:
    """The problems after a change that touched `dirty`, the others taken from `before`."""
    problems = {id: found for id, found in before.items() if id in document.nodes}
    looked_at = tuple(dirty)
    structural = check_nodes(document, [id for id in looked_at if id in document.nodes], rules.shapes)
    for id in looked_at:
        problems.pop(id, None)
        if id in document.nodes:
            found = (*structural.get(id, ()), *_of_node(document, rules, facts, id))
            if found:
                problems[id] = found
    return MappingProxyType(problems)


def dirtied(before: Document, after: Document, shapes: Shapes) -> frozenset[str]:
    """The nodes whose problems may differ after a change: changed nodes, ends of changed links, nodes that
    are now called otherwise, all that lies below them, and the nodes whose words or photographs reach those
    (a prompt is checked with the models it reaches)."""
    if before.nodes is after.nodes and before.links is after.links:
        return frozenset()
    touched = {id for id, node in after.nodes.items() if before.nodes.get(id) is not node}
    touched |= {id for id in before.nodes if id not in after.nodes}
    touched |= _called_otherwise(before, after, touched, shapes)
    if before.links is not after.links:
        touched |= _relinked(before, after)
    return above(after, below(after, touched))


def _called_otherwise(before: Document, after: Document, touched: set[str], shapes: Shapes) -> set[str]:
    """The texts of problems name a node with its id where another is called the same (`document.naming`):
    that changes when a second one comes or the last but one goes."""
    old = {id: name_of(before, shapes, id) for id in touched if id in before.nodes}
    new = {id: name_of(after, shapes, id) for id in touched if id in after.nodes}
    if old == new:
        return set()
    names = {*old.values(), *new.values()}
    was = Counter(name for id in before.nodes if (name := name_of(before, shapes, id)) in names)
    now: dict[str, list[str]] = {}
    for id in after.nodes:
        if (name := name_of(after, shapes, id)) in names:
            now.setdefault(name, []).append(id)
    return {id for name, ids in now.items() if (was[name] > 1) is not (len(ids) > 1) for id in ids}


def _relinked(before: Document, after: Document) -> set[str]:
    """Both ends of every link that came, went, changed, or moved among its neighbours."""
    targets = {link.target.node for link in before.links} | {link.target.node for link in after.links}
    touched: set[str] = set()
    for target in targets:
        old, new = before.links.into(target), after.links.into(target)
        if len(old) != len(new) or any(a is not b for a, b in zip(old, new, strict=True)):
            touched |= {target, *(link.source.node for link in (*old, *new))}
    return touched


def below(document: Document, start: Iterable[str]) -> set[str]:
    """`start` and all that they feed."""
    seen = set(start)
    waiting = list(seen)
    while waiting:
        for link in document.links.out_of(waiting.pop()):
            if link.target.node not in seen:
                seen.add(link.target.node)
                waiting.append(link.target.node)
    return seen


def above(document: Document, nodes: Iterable[str]) -> frozenset[str]:
    """`nodes` and what feeds them directly."""
    return frozenset(nodes).union(link.source.node for node in nodes for link in document.links.into(node))


def _of_node(document: Document, rules: Rules, facts: Facts, id: str) -> Iterator[Problem]:
    kind = rules.kinds.get(document.nodes[id].kind)
    if kind is None:
        return
    fault = facts.get(id)
    if document.nodes[id].skip:
        return  # it does not run
    if isinstance(fault, Fault):
        yield _of_fault(fault, id)
    elif _blank(document, kind, id):
        yield _no_photograph(document.nodes[id].title or kind.title, id)
    if kind.id == SAVING:
        yield from _of_name(document.nodes[id], id, rules.columns)
    if kind.card is not None:
        yield from match(kind.card, asked_of(document, rules, facts, id))


def _blank(document: Document, kind: NodeKind, id: str) -> bool:
    """A Reference Image that something needs, without a photograph."""
    unset = kind.id == PHOTOGRAPH and not file_of(document.nodes[id])
    return unset and bool(document.links.out_of(id))


def file_of(node: Node) -> str:
    """A Reference Image's `file`; empty where there is none, or where a file holds something else there."""
    file = node.values.get("file") if node.kind == PHOTOGRAPH else None
    return file if isinstance(file, str) else ""


def _of_name(node: Node, id: str, columns: tuple[str, ...]) -> Iterator[Problem]:
    """A name that cannot be filled in is said before a picture is paid for, that has no name then."""
    try:
        parsed(str(node.values.get("name") or "")).check(columns)
    except BadInput as fault:
        yield _of_fault(fault, id, "name")


def _no_photograph(title: str, id: str) -> Problem:
    return Problem(
        code="image.none",
        severity=Severity.ERROR,
        where=Where(node=id, parameter="file"),
        title=say("{title} has no photograph.", title=title),
        advice=say("Drop a picture on it, or choose a file."),
    )


def _of_fault(fault: Fault, id: str, parameter: str = "file") -> Problem:
    return Problem(
        code=fault.code,
        severity=Severity.ERROR,
        where=fault.where.filled_by(Where(node=id, parameter=parameter)),
        title=fault.title,
        advice=fault.advice,
    )


def asked_of(document: Document, rules: Rules, facts: Facts, id: str) -> Asked:
    """What a model node asks for, as far as it is known before a run."""
    node = document.nodes[id]
    kind = rules.kinds[node.kind]
    source = prompt_source(document, id)
    return Asked(
        node=id,
        title=node.title or kind.title,
        values=node.values,
        prompt=words_of(document, source) if source else None,
        prompt_node=source or id,
        references=tuple(
            _reference(document, rules, facts, link)
            for link in document.links.into(id, "reference_images")
            if link.source.node in document.nodes
        ),
    )


def _reference(document: Document, rules: Rules, facts: Facts, link: Link) -> AskedReference:
    origin = _origin(document, rules, link.source.node)
    node = document.nodes[origin]
    kind = rules.kinds.get(node.kind)
    fact = facts.get(origin)
    title = node.title or (kind.title if kind else node.kind)
    if any(
        document.nodes[id].skip for id in (link.source.node, giver(document, link)) if id in document.nodes
    ):
        return AskedReference(link=link, title=title, skipped=True)
    if isinstance(fact, ImageFacts):
        return AskedReference(link=link, title=title, pixels=(fact.width, fact.height), bytes=fact.bytes)
    if isinstance(fact, Fault):
        return AskedReference(link=link, title=title, fault=fact)
    size = kind.card.size_for(node.values) if kind and kind.card else None
    return AskedReference(link=link, title=title, pixels=(size.width, size.height) if size else None)


def _origin(document: Document, rules: Rules, id: str) -> str:
    """Where a picture really comes from: upstream through nodes that pass it on (preview, re-route dot)."""
    seen = {id}
    while True:
        kind = rules.kinds.get(document.nodes[id].kind)
        passes = kind is not None and kind.quick is not None and bool(kind.shape.inputs)
        links = document.links.into(id) if passes else ()
        if not links or links[0].source.node in seen or links[0].source.node not in document.nodes:
            return id
        id = links[0].source.node
        seen.add(id)


def errors(problems: Problems, nodes: Iterable[str] | None = None) -> tuple[Problem, ...]:
    """The problems that stop a run, of all nodes or of some."""
    wanted = None if nodes is None else set(nodes)
    return tuple(
        problem
        for id, found in problems.items()
        if wanted is None or id in wanted
        for problem in found
        if problem.severity is Severity.ERROR
    )
