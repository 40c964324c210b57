"""All settings in one place: pages at the left, a search over all of them at the top."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.preferences import declared
from app.preferences.options import Option
from app.studio.studio import Studio
from widgets.dialogs.place_rows import keeping_rows, place_rows
from widgets.dialogs.setting_rows import OptionRow, Row, WayRow, Worded, is_narrow
from widgets.dialogs.vendor_row import VendorRow
from widgets.tasks import Tasks

SIZE, LEAST = (55, 40), (440, 300)
"""The size to begin with, in heights of a line; the least one in px."""
LEAST_BESIDE = 36
"""Heights of a line from which pages stand beside the rows."""


class SettingsDialog(QDialog):
    """What is changed holds at once. Not modal: one sees what a change does. `shortcuts` opens the dialog of
    keys. `outdated` is told when the language changes while it is open."""

    outdated = Signal()

    def __init__(
        self,
        studio: Studio,
        tasks: Tasks,
        parent: QWidget,
        *,
        shortcuts: Callable[[], object],
        options: tuple[Option[Any], ...] = declared.OPTIONS,
    ) -> None:
        super().__init__(parent)
        self._studio, self._tasks, self._shortcuts, self._options = studio, tasks, shortcuts, options
        self._sections: dict[str, Section] = {}
        self._page = ""
        self.setObjectName("settings")
        self.setWindowTitle(self.tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(*LEAST)
        self._build()
        line = QFontMetrics(self.font()).height()
        room = self.screen().availableSize()
        self.resize(min(SIZE[0] * line, room.width() - 40), min(SIZE[1] * line, room.height() - 60))
        self._fit_pages()
        self._focus = QApplication.instance().focusChanged.connect(self._bring)
        self.show_page(declared.PAGES[0])
        self.line.setFocus()

    # --- building ---

    def _build(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 14, 16, 12)
        rows.setSpacing(10)
        rows.addWidget(self._search())
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._middle.setSpacing(14)
        self._middle.addWidget(self._list())
        self._middle.addWidget(self._scroll(), 1)
        rows.addLayout(self._middle, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        rows.addWidget(buttons)

    def _search(self) -> QLineEdit:
        self.line = QLineEdit()
        self.line.setPlaceholderText(self.tr("Search settings…"))
        self.line.setAccessibleName(self.tr("Search settings"))
        self.line.setClearButtonEnabled(True)
        for clear in self.line.findChildren(QToolButton):
            clear.setAccessibleName(self.tr("Clear the search"))
        self.line.textChanged.connect(lambda _: self._show())
        self.line.installEventFilter(self)
        return self.line

    def _list(self) -> QListWidget:
        self.pages = QListWidget()
        self.pages.setObjectName("settings-pages")
        self.pages.setAccessibleName(self.tr("Pages"))
        titles = self._titles()
        for page in declared.PAGES:
            self.pages.addItem(titles[page])
        self.pages.currentRowChanged.connect(lambda row: self._go(declared.PAGES[row]))
        return self.pages

    def _fit_pages(self) -> None:
        """Beside the rows, as wide as its longest title with a number; with little room above them."""
        above, letters = is_narrow(self, LEAST_BESIDE), QFontMetrics(self.font())
        self.pages.setFlow(QListWidget.Flow.LeftToRight if above else QListWidget.Flow.TopToBottom)
        self.pages.setWrapping(above)
        way = QBoxLayout.Direction.TopToBottom if above else QBoxLayout.Direction.LeftToRight
        self._middle.setDirection(way)
        wide = 36 + max(letters.horizontalAdvance(f"{one}  99") for one in self._titles().values())
        self.pages.setFixedWidth(self.width() - 32 if above else wide)
        whole = sum(letters.horizontalAdvance(f"{one}  99") + 12 for one in self._titles().values())
        lines = -(-whole // (self.width() - 32))
        self.pages.setMaximumHeight(lines * (letters.height() + 10) + 6 if above else 10_000)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_pages()

    def _scroll(self) -> QScrollArea:
        column = QWidget()
        self._column = QVBoxLayout(column)
        self._column.setContentsMargins(2, 0, 8, 0)
        self._column.setSpacing(16)
        titles = self._titles()
        for page in declared.PAGES:
            section = self._sections[page] = Section(titles[page], self._rows_of(page))
            self._column.addWidget(section)
        self.nothing = QLabel(self.tr("Nothing here goes by that name."))
        self.nothing.setProperty("role", "muted")
        self._column.addWidget(self.nothing)
        self._column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(column)
        return self.area

    def _titles(self) -> dict[str, str]:
        return {
            "appearance": self.tr("Appearance"),
            "canvas": self.tr("Canvas"),
            "money": self.tr("Money"),
            "vendors": self.tr("Vendors"),
            "files": self.tr("Files"),
            "privacy": self.tr("Privacy"),
        }

    def _rows_of(self, page: str) -> list[Row]:
        studio = self._studio
        rows: list[Row] = [OptionRow(studio.options, one) for one in self._options if one.page == page]
        match page:
            case "canvas":
                rows.append(
                    WayRow(
                        self.tr("Keyboard and mouse"),
                        self.tr("Every key and gesture, to look up and to change."),
                        self.tr("Change…"),
                        self._shortcuts,
                        (
                            "shortcuts",
                            "keys",
                            "快捷键",
                            "键盘",
                            "鼠标",
                            "kuai jie jian",
                            "jian pan",
                            "shu biao",
                        ),
                    )
                )
            case "vendors":
                rows.append(Worded(self.tr("Keys"), self._about_keys()))
                rows += [VendorRow(one, studio, self._tasks) for one in studio.vendors()]
            case "files":
                rows += place_rows(studio.home, studio.upkeep.diagnosis.elsewhere())
            case "privacy":
                rows += keeping_rows(studio)
        return rows

    def _about_keys(self) -> str:
        return self.tr(
            "With a vendor's key, pictures are made and billed by that vendor. Without one they are free "
            "drafts. Keys are kept in the system's keyring, never in a document, picture or log. "
            "A test buys nothing."
        )

    # --- showing ---

    @property
    def rows(self) -> Iterator[Row]:
        for section in self._sections.values():
            yield from section.rows

    def found(self) -> list[Row]:
        """The rows that are shown."""
        return [row for row in self.rows if not row.isHidden() and not self._sections_of(row).isHidden()]

    def _sections_of(self, row: Row) -> Section:
        return next(one for one in self._sections.values() if row in one.rows)

    def show_page(self, page: str) -> None:
        """Without a search."""
        self.line.clear()
        self.pages.setCurrentRow(declared.PAGES.index(page))

    def _go(self, page: str) -> None:
        self._page = page
        if self.line.text().strip():
            self.area.verticalScrollBar().setValue(self._sections[page].y())
        else:
            self._show()
            self.area.verticalScrollBar().setValue(0)

    def _show(self) -> None:
        wanted, titles, any_hit = self.line.text().strip(), self._titles(), False
        for place, page in enumerate(declared.PAGES):
            section, item = self._sections[page], self.pages.item(place)
            hits = section.filter(wanted)
            any_hit = any_hit or hits > 0
            section.setVisible(hits > 0 if wanted else page == self._page)
            item.setText(f"{titles[page]}  {hits}" if wanted and hits else titles[page])
            enabled = item.flags() | Qt.ItemFlag.ItemIsEnabled
            item.setFlags(enabled if hits or not wanted else enabled & ~Qt.ItemFlag.ItemIsEnabled)
        self.nothing.setVisible(not any_hit)

    # --- keyboard and end ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down or Enter goes from the search to what was found; Esc empties it first."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._to_first()
                return True
            if key == Qt.Key.Key_Escape and self.line.text():
                self.line.clear()
                return True
        return False

    def _to_first(self) -> None:
        if not self.line.text().strip():
            self.pages.setFocus(Qt.FocusReason.TabFocusReason)
            return
        for row in self.found():
            for part in row.findChildren(QWidget):
                takes = part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.focusProxy() is None
                if takes and part.isEnabled() and part.isVisibleTo(row):
                    part.setFocus(Qt.FocusReason.TabFocusReason)
                    self.area.ensureWidgetVisible(row)
                    return

    def _bring(self, before: QWidget | None, now: QWidget | None) -> None:
        """What has the keyboard is in view, however it came to it."""
        column = self.area.widget()
        if now is not None and column is not None and column.isAncestorOf(now):
            self.area.ensureWidgetVisible(now, 0, 40)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.outdated.emit()
        elif event.type() == QEvent.Type.FontChange:
            self._fit_pages()

    @property
    def page(self) -> str:
        return self._page

    def done(self, code: int) -> None:
        for row in self.rows:
            row.flush()
            row.close_down()
        self.disconnect(self._focus)
        super().done(code)


class Section(QWidget):
    """A page: its title, then its rows."""

    def __init__(self, title: str, rows: list[Row]) -> None:
        super().__init__()
        self.rows = rows
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        heading = QLabel(title)
        heading.setProperty("role", "brand")
        column.addWidget(heading)
        for row in rows:
            column.addWidget(row)
        column.addStretch(1)

    def filter(self, wanted: str) -> int:
        """How many rows are shown."""
        hits = 0
        for row in self.rows:
            answers = not wanted or row.answers(wanted)
            row.setVisible(answers)
            hits += answers
        return hits
