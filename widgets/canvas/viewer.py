"""NodeGraphQt's view with our camera and our painting; hands and keys are lent to it (`gestures.hands`)."""

from __future__ import annotations

import time
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QGraphicsView, QWidget

from widgets.canvas.backend import NodeViewer, quietly
from widgets.canvas.easel import Easel
from widgets.canvas.minimap import Minimap
from widgets.canvas.overlay import Overlay
from widgets.canvas.overview import OVERVIEW_BELOW, Overview
from widgets.canvas.pieces import pieces_of
from widgets.canvas.scene import CanvasScene

LEAST_ZOOM, MOST_ZOOM = 0.02, 4.0
STEERING = frozenset(
    (
        QEvent.Type.NativeGesture,
        QEvent.Type.Gesture,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
        QEvent.Type.TabletRelease,
    )
)
_WORLD = QRectF(-200_000, -200_000, 400_000, 400_000)
_REST = 110
"""Milliseconds without zooming after which cards are painted sharp."""
_DEAR_S = 0.008
"""Seconds of a frame at rest above which a changing zoom is painted coarsely."""
_FIT_AIR = 48.0
_STILL_FAR = 1.6
"""Beyond so many times the zoom below which all is seen from far, it no longer is, even on the way."""


class Hands(Protocol):
    """Who is told of the mouse, the keys and drops. Each says whether it took the event."""

    def press(self, event: QMouseEvent) -> None: ...
    def move(self, event: QMouseEvent) -> None: ...
    def release(self, event: QMouseEvent) -> None: ...
    def double(self, event: QMouseEvent) -> None: ...
    def wheel(self, event: QWheelEvent) -> None: ...
    def key(self, event: QKeyEvent) -> bool: ...
    def key_up(self, event: QKeyEvent) -> bool: ...
    def leave(self) -> None: ...
    def menu(self, event: QContextMenuEvent) -> None: ...
    def steer(self, event: QEvent) -> bool: ...


class Drops(Protocol):
    def enter(self, event: QDragMoveEvent) -> None: ...
    def move(self, event: QDragMoveEvent) -> None: ...
    def leave(self) -> None: ...
    def drop(self, event: QDropEvent) -> None: ...


