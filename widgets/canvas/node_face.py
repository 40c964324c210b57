"""Paints a card. Every size is in canvas units; nothing here knows the document or NodeGraphQt."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from widgets.canvas.face import Face, Family, Mood, Row
from widgets.canvas.kit import SOCKET_RADIUS, Kit, mixed, socket_shape
from widgets.canvas.measure import PAD, Layout
from widgets.canvas.picture_face import draw_photo
from widgets.canvas.sheet_face import draw_sheet
from widgets.canvas.text_flow import draw_flow
from widgets.theme import RADIUS

FLAT_BELOW, PLAIN_BELOW = 0.25, 0.5
"""Zooms below which a card is a coloured block, and below which it is its picture and title."""
SKIPPED_OPACITY = 0.45

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_CENTRE = Qt.AlignmentFlag.AlignCenter


def draw_card(
    painter: QPainter, kit: Kit, face: Face, layout: Layout, image: QImage | None, *, selected: bool
) -> None:
    """The whole card with its shadow, at a zoom where its text can be read."""
    body = layout.body
    if face.family == Family.DOT:
        return draw_dot(painter, kit, face, layout, selected=selected)
    if face.skipped:
        painter.setOpacity(SKIPPED_OPACITY)
    kit.draw_shadow(painter, body)
    _ground(painter, kit, face, layout, selected=selected)
    _header(painter, kit, face, layout)
    if not face.collapsed:
        _rows(painter, kit, face, layout)
        if face.photo is not None and layout.picture is not None:
            draw_photo(painter, kit, face, layout.picture, image, bottom=_reaches_foot(face, layout))
        if layout.words is not None and face.words is not None:
            draw_flow(painter, kit, layout.words, layout.words_at, face.words.muted)
        if face.sheet is not None and layout.sheet is not None:
            draw_sheet(painter, kit, face.sheet, layout.sheet)
        _notice(painter, kit, face, layout)
        _facts(painter, kit, face, layout)
    _edge(painter, kit, face, layout, selected=selected)
    for row, at in zip((*face.inputs, *face.outputs), (*layout.ins, *layout.outs), strict=True):
        draw_socket(painter, kit, row, at)
    painter.setOpacity(1.0)


def draw_dot(painter: QPainter, kit: Kit, face: Face, layout: Layout, *, selected: bool) -> None:
    """A knot in its link, with a ring where it is selected or wrong."""
    middle, row = layout.body.center(), face.outputs[0]
    painter.setOpacity(SKIPPED_OPACITY if face.skipped else 1.0)
    painter.setPen(QPen(kit.wire(row.type), 2.0))
    for at in (*layout.ins, *layout.outs):
        painter.drawLine(at, middle)
    ring = "accent" if selected else "error" if face.errors else "canvas"
    painter.setPen(QPen(kit.colour(ring), 2.4))
    painter.setBrush(kit.socket(row.type))
    painter.drawEllipse(middle, 8.0, 8.0)
    painter.setOpacity(1.0)


def _reaches_foot(face: Face, layout: Layout) -> bool:
    return face.family == Family.REFERENCE and layout.notice is None


def _ground(painter: QPainter, kit: Kit, face: Face, layout: Layout, *, selected: bool) -> None:
    if selected or face.busy:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(kit.colour("accent", 62))
        painter.drawRoundedRect(layout.body.adjusted(-4, -4, 4, 4), RADIUS + 4, RADIUS + 4)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(kit.colour("card"))
    painter.drawRoundedRect(layout.body, RADIUS, RADIUS)


def _edge(painter: QPainter, kit: Kit, face: Face, layout: Layout, *, selected: bool) -> None:
    """Drawn last, so that a picture reaching the edge does not cover it."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if selected or face.busy:
        painter.setPen(kit.chosen)
    elif face.family == Family.UNKNOWN:
        painter.setPen(QPen(kit.colour("warning"), 1, Qt.PenStyle.DashLine))
    elif face.errors:
        painter.setPen(QPen(mixed(kit.theme.roles.line, kit.theme.roles.error, 0.45), 1))
    else:
        painter.setPen(kit.edge)
    painter.drawRoundedRect(layout.body.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


def top_rounded(rect: QRectF, radius: float) -> QPainterPath:
    """A rectangle whose two upper corners are round."""
    path = QPainterPath(QPointF(rect.left(), rect.bottom()))
    path.lineTo(rect.left(), rect.top() + radius)
    path.arcTo(rect.left(), rect.top(), 2 * radius, 2 * radius, 180, -90)
    path.lineTo(rect.right() - radius, rect.top())
    path.arcTo(rect.right() - 2 * radius, rect.top(), 2 * radius, 2 * radius, 90, -90)
    path.lineTo(rect.right(), rect.bottom())
    path.closeSubpath()
    return path


def _header(painter: QPainter, kit: Kit, face: Face, layout: Layout) -> None:
    tint = kit.header(face.mood)
    head = QRectF(0, 0, layout.width, layout.head)
    if tint is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        if face.collapsed:
            painter.drawRoundedRect(head, RADIUS, RADIUS)
        else:
            painter.drawPath(top_rounded(head, RADIUS))
    if not face.collapsed and face.family != Family.REFERENCE:
        painter.setPen(kit.edge)
        painter.drawLine(QPointF(1, layout.head), QPointF(layout.width - 1, layout.head))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(kit.colour(face.dot))
    painter.drawEllipse(QPointF(PAD + 5, layout.head / 2), 4.6, 4.6)
    right = _pills(painter, kit, face, layout)
    left = PAD + 18
    painter.setPen(kit.colour("text"))
    painter.setFont(kit.title)
    room = right - left - 6
    title = kit.title_size.elidedText(face.title, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QRectF(left, 0, room + 4, layout.head), _LEFT, title)


def _pills(painter: QPainter, kit: Kit, face: Face, layout: Layout) -> float:
    """The price at the right of the header, or the tags; gives back where they begin."""
    right = layout.width - PAD
    for tag, slot in face.tags:
        width = kit.tag_size.horizontalAdvance(f"@{tag}") + 12
        if right - width < layout.width * 0.4:
            break
        colour = kit.theme.tag(slot)
        rect = QRectF(right - width, (layout.head - 18) / 2, width, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour.ground))
        painter.drawRoundedRect(rect, 4.5, 4.5)
        painter.setPen(QColor(colour.text))
        painter.setFont(kit.tag)
        painter.drawText(rect, _CENTRE, f"@{tag}")
        right -= width + 5
    if face.pill:
        width = kit.pill_size.horizontalAdvance(face.pill) + 16
        draw_pill(painter, kit, QRectF(right - width, (layout.head - 18) / 2, width, 18), face.pill)
        right -= width + 5
    return right


