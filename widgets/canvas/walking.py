"""Arrow keys on the canvas: along the links, to the neighbour in place, and a nudge of what is selected."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, Qt

from app.document.edits import move
from app.document.values import Document
from widgets.canvas.stage import Stage
from widgets.canvas.words import tr

FINE, COARSE = 1, 20
"""How far one press of an arrow moves a node, in canvas units."""
_STRAY = 2.0
"""A neighbour that lies aside counts as this much farther than one that lies straight on."""
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier.value, Qt.KeyboardModifier.ShiftModifier.value
_WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Walking:
    """Left goes to what feeds the selected node, Right to what it feeds, Up and Down to the next card."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def keys(self) -> dict[tuple[int, int], Callable[[], object]]:
        """Modifiers and key → what is done."""
        table: dict[tuple[int, int], Callable[[], object]] = {}
        for key, way in _WAYS.items():
            table[0, key.value] = partial(self.step, *way)
            table[_CTRL, key.value] = partial(self.nudge, way[0] * FINE, way[1] * FINE)
            table[_SHIFT, key.value] = partial(self.nudge, way[0] * COARSE, way[1] * COARSE)
        return table

    def step(self, dx: int, dy: int) -> bool:
        """Selects the next node that way, and shows it; whether there is one."""
        chosen = self._stage.selected()
        here = chosen[-1 if dx + dy > 0 else 0] if chosen else ""
        there = self._along(here, dx) if here and dx else self._beside(here, dy) if here else self._first()
        if not there:
            return False
        self._stage.choose_wire(None)
        self._stage.select((there,))
        self.show(there)
        return True

    def show(self, id: str) -> None:
        """Brings a card into view where it lies outside of it."""
        item = self._stage.graph.item(id)
        if item is not None:
            rect = self._stage.item_rect(item)
            if not self._stage.viewer.seen().contains(rect):
                self._stage.viewer.look_at(rect.center())

    def nudge(self, dx: int, dy: int) -> bool:
        """Moves the selected nodes; presses that follow each other are one step."""
        ids = self._stage.selected()

        def moved(document: Document) -> Document:
            spots = ((id, document.layout.get(id)) for id in ids)
            return move(document, {id: (at.x + dx, at.y + dy) for id, at in spots if at is not None})

        return self._stage.editor.commit(tr("Move"), moved, merge=("nudge", ids))

    def _first(self) -> str:
        """The card nearest to the middle of what is seen."""
        middle = self._stage.viewer.seen().center()
        return min(self._stage.graph.nodes, key=lambda id: self._far(id, middle), default="")

    def _far(self, id: str, middle: QPointF) -> float:
        return (self._middle(id) - middle).manhattanLength()

    def _along(self, here: str, dx: int) -> str:
        links = self._stage.document.links
        if dx < 0:
            return next((link.source.node for link in links.into(here)), "")
        return next((link.target.node for link in links.out_of(here)), "")

    def _beside(self, here: str, dy: int) -> str:
        from_ = self._middle(here)

        def far(id: str) -> float:
            way = self._middle(id) - from_
            return way.y() * dy + _STRAY * abs(way.x())

        beyond = [id for id in self._stage.graph.nodes if (self._middle(id) - from_).y() * dy > 0]
        return min(beyond, key=far, default="")

    def _middle(self, id: str) -> QPointF:
        item = self._stage.graph.item(id)
        return self._stage.item_rect(item).center() if item is not None else QPointF()
