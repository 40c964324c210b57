"""Which words and which photographs reach a model, along the links. Linear, without recursion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.document.values import WAITING_TAGS, Document, Link

PROMPT = "prompt"
"""The input of a model that takes words; also the kind of the node that holds them."""
REFERENCES = "reference_images"
"""The input of a model that takes tagged photographs."""
TEXT = "text"
"""The value of a Prompt that holds its words."""
PASSES_ON = frozenset({"reroute"})
"""Kinds that hand on what they are given."""


def references(document: Document, node: str, socket: str = REFERENCES) -> tuple[Link, ...]:
    """The links into a model's references, in order."""
    return document.links.into(node, socket)


def waiting_tags(document: Document, node: str) -> tuple[str, ...]:
    """Tags typed before their image was linked."""
    held = document.nodes[node].values.get(WAITING_TAGS, ()) if node in document.nodes else ()
    return tuple(tag for tag in held if isinstance(tag, str)) if isinstance(held, tuple) else ()


def tag_slots(document: Document, node: str, socket: str = REFERENCES) -> dict[str, int]:
    """Tag in lower case → its place among the references, from 0: which colour it has. Waiting tags come
    after the linked ones."""
    slots: dict[str, int] = {}
    linked = [link.tag for link in references(document, node, socket)]
    for place, tag in enumerate((*linked, *waiting_tags(document, node))):
        if tag:
            slots.setdefault(tag.lower(), place)
    return slots


def prompts_reaching(document: Document, node: str) -> tuple[str, ...]:
    """The Prompt nodes whose words arrive at a model's prompt, through reroute dots; nearest first."""
    found: list[str] = []
    seen: set[str] = set()
    waiting = [link.source.node for link in document.links.into(node, PROMPT)]
    for id in _spreading(waiting, seen):
        kind = document.nodes[id].kind if id in document.nodes else ""
        if kind == PROMPT:
            found.append(id)
        elif kind in PASSES_ON:
            waiting += [link.source.node for link in document.links.into(id)]
    return tuple(found)


def prompt_source(document: Document, node: str) -> str | None:
    """The Prompt node whose words a model sends, or None where none is joined."""
    return next(iter(prompts_reaching(document, node)), None)


def models_reached(document: Document, prompt: str) -> tuple[str, ...]:
    """The nodes whose prompt a Prompt node's words arrive at, through reroute dots."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [prompt]
    for id in _spreading(waiting, seen):
        for link in document.links.out_of(id):
            target = link.target.node
            kind = document.nodes[target].kind if target in document.nodes else ""
            if kind in PASSES_ON:
                waiting.append(target)
            elif kind and link.target.socket == PROMPT:
                found[target] = None
    return tuple(found)


def words_of(document: Document, prompt: str) -> str:
    """A Prompt's text; empty where there is none, or where a file holds something else there."""
    node = document.nodes.get(prompt)
    text = node.values.get(TEXT, "") if node else ""
    return text if isinstance(text, str) else ""


def _spreading(waiting: list[str], seen: set[str]) -> Iterator[str]:
    """Each id of a list that grows while it is walked, once."""
    place = 0
    while place < len(waiting):
        id = waiting[place]
        place += 1
        if id not in seen:
            seen.add(id)
            yield id


def fed_by(document: Document, start: str) -> set[str]:
    """Every node below `start` along the links (`start` itself only where it feeds itself)."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for link in document.links.out_of(waiting.pop()):
            if link.target.node not in seen:
                seen.add(link.target.node)
                waiting.append(link.target.node)
    return seen


def dots_along(document: Document, id: str) -> set[str]:
    """The re-route dots that are joined to a node directly or through other dots, and what feeds those."""
    dots: set[str] = set()
    feeding: set[str] = set()
    waiting = [id]
    while waiting:
        at = waiting.pop()
        links = (*document.links.into(at), *document.links.out_of(at))
        for other in (end.node for link in links for end in (link.source, link.target)):
            node = document.nodes.get(other)
            if node is not None and node.kind in PASSES_ON and other not in dots:
                dots.add(other)
                waiting.append(other)
                feeding.update(link.source.node for link in document.links.into(other))
    return dots | feeding


def giver(document: Document, link: Link) -> str:
    """The node that a link's content comes from, through re-route dots."""
    id, seen = link.source.node, {link.source.node}
    while id in document.nodes and document.nodes[id].kind in PASSES_ON:
        above = document.links.into(id)
        if not above or above[0].source.node in seen:
            break
        id = above[0].source.node
        seen.add(id)
    return id


def links_given(document: Document, id: str) -> list[Link]:
    """The links that carry what a node gives into other nodes, through re-route dots."""
    found: list[Link] = []
    seen: set[str] = set()
    waiting = [id]
    for one in _spreading(waiting, seen):
        for link in document.links.out_of(one):
            node = document.nodes.get(link.target.node)
            if node is not None and node.kind in PASSES_ON:
                waiting.append(link.target.node)
            else:
                found.append(link)
    return found


def upstream(document: Document, nodes: Iterable[str]) -> frozenset[str]:
    """These nodes and all that they are made from."""
    waiting, seen = list(nodes), set[str]()
    for id in _spreading(waiting, seen):
        waiting += [link.source.node for link in document.links.into(id)]
    return frozenset(seen)


def downstream(document: Document, nodes: Iterable[str]) -> frozenset[str]:
    """These nodes and all that is made from them."""
    waiting, seen = list(nodes), set[str]()
    for id in _spreading(waiting, seen):
        waiting += [link.target.node for link in document.links.out_of(id)]
    return frozenset(seen)