def draw_pill(painter: QPainter, kit: Kit, rect: QRectF, text: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(kit.colour("pill"))
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    painter.setPen(kit.colour("muted"))
    painter.setFont(kit.pill)
    painter.drawText(rect, _CENTRE, text)


def _rows(painter: QPainter, kit: Kit, face: Face, layout: Layout) -> None:
    if face.family in (Family.PROMPT, Family.REFERENCE):
        return
    half = layout.width / 2
    for row, at in zip(face.inputs, layout.ins, strict=True):
        _input_label(painter, kit, row, at, layout.width)
    painter.setFont(kit.body)
    painter.setPen(kit.colour("muted"))
    for row, at in zip(face.outputs, layout.outs, strict=True):
        painter.drawText(QRectF(half, at.y() - 11, half - PAD, 22), _RIGHT, row.title)


def _input_label(painter: QPainter, kit: Kit, row: Row, at: QPointF, width: float) -> None:
    painter.setFont(kit.body)
    painter.setPen(kit.colour("text"))
    painter.drawText(QRectF(PAD, at.y() - 11, width * 0.66, 22), _LEFT, row.title)
    if row.required:
        star = PAD + kit.body_size.horizontalAdvance(row.title) + 4
        painter.setPen(kit.colour("error" if row.missing else "warning"))
        painter.setFont(kit.title)
        painter.drawText(QRectF(star, at.y() - 11, width * 0.5, 22), _LEFT, "*")
    if row.counts:
        count = f"{row.linked} / {row.most}" if row.most is not None else str(row.linked)
        wide = kit.pill_size.horizontalAdvance(count) + 16
        draw_pill(painter, kit, QRectF(width - PAD - wide, at.y() - 9, wide, 18), count)


def draw_socket(painter: QPainter, kit: Kit, row: Row, at: QPointF, grown: float = 0.0) -> None:
    """Full where something is linked, a ring where nothing is."""
    colour = kit.socket(row.type)
    painter.setPen(QPen(kit.colour("canvas"), 4.0))
    painter.setBrush(kit.colour("canvas"))
    painter.drawPath(socket_shape(row.type, at, SOCKET_RADIUS + grown))
    painter.setPen(QPen(colour, 2.0))
    painter.setBrush(colour if row.linked else kit.colour("card"))
    painter.drawPath(socket_shape(row.type, at, SOCKET_RADIUS - 1 + grown))


def _notice(painter: QPainter, kit: Kit, face: Face, layout: Layout) -> None:
    if layout.notice is None or layout.notice_text is None:
        return
    ground, line = {
        Mood.ERROR: ("error_ground", mixed(kit.theme.roles.line, kit.theme.roles.error, 0.4)),
        Mood.WARNING: ("warning_ground", mixed(kit.theme.roles.line, kit.theme.roles.warning, 0.4)),
    }.get(face.notice_mood, ("field", kit.colour("line")))
    painter.setPen(QPen(line, 1))
    painter.setBrush(kit.colour(ground))
    painter.drawRoundedRect(layout.notice, 7, 7)
    layout.notice_text.draw(painter, notice_origin(layout.notice))


def notice_origin(rect: QRectF) -> QPointF:
    """Where the text of a notice begins."""
    return rect.topLeft() + QPointF(12, 10)


def _facts(painter: QPainter, kit: Kit, face: Face, layout: Layout) -> None:
    if layout.facts is None:
        return
    rect = layout.facts
    painter.setPen(kit.colour("muted"))
    taken = 0.0
    if face.remark:
        painter.setFont(kit.link if face.remark_action else kit.body)
        taken = kit.body_size.horizontalAdvance(face.remark) + 10
        painter.setPen(kit.colour("text" if face.remark_action else "muted"))
        painter.drawText(rect, _RIGHT, face.remark)
    painter.setPen(kit.colour("muted"))
    painter.setFont(kit.body)
    left = kit.body_size.elidedText(face.facts, Qt.TextElideMode.ElideRight, rect.width() - taken)
    painter.drawText(rect, _LEFT, left)
    if face.progress is not None:
        bar = QRectF(rect.left(), rect.bottom() + 2, rect.width(), 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(kit.colour("line"))
        painter.drawRoundedRect(bar, 2, 2)
        done = max(4.0, bar.width() * min(max(face.progress, 0.0), 1.0))
        painter.setBrush(kit.colour("accent"))
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), done, 4), 2, 2)


