"""The pictures of a comparison, painted; the mouse on them: the divider is dragged, everything else pans, the
wheel zooms, all pictures together."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.basics.faults import Fault
from app.basics.words import spoken
from widgets.compare.camera import STEP, Camera
from widgets.compare.comparison import Comparison, Mode
from widgets.compare.differing import Differing, Pair, Seen, Wanted
from widgets.compare.drawing import chequer, device_pixels, draw_label, draw_picture
from widgets.compare.gallery import Gallery
from widgets.compare.glasses import Glasses, Spot, beside, kept_in, place_in
from widgets.compare.placing import common_frame, grid, share, within
from widgets.messages import percent
from widgets.parts.shown import Shown
from widgets.theme import Themes

REACH = 9.0
"""Px from the divider at which it is taken."""
_KNOB = 11.0
_AIR = 10.0
_COARSEST = 6


class Surface(QWidget):
    """`changed` when the mouse has moved the divider; `moved` when pictures have been panned or zoomed."""

    changed = Signal()
    moved = Signal()

    def __init__(self, gallery: Gallery, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("comparison")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.camera = Camera()
        self.state = Comparison()
        self._gallery, self._themes = gallery, themes
        self.differing = Differing(self)
        self.glasses = Glasses()
        self._grab: QPointF | None = None
        self._divides = False
        gallery.changed.connect(self._heard)
        self.differing.changed.connect(self._heard)

    def show_state(self, state: Comparison) -> None:
        if state.mode is not Mode.DIFFERENCE and self.differing.seen is not None:
            self.differing.clear()
        self.state = state
        self._heard()

    def _heard(self, *_: object) -> None:
        self.camera.show(self.frame)
        self.update()
        self.moved.emit()

    # --- where things are, in device pixels ---

    @property
    def frame(self) -> QSizeF:
        """The size onto which all pictures are fitted: that of the largest."""
        sizes = (self._gallery.size(one.path) for one in self.state.shown)
        return common_frame(QSizeF(size) for size in sizes if size is not None)

    def whole(self, ratio: float = 0.0) -> QRectF:
        ratio = ratio or self.devicePixelRatioF()
        return QRectF(0, 0, round(self.width() * ratio), round(self.height() * ratio))

    def panes(self, ratio: float = 0.0) -> list[QRectF]:
        """One for each picture side by side, else one for all."""
        whole = self.whole(ratio)
        if self.state.mode is not Mode.SIDE:
            return [whole]
        frame = self.frame
        return grid(len(self.state.shown), whole, frame.width() / frame.height())

    def _pane_at(self, at: QPointF) -> QRectF:
        panes = self.panes()
        return next((pane for pane in panes if pane.contains(at)), panes[0] if panes else self.whole())

    def scale(self) -> float:
        """Device pixels for a pixel of the frame."""
        panes = self.panes()
        return self.camera.scale(panes[0].size()) if panes else 1.0

    def zoom_by(self, factor: float) -> None:
        room = self._pane_at(self.whole().center())
        self.camera.zoom_by(factor, room.center(), room)
        self._heard()

    def zoom_to(self, zoom: float) -> None:
        room = self._pane_at(self.whole().center())
        self.camera.zoom_to(zoom, room.center(), room)
        self._heard()

    def fit(self) -> None:
        self.camera.fit()
        self._heard()

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._themes.theme.colour("canvas"))
        if self.state.shown:
            with device_pixels(painter) as ratio:
                paint = {
                    Mode.WIPE: self._wipe, Mode.SIDE: self._side, Mode.DIFFERENCE: self._difference,
                    Mode.BLINK: self._blink,
                }[self.state.mode]  # fmt: skip
                paint(painter, ratio)
            self._labels(painter)
            if self.glasses.there:
                self.glasses.draw(painter, self._themes.theme, self._gallery, self.spots())
        painter.end()

    def _picture(self, painter: QPainter, one: Shown, pane: QRectF, room: QRectF, ratio: float) -> None:
        """A picture in the frame, of which `pane` shows a part and `room` a part of that."""
        size, fault = self._gallery.size(one.path), self._gallery.fault(one.path)
        frame = self.camera.frame
        level = None
        if size is not None and fault is None:
            scale = self.camera.scale(pane.size()) * share(QSizeF(size), frame)
            level = self._gallery.at(one.path, scale)
        if level is None or size is None:
            self._say(painter, room, fault, ratio)
            return
        box = within(QSizeF(size), frame, self.camera.box(pane))
        draw_picture(painter, level.image, box, room, chequer(self._themes.theme, ratio))

    def _say(self, painter: QPainter, room: QRectF, fault: Fault | None, ratio: float) -> None:
        painter.save()
        painter.scale(ratio, ratio)
        rect = QRectF(room.topLeft() / ratio, room.size() / ratio).adjusted(16, 16, -16, -16)
        words = self.tr("Opening…") if fault is None else f"{spoken(fault.title)} {spoken(fault.advice)}"
        painter.setPen(self._themes.theme.colour("muted" if fault is None else "error"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
        painter.restore()

    def _wipe(self, painter: QPainter, ratio: float) -> None:
        a, b = self.state.pair
        whole = self.whole(ratio)
        at = round(whole.width() * self.state.split)
        self._picture(painter, a, whole, QRectF(0, 0, at, whole.height()), ratio)
        self._picture(painter, b, whole, QRectF(at, 0, whole.width() - at, whole.height()), ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, knob = round(ratio), _KNOB * ratio
        painter.fillRect(QRectF(at - 2 * line, 0, 4 * line, whole.height()), QColor(0, 0, 0, 110))
        painter.fillRect(QRectF(at - line, 0, 2 * line, whole.height()), QColor("white"))
        painter.setPen(QPen(QColor(0, 0, 0, 110), line))
        painter.setBrush(QColor("white"))
        middle = QPointF(at, whole.height() / 2)
        painter.drawEllipse(middle, knob, knob)
        painter.setPen(QPen(QColor("#303440"), 1.6 * ratio, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for side in (-1, 1):
            tip = middle + QPointF(side * 6.5 * ratio, 0)
            for down in (-1, 1):
                painter.drawLine(tip, tip + QPointF(-side * 3.5 * ratio, down * 3.5 * ratio))

    def _side(self, painter: QPainter, ratio: float) -> None:
        for one, pane in zip(self.state.shown, self.panes(ratio), strict=False):
            painter.fillRect(pane, self._themes.theme.colour("window"))
            self._picture(painter, one, pane, pane, ratio)

    def _blink(self, painter: QPainter, ratio: float) -> None:
        a, b = self.state.pair
        whole = self.whole(ratio)
        for one in (a, b):  # the other is asked for too: it is there when its turn comes
            size = self._gallery.size(one.path)
            if size is not None:
                scale = self.camera.scale(whole.size()) * share(QSizeF(size), self.camera.frame)
                self._gallery.at(one.path, scale)
        self._picture(painter, b if self.state.front else a, whole, whole, ratio)

    def _difference(self, painter: QPainter, ratio: float) -> None:
        whole = self.whole(ratio)
        seen = self.difference(whole)
        if seen is None:
            faults = (self._gallery.fault(one.path) for one in self.state.pair)
            fault = self.differing.fault or next((one for one in faults if one), None)
            self._say(painter, whole, fault, ratio)
            return
        box = within(QSizeF(*seen.wanted.pair.frame), self.camera.frame, self.camera.box(whole))
        ground = chequer(self._themes.theme, ratio)
        draw_picture(painter, seen.image, box, whole, ground, smooth=False)

    def difference(self, room: QRectF | None = None) -> Seen | None:
        """What is known of the difference of A and B, or None as long as it is computed."""
        room = room or self.whole()
        a, b = self.state.pair
        sizes = [self._gallery.size(one.path) for one in (a, b)]
        if sizes[0] is None or sizes[1] is None:
            return None
        halvings = tuple(self._gallery.finest(one.path) for one in (a, b))
        frame = common_frame(
            QSizeF(size) / 2**fewer for size, fewer in zip(sizes, halvings, strict=True) if size
        )
        pixels = (max(1, round(frame.width())), max(1, round(frame.height())))
        pair = Pair(a.path, b.path, (halvings[0], halvings[1]), pixels)
        scale = self.camera.scale(room.size()) * share(QSizeF(*pixels), self.camera.frame)
        coarser = 0
        while scale * 2**coarser < 1.0 - 1e-6 and coarser < _COARSEST:  # so that each of its pixels is seen
            coarser += 1
        return self.differing.ask(Wanted(pair, self.state.factor, coarser))

    # --- the loupe ---

    def look_closely(self, *, switched: bool | None = None, held: bool | None = None) -> None:
        """The loupe is switched on or off, held or let go."""
        glasses = self.glasses
        glasses.switched = glasses.switched if switched is None else switched
        glasses.held = glasses.held if held is None else held
        if glasses.there and glasses.cursor is None:
            glasses.cursor = QPointF(self.mapFromGlobal(self.cursor().pos()))
        self._show_cursor()
        self.update()

    def spots(self) -> list[Spot]:
        """What the glasses lie over: of A and B, side by side of all."""
        if self.glasses.cursor is None or not self.state.shown:
            return []
        at, ratio = self._device(self.glasses.cursor), self.devicePixelRatioF()
        home = self._pane_at(at)
        point = self.camera.pixel(at, home)
        if self.state.mode is Mode.SIDE:
            places = [kept_in(at + pane.topLeft() - home.topLeft(), pane, ratio) for pane in self.panes()]
            pairs = list(zip(self.state.shown, places, strict=False))
        else:
            places = [*beside(at, home, ratio)]
            pairs = list(zip(self.state.pair, places, strict=True))
        frame = self.camera.frame
        return [
            Spot(one, place_in(QSizeF(size), frame, point), place)
            for one, place in pairs
            if (size := self._gallery.size(one.path)) is not None
        ]

    # --- words ---

    def _labels(self, painter: QPainter) -> None:
        label = partial(draw_label, painter, self._themes.theme)
        state, width = self.state, self.width()
        a, b = (self.words(one) for one in state.pair)
        corner, right = QPointF(_AIR, _AIR), QPointF(width - _AIR, _AIR)
        half = width / 2 - 2 * _AIR
        if state.mode is Mode.SIDE:
            ratio = self.devicePixelRatioF()
            for one, pane in zip(state.shown, self.panes(), strict=False):
                at = pane.topLeft() / ratio + corner
                label(self.words(one), at, pane.width() / ratio - 2 * _AIR)
        elif state.mode is Mode.BLINK:
            label(f"B  ·  {b}" if state.front else f"A  ·  {a}", corner, width - 2 * _AIR)
        else:
            label(f"A  ·  {a}", corner, half)
            label(f"B  ·  {b}", right, half, right=True)
        if state.mode is Mode.DIFFERENCE and (words := self.told()):
            label(words, QPointF(_AIR, self.height() - 34), width - 2 * _AIR)

    def words(self, one: Shown) -> str:
        """With its size where the pictures have not all the same: they are fitted onto each other then."""
        sizes = {size.toTuple() for each in self.state.shown if (size := self._gallery.size(each.path))}
        size = self._gallery.size(one.path)
        if size is None or len(sizes) < 2:
            return one.words
        told = f"{size.width()} × {size.height()}"
        fitted = share(QSizeF(size), self.camera.frame)
        if fitted != 1.0:
            told = self.tr("{size}, shown at {share}").format(size=told, share=percent(fitted))
        return f"{one.words}  ·  {told}"

    def told(self) -> str:
        """What the difference comes to, in words; empty while it is computed."""
        seen = self.difference()
        if seen is None:
            return ""
        found = seen.difference
        if found.identical:
            return self.tr("Identical: not one pixel differs")
        part = 100 * found.differing / found.all
        shown = f"{part:.2f}" if part >= 0.01 else "< 0.01"
        return self.tr("{share} % of the pixels differ, by {most} of 255 at most. Shown × {factor}").format(
            share=shown, most=found.most, factor=seen.wanted.factor
        )

    # --- the mouse ---

    def _device(self, at: QPointF) -> QPointF:
        return at * self.devicePixelRatioF()

    def _on_divider(self, at: QPointF) -> bool:
        wiping = self.state.mode is Mode.WIPE and bool(self.state.shown)
        return wiping and abs(at.x() - self.width() * self.state.split) <= REACH

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._divides = event.button() == Qt.MouseButton.LeftButton and self._on_divider(event.position())
        self._grab = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self.glasses.cursor = event.position()
        if self._grab is None:
            self._show_cursor()
            if self.glasses.there:
                self.update()
        elif self._divides:
            self.state = replace(self.state, split=min(max(at.x() / max(1, self.width()), 0.0), 1.0))
            self.update()
            self.changed.emit()
        else:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.camera.pan(self._device(at - self._grab), self._pane_at(self._device(self._grab)))
            self._grab = at
            self._heard()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grab, self._divides = None, False
        self._show_cursor()

    def _show_cursor(self) -> None:
        shape = Qt.CursorShape.BlankCursor if self.glasses.there else Qt.CursorShape.ArrowCursor
        if self.glasses.cursor is not None and self._on_divider(self.glasses.cursor):
            shape = Qt.CursorShape.SplitHCursor
        self.setCursor(shape)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Real pixels, or fitted again."""
        if not self._on_divider(event.position()):
            at = self._device(event.position())
            self.camera.toggle_real(at, self._pane_at(at))
            self._heard()

    def wheelEvent(self, event: QWheelEvent) -> None:
        at, turned = self._device(event.position()), event.angleDelta().y()
        if self.glasses.there:
            self.glasses.turn(turned > 0)
        else:
            self.camera.zoom_by(STEP**turned, at, self._pane_at(at))
        self._heard()
