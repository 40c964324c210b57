"""What a gesture shows while it lasts: a live wire, why a socket refuses it, a box, ghosts of copies."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsLineItem, QStyleOptionGraphicsItem, QWidget

from widgets.canvas.easel import Easel
from widgets.canvas.plugs import curve
from widgets.theme import RADIUS

OVERLAY_LEVEL = 100.0
_BUBBLE_WIDTH = 230.0


class Overlay(QGraphicsItem):
    """One item above all others. Empty most of the time."""

    def __init__(self, easel: Easel) -> None:
        super().__init__()
        self._easel = easel
        self.setZValue(OVERLAY_LEVEL)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setVisible(False)
        self._bounds = QRectF()
        self._zoom = 1.0
        self._wire: tuple[QPointF, QPointF, QColor] | None = None
        self.ring: tuple[QPointF, bool] | None = None
        self.words = ""
        self._words_at = QPointF()
        self.box: QRectF | None = None
        self.ghosts: tuple[QRectF, ...] = ()
        self.guides: tuple[QLineF, ...] = ()
        self._guide_items: list[QGraphicsLineItem] = []
        self.stroke: QPolygonF | None = None
        self._bend: QPointF | None = None

    def clear(self) -> None:
        self._wire, self.ring, self.words, self.box, self.ghosts = None, None, "", None, ()
        self.stroke = self._bend = None
        self.show_guides((), 1.0)
        self._fit()

    def show_wire(
        self, source: QPointF, target: QPointF, colour: QColor, zoom: float, *,
        ring: tuple[QPointF, bool] | None = None, words: str = "", words_at: QPointF | None = None,
    ) -> None:  # fmt: skip
        """`ring` marks the socket under the pointer: a place, and whether it takes the link."""
        self._zoom = zoom
        self._wire = (source, target, colour)
        self.ring, self.words = ring, words
        self._words_at = words_at if words_at is not None else target
        self._fit()

    def show_bend(
        self, source: QPointF, through: QPointF, target: QPointF, colour: QColor, zoom: float
    ) -> None:
        """A link that is being led through a point."""
        self._zoom, self._wire, self._bend = zoom, (source, target, colour), through
        self._fit()

    def show_stroke(self, stroke: QPolygonF, zoom: float) -> None:
        """The line that cuts."""
        self._zoom, self.stroke = zoom, stroke
        self._fit()

    def show_box(self, box: QRectF, zoom: float) -> None:
        self._zoom, self.box = zoom, box
        self._fit()

    def show_ghosts(self, ghosts: tuple[QRectF, ...]) -> None:
        self.ghosts = ghosts
        self._fit()

    def show_guides(self, guides: tuple[QLineF, ...], zoom: float) -> None:
        """Each an item of its own: two long lines in one would have the whole view painted at each move."""
        if guides == self.guides:
            return
        self.guides = guides
        while len(self._guide_items) < len(guides):
            item = QGraphicsLineItem()
            item.setZValue(OVERLAY_LEVEL)
            item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
            self.scene().addItem(item)
            self._guide_items.append(item)
        for at, item in enumerate(self._guide_items):
            item.setVisible(at < len(guides))
            if at < len(guides):
                item.setPen(QPen(self._easel.kit.colour("accent"), 1 / zoom))
                item.setLine(guides[at])

    @property
    def wire(self) -> tuple[QPointF, QPointF, QColor] | None:
        return self._wire

    def _fit(self) -> None:
        self.prepareGeometryChange()
        bounds = QRectF()
        if self._wire is not None:
            bounds |= self._path(*self._wire[:2]).boundingRect().adjusted(-20, -20, 20, 20)
        if self.stroke is not None:
            air = 3 / self._zoom
            bounds |= self.stroke.boundingRect().adjusted(-air, -air, air, air)
        if self.words:
            bounds |= self._bubble().adjusted(-2, -2, 2, 2)
        if self.box is not None:
            bounds |= self.box.adjusted(-2 / self._zoom, -2 / self._zoom, 2 / self._zoom, 2 / self._zoom)
        for ghost in self.ghosts:
            bounds |= ghost.adjusted(-2, -2, 2, 2)
        self._bounds = bounds
        self.setVisible(not bounds.isNull())
        self.update()

    def _path(self, source: QPointF, target: QPointF) -> QPainterPath:
        if self._bend is None:
            return curve(source, target)
        path = curve(source, self._bend)
        path.addPath(curve(self._bend, target))
        return path

    def boundingRect(self) -> QRectF:
        return self._bounds

    def _bubble(self) -> QRectF:
        """In scene coordinates; as large on the screen whatever the zoom."""
        text = self._easel.kit.body_size.boundingRect(
            QRectF(0, 0, _BUBBLE_WIDTH - 20, 400), Qt.TextFlag.TextWordWrap.value, self.words
        )
        size = QRectF(0, 0, (text.width() + 22) / self._zoom, (text.height() + 16) / self._zoom)
        return size.translated(self._words_at + QPointF(18, -8) / self._zoom)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        self.draw(painter)

    def draw(self, painter: QPainter) -> None:
        """In scene coordinates."""
        kit = self._easel.kit
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._wire is not None:
            source, target, colour = self._wire
            painter.setPen(QPen(colour, 2.4))
            painter.drawPath(self._path(source, target))
            painter.setBrush(colour)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(target, 4, 4)
        if self.ring is not None:
            at, takes = self.ring
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(kit.colour("accent" if takes else "error"), 2.2))
            painter.drawEllipse(at, 11, 11)
        if self.box is not None:
            painter.setPen(QPen(kit.colour("accent"), 0))
            painter.setBrush(kit.colour("accent", 30))
            painter.drawRect(self.box)
        painter.setBrush(kit.colour("accent", 26))
        for ghost in self.ghosts:
            painter.setPen(QPen(kit.colour("accent"), 1.4, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(ghost, RADIUS, RADIUS)
        if self.stroke is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(kit.colour("error"), 2.2 / self._zoom, Qt.PenStyle.DashLine))
            painter.drawPolyline(self.stroke)
        if self.words:
            self._draw_words(painter)

    def _draw_words(self, painter: QPainter) -> None:
        kit = self._easel.kit
        bubble = self._bubble()
        painter.save()
        painter.translate(bubble.topLeft())
        painter.scale(1 / self._zoom, 1 / self._zoom)
        rect = QRectF(0, 0, bubble.width() * self._zoom, bubble.height() * self._zoom)
        refused = self.ring is not None and not self.ring[1]
        painter.setPen(QPen(kit.colour("error" if refused else "line_strong"), 1))
        painter.setBrush(kit.colour("card"))
        painter.drawRoundedRect(rect, 6, 6)
        painter.setPen(kit.colour("text"))
        painter.setFont(kit.body)
        painter.drawText(rect.adjusted(11, 8, -9, -6), Qt.TextFlag.TextWordWrap.value, self.words)
        painter.restore()
