"""The library beside the canvas: every picture that was ever made, to find, keep, use and remove. It shows
what it is given; `shelving` asks and does."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from app.library.query import DiskUse, Hit
from widgets.library.filters import Filters
from widgets.library.grid import Grid
from widgets.messages import counted, keyed, told
from widgets.parts.flow import Flow
from widgets.parts.picture_source import PictureSource
from widgets.theme import Themes

TYPING_MS = 160
"""From the last letter to the question."""


class LibraryPanel(QFrame):
    """`asked` when the words or filters are others; `doing` carries a name of `grid.DOINGS`, `restore` or
    `delete`."""

    asked = Signal()
    doing = Signal(str)
    closed = Signal()

    def __init__(self, pictures: PictureSource, place: Callable[[Hit], Path], themes: Themes) -> None:
        super().__init__()
        self.setObjectName("library")
        self.setAccessibleName(self.tr("Library"))
        self.setProperty("role", "panel")
        self.grid = Grid(pictures, place, themes)
        self.filters = Filters()
        self.words = _Words()
        self.words.setObjectName("library-search")
        self.words.setAccessibleName(self.tr("Search the library"))
        self.words.setPlaceholderText(self.tr("Words, @tags, models, documents"))
        self.words.setClearButtonEnabled(True)
        self.words.findChildren(QToolButton)[0].setAccessibleName(self.tr("Clear the search"))
        self._details = _label("library-details", "muted")
        self._details.setMinimumHeight(3 * self._details.fontMetrics().lineSpacing())
        self._disk = _label("library-disk", "caption")
        self._count = _label("library-count", "caption")
        self._buttons = self._actions()
        self._undo = self._undo_bar()
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._lay_out()
        self._listen()
        self.show_chosen()

    # --- building ---

    def _actions(self) -> dict[str, QToolButton]:
        made = (
            ("star", self.tr("★ Star"), "S", self.tr("Keep it: a star protects it from being deleted")),
            ("reject", self.tr("Reject"), "X", self.tr("Not this one: it is shown faintly")),
            ("reference", self.tr("Use as reference"), "R", self.tr("On the canvas, as a Reference Image")),
            ("canvas", self.tr("Show on canvas"), "C", self.tr("The node that made it")),
            ("look", self.tr("Look big"), self.tr("Space"), self.tr("Over the whole window")),
            ("remove", self.tr("Remove"), self.tr("Del"), self.tr("Hides it. Nothing is deleted yet.")),
            ("restore", self.tr("Put back"), "", self.tr("It is in the library again")),
            ("delete", self.tr("Delete for good…"), "", self.tr("All that was removed and nothing uses")),
        )
        buttons = {}
        for name, title, key, tip in made:
            button = QToolButton()
            button.setObjectName(f"library-do-{name}")
            button.setText(title)
            button.setToolTip(keyed(tip, key))
            button.setProperty("segment", "true")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda *_, name=name: self.doing.emit(name))
            buttons[name] = button
        return buttons

    def _undo_bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("library-undo")
        bar.setProperty("role", "card")
        self._undo_words = _label("library-undo-words", "")
        button = QToolButton()
        button.setObjectName("library-undo-button")
        button.setText(self.tr("Undo"))
        button.setToolTip(keyed(self.tr("Put back what was just removed"), "U"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda *_: self.doing.emit("undo"))
        away = QToolButton()
        away.setObjectName("library-undo-away")
        away.setText("✕")
        away.setProperty("kind", "quiet")
        away.setAccessibleName(self.tr("Close"))
        away.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        away.clicked.connect(lambda *_: self.say_removed(0))
        row = QHBoxLayout(bar)
        row.setContentsMargins(10, 6, 6, 6)
        row.addWidget(self._undo_words, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(button)
        row.addWidget(away)
        bar.hide()
        return bar

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Library"))
        title.setProperty("role", "title")
        close = QToolButton()
        close.setObjectName("library-close")
        close.setText("✕")
        close.setProperty("kind", "quiet")
        close.setToolTip(self.tr("Close the library"))
        close.setAccessibleName(self.tr("Close the library"))
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(lambda *_: self.closed.emit())
        top = QHBoxLayout()
        top.addWidget(title, 1)
        top.addWidget(self._count, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(close)
        doings = QWidget()
        flow = Flow(doings)
        for button in self._buttons.values():
            flow.addWidget(button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 8, 8)
        rows.setSpacing(8)
        rows.addLayout(top)
        rows.addWidget(self.words)
        rows.addWidget(self.filters)
        rows.addWidget(self.grid, 1)
        rows.addWidget(self._undo)
        rows.addWidget(self._details)
        rows.addWidget(doings)
        rows.addWidget(self._disk)
        for one, other in pairwise((self.grid, *self._buttons.values(), close)):
            self.setTabOrder(one, other)

    def _listen(self) -> None:
        self.words.textChanged.connect(lambda _: self._typing.start())
        self._typing.timeout.connect(self.asked)
        self.words.down.connect(self.enter)
        self.words.left.connect(lambda: self._leave(self.words))
        self.filters.changed.connect(self.asked)
        self.grid.moved.connect(self.show_chosen)
        self.grid.doing.connect(self._do)

    # --- hands ---

    @property
    def held(self) -> bool:
        """Whether it has the keyboard."""
        focus: QWidget | None = self.window().focusWidget()
        return self.isAncestorOf(focus) if focus is not None else False

    def enter(self) -> None:
        """The keyboard into the grid."""
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self.grid.choose_one()

    def _do(self, name: str) -> None:
        if name == "search":
            self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.words.selectAll()
        elif name == "leave":
            self._leave(self.grid)
        else:
            self.doing.emit(name)

    def _leave(self, out_of: QWidget) -> None:
        """Esc: the words first, then what is chosen, then back to the canvas."""
        if self.words.text():
            self.words.clear()
        elif out_of is self.grid and len(self.grid.chosen()) > 1:
            self.grid.clearSelection()
        else:
            self.doing.emit("leave")

    # --- showing ---

    def show_count(self, count: int, *, whole: bool) -> None:
        """How many were found; `whole`: all of them are there."""
        words = counted(count, "1 picture", "{n} pictures")
        self._count.setText(words if whole else f"{words}…")

    def show_empty(self, words: str) -> None:
        self.grid.empty = words
        self.grid.viewport().update()

    def show_details(self, words: str) -> None:
        self._details.setText(words)

    def show_chosen(self) -> None:
        """What can be done with what is chosen."""
        chosen, removed = bool(self.grid.chosen()), self.filters.removed.isChecked()
        for name, button in self._buttons.items():
            button.setVisible(removed if name in ("restore", "delete") else not removed or name == "look")
            button.setEnabled(chosen or name == "delete")

    def choices(self) -> tuple[tuple[str, str], ...]:
        """What can be done now: name and words."""
        return tuple(
            (name, button.text())
            for name, button in self._buttons.items()
            if not button.isHidden() and button.isEnabled()
        )

    def show_disk(self, use: DiskUse) -> None:
        words = [counted(use.pictures, "1 picture", "{n} pictures") + " · " + size_words(use.bytes)]
        if use.removed:
            removed = counted(use.removed, "1 of them removed", "{n} of them removed")
            words.append(f"{removed} ({size_words(use.freed)})")
        self._disk.setText(told(words))
        self._disk.setToolTip(self.tr("What the library takes on the disk"))

    def say_removed(self, count: int) -> None:
        """Offers to take a removal back; 0: no more."""
        self._undo_words.setText(counted(count, "1 picture was removed.", "{n} pictures were removed."))
        self._undo.setVisible(count > 0)


class _Words(QLineEdit):
    down = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.down.emit()
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)


def size_words(size: int) -> str:
    """In the units that file managers use: 1 MB is 1,000,000 bytes."""
    for unit, one in (("GB", 1_000_000_000), ("MB", 1_000_000)):
        if size >= one:
            return f"{size / one:.1f} {unit}"
    return f"{size / 1000:.0f} kB"


def _label(name: str, role: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    if role:
        label.setProperty("role", role)
    return label
