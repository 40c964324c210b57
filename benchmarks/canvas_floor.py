"""The least that a canvas in Qt can be, written for speed: a bare QGraphicsScene with one painted item a node
and one path a link. A rounded card with title, picture and dots; flat blocks where they are small."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPixmap, QTransform
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

from benchmarks.canvas_work import LINKS, breathe, main, place, work

WIDTH, HEIGHT, HEAD = 240.0, 230.0, 30.0
BODY = QRectF(0, 0, WIDTH, HEIGHT)
PICTURE = QRectF(10, 84, 220, 124)
FLAT_BELOW, TEXT_BELOW = 0.25, 0.5
CARD, HEADING, TEXT, DOT = QColor("#24262d"), QColor("#332f50"), QColor("#e6e6ea"), QColor("#3fcf8e")


class Node(QGraphicsItem):
    font = QFont("sans", 10)

    def __init__(self, number: int, picture: QPixmap) -> None:
        super().__init__()
        self.title, self.picture = f"Node {number}", picture
        self.into: list[Wire] = []
        self.out: list[Wire] = []
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)

    def boundingRect(self) -> QRectF:
        return BODY.adjusted(-8, -2, 8, 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        zoom = painter.worldTransform().m11()
        if zoom < FLAT_BELOW:
            painter.fillRect(BODY, TEXT if self.isSelected() else CARD)
            painter.fillRect(PICTURE, HEADING)
            return
        painter.setPen(QPen(TEXT if self.isSelected() else HEADING, 1))
        painter.setBrush(CARD)
        painter.drawRoundedRect(BODY, 10, 10)
        painter.fillRect(QRectF(1, 1, WIDTH - 2, HEAD), HEADING)
        painter.drawPixmap(PICTURE, self.picture, QRectF(self.picture.rect()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(DOT)
        for at in (QPointF(0, 45), QPointF(0, 60), QPointF(0, 75), QPointF(WIDTH, 45)):
            painter.drawEllipse(at, 5, 5)
        if zoom >= TEXT_BELOW:
            painter.setPen(TEXT)
            painter.setFont(self.font)
            painter.drawText(
                QRectF(10, 0, WIDTH - 20, HEAD), int(Qt.AlignmentFlag.AlignVCenter.value), self.title
            )

    def move(self, dx: float, dy: float) -> None:
        self.setPos(self.x() + dx, self.y() + dy)
        for wire in (*self.into, *self.out):
            wire.adjust()


class Wire(QGraphicsPathItem):
    pen = QPen(DOT, 2)

    def __init__(self, source: Node, target: Node, slot: int) -> None:
        super().__init__()
        self.source, self.target, self.slot = source, target, slot
        source.out.append(self)
        target.into.append(self)
        self.setPen(Wire.pen)
        self.setZValue(-1)
        self.adjust()

    def adjust(self) -> None:
        start = self.source.pos() + QPointF(WIDTH, 45)
        end = self.target.pos() + QPointF(0, 45 + 15 * self.slot)
        reach = max(40.0, abs(end.x() - start.x()) / 2)
        path = QPainterPath(start)
        path.cubicTo(start + QPointF(reach, 0), end - QPointF(reach, 0), end)
        self.setPath(path)


class Floor:
    def __init__(self, app: QApplication) -> None:
        self.scene = QGraphicsScene()
        self.view = QGraphicsView(self.scene)
        self.view.setBackgroundBrush(QColor("#17181d"))
        self.view.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.view.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.view.setOptimizationFlags(
            QGraphicsView.OptimizationFlag.DontSavePainterState
            | QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing
        )
        self.view.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.view.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.nodes: list[Node] = []
        self.held: list[Node] = []
        self.count, self.files = 0, list[Path]()

    def port(self) -> QWidget:
        return self.view.viewport()

    def open(self, count: int, pictures: list[Path]) -> None:
        self.count, self.files = count, pictures
        made = [QPixmap(str(file)) for file in pictures]
        for number in range(count):
            node = Node(number, made[number % len(made)])
            node.setPos(*place(number, count))
            self.scene.addItem(node)
            self.nodes.append(node)
            for slot in range(min(LINKS, number)):
                self.scene.addItem(Wire(self.nodes[number - slot - 1], node, slot))
        self.scene.setSceneRect(self.scene.itemsBoundingRect().adjusted(-2000, -2000, 2000, 2000))
        self.look_at_all()

    def whole(self) -> None:
        breathe()

    def settle(self) -> None:
        breathe()

    def _bounds(self) -> QRectF:
        last = place(self.count - 1, self.count)
        right = max(place(number, self.count)[0] for number in range(min(self.count, 200)))
        return QRectF(0, 0, right + WIDTH, last[1] + HEIGHT).adjusted(-40, -40, 40, 40)

    def look_at_all(self) -> None:
        self.view.fitInView(self._bounds(), Qt.AspectRatioMode.KeepAspectRatio)

    def look_at_thirty(self) -> None:
        self.view.setTransform(QTransform.fromScale(0.82, 0.82))
        self.view.centerOn(self._bounds().center())

    def pan(self, dx: int, dy: int) -> None:
        across, down = self.view.horizontalScrollBar(), self.view.verticalScrollBar()
        across.setValue(across.value() + dx)
        down.setValue(down.value() + dy)

    def zoom(self, factor: float) -> None:
        centre = self.view.mapToScene(self.port().rect().center())
        self.view.scale(factor, factor)
        self.view.centerOn(centre)

    def grab(self, nodes: int) -> None:
        if nodes == 1:
            middle = self.view.mapToScene(self.port().rect().center())
            self.held = [min(self.nodes, key=lambda node: (node.pos() - middle).manhattanLength())]
        else:
            self.held = self.nodes[:nodes]

    def drag(self, dx: int, dy: int) -> None:
        zoom = self.view.transform().m11()
        for node in self.held:
            node.move(dx / zoom, dy / zoom)

    def let_go(self) -> None:
        self.held = []

    def select_all(self) -> None:
        for node in self.nodes:
            node.setSelected(True)

    def delete_all(self) -> None:
        self.scene.clear()
        self.nodes = []

    def undo(self) -> None:
        self.open(self.count, self.files)


if __name__ == "__main__":
    main(Floor, work)
