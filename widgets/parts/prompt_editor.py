"""The prompt's text: tags and columns in their colours, mistakes underlined, and a list of tags after an @,
of a table's columns after a {."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QPlainTextEdit, QToolTip, QWidget

from app.document.tags import find_calls
from widgets.parts.columns import begun as columns_begun
from widgets.parts.columns import find_columns
from widgets.parts.completion import Completion, TagChoice
from widgets.theme import COLUMN, Themes

_BEGUN = re.compile(r"[@＠]([A-Za-z0-9]*)$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A stretch of the text, in code points, and what is wrong with it."""

    start: int
    end: int
    words: str


class PromptEditor(QPlainTextEdit):
    """`edited` carries the text after each change by hand; `finished` comes when the focus goes or Esc or
    Ctrl+Return is pressed. Undo inside is the field's own while it has the focus."""

    edited = Signal(str)
    finished = Signal()

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prompt-editor")
        self.setAccessibleName(self.tr("Prompt"))
        self.setPlaceholderText(self.tr("Describe the picture. Type @ to call a photograph by its tag."))
        self.setTabChangesFocus(True)
        self._themes = themes
        self._choices: tuple[TagChoice, ...] = ()
        self._columns: Mapping[str, str] = {}
        self._mistakes: tuple[Mistake, ...] = ()
        self._quiet = False
        self._colours = _Colours(self.document(), self)
        self._completion = Completion(self, themes)
        self._completion.chosen.connect(self._complete)
        self.textChanged.connect(self._on_text)
        self.cursorPositionChanged.connect(self._on_cursor)
        themes.changed.connect(self._recolour)

    # -- what is shown

    def show_text(self, text: str) -> None:
        """Another text, without telling anyone; the cursor stays where it can."""
        if text == self.toPlainText():
            return
        self._quiet = True
        place = self.textCursor().position()
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.setPosition(min(place, self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self._quiet = False

    def show_tags(self, choices: Sequence[TagChoice]) -> None:
        """The tags that this prompt may call."""
        if tuple(choices) != self._choices:
            self._choices = tuple(choices)
            self._recolour()

    def show_columns(self, columns: Mapping[str, str]) -> None:
        """The columns of the document's table, with their cells in the row that is previewed."""
        if columns != self._columns:
            self._columns = dict(columns)
            self._recolour()

    def show_mistakes(self, mistakes: Sequence[Mistake]) -> None:
        if tuple(mistakes) != self._mistakes:
            self._mistakes = tuple(mistakes)
            self._recolour()

    def slot_of(self, tag: str) -> int | None:
        """The colour slot of a tag that may be called, or None."""
        wanted = tag.lower()
        return next((one.slot for one in self._choices if one.tag.lower() == wanted), None)

    def marked(self, text: str) -> Iterator[tuple[int, int, int]]:
        """What has a colour in a text: from, to, and its slot."""
        for call in find_calls(text):
            slot = self.slot_of(call.tag)
            if slot is not None:
                yield call.start, call.end, slot
        for place in find_columns(text, self._columns):
            yield place.start, place.end, COLUMN

    @property
    def themes(self) -> Themes:
        return self._themes

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        return self._mistakes

    def _recolour(self) -> None:
        self._quiet = True  # a change of colours is no change of text
        self._colours.rehighlight()
        self._quiet = False
        self.viewport().update()

    # -- typing

    def _on_text(self) -> None:
        if not self._quiet:
            self.edited.emit(self.toPlainText())

    def _on_cursor(self) -> None:
        if not self.hasFocus() or self._quiet:
            return
        begun, known = self._begun(), self._choices
        if begun is None:
            begun = self._column_begun()
            known = tuple(
                TagChoice(tag=name, slot=COLUMN, title=cell) for name, cell in self._columns.items()
            )
        if begun is None:
            self._completion.hide()
            return
        wanted = begun.lower()
        starting = [one for one in known if one.tag.lower().startswith(wanted)]
        inside = [one for one in known if wanted in one.tag.lower() and one not in starting]
        choices = [one for one in (*starting, *inside) if one.tag.lower() != wanted]
        below = self.cursorRect().bottomLeft() + self.viewport().pos()
        self._completion.offer(choices, QPoint(below.x(), below.y()))

    def _begun(self) -> str | None:
        """The tag being typed before the cursor, without @; None where there is none."""
        cursor = self.textCursor()
        if cursor.hasSelection():
            return None
        before = cursor.block().text()[: cursor.positionInBlock()]
        found = _BEGUN.search(before)
        if found is None:
            return None
        calls = find_calls(before if found.group(1) else before + "x")  # a lone @ has no letters yet
        return found.group(1) if calls and calls[-1].end >= len(before) else None

    def _column_begun(self) -> str | None:
        """The column being typed before the cursor, without its brace; None where there is none."""
        cursor = self.textCursor()
        if cursor.hasSelection() or not self._columns:
            return None
        return columns_begun(cursor.block().text()[: cursor.positionInBlock()])

    def _complete(self, tag: str) -> None:
        begun = self._begun()
        if begun is None:
            self._complete_column(tag)
            return
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(begun) + 1)
        after = cursor.block().text()[self.textCursor().positionInBlock() :][:1]
        cursor.insertText(f"@{tag}" + ("" if after and not after.isalnum() else " "))
        self.setTextCursor(cursor)
        self._completion.hide()

    def _complete_column(self, name: str) -> None:
        begun = self._column_begun()
        if begun is None:
            return
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(begun) + 1)
        closed = cursor.block().text()[self.textCursor().positionInBlock() :][:1] == "}"
        cursor.insertText(f"{{{name}" if closed else f"{{{name}}}")
        if closed:
            cursor.movePosition(QTextCursor.MoveOperation.Right)
        self.setTextCursor(cursor)
        self._completion.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._completion.isVisible() and self._list_key(event.key()):
            return
        plain_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.finished.emit()
            return
        if plain_return and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # Run, wherever the focus is
            return
        super().keyPressEvent(event)

    def _list_key(self, key: int) -> bool:
        match key:
            case Qt.Key.Key_Down:
                self._completion.step(1)
            case Qt.Key.Key_Up:
                self._completion.step(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Tab:
                self._complete(self._completion.current())
            case Qt.Key.Key_Escape:
                self._completion.hide()
            case _:
                return False
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._completion.hide()
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:  # its own menu: the hand comes back
            self.finished.emit()

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        self._paint_chips()
        super().paintEvent(event)

    def _paint_chips(self) -> None:
        """Rounded grounds behind tags and columns; the letters' colour comes from the highlighter."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        block = self.firstVisibleBlock()
        bottom = self.viewport().height()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if box.top() > bottom:
                break
            self._paint_block(painter, block, box)
            block = block.next()
        painter.end()

    def _paint_block(self, painter: QPainter, block: QTextBlock, box: QRectF) -> None:
        text = block.text()
        for first, behind, slot in self.marked(text):
            start, end = units(text, first), units(text, behind)
            line = block.layout().lineForTextPosition(start)
            if not line.isValid():
                continue
            x = _x(line.cursorToX(start))
            last = min(end, line.textStart() + line.textLength())
            width = _x(line.cursorToX(last)) - x
            painter.setBrush(QColor(self._themes.theme.tag(slot).ground))
            painter.drawRoundedRect(
                QRectF(box.left() + x - 3, box.top() + line.y(), width + 6, line.height()), 4, 4
            )

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._tip(event)
            return True
        return super().event(event)

    def _tip(self, event: QHelpEvent) -> None:
        text = self.toPlainText()
        place = self.cursorForPosition(self.viewport().mapFrom(self, event.pos())).position()
        for mistake in self._mistakes:
            if units(text, mistake.start) <= place <= units(text, mistake.end):
                QToolTip.showText(event.globalPos(), mistake.words, self)
                return
        QToolTip.hideText()


class _Colours(QSyntaxHighlighter):
    def __init__(self, document: QTextDocument, editor: PromptEditor) -> None:
        super().__init__(document)
        self._editor = editor

    def highlightBlock(self, text: str) -> None:
        theme = self._editor.themes.theme
        for begin, behind, slot in self._editor.marked(text):
            form = QTextCharFormat()
            form.setForeground(QColor(theme.tag(slot).text))
            form.setFontWeight(QFont.Weight.DemiBold)
            start = units(text, begin)
            self.setFormat(start, units(text, behind) - start, form)
        whole = self._editor.toPlainText()
        first = self.currentBlock().position()
        for mistake in self._editor.mistakes:
            start = units(whole, mistake.start) - first
            end = units(whole, mistake.end) - first
            for place in range(max(start, 0), min(end, len(text) + sum(ord(one) > 0xFFFF for one in text))):
                form = QTextCharFormat(self.format(place))
                form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
                form.setUnderlineColor(theme.colour("error"))
                self.setFormat(place, 1, form)


def units(text: str, place: int) -> int:
    """A place in code points as Qt counts it, in UTF-16 units."""
    return place + sum(ord(one) > 0xFFFF for one in text[:place])


def _x(value: object) -> float:
    """`QTextLine.cursorToX` answers a number or a pair, by version."""
    return float(value[0]) if isinstance(value, tuple) else float(value)  # type: ignore[arg-type]
