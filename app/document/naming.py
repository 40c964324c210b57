"""What the texts of problems call a node."""

from __future__ import annotations

from collections import Counter

from app.basics.words import say
from app.document.joining import name_of
from app.document.sockets import Shapes
from app.document.values import Document


class Names:
    """A node's title, or its kind's; with its id where several nodes are called the same."""

    __slots__ = ("_count", "_document", "_shapes")

    def __init__(self, document: Document, shapes: Shapes) -> None:
        self._document = document
        self._shapes = shapes
        self._count: Counter[str] | None = None

    def of(self, id: str) -> str:
        name = name_of(self._document, self._shapes, id)
        if self._count is None:
            self._count = Counter(name_of(self._document, self._shapes, one) for one in self._document.nodes)
        return say("{name} ({id})", name=name, id=id) if self._count[name] > 1 and name != id else name
