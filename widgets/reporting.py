"""What is done about errors that nobody caught: a copy of the document is kept, a report is written, and the
artist reads it. Also what is known of sessions that did not end in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.basics.about import ISSUES
from app.basics.faults import Bug, DiskTrouble, Fault
from app.basics.places import Places
from app.basics.recent import Line, lines_of_file
from app.basics.reports import (
    Facts,
    Report,
    Reports,
    facts_of_program,
    report_of_error,
    report_of_fallen,
    report_of_nothing,
)
from app.basics.sessions import Fallen, take_fallen
from app.studio.studio import Studio
from widgets.dialogs.asking import target_of
from widgets.dialogs.banner import Banner
from widgets.dialogs.notice import Answer, Notice, Question
from widgets.dialogs.report_dialog import ReportDialog
from widgets.files import Files
from widgets.mishaps import Mishap, Mishaps
from widgets.surroundings import facts_of_qt
from widgets.tasks import Tasks

MOST_DIALOGS = 5
"""In one session; after that errors go to the log, and the banner says so."""
QUIET = 10.0
"""Seconds from the end of one dialog to the next."""
MOST_MARKS = 50

OpenPage = Callable[[str], object]


class Reporting(QObject):
    """`mishaps` None: nothing is heard (tests of other things). `open_page` and `open_logs` lead outside."""

    def __init__(
        self,
        studio: Studio,
        home: Places,
        mishaps: Mishaps | None,
        window: QWidget,
        tasks: Tasks,
        *,
        banner: Banner,
        notice: Notice,
        open_page: OpenPage,
        open_logs: Callable[[], object],
    ) -> None:
        super().__init__(window)
        self._studio, self._home, self._window, self._tasks = studio, home, window, tasks
        self._banner, self._notice = banner, notice
        self._mishaps, self._open_page, self._open_logs = mishaps, open_page, open_logs
        self._reports = Reports(home.reports)
        self._dialog: ReportDialog | None = None
        self._shown = 0
        self._last = -QUIET
        self._marks: set[str] = set()
        self._end: Callable[[], None] = mishaps.listen(self.hear) if mishaps else lambda: None

    def close(self) -> None:
        self._end()

    # -- errors of now

    def hear(self, mishap: Mishap) -> None:
        """A fault is said as everywhere; anything else is our mistake, and reported."""
        error = mishap.error
        if isinstance(error, Fault) and not isinstance(error, Bug):
            self._banner.say_fault(error)
            return
        self._tasks.start(self._studio.safekeeping.keep())
        report = report_of_error(
            error, mishap.where, when=datetime.now(UTC), facts=self._facts(), lines=self._lines()
        )
        if report.mark in self._marks or len(self._marks) >= MOST_MARKS:
            self._count_again()
            return
        self._marks.add(report.mark)
        written = self._reports.keep(report)
        if self._dialog is not None or not self._may_show():
            self._count_again()
            return
        self._show(
            self.tr("Something went wrong inside Tagloom."),
            self.tr(
                "The window goes on, and a copy of your document is kept. Nothing was sent to anybody. "
                "This is what a report would say: read it, change it, keep it, or send it yourself."
            )
            + (" " + self._where(written)),
            report,
        )

    def hear_bug(self, fault: Fault) -> bool:
        """Whether it was an error of ours that a task ended with, and is reported."""
        error = fault.__cause__
        if not isinstance(fault, Bug) or error is None or self._mishaps is None:
            return False
        self.hear(Mishap(error=error, where="a task"))
        return True

    def _may_show(self) -> bool:
        return self._shown < MOST_DIALOGS and time.monotonic() - self._last >= QUIET

    def _count_again(self) -> None:
        if self._dialog is not None:
            self._dialog.count_again()
            return
        self._banner.say(
            self.tr("Something went wrong again."),
            self.tr("It is in the log. Save your work; if it goes on, close Tagloom and start it again."),
        )

    def _where(self, written: Path | None) -> str:
        if written is None:
            return self.tr("It could not be written to the disk.")
        return self.tr("It lies in the log folder as {name}.").format(name=written.name)

    def _facts(self) -> Facts:
        return (*facts_of_program(), *facts_of_qt())

    def _lines(self) -> tuple[Line, ...]:
        return self._mishaps.lines if self._mishaps is not None else ()

    # -- the dialog

    def report_by_hand(self) -> None:
        """*Help, Report a problem…*"""
        if self._dialog is not None:
            self._dialog.raise_()
            return
        report = report_of_nothing(when=datetime.now(UTC), facts=self._facts(), lines=self._lines())
        words = self.tr(
            "Write down what happened. Nothing is sent by Tagloom: copy the text, and paste it into the page "
            "that opens in your browser, or send it as you like."
        )
        self._show(self.tr("Report a problem"), words, report)

    def _show(self, title: str, words: str, report: Report) -> None:
        dialog = ReportDialog(title, words, report, QApplication.activeModalWidget() or self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.save_wanted.connect(lambda text: self._tasks.start(self._save(dialog, text)))
        dialog.logs_wanted.connect(self._open_logs)
        dialog.page_wanted.connect(lambda: self._open_page(ISSUES))
        dialog.finished.connect(self._on_finished)
        self._dialog = dialog
        self._shown += 1
        dialog.open()

    def _on_finished(self) -> None:
        self._dialog = None
        self._last = time.monotonic()

    async def _save(self, dialog: ReportDialog, text: str) -> None:
        start = str(Path.home() / "tagloom-report.txt")
        filters = self.tr("Text (*.txt)")
        chosen = await target_of(dialog, self.tr("Save the report"), start, filters, ending=".txt")
        if not chosen:
            return
        try:
            await asyncio.to_thread(Path(chosen).write_text, text, "utf-8")
        except OSError as error:
            raise DiskTrouble(
                self.tr("The report could not be written to {path}.").format(path=chosen),
                advice=self.tr("Choose another folder, or copy the text."),
                code="report.unwritable",
                detail=str(error),
            ) from error
        if dialog is self._dialog:
            dialog.say(self.tr("Saved."))

    # -- what earlier sessions left

    async def tell_of_the_last(self, files: Files) -> None:
        """What is known of sessions that did not end in order, in the dialog that offers their changes where
        there are any; never a second dialog over it."""
        fallen = await asyncio.to_thread(take_fallen, self._home.sessions)
        crashed = next((one for one in fallen if one.crashed), None)
        told = crashed or next(iter(fallen), None)
        known = self._known(told) if told is not None else ""
        offered = await files.offer_copies(known)
        if crashed is not None:
            self._offer(crashed)
        elif known and not offered:
            words = self.tr("Nothing was left that had not been saved.")
            self._banner.say(known, words, error=False)

    def _known(self, fallen: Fallen) -> str:
        when = f"{fallen.ended.astimezone():%Y-%m-%d %H:%M}"
        if fallen.crashed:
            words = self.tr("On {when} Tagloom was ended by an error that it could not catch ({cause}).")
            return words.format(when=when, cause=fallen.cause)
        if fallen.rebooted:
            return self.tr("The computer was switched off or started anew while Tagloom was open.")
        return self.tr("Tagloom was ended from outside on {when}: by the system, or by hand.").format(
            when=when
        )

    def _offer(self, fallen: Fallen) -> None:
        lines = lines_of_file(self._home.logs / "tagloom.log", fallen.process)
        report = report_of_fallen(fallen, facts=self._facts(), lines=lines)
        written = self._reports.keep(report)

        def show() -> None:
            words = self.tr("Nothing was sent to anybody. Read it, change it, keep it, or send it yourself.")
            self._show(self._known(fallen), f"{words} {self._where(written)}", report)

        self._notice.ask(
            Question(
                title=self._known(fallen),
                words=self.tr("A report of it was written on this computer, and sent to nobody."),
                answers=(
                    Answer(name="fallen-show", words=self.tr("Read the report…"), what=show),
                    Answer(name="fallen-later", words=self.tr("Not now"), what=lambda: None),
                ),
            )
        )
