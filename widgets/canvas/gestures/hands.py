"""Which gesture a press begins, and what clicks, keys and the wheel do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent

from app.preferences import declared
from widgets.canvas.gestures.carry_off import carry_off, outside
from widgets.canvas.gestures.cut import CutLinks
from widgets.canvas.gestures.dot import PullDot, make_dot
from widgets.canvas.gestures.drag_nodes import DragNodes
from widgets.canvas.gestures.edge_scroll import EdgeScroll
from widgets.canvas.gestures.gesture import Gesture, has
from widgets.canvas.gestures.link import DrawLink
from widgets.canvas.gestures.pan import MinimapDrag, MinimapResize, Pan
from widgets.canvas.gestures.resize import ResizeFrame, ResizeNode
from widgets.canvas.gestures.rubber_band import RubberBand
from widgets.canvas.gestures.steering import Steering
from widgets.canvas.hits import Hit, What, hit_at
from widgets.canvas.hooks import Hooks
from widgets.canvas.items import NodeItem
from widgets.canvas.plugs import Plug, Wire
from widgets.canvas.stage import Stage

_SHIFT, _CTRL, _ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
SCROLLING = (DragNodes, DrawLink, RubberBand, ResizeNode, ResizeFrame)
"""Gestures that take the view along when they come to its edge."""
_NEAR_END = 0.35
"""A link is taken up by the end that the pointer is nearer to than this part of its length."""

Keys = Mapping[tuple[int, int], Callable[[], object]]
"""Modifiers and key → what it does."""


class Hands:
    """One gesture at a time. A change of the document from elsewhere cancels it."""

    def __init__(self, stage: Stage, keys: Keys, hooks: Hooks | None = None) -> None:
        self._stage = stage
        self._hooks = hooks if hooks is not None else Hooks()
        self._edge = EdgeScroll(stage.viewer)
        self._steering = Steering(
            stage, lambda: bool(self._hooks.recall(declared.WHEEL) == "pans"), self.cancel, self._menu_at
        )
        self.keys = keys
        self.gesture: Gesture | None = None
        self._button = Qt.MouseButton.NoButton
        self._space = False
        self._space_used = False
        self._right_used = False
        self._pressed_at = QPointF()
        self._pressed: Hit | None = None
        self._lit: Wire | None = None
        self._over: NodeItem | None = None

    # --- press ---

    def press(self, event: QMouseEvent) -> None:
        if self.gesture is not None:
            return
        at, button, modifiers = event.position(), event.button(), event.modifiers()
        self._pressed_at = at
        self._pressed = None
        self._unlight()
        self._right_used = False
        begun: Gesture | None = None
        if button == Qt.MouseButton.MiddleButton or (button == Qt.MouseButton.LeftButton and self._space):
            self._space_used = True
            begun = Pan(self._stage, at)
        elif button == Qt.MouseButton.LeftButton:
            begun = self._left(at, modifiers)
        elif button == Qt.MouseButton.RightButton:
            begun = self._right(at, modifiers)
            self._right_used = begun is not None
        if begun is not None:
            self.gesture, self._button = begun, button
            self._edge.begin(at)
        self._cursor(at)

    def _left(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> Gesture | None:
        viewer, map = self._stage.viewer, self._stage.viewer.minimap
        if map is not None and map.rect(viewer.viewport().size()).contains(at.toPoint()):
            if map.on_grip(viewer.viewport().size(), at):
                return MinimapResize(self._stage, at, self._hooks.remember)
            return MinimapDrag(self._stage, at)
        hit = self.hit(at)
        self._pressed = hit
        free = hit.wire is not None or hit.frame is not None or hit.what == What.EMPTY
        if free and has(modifiers, _ALT) and has(modifiers, _SHIFT):
            return CutLinks(self._stage, at)
        if hit.what == What.EMPTY:
            return Pan(self._stage, at) if has(modifiers, _ALT) else RubberBand(self._stage, at, modifiers)
        if hit.plug is not None:
            return self._link(hit.plug, at)
        if hit.wire is not None:
            return (
                DrawLink(self._stage, hit.wire.source, at)
                if has(modifiers, _SHIFT)
                else self._wire(hit.wire, at)
            )
        if hit.what == What.FRAME_CORNER and hit.frame is not None:
            return ResizeFrame(self._stage, hit.frame.frame_id, at)
        if hit.frame is not None:
            return self._grab(None, hit.frame.frame_id, at, modifiers)
        assert hit.node is not None
        if hit.what == What.EDGE:
            return ResizeNode(self._stage, hit.node.id, at)
        if hit.what == What.ACTION:
            return None
        return self._grab(hit.node.id, None, at, modifiers)

    def _right(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> Gesture | None:
        """Ctrl cuts links, Shift on a link makes a re-route dot; else the button is the menu's."""
        if has(modifiers, _CTRL):
            return CutLinks(self._stage, at)
        wire = self.hit(at).wire if has(modifiers, _SHIFT) else None
        return PullDot(self._stage, wire, at) if wire is not None else None

    def _grab(
        self, node: str | None, frame: str | None, at: QPointF, modifiers: Qt.KeyboardModifier
    ) -> Gesture | None:
        """Selects what was pressed, then drags the selection. Shift adds it, Ctrl takes it away."""
        stage = self._stage
        stage.choose_wire(None)
        nodes, frames = set(stage.selected()), set(stage.selected_frames())
        one, held = (node, nodes) if node is not None else (frame, frames)
        assert one is not None
        out = has(modifiers, _CTRL) and has(modifiers, _SHIFT)
        if has(modifiers, _CTRL) and not out:
            held.discard(one)
            stage.select(nodes, frames)
            return None
        if one not in held:
            if not has(modifiers, _SHIFT):
                nodes.clear()
                frames.clear()
            held.add(one)
            stage.select(nodes, frames)
        if node is not None:
            self._raise(stage.graph.cards[node].view)
        return DragNodes(
            stage, at, (node, frame), copies=has(modifiers, _ALT) and not out, extract=out,
            alone=not has(modifiers, _SHIFT),
            grid=bool(self._hooks.recall(declared.SNAP)), guided=bool(self._hooks.recall(declared.GUIDES)),
        )  # fmt: skip

    def _raise(self, item: NodeItem) -> None:
        """What was pressed last lies above the others."""
        top = max((other.zValue() for other in self._stage.graph.present()), default=2.0)
        if item.zValue() < top or top == 2.0:
            item.setZValue(min(top + 0.001, 50.0))

    def _link(self, plug: Plug, at: QPointF) -> Gesture:
        """From a socket. An input that can take no more gives up its last link, to be plugged elsewhere."""
        wires = plug.connected_pipes
        if plug.is_input and wires:
            row = plug.node.row_of(plug)
            full = row is not None and row.most is not None and len(wires) >= row.most
            if full:
                return DrawLink(self._stage, wires[-1].source, at, moved=wires[-1])
        return DrawLink(self._stage, plug, at)

    def _wire(self, wire: Wire, at: QPointF) -> Gesture | None:
        """Near an end that end is taken up; in the middle the link is selected."""
        point, line = self._stage.viewer.scene_at(at), wire.line()
        whole = max(line.length(), 1.0)
        to_source = (point - line.p1()).manhattanLength() / whole
        to_target = (point - line.p2()).manhattanLength() / whole
        self._stage.select(())
        self._stage.choose_wire(wire)
        if min(to_source, to_target) > _NEAR_END:
            return None
        fixed = wire.target if to_source < to_target else wire.source
        return DrawLink(self._stage, fixed, at, moved=wire)

    # --- move and release ---

    def move(self, event: QMouseEvent) -> None:
        if isinstance(self.gesture, DragNodes) and outside(self._stage, event.position()):
            data = self._hooks.carry_off(self.gesture.nodes, has(event.modifiers(), _SHIFT))
            if data is not None:
                self.cancel()
                self._edge.go_back()
                carry_off(self._stage, data)
                return
        if self.gesture is not None:
            self.gesture.move(event.position(), event.modifiers())
            if isinstance(self.gesture, SCROLLING):
                self._edge.aim(self.gesture, event.position(), event.modifiers())
            return
        if event.buttons() == Qt.MouseButton.NoButton:
            self._hover(event.position())

    def release(self, event: QMouseEvent) -> None:
        at = event.position()
        gesture = self.gesture
        if gesture is not None and event.button() == self._button:
            self.gesture = None
            self._edge.stop()
            gesture.end(at, event.modifiers())
        elif gesture is None and event.button() == Qt.MouseButton.LeftButton:
            self._click(at)
        self._cursor(at)

    def _click(self, at: QPointF) -> None:
        """A link of a card (a fix, run again) is followed when the button is let go on it."""
        pressed = self._pressed
        if pressed is None or pressed.what != What.ACTION or pressed.node is None:
            return
        now = self.hit(at)
        if now.node is pressed.node and now.action == pressed.action:
            self._stage.tell.action_requested.emit(pressed.node.id, pressed.action)

    def double(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self.gesture is not None:
            return
        at = event.position()
        hit, tell = self.hit(at), self._stage.tell
        if hit.what == What.EMPTY:
            tell.search_requested.emit(self._stage.viewer.scene_at(at), None)
        elif hit.what == What.FRAME and hit.frame is not None:
            tell.frame_rename_requested.emit(hit.frame.frame_id)
        elif hit.wire is not None:
            make_dot(self._stage, hit.wire.ends, self._stage.viewer.scene_at(at))
        elif hit.node is None or hit.plug is not None or hit.action:
            self.press(event)
        elif hit.what == What.TITLE:
            tell.rename_requested.emit(hit.node.id)
        elif hit.node.face.words is not None:
            tell.edit_requested.emit(hit.node.id)
        elif hit.what == What.PICTURE:
            tell.look_big_requested.emit(hit.node.id)

    def menu(self, event: QContextMenuEvent) -> None:
        """Right button, or the menu key. Not where the button was a gesture's."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if self.gesture is not None or (by_mouse and self._right_used):
            return
        self._menu_at(QPointF(event.pos()), QPointF(event.globalPos()))

    def _menu_at(self, at: QPointF, on_screen: QPointF) -> None:
        hit = self.hit(at)
        id = hit.node.id if hit.node is not None else ""
        if id and id not in self._stage.selected():
            self._stage.select((id,))
        self._stage.tell.menu_requested.emit(id, on_screen)

    def wheel(self, event: QWheelEvent) -> None:
        self._steering.wheel(event)

    def steer(self, event: QEvent) -> bool:
        """Pinches and pens."""
        if isinstance(event, QNativeGestureEvent):
            return self._steering.native(event)
        if isinstance(event, QTabletEvent):
            return self._steering.tablet(event)
        return isinstance(event, QGestureEvent) and self._steering.pinch(event)

    def leave(self) -> None:
        self._unlight()

    # --- keys ---

    def key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space, self._space_used = True, False
                self._stage.viewer.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
            return True
        if key == Qt.Key.Key_Escape:
            return self._escape()
        if self.gesture is not None:
            return True
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        what = self.keys.get((plain.value, key))
        if what is None:
            return False
        what()
        return True

    def key_up(self, event: QKeyEvent) -> bool:
        """Space that was only tapped looks at the selected picture."""
        if event.key() != Qt.Key.Key_Space or event.isAutoRepeat():
            return False
        held, self._space = self._space, False  # not, where it was pressed in what has just been closed
        self._stage.viewer.viewport().unsetCursor()
        chosen = self._stage.selected()
        if held and not self._space_used and len(chosen) == 1:
            self._stage.tell.look_big_requested.emit(chosen[0])
        return True

    def _escape(self) -> bool:
        """Ends the gesture first; then the selection."""
        if self.gesture is not None:
            self.cancel()
        elif self._stage.selected() or self._stage.selected_frames() or self._stage.chosen_wire:
            self._stage.choose_wire(None)
            self._stage.select(())
        else:
            return False
        return True

    def cancel(self) -> None:
        gesture, self.gesture = self.gesture, None
        self._edge.stop()
        if gesture is not None:
            gesture.cancel()

    # --- what is under the pointer ---

    def hit(self, at: QPointF) -> Hit:
        return hit_at(self._stage.viewer.canvas, self._stage.viewer.scene_at(at), self._stage.zoom)

    def _hover(self, at: QPointF) -> None:
        viewer, map = self._stage.viewer, self._stage.viewer.minimap
        if map is not None and map.on_grip(viewer.viewport().size(), at):
            viewer.viewport().setCursor(Qt.CursorShape.SizeFDiagCursor)
            return
        hit = self.hit(at)
        self._unlight(keep=hit)
        if hit.plug is not None and hit.plug.node.hovered is not hit.plug:
            hit.plug.node.hovered = hit.plug
            hit.plug.node.update()
            self._over = hit.plug.node
        if hit.wire is not None and hit.wire is not self._stage.chosen_wire:
            hit.wire.light(True)
            self._lit = hit.wire
        self._show_cursor(hit)

    def _unlight(self, keep: Hit | None = None) -> None:
        if self._over is not None and (keep is None or keep.plug is not self._over.hovered):
            self._over.hovered = None
            self._over.update()
            self._over = None
        if self._lit is not None and (keep is None or keep.wire is not self._lit):
            if self._lit is not self._stage.chosen_wire:
                self._lit.light(False)
            self._lit = None

    def _cursor(self, at: QPointF) -> None:
        viewport = self._stage.viewer.viewport()
        if isinstance(self.gesture, Pan):
            viewport.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space:
            viewport.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self.gesture is None:
            self._show_cursor(self.hit(at))

    def _show_cursor(self, hit: Hit) -> None:
        shape = {
            What.EDGE: Qt.CursorShape.SizeHorCursor,
            What.FRAME_CORNER: Qt.CursorShape.SizeFDiagCursor,
            What.ACTION: Qt.CursorShape.PointingHandCursor,
            What.PLUG: Qt.CursorShape.CrossCursor,
        }.get(hit.what)
        viewport = self._stage.viewer.viewport()
        if shape is None:
            viewport.unsetCursor()
        else:
            viewport.setCursor(shape)
