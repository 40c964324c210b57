"""Cards and links that were taken away all together, kept for a while in case that is taken back: to put them
on the canvas again costs a third of making them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.document.values import End
from widgets.canvas.plugs import Plug, Wire

if TYPE_CHECKING:
    from widgets.canvas.graph import CanvasNode

KEPT_MS = 120_000
"""As long as somebody may still change their mind."""


class Aside(QObject):
    """Nothing here is on the scene. What is taken from here is as it was when it was put aside, and is to be
    given its face and place of now."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: dict[str, CanvasNode] = {}
        self.wires: dict[tuple[End, End], Wire] = {}
        self._timer = QTimer(self, singleShot=True, interval=KEPT_MS)
        self._timer.timeout.connect(self.release)

    def keep(self, cards: dict[str, CanvasNode], wires: dict[tuple[End, End], Wire]) -> None:
        """With those that are still here: they had not yet come back."""
        self.cards.update(cards)
        self.wires.update(wires)
        self._timer.start()

    def card(self, id: str) -> CanvasNode | None:
        """A card without links; from now on it is no longer here."""
        node = self.cards.pop(id, None)
        if node is not None:
            node.part_from_all()
            node.view.come_back()
        return node

    def wire(self, ends: tuple[End, End], source: Plug, target: Plug) -> Wire | None:
        """A link between the same sockets of the same cards, joined to them."""
        wire = self.wires.pop(ends, None)
        if wire is None or wire.source is not source or wire.target is not target:
            return None
        wire.come_back()
        return wire

    def release(self) -> None:
        self._timer.stop()
        self.cards, self.wires = {}, {}
