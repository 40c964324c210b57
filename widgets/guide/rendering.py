"""A page of the guide as Qt draws it: Markdown, then the sizes, colours and tables of the house."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import (
    QBrush,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFragment,
    QTextFrame,
    QTextFrameFormat,
    QTextLength,
    QTextList,
    QTextTable,
)

from widgets.theme import BODY, Theme, font

HEADINGS = {1: 24, 2: 17, 3: 14}
"""Sizes in px by level."""
BEFORE = {1: 4.0, 2: 22.0, 3: 16.0}
AFTER = {1: 10.0, 2: 6.0, 3: 4.0}
MARGIN = 22.0
MONO = ("Cascadia Mono", "SF Mono", "Menlo", "Consolas", "DejaVu Sans Mono", "Noto Sans Mono")
LINE = 138.0
"""Of a line's height, in percent: Chinese needs more than Latin, and Latin does not mind."""


def render(document: QTextDocument, markdown: str, theme: Theme) -> None:
    """Replaces what is in the document."""
    document.setDefaultFont(font(BODY + 1))
    document.setDocumentMargin(MARGIN)
    document.setMarkdown(markdown, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    tables = list(_tables(document.rootFrame()))
    for block in _blocks(document):
        _dress(cursor, block, theme)
    for table in tables:
        _dress_table(table, theme)
    cursor.endEditBlock()
    document.setModified(False)
    document.clearUndoRedoStacks()


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _tables(frame: QTextFrame) -> Iterator[QTextTable]:
    for child in frame.childFrames():
        if isinstance(child, QTextTable):
            yield child
        yield from _tables(child)


def _dress_table(table: QTextTable, theme: Theme) -> None:
    made = table.format()
    made.setBorder(1)
    made.setBorderCollapse(True)
    made.setBorderBrush(QBrush(theme.colour("line")))
    made.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    made.setCellPadding(6)
    made.setCellSpacing(0)
    made.setTopMargin(6)
    made.setBottomMargin(14)
    made.setWidth(QTextLength(QTextLength.Type.PercentageLength, 99))
    table.setFormat(made)
    first = table.cellAt(0, 0)
    words = first.firstCursorPosition()
    if not words.block().text() and first.lastCursorPosition().block() != words.block():
        words.deleteChar()  # an empty line that Qt puts there after code
    for column in range(table.columns()):
        cell = table.cellAt(0, column)
        head = cell.format()
        head.setBackground(theme.colour("card"))
        cell.setFormat(head)
        bold = QTextCharFormat()
        bold.setFontWeight(QFont.Weight.DemiBold)
        words = cell.firstCursorPosition()
        words.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        words.mergeCharFormat(bold)


def _dress(cursor: QTextCursor, block: QTextBlock, theme: Theme) -> None:
    made = QTextBlockFormat(block.blockFormat())
    level = made.headingLevel()
    cursor.setPosition(block.position())
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    in_table = cursor.currentTable() is not None
    code = _is_code(made) and not in_table
    if in_table:
        made = QTextBlockFormat()  # Qt gives the first cell what stood before the table
    elif level:
        made.setTopMargin(BEFORE.get(level, 12.0))
        made.setBottomMargin(AFTER.get(level, 4.0))
    elif code:
        made.setBackground(theme.colour("card"))
        made.setLeftMargin(6)
        made.setTopMargin(0)
        made.setBottomMargin(0 if _is_code(block.next().blockFormat()) else 12)
    else:
        made.setLineHeight(LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        made.setBottomMargin(4 if isinstance(block.textList(), QTextList) else 9)
    cursor.setBlockFormat(made)
    for fragment in _fragments(block):
        _dress_fragment(cursor, fragment, theme, level=level, code=code)


def _is_code(made: QTextBlockFormat) -> bool:
    return made.hasProperty(QTextFormat.Property.BlockCodeFence)


def _fragments(block: QTextBlock) -> list[QTextFragment]:
    """All of them first: what is dressed may be joined with its neighbour."""
    found = []
    walker = block.begin()
    while not walker.atEnd():
        found.append(walker.fragment())
        walker += 1
    return found


def _dress_fragment(
    cursor: QTextCursor, fragment: QTextFragment, theme: Theme, *, level: int, code: bool
) -> None:
    made = QTextCharFormat(fragment.charFormat())
    if level:
        made.clearProperty(QTextFormat.Property.FontSizeAdjustment)  # it would win over any size
        made.setFont(font(HEADINGS.get(level, BODY + 1), QFont.Weight.DemiBold))
    if made.isAnchor():
        made.setForeground(theme.colour("accent"))
    elif made.fontFixedPitch() or code:
        made.setFontFamilies([*MONO, *font().families()])
        made.setFontStyleHint(QFont.StyleHint.Monospace)
        made.setProperty(QTextFormat.Property.FontPixelSize, BODY)
        if not code:
            made.setBackground(theme.colour("pill"))
    elif not level:
        return
    cursor.setPosition(fragment.position())
    cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
    cursor.setCharFormat(made)
