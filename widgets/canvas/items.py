"""The item of a node: a card painted whole, without children."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from widgets.canvas.backend import IN, OUT, AbstractNodeItem
from widgets.canvas.easel import Card, Easel
from widgets.canvas.face import Face, Row
from widgets.canvas.kit import SHADOW_REACH
from widgets.canvas.measure import Layout, measure
from widgets.canvas.node_face import (
    PLAIN_BELOW,
    block_colour,
    draw_card,
    draw_far,
    draw_socket,
    notice_origin,
    remark_rect,
)
from widgets.canvas.plugs import Plug, Wire
from widgets.canvas.several_face import together
from widgets.canvas.sheet_face import step_at
from widgets.theme import RADIUS

NODE_LEVEL = 2.0
_REACH = QRectF(0, 0, 0, 0).adjusted(-SHADOW_REACH, -SHADOW_REACH, SHADOW_REACH, SHADOW_REACH + 4)
_GROWN = 1.8
_SELECTABLE, _NO_BUTTON = QGraphicsItem.GraphicsItemFlag.ItemIsSelectable, Qt.MouseButton.NoButton
SOCKET_REACH = 13.0
"""How near, in canvas units, the pointer must be to a socket."""


@cache
def _properties() -> dict[str, Any]:
    """What NodeGraphQt asks of a node's item, as an item of its own begins."""
    return dict(AbstractNodeItem()._properties)


