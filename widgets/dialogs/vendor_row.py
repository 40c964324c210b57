"""A vendor in the settings: its key goes in and is never shown again, and the way to it is looked at."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout

from app.basics.faults import Fault
from app.studio.parts import VendorStatus
from app.studio.reach import Report
from app.studio.studio import Studio
from widgets.dialogs.setting_rows import Row, button
from widgets.dialogs.steps_view import StepsView
from widgets.tasks import Tasks

NAMES = (
    *("key", "api key", "vendor", "balance", "test connection", "proxy", "certificate", "network"),
    *("密钥", "供应商", "余额", "测试连接", "代理", "证书", "网络"),
    *("mi yao", "gong ying shang", "yu e", "ce shi lian jie", "dai li", "zheng shu", "wang luo"),
)


class VendorRow(Row):
    def __init__(self, vendor: VendorStatus, studio: Studio, tasks: Tasks) -> None:
        super().__init__((vendor.title, *NAMES))
        self.setProperty("role", "card")
        self._vendor, self._studio, self._tasks = vendor, studio, tasks
        self._test: asyncio.Task[None] | None = None
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(14, 12, 14, 12)
        self._rows.addLayout(self._top())
        self._rows.addLayout(self._key_line())
        self._answer = _label("muted")
        self._answer.hide()
        self._rows.addWidget(self._answer)
        self.steps = StepsView()
        self._rows.addWidget(self.steps)
        self._rows.addLayout(self._below())
        self._show()

    def _top(self) -> QHBoxLayout:
        top = QHBoxLayout()
        title = QLabel(self._vendor.title)
        title.setProperty("role", "title")
        self._state = _label("caption")
        self._state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(title)
        top.addWidget(self._state, 1)
        return top

    def _key_line(self) -> QHBoxLayout:
        line, title = QHBoxLayout(), self._vendor.title
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setPlaceholderText(self.tr("Paste a key"))
        self.key.setAccessibleName(self.tr("Key of {vendor}").format(vendor=title))
        self.key.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.key.returnPressed.connect(lambda: self._tasks.start(self._do_store()))
        self.store = button(self.tr("Store"), self.tr("Store the key of {vendor}").format(vendor=title))
        self.store.clicked.connect(lambda: self._tasks.start(self._do_store()))
        self.remove = button(self.tr("Remove"), self.tr("Remove the key of {vendor}").format(vendor=title))
        self.remove.clicked.connect(lambda: self._tasks.start(self._do_remove()))
        for widget in (self.key, self.store, self.remove):
            line.addWidget(widget, 1 if widget is self.key else 0)
        return line

    def _below(self) -> QHBoxLayout:
        below, title = QHBoxLayout(), self._vendor.title
        self.test = button(
            self.tr("Test connection"), self.tr("Test the connection to {vendor}").format(vendor=title)
        )
        self.test.clicked.connect(self._toggle_test)
        below.addWidget(self.test)
        pages = self._studio.reach.pages(self._vendor.id)
        if pages.usage:
            words = self.tr("Keys and usage at {vendor}").format(vendor=title)
            self.page = button(self.tr("Keys and usage"), words)
            self.page.setProperty("kind", "link")
            self.page.setToolTip(pages.usage)
            self.page.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(pages.usage)))
            below.addWidget(self.page)
        below.addStretch()
        return below

    def _show(self) -> None:
        source = str(self._studio.keys.source(self._vendor.id) or "")
        words = {
            "environment": self.tr("key from the environment"),
            "keyring": self.tr("key in the keyring"),
            "session": self.tr("key for this session only"),
        }
        self._state.setText(words.get(source, self.tr("no key: drafts from the sandbox")))
        removable = source in ("keyring", "session")
        if self.remove.hasFocus() and not removable:
            self.key.setFocus()
        self.remove.setEnabled(removable)

    async def _do_store(self) -> None:
        text = self.key.text()
        self.key.clear()
        if not text.strip():
            self._say(self.tr("Paste a key first."), "muted")
            return
        try:
            stored = await asyncio.to_thread(self._studio.keys.store, self._vendor.id, text)
        except Fault as fault:
            self._say(fault.sentence(), "error")
            return
        self._studio.key_changed()
        self._say(stored.words, "good")
        self._show()

    async def _do_remove(self) -> None:
        try:
            await asyncio.to_thread(self._studio.keys.remove, self._vendor.id)
        except Fault as fault:
            self._say(fault.sentence(), "error")
            return
        self._studio.key_changed()
        self._say(self.tr("Removed. Pictures are drafts from now on."), "muted")
        self._show()

    # -- the way there

    def _toggle_test(self) -> None:
        if self._test is None:
            self._test = self._tasks.start(self._do_test())
        else:
            self._test.cancel()

    async def _do_test(self) -> None:
        self.test.setText(self.tr("Cancel"))
        self._say("", "muted")
        self.steps.clear()
        try:
            self._said_of(await self._studio.reach.test(self._vendor.id, self.steps.tell))
        except Fault as fault:
            self._say(fault.sentence(), "error")
        except asyncio.CancelledError:
            self.steps.stop()
            self._say(self.tr("Stopped."), "muted")
        finally:
            self.test.setText(self.tr("Test connection"))
            self._test = None

    def _said_of(self, report: Report) -> None:
        if not report.well:
            self._say(self.tr("It does not work yet: see the step marked ✕."), "error")
        elif report.account is not None:
            self._say(self.tr("All is well. Nothing was bought."), "good")
        else:
            self._say(self.tr("The way is free. With a key, pictures are made there."), "muted")

    def close_down(self) -> None:
        if self._test is not None:
            self._test.cancel()

    def _say(self, words: str, role: str) -> None:
        self._answer.setText(words)
        self._answer.setProperty("role", role)
        self._answer.style().polish(self._answer)
        self._answer.setVisible(bool(words))


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    return label
