"""A large document comes on the canvas in slices, between which the window is painted and used.

The document is the whole one from the first moment: what is looked for before it has come is made at once
(`Graph.late`), and edits in between are followed as ever.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QGraphicsScene

from widgets.canvas.graph import Graph

SLICE_S = 0.03
"""Seconds of one slice."""
_TOLD_S = 1.0
"""What is drawn from all cards together (from far, the minimap) follows so often."""
_SAID_S = 0.2
"""How far it is, is said so often."""


class Filling(QObject):
    """`make` puts a card on the canvas, or makes it anew where it is there already; `told` hears of the ids
    from time to time; `progress` of how many there are by now and will be: equal numbers at the end."""

    def __init__(
        self,
        graph: Graph,
        make: Callable[[str], None],
        told: Callable[[Collection[str]], None],
        progress: Callable[[int, int], None],
    ) -> None:
        super().__init__()
        self._graph, self._make, self._told, self._progress = graph, make, told, progress
        self._waiting: dict[str, None] = {}
        self._made: list[str] = []
        self._whole = 0
        self._spoke = self._told_at = 0.0
        self._index: QGraphicsScene.ItemIndexMethod | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._slice)

    @property
    def at_work(self) -> bool:
        return bool(self._waiting)

    def begin(self, ids: Collection[str]) -> None:
        """New cards: none of them is on the canvas yet."""
        scene = self._graph.scene()
        if self._index is None:
            self._index = scene.itemIndexMethod()
            scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._graph.late = self.bring
        self.add(ids)

    def add(self, ids: Collection[str]) -> None:
        """Also those that are there and look otherwise by now."""
        before = len(self._waiting)
        self._waiting |= dict.fromkeys(ids)
        self._whole += len(self._waiting) - before
        self._told_at = time.monotonic()
        self._timer.start()
        self._say()

    def bring(self, ids: Iterable[str] | None) -> None:
        """These now (None: all)."""
        for id in tuple(self._waiting) if ids is None else ids:
            if id in self._waiting:
                self._one(id)
        self._tell()

    def stop(self) -> None:
        """Another document takes the place of what was to come."""
        self._waiting.clear()
        self._made.clear()
        self._end()

    def _slice(self) -> None:
        until = time.perf_counter() + SLICE_S
        for id in tuple(self._waiting):
            self._one(id)
            if time.perf_counter() > until:
                break
        now = time.monotonic()
        if not self._waiting or now - self._told_at > _TOLD_S:
            self._tell()
        elif now - self._spoke > _SAID_S:
            self._say()

    def _one(self, id: str) -> None:
        del self._waiting[id]
        self._make(id)
        self._made.append(id)

    def _tell(self) -> None:
        made, self._made = self._made, []
        self._told_at = time.monotonic()
        if not self._waiting:
            self._end()
        else:
            self._say()
        if made:
            self._told(made)

    def _end(self) -> None:
        self._timer.stop()
        self._graph.late = None
        whole, self._whole = self._whole, 0
        if self._index is not None:
            self._graph.index_by(self._index)
            self._index = None
            self._progress(whole, whole)

    def _say(self) -> None:
        """How far it is with what comes; other faces on what is there are nobody's progress."""
        self._spoke = time.monotonic()
        if self._index is not None:
            self._progress(self._whole - len(self._waiting), self._whole)
