"""The artist's own templates: a selection is kept under a name, put into any document, taken away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.document.values import Document
from app.preferences.templates import OwnTemplate
from app.studio.studio import Studio
from widgets.dialogs.asking import answer_of
from widgets.dialogs.banner import Banner
from widgets.tasks import Tasks

Put = Callable[[Document, str], object]
"""(part of a graph, words for the step): puts it where the artist looks."""
Show = Callable[[Sequence[OwnTemplate]], None]


class OwnTemplates(QObject):
    """`show` is told the templates there are, by title."""

    def __init__(self, studio: Studio, tasks: Tasks, banner: Banner, *, put: Put, show: Show) -> None:
        super().__init__(banner)
        self._studio, self._tasks, self._banner = studio, tasks, banner
        self._put, self._show = put, show

    def refresh(self) -> None:
        """Lists them; what had to be skipped is said."""
        self._tasks.start(self._list(say=True))

    def save(self, nodes: tuple[str, ...], frames: tuple[str, ...]) -> None:
        self._tasks.start(self._save(nodes, frames))

    def put_in(self, title: str) -> None:
        self._tasks.start(self._insert(title))

    def remove(self, title: str) -> None:
        self._tasks.start(self._remove(title))

    async def _list(self, *, say: bool = False) -> None:
        known, notes = await asyncio.to_thread(self._studio.templates.all)
        self._show(known)
        if say and notes:
            self._banner.say(notes[0], " ".join(notes[1:]))

    async def _save(self, nodes: tuple[str, ...], frames: tuple[str, ...]) -> None:
        document, desk = (
            self._studio.editor.document,
            self._studio.desk,
        )  # as it is now, whatever is typed next
        first = document.frames[frames[0]].title if frames and frames[0] in document.frames else ""
        dialog = NameDialog(first, self._banner.window())
        if await answer_of(dialog) != QDialog.DialogCode.Accepted:
            return
        title = await asyncio.to_thread(
            self._studio.templates.keep,
            dialog.name,
            document,
            nodes,
            frames,
            folder=desk.folder,
            trusted=desk.trusted,
        )
        await self._list()
        words = self.tr("“{title}” is among your templates.").format(title=title)
        self._banner.say(words, self.tr("The palette has it, for every document."), error=False)

    async def _insert(self, title: str) -> None:
        piece = await asyncio.to_thread(self._studio.templates.load, title)
        for path in piece.photographs:
            self._studio.desk.trust(path)
        self._put(piece.part, self.tr("Put in “{title}”").format(title=title))

    async def _remove(self, title: str) -> None:
        await asyncio.to_thread(self._studio.templates.remove, title)
        await self._list()
        words = self.tr("“{title}” is no longer among your templates.").format(title=title)
        self._banner.say(words, self.tr("Its file lies in the folder “removed” beside them."), error=False)


class NameDialog(QDialog):
    """What a template shall be called."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("template-name")
        self.setWindowTitle(self.tr("Save selection as template"))
        self.setMinimumWidth(380)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(10)
        words = QLabel(self.tr("What shall it be called?"))
        self._line = QLineEdit(name)
        self._line.setObjectName("template-title")
        self._line.setAccessibleName(words.text())
        self._line.setMaxLength(60)
        self._line.selectAll()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._save = QPushButton(self.tr("Save template"))
        self._save.setProperty("kind", "primary")
        buttons.addButton(self._save, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        for widget in (words, self._line, buttons):
            rows.addWidget(widget)
        self._save.setDefault(True)
        self._line.textChanged.connect(self._look)
        self._look()
        self._line.setFocus()

    @property
    def name(self) -> str:
        return self._line.text().strip()

    def _look(self) -> None:
        self._save.setEnabled(bool(self.name))
