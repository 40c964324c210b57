"""Keys of the vendors: store, test, remove. A key is never shown again once it is stored."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.basics.faults import Fault
from app.studio.parts import VendorStatus
from app.studio.studio import Studio
from widgets.tasks import Tasks


class KeysDialog(QDialog):
    def __init__(self, studio: Studio, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.setMinimumWidth(520)
        self._studio, self._tasks = studio, tasks
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(12)
        words = QLabel(
            self.tr(
                "With a vendor's key, pictures are made and billed by that vendor. "
                "Without one they are free drafts.\n"
                "Keys are kept in the system's keyring, never in a document, picture or log."
            )
        )
        words.setWordWrap(True)
        words.setProperty("role", "muted")
        rows.addWidget(words)
        for vendor in studio.vendors():
            rows.addWidget(_VendorCard(vendor, studio, tasks))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        rows.addWidget(buttons)


class _VendorCard(QFrame):
    def __init__(self, vendor: VendorStatus, studio: Studio, tasks: Tasks) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._vendor, self._studio, self._tasks = vendor, studio, tasks
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 12, 14, 12)
        top = QHBoxLayout()
        title = QLabel(vendor.title)
        title.setProperty("role", "title")
        self._state = QLabel()
        self._state.setProperty("role", "caption")
        top.addWidget(title, 1)
        top.addWidget(self._state)
        rows.addLayout(top)
        line = QHBoxLayout()
        self._key = QLineEdit()
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._key.setPlaceholderText(self.tr("Paste a key"))
        self._key.setAccessibleName(self.tr("Key of {vendor}").format(vendor=vendor.title))
        self._key.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._store = QPushButton(self.tr("Store"))
        self._test = QPushButton(self.tr("Test"))
        self._remove = QPushButton(self.tr("Remove"))
        for widget in (self._key, self._store, self._test, self._remove):
            line.addWidget(widget, 1 if widget is self._key else 0)
        rows.addLayout(line)
        self._answer = QLabel()
        self._answer.setWordWrap(True)
        self._answer.setTextFormat(Qt.TextFormat.PlainText)
        self._answer.hide()
        rows.addWidget(self._answer)
        self._store.clicked.connect(lambda: tasks.start(self._do_store()))
        self._key.returnPressed.connect(lambda: tasks.start(self._do_store()))
        self._test.clicked.connect(lambda: tasks.start(self._do_test()))
        self._remove.clicked.connect(lambda: tasks.start(self._do_remove()))
        self._show()

    def _show(self) -> None:
        source = self._studio.keys.source(self._vendor.id)
        words = {
            "environment": self.tr("key from the environment"),
            "keyring": self.tr("key in the keyring"),
            "session": self.tr("key for this session only"),
        }
        self._state.setText(words.get(str(source), self.tr("no key: drafts from the sandbox")))
        self._test.setEnabled(bool(source))
        self._remove.setEnabled(str(source) in ("keyring", "session"))

    async def _do_store(self) -> None:
        text = self._key.text()
        self._key.clear()
        if not text.strip():
            self._say(self.tr("Paste a key first."), "muted")
            return
        try:
            stored = self._studio.keys.store(self._vendor.id, text)
            self._studio.key_changed()
        except Fault as fault:
            self._say(fault.sentence(), "error")
            return
        self._say(stored.words, "good")
        self._show()

    async def _do_test(self) -> None:
        self._say(self.tr("Asking {vendor}…").format(vendor=self._vendor.title), "muted")
        try:
            self._say(await self._studio.test_key(self._vendor.id), "good")
        except Fault as fault:
            self._say(fault.sentence(), "error")

    async def _do_remove(self) -> None:
        try:
            self._studio.keys.remove(self._vendor.id)
            self._studio.key_changed()
        except Fault as fault:
            self._say(fault.sentence(), "error")
            return
        self._say(self.tr("Removed. Pictures are drafts from now on."), "muted")
        self._show()

    def _say(self, words: str, role: str) -> None:
        self._answer.setText(words)
        self._answer.setProperty("role", role)
        self._answer.style().polish(self._answer)
        self._answer.show()
