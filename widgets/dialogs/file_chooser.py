"""Qt's own file dialog, made ready before it is asked for, and quick in folders with hundreds of files: left
to itself it looks into each of them for its icon and its kind, in the thread of the window.

Each is used once: one that was used remembers a folder as it was. Where the desktop has a dialog of its own,
that one is shown, and nothing is made beforehand.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QFileInfo, QMimeDatabase, QObject, Qt, QTimer
from PySide6.QtGui import QAbstractFileIconProvider, QIcon
from PySide6.QtWidgets import QFileDialog, QFileIconProvider, QLineEdit, QWidget

READY = "chooser-made-ready"
READY_AFTER_MS = 4000
"""After the window has come, or the last one has gone, in a moment when nobody waits."""


class BySuffix(QFileIconProvider):
    """A file's icon and the words for its kind, told by its name alone; looked up once for each ending."""

    def __init__(self) -> None:
        super().__init__()
        self._types = QMimeDatabase()
        self._icons: dict[str, QIcon] = {}
        self._words: dict[str, str] = {}

    def icon(self, of: QFileInfo | QAbstractFileIconProvider.IconType, /) -> QIcon:
        if not isinstance(of, QFileInfo):
            return super().icon(of)
        kind = QAbstractFileIconProvider.IconType
        if of.isRoot() or of.isDir():
            return super().icon(kind.Drive if of.isRoot() else kind.Folder)
        ending = of.suffix() or of.fileName()
        known = self._icons.get(ending)
        if known is None:
            type = self._types.mimeTypeForFile(of.fileName(), QMimeDatabase.MatchMode.MatchExtension)
            known = QIcon.fromTheme(type.iconName(), QIcon.fromTheme(type.genericIconName()))
            known = self._icons[ending] = super().icon(kind.File) if known.isNull() else known
        return known

    def type(self, of: QFileInfo, /) -> str:
        if of.isRoot() or of.isDir():
            return super().type(of)
        ending = of.suffix() or of.fileName()
        known = self._words.get(ending)
        if known is None:
            type = self._types.mimeTypeForFile(of.fileName(), QMimeDatabase.MatchMode.MatchExtension)
            known = self._words[ending] = type.comment()
        return known


class Chooser(QFileDialog):
    """Qt does not keep who gives it its icons."""

    def __init__(self, parent: QWidget, title: str = "", folder: str = "") -> None:
        super().__init__(parent, title, folder)
        self._icons = BySuffix()
        if is_own(self):
            self.setIconProvider(self._icons)

    def event(self, event: QEvent) -> bool:
        """Other colours are coming: to dress what nobody sees would only make them late."""
        if event.type() == QEvent.Type.ApplicationPaletteChange and self.objectName() == READY:
            parent = self.parentWidget()
            if parent is not None:
                self.setObjectName("")
                self.deleteLater()
                get_ready(parent, self.directory().absolutePath())
        return super().event(event)


def get_ready(parent: QWidget, folder: str) -> None:
    """Makes the next dialog of a window after a while, in two steps, and looks into the folder it shows."""

    def make() -> None:
        if _ready_of(parent) is not None:
            return
        dialog = Chooser(parent)
        if not is_own(dialog):
            dialog.deleteLater()
            return
        dialog.setObjectName(READY)
        dialog.setDirectory(folder)
        _after(READY_AFTER_MS // 4, dialog, lambda: _draw_unseen(dialog))

    _after(READY_AFTER_MS, parent, make)


def _after(milliseconds: int, owner: QObject, work: Callable[[], None]) -> None:
    """Unless its owner has gone by then."""
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.timeout.connect(work)
    timer.timeout.connect(timer.deleteLater)
    timer.start(milliseconds)


def _draw_unseen(dialog: QFileDialog) -> None:
    """Styles and lays out what is not shown yet."""
    if dialog.objectName() == READY:
        dialog.grab()


def chooser_of(parent: QWidget) -> QFileDialog:
    """To open one existing file, without filters; whoever asks says what else it is to be. `put_by` when it
    has been answered."""
    dialog = _ready_of(parent)
    if dialog is None:
        dialog = Chooser(parent)
    dialog.setObjectName("")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return dialog


def put_by(dialog: QFileDialog) -> None:
    """It goes, and the next is made ready."""
    parent = dialog.parentWidget()
    if parent is not None and is_own(dialog):
        get_ready(parent, dialog.directory().absolutePath())
    dialog.deleteLater()


def _ready_of(parent: QWidget) -> QFileDialog | None:
    found = parent.findChildren(QFileDialog, READY, Qt.FindChildOption.FindDirectChildrenOnly)
    return found[0] if found else None


def is_own(dialog: QFileDialog) -> bool:
    """Whether it is made of widgets, and not the desktop's."""
    return dialog.findChild(QLineEdit, "fileNameEdit") is not None


def start_in(dialog: QFileDialog, start: str) -> None:
    """A folder, or a file in one whose name is proposed."""
    path = Path(start)
    if path.is_dir() or not start:
        dialog.setDirectory(start)
    else:
        dialog.setDirectory(str(path.parent))
        dialog.selectFile(path.name)
