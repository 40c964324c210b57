"""The Export dialog: what is chosen on the left, what comes of it on the right, at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.basics.faults import Fault
from app.basics.words import joined
from app.document.collisions import Exists, Fate
from app.imaging.developing import Developed
from app.imaging.looks import Look, look
from app.preferences.options import Options
from app.preferences.passphrase import Passphrase
from app.studio.export_kinds import Kind
from app.studio.exports import Line, Outcome, Request, Subject, export_all, lines_of, made_of
from widgets.dialogs.asking import taken_of
from widgets.dialogs.export_form import ExportForm
from widgets.dialogs.export_names import ExportNames
from widgets.dialogs.export_preview import ExportPreview
from widgets.dialogs.export_signing import ExportSigning
from widgets.messages import counted
from widgets.tasks import Tasks

SIZE = (960, 640)
LOOK_SIDE = 1200
_NAMES_MS, _LOOK_MS = 60, 350


class ExportDialog(QDialog):
    """`outcomes` is what became of the pictures, also where it was stopped. It closes by itself when all of
    them are there."""

    def __init__(
        self,
        subjects: Sequence[Subject],
        request: Request,
        *,
        options: Options,
        passphrase: Passphrase,
        tasks: Tasks,
        settings: Callable[[], object],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.subjects, self.outcomes = tuple(subjects), ()
        self._tasks, self._lines = tasks, ()
        self._running, self._stopped, self._at_work, self._gone = False, False, False, False
        self._wanted, self._named_for = 0, -1
        self.setObjectName("export")
        self.setWindowTitle(counted(len(subjects), "Export 1 picture", "Export {n} pictures"))
        self.resize(*SIZE)
        self.form = ExportForm(subjects)
        self.signing = ExportSigning(options, passphrase, tasks, settings)
        self.preview = ExportPreview()
        self.names = ExportNames()
        self._lay()
        self._naming = self._timer(_NAMES_MS, lambda: tasks.start(self._name()))
        self._looking = self._timer(_LOOK_MS, lambda: tasks.start(self._look()))
        self.form.changed.connect(self._changed)
        self.names.looked_at.connect(lambda _: self._looking.start())
        self.signing.changed.connect(self._allow)
        self.form.show_request(request)
        self.form.kind.setFocus()

    subjects: tuple[Subject, ...]
    outcomes: tuple[Outcome, ...]
    _lines: tuple[Line, ...]

    def _timer(self, pause: int, what: Callable[[], object]) -> QTimer:
        timer = QTimer(self, interval=pause, singleShot=True)
        timer.timeout.connect(what)
        return timer

    # --- building ---

    def _lay(self) -> None:
        left = QWidget()
        rows = QVBoxLayout(left)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        rows.addWidget(self.form)
        rows.addWidget(self.signing)
        rows.addStretch(1)
        self._left, self._fields = QScrollArea(), left
        scroll = self._left
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(left)
        right = QSplitter(Qt.Orientation.Vertical)
        right.setChildrenCollapsible(False)
        right.addWidget(self.preview)
        below = QWidget()
        under = QVBoxLayout(below)
        under.setContentsMargins(0, 8, 0, 0)
        under.addWidget(self.names)
        right.addWidget(below)
        right.setSizes([380, 180])
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(scroll, 9)
        both.addWidget(right, 11)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 18, 20, 16)
        whole.setSpacing(10)
        whole.addLayout(both, 1)
        self.words = QLabel()
        self.words.setObjectName("export-words")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the export"))
        self.progress.hide()
        whole.addWidget(self.progress)
        foot = QHBoxLayout()
        foot.addWidget(self.words, 1)
        foot.addWidget(self._buttons())
        whole.addLayout(foot)

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.go = QPushButton(self.tr("&Export"))
        self.go.setObjectName("export-go")
        self.go.setProperty("kind", "primary")
        self.go.setDefault(True)
        self.end = QPushButton(self.tr("Cancel"))
        self.end.setObjectName("export-end")
        self.end.setAutoDefault(False)
        buttons.addButton(self.go, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.end, QDialogButtonBox.ButtonRole.ActionRole)
        self.go.clicked.connect(lambda: self._tasks.start(self._export()))
        self.end.clicked.connect(self.reject)
        return buttons

    # --- showing ---

    def _changed(self) -> None:
        signed = self.form.request.kind is Kind.SIGNED
        if signed and self.signing.isHidden():
            self.signing.load()
        self.signing.setVisible(signed)
        self._left.setMinimumWidth(self._wide())
        self._wanted += 1
        self._naming.start()
        self._looking.start()

    def _wide(self) -> int:
        """So that nothing of the fields is cut off, with their scroll bar beside them."""
        return self._fields.minimumSizeHint().width() + self._left.verticalScrollBar().sizeHint().width()

    async def _name(self) -> None:
        wanted = self._wanted
        try:
            lines = await asyncio.to_thread(lines_of, self.subjects, self.form.request)
        except Fault as fault:
            lines, words, role = (), fault.sentence(), "error"
        else:
            words, role = self._told(lines), "warning"
        if self._gone or wanted != self._wanted or self._running:
            return
        self._lines, self._named_for = lines, wanted
        self.form.name.line.setProperty("wrong", not lines)
        self.form.name.line.style().polish(self.form.name.line)
        self._say(words, role)
        if lines:
            self.names.show_lines(lines)
        self._allow()

    @property
    def named(self) -> bool:
        """Whether the names that are shown are those of what is chosen."""
        return self._named_for == self._wanted

    def _told(self, lines: Sequence[Line]) -> str:
        wrong = [one.fault for one in lines if one.fault is not None]
        taken = sum(one.fate is not Fate.NEW for one in lines)
        if wrong:
            words = counted(
                len(wrong), "1 picture can have no such name.", "{n} pictures can have no such name."
            )
            return joined(words, wrong[0].sentence())
        if taken:
            return counted(taken, "1 name is taken.", "{n} names are taken.")
        return ""

    def _allow(self) -> None:
        request = self.form.request
        unsigned = request.kind is Kind.SIGNED and self.signing.by is None
        usable = any(one.fault is None for one in self._lines) and request.folder.is_absolute()
        self.go.setEnabled(self._running or (usable and not unsigned))
        if self._lines and not request.folder.is_absolute():
            self._say(self.tr("The folder needs its full path: choose it with “Browse…”."), "error")

    async def _look(self) -> None:
        """The picture that is chosen in the list, as it would be written; a signature changes no pixel. One
        at a time: what is wanted meanwhile comes next."""
        if self._at_work:
            return
        self._at_work = True
        wanted, place = self._wanted, self.names.place
        request, subject = self.form.request, self.subjects[place]
        if request.kind is Kind.SIGNED:
            request = replace(request, kind=Kind.CLEAN)
        try:
            made, seen = await asyncio.to_thread(_made, subject, request)
        except Fault as fault:
            if self._still(wanted, place):
                self.preview.show_fault(fault.sentence())
            return
        finally:
            self._at_work = False
            if not self._gone and not self._still(wanted, place):
                self._looking.start()
        if self._still(wanted, place):
            stale = subject.stale and request.kind is Kind.REOPENABLE
            words = self.tr("It carries the document as it is now, changed since the picture was made.")
            self.preview.show_made(seen, made, request.work.dpi, words if stale else "")

    def _still(self, wanted: int, place: int) -> bool:
        """Whether what was asked for is what is wanted now, and there is a dialog to show it."""
        return not self._gone and wanted == self._wanted and place == self.names.place

    def _say(self, words: str, role: str) -> None:
        self.words.setText(words)
        self.words.setProperty("role", role)
        self.words.style().polish(self.words)

    # --- exporting ---

    async def _export(self) -> None:
        if self._running:
            return
        request = self.form.request
        if not await self._named(request):
            return
        self._allow()
        if not self.go.isEnabled():
            return
        if any(one.fate is Fate.TAKEN for one in self._lines):
            taken = tuple(str(one.name) for one in self._lines if one.fate is Fate.TAKEN)
            answer = await taken_of(self, taken)
            if answer == "cancel":
                return
            request = replace(request, exists=Exists(answer))
            if not await self._named(request):
                return
        await self._run(request)

    async def _named(self, request: Request) -> bool:
        """The names anew, by the disk as it is now."""
        try:
            self._lines = await asyncio.to_thread(lines_of, self.subjects, request)
        except Fault as fault:
            self._say(fault.sentence(), "error")
            return False
        self.names.show_lines(self._lines)
        return True

    async def _run(self, request: Request) -> None:
        self._set_running(True)
        done: list[Outcome] = []

        def tell(outcome: Outcome) -> None:
            self.names.show_outcome(len(done), outcome)
            done.append(outcome)
            self.progress.setValue(len(done))

        try:
            self.outcomes = await export_all(
                self._lines, request, by=self.signing.by, tell=tell, stopped=lambda: self._stopped
            )
        finally:
            self._set_running(False)
        failed = sum(one.fault is not None for one in self.outcomes)
        if len(self.outcomes) == len(self._lines) and not failed:
            self.accept()
        elif self._stopped:
            super().reject()
        else:
            self._say(self._failed(failed), "error")

    def _failed(self, failed: int) -> str:
        first = next(one.fault for one in self.outcomes if one.fault is not None)
        words = counted(failed, "1 picture was not exported.", "{n} pictures were not exported.")
        return joined(words, first.sentence())

    def _set_running(self, running: bool) -> None:
        self._running = running
        self.progress.setRange(0, max(1, len(self._lines)))
        self.progress.setValue(0)
        self.progress.setVisible(running)
        self.form.setEnabled(not running)
        self.signing.setEnabled(not running)
        self.go.setEnabled(not running)
        self.end.setText(self.tr("Stop") if running else self.tr("Close"))

    def reject(self) -> None:
        """While it exports: after the picture that is being written."""
        if self._running:
            self._stopped = True
            self.end.setEnabled(False)
            return
        super().reject()

    def done(self, code: int) -> None:
        self._gone = True
        self.signing.end()
        self._naming.stop()
        self._looking.stop()
        super().done(code)


def _made(subject: Subject, request: Request) -> tuple[Developed, Look]:
    made = made_of(subject, request)
    return made, look(made.data, LOOK_SIDE)
