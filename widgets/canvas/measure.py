"""Where things stand on a card: sockets, picture, words. In canvas units from its top left corner."""

from __future__ import annotations

from msgspec import Struct, field
from PySide6.QtCore import QPointF, QRectF

from widgets.canvas.face import Face, Family, Sheet
from widgets.canvas.kit import Kit
from widgets.canvas.text_flow import Flow, NoticeText, flow

HEAD, SMALL_HEAD, PAD, ROW = 34.0, 30.0, 12.0, 26.0
FIRST_ROW = 24.0
CELL, STEPPER = 22.0, 34.0
"""How high a line of a table's cells is, and the line that steps through its rows."""
DOT = 28.0
"""How wide and high a re-route dot is; its middle is taken by the hand, its sides are its sockets."""
WIDTHS = {
    Family.PROMPT: 280.0,
    Family.REFERENCE: 215.0,
    Family.MODEL: 290.0,
    Family.OUTPUT: 200.0,
    Family.NOTE: 240.0,
    Family.TABLE: 250.0,
    Family.DOT: DOT,
    Family.UNKNOWN: 240.0,
}
NARROWEST, WIDEST = 160.0, 1200.0
_TALLEST = 1.9
"""A picture's height is at most this much of its width: beyond, its middle is shown."""


class Layout(Struct):
    width: float
    height: float = 0.0
    head: float = HEAD
    ins: list[QPointF] = field(default_factory=list)
    outs: list[QPointF] = field(default_factory=list)
    picture: QRectF | None = None
    words: Flow | None = None
    words_at: QPointF = field(default_factory=QPointF)
    notice: QRectF | None = None
    notice_text: NoticeText | None = None
    facts: QRectF | None = None
    sheet: QRectF | None = None

    @property
    def body(self) -> QRectF:
        return QRectF(0, 0, self.width, self.height)


def width_of(face: Face, wanted: float | None) -> float:
    if wanted is None or face.family == Family.DOT:
        return WIDTHS[face.family]
    return min(max(wanted, NARROWEST), WIDEST)


def measure(face: Face, kit: Kit, wanted: float | None) -> Layout:
    """The layout of a face at the width the artist set, or its family's own."""
    made = Layout(width_of(face, wanted))
    made.head = SMALL_HEAD if face.family == Family.REFERENCE else HEAD
    if face.family == Family.DOT:
        made.head = DOT
        return _collapsed(face, made)
    if face.collapsed:
        return _collapsed(face, made)
    if face.family == Family.REFERENCE:
        _strip(face, made)
    else:
        _column(face, kit, made)
    if face.sheet is not None:
        made.sheet = QRectF(PAD, made.height + 8, made.width - 2 * PAD, sheet_height(face.sheet))
        made.height = made.sheet.bottom() + (8 if face.notice else 0)
    if face.notice:
        _notice(face, kit, made)
    if face.family == Family.MODEL or face.facts:
        _facts(face, made)
    made.height += _foot(face)
    if face.family in (Family.PROMPT, Family.REFERENCE):
        made.outs = [QPointF(made.width, made.height / 2) for _ in face.outputs]
    return made


def _collapsed(face: Face, made: Layout) -> Layout:
    made.height = made.head
    made.ins = [QPointF(0, made.head / 2) for _ in face.inputs]
    made.outs = [QPointF(made.width, made.head / 2) for _ in face.outputs]
    return made


def _strip(face: Face, made: Layout) -> None:
    """A photograph over the whole width, right below the header."""
    tall = round(made.width / (face.photo.ratio if face.photo else 2.0))
    made.picture = QRectF(1, made.head, made.width - 2, tall)
    made.height = made.head + tall + (10 if face.notice else 0)


def _column(face: Face, kit: Kit, made: Layout) -> None:
    """Rows of sockets, then the picture or the words."""
    made.height = made.head
    rows = max(len(face.inputs), len(face.outputs)) if face.family != Family.PROMPT else 0
    if rows:
        made.ins = [QPointF(0, made.head + FIRST_ROW + ROW * at) for at in range(len(face.inputs))]
        made.outs = [QPointF(made.width, made.head + FIRST_ROW + ROW * at) for at in range(len(face.outputs))]
        made.height += FIRST_ROW + ROW * (rows - 1) + 18
    if face.photo is not None:
        top = made.height if rows else made.height + PAD
        across = made.width - 2 * PAD
        tall = round(min(across / max(face.photo.ratio, 0.05), across * _TALLEST))
        made.picture = QRectF(PAD, top, across, tall)
        made.height = top + tall
    if face.words is not None:
        made.words = flow(face.words, kit, made.width - 2 * PAD - 2)
        made.words_at = QPointF(PAD + 1, made.height + (0 if rows else 10))
        made.height = made.words_at.y() + made.words.height


def _notice(face: Face, kit: Kit, made: Layout) -> None:
    top = made.height + (8 if made.picture is not None and face.family == Family.MODEL else 0)
    across = made.width - 2 * PAD
    made.notice_text = NoticeText(face.notice, face.notice_mood, kit, across - 24)
    least = 150.0 if face.family == Family.MODEL and made.picture is None else 0.0
    made.notice = QRectF(PAD, top, across, max(least, made.notice_text.height + 20))
    made.height = made.notice.bottom()


def _facts(face: Face, made: Layout) -> None:
    gap = 7 if face.family == Family.MODEL else -6
    made.facts = QRectF(PAD, made.height + gap, made.width - 2 * PAD, 22)
    made.height = made.facts.bottom()


def sheet_height(sheet: Sheet) -> float:
    """Lines of cells, or of words where there are none, and the line to step with."""
    lines = len(sheet.cells) + bool(sheet.more) if sheet.cells else 2
    return CELL * lines + (STEPPER if sheet.rows else 0.0)


def _foot(face: Face) -> float:
    """Air below the last thing on a card."""
    if face.family == Family.REFERENCE:
        return 12.0 if face.notice else 0.0
    return {Family.MODEL: 19.0, Family.PROMPT: 15.0, Family.NOTE: 14.0}.get(face.family, 14.0)
