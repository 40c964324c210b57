"""Words wrapped into a card: prompts with their calls as coloured chips, and notices with links."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLayout,
    QTextOption,
)

from widgets.canvas.face import Action, Line, Mood, Words
from widgets.canvas.kit import Kit

LINE_HEIGHT = 22.0
MOST_LINES = 14
_CHIP_PAD = 4.0


def units(text: str, place: int) -> int:
    """A place in code points as Qt counts it, in UTF-16."""
    return place if text.isascii() else len(text[:place].encode("utf-16-le", "surrogatepass")) // 2


class Flow(Struct):
    """Wrapped words, ready to be drawn."""

    layout: QTextLayout
    height: float
    chips: tuple[tuple[QRectF, QColor], ...]
    cut: bool


def flow(words: Words, kit: Kit, width: float) -> Flow:
    """Wraps `words` into `width`, at most `MOST_LINES` lines."""
    text = words.text.replace("\n", "\u2028")
    layout = QTextLayout(text, kit.body)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setFormats(_formats(words, kit))
    layout.setCacheEnabled(True)
    layout.beginLayout()
    y, count, cut = 0.0, 0, False
    while True:
        line = layout.createLine()
        if not line.isValid():
            break
        if count == MOST_LINES:
            cut = True
            line.setNumColumns(0)
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, y + (LINE_HEIGHT - line.height()) / 2))
        y += LINE_HEIGHT
        count += 1
    layout.endLayout()
    return Flow(layout, max(y, LINE_HEIGHT), _grounds(words, kit, layout, count), cut)


def _formats(words: Words, kit: Kit) -> list[QTextLayout.FormatRange]:
    ranges: list[QTextLayout.FormatRange] = []
    for chip in words.chips:
        start, end = units(words.text, chip.start), units(words.text, chip.end)
        look = QTextCharFormat()
        if chip.wrong or chip.slot is None:
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            look.setUnderlineColor(kit.colour("error"))
            ranges.append(_range(start, end, look))
            continue
        look.setForeground(QColor(kit.theme.tag(chip.slot).text))
        look.setFontWeight(kit.title.weight())
        ranges += [_range(start, end - 1, look), _range(end - 1, end, _spaced(look))]
        if start and not (ranges[-3:-2] and ranges[-3].start == start - 1):
            ranges.append(_range(start - 1, start, _spaced(QTextCharFormat())))
    return ranges


def _spaced(look: QTextCharFormat) -> QTextCharFormat:
    """With room behind it: the ground of a chip reaches beyond its letters."""
    wide = QTextCharFormat(look)
    wide.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
    wide.setFontLetterSpacing(_CHIP_PAD)
    return wide


def _range(start: int, end: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = start, end - start, look
    return made


def _grounds(words: Words, kit: Kit, layout: QTextLayout, lines: int) -> tuple[tuple[QRectF, QColor], ...]:
    made: list[tuple[QRectF, QColor]] = []
    for chip in words.chips:
        if chip.wrong or chip.slot is None:
            continue
        start, end = units(words.text, chip.start), units(words.text, chip.end)
        ground = QColor(kit.theme.tag(chip.slot).ground)
        for number in range(lines):
            line = layout.lineAt(number)
            first, last = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
            if first >= last:
                continue
            left, right = sorted((_x(line.cursorToX(first)), _x(line.cursorToX(last))))
            top = line.position().y() + line.height() / 2 - 9
            spaced = 0.0 if last < end else _CHIP_PAD
            made.append((QRectF(left - _CHIP_PAD, top, right - left + 2 * _CHIP_PAD - spaced, 18), ground))
    return tuple(made)


def _x(place: float | tuple[float, int]) -> float:
    """PySide6 gives the place back alone or with the cursor, by version."""
    return place[0] if isinstance(place, tuple) else place


def draw_flow(painter: QPainter, kit: Kit, flow: Flow, at: QPointF, muted: bool) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for rect, colour in flow.chips:
        painter.setBrush(colour)
        painter.drawRoundedRect(rect.translated(at), 4, 4)
    painter.setPen(kit.colour("muted" if muted else "text"))
    flow.layout.draw(painter, at)
    if flow.cut:
        painter.drawText(QPointF(at.x(), at.y() + flow.height + 4), "…")


class NoticeText:
    """The lines of a notice as a small document: wrapped, with links that can be found by position."""

    def __init__(self, lines: tuple[Line, ...], mood: Mood, kit: Kit, width: float) -> None:
        self._document = QTextDocument()
        self._document.setUndoRedoEnabled(False)
        self._document.setDocumentMargin(0)
        self._document.setDefaultFont(kit.body)
        self._document.setTextWidth(width)
        cursor = QTextCursor(self._document)
        for number, line in enumerate(lines):
            if number:
                cursor.insertBlock()
            block = QTextBlockFormat()
            block.setLineHeight(20, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
            cursor.setBlockFormat(block)
            _write(cursor, line, kit, mood)
        self.height = self._document.size().height()

    def draw(self, painter: QPainter, at: QPointF) -> None:
        painter.save()
        painter.translate(at)
        self._document.drawContents(painter)
        painter.restore()

    def action_at(self, place: QPointF) -> str:
        """The action under a point of the text, or nothing."""
        return self._document.documentLayout().anchorAt(place)


def _write(cursor: QTextCursor, line: Line, kit: Kit, mood: Mood) -> None:
    plain = QTextCharFormat()
    plain.setFont(kit.title if line.title else kit.body)
    role = {Mood.ERROR: "error", Mood.WARNING: "warning"}.get(line.mood, "muted")
    if line.sign:
        dot = QTextCharFormat(plain)
        dot.setForeground(kit.colour(role))
        cursor.insertText("●  ", dot)
    body = "text" if line.sign else role if line.title else "muted"
    plain.setForeground(kit.colour(body))
    cursor.insertText(line.text, plain)
    for number, action in enumerate(line.actions):
        cursor.insertText("   " if number or not line.text else "  ", plain) if number or line.text else None
        cursor.insertText(action.label, _link(action, kit))


def _link(action: Action, kit: Kit) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setFont(kit.link)
    look.setFontUnderline(True)
    look.setForeground(kit.colour("text"))
    look.setAnchor(True)
    look.setAnchorHref(action.id)
    return look
