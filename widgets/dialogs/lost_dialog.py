"""Photographs that are not where the document says: where they were found, and where else to look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.studio.lost import LostPhotograph
from widgets.messages import counted
from widgets.parts.sized import times

SIZE = (600, 400)


class LostDialog(QDialog):
    """`folder_wanted`: the artist wants to point at a folder; `stop_wanted`: she has waited long enough.
    Accepted, what was found is put back."""

    folder_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, lost: Sequence[LostPhotograph], parent: QWidget) -> None:
        super().__init__(parent)
        self._lost = tuple(lost)
        self.setObjectName("lost-photographs")
        self.setWindowTitle(self.tr("Missing photographs"))
        self.resize(QSize(times(SIZE[0]), times(SIZE[1])).boundedTo(parent.size() - QSize(40, 40)))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(12)
        title = QLabel(
            counted(
                len(lost),
                "1 photograph is not where the document says.",
                "{n} photographs are not where the document says.",
            )
        )
        title.setProperty("role", "title")
        self.words = QLabel()
        self.words.setObjectName("lost-words")
        self.words.setProperty("role", "muted")
        for label in (title, self.words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.list = QListWidget()
        self.list.setObjectName("lost-list")
        self.list.setAccessibleName(self.tr("Missing photographs"))
        self.list.setWordWrap(True)
        self.list.setSelectionMode(QListWidget.SelectionMode.SingleSelection)
        for widget in (title, self.words, self.list):
            rows.addWidget(widget)
        rows.addLayout(self._searching())
        rows.addWidget(self._buttons())
        self.show_found({})
        self.show_searching(False)

    def _searching(self) -> QHBoxLayout:
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Looking through the folder"))
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.setObjectName("lost-stop")
        self.stop.clicked.connect(self.stop_wanted.emit)
        line = QHBoxLayout()
        line.addWidget(self.bar, 1)
        line.addWidget(self.stop)
        return line

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.look = QPushButton(self.tr("Look in a folder…"))
        self.look.setObjectName("lost-look")
        self.look.setAutoDefault(False)
        self.look.clicked.connect(self.folder_wanted.emit)
        self.take = QPushButton()
        self.take.setObjectName("lost-take")
        self.take.setProperty("kind", "primary")
        self.take.setDefault(True)
        buttons.addButton(self.look, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.take, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def show_found(self, found: Mapping[str, Path]) -> None:
        """Node → where it lies."""
        self.list.clear()
        for one in self._lost:
            path = found.get(one.node)
            if path is not None:
                state = self.tr("found: {path}").format(path=path)
            elif one.sha256:
                state = self.tr("not found yet")
            else:
                state = self.tr("nobody knows what was in it: choose it by hand on its node")
            self.list.addItem(f"{one.name}\n{state}")
        self.list.setCurrentRow(0)
        count = len(found)
        self.words.setText(
            counted(count, "1 was found by what is in it.", "{n} were found by what is in them.")
            if count
            else self.tr("None was found beside the document, in the library or in recent folders.")
        )
        self.take.setText(counted(count, "Put 1 back", "Put {n} back") if count else self.tr("Put back"))
        self.take.setEnabled(count > 0)

    def show_searching(self, on: bool) -> None:
        self.bar.setVisible(on)
        self.stop.setVisible(on)
        self.look.setEnabled(not on and any(one.sha256 for one in self._lost))
