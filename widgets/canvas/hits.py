"""What lies under the pointer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPathStroker

from widgets.canvas.face import Family
from widgets.canvas.frame_item import TITLE_HEIGHT, FrameItem
from widgets.canvas.items import SOCKET_REACH, NodeItem
from widgets.canvas.overview import OVERVIEW_BELOW
from widgets.canvas.plugs import Plug, Wire
from widgets.canvas.scene import CanvasScene


class What(StrEnum):
    EMPTY = "empty"
    PLUG = "plug"
    ACTION = "action"
    TITLE = "title"
    BODY = "body"
    PICTURE = "picture"
    EDGE = "edge"
    WIRE = "wire"
    FRAME = "frame"
    FRAME_CORNER = "frame corner"


@dataclass(frozen=True, slots=True)
class Hit:
    what: What
    node: NodeItem | None = None
    plug: Plug | None = None
    action: str = ""
    wire: Wire | None = None
    frame: FrameItem | None = None


NOTHING = Hit(What.EMPTY)
_EDGE = 5.0
_CORNER = 18.0
_KNOT = 9.0
_WIRE_REACH = 6.0


def hit_at(scene: CanvasScene, point: QPointF, zoom: float) -> Hit:
    """The topmost thing at a point of the scene; sockets are easy to hit at every zoom."""
    reach = min(max(SOCKET_REACH, 9 / zoom), 3 * SOCKET_REACH)
    around = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
    items = scene.items(around, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
    near = 0.0 if zoom < OVERVIEW_BELOW else reach
    nodes = [item for item in items if isinstance(item, NodeItem)]
    for node in nodes:
        found = _in_node(node, point - node.pos(), near, zoom)
        if found is not None:
            return found
    wires = [item for item in items if isinstance(item, Wire)]
    wire = next((wire for wire in wires if _touches(wire, point, zoom)), None)
    if wire is not None:
        return Hit(What.WIRE, wire=wire)
    for frame in (item for item in items if isinstance(item, FrameItem)):
        part = _in_frame(frame, point, zoom)
        if part is not None:
            return Hit(part, frame=frame)
    return NOTHING


def plug_near(scene: CanvasScene, point: QPointF, reach: float) -> list[Plug]:
    """Sockets around a point, nearest first."""
    around = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
    found: list[tuple[float, int, Plug]] = []
    for item in scene.items(around, Qt.ItemSelectionMode.IntersectsItemBoundingRect):
        if isinstance(item, NodeItem):
            for plug in (*item.plugs_in, *item.plugs_out):
                away = QLineF(plug.scenePos(), point).length()
                if away <= reach:
                    found.append((away, len(found), plug))
    return [plug for _, _, plug in sorted(found, key=lambda one: one[:2])]


def node_under(scene: CanvasScene, point: QPointF) -> NodeItem | None:
    """The card whose body is at a point."""
    for item in scene.items(point, Qt.ItemSelectionMode.IntersectsItemBoundingRect):
        if isinstance(item, NodeItem) and item.layout.body.contains(point - item.pos()):
            return item
    return None


def _in_node(node: NodeItem, local: QPointF, near: float, zoom: float) -> Hit | None:
    if node.face.family == Family.DOT:
        return _in_dot(node, local, near)
    plug = node.plug_at(local, near) if near else None
    if plug is not None:
        return Hit(What.PLUG, node=node, plug=plug)
    layout = node.layout
    edge = max(_EDGE, _EDGE / zoom)
    if abs(local.x() - layout.width) <= edge and layout.head < local.y() < layout.height:
        return Hit(What.EDGE, node=node)
    if not layout.body.contains(local):
        return None
    action = node.action_at(local)
    if action:
        return Hit(What.ACTION, node=node, action=action)
    if local.y() <= layout.head:
        return Hit(What.TITLE, node=node)
    if layout.picture is not None and layout.picture.contains(local):
        return Hit(What.PICTURE, node=node)
    return Hit(What.BODY, node=node)


def _in_dot(node: NodeItem, local: QPointF, near: float) -> Hit | None:
    """Its middle moves it, its sides are its sockets."""
    away = QLineF(node.layout.body.center(), local).length()
    if away <= _KNOT or (not near and away <= node.layout.width):
        return Hit(What.BODY, node=node)
    plug = node.plug_at(local, min(near, SOCKET_REACH)) if near else None
    return Hit(What.PLUG, node=node, plug=plug) if plug is not None else None


def _touches(wire: Wire, point: QPointF, zoom: float) -> bool:
    stroker = QPainterPathStroker()
    stroker.setWidth(2 * _WIRE_REACH / min(zoom, 1.0))
    return stroker.createStroke(wire.path()).contains(point)


def _in_frame(frame: FrameItem, point: QPointF, zoom: float) -> What | None:
    rect = frame.rect
    edge = _EDGE / min(zoom, 1.0)
    if not rect.adjusted(-edge, -edge, edge, edge).contains(point):
        return None
    if point.x() > rect.right() - _CORNER and point.y() > rect.bottom() - _CORNER:
        return What.FRAME_CORNER
    on_title = point.y() < rect.top() + TITLE_HEIGHT / min(zoom, 1.0)
    on_edge = not rect.adjusted(edge, edge, -edge, -edge).contains(point)
    return What.FRAME if on_title or on_edge else None
