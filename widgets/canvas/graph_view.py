"""The canvas as panels see it: a widget that shows the document. Hands are lent to it once it is painted
(`handling`).

Nothing outside this room knows NodeGraphQt. Ids are the document's; points are of the scene, in canvas
units, unless they are said to be px.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.document.editor import Change, Editor
from app.document.sockets import Shapes
from app.document.values import Node
from app.engine.run_state import NodeState, RunState
from app.nodes.declare import Kinds
from app.preferences import declared
from widgets.canvas.easel import Easel
from widgets.canvas.face import Problems, Sheet
from widgets.canvas.filling_bar import FillingBar
from widgets.canvas.graph import Graph
from widgets.canvas.hooks import Hooks
from widgets.canvas.late_pictures import Pictures
from widgets.canvas.minimap import Minimap
from widgets.canvas.mirror import Mirror
from widgets.canvas.overview import OVERVIEW_BELOW, Overview
from widgets.canvas.stage import Stage, Tell
from widgets.canvas.viewer import Viewer
from widgets.theme import Theme, Themes

if TYPE_CHECKING:
    from widgets.canvas.handling import Handling

_STEP = 1.25
_MOST_FIT = 1.0


class GraphView(QWidget):
    """`hooks` are the studio's. `close_down` puts everything away; the widget is not used afterwards."""

    selection_changed = Signal(tuple)
    """Ids of the selected nodes."""
    look_big_requested = Signal(str)
    compare_requested = Signal()
    """Of the nodes that are selected."""
    run_requested = Signal(tuple)
    open_search_requested = Signal(QPointF, object)
    """A search was opened at a point; with the `LinkContext` of a link that was dropped there, or None."""
    open_requested = Signal(str)
    """Path of a document that was dropped, or of a picture that carries one."""
    addresses_dropped = Signal(tuple, QPointF, str)
    """Addresses of pictures, the point where they were dropped, and the card that is to take them or none."""
    problem_fix_requested = Signal(object, object)
    """A `Problem` and one of its `Fix`es."""
    fault_action_requested = Signal(str, str)
    """Node and what to do about its fault: details, show-prompt, check-credits, send-again, give-up."""
    cancel_requested = Signal(str)
    row_stepped = Signal(int)
    """By how many rows the table is to be stepped through."""
    menu_requested = Signal(str, QPoint)
    """Node (or nothing) and the point of the screen, in px."""
    zoom_changed = Signal(float)
    filling = Signal(int, int)
    """How many cards of a large document are on the canvas, and how many there will be; equal at the end."""

    def __init__(
        self, editor: Editor, kinds: Kinds, shapes: Shapes, themes: Themes, pictures: Pictures,
        hooks: Hooks | None = None, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.hooks = hooks if hooks is not None else Hooks()
        self.kinds = kinds
        self.easel = Easel(themes.theme, pictures)
        self._editor = editor
        self.viewer = Viewer(self.easel)
        self.bar = FillingBar(self.easel, self)
        self._graph = Graph(self.viewer, self.easel)
        self.tell = Tell(self)
        self.stage = Stage(self.viewer, self._graph, editor, kinds, shapes, self.tell)
        self.mirror = Mirror(self._graph, kinds, self.hooks.locate, self._shown, self._filled)
        self._chosen: frozenset[str] = frozenset()
        self._queued_since: dict[str, float] = {}
        self._handling: Handling | None = None
        self._build(editor, themes)
        self.mirror.show_whole(editor.document)
        self._fit_first = bool(editor.document.nodes)

    def _build(self, editor: Editor, themes: Themes) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.viewer)
        self.setFocusProxy(self.viewer)
        self._overview = Overview(self._graph)
        self.viewer.overview = self._overview
        self.viewer.minimap = Minimap(self._graph, self._overview, self.hooks.recall(declared.MINIMAP_SIZE))
        self.viewer.minimap.shown = bool(self.hooks.recall(declared.MINIMAP))
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._tick)
        self._listen(themes)
        self._disconnect = editor.changed.connect(self._follow)

    def _listen(self, themes: Themes) -> None:
        tell = self.tell
        tell.look_big_requested.connect(self.look_big_requested)
        tell.compare_requested.connect(self.compare_requested)
        tell.run_requested.connect(self.run_requested)
        tell.action_requested.connect(self._act)
        tell.menu_requested.connect(lambda id, at: self.menu_requested.emit(id, at.toPoint()))
        self.viewer.canvas.selectionChanged.connect(self._selection)
        self.viewer.camera_moved.connect(lambda: self.zoom_changed.emit(self.viewer.zoom))
        themes.changed.connect(lambda theme: self.retheme(theme))

    # --- hands ---

    def take_in_hand(self, handling: Handling) -> None:
        """From now on it answers to mouse and keyboard. `handling.take_in_hand` makes what is lent here."""
        self._handling = handling

    @property
    def handling(self) -> Handling:
        assert self._handling is not None, "the canvas is only looked at yet"
        return self._handling

    # --- what is shown ---

    def set_run_state(self, run: RunState) -> None:
        """Only cards whose state differs are painted anew."""
        self.mirror.set_run(run)
        queued = {id for id, node in run.nodes.items() if node.state == NodeState.QUEUED}
        now = time.monotonic()
        self._queued_since = {id: self._queued_since.get(id, now) for id in queued}
        if queued and not self._clock.isActive():
            self._clock.start()
        elif not queued:
            self._clock.stop()

    def set_problems(self, problems: Problems) -> None:
        """Node id → its problems. Nodes that are not in it have none."""
        self.mirror.set_problems(problems)

    def set_stale(self, stale: Mapping[str, str]) -> None:
        """Node id → what changed since its picture was made ("prompt changed")."""
        self.mirror.set_stale(stale)

    def set_table(
        self, sheets: Mapping[str, Sheet], filled: Mapping[str, Node], columns: frozenset[str]
    ) -> None:
        """What Table nodes show, the nodes that the previewed row changes, and the columns there are."""
        self.mirror.set_table(sheets, filled, columns)

    def refresh(self, ids: Iterable[str] | None = None) -> None:
        """Looks anew at what a node shows (a photograph that appeared); all, by default."""
        self.mirror.refresh(self._editor.document.nodes if ids is None else ids)

    def retheme(self, theme: Theme) -> None:
        self.easel.retheme(theme)
        self._graph.aside.release()
        self.viewer.canvas.setBackgroundBrush(self.easel.kit.colour("canvas"))
        for item in self._graph.present():
            item.remeasure()
        for wire in self._graph.wires.values():
            wire.recolour()
        self._overview.invalidate()
        self.viewer.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()

    def _follow(self, change: Change) -> None:
        """A gesture in work is over: what it showed is no longer true."""
        if self._handling is not None:
            self._handling.let_go(entirely=change.way == "replace")
        self.stage.choose_wire(None)
        self.mirror.follow(change)
        if change.way == "replace":
            self.fit()
        elif change.way in ("undo", "redo"):
            self._select_returned(change)

    def _select_returned(self, change: Change) -> None:
        """Cards and frames that came back are in hand again."""
        nodes = change.after.nodes.keys() - change.before.nodes.keys()
        frames = change.after.frames.keys() - change.before.frames.keys()
        if self.mirror.filling.at_work:
            self._graph.select_as_they_come(nodes, frames)
        elif nodes or frames:
            self.stage.select(nodes, frames)

    def _shown(self, ids: Collection[str]) -> None:
        """The mirror has changed these cards."""
        scene = self.viewer.canvas
        held = scene.sceneRect()
        cards = self._graph.cards
        rects = [self.stage.item_rect(cards[id].view) for id in ids if id in cards]
        if not all(held.contains(rect) for rect in rects) or len(ids) > 100:
            scene.tighten(self.stage.bounds())
        self._overview.invalidate(ids)
        self.viewer.refresh_minimap()

    def _filled(self, there: int, whole: int) -> None:
        """A large document is coming on the canvas."""
        if there == whole:
            self._graph.to_come = QRectF()
        self.bar.show_progress(there, whole)
        self.filling.emit(there, whole)

    def _tick(self) -> None:
        now = time.monotonic()
        self.mirror.set_waited({id: now - since for id, since in self._queued_since.items()})

    # --- selection ---

    def selected(self) -> tuple[str, ...]:
        return self.stage.selected()

    def select(self, ids: Iterable[str]) -> None:
        self.stage.select(ids)

    def select_all(self) -> None:
        self.stage.select(self._graph.nodes, self._graph.frames)

    def _selection(self) -> None:
        """Links at selected cards are lit. Only what differs is touched."""
        selected = self.selected()
        now = frozenset(selected)
        differs, self._chosen = now ^ self._chosen, now
        for id in differs:
            item = self._graph.cards[id].view if id in self._graph.cards else None
            for plug in (*item.plugs_in, *item.plugs_out) if item is not None else ():
                for wire in plug.connected_pipes:
                    lit = wire.source.node.isSelected() or wire.target.node.isSelected()
                    wire.light(lit or wire is self.stage.chosen_wire)
        self._overview.recolour(differs)
        if self.viewer.zoom < OVERVIEW_BELOW:
            self.viewer.viewport().update()
        self.viewer.refresh_minimap()
        self.selection_changed.emit(selected)

    # --- camera ---

    def fit(self, ids: Iterable[str] | None = None) -> None:
        """Shows these nodes, or all. Never enlarged beyond 100 %."""
        self.viewer.fit(self.stage.bounds(ids), _MOST_FIT)

    def fit_selection(self) -> None:
        chosen = self.selected()
        self.fit(chosen or None)

    def zoom(self) -> float:
        return self.viewer.zoom

    def zoom_in(self) -> None:
        self.viewer.zoom_by(_STEP)

    def zoom_out(self) -> None:
        self.viewer.zoom_by(1 / _STEP)

    def zoom_to(self, zoom: float = 1.0) -> None:
        self.viewer.zoom_to(zoom)

    def center_on(self, id: str) -> None:
        item = self._graph.item(id)
        if item is not None:
            self.viewer.look_at(self.stage.item_rect(item).center())

    def viewport_center(self) -> QPointF:
        """The point of the scene in the middle of the view."""
        return self.viewer.seen().center()

    def cursor_point(self) -> QPointF:
        """The point under the pointer, or the middle where it is elsewhere."""
        at = self.viewer.viewport().mapFromGlobal(self.cursor().pos())
        inside = self.viewer.viewport().rect().contains(at)
        return self.viewer.scene_at(at) if inside else self.viewport_center()

    def compare_selected(self) -> None:
        self.compare_requested.emit()

    def toggle_minimap(self) -> None:
        if self.viewer.minimap is not None:
            self.viewer.minimap.shown = not self.viewer.minimap.shown
            self.hooks.remember(declared.MINIMAP, self.viewer.minimap.shown)
            self.viewer.viewport().update()

    def rect_of(self, id: str) -> QRectF:
        """Where a card lies; nothing where there is none."""
        item = self._graph.item(id)
        return self.stage.item_rect(item) if item is not None else QRectF()

    def point_of(self, id: str, socket: str) -> QPoint:
        """Where a socket of a card is in the viewport, in px; for guides and tests."""
        item = self._graph.item(id)
        plugs = (*item.plugs_in, *item.plugs_out) if item is not None else ()
        plug = next(plug for plug in plugs if plug.name == socket)
        return QPoint(self.viewer.mapFromScene(plug.scenePos()))

    def grab_image(self) -> QImage:
        """What is seen, as a picture at the screen's own resolution."""
        return self.grab().toImage()

    # --- links on cards ---

    def _act(self, id: str, action: str) -> None:
        """A fix, running again, or what to do about a fault."""
        if action == "run":
            self.run_requested.emit((id,))
        elif action == "cancel":
            self.cancel_requested.emit(id)
        elif action in ("row-next", "row-previous"):
            self.row_stepped.emit(1 if action == "row-next" else -1)
        elif action.startswith("fix:"):
            _, problem_at, fix_at = action.split(":")
            problem = self.mirror.scenery.problems[id][int(problem_at)]
            self.problem_fix_requested.emit(problem, problem.fixes[int(fix_at)])
        else:
            self.fault_action_requested.emit(id, action)

    # --- the widget ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.lay()
        if self._handling is not None:
            self._handling.in_place.follow()
        if self._fit_first and self.isVisible():
            self._fit_first = False
            QTimer.singleShot(0, self, self.fit)

    def close_down(self) -> None:
        """Stops listening and ticking."""
        self._disconnect()
        self._clock.stop()
        self.mirror.filling.stop()
        self._graph.aside.release()
        if self._handling is not None:
            self._handling.let_go(entirely=True)
        self.easel.forget_all()
