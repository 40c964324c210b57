"""NodeGraphQt's graph, driven by our document: its nodes, ports and scene, and none of its own memory.

Its undo, session files, property bin, unique names and node ids are not used. Whatever a hand does on
the canvas becomes an edit of the document (`gestures`), and comes back through the mirror; the slots by
which NodeGraphQt would change its graph itself are closed here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QGraphicsScene

from app.document.values import End, Frame
from widgets.canvas.aside import Aside
from widgets.canvas.backend import IN, OUT, BaseNode, NodeGraph, NodeObject, Port, quietly
from widgets.canvas.easel import Easel
from widgets.canvas.face import Face
from widgets.canvas.frame_item import FrameItem
from widgets.canvas.items import NodeItem
from widgets.canvas.plugs import Plug, Wire
from widgets.canvas.scene import CanvasScene

Late = Callable[[Iterable[str] | None], object]
"""(ids, or None for all): those of them that are still to come are put on the canvas now."""


class CanvasNode(BaseNode):
    """NodeGraphQt's node of one of our nodes; its id is the document's."""

    __identifier__ = "tagloom"
    NODE_NAME = "node"

    def __init__(self, item: NodeItem) -> None:
        super().__init__(lambda: item)
        self.model.id = item.face.id
        self.model.name = item.face.title
        self._view.id = item.face.id
        self._inputs: list[Port] = []
        self._outputs: list[Port] = []
        self.sync_ports()

    def sync_ports(self) -> None:
        """Its ports are its card's sockets. The ones that stay keep their links."""
        item: NodeItem = self._view
        self._inputs = self._ports(item.plugs_in, self._inputs, self.model.inputs)
        self._outputs = self._ports(item.plugs_out, self._outputs, self.model.outputs)

    def part_from_all(self) -> None:
        """Forgets all links."""
        for port in (*self._inputs, *self._outputs):
            port.model.connected_ports.clear()
            port.view.connected_pipes.clear()

    def port(self, socket: str, side: str) -> Port | None:
        """NodeGraphQt's own `inputs` and `outputs` make a dictionary at each call."""
        for port in self._inputs if side == IN else self._outputs:
            if port.view.name == socket:
                return port
        return None

    def _ports(self, plugs: list[Plug], before: list[Port], models: dict[str, Any]) -> list[Port]:
        if [port.view for port in before] == plugs:
            return before
        known = {port.view: port for port in before}
        models.clear()
        ports: list[Port] = []
        for plug in plugs:
            port = known.get(plug)
            if port is None:
                port = Port(self, plug)
                port.model.type_ = plug.port_type
                port.model.name = plug.name
                port.model.multi_connection = plug.multi_connection
            models[plug.name] = port.model
            ports.append(port)
        return ports


class CanvasFrame(NodeObject):
    """NodeGraphQt's node of a frame."""

    __identifier__ = "tagloom"
    NODE_NAME = "frame"

    def __init__(self, item: FrameItem) -> None:
        super().__init__(lambda: item)
        self.model.id = f"frame:{item.frame_id}"
        self._view.id = self.model.id


