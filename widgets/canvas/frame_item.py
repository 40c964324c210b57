"""The item of a frame: a titled rectangle behind nodes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.document.values import Frame
from widgets.canvas.backend import AbstractNodeItem
from widgets.canvas.easel import Easel
from widgets.canvas.node_face import FLAT_BELOW, PLAIN_BELOW
from widgets.theme import RADIUS

FRAME_LEVEL = -1.0
TITLE_HEIGHT = 30.0


class FrameItem(AbstractNodeItem):
    def __init__(self, easel: Easel, id: str, frame: Frame) -> None:
        super().__init__(frame.title)
        self.easel = easel
        self.frame = frame
        self.frame_id = id
        self._properties["id"] = f"frame:{id}"
        self.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsMovable, False)
        self.setZValue(FRAME_LEVEL)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._size = QRectF(0, 0, *frame.rect[2:])
        self.setPos(*frame.rect[:2])

    @property
    def name(self) -> str:
        return self.frame.title

    @name.setter
    def name(self, name: str) -> None:
        """The title comes from the document alone."""

    def show_frame(self, frame: Frame) -> None:
        self.frame = frame
        self.place(QRectF(*frame.rect))

    def place(self, rect: QRectF) -> None:
        """Where it is shown, also while it is dragged."""
        size = QRectF(0, 0, rect.width(), rect.height())
        if size != self._size:
            self.prepareGeometryChange()
            self._size = size
        self.setPos(rect.topLeft())
        self.update()

    @property
    def rect(self) -> QRectF:
        return self._size.translated(self.pos())

    def boundingRect(self) -> QRectF:
        return self._size.adjusted(-5, -5, 5, 5)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        kit = self.easel.kit
        zoom = painter.worldTransform().m11()
        if self.isSelected():
            painter.setPen(QPen(kit.colour("accent"), 1.6 / min(zoom, 1.0)))
        else:
            painter.setPen(QPen(kit.colour("line_strong"), 1 / min(zoom, 1.0)))
        tinted = QColor.isValidColorName(self.frame.color)
        ground = QColor(self.frame.color) if tinted else kit.theme.colour("text")
        ground.setAlpha(40 if tinted else 9)
        painter.setBrush(ground)
        painter.drawRoundedRect(self._size, RADIUS, RADIUS)
        if zoom < FLAT_BELOW:
            return
        painter.setPen(kit.colour("muted"))
        painter.setFont(kit.title if zoom >= PLAIN_BELOW else kit.far_title)
        metrics = kit.title_size if zoom >= PLAIN_BELOW else kit.far_size
        room = self._size.width() - 28
        title = metrics.elidedText(self.frame.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(
            QRectF(14, 4, room, 26), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title
        )