class NodeItem(AbstractNodeItem):
    """A card. `show` gives it its face; everything else follows from it."""

    def __init__(self, easel: Easel, face: Face, width: float | None) -> None:
        QGraphicsItem.__init__(self)  # NodeGraphQt's own sets flags and a cache that are taken back here
        self._properties = {**_properties(), "id": face.id, "name": face.title.strip()}
        self.setFlag(_SELECTABLE)
        self.easel = easel
        self.face = face
        self.wanted = width
        self.plugs_in: list[Plug] = []
        self.plugs_out: list[Plug] = []
        self.hovered: Plug | None = None
        self.fitting: frozenset[Plug] | None = None
        self.layout: Layout = Layout(0.0)
        self._bounds = QRectF()
        self.setZValue(NODE_LEVEL)
        self.setAcceptedMouseButtons(_NO_BUTTON)
        self._measure()

    # --- what NodeGraphQt asks of a node's item ---

    @property
    def inputs(self) -> list[Plug]:
        return self.plugs_in

    @property
    def outputs(self) -> list[Plug]:
        return self.plugs_out

    @property
    def widgets(self) -> dict[str, Any]:
        return {}

    @property
    def name(self) -> str:
        return self.face.title

    @name.setter
    def name(self, name: str) -> None:
        """The title comes from the face alone."""

    @property
    def width(self) -> float:
        return self.layout.width

    @width.setter
    def width(self, width: float) -> None:
        """The width comes from the document alone."""

    @property
    def height(self) -> float:
        return self.layout.height

    @height.setter
    def height(self, height: float) -> None:
        """The height comes from the face alone."""

    def draw_node(self) -> None:
        self.update()

    def post_init(self, viewer: object = None, pos: tuple[float, float] | None = None) -> None:
        if pos is not None:
            self.setPos(*pos)

    # --- the face ---

    def show_face(self, face: Face, width: float | None) -> bool:
        """Takes a new face; whether anything is to be painted anew."""
        if face == self.face and width == self.wanted:
            return False
        self.face, self.wanted = face, width
        self._measure()
        self.repaint()
        return True

    def repaint(self) -> None:
        """What was painted of this card no longer holds."""
        self.easel.cards.doubt(self)
        self.update()

    def come_back(self) -> None:
        """As a card that nobody has touched: it was put aside, and will be on the scene again."""
        self.hovered = self.fitting = None
        self.setSelected(False)

    def _measure(self) -> None:
        self.layout = measure(self.face, self.easel.kit, self.wanted)
        bounds = self.layout.body.adjusted(_REACH.left(), _REACH.top(), _REACH.right(), _REACH.bottom())
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self._plug(self.plugs_in, IN, self.face.inputs, self.layout.ins)
        self._plug(self.plugs_out, OUT, self.face.outputs, self.layout.outs)

    def _plug(self, plugs: list[Plug], side: str, rows: tuple[Row, ...], places: list[QPointF]) -> None:
        if [plug.name for plug in plugs] != [row.id for row in rows]:
            known = {plug.name: plug for plug in plugs}
            plugs[:] = [
                known.get(row.id) or Plug(self, row.id, side, row.type, multi=side == OUT or row.most != 1)
                for row in rows
            ]
        for plug, row, place in zip(plugs, rows, places, strict=True):
            if plug.type is not row.type:  # a re-route dot, given something else
                plug.type = row.type
                for wire in plug.connected_pipes:
                    wire.recolour()
            if plug.local != place:
                plug.local = place
                plug.redraw_connected_pipes()

    def plug(self, name: str, side: str) -> Plug | None:
        plugs = self.plugs_in if side == IN else self.plugs_out
        return next((plug for plug in plugs if plug.name == name), None)

    def remeasure(self) -> None:
        """For another kit: fonts and colours are other ones."""
        self._measure()
        self.repaint()

    # --- where things are ---

    def place(self, at: QPointF) -> None:
        """Moves the card and its links. Without Qt's own call for every change of an item: it enters Python
        sixteen times before a card is first shown."""
        self.setPos(at)
        for wire in self.wires():
            wire.adjust()

    def wires(self) -> Iterator[Wire]:
        """Its links; one from itself to itself comes twice."""
        for plug in (*self.plugs_in, *self.plugs_out):
            yield from plug.connected_pipes

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self.layout.body.adjusted(-SOCKET_REACH, 0, SOCKET_REACH, 0))
        return path

    def plug_at(self, local: QPointF, reach: float = SOCKET_REACH) -> Plug | None:
        near = [
            (math.hypot(plug.local.x() - local.x(), plug.local.y() - local.y()), at, plug)
            for at, plug in enumerate((*self.plugs_in, *self.plugs_out))
        ]
        best = min(near, default=None, key=lambda one: one[:2])
        return best[2] if best is not None and best[0] <= reach else None

    def action_at(self, local: QPointF) -> str:
        """The link (fix, run again …) under a point of the card, or nothing."""
        layout, face = self.layout, self.face
        if layout.notice is not None and layout.notice_text is not None and layout.notice.contains(local):
            return layout.notice_text.action_at(local - notice_origin(layout.notice))
        if face.sheet is not None and layout.sheet is not None and layout.sheet.contains(local):
            return step_at(face.sheet, layout.sheet, local)
        if face.remark_action and layout.facts and remark_rect(layout, self.easel.kit, face).contains(local):
            return face.remark_action.id
        return ""

    # --- painting ---

    def image(self, zoom: float) -> QImage | None:
        """The photograph at about the size it is seen at."""
        photo, rect = self.face.photo, self.layout.picture
        if photo is None or photo.path is None or rect is None:
            return None
        scale = zoom * self.easel.ratio
        box = math.ceil(max(rect.width(), rect.height()) * scale)
        if photo.several:
            images = [self.easel.image(path, box, self) for path in photo.several]
            return together(images, rect.size() * scale, self.easel.kit.colour("field"))
        return self.easel.image(photo.path, box, self)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        self._blit(painter, painter.worldTransform().m11())
        self._overlay(painter)

    def _blit(self, painter: QPainter, zoom: float) -> None:
        """The card from its picture at this scale; painted anew where there is none, and where it looks
        different by now, unless this frame has no time left for it."""
        scale = zoom * painter.device().devicePixelRatioF()
        selected = self.isSelected()
        known = self.easel.cards.get(self)
        if known is None:
            if zoom < PLAIN_BELOW and not self.easel.has_time(first=True):
                self.easel.postpone(self)
                painter.fillRect(self.layout.body, block_colour(self.easel.kit, self.face))
                return
        elif self._is_due(known, scale, selected=selected):
            if self.easel.has_time():
                known = None
            else:
                self.easel.postpone(self)
        if known is None:
            known = Card(self._painted(scale, zoom), scale, selected)
            self.easel.cards.put(self, known)
        pixmap, made_at = known.pixmap, known.scale
        if made_at != scale:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=not self.easel.coarse)
            source = QRectF(0, 0, self._bounds.width() * made_at, self._bounds.height() * made_at)
            painter.drawPixmap(self._bounds, pixmap, source)
            return
        # On whole device pixels: text stays sharp, and nothing is resampled.
        transform = painter.worldTransform()
        corner = transform.map(self._bounds.topLeft())
        ratio = painter.device().devicePixelRatioF()
        painter.setWorldMatrixEnabled(False)
        at = QPointF(round(corner.x() * ratio) / ratio, round(corner.y() * ratio) / ratio)
        painter.drawPixmap(at, pixmap)
        painter.setWorldMatrixEnabled(True)

    def _is_due(self, card: Card, scale: float, *, selected: bool) -> bool:
        return not card.holds or card.selected != selected or (card.scale != scale and self.easel.settled)

    def _painted(self, scale: float, zoom: float) -> QPixmap:
        size = self._bounds.size() * scale
        pixmap = QPixmap(max(1, math.ceil(size.width())), max(1, math.ceil(size.height())))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing
            | QPainter.RenderHint.TextAntialiasing
            | QPainter.RenderHint.SmoothPixmapTransform
        )
        painter.scale(scale, scale)
        painter.translate(-self._bounds.topLeft())
        kit, image, selected = self.easel.kit, self.image(zoom), self.isSelected()
        if zoom < PLAIN_BELOW:
            draw_far(painter, kit, self.face, self.layout, image, zoom, selected=selected)
        else:
            draw_card(painter, kit, self.face, self.layout, image, selected=selected)
        painter.end()
        pixmap.setDevicePixelRatio(scale / zoom)
        return pixmap

    def _overlay(self, painter: QPainter) -> None:
        """What changes with the pointer: a grown socket, and what does not fit a link being drawn."""
        if self.fitting is not None:
            self._dim(painter)
        plug = self.hovered
        if plug is not None:
            row = self.row_of(plug)
            if row is not None:
                draw_socket(painter, self.easel.kit, row, plug.local, _GROWN)

    def _dim(self, painter: QPainter) -> None:
        assert self.fitting is not None
        rows = (*self.face.inputs, *self.face.outputs)
        painter.setPen(Qt.PenStyle.NoPen)
        if not self.fitting:
            painter.setBrush(self.easel.kit.colour("canvas", 168))
            painter.drawRoundedRect(self.layout.body.adjusted(-1, -1, 1, 1), RADIUS + 1, RADIUS + 1)
            for at in (*self.layout.ins, *self.layout.outs):
                painter.drawEllipse(at, 9, 9)
            return
        for plug, row in zip((*self.plugs_in, *self.plugs_out), rows, strict=True):
            if plug in self.fitting:
                draw_socket(painter, self.easel.kit, row, plug.local, _GROWN)
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.easel.kit.colour("canvas", 190))
                painter.drawEllipse(plug.local, 9, 9)

    def row_of(self, plug: Plug) -> Row | None:
        rows = self.face.inputs if plug.is_input else self.face.outputs
        return next((row for row in rows if row.id == plug.name), None)
