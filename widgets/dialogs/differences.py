"""The document on the desk held against what it was: as it is on disk, one of its kept versions, or any other
file, in sentences."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.basics.faults import Fault
from app.document.differing import Difference, Labels
from app.document.versions import versions_of
from app.nodes.labels import labels_of
from app.studio.comparing import document_in, told
from app.studio.desk import CARRIERS
from app.studio.studio import Studio
from widgets.dialogs.asking import files_of
from widgets.messages import counted
from widgets.tasks import Tasks

SIZE = (860, 560)
_PATH = Qt.ItemDataRole.UserRole


class Differences(QDialog):
    """What changed from what is chosen at the left to the document on the desk. It follows the document."""

    def __init__(self, studio: Studio, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("differences")
        self.setWindowTitle(self.tr("What changed"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        self._studio, self._tasks = studio, tasks
        self._labels: Labels = labels_of(studio.kinds, studio.shapes)
        self._turn = 0
        self.choices, self.lines = QListWidget(), QListWidget()
        self.heading = QLabel()
        self.heading.setProperty("role", "title")
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.heading.setWordWrap(True)
        self._build()
        self._stop = studio.editor.changed.connect(lambda _: self.compare())
        self.choices.currentItemChanged.connect(lambda *_: self.compare())
        tasks.start(self._begin())

    def _build(self) -> None:
        self.choices.setObjectName("differences-choices")
        self.choices.setAccessibleName(self.tr("Compare with"))
        self.lines.setObjectName("differences-lines")
        self.lines.setAccessibleName(self.tr("What changed since"))
        self.lines.setWordWrap(True)
        self.lines.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.other = QPushButton(self.tr("Another file…"))
        self.other.setObjectName("differences-other")
        self.other.setAutoDefault(False)
        self.other.clicked.connect(lambda: self._tasks.start(self._choose()))
        sides = QSplitter()
        sides.setChildrenCollapsible(False)
        for widgets, caption in (
            ((self.choices, self.other), self.tr("Compare with")),
            ((self.heading, self.lines), ""),
        ):
            sides.addWidget(_column(widgets, caption))
        sides.setSizes([240, SIZE[0] - 240])
        sides.setStretchFactor(1, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(self.tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.setObjectName("differences-copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text()))
        buttons.rejected.connect(self.reject)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 14, 16, 14)
        rows.setSpacing(12)
        line = QHBoxLayout()
        line.addWidget(sides)
        rows.addLayout(line, 1)
        rows.addWidget(buttons)

    async def _begin(self) -> None:
        path = self._studio.desk.path
        if path is not None:
            self._add(path, self.tr("As it was saved last"))
            for kept in await asyncio.to_thread(versions_of, path):
                self._add(kept, _time_of(kept))
        if self.choices.count():
            self.choices.setCurrentRow(0)
        else:
            self._reachable()
            self.heading.setText(self.tr("This document was never saved. Choose a file to compare it with."))
            self.other.setFocus()

    def _add(self, path: Path, words: str) -> QListWidgetItem:
        item = QListWidgetItem(words)
        item.setData(_PATH, str(path))
        item.setToolTip(str(path))
        self.choices.addItem(item)
        return item

    async def _choose(self) -> None:
        filters = self.tr(
            "Tagloom documents and bundles (*.tagloom *.tagloomz);;Pictures that carry one ({endings});;"
            "All files (*)"
        )
        endings = " ".join(f"*{one}" for one in sorted(CARRIERS))
        folder = self._studio.desk.folder
        chosen = await files_of(
            self, self.tr("Compare with"), str(folder or ""), filters.format(endings=endings), many=False
        )
        if chosen:
            self.compare_with(Path(chosen[0]))

    def compare_with(self, path: Path) -> None:
        """Any file that holds a document."""
        self.choices.setCurrentItem(self._add(path, path.name))

    def compare(self) -> None:
        item = self.choices.currentItem()
        if item is not None:
            self._turn += 1
            self._tasks.start(self._compare(self._turn, Path(item.data(_PATH)), item.text()))

    async def _compare(self, turn: int, path: Path, words: str) -> None:
        """Shown only where nothing else has been asked for since, and somebody still looks."""
        try:
            before = await document_in(path)
        except Fault as fault:
            if turn == self._turn:
                self._show(fault.title, (fault.advice,))
            return
        found = await told(before, self._studio.editor.document, self._labels)
        if turn == self._turn:
            self._show_found(words, found)

    def done(self, code: int) -> None:
        self._turn = -1
        self._stop()
        super().done(code)

    def _show_found(self, words: str, found: Sequence[Difference]) -> None:
        if not found:
            self._show(self.tr("Nothing is different: {name}").format(name=words), ())
            return
        many = counted(len(found), "1 change", "{n} changes")
        self._show(f"{many} · {words}", [one.words for one in found])

    def _show(self, heading: str, lines: Sequence[str]) -> None:
        self.heading.setText(heading)
        self.lines.clear()
        self.lines.addItems([line for line in lines if line])
        self.lines.setCurrentRow(0)
        self._reachable()

    def _reachable(self) -> None:
        """The keyboard goes to no list in which there is nothing."""
        for list in (self.choices, self.lines):
            list.setFocusPolicy(Qt.FocusPolicy.StrongFocus if list.count() else Qt.FocusPolicy.NoFocus)

    def text(self) -> str:
        return "\n".join(self.lines.item(row).text() for row in range(self.lines.count()))


def _column(widgets: Sequence[QWidget], caption: str) -> QWidget:
    side = QWidget()
    rows = QVBoxLayout(side)
    rows.setContentsMargins(4, 0, 4, 0)
    rows.setSpacing(8)
    if caption:
        label = QLabel(caption)
        label.setProperty("role", "muted")
        rows.addWidget(label)
    for widget in widgets:
        rows.addWidget(widget, 1 if isinstance(widget, QListWidget) else 0)
    return side


def _time_of(kept: Path) -> str:
    """When it was replaced, by the clock of this computer; its name where that tells no time."""
    try:
        made = datetime.strptime(kept.name.partition("Z")[0], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
    except ValueError:
        return kept.stem
    return f"{made.astimezone():%Y-%m-%d %H:%M:%S}"
