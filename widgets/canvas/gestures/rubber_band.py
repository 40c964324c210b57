"""Selecting by a box: it replaces the selection, adds to it or takes from it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from widgets.canvas.gestures.gesture import Modifiers
from widgets.canvas.stage import Stage


class RubberBand:
    """A box that was never drawn (a click) clears the selection, unless it would add or take."""

    def __init__(self, stage: Stage, at: QPointF, *, adds: bool = False, takes: bool = False) -> None:
        self._stage = stage
        self._from = stage.viewer.scene_at(at)
        self._before = (frozenset(stage.selected()), frozenset(stage.selected_frames()))
        self._adds = adds
        self._takes = takes
        self._drawn = False

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        box = QRectF(self._from, self._stage.viewer.scene_at(at)).normalized()
        if not self._drawn and max(box.width(), box.height()) * self._stage.zoom < 4:
            return
        self._drawn = True
        self._stage.overlay.show_box(box, self._stage.zoom)
        hit = {item.id for item in self._stage.graph.items() if box.intersects(self._stage.item_rect(item))}
        frames = {frame.frame_id for frame in self._stage.graph.frame_items() if box.contains(frame.rect)}
        self._stage.select(self._joined(self._before[0], hit), self._joined(self._before[1], frames))

    def _joined(self, before: frozenset[str], hit: set[str]) -> set[str]:
        if self._takes:
            return set(before - hit)
        return set(before | hit) if self._adds else hit

    def end(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        self._stage.overlay.clear()
        if not self._drawn and not self._adds and not self._takes:
            self._stage.choose_wire(None)
            self._stage.select(())

    def cancel(self) -> None:
        self._stage.overlay.clear()
        self._stage.select(*self._before)
