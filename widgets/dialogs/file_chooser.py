"""Qt's own file dialog, kept between its uses, and quick in folders with hundreds of files: left to itself it
looks into each of them for its icon and its kind, in the thread of the window.

Where the desktop has a dialog of its own, that one is shown, and nothing is kept.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QFileInfo, QMimeDatabase, Qt, QTimer
from PySide6.QtGui import QAbstractFileIconProvider, QIcon
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QFileIconProvider, QLineEdit, QWidget

KEPT = "kept-chooser"
READY_AFTER_MS = 4000
"""After the window has come, in a moment when nobody waits."""


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
        if event.type() == QEvent.Type.ApplicationPaletteChange and self.objectName() == KEPT:
            parent = self.parentWidget()
            if parent is not None and self.isHidden():
                self.setObjectName("")
                self.deleteLater()
                get_ready(parent, self.directory().absolutePath())
        return super().event(event)


def get_ready(parent: QWidget, folder: str) -> None:
    """Makes the dialog of a window after a while, in two steps, and looks into the folder it will show."""

    def make() -> None:
        dialog = chooser_of(parent)
        if is_own(dialog):
            dialog.setDirectory(folder)
            QTimer.singleShot(READY_AFTER_MS // 4, dialog, lambda: _draw_unseen(dialog))
        put_by(dialog)

    QTimer.singleShot(READY_AFTER_MS, parent, make)


def _draw_unseen(dialog: QFileDialog) -> None:
    """Styles and lays out what is not shown yet."""
    if not dialog.isVisible():
        dialog.grab()


def chooser_of(parent: QWidget) -> QFileDialog:
    """To open one existing file, without filters; whoever asks says what else it is to be. `put_by` when it
    has been answered."""
    for dialog in _kept_by(parent):
        if not dialog.isVisible():
            _as_new(dialog)
            return dialog
    return Chooser(parent)


def put_by(dialog: QFileDialog) -> None:
    """One of Qt's own for each window is kept; every other goes."""
    parent = dialog.parentWidget()
    if parent is not None and is_own(dialog) and all(one is dialog for one in _kept_by(parent)):
        dialog.setObjectName(KEPT)
    else:
        dialog.deleteLater()


def _kept_by(parent: QWidget) -> list[QFileDialog]:
    return parent.findChildren(QFileDialog, KEPT, Qt.FindChildOption.FindDirectChildrenOnly)


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


def _as_new(dialog: QFileDialog) -> None:
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, False)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setDefaultSuffix("")
    dialog.setNameFilters([])
    for line in dialog.findChildren(QLineEdit, "fileNameEdit"):
        line.clear()
        line.setFocus()
    for view in dialog.findChildren(QAbstractItemView):
        if view.objectName() in ("listView", "treeView"):
            view.clearSelection()
