"""The camera by wheel, by two fingers on a trackpad or a screen, and by the button on a pen's barrel."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QTabletEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture

from widgets.canvas.gestures.gesture import has
from widgets.canvas.gestures.pan import Pan
from widgets.canvas.stage import Stage

NOTCH = 1.2
"""How much one notch of a wheel (120) zooms."""
_PX = 0.5
"""Px that are panned for each unit of a wheel's angle: 60 a notch, as elsewhere in Qt."""
_PIXEL_ZOOM = 1.008
_SERIES = 0.4
"""Seconds within which turns of a wheel at one place zoom about one point of the scene."""
_PEN_THRESHOLD = 4.0

_CTRL = Qt.KeyboardModifier.ControlModifier


class Steering:
    """`pans` says whether a plain wheel pans instead of zooming. `interrupt` ends a gesture in work: a second
    finger has come down. `menu` opens what is behind the right button. `wheel` says which gesture the
    wheel is while these modifiers are held, and whether it is so because of them."""

    def __init__(
        self,
        stage: Stage,
        pans: Callable[[], bool],
        interrupt: Callable[[], None],
        menu: Callable[[QPointF, QPointF], None],
        wheel: Callable[[Qt.KeyboardModifier], tuple[str, bool]],
    ) -> None:
        self._stage = stage
        self._pans = pans
        self._interrupt = interrupt
        self._menu = menu
        self._wheel = wheel
        self._rest = QPointF()
        self._anchor: tuple[QPointF, QPointF, float] | None = None
        self._pen: Pan | None = None
        self._pen_at: QPointF | None = None

    # --- wheel and trackpad ---

    def wheel(self, event: QWheelEvent) -> None:
        """Fingers pan; with Ctrl they zoom, since drivers make that of a pinch. A wheel does what is bound to
        it; a plain one pans instead of zooming where it was asked to. A tilted wheel pans sideways."""
        pixels, angle, modifiers = event.pixelDelta(), event.angleDelta(), event.modifiers()
        fingers = (
            not pixels.isNull()
            or event.phase() != Qt.ScrollPhase.NoScrollPhase
            or event.device().type() == QInputDevice.DeviceType.TouchPad
        )
        moved = QPointF(pixels) if not pixels.isNull() else QPointF(angle) * _PX
        if moved.isNull():
            return
        pinched = has(modifiers, _CTRL)
        means, held = ("zoom" if pinched else "scroll", pinched) if fingers else self._wheel(modifiers)
        if means == "scroll-across":
            self._pan(QPointF(moved.y() or moved.x(), 0))
        elif means == "zoom" and held:
            self._turn(event, NOTCH ** ((angle.y() or angle.x()) / 120))
        elif means == "zoom" and angle.y() and not self._pans():
            self._turn(event, NOTCH ** (angle.y() / 120))
        elif means:
            self._pan(moved)

    def _turn(self, event: QWheelEvent, factor: float) -> None:
        if factor == 1.0:
            factor = _PIXEL_ZOOM ** event.pixelDelta().y()
        self._zoom(factor, event.position())

    def _pan(self, by: QPointF) -> None:
        """A fine wheel moves by parts of a px: they add up."""
        self._rest -= by
        x, y = int(self._rest.x()), int(self._rest.y())
        self._rest -= QPointF(x, y)
        self._anchor = None
        if x or y:
            self._stage.viewer.pan_by(x, y)

    def _zoom(self, factor: float, at: QPointF) -> None:
        """About the same point of the scene for as long as it is turned at one place: scroll bars know only
        whole px, and the parts would add up."""
        now, viewer = time.monotonic(), self._stage.viewer
        held = self._anchor
        fresh = held is None or held[0] != at or now - held[2] > _SERIES
        under = viewer.scene_at(at) if held is None or fresh else held[1]
        self._anchor = (at, under, now)
        viewer.zoom_by(factor, at, under)

    # --- fingers ---

    def native(self, event: QNativeGestureEvent) -> bool:
        """What a trackpad's driver makes of fingers. Whether it was for us."""
        kind = event.gestureType()
        if kind == Qt.NativeGestureType.ZoomNativeGesture:
            self._zoom(max(0.1, 1.0 + event.value()), event.position())
        elif kind == Qt.NativeGestureType.PanNativeGesture:
            self._pan(QPointF(event.delta()))
        else:
            return kind in (Qt.NativeGestureType.BeginNativeGesture, Qt.NativeGestureType.EndNativeGesture)
        return True

    def pinch(self, event: QGestureEvent) -> bool:
        """Two fingers on a screen: they zoom where they are, and take the view along."""
        pinch = event.gesture(Qt.GestureType.PinchGesture)
        if not isinstance(pinch, QPinchGesture):
            return False
        if pinch.state() == Qt.GestureState.GestureStarted:
            self._interrupt()
        viewport = self._stage.viewer.viewport()
        now, before = (viewport.mapFromGlobal(one) for one in (pinch.centerPoint(), pinch.lastCenterPoint()))
        if pinch.changeFlags() & QPinchGesture.ChangeFlag.CenterPointChanged:
            self._pan(now - before)
        if pinch.changeFlags() & QPinchGesture.ChangeFlag.ScaleFactorChanged and pinch.scaleFactor() > 0:
            self._stage.viewer.zoom_by(pinch.scaleFactor(), now)
        event.accept(pinch)
        return True

    # --- pen ---

    def tablet(self, event: QTabletEvent) -> bool:
        """The tip is the left button: Qt makes mouse events of it, so it is not taken here. With a barrel
        button the view is panned; only pressed, it opens the menu."""
        at = event.position()
        if event.type() == QEvent.Type.TabletPress and event.button() in (
            Qt.MouseButton.RightButton,
            Qt.MouseButton.MiddleButton,
        ):
            self._pen_at, self._pen = at, None
            return True
        if self._pen_at is None:
            return False
        if event.type() == QEvent.Type.TabletMove:
            if self._pen is None and (at - self._pen_at).manhattanLength() > _PEN_THRESHOLD:
                self._pen = Pan(self._stage, self._pen_at)
            if self._pen is not None:
                self._pen.move(at, event.modifiers())
        elif event.type() == QEvent.Type.TabletRelease:
            if self._pen is None and event.button() == Qt.MouseButton.RightButton:
                self._menu(at, event.globalPosition())
            self._pen_at = self._pen = None
        return True
