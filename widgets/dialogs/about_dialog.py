"""*Help, About Tagloom*: the version, and the licences of everything that is shipped with it."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.basics.licences import Licence, licences, python_licence
from widgets.tasks import Tasks
from widgets.theme import CAPTION


class AboutDialog(QDialog):
    def __init__(self, version: str, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("about-dialog")
        self.setWindowTitle(self.tr("About Tagloom"))
        self.setMinimumSize(560, 420)
        self.resize(900, 600)
        self._licences: tuple[Licence, ...] = ()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(8)
        rows.addWidget(_label(self.tr("Tagloom {version}").format(version=version), "brand"))
        rows.addWidget(
            _label(self.tr("A node editor for artists: tagged photographs become product pictures."), "")
        )
        rows.addWidget(_label(self.tr("Free software under the MIT licence."), ""))
        rows.addWidget(_label(self._about_qt(), "muted"))
        rows.addWidget(_label(self.tr("What it is made with, and under which licences:"), "title"))
        rows.addLayout(self._lists(), 1)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        box.rejected.connect(self.reject)
        rows.addWidget(box)
        task = tasks.start(self._fill())
        self.finished.connect(lambda: task.cancel())

    def _about_qt(self) -> str:
        words = self.tr(
            "It uses Qt {version} and PySide6 under the GNU Lesser General Public License, version 3. They "
            "are separate libraries beside the program: you may replace them by versions of your own, and "
            "their source is at https://download.qt.io."
        )
        return words.format(version=qVersion())

    def _lists(self) -> QHBoxLayout:
        self._names = QListWidget()
        self._names.setObjectName("about-packages")
        self._names.setAccessibleName(self.tr("Packages"))
        self._names.setFixedWidth(240)
        self._names.setWordWrap(True)
        self._names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._names.currentRowChanged.connect(self._show_text)
        self._text = QPlainTextEdit()
        self._text.setObjectName("about-text")
        self._text.setAccessibleName(self.tr("The licence"))
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPixelSize(CAPTION)
        self._text.setFont(fixed)
        line = QHBoxLayout()
        line.addWidget(self._names)
        line.addWidget(self._text, 1)
        return line

    async def _fill(self) -> None:
        self._licences = (*await asyncio.to_thread(licences), await asyncio.to_thread(python_licence))
        for one in self._licences:
            words = " ".join(part for part in (one.package, one.version) if part)
            item = QListWidgetItem(f"{words}\n{one.name}" if one.name else words)
            item.setToolTip(one.name)
            self._names.addItem(item)
        self._names.setCurrentRow(0)

    def _show_text(self, row: int) -> None:
        if 0 <= row < len(self._licences):
            one = self._licences[row]
            self._text.setPlainText(one.text or one.name or self.tr("The package brings no text of it."))


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