def remark_rect(layout: Layout, kit: Kit, face: Face) -> QRectF:
    """Where the words at the right of the facts are, to be clicked."""
    assert layout.facts is not None
    width = kit.body_size.horizontalAdvance(face.remark)
    return QRectF(layout.facts.right() - width, layout.facts.top(), width, layout.facts.height())


def block_colour(kit: Kit, face: Face) -> QColor:
    """What a card is from far away."""
    if face.notice_mood == Mood.ERROR or face.errors:
        return kit.colour("error")
    if face.busy:
        return kit.colour("accent")
    if face.notice_mood == Mood.WARNING:
        return kit.colour("warning")
    roles = {
        Family.MODEL: ("card", "model", 0.75),
        Family.PROMPT: ("card", "prompt", 0.55),
        Family.REFERENCE: ("card", "image", 0.45),
    }
    base, role, part = roles.get(face.family, ("card", "neutral", 0.5))
    return mixed(getattr(kit.theme.roles, base), getattr(kit.theme.roles, role), part)


def draw_far(
    painter: QPainter,
    kit: Kit,
    face: Face,
    layout: Layout,
    image: QImage | None,
    zoom: float,
    *,
    selected: bool,
) -> None:
    """Picture and title; further away, a coloured block."""
    body = layout.body
    if face.family == Family.DOT:
        return draw_dot(painter, kit, face, layout, selected=selected)
    if zoom < FLAT_BELOW:
        painter.fillRect(body, kit.colour("accent") if selected else block_colour(kit, face))
        if image is not None and layout.picture is not None and not selected:
            painter.drawImage(layout.picture, image)
        return
    painter.setPen(QPen(kit.colour("accent"), 2 / zoom) if selected else kit.edge)
    painter.setBrush(kit.colour("card"))
    painter.drawRoundedRect(body, RADIUS, RADIUS)
    _header_band(painter, kit, face, layout)
    if face.photo is not None and layout.picture is not None:
        draw_photo(painter, kit, face, layout.picture, image, bottom=False, words=False)
    if layout.notice is not None:
        wrong = face.errors or face.notice_mood == Mood.ERROR
        painter.fillRect(layout.notice, kit.colour("error" if wrong else "warning", 90))
    title = QRectF(PAD, 0, layout.width - 2 * PAD, layout.head)
    painter.setPen(kit.colour("text"))
    painter.setFont(kit.far_title)
    shown = kit.far_size.elidedText(face.title, Qt.TextElideMode.ElideRight, title.width())
    painter.drawText(title, _LEFT, shown)
    for row, at in zip((*face.inputs, *face.outputs), (*layout.ins, *layout.outs), strict=True):
        painter.fillRect(QRectF(at.x() - 6, at.y() - 6, 12, 12), kit.socket(row.type))


def _header_band(painter: QPainter, kit: Kit, face: Face, layout: Layout) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mixed(kit.theme.roles.card, block_colour(kit, face).name(), 0.4))
    painter.drawPath(top_rounded(QRectF(1, 1, layout.width - 2, layout.head), RADIUS - 1))
