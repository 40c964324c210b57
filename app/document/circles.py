"""Links that go round in a circle. Linear, without recursion."""

from __future__ import annotations

from collections.abc import Mapping

from app.document.reach import fed_by
from app.document.values import Document, Link


def ways_back(document: Document, id: str) -> tuple[Link, ...]:
    """The links into a node by which it feeds itself."""
    feeding = document.links.into(id)
    if not feeding or not document.links.out_of(id):
        return ()
    below = fed_by(document, id)
    return tuple(link for link in feeding if link.source.node == id or link.source.node in below)


def nodes_in_circles(document: Document) -> Mapping[str, tuple[Link, ...]]:
    """For every node that feeds itself, what `ways_back` finds for it.

    What neither comes from a circle nor leads to one is peeled off first (Kahn); Tarjan's components
    are looked for in the rest alone, which in a healthy document is nothing.
    """
    rest = _rest(document)
    if not rest:
        return {}
    component = _components(document, rest)
    circling: dict[str, tuple[Link, ...]] = {}
    for id in rest:
        back = tuple(
            link for link in document.links.into(id) if component.get(link.source.node) == component[id]
        )
        if back:
            circling[id] = back
    return circling


def _rest(document: Document) -> set[str]:
    nodes = {link.target.node for link in document.links} & {link.source.node for link in document.links}
    waiting = {id: sum(link.source.node in nodes for link in document.links.into(id)) for id in nodes}
    ready = [id for id, count in waiting.items() if count == 0]
    while ready:
        id = ready.pop()
        del waiting[id]
        for link in document.links.out_of(id):
            if link.target.node in waiting:
                waiting[link.target.node] -= 1
                if waiting[link.target.node] == 0:
                    ready.append(link.target.node)
    return set(waiting)


def _components(document: Document, nodes: set[str]) -> dict[str, int]:
    """Strongly connected components among `nodes`: id → number (Tarjan, with its own stack)."""
    after = {
        id: [link.target.node for link in document.links.out_of(id) if link.target.node in nodes]
        for id in nodes
    }
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    component: dict[str, int] = {}
    path: list[str] = []
    for start in nodes:
        if start in index:
            continue
        work = [(start, iter(after[start]))]
        index[start] = low[start] = len(index)
        path.append(start)
        while work:
            id, following = work[-1]
            for other in following:
                if other not in index:
                    index[other] = low[other] = len(index)
                    path.append(other)
                    work.append((other, iter(after[other])))
                    break
                if other not in component:
                    low[id] = min(low[id], index[other])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[id])
                if low[id] == index[id]:
                    _close(path, id, component)
    return component


def _close(path: list[str], root: str, component: dict[str, int]) -> None:
    number = len(component)
    while True:
        id = path.pop()
        component[id] = number
        if id == root:
            return