class Viewer(NodeViewer):
    """A camera over the scene: `zoom`, `zoom_to`, `pan_by`, `fit`. Panning copies pixels (scroll bars)."""

    camera_moved = Signal()

    def __init__(self, easel: Easel) -> None:
        self._ready = False
        self.easel = easel
        self.hands: Hands | None = None
        self.drops: Drops | None = None
        self.overview: Overview | None = None
        self.minimap: Minimap | None = None
        with quietly():
            super().__init__()
        self._own_scene()
        self._settle = QTimer(self, singleShot=True, interval=_REST)
        self._settle.timeout.connect(self._come_to_rest)
        self._dear = False
        self._seen_far = False
        self.setObjectName("canvas")
        self.setAccessibleName(self.tr("Canvas"))
        self._ready = True
        self.setTransform(QTransform())

    def _own_scene(self) -> None:
        """Flags by which Qt repaints least; our scene in the place of NodeGraphQt's."""
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setOptimizationFlags(
            QGraphicsView.OptimizationFlag.DontSavePainterState
            | QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing
        )
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setMouseTracking(True)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        before = self.scene()
        self.canvas = CanvasScene(self.easel, self)
        for item in (self._cursor_text, self._LIVE_PIPE, self._SLICER_PIPE):
            before.removeItem(item)
        self.overlay = Overlay(self.easel)
        self.canvas.addItem(self.overlay)
        self.setScene(self.canvas)
        before.deleteLater()
        self.setSceneRect(_WORLD)

    # --- camera ---

    @property
    def zoom(self) -> float:
        return float(self.transform().m11())

    def seen(self) -> QRectF:
        """The part of the scene that is shown."""
        return QRectF(self.mapToScene(self.viewport().rect()).boundingRect())

    def zoom_to(self, zoom: float, at: QPointF | None = None, under: QPointF | None = None) -> None:
        """To a zoom, the point `at` of the viewport (its middle, by default) staying where it is; with
        `under`, that point of the scene comes to lie there."""
        zoom = min(max(zoom, LEAST_ZOOM), MOST_ZOOM)
        if zoom == self.zoom:
            return
        anchor = at if at is not None else QPointF(self.viewport().rect().center())
        under = under if under is not None else self._scene_point(anchor)
        self.easel.settled = False
        if self._dear and not self.easel.coarse:
            self._paint_coarsely(coarse=True)
        self._settle.start()
        self.setTransform(QTransform.fromScale(zoom, zoom))
        now = self._view_point(under)
        self._scroll(now.x() - anchor.x(), now.y() - anchor.y())
        self.camera_moved.emit()

    def zoom_by(self, factor: float, at: QPointF | None = None, under: QPointF | None = None) -> None:
        self.zoom_to(self.zoom * factor, at, under)

    def pan_by(self, dx: float, dy: float) -> None:
        """By px of the viewport: positive shows what lies to the right and below."""
        self._scroll(dx, dy)
        self.camera_moved.emit()

    def look_at(self, point: QPointF) -> None:
        """Brings a point of the scene to the middle."""
        middle = QPointF(self.viewport().rect().center())
        now = self._view_point(point)
        self._scroll(now.x() - middle.x(), now.y() - middle.y())
        self.camera_moved.emit()

    def fit(self, rect: QRectF, most: float = 1.0) -> None:
        """Shows a rectangle whole, enlarged at most to `most`."""
        if rect.isEmpty():
            return
        room = QSizeF(self.viewport().size()) - QSizeF(2 * _FIT_AIR, 2 * _FIT_AIR)
        zoom = min(room.width() / rect.width(), room.height() / rect.height(), most)
        zoom = min(max(zoom, LEAST_ZOOM), MOST_ZOOM)
        self.setTransform(QTransform.fromScale(zoom, zoom))
        self.look_at(rect.center())
        self._be_settled()
        self.viewport().update()

    def _scene_point(self, at: QPointF) -> QPointF:
        """`mapToScene` of a point that need not lie on a whole px."""
        inverse, _ = self.viewportTransform().inverted()
        return QPointF(inverse.map(at))

    def _view_point(self, point: QPointF) -> QPointF:
        return QPointF(self.viewportTransform().map(point))

    def _scroll(self, dx: float, dy: float) -> None:
        if self.overview is not None and self._stays_far(self.overview):
            self.overview.moving = True
            self._settle.start()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + round(dx))
        down.setValue(down.value() + round(dy))

    def _stays_far(self, overview: Overview) -> bool:
        """Whoever comes from far away sees many cards only once the camera rests: they are dear to paint."""
        beyond = self._seen_far and overview.many() and self.zoom < _STILL_FAR * OVERVIEW_BELOW
        return beyond or self.zoom < OVERVIEW_BELOW

    def _is_far(self) -> bool:
        """Whether all is painted in one picture by the overview."""
        overview = self.overview
        if overview is None or not overview.moving:
            return overview is not None and self.zoom < OVERVIEW_BELOW
        return self._stays_far(overview)

    def _come_to_rest(self) -> None:
        self._be_settled()
        self.viewport().update()

    def _be_settled(self) -> None:
        self.easel.settled = True
        if self.overview is not None:
            self.overview.moving = False
        if self.easel.coarse:
            self._paint_coarsely(coarse=False)

    def _paint_coarsely(self, *, coarse: bool) -> None:
        self.easel.coarse = coarse
        self.setRenderHint(QPainter.RenderHint.Antialiasing, not coarse)

    # --- NodeGraphQt's own camera, replaced ---

    def _update_scene(self) -> None:
        """NodeGraphQt fits the view anew at every step of a pan."""

    def _set_viewer_pan(self, pos_x: float, pos_y: float) -> None:
        self.pan_by(pos_x * self.zoom, pos_y * self.zoom)

    def _set_viewer_zoom(self, value: float, sensitivity: float | None = None, pos: Any = None) -> None:
        self.zoom_by(1.001**value, QPointF(pos) if pos is not None else None)

    def establish_connection(self, start_port: Any, end_port: Any) -> None:
        """Links are made by the mirror."""

    def apply_live_connection(self, event: Any) -> None:
        """Links are drawn by `gestures.link`."""

    def sceneMousePressEvent(self, event: Any) -> None:
        """The scene hears nothing: hands decide."""

    def sceneMouseMoveEvent(self, event: Any) -> None:
        """The scene hears nothing: hands decide."""

    def sceneMouseReleaseEvent(self, event: Any) -> None:
        """The scene hears nothing: hands decide."""

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        self.easel.ratio = self.devicePixelRatioF()
        self._seen_far = self._is_far()
        if self._seen_far and self.overview is not None:
            self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
            self._paint_far(event, self.overview)
        else:
            self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
            self._paint_near(event)
        if self.minimap is None or not event.region().intersects(self.minimap.rect(self.viewport().size())):
            return
        painter = QPainter(self.viewport())
        self.minimap.draw(painter, self.viewport().size(), self.seen())
        painter.end()

    def _paint_near(self, event: QPaintEvent) -> None:
        """Piece by piece: after a step of a pan the strips at two edges and the minimap are new, and what Qt
        would paint for them together is the whole view."""
        began = time.perf_counter()
        self.easel.begin_frame()
        pieces = pieces_of(event.region(), self.viewport().size())
        for piece in pieces:
            self.canvas.only = piece
            QGraphicsView.paintEvent(self, QPaintEvent(piece))
        self.canvas.only = None
        if not pieces:
            QGraphicsView.paintEvent(self, event)
        self.easel.end_frame()
        if self.easel.settled and not pieces and event.rect() == self.viewport().rect():
            self._dear = time.perf_counter() - began > _DEAR_S

    def _paint_far(self, event: QPaintEvent, overview: Overview) -> None:
        painter = QPainter(self.viewport())
        painter.setClipRegion(event.region())  # Qt draws thousands of lines twice as fast so
        overview.show(painter, self.viewportTransform(), self.viewport().size())
        if self.overlay.isVisible():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.overlay.draw(painter)
        painter.end()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The minimap stays where it is: what was copied of it and where it was are painted anew. From far
        away everything is: in one piece that is quicker than strips along the edges."""
        QGraphicsView.scrollContentsBy(self, dx, dy)
        if self._is_far():
            self.viewport().update()
        elif self.minimap is not None:
            place = self.minimap.rect(self.viewport().size())
            if not place.isEmpty():
                self.viewport().update(place)
                self.viewport().update(place.translated(dx, dy))

    def refresh_minimap(self) -> None:
        if self.minimap is not None:
            self.viewport().update(self.minimap.rect(self.viewport().size()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The zoom stays (NodeGraphQt changes it), and so does what is in the middle."""
        QGraphicsView.resizeEvent(self, event)
        self._last_size = self.size()
        before, after = event.oldSize(), event.size()
        if self._ready and before.isValid() and not before.isEmpty():
            self._scroll((before.width() - after.width()) / 2, (before.height() - after.height()) / 2)
        self.viewport().update()
        self.camera_moved.emit() if self._ready else None

    # --- events ---

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab opens the search."""
        return False

    def focusInEvent(self, event: QFocusEvent) -> None:
        QGraphicsView.focusInEvent(self, event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        QGraphicsView.focusOutEvent(self, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.hands is not None:
            self.hands.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.hands is not None:
            self.hands.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.hands is not None:
            self.hands.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.hands is not None:
            self.hands.double(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Pinches and pens; all else as Qt hands it on."""
        if event.type() in STEERING and self.hands is not None and self.hands.steer(event):
            event.accept()
            return True
        return bool(QGraphicsView.viewportEvent(self, event))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hands is not None:
            self.hands.wheel(event)
        event.accept()

    def leaveEvent(self, event: Any) -> None:
        if self.hands is not None:
            self.hands.leave()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.hands is not None:
            self.hands.menu(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What a field on the canvas leaves over comes here too: it was not meant for the canvas."""
        focused: QWidget | None = QApplication.focusWidget()
        typing = focused is not None and focused is not self and self.isAncestorOf(focused)
        event.setAccepted(self.hands is not None and not typing and self.hands.key(event))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(self.hands is not None and self.hands.key_up(event))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.drops is not None:
            self.drops.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self.drops is not None:
            self.drops.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        if self.drops is not None:
            self.drops.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.drops is not None:
            self.drops.drop(event)

    def scene_at(self, at: QPoint | QPointF) -> QPointF:
        """The point of the scene under a point of the viewport."""
        return self._scene_point(QPointF(at))
