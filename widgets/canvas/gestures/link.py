"""Drawing a link from either end, and plugging an existing one elsewhere.

What does not fit is dimmed, and a socket under the pointer that does not says why.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt

from app.document.edits import change_link, connect, disconnect, find_link
from app.document.gestures import exchange
from app.document.joining import refusal_in_short
from app.document.sockets import fits
from app.document.values import NO_FIT, Document, End, Link
from widgets.canvas.gestures.gesture import Modifiers, has
from widgets.canvas.hits import node_under, plug_near
from widgets.canvas.items import NodeItem
from widgets.canvas.overview import OVERVIEW_BELOW
from widgets.canvas.plugs import Plug, Wire
from widgets.canvas.stage import LinkContext, Stage
from widgets.canvas.words import tr

_SNAP = 30.0
"""Px within which the end jumps to a fitting socket."""
_THRESHOLD = 5.0


@dataclass(frozen=True, slots=True)
class Aim:
    """What the end points at: a socket that takes it, or one that does not and why."""

    plug: Plug | None = None
    words: str = ""


class DrawLink:
    """`fixed` stays; the other end follows the pointer. `moved` is the link whose other end was taken up:
    dropped on empty canvas it is gone, dropped where it was nothing happens. A single input that is taken
    gives up its link to the new one; with Alt the two links are exchanged."""

    def __init__(self, stage: Stage, fixed: Plug, at: QPointF, moved: Wire | None = None) -> None:
        self._stage = stage
        self._fixed = fixed
        self._from = at
        self._moved = moved
        self._ends: tuple[End, End] | None = moved.ends if moved is not None else None
        self._aim = Aim()
        self._drawing = False
        base = stage.document
        self._old: Link | None = find_link(base, *self._ends) if self._ends else None
        self._base = disconnect(base, *self._ends) if self._ends else base
        self._dimmed: list[NodeItem] = []
        self._dimmed_in = QRectF()
        self.keeps_wire = False
        """After `end`: the search is open, and the wire is shown until it closes."""

    # --- showing ---

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        away = at - self._from
        if not self._drawing and max(abs(away.x()), abs(away.y())) < _THRESHOLD:
            return
        if not self._drawing:
            self._begin()
        self._dim()
        point = self._stage.viewer.scene_at(at)
        self._aim = self._aimed(point)
        fitting = self._aim.plug is not None and not self._aim.words
        end = self._aim.plug.scenePos() if fitting and self._aim.plug else point
        ring = (self._aim.plug.scenePos(), fitting) if self._aim.plug else None
        here = self._fixed.scenePos()
        source, target = (end, here) if self._fixed.is_input else (here, end)
        self._stage.overlay.show_wire(
            source, target, self._stage.graph.easel.kit.wire(self._fixed.type), self._stage.zoom,
            ring=ring, words=self._aim.words, words_at=point,
        )  # fmt: skip
        if self._stage.zoom < OVERVIEW_BELOW:
            self._stage.viewer.viewport().update()

    def _begin(self) -> None:
        self._drawing = True
        if self._moved is not None:
            self._moved.setVisible(False)

    def _dim(self) -> None:
        """Cards that are seen; again where the view has moved on to others."""
        seen = self._stage.viewer.seen()
        if self._stage.zoom < OVERVIEW_BELOW or self._dimmed_in.contains(seen):
            return
        self._dimmed_in = seen.adjusted(-40, -40, 40, 40)
        barred = _barred(self._base, self._fixed)
        for item in self._stage.viewer.canvas.items(self._dimmed_in):
            if isinstance(item, NodeItem) and item.fitting is None:
                item.fitting = frozenset(plug for plug in self._opposite(item) if self._may(plug, barred))
                if item is self._fixed.node:
                    item.fitting = frozenset((self._fixed,))
                item.update()
                self._dimmed.append(item)

    def _opposite(self, item: NodeItem) -> list[Plug]:
        return item.plugs_out if self._fixed.is_input else item.plugs_in

    def _may(self, plug: Plug, barred: set[str]) -> bool:
        """As `refusal` says, without walking the graph for each socket."""
        if plug.node.id in barred or not fits(self._fixed.type, plug.type):
            return False
        row = plug.node.row_of(plug if plug.is_input else self._fixed)
        if row is None or row.most is None or row.most == 1:
            return True
        taker = plug if plug.is_input else self._fixed
        return len(self._base.links.into(taker.node.id, taker.name)) < row.most

    def _aimed(self, point: QPointF) -> Aim:
        near = [
            plug
            for plug in plug_near(self._stage.viewer.canvas, point, _SNAP / min(self._stage.zoom, 1.0))
            if plug.is_input != self._fixed.is_input and plug.node is not self._fixed.node
        ]
        under = node_under(self._stage.viewer.canvas, point)
        if under is not None and under is not self._fixed.node:
            near = [plug for plug in near if plug.node is under] or self._opposite(under)
        if under is self._fixed.node:
            near = []
        refused = Aim()
        for plug in near:
            words = self._refusal(plug)
            if words is None:
                return Aim(plug)
            if refused.plug is None:
                refused = Aim(plug, words)
        return refused

    def _refusal(self, plug: Plug) -> str | None:
        return refusal_in_short(self._base, self._stage.shapes, *self._pair(plug))

    def _pair(self, plug: Plug) -> tuple[End, End]:
        return (plug.end, self._fixed.end) if self._fixed.is_input else (self._fixed.end, plug.end)

    # --- the end of it ---

    def end(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        aim, drawing = self._aim, self._drawing
        fits_here = aim.plug is not None and not aim.words
        search = drawing and not fits_here and aim.plug is None and self._ends is None
        over_card = node_under(self._stage.viewer.canvas, self._stage.viewer.scene_at(at)) is not None
        self.keeps_wire = search and not over_card
        self._restore()
        if not drawing:
            return
        if fits_here and aim.plug is not None:
            self._join(*self._pair(aim.plug), swap=has(modifiers, Qt.KeyboardModifier.AltModifier))
        elif self.keeps_wire:
            context = LinkContext(self._fixed.end, wants_input=not self._fixed.is_input)
            self._stage.tell.search_requested.emit(self._stage.viewer.scene_at(at), context)
        elif self._ends is not None and aim.plug is None and not over_card:
            ends = self._ends
            self._stage.editor.commit(tr("Unlink"), lambda document: disconnect(document, *ends))

    def _join(self, source: End, target: End, *, swap: bool) -> None:
        old, ends, shapes = self._old, self._ends, self._stage.shapes
        if ends == (source, target):
            return
        swapped = exchange(self._stage.document, shapes, old, target) if swap and old else None
        if swapped is not None and old is not None and old.source == source:
            self._stage.editor.commit(tr("Swap links"), lambda _: swapped)
            return

        def joined(document: Document) -> Document:
            place = None
            if old is not None and ends is not None:
                siblings = document.links.into(old.target.node, old.target.socket)
                same_input = old.target == target
                place = siblings.index(old) if same_input and old in siblings else None
                document = disconnect(document, *ends)
            document = connect(document, shapes, source, target, place=place)
            return _carried(document, old, source, target) if old is not None else document

        self._stage.editor.commit(tr("Move link") if old else tr("Link"), joined)

    def cancel(self) -> None:
        self._restore()

    def _restore(self) -> None:
        if not self.keeps_wire:
            self._stage.overlay.clear()
        for item in self._dimmed:
            item.fitting = None
            item.update()
        self._dimmed.clear()
        if self._moved is not None:
            self._moved.setVisible(True)
        self._stage.viewer.viewport().update()


def _carried(document: Document, old: Link, source: End, target: End) -> Document:
    """The tag and the fit of a link that was plugged elsewhere, where that input knows tags and has none
    of this name yet."""
    new = find_link(document, source, target)
    taken = {link.tag.lower() for link in document.links.into(target.node, target.socket) if link.tag}
    tagged = target.socket == old.target.socket
    if new is None or not tagged:
        return document
    tag = old.tag if old.tag and old.tag.lower() not in taken else new.tag
    fit = old.fit if old.fit != NO_FIT else new.fit
    return change_link(document, source, target, tag=tag, fit=fit)


def _barred(document: Document, fixed: Plug) -> set[str]:
    """Nodes to which a link would make a circle: all upstream of an output, all downstream of an input."""
    seen = {fixed.node.id}
    waiting = [fixed.node.id]
    while waiting:
        id = waiting.pop()
        links = document.links.out_of(id) if fixed.is_input else document.links.into(id)
        for link in links:
            other = link.target.node if fixed.is_input else link.source.node
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen
