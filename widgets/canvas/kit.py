"""Pens, brushes and faces of a theme, made once and lent to every card."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from app.document.sockets import SocketType
from widgets.canvas.face import Mood
from widgets.theme import BODY, CAPTION, RADIUS, Theme, font

SHADOW_REACH = 26.0
"""How far a card's shadow and halo go beyond it, in canvas units."""
_SHADOW_DROP = 7.0
_CORNER = 44.0
SOCKET_RADIUS = 6.5
WIRE_WIDTH, CHOSEN_WIDTH = 2.0, 3.2


class Kit:
    """What painting needs, for one theme. Sizes are canvas units (1 px at zoom 1)."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.title = font(BODY, QFont.Weight.DemiBold)
        self.body = font(BODY)
        self.caption = font(CAPTION)
        self.pill = font(CAPTION, QFont.Weight.DemiBold)
        self.tag = font(12, QFont.Weight.DemiBold)
        self.link = font(BODY)
        self.link.setUnderline(True)
        self.title_size = QFontMetricsF(self.title)
        self.body_size = QFontMetricsF(self.body)
        self.caption_size = QFontMetricsF(self.caption)
        self.pill_size = QFontMetricsF(self.pill)
        self.tag_size = QFontMetricsF(self.tag)
        self.far_title = font(22, QFont.Weight.DemiBold)
        self.far_size = QFontMetricsF(self.far_title)
        self._colours: dict[tuple[str, int], QColor] = {}
        self._pens: dict[tuple[SocketType, bool], QPen] = {}
        self._shadow: QPixmap | None = None
        self.edge = QPen(self.colour("line"), 1)
        self.chosen = QPen(self.colour("accent"), 1.6)

    def colour(self, role: str, alpha: int = 255) -> QColor:
        known = self._colours.get((role, alpha))
        if known is None:
            known = self._colours[role, alpha] = self.theme.colour(role, alpha)
        return known

    def socket(self, type: SocketType) -> QColor:
        return self.colour(_SOCKET_ROLES[type])

    def wire(self, type: SocketType) -> QColor:
        return self.colour(_WIRE_ROLES[type])

    def wire_pen(self, type: SocketType, *, lit: bool) -> QPen:
        known = self._pens.get((type, lit))
        if known is None:
            colour = self.wire(type)
            known = QPen(colour.lighter(118), CHOSEN_WIDTH) if lit else QPen(colour, WIRE_WIDTH)
            self._pens[type, lit] = known
        return known

    def header(self, mood: Mood) -> QColor | None:
        """The tint of a header; None where it is the card itself."""
        if mood == Mood.MODEL:
            return self.colour("model_header")
        if mood == Mood.ERROR:
            return mixed(self.theme.roles.card, self.theme.roles.error, 0.16)
        if mood == Mood.WARNING:
            return mixed(self.theme.roles.card, self.theme.roles.warning, 0.16)
        return None

    def draw_shadow(self, painter: QPainter, body: QRectF) -> None:
        """A soft shadow of any size from one small picture, in nine pieces."""
        if self._shadow is None:
            self._shadow = _soft_square(self.colour("shadow"), self.theme.shadow_alpha)
        outer = body.translated(0, _SHADOW_DROP).adjusted(
            -SHADOW_REACH + 6, -SHADOW_REACH + 6, SHADOW_REACH - 6, SHADOW_REACH - 6
        )
        _nine(painter, outer, self._shadow)


_SOCKET_ROLES = {SocketType.PROMPT: "prompt", SocketType.IMAGE: "image", SocketType.ANY: "neutral"}
_WIRE_ROLES = {SocketType.PROMPT: "prompt_wire", SocketType.IMAGE: "image_wire", SocketType.ANY: "neutral"}


@lru_cache(maxsize=64)
def mixed(one: str, other: str, part: float) -> QColor:
    """`other` at `part` (0 to 1) over `one`."""
    low, high = QColor(one), QColor(other)
    return QColor.fromRgbF(
        low.redF() + (high.redF() - low.redF()) * part,
        low.greenF() + (high.greenF() - low.greenF()) * part,
        low.blueF() + (high.blueF() - low.blueF()) * part,
    )


def _soft_square(colour: QColor, alpha: int) -> QPixmap:
    """A blurred rounded square: many faint ones over each other. Stands in for a blur effect."""
    side = int(_CORNER * 2 + 2)
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    steps = 18
    faint = QColor(colour)
    for step in range(steps):
        part = (step + 1) / steps
        inset = part * (SHADOW_REACH - 4)
        faint.setAlphaF(min(1.0, alpha / 255 * 2.0 * part / steps))
        painter.setBrush(faint)
        radius = max(RADIUS, SHADOW_REACH - inset + 4)
        painter.drawRoundedRect(QRectF(inset, inset, side - 2 * inset, side - 2 * inset), radius, radius)
    painter.end()
    return made


def _nine(painter: QPainter, target: QRectF, source: QPixmap) -> None:
    """Draws a picture stretched at its sides and not at its corners, without its middle: a card lies there.
    It is soft already: plain scaling, in a tenth of the time, looks the same."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
    side, corner = float(source.width()), _CORNER
    xs = ((target.left(), corner), (target.left() + corner, target.width() - 2 * corner),
          (target.right() - corner, corner))  # fmt: skip
    ys = ((target.top(), corner), (target.top() + corner, target.height() - 2 * corner),
          (target.bottom() - corner, corner))  # fmt: skip
    cuts = ((0.0, corner), (corner, side - 2 * corner), (side - corner, corner))
    for column, ((x, width), (from_x, from_width)) in enumerate(zip(xs, cuts, strict=True)):
        for row, ((y, height), (from_y, from_height)) in enumerate(zip(ys, cuts, strict=True)):
            if width > 0 and height > 0 and (column, row) != (1, 1):
                painter.drawPixmap(
                    QRectF(x, y, width, height), source, QRectF(from_x, from_y, from_width, from_height)
                )
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)


def socket_shape(type: SocketType, at: QPointF, radius: float) -> QPainterPath:
    """Prompt is round, Image a rounded square, any a diamond: told apart without their colour."""
    path = QPainterPath()
    if type == SocketType.PROMPT:
        path.addEllipse(at, radius, radius)
    elif type == SocketType.IMAGE:
        side = radius * 0.92
        path.addRoundedRect(
            QRectF(at.x() - side, at.y() - side, 2 * side, 2 * side), radius * 0.45, radius * 0.45
        )
    else:
        path.moveTo(at.x(), at.y() - radius)
        for x, y in ((radius, 0), (0, radius), (-radius, 0), (0, -radius)):
            path.lineTo(at.x() + x, at.y() + y)
    return path
