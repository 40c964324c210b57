"""Moving cards and frames. The items move under the hand; the document moves once, at the end."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt

from app.document.edits import change_frame, move
from app.document.gestures import duplicate, extract, insert_on_link, way_through
from app.document.values import Document, Link
from widgets.canvas.gestures.gesture import Modifiers, has
from widgets.canvas.gestures.guides import Guides
from widgets.canvas.overview import OVERVIEW_BELOW
from widgets.canvas.plugs import Wire
from widgets.canvas.scene import DOT_STEP
from widgets.canvas.stage import Stage
from widgets.canvas.words import tr

THRESHOLD = 4.0
"""Px that the pointer must go before a press becomes a drag."""


class DragNodes:
    """Selected cards and frames; a frame carries the cards whose middle lies in it. They cling to guides;
    Shift: to the grid, Ctrl: freely.

    `copies` (Alt): outlines move, and copies are put there. `extract` (Ctrl+Shift): their links are healed
    around the cards. A single card dropped on a link is put into
    it, unless Alt is held.
    """

    def __init__(
        self,
        stage: Stage,
        at: QPointF,
        pressed: tuple[str | None, str | None],
        *,
        copies: bool = False,
        extract: bool = False,
        alone: bool = True,
        grid: bool = False,
        guided: bool = True,
    ) -> None:
        """`pressed` is the card or the frame under the hand; `alone`: a mere click leaves it selected by
        itself."""
        self._stage = stage
        self._pressed = pressed
        self._alone = alone
        self._from = at
        self._start = stage.viewer.scene_at(at)
        self._grid = grid
        self._copies = copies
        self._extract = extract
        self._dragging = False
        self._by = QPointF()
        self._frames = {id: stage.graph.frames[id].view.rect for id in _with_inner(stage)}
        carried = _carried(stage, self._frames) if not copies else ()
        ids = sorted({*stage.selected(), *carried}, key=lambda id: (id != pressed[0], id))
        self._nodes = {id: QPointF(stage.graph.cards[id].view.pos()) for id in ids}
        self._wires: set[Wire] = set()
        self._into: Wire | None = None
        self._guides = Guides(stage, self._nodes if not copies else ()) if guided else None
        self._whole = QRectF()

    @property
    def nodes(self) -> tuple[str, ...]:
        """What is dragged, the card under the hand first."""
        return tuple(self._nodes)

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        away = at - self._from
        if not self._dragging and max(abs(away.x()), abs(away.y())) < THRESHOLD:
            return
        if not self._dragging:
            self._begin()
        self._by = self._stage.viewer.scene_at(at) - self._start
        self._cling(modifiers)
        if self._copies:
            self._stage.overlay.show_ghosts(tuple(self._outlines()))
            return
        self._place()
        self._look_for_link(modifiers)

    def _begin(self) -> None:
        self._dragging = True
        for rect in self._outlines():
            self._whole |= rect
        items = [self._stage.graph.cards[id].view for id in self._nodes]
        self._wires = {wire for item in items for wire in item.wires()}
        overview = self._stage.viewer.overview
        if overview is not None and not self._copies:
            overview.hold(items)

    def _place(self) -> None:
        """Each link once, however many of its ends move; none where they are drawn all together."""
        graph = self._stage.graph
        for id, start in self._nodes.items():
            graph.cards[id].view.setPos(start + self._by)
        far = self._stage.zoom < OVERVIEW_BELOW
        if not far:
            for wire in self._wires:
                wire.adjust()
        for id, rect in self._frames.items():
            graph.frames[id].view.place(rect.translated(self._by))
        if far:
            self._stage.viewer.viewport().update()

    def _cling(self, modifiers: Modifiers) -> None:
        """To the grid or to guides, which are shown."""
        lines: tuple[QLineF, ...] = ()
        if has(modifiers, Qt.KeyboardModifier.ControlModifier):
            pass
        elif self._grid or has(modifiers, Qt.KeyboardModifier.ShiftModifier):
            self._by = self._to_grid(self._by)
        elif self._guides is not None:
            by, lines = self._guides.cling(self._whole.translated(self._by))
            self._by += by
        self._stage.overlay.show_guides(lines, self._stage.zoom)

    def _to_grid(self, by: QPointF) -> QPointF:
        starts: list[QPointF] = [*self._nodes.values(), *(rect.topLeft() for rect in self._frames.values())]
        if not starts:
            return by
        first = starts[0] + by
        x, y = round(first.x() / DOT_STEP) * DOT_STEP, round(first.y() / DOT_STEP) * DOT_STEP
        return QPointF(x - starts[0].x(), y - starts[0].y())

    def _outlines(self) -> list[QRectF]:
        graph = self._stage.graph
        cards = [self._stage.item_rect(graph.cards[id].view).translated(self._by) for id in self._nodes]
        return cards + [rect.translated(self._by) for rect in self._frames.values()]

    def _look_for_link(self, modifiers: Modifiers) -> None:
        """The link that the dragged card would be put into, lit."""
        found = None
        may = len(self._nodes) == 1 and not self._frames and not self._extract
        if may and not has(modifiers, Qt.KeyboardModifier.AltModifier):
            found = self._link_under(next(iter(self._nodes)))
        if found is not self._into:
            if self._into is not None:
                self._into.light(False)
            self._into = found
            if found is not None:
                found.light(True)

    def _link_under(self, id: str) -> Wire | None:
        item = self._stage.graph.cards[id].view
        if any(plug.connected_pipes for plug in (*item.plugs_in, *item.plugs_out)):
            return None
        whole = self._stage.item_rect(item)
        across, down = whole.width() / 4, whole.height() / 4
        middle = whole.adjusted(across, down, -across, -down)
        near = [
            (_away(wire, whole.center()), place, wire)
            for place, wire in enumerate(self._stage.viewer.canvas.items(middle))
            if isinstance(wire, Wire) and wire.path().intersects(middle)
        ]
        for _, _, wire in sorted(near, key=lambda one: one[:2]):
            link = _link_of(self._stage.document, wire)
            if link and way_through(self._stage.document, self._stage.shapes, link, id):
                return wire
        return None

    def end(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        wire = self._into
        self._finish()
        if not self._dragging:
            self._click()
            return
        if self._copies:
            self._copy()
            return
        ids, by, frames = dict(self._nodes), self._by, dict(self._frames)
        link = _link_of(self._stage.document, wire) if wire is not None else None
        shapes, out = self._stage.shapes, self._extract
        label = tr("Extract") if out else tr("Insert on link") if link else tr("Move")

        def moved(document: Document) -> Document:
            after = move(document, {id: _point(start + by) for id, start in ids.items()})
            for id, rect in frames.items():
                left, top = _point(rect.topLeft() + by)
                after = change_frame(after, id, rect=(left, top, rect.width(), rect.height()))
            if out:
                return extract(after, shapes, ids)
            return insert_on_link(after, shapes, link, next(iter(ids))) if link else after

        self._stage.editor.commit(label, moved)

    def _click(self) -> None:
        if self._alone:
            node, frame = self._pressed
            self._stage.select((node,) if node else (), (frame,) if frame else ())

    def _copy(self) -> None:
        ids, frames = tuple(self._nodes), tuple(self._frames)
        by = _point(self._by)
        made: list[tuple[tuple[str, ...], tuple[str, ...]]] = []

        def doubled(document: Document) -> Document:
            placed = duplicate(document, ids, by, frames=frames)
            made.append((placed.nodes, placed.frames))
            return placed.document

        self._stage.editor.commit(tr("Duplicate"), doubled)
        if made:
            self._stage.select(*made[-1])

    def cancel(self) -> None:
        for id, start in self._nodes.items():
            if id in self._stage.graph.cards:
                self._stage.graph.cards[id].view.place(start)
        for id, rect in self._frames.items():
            if id in self._stage.graph.frames:
                self._stage.graph.frames[id].view.place(rect)
        self._finish()

    def _finish(self) -> None:
        if self._into is not None:
            self._into.light(False)
            self._into = None
        for wire in self._wires:
            wire.adjust()
        self._stage.overlay.clear()
        if self._stage.viewer.overview is not None:
            self._stage.viewer.overview.hold(())


def _point(at: QPointF) -> tuple[float, float]:
    """Whole units: a place in a file reads better so."""
    return (float(round(at.x())), float(round(at.y())))


def _away(wire: Wire, point: QPointF) -> float:
    """How far a link passes a point, roughly."""
    path = wire.path()
    return min((path.pointAtPercent(part / 24) - point).manhattanLength() for part in range(25))


def _link_of(document: Document, wire: Wire) -> Link | None:
    return next((link for link in document.links if (link.source, link.target) == wire.ends), None)


def _with_inner(stage: Stage) -> set[str]:
    """Selected frames and those that lie wholly in one of them."""
    chosen = {id: stage.graph.frames[id].view.rect for id in stage.selected_frames()}
    inner = {
        frame.frame_id
        for frame in stage.graph.frame_items()
        if any(outer.contains(frame.rect) for outer in chosen.values())
    }
    return set(chosen) | inner


def _carried(stage: Stage, frames: dict[str, QRectF]) -> set[str]:
    """Cards whose middle lies in a frame."""
    if not frames:
        return set()
    return {
        item.id
        for item in stage.graph.items()
        if any(rect.contains(stage.item_rect(item).center()) for rect in frames.values())
    }
