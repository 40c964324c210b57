"""The differences that saving made (paths of photographs), carried over to other states of the document."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec.structs import replace

from app.document.problems import Edit
from app.document.values import Document, Node, Value

Change = tuple[Value, Value]


def carrier(before: Document, after: Document) -> Edit:
    """An edit that gives a document the values that `after` has and `before` had not, node by node, where
    the document's value still is what it was in `before`.

    Nodes, and sets of nodes, that several documents share are still shared after it.
    """
    changes = _changes(before, after)
    nodes_done: dict[int, tuple[Node, Node]] = {}
    sets_done: dict[int, tuple[Mapping[str, Node], Mapping[str, Node]]] = {}

    def carried_node(id_: str, node: Node) -> Node:
        known = nodes_done.get(id(node))
        if known is None:
            known = nodes_done[id(node)] = (node, _changed(node, changes[id_]))
        return known[1]

    def carry(document: Document) -> Document:
        if document is before:
            return after
        known = sets_done.get(id(document.nodes))
        if known is None:
            swapped = {
                key: carried_node(key, document.nodes[key]) for key in changes if key in document.nodes
            }
            touched = any(document.nodes[key] is not node for key, node in swapped.items())
            nodes = MappingProxyType({**document.nodes, **swapped}) if touched else document.nodes
            known = sets_done[id(document.nodes)] = (document.nodes, nodes)
        return document if known[1] is document.nodes else replace(document, nodes=known[1])

    # So that the saved state itself shares its nodes with its neighbours.
    sets_done[id(before.nodes)] = (before.nodes, after.nodes)
    for key in changes:
        nodes_done[id(before.nodes[key])] = (before.nodes[key], after.nodes[key])
    return carry


def _changes(before: Document, after: Document) -> dict[str, dict[str, Change]]:
    found: dict[str, dict[str, Change]] = {}
    for id_, node in after.nodes.items():
        old = before.nodes.get(id_)
        if old is None or old is node:
            continue
        values = {
            key: (old.values.get(key), value)
            for key, value in node.values.items()
            if old.values.get(key) != value
        }
        if values:
            found[id_] = values
    return found


def _changed(node: Node, changes: Mapping[str, Change]) -> Node:
    """All the changes or none: a path and its hash belong together."""
    file = changes.get("file")
    if file is not None and node.values.get("file") != file[0]:
        return node
    values = {
        key: after if node.values.get(key) == old or key == "sha256" else node.values.get(key)
        for key, (old, after) in changes.items()
    }
    return replace(node, values=MappingProxyType({**node.values, **values}))
