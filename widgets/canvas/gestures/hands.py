"""Which gesture a press begins, and what clicks, keys and the wheel do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

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
from app.preferences.mousemap import Mouse, Mousemap
from widgets.canvas.gestures.beginning import Beginning
from widgets.canvas.gestures.carry_off import carry_off, outside
from widgets.canvas.gestures.choosing import BUTTONS, Choosing, Press, held
from widgets.canvas.gestures.drag_nodes import THRESHOLD, DragNodes
from widgets.canvas.gestures.edge_scroll import EdgeScroll
from widgets.canvas.gestures.gesture import Gesture, has
from widgets.canvas.gestures.link import DrawLink
from widgets.canvas.gestures.pan import Pan
from widgets.canvas.gestures.resize import ResizeFrame, ResizeNode
from widgets.canvas.gestures.rubber_band import RubberBand
from widgets.canvas.gestures.steering import Steering
from widgets.canvas.hits import Hit, What
from widgets.canvas.hooks import Hooks
from widgets.canvas.items import NodeItem
from widgets.canvas.plugs import Wire
from widgets.canvas.stage import Stage
from widgets.parts.scrub import Scrub

SCROLLING = (DragNodes, DrawLink, RubberBand, ResizeNode, ResizeFrame)
"""Gestures that take the view along when they come to its edge."""

Keys = Mapping[tuple[int, int], Callable[[], object]]
"""Modifiers and key → what it does."""


class Hands:
    """One gesture at a time. A change of the document from elsewhere cancels it."""

    def __init__(
        self, stage: Stage, keys: Keys, hooks: Hooks | None = None, mouse: Mouse | None = None
    ) -> None:
        self._stage = stage
        self._hooks = hooks if hooks is not None else Hooks()
        self._edge = EdgeScroll(stage.viewer)
        self.choosing = Choosing(stage, mouse if mouse is not None else Mouse(Mousemap()))
        self._beginning = Beginning(stage, self._hooks)
        self._steering = Steering(
            stage, lambda: bool(self._hooks.recall(declared.WHEEL) == "pans"), self.cancel, self._menu_at,
            self.choosing.wheel,
        )  # fmt: skip
        self._scrub = Scrub()
        self.keys = keys
        self.gesture: Gesture | None = None
        self._button = Qt.MouseButton.NoButton
        self._space = False
        self._space_used = False
        self._right_used = False
        self._pressed: Press | None = None
        self._lit: Wire | None = None
        self._over: NodeItem | None = None

    # --- press ---

    def press(self, event: QMouseEvent) -> None:
        if self.gesture is not None:
            return
        self._unlight()
        press = self._press_of(event)
        self._pressed, self._right_used = press, False
        begun = self.choosing.drag(press)
        gesture = None
        if begun is not None:
            self._space_used = self._space_used or self._space
            gesture = self._beginning.drags[begun.id](replace(press, extra=begun.extra))
            self._right_used = event.button() == Qt.MouseButton.RightButton
        if gesture is not None:
            self.gesture, self._button = gesture, event.button()
            self._edge.begin(press.at)
        self._cursor(press.at)

    def _press_of(self, event: QMouseEvent) -> Press:
        names = held(event.modifiers(), space=self._space)
        return self.choosing.press(event.position(), event.globalPosition(), event.button(), names)

    # --- move and release ---

    def move(self, event: QMouseEvent) -> None:
        if isinstance(self.gesture, DragNodes) and outside(self._stage, event.position()):
            data = self._hooks.carry_off(
                self.gesture.nodes, has(event.modifiers(), Qt.KeyboardModifier.ShiftModifier)
            )
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
        at, gesture, pressed = event.position(), self.gesture, self._pressed
        if gesture is not None and event.button() == self._button:
            self.gesture = None
            self._edge.stop()
            if pressed is None or not self._click(pressed, at, gesture):
                gesture.end(at, event.modifiers())
        elif gesture is None and pressed is not None and BUTTONS.get(event.button()) == pressed.button:
            self._click(pressed, at, None)
        if self.gesture is None:
            self._pressed = None
        self._cursor(at)

    def _click(self, pressed: Press, at: QPointF, gesture: Gesture | None) -> bool:
        """Let go where it was pressed: done, where a click is bound at least as exactly as the gesture that
        began. Qt itself says when a menu is wanted, unless a gesture had taken the button."""
        begun, drag = self.choosing.click(pressed), self.choosing.drag(pressed)
        if begun is None or (drag is not None and len(drag.extra) < len(begun.extra)):
            return False
        if begun.id == "menu" and pressed.button == "right" and not self._right_used:
            return False
        if not self._still(pressed, at):
            return False
        if gesture is not None:
            gesture.cancel()
        return self._beginning.clicks[begun.id](replace(pressed, extra=begun.extra))

    def _still(self, pressed: Press, at: QPointF) -> bool:
        """Whether a button went up where it had gone down; what a card offers is as wide as it is."""
        if pressed.hit.what == What.ACTION:
            now = self.hit(at)
            return now.node is pressed.hit.node and now.action == pressed.hit.action
        return (at - pressed.at).manhattanLength() <= THRESHOLD

    def double(self, event: QMouseEvent) -> None:
        """What a double click does; where it does nothing, it is a second press."""
        if self.gesture is not None:
            return
        press = self._press_of(event)
        begun = self.choosing.double(press) if press.button == "left" else None
        if begun is None or not self._beginning.clicks[begun.id](replace(press, extra=begun.extra)):
            self.press(event)

    def menu(self, event: QContextMenuEvent) -> None:
        """Right button, or the menu key. Not where the button was a gesture's, or means something else."""
        at, on_screen = QPointF(event.pos()), QPointF(event.globalPos())
        if self.gesture is not None:
            return
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            names = held(event.modifiers(), space=self._space)
            press = self.choosing.press(at, on_screen, Qt.MouseButton.RightButton, names)
            begun = self.choosing.click(press)
            if self._right_used or begun is None or begun.id != "menu":
                return
        self._menu_at(at, on_screen)

    def _menu_at(self, at: QPointF, on_screen: QPointF) -> None:
        press = self.choosing.press(at, on_screen, Qt.MouseButton.RightButton, frozenset())
        self._beginning.clicks["menu"](press)

    def wheel(self, event: QWheelEvent) -> None:
        if node := self.choosing.scrubbed(event.position(), event.modifiers()):
            if steps := self._scrub.turned(event):
                self._stage.tell.versions_turned.emit(node, steps)
            return
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
        tapped, self._space = self._space, False  # not, where it was pressed in what has just been closed
        self._stage.viewer.viewport().unsetCursor()
        chosen = self._stage.selected()
        if tapped and not self._space_used and len(chosen) == 1:
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
        return self.choosing.hit(at)

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
