"""How a row stands, in words, colour and shape: none of them alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap, QPolygonF

from app.basics.money import NOTHING, show_usd
from app.basics.words import spoken
from app.studio.batch_values import BatchRow, Standing
from widgets.messages import counted
from widgets.parts.state_mark import SIDE, State, mark
from widgets.theme import Theme

_MINUTE, _HOUR = 60, 3600
ROLE = {
    Standing.WRONG: "error",
    Standing.WAITING: "muted",
    Standing.RUNNING: "accent",
    Standing.DONE: "good",
    Standing.FAILED: "error",
    Standing.UNKNOWN: "warning",
    Standing.CANCELLED: "muted",
}
"""A role of the theme."""
_STATE = {
    Standing.DONE: State.GOOD,
    Standing.WRONG: State.BAD,
    Standing.FAILED: State.BAD,
    Standing.UNKNOWN: State.NOTE,
}


def tr(text: str) -> str:
    return spoken(text)


def standing_words(standing: Standing) -> str:
    return {
        Standing.WRONG: tr("cannot run"),
        Standing.WAITING: tr("waiting"),
        Standing.RUNNING: tr("running"),
        Standing.DONE: tr("done"),
        Standing.FAILED: tr("failed"),
        Standing.UNKNOWN: tr("charge not known"),
        Standing.CANCELLED: tr("cancelled"),
    }[standing]


def cost_words(row: BatchRow) -> str:
    """What was paid for a row; nothing before it is made."""
    if row.standing in (Standing.WRONG, Standing.WAITING):
        return ""
    if row.reused:
        return tr("$0 · reused")
    if row.draft:
        return tr("free draft")
    if row.paid is None:
        return tr("price not known") if row.standing is Standing.DONE else ""
    return show_usd(row.paid) if row.paid > NOTHING or row.standing is Standing.DONE else ""


def left_words(seconds: float) -> str:
    """About how long it takes yet: never more exact than it is."""
    if seconds < _MINUTE:
        return tr("less than a minute left")
    if seconds < _HOUR:
        return counted(round(seconds / _MINUTE), "about 1 minute left", "about {n} minutes left")
    return counted(round(seconds / _HOUR), "about 1 hour left", "about {n} hours left")


def row_mark(standing: Standing, theme: Theme, ratio: float = 1.0) -> QIcon:
    """A tick, a cross or a bar as everywhere; a ring before, a filled wedge while it runs, a dash after it
    was cancelled. `ratio`: px of the screen for one."""
    if (known := _STATE.get(standing)) is not None:
        return mark(known, theme, ratio)
    picture = QPixmap(round(SIDE * ratio), round(SIDE * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = theme.colour(ROLE[standing])
    painter.setPen(QPen(colour, 1.6))
    painter.drawEllipse(QRectF(2, 2, 14, 14))
    if standing is Standing.RUNNING:
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([QPointF(7.2, 5.8), QPointF(12.4, 9), QPointF(7.2, 12.2)]))
    elif standing is Standing.CANCELLED:
        painter.drawLine(QPointF(5.5, 9), QPointF(12.5, 9))
    elif standing is Standing.WAITING:
        painter.drawPolyline(QPolygonF([QPointF(9, 5.5), QPointF(9, 9.3), QPointF(11.6, 10.8)]))
    painter.end()
    return QIcon(picture)
