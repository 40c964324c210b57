"""*Help, Diagnostics…*: what a run stands on, looked at in the background, a line for each thing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.basics.logs import redact
from app.studio.findings import Finding
from widgets.messages import counted
from widgets.parts.state_mark import SIDE, State, mark
from widgets.tasks import Tasks
from widgets.theme import Theme

Look = Callable[[], AsyncIterator[Finding]]


class DiagnosticsDialog(QDialog):
    """`look` gives the findings as they come; it is asked anew by *Check again*."""

    def __init__(self, look: Look, tasks: Tasks, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("diagnostics-dialog")
        self.setWindowTitle(self.tr("Diagnostics"))
        self.setMinimumSize(520, 400)
        self.resize(760, 640)
        self._look, self._tasks, self._theme = look, tasks, theme
        self._findings: list[Finding] = []
        self._checking = False
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(10)
        self._verdict = QLabel()
        self._verdict.setProperty("role", "title")
        self._verdict.setTextFormat(Qt.TextFormat.PlainText)
        rows.addWidget(self._verdict)
        self._list = QListWidget()
        self._list.setObjectName("diagnostics-list")
        self._list.setAccessibleName(self.tr("What was found"))
        self._list.setIconSize(QSize(SIDE, SIDE))
        self._list.setWordWrap(True)
        self._list.setResizeMode(QListView.ResizeMode.Adjust)
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows.addWidget(self._list, 1)
        rows.addLayout(self._buttons())
        self.check()

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self._copy = QPushButton(self.tr("Copy as text"))
        self._copy.setObjectName("diagnostics-copy")
        self._copy.setToolTip(self.tr("All lines, without keys and passwords"))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text))
        self._again = QPushButton(self.tr("Check again"))
        self._again.setObjectName("diagnostics-again")
        self._again.clicked.connect(self.check)
        for button in (self._copy, self._again):
            button.setAutoDefault(False)
            line.addWidget(button)
        line.addStretch(1)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        box.rejected.connect(self.reject)
        line.addWidget(box)
        return line

    @property
    def checking(self) -> bool:
        return self._checking

    @property
    def text(self) -> str:
        """For somebody who helps: redacted."""
        lines = [f"{self._state_words(one)}  {one.what}: {one.told()}" for one in self._findings]
        return redact("\n".join(lines)) + "\n"

    def check(self) -> None:
        if self._checking:
            return
        self._checking = True
        self._findings.clear()
        self._list.clear()
        self._again.setEnabled(False)
        self._verdict.setText(self.tr("Looking…"))
        task = self._tasks.start(self._check())
        self.finished.connect(lambda: task.cancel())

    async def _check(self) -> None:
        try:
            async for finding in self._look():
                self._add(finding)
        finally:
            self._checking = False
            self._again.setEnabled(True)
        bad = sum(not one.well for one in self._findings)
        well = self.tr("All is well.")
        wrong = counted(bad, self.tr("1 thing is wrong."), self.tr("{n} things are wrong."))
        self._verdict.setText(wrong if bad else well)

    def _add(self, finding: Finding) -> None:
        self._findings.append(finding)
        state = _state(finding)
        heading = f"{finding.what} · {self._state_words(finding)}"
        text = redact("\n".join(part for part in (heading, finding.words, finding.advice) if part))
        item = QListWidgetItem(mark(state, self._theme, self.devicePixelRatioF()), text)
        item.setData(Qt.ItemDataRole.UserRole, str(state))
        self._list.addItem(item)

    def _state_words(self, finding: Finding) -> str:
        return {
            State.GOOD: self.tr("well"),
            State.NOTE: self.tr("worth knowing"),
            State.BAD: self.tr("wrong"),
        }[_state(finding)]


def _state(finding: Finding) -> State:
    if not finding.well:
        return State.BAD
    return State.NOTE if finding.note else State.GOOD
