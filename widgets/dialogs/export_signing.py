"""Who signs: the certificate of the settings, and the passphrase of its key where it has one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.basics.faults import BadInput, Fault
from app.basics.secret import Secret
from app.imaging.signing import Signatory
from app.preferences import export_options
from app.preferences.options import Changed, Options
from app.preferences.passphrase import Passphrase
from app.studio.export_choices import signatory_of
from widgets.tasks import Tasks


class ExportSigning(QWidget):
    """`by` signs; None where nobody can yet. The passphrase stands nowhere but in the line and, where it was
    asked for, in the system's keyring."""

    changed = Signal()

    def __init__(
        self, options: Options, passphrase: Passphrase, tasks: Tasks, settings: Callable[[], object]
    ) -> None:
        super().__init__()
        self.by: Signatory | None = None
        self._options, self._passphrase, self._tasks = options, passphrase, tasks
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 8, 0)
        rows.setSpacing(6)
        self.words = QLabel()
        self.words.setObjectName("export-signer")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        rows.addWidget(self.words)
        self.line = QLineEdit()
        self.line.setObjectName("export-passphrase")
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setAccessibleName(self.tr("Passphrase of the key"))
        self.line.setPlaceholderText(self.tr("Passphrase of the key"))
        self.line.returnPressed.connect(self.load)
        self.use = QPushButton(self.tr("Unlock"))
        self.use.setObjectName("export-unlock")
        self.use.setAutoDefault(False)
        self.use.clicked.connect(self.load)
        both = QHBoxLayout()
        both.addWidget(self.line, 1)
        both.addWidget(self.use)
        rows.addLayout(both)
        self.keep = QCheckBox(self.tr("Keep it in the system's keyring"))
        self.keep.setObjectName("export-keep")
        self._keeping = False
        self.keep.toggled.connect(self._keep)
        rows.addWidget(self.keep)
        self.choose = QPushButton(self.tr("Choose certificate and key…"))
        self.choose.setObjectName("export-certificate")
        self.choose.setAutoDefault(False)
        self.choose.clicked.connect(lambda: settings())
        rows.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignLeft)
        self._ask(False)
        self._gone = False
        self._stop = options.changed.connect(self._heard)

    def end(self) -> None:
        """Nothing is shown any more: the dialog goes away."""
        self._gone = True
        self._stop()

    def load(self) -> None:
        self._tasks.start(self._load())

    async def _load(self) -> None:
        typed = Secret(self.line.text()) if self.line.text() else None
        try:
            by = await asyncio.to_thread(self._signatory, typed)
            failed = await asyncio.to_thread(self._kept, typed) if by is not None else ""
            said, role = failed or self._signs(by), "good" if by and not failed else "warning"
            locked = False
        except Fault as fault:
            by, said, role, locked = None, fault.sentence(), "warning", fault.code == "signing.passphrase"
        if self._gone:
            return
        self.by = by
        self._say(said, role)
        self._ask(locked)
        if not locked:
            self.line.clear()
        self.changed.emit()

    def _kept(self, typed: Secret | None) -> str:
        """What was typed goes into the keyring where that was asked for; what went wrong, or nothing."""
        if typed is None or not self._keeping:
            return ""
        return self._passphrase.keep(typed).failed

    def _signatory(self, typed: Secret | None) -> Signatory | None:
        try:
            return signatory_of(self._options, typed)
        except BadInput as fault:
            held = self._passphrase.get() if fault.code == "signing.passphrase" and typed is None else None
            if held is None:
                raise
            return signatory_of(self._options, held)

    def _keep(self, wanted: bool) -> None:
        self._keeping = wanted

    def _signs(self, by: Signatory | None) -> str:
        if by is None:
            return self.tr("There is no certificate to sign with yet.")
        day = by.until.date().isoformat()
        return self.tr("Signs as {name}; the certificate ends on {day}.").format(name=by.name, day=day)

    def _say(self, words: str, role: str) -> None:
        self.words.setText(words)
        self.words.setProperty("role", role)
        self.words.style().polish(self.words)

    def _ask(self, wanted: bool) -> None:
        focused = wanted and not self.line.isVisible() and self.isVisible()
        for widget in (self.line, self.use, self.keep):
            widget.setVisible(wanted)
        if focused:
            self.line.setFocus()

    def _heard(self, change: Changed) -> None:
        options: tuple[Any, ...] = (export_options.SIGNING_CERTIFICATE, export_options.SIGNING_KEY)
        if change.option in [one.id for one in options]:
            self.load()