class Graph(NodeGraph):
    """Adds and removes what the mirror says. Ids are the document's; frames are `frame:ID`."""

    def __init__(self, viewer: Any, easel: Easel) -> None:
        with quietly():
            super().__init__(viewer=viewer, undo_stack=QUndoStack())
        self.easel = easel
        self._canvas: CanvasScene = viewer.canvas  # NodeGraphQt's `scene()` asks its view at each call
        self.aside = Aside()
        self.cards: dict[str, CanvasNode] = {}
        """What is on the canvas now: while a large document is laid out, only a part of it."""
        self.late: Late | None = None
        """Asked for cards that are still to come."""
        self.to_come = QRectF()
        """About where those will lie."""
        self.to_select: set[str] = set()
        """Those of them that count as selected."""
        self.frames: dict[str, CanvasFrame] = {}
        self.wires: dict[tuple[End, End], Wire] = {}

    # --- NodeGraphQt's own ways of changing the graph, closed ---

    def _register_context_menu(self) -> None:
        """Menus are made from `widgets.commands`."""

    def _on_connection_changed(self, disconnected: list[Any], connected: list[Any]) -> None:
        """Links are drawn by `gestures.link`."""

    def _on_connection_sliced(self, ports: list[Any]) -> None:
        """Links are cut by an edit."""

    def _on_nodes_moved(self, node_data: dict[Any, Any]) -> None:
        """Nodes are moved by `gestures.drag_nodes`."""

    def _on_insert_node(self, pipe: Any, node_id: str, prev_node_pos: dict[Any, Any]) -> None:
        """A node is put into a link by an edit."""

    def _on_node_name_changed(self, node_id: str, name: str) -> None:
        """Titles are values of the document."""

    def _on_search_triggered(self, node_type: str, pos: tuple[float, float]) -> None:
        """The search is `canvas.search`."""

    def _on_node_data_dropped(self, mimedata: Any, pos: Any) -> None:
        """Dropped files are taken by `canvas.drop`: NodeGraphQt would import any JSON in silence."""

    def get_unique_name(self, name: str) -> str:
        """Names need not be unique: identity is the id. NodeGraphQt looks through all names at each."""
        return name

    # --- what the mirror does ---

    @property
    def nodes(self) -> dict[str, CanvasNode]:
        """All of them: those that are still to come are made now."""
        if self.late is not None:
            self.late(None)
        return self.cards

    def item(self, id: str) -> NodeItem | None:
        if id not in self.cards and self.late is not None:
            self.late((id,))
        node = self.cards.get(id)
        return node.view if node is not None else None

    def items(self) -> Iterator[NodeItem]:
        return (node.view for node in self.nodes.values())

    def present(self) -> Iterator[NodeItem]:
        """Those that are there by now, for whoever paints or looks."""
        return (node.view for node in self.cards.values())

    def frame_items(self) -> Iterator[FrameItem]:
        return (frame.view for frame in self.frames.values())

    def add(self, face: Face, place: tuple[float, float], width: float | None) -> NodeItem:
        node = self.aside.card(face.id)
        if node is None:
            node = CanvasNode(NodeItem(self.easel, face, width))
            node._graph = self
            node.model._graph_model = self.model
        else:
            self._show(node, face, width)
        item: NodeItem = node.view
        item.setPos(*place)
        self.cards[face.id] = node
        self.model.nodes[face.id] = node
        self._canvas.addItem(item)
        if face.id in self.to_select:
            self._select_quietly(item)
        return item

    def remove(self, id: str) -> None:
        """Its links must have been taken away before."""
        node = self.cards.pop(id)
        self.model.nodes.pop(id)
        self.easel.forget(node.view)
        self.scene().removeItem(node.view)

    def refresh(self, face: Face, width: float | None) -> None:
        """Another face on a card; its ports follow."""
        self._show(self.cards[face.id], face, width)

    def _show(self, node: CanvasNode, face: Face, width: float | None) -> None:
        if node.view.show_face(face, width):
            node.model.name = face.title
            node.sync_ports()

    def add_frame(self, id: str, frame: Frame) -> None:
        node = CanvasFrame(FrameItem(self.easel, id, frame))
        self.frames[id] = node
        self.model.nodes[node.id] = node
        self.scene().addItem(node.view)

    def remove_frame(self, id: str) -> None:
        node = self.frames.pop(id)
        self.model.nodes.pop(node.id)
        self.scene().removeItem(node.view)

    def join(self, source: End, target: End) -> None:
        """A link; nothing where one of its sockets is not on a card (a kind that lost it)."""
        ports = None if (source, target) in self.wires else self._ports_of(source, target)
        if ports is None:
            return
        giver, taker = ports
        giver.model.connected_ports[target.node].append(target.socket)
        taker.model.connected_ports[source.node].append(source.socket)
        wire = self.aside.wire((source, target), giver.view, taker.view) or Wire(giver.view, taker.view)
        wire.light(giver.view.node.isSelected() or taker.view.node.isSelected())
        self.wires[source, target] = wire
        self._canvas.addItem(wire)

    def part(self, source: End, target: End) -> None:
        wire = self.wires.pop((source, target), None)
        if wire is None:
            return
        wire.delete()
        for end, other, side in ((source, target, OUT), (target, source, IN)):
            node = self.cards.get(end.node)
            port = node.port(end.socket, side) if node is not None else None
            if port is not None:
                names = port.model.connected_ports[other.node]
                names.remove(other.socket)
                if not names:
                    del port.model.connected_ports[other.node]

    def _ports_of(self, source: End, target: End) -> tuple[Port, Port] | None:
        giver, taker = self.cards.get(source.node), self.cards.get(target.node)
        if giver is None or taker is None:
            return None
        out, into = giver.port(source.socket, OUT), taker.port(target.socket, IN)
        return (out, into) if out is not None and into is not None else None

    def clear_all(self, *, keep: bool = False) -> None:
        """An empty canvas at once: links and cards go without telling each other. `keep` sets them aside."""
        scene = self._canvas
        for wire in self.wires.values():
            scene.removeItem(wire)
        for view in (*self.present(), *self.frame_items()):
            scene.removeItem(view)
        if keep:
            self.aside.keep(self.cards, self.wires)
        else:
            self.aside.release()
        self.wires.clear()
        self.cards.clear()
        self.frames.clear()
        self.model.nodes.clear()
        self.to_select = set()
        self.easel.forget_all()

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """Many changes at once: no repaint and no index of the scene while they happen."""
        viewer, scene = self.viewer(), self.scene()
        method = scene.itemIndexMethod()
        viewer.setUpdatesEnabled(False)
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        try:
            yield
        finally:
            self.index_by(method)
            viewer.setUpdatesEnabled(True)

    @contextmanager
    def kept_aside(self, gone: Collection[str]) -> Iterator[None]:
        """These are taken away in it, in case that is taken back."""
        cards = {id: self.cards[id] for id in gone if id in self.cards}
        wires = {
            ends: wire
            for ends, wire in (self.wires.items() if cards else ())
            if ends[0].node in cards or ends[1].node in cards
        }
        yield
        if cards:
            self.aside.keep(cards, wires)

    def index_by(self, method: QGraphicsScene.ItemIndexMethod) -> None:
        """A new index learns of the scene's rectangle only by a change of it, else holds all in one leaf."""
        scene = self.scene()
        scene.setItemIndexMethod(method)
        rect = scene.sceneRect()
        scene.setSceneRect(rect.adjusted(0, 0, 1, 1))
        scene.setSceneRect(rect)

    @contextmanager
    def one_selection(self) -> Iterator[None]:
        """Selected cards may go in it: that is told once, at the end."""
        scene = self.scene()
        before = len(scene.selectedItems()) + len(self.to_select)
        blocked = scene.blockSignals(True)
        try:
            yield
        finally:
            scene.blockSignals(blocked)
        if len(scene.selectedItems()) + len(self.to_select) != before:
            scene.selectionChanged.emit()

    def select(self, ids: Iterable[str], frames: Iterable[str] = ()) -> None:
        """Exactly these; the scene tells it once."""
        self.to_select = set()
        chosen = tuple(ids)
        if self.late is not None:
            self.late(chosen)
        wanted = {*chosen, *(f"frame:{id}" for id in frames)}
        scene = self.scene()
        blocked = scene.blockSignals(True)
        try:
            views: list[NodeItem | FrameItem] = [*self.present(), *self.frame_items()]
            for view in views:
                if view.isSelected() != (view.id in wanted):
                    view.setSelected(view.id in wanted)
        finally:
            scene.blockSignals(blocked)
        scene.selectionChanged.emit()

    def select_as_they_come(self, ids: Iterable[str], frames: Iterable[str]) -> None:
        """Cards that are still to come count as selected from now on, unless others are chosen."""
        wanted = set(ids)
        with self._quiet():
            self.select(wanted & self.cards.keys(), frames)
        self.to_select = wanted - self.cards.keys()
        self.scene().selectionChanged.emit()

    def _select_quietly(self, item: NodeItem) -> None:
        self.to_select.discard(item.id)
        with self._quiet():
            item.setSelected(True)

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        scene = self._canvas
        blocked = scene.blockSignals(True)
        try:
            yield
        finally:
            scene.blockSignals(blocked)
