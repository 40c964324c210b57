"""Sockets and links as NodeGraphQt sees them, without an item for each socket.

A `Plug` answers the calls that NodeGraphQt makes to its port items; the card paints it. A `Wire` has no
`paint` of its own, so that Qt draws its path without entering Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene

from app.document.sockets import SocketType
from app.document.values import End
from widgets.canvas.backend import IN
from widgets.canvas.kit import CHOSEN_WIDTH
from widgets.canvas.long_curve import LONG, LongCurve

if TYPE_CHECKING:
    from widgets.canvas.items import NodeItem

WIRE_LEVEL = 1.0
_ANY = SocketType.ANY  # looked up on the class it costs more than all else here: thousands of links are made
_LEAST_BEND = 36.0


class Plug:
    """NodeGraphQt's `PortItem`, as a plain object. `local` is its place on the card."""

    __slots__ = (
        "border_color", "color", "connected_pipes", "display_name", "hovered", "local", "locked",
        "multi_connection", "name", "node", "port_type", "type", "visible",
    )  # fmt: skip

    def __init__(self, node: NodeItem, name: str, port_type: str, type: SocketType, *, multi: bool) -> None:
        self.node = node
        self.name = name
        self.port_type = port_type
        self.type = type
        self.multi_connection = multi
        self.display_name = True
        self.locked = False
        self.visible = True
        self.hovered = False
        self.color = (0, 0, 0, 255)
        self.border_color = (0, 0, 0, 255)
        self.connected_pipes: list[Wire] = []
        self.local = QPointF()

    @property
    def end(self) -> End:
        return End(self.node.id, self.name)

    @property
    def is_input(self) -> bool:
        return self.port_type == IN

    @property
    def connected_ports(self) -> list[Plug]:
        return [wire.source if self.is_input else wire.target for wire in self.connected_pipes]

    def scenePos(self) -> QPointF:
        place: QPointF = self.node.pos()
        return place + self.local

    def boundingRect(self) -> QRectF:
        return QRectF()

    def isVisible(self) -> bool:
        return self.visible

    def setVisible(self, visible: bool) -> None:
        self.visible = visible

    def scene(self) -> QGraphicsScene | None:
        scene: QGraphicsScene | None = self.node.scene()
        return scene

    def update(self) -> None:
        self.node.update()

    def redraw_connected_pipes(self) -> None:
        for wire in self.connected_pipes:
            wire.adjust()

    def connect_to(self, other: Plug) -> None:
        """Called by NodeGraphQt's ports. The scene draws the wire."""
        scene = self.scene()
        if scene is not None:
            scene.addItem(Wire(self, other) if not self.is_input else Wire(other, self))

    def disconnect_from(self, other: Plug) -> None:
        for wire in tuple(self.connected_pipes):
            if other in (wire.source, wire.target):
                wire.delete()


class Wire(QGraphicsPathItem):
    """A link on the canvas, from an output to an input."""

    def __init__(self, source: Plug, target: Plug) -> None:
        super().__init__()
        self.source, self.target = source, target
        source.connected_pipes.append(self)
        target.connected_pipes.append(self)
        self.setZValue(WIRE_LEVEL)
        self._ends = self._drawn = ends = (source.scenePos(), target.scenePos())
        self._long: LongCurve | None = None
        self.line = QLineF(*ends)
        """Straight from end to end: what is drawn of it from far away, in `rgba`."""
        self._lit = False
        self._marked = False
        self.recolour()
        self.setPath(curve(*ends))
        self._break_up()

    def come_back(self) -> None:
        """To its sockets, which have forgotten it: it was put aside with their cards."""
        self.source.connected_pipes.append(self)
        self.target.connected_pipes.append(self)
        if self._marked or self.kind is not self._kind:
            self._marked = False
            self.recolour()
        self.adjust()

    # NodeGraphQt's names for the same.
    @property
    def input_port(self) -> Plug:
        return self.target

    @property
    def output_port(self) -> Plug:
        return self.source

    @property
    def ends(self) -> tuple[End, End]:
        return self.source.end, self.target.end

    def adjust(self) -> None:
        """Follows its ends; nothing is done where neither moved."""
        self.follow()
        if self._drawn != self._ends:
            self._drawn = self._ends
            self.setPath(curve(*self._ends))
            self._break_up()

    def _break_up(self) -> None:
        """Qt strokes a curve from end to end, however little of it is seen: a long one is drawn in parts."""
        long = self.line.length() > LONG
        if self._long is None:
            if not long:
                return
            self._long = LongCurve(self)
        self._long.setVisible(long)
        if long:
            self._long.follow(self.path())
        self.setFlag(QGraphicsPathItem.GraphicsItemFlag.ItemHasNoContents, long)

    def follow(self) -> None:
        """Knows where its ends are, and keeps the old curve: enough where nobody sees curves."""
        ends = (self.source.scenePos(), self.target.scenePos())
        if ends != self._ends:
            self._ends, self.line = ends, QLineF(*ends)

    def light(self, lit: bool) -> None:
        """Thicker, as under the pointer or at a selected card."""
        if lit != self._lit:
            self._lit = lit
            self.recolour()

    @property
    def lit(self) -> bool:
        return self._lit

    def mark(self) -> None:
        """As something that is about to be cut."""
        self._marked = True
        self.recolour()

    def unmark(self, lit: bool) -> None:
        self._marked, self._lit = False, lit
        self.recolour()

    def recolour(self) -> None:
        kit = self.source.node.easel.kit
        self._kind = self.kind
        self.rgba = kit.wire(self._kind).rgba()
        if self._marked:
            self.setPen(QPen(kit.colour("error"), CHOSEN_WIDTH))
        else:
            self.setPen(kit.wire_pen(self._kind, lit=self._lit))
        if self._long is not None:
            self._long.update()

    @property
    def kind(self) -> SocketType:
        type = self.source.type
        return type if type is not _ANY else self.target.type

    def delete(self) -> None:
        for plug in (self.source, self.target):
            if self in plug.connected_pipes:
                plug.connected_pipes.remove(self)
        scene = self.scene()
        if scene is not None:
            scene.removeItem(self)


def curve(source: QPointF, target: QPointF) -> QPainterPath:
    """Leaves an output to the right and arrives at an input from the left."""
    across = target.x() - source.x()
    bend = max(_LEAST_BEND, abs(across) * 0.5) if across >= 0 else min(260.0, _LEAST_BEND + abs(across) * 0.6)
    path = QPainterPath(source)
    path.cubicTo(source.x() + bend, source.y(), target.x() - bend, target.y(), target.x(), target.y())
    return path
