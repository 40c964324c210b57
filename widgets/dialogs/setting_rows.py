"""Rows of the settings: an option with its field, a folder, a way to another dialog."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.basics.faults import Fault
from app.basics.words import spoken
from app.preferences.options import Option, Options
from widgets.dialogs.option_editors import WIDTH, Editor, editor_for
from widgets.parts.fuzzy import score

NARROW = 30
"""Heights of a line: in less width the field of a row stands below its words."""
NEAR = 35.0
"""From which score a name answers: its initials do, letters scattered over it do not."""


class Row(QFrame):
    """`names` are what it goes by, its title first; `text` what else is said of it."""

    def __init__(self, names: tuple[str, ...], text: str = "") -> None:
        super().__init__()
        self.names, self.text = names, text

    def answers(self, wanted: str) -> bool:
        """Whether every word of a search is about it."""
        whole = unicodedata.normalize("NFKC", wanted).casefold().strip()
        if max((score(whole, name) for name in self.names), default=0) >= NEAR:
            return True
        said = " ".join((*self.names, self.text)).casefold()
        return all(word in said for word in whole.split())

    def flush(self) -> None:
        """What is typed and not taken yet is taken now."""

    def close_down(self) -> None:
        """Stops listening and working."""


class Worded(Row):
    """Title and help, with something beside them, or below where there is little room."""

    def __init__(self, title: str, help: str, names: tuple[str, ...] = ()) -> None:
        super().__init__((title, *names), help)
        self.title, self.help = QLabel(title), QLabel(help)
        for label in (self.title, self.help):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.help.setProperty("role", "muted")
        self.help.setVisible(bool(help))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.help)
        words.addStretch()
        self.beside = QHBoxLayout()
        self.beside.setSpacing(6)
        self.beside.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.line.setSpacing(12)
        self.line.addLayout(words, 1)
        self.line.addLayout(self.beside)
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 7, 0, 7)
        self.rows.setSpacing(4)
        self.rows.addLayout(self.line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = is_narrow(self, NARROW)
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self.line.direction() != way:
            self.line.setDirection(way)


class OptionRow(Worded):
    """A change holds at once. What could not be set, and why, is said under it, and what was typed stays."""

    def __init__(self, options: Options, option: Option[Any]) -> None:
        title = spoken(option.title)
        names = (option.title, *option.words, *map(option.label, option.choices))
        super().__init__(title, spoken(option.help), names)
        self.option, self._options = option, options
        self.editor: Editor = editor_for(option)
        self.editor.setFixedWidth(WIDTH * self.fontMetrics().height() // 16)
        self.reset = QPushButton(tr("Default"))
        self.reset.setProperty("kind", "link")
        self.reset.setAutoDefault(False)
        self.reset.setAccessibleName(tr("{option}: back to default").format(option=title))
        self.reset.setToolTip(tr("Back to default"))
        keeps = self.reset.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(keeps)
        self.beside.addWidget(self.editor)
        self.beside.addWidget(self.reset)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setProperty("role", "error")
        self.said.hide()
        self.rows.addWidget(self.said)
        self.editor.wanted.connect(self._set)
        self.editor.refused.connect(self._say)
        self.reset.clicked.connect(self._reset)
        self._stop = options.changed.connect(lambda change: self._changed(change.option))
        self._show()

    def flush(self) -> None:
        self.editor.flush()

    def close_down(self) -> None:
        self._stop()

    def _changed(self, id: str) -> None:
        if id == self.option.id:
            self._show()

    def _show(self) -> None:
        value = self._options.get(self.option)
        self.editor.show_value(value)
        self.reset.setVisible(value != self.option.default)

    def _set(self, value: Any) -> None:
        self._do(lambda: self._options.set(self.option, value))

    def _reset(self) -> None:
        self.editor.field.setFocus()
        self._do(lambda: self._options.reset(self.option))
        self._show()

    def _do(self, change: Callable[[], None]) -> None:
        try:
            change()
        except Fault as fault:
            self._say(fault.sentence())
        else:
            self._say("")

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))


class PlaceRow(Worded):
    """Where something lies, and a button that shows it, or for a file the `folder` it is in."""

    def __init__(
        self, title: str, path: Path, help: str, names: tuple[str, ...] = (), folder: Path | None = None
    ) -> None:
        super().__init__(title, help, (str(path), *names))
        self.path = QLabel(str(path))
        self.path.setWordWrap(True)
        self.path.setTextFormat(Qt.TextFormat.PlainText)
        self.path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.rows.addWidget(self.path)
        self.open = button(tr("Open folder"), tr("{place}: open folder").format(place=title))
        self.open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder or path))))
        self.beside.addWidget(self.open)


class WayRow(Worded):
    """A button that opens something else."""

    def __init__(
        self, title: str, help: str, words: str, what: Callable[[], object], names: tuple[str, ...] = ()
    ) -> None:
        super().__init__(title, help, names)
        self.open = button(words, f"{title}: {words}")
        self.open.clicked.connect(lambda: what())
        self.beside.addWidget(self.open)


def is_narrow(widget: QWidget, lines: int) -> bool:
    """Whether it is less wide than so many heights of its line."""
    return widget.width() < lines * widget.fontMetrics().height()


def button(words: str, name: str) -> QPushButton:
    made = QPushButton(words)
    made.setAutoDefault(False)
    made.setAccessibleName(name)
    return made


def tr(text: str) -> str:
    return QCoreApplication.translate("settings", text)
