"""The previewed row of a table on its card: its cells, and a line that steps through the rows."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from widgets.canvas.face import Sheet
from widgets.canvas.kit import Kit
from widgets.canvas.measure import CELL, STEPPER
from widgets.canvas.words import tr

_SIDE = 24.0
"""How wide and high a button of the stepper is."""
_NAMES = 0.4
"""The part of the width for the columns' names."""
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def draw_sheet(painter: QPainter, kit: Kit, sheet: Sheet, rect: QRectF) -> None:
    if sheet.rows:
        _stepper(painter, kit, sheet, rect)
    top = rect.top() + (STEPPER if sheet.rows else 0.0)
    if not sheet.cells:
        words = sheet.words or tr("Choose a table in the panel, or drop one on the canvas")
        painter.setPen(kit.colour("muted"))
        painter.setFont(kit.body)
        room = QRectF(rect.left(), top, rect.width(), 2 * CELL)
        painter.drawText(room, _LEFT | Qt.TextFlag.TextWordWrap, words)
        return
    for at, (name, cell) in enumerate(sheet.cells):
        _cell(painter, kit, QRectF(rect.left(), top + CELL * at, rect.width(), CELL), name, cell)
    if sheet.more:
        last = QRectF(rect.left(), top + CELL * len(sheet.cells), rect.width(), CELL)
        painter.setPen(kit.colour("muted"))
        painter.setFont(kit.caption)
        painter.drawText(last, _LEFT, tr("and {n} more columns", n=sheet.more))


def _cell(painter: QPainter, kit: Kit, line: QRectF, name: str, cell: str) -> None:
    elide = Qt.TextElideMode.ElideRight
    left = line.width() * _NAMES
    painter.setPen(kit.colour("muted"))
    painter.setFont(kit.caption)
    painter.drawText(
        line.adjusted(0, 0, left - line.width(), 0), _LEFT, kit.caption_size.elidedText(name, elide, left - 8)
    )
    painter.setPen(kit.colour("text"))
    painter.setFont(kit.body)
    shown = kit.body_size.elidedText(cell.replace("\n", " "), elide, line.width() - left)
    painter.drawText(line.adjusted(left, 0, 0, 0), _LEFT, shown)


def _stepper(painter: QPainter, kit: Kit, sheet: Sheet, rect: QRectF) -> None:
    for by, button in steps(sheet, rect):
        can = _can(sheet, by)
        painter.setPen(QPen(kit.colour("line"), 1))
        painter.setBrush(kit.colour("field"))
        painter.drawRoundedRect(button, 6, 6)
        painter.setPen(QPen(kit.colour("text" if can else "neutral"), 1.8))
        middle, reach = button.center(), 4.0
        tip, back = middle.x() + by * reach / 2, middle.x() - by * reach / 2
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(
            QPolygonF(
                [
                    QPointF(back, middle.y() - reach),
                    QPointF(tip, middle.y()),
                    QPointF(back, middle.y() + reach),
                ]
            )
        )
    words = tr("Row {number} · {place} of {rows}", number=sheet.number, place=sheet.place, rows=sheet.rows)
    if not sheet.place:
        words = tr("No row")
    painter.setPen(kit.colour("muted"))
    painter.setFont(kit.body)
    room = QRectF(rect.left() + _SIDE, rect.top(), rect.width() - 2 * _SIDE, _SIDE)
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)


def steps(sheet: Sheet, rect: QRectF) -> tuple[tuple[int, QRectF], ...]:
    """The buttons back and on; none where there are no rows."""
    if not sheet.rows:
        return ()
    back = QRectF(rect.left(), rect.top(), _SIDE, _SIDE)
    return ((-1, back), (1, QRectF(rect.right() - _SIDE, rect.top(), _SIDE, _SIDE)))


def step_at(sheet: Sheet, rect: QRectF, local: QPointF) -> str:
    """The action under a point, or nothing."""
    for by, button in steps(sheet, rect):
        if button.contains(local) and _can(sheet, by):
            return "row-next" if by > 0 else "row-previous"
    return ""


def _can(sheet: Sheet, by: int) -> bool:
    return sheet.place > 1 if by < 0 else sheet.place < sheet.rows
