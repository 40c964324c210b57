"""The guide in a window of its own, beside the work: contents, pages, search, back and forward. Offline."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QTextEdit,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from widgets.guide.pages import KIND, Guide
from widgets.guide.rendering import render
from widgets.theme import Themes

SIZE, SMALLEST = QSize(980, 720), QSize(460, 340)
CONTENTS, NARROW = 220, 600
_ID = Qt.ItemDataRole.UserRole
OpenAddress = Callable[[QUrl], object]


class GuideWindow(QDialog):
    """`open_at` shows a page. `open_address` takes what leads out of the guide."""

    def __init__(
        self,
        guide: Guide,
        themes: Themes,
        parent: QWidget,
        open_address: OpenAddress = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("guide")
        self.setWindowTitle(self.tr("Guide"))
        self.setMinimumSize(SMALLEST)
        self.resize(SIZE)
        self._guide, self._themes, self._open_address = guide, themes, open_address
        self._past: list[tuple[str, int]] = []
        self._ahead: list[tuple[str, int]] = []
        self.shown = ""
        """The id of the page that is read."""
        self.contents = self._contents()
        self.page = QTextBrowser()
        self.page.setObjectName("guide-page")
        self.page.setAccessibleName(self.tr("Page of the guide"))
        self.page.setOpenLinks(False)
        self.page.setWordWrapMode(QTextOption.WrapMode.WordWrap)
        self.page.anchorClicked.connect(self._follow)
        self.line = QLineEdit()
        self.line.setObjectName("guide-search")
        self.line.setPlaceholderText(self.tr("Search the guide…"))
        self.line.setAccessibleName(self.tr("Search the guide"))
        self.line.setClearButtonEnabled(True)
        for clear in self.line.findChildren(QToolButton):
            clear.setAccessibleName(self.tr("Clear the search"))
        self.line.textChanged.connect(self._find)
        self.line.installEventFilter(self)
        self._lay_out()
        self.take(guide)
        themes.changed.connect(self._redraw)

    def _lay_out(self) -> None:
        self.back = self._button("‹", "guide-back", self.tr("Back"), "Alt+Left", self.go_back)
        self.forward = self._button("›", "guide-forward", self.tr("Forward"), "Alt+Right", self.go_forward)
        self.list_button = self._button("☰", "guide-list", self.tr("Contents"), "Ctrl+L", self._toggle_list)
        bar = QHBoxLayout()
        bar.setSpacing(6)
        for widget in (self.list_button, self.back, self.forward):
            bar.addWidget(widget)
        bar.addWidget(self.line, 1)
        sides = QSplitter(Qt.Orientation.Horizontal)
        sides.setHandleWidth(1)
        sides.addWidget(self.contents)
        sides.addWidget(self.page)
        sides.setStretchFactor(1, 1)
        sides.setSizes([CONTENTS, SIZE.width() - CONTENTS])
        sides.setCollapsible(1, False)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 12, 12, 12)
        rows.addLayout(bar)
        rows.addWidget(sides, 1)
        order = (self.list_button, self.back, self.forward, self.line, self.contents, self.page)
        for one, other in pairwise(order):
            self.setTabOrder(one, other)

    def _button(self, sign: str, name: str, words: str, keys: str, what: Callable[[], object]) -> QPushButton:
        button = QPushButton(sign)
        button.setObjectName(name)
        button.setAccessibleName(words)
        QShortcut(QKeySequence(keys), self, what)  # the button's own would wait for its animation
        shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(f"{words} ({shown})")
        button.setProperty("sign", True)
        button.setFixedSize(36, 30)
        button.setAutoDefault(False)
        button.clicked.connect(what)
        return button

    def _contents(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setObjectName("guide-contents")
        tree.setAccessibleName(self.tr("Contents of the guide"))
        tree.setHeaderHidden(True)
        tree.setRootIsDecorated(False)
        tree.setIndentation(0)
        tree.setMinimumWidth(120)
        tree.currentItemChanged.connect(lambda item, _: self._chosen(item))
        return tree

    # --- pages ---

    def take(self, guide: Guide) -> None:
        """Other pages: another language, other keys. The same page stays open."""
        self._guide = guide
        blocked = self.contents.blockSignals(True)
        self.contents.clear()
        self._items: dict[str, QTreeWidgetItem] = {}
        self._nodes = QTreeWidgetItem([guide.words["every-node"]])
        self._nodes.setFlags(Qt.ItemFlag.ItemIsEnabled)
        for id in guide.ids:
            title = guide.title(id)
            item = QTreeWidgetItem([f"      {title}" if id.startswith(KIND) else title])
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, title)
            item.setData(0, _ID, id)
            self._items[id] = item
            if id.startswith(KIND):
                self._nodes.addChild(item)
            else:
                self.contents.addTopLevelItem(item)
        self.contents.addTopLevelItem(self._nodes)
        self._nodes.setExpanded(True)
        self.contents.blockSignals(blocked)
        if self.shown in self._items:
            self._redraw()
        self._find(self.line.text())

    def open_at(self, id: str) -> None:
        """Shows the window with this page; with the first one where there is no such page."""
        self.go(id if id in self._items else self._guide.ids[0])
        self.show()
        self.raise_()
        self.activateWindow()
        self.page.setFocus()

    def go(self, id: str) -> None:
        if id == self.shown:
            return
        if self.shown:
            self._past.append((self.shown, self._height()))
        self._ahead.clear()
        self._show(id, 0)

    def go_back(self) -> None:
        self._step(self._past, self._ahead)

    def go_forward(self) -> None:
        self._step(self._ahead, self._past)

    def _step(self, source: list[tuple[str, int]], target: list[tuple[str, int]]) -> None:
        if source:
            target.append((self.shown, self._height()))
            self._show(*source.pop())

    def _show(self, id: str, height: int) -> None:
        self.shown = id
        self.setWindowTitle(self.tr("{page} – Guide").format(page=self._guide.title(id)))
        render(self.page.document(), self._guide.page(id), self._themes.theme)
        self.page.moveCursor(QTextCursor.MoveOperation.Start)
        self.page.verticalScrollBar().setValue(height)
        self._mark()
        blocked = self.contents.blockSignals(True)
        self.contents.setCurrentItem(self._items[id])
        self.contents.scrollToItem(self._items[id])
        self.contents.blockSignals(blocked)
        self.back.setEnabled(bool(self._past))
        self.forward.setEnabled(bool(self._ahead))

    def _redraw(self, *_: object) -> None:
        if self.shown:
            self._show(self.shown, self._height())

    def _height(self) -> int:
        return self.page.verticalScrollBar().value()

    def _chosen(self, item: QTreeWidgetItem | None) -> None:
        id = item.data(0, _ID) if item is not None else None
        if id:
            self.go(str(id))

    def _follow(self, address: QUrl) -> None:
        id = address.path().removesuffix(".md")
        if address.isRelative() and id in self._items:
            self.go(id)
        else:
            self._open_address(address)

    # --- search ---

    def _find(self, text: str) -> None:
        """The contents list what has every word; the page shows where they stand."""
        found = set(self._guide.found(text)) if text.strip() else set(self._items)
        for id, item in self._items.items():
            item.setHidden(id not in found)
        self._nodes.setHidden(not any(id.startswith(KIND) for id in found))
        self._mark()

    def _next(self) -> None:
        """The next place; the first page that has one where this has none."""
        text = self.line.text().strip()
        found = self._guide.found(text) if text else ()
        if found and self.shown not in found:
            self.go(found[0])
        word = next(iter(text.split()), "")
        if word and not self.page.find(word):
            self.page.moveCursor(QTextCursor.MoveOperation.Start)
            self.page.find(word)

    def _mark(self) -> None:
        marks = []
        for word in self.line.text().split():
            cursor = QTextCursor(self.page.document())
            while not (cursor := self.page.document().find(word, cursor, QTextDocument.FindFlag(0))).isNull():
                mark = QTextEdit.ExtraSelection()
                mark.cursor = cursor
                mark.format.setBackground(self._themes.theme.colour("accent", 90))
                marks.append(mark)
        self.page.setExtraSelections(marks)

    # --- size and keys ---

    def _toggle_list(self) -> None:
        self.contents.setHidden(self.contents.isVisible())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window shows the page alone; the list is one key away."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow is not (0 <= event.oldSize().width() < NARROW):
            self.contents.setHidden(narrow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes to the next place, Down into the list, Esc empties the search first."""
        if watched is not self.line or not isinstance(event, QKeyEvent):
            return False
        if event.type() != QEvent.Type.KeyPress:
            return False
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._next()
        elif key == Qt.Key.Key_Down:
            self.contents.setFocus(Qt.FocusReason.TabFocusReason)
        elif key == Qt.Key.Key_Escape and self.line.text():
            self.line.clear()
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Find):
            self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.line.selectAll()
        else:
            super().keyPressEvent(event)
