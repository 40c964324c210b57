"""What the Help menu does: reports, diagnostics, newer versions, about; and what is said at the start."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from PySide6.QtCore import QCoreApplication, QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.basics.faults import DiskTrouble
from app.basics.places import Places
from app.preferences.keys import Source
from app.studio.findings import Finding
from app.studio.stock import look_at_stores
from app.studio.studio import Studio
from app.studio.updates import Update
from widgets.commands import Command, Commands
from widgets.dialogs.about_dialog import AboutDialog
from widgets.dialogs.asking import answer_of
from widgets.dialogs.banner import Banner
from widgets.dialogs.diagnostics_dialog import DiagnosticsDialog
from widgets.dialogs.notice import Answer, Notice, Question
from widgets.files import Files
from widgets.mishaps import Mishaps
from widgets.reporting import OpenPage, Reporting
from widgets.surroundings import findings_of_qt
from widgets.tasks import Tasks
from widgets.theme import Themes

LOOK_EVERY_MS = 3_600_000
"""How often it is asked whether a day has gone by."""


def tr(text: str) -> str:
    return QCoreApplication.translate("helping", text)


def open_outside(address: str) -> object:
    """In the browser, or the file manager for a file: address."""
    return QDesktopServices.openUrl(QUrl(address))


class Helping(QObject):
    """`over` is the canvas, on which questions lie. `open_page` leaves the program: tests give their own."""

    def __init__(
        self,
        studio: Studio,
        home: Places,
        mishaps: Mishaps | None,
        window: QWidget,
        over: QWidget,
        tasks: Tasks,
        themes: Themes,
        banner: Banner,
        *,
        open_page: OpenPage = open_outside,
    ) -> None:
        super().__init__(window)
        self._studio, self._home, self._window, self._tasks = studio, home, window, tasks
        self._themes, self._banner = themes, banner
        self.open_page = open_page
        self.notice = Notice(over)
        self.reporting = Reporting(
            studio, home, mishaps, window, tasks, banner=banner, notice=self.notice,
            open_page=lambda address: self.open_page(address), open_logs=self.open_logs,
        )  # fmt: skip
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(lambda: tasks.start(self._look()))

    # -- at the start, and while it is open

    async def begin(self, files: Files) -> None:
        """What the last session left, then newer versions: one after the other."""
        await self.reporting.tell_of_the_last(files)
        updates = self._studio.upkeep.updates
        updates.count_start()
        if updates.to_ask:
            self._ask_about_updates()
        self._timer.start()
        await self._look()
        await self._look_at_keyring()

    def close(self) -> None:
        self._timer.stop()
        self.reporting.close()

    async def _look_at_keyring(self) -> None:
        """One that is locked, broken or silent is said; where there is none, whoever stores a key is told."""
        keys = self._studio.keys
        await keys.load()
        if keys.trouble:
            words = self.tr("Keys from the environment work; others are not known until it does.")
            self._banner.say(keys.trouble, words)
        elif any(keys.source(vendor) == Source.KEYRING for vendor in keys.vendors):
            self._studio.key_changed()  # what was shown while it was not yet known

    async def _look(self) -> None:
        update = await self._studio.upkeep.updates.look_by_itself()
        if update is not None:
            self._tell(update)

    def _ask_about_updates(self) -> None:
        updates = self._studio.upkeep.updates

        def decide(yes: bool) -> None:
            try:
                updates.answer(yes=yes)
            except DiskTrouble as fault:
                self._banner.say_fault(fault)
            self._tasks.start(self._look())

        self.notice.ask(
            Question(
                title=self.tr("Shall Tagloom look once a day whether there is a newer version?"),
                words=self.tr("It sends nothing about you, and downloads nothing."),
                answers=(
                    Answer(name="updates-yes", words=self.tr("Yes"), what=lambda: decide(True)),
                    Answer(name="updates-no", words=self.tr("No"), what=lambda: decide(False)),
                    Answer(name="updates-later", words=self.tr("Not now"), what=updates.not_now),
                ),
            )
        )

    def _tell(self, update: Update) -> None:
        changed = update.words if len(update.words) <= 400 else update.words[:399] + "…"
        later = Answer(name="update-close", words=self.tr("Close"), what=lambda: None)
        look = Answer(
            name="update-page",
            words=self.tr("See what is new"),
            what=lambda: self.open_page(update.page),
        )
        self.notice.ask(
            Question(
                title=self.tr("Tagloom {version} is there.").format(version=update.version),
                words=changed,
                answers=(look, later) if update.page else (later,),
            )
        )

    # -- commands

    def check_updates(self) -> None:
        self._tasks.start(self._check_updates())

    async def _check_updates(self) -> None:
        """Asked for by hand: whatever comes of it is said."""
        updates = self._studio.upkeep.updates
        self._banner.say(self.tr("Looking for a newer version…"), "", error=False)
        update = await updates.look()
        if update is not None:
            self._banner.hide()
            self._tell(update)
            return
        words = self.tr("This is the newest version, {version}.").format(version=updates.version)
        self._banner.say(words, "", error=False)

    def diagnose(self) -> None:
        dialog = DiagnosticsDialog(self._findings, self._tasks, self._themes.theme, self._window)
        self._tasks.start(answer_of(dialog))

    async def _findings(self) -> AsyncIterator[Finding]:
        for finding in findings_of_qt():
            yield finding
        async for finding in self._studio.upkeep.diagnosis.look():
            yield finding
        for finding in await look_at_stores(self._studio):
            yield finding

    def about(self) -> None:
        dialog = AboutDialog(self._studio.upkeep.updates.version, self._tasks, self._window)
        self._tasks.start(answer_of(dialog))

    def open_logs(self) -> None:
        self.open_page(QUrl.fromLocalFile(str(self._home.logs)).toString())


def add_help_actions(commands: Commands, helping: Helping, shortcuts: Callable[[], None]) -> None:
    menu = tr("&Help")
    for command in (
        Command(
            id="shortcuts", title=tr("&Keyboard and mouse…"), menu=menu, what=shortcuts,
            tip=tr("Which key does what"),
        ),
        Command(
            id="diagnostics", title=tr("&Diagnostics…"), menu=menu, what=helping.diagnose,
            tip=tr("Folders, screens, keys and the way to the vendors: is all well?"), separated=True,
        ),
        Command(id="logs", title=tr("Open &log folder"), menu=menu, what=helping.open_logs),
        Command(
            id="report", title=tr("&Report a problem…"), menu=menu, what=helping.reporting.report_by_hand,
            tip=tr("Read, then sent by yourself; nothing is sent by Tagloom"),
        ),
        Command(
            id="updates", title=tr("Check for &updates now"), menu=menu, what=helping.check_updates,
            tip=tr("Asks the project's page for the newest version; downloads nothing"), separated=True,
        ),
        Command(
            id="about", title=tr("&About Tagloom"), menu=menu, what=helping.about,
            tip=tr("The version, and the licences of what is shipped"),
        ),
    ):  # fmt: skip
        commands.add(command)
