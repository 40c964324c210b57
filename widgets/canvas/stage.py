"""What gestures work on, and whom the canvas tells."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from app.document.editor import Editor
from app.document.sockets import Shapes
from app.document.values import Document, End
from app.nodes.declare import Kinds
from widgets.canvas.graph import Graph
from widgets.canvas.items import NodeItem
from widgets.canvas.overlay import Overlay
from widgets.canvas.plugs import Wire
from widgets.canvas.viewer import Viewer


class LinkContext(Struct, frozen=True):
    """A link that was dropped on empty canvas: its fixed end. `wants_input` True: an output was dragged,
    and nodes with an input for it are looked for."""

    end: End
    wants_input: bool


class Tell(QObject):
    """The canvas's signals. `GraphView` hands them on."""

    selection_changed = Signal(tuple)
    look_big_requested = Signal(str)
    compare_requested = Signal()
    run_requested = Signal(tuple)
    search_requested = Signal(QPointF, object)
    action_requested = Signal(str, str)
    problem_fix_requested = Signal(object, object)
    cancel_requested = Signal(str)
    rename_requested = Signal(str)
    frame_rename_requested = Signal(str)
    edit_requested = Signal(str)
    menu_requested = Signal(str, QPointF)
    versions_turned = Signal(str, int)
    """A node, and by how many steps a wheel has turned over it (down: older)."""


class Stage(Struct):
    """Handed to every gesture."""

    viewer: Viewer
    graph: Graph
    editor: Editor
    kinds: Kinds
    shapes: Shapes
    tell: Tell
    chosen_wire: Wire | None = None

    @property
    def document(self) -> Document:
        return self.editor.document

    @property
    def overlay(self) -> Overlay:
        return self.viewer.overlay

    @property
    def zoom(self) -> float:
        return self.viewer.zoom

    def selected(self) -> tuple[str, ...]:
        """In the order of the document."""
        chosen = {item.id for item in self.viewer.canvas.selectedItems() if isinstance(item, NodeItem)}
        if self.graph.to_select:
            chosen |= self.graph.to_select
            return tuple(id for id in self.document.nodes if id in chosen)
        if len(chosen) < 2:
            return tuple(chosen)
        return tuple(id for id in self.graph.cards if id in chosen)

    def selected_frames(self) -> tuple[str, ...]:
        return tuple(id for id, frame in self.graph.frames.items() if frame.view.isSelected())

    def select(self, ids: Iterable[str], frames: Iterable[str] = ()) -> None:
        self.graph.select(ids, frames)

    def choose_wire(self, wire: Wire | None) -> None:
        """The one link that is selected, or none."""
        if self.chosen_wire is not None:
            self.chosen_wire.light(False)
        self.chosen_wire = wire
        if wire is not None:
            wire.light(True)

    def item_rect(self, item: NodeItem) -> QRectF:
        return item.layout.body.translated(item.pos())

    def bounds(self, ids: Iterable[str] | None = None) -> QRectF:
        """Where cards (all cards and frames, by default) lie."""
        found = QRectF()
        for item in self.graph.present() if ids is None else map(self.graph.item, ids):
            if item is not None:
                found |= self.item_rect(item)
        if ids is None:
            for frame in self.graph.frame_items():
                found |= frame.rect
            found |= self.graph.to_come
        return found
