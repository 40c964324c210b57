"""The batch panel in a window beside the work, joined to the studio, the canvas and the commands."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QDialog, QMenu, QVBoxLayout

from app.basics.words import spoken
from app.studio.batch_values import BatchRow, DryRun, Progress, Stage, Standing
from app.studio.batches import Batches
from app.studio.studio import Studio
from widgets.batch.model import PAGE
from widgets.batch.panel import BatchPanel
from widgets.bridge import Latest
from widgets.canvas.graph_view import GraphView
from widgets.commands import Command, Commands
from widgets.dialogs.asking import again_of
from widgets.inspector.inspector import Inspector
from widgets.main_window import MainWindow
from widgets.messages import counted
from widgets.parts.picture_source import PictureSource
from widgets.tabling import Tabling
from widgets.tasks import Tasks
from widgets.theme import Themes

SIZE, LEAST = QSize(1020, 700), QSize(480, 300)
_GATHER_MS = 400
"""Rows of one state come and go while it runs: they are asked for so often at most."""


def tr(text: str) -> str:
    return spoken(text)


class BatchWindow(QDialog):
    """Esc is the panel's: what is searched for goes first."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("batch")
        self.setWindowTitle(self.tr("Batch"))
        self.setWindowFlag(Qt.WindowType.WindowMinMaxButtonsHint, True)
        self.setMinimumSize(LEAST)
        self.resize(SIZE)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)


class Batching(QObject):
    """The window is made when it is first wanted."""

    def __init__(
        self,
        studio: Studio,
        window: MainWindow,
        graph: GraphView,
        tasks: Tasks,
        themes: Themes,
        pictures: PictureSource,
        commands: Commands,
        inspector: Inspector,
        *,
        say: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._studio, self._window, self._graph, self._tasks = studio, window, graph, tasks
        self._themes, self._pictures, self._commands = themes, pictures, commands
        self._say = say
        self.tabling = Tabling(studio, window, graph, tasks, inspector, commands)
        self.batches = Batches(studio)
        self.dialog: BatchWindow | None = None
        self.panel: BatchPanel | None = None
        self._over = False
        self._asking = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._asking.timeout.connect(self._ask_again)
        self._ends = (
            self.batches.row_changed.connect(self._row_changed),
            studio.desk.opened.connect(lambda _: self._start(self._document_opened)),
        )
        Latest(self.batches.changed, self._show_progress, self)
        Latest(self.batches.dried, self._show_dry, self)
        for command in self._own():
            commands.add(command)

    def _own(self) -> tuple[Command, ...]:
        menu, panel = tr("&Run"), self
        one = partial(
            Command,
            menu=menu,
            when=lambda: bool(self.tabling.node),
            why=tr("Drop a table on the canvas first"),
        )
        return (
            Command(
                id="batch", title=tr("&Batch…"), menu=menu, what=panel.open, separated=True,
                tip=tr("A table of products over this document: price, run, rows"),
            ),
            Command(
                id="batch-start", title=tr("S&tart the batch"), menu=menu, what=panel.begin,
                when=lambda: panel.batches.can_start, why=tr("Open the batch first: it works out the price"),
                tip=tr("Makes the pictures of all rows of the table"),
            ),
            one(
                id="row-next", title=tr("&Next row"), what=partial(self.tabling.step, 1), separated=True,
                tip=tr("The next row of the table on the canvas"),
            ),
            one(
                id="row-previous", title=tr("&Previous row"), what=partial(self.tabling.step, -1),
                tip=tr("The row of the table before this one, on the canvas"),
            ),
            Command(
                id="row-open", title=tr("Row on the can&vas"), menu=menu, what=panel.open_row,
                when=lambda: panel.panel is not None and panel.panel.table.current() is not None,
                why=tr("Choose a row in the batch first"),
                tip=tr("The document with the row that is chosen in the batch"),
            ),
        )  # fmt: skip

    # --- the window ---

    def open(self) -> None:
        """With the keyboard in the rows, or on what can be done first."""
        panel = self._made()
        assert self.dialog is not None
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        panel.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.batches.progress.stage in (Stage.NONE, Stage.READY):
            self._start(self._look)

    def _made(self) -> BatchPanel:
        if self.panel is not None:
            return self.panel
        self.dialog = self.dialog or BatchWindow(self._window)
        panel = self.panel = BatchPanel(self._pictures, self._themes)
        panel.doing.connect(self._do)
        panel.asked.connect(lambda: self._start(self._ask))
        panel.row_wanted.connect(lambda number: self._start(partial(self._go_to, number)))
        panel.table.rows.page_wanted.connect(
            lambda question, first: self._start(partial(self._bring, question, first))
        )
        panel.table.menu_wanted.connect(self._menu)
        panel.table.moved.connect(self._commands.refresh)
        layout = self.dialog.layout()
        assert layout is not None
        layout.addWidget(panel)
        self._show_progress(self.batches.progress)
        self._show_dry(self.batches.dry)
        return panel

    def say_anew(self, again: Callable[[str], str]) -> None:
        """In another language it is made anew."""
        if self.panel is None or self.dialog is None:
            return
        self.panel.hide()
        self.panel.deleteLater()
        self.panel = None
        self.dialog.setWindowTitle(self.tr("Batch"))
        self._made()
        self._start(self._ask)

    def _start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Nothing once it is put away: what was under way then may still end."""
        if not self._over:
            self._tasks.start(work())

    async def close(self) -> None:
        """What a vendor has under way goes on there; the next start of the batch brings it home."""
        self._over = True
        self._asking.stop()
        for end in self._ends:
            end()
        if self.dialog is not None:
            self.dialog.close()
        await self.batches.close()
        await self.tabling.close()

    # --- showing ---

    def _show_progress(self, progress: Progress) -> None:
        panel = self.panel
        self._commands.refresh()
        if panel is None or self._over:
            return
        before = panel.table.rows.rowCount()
        panel.show_progress(progress)
        panel.show_empty(self._empty_words(progress))
        if panel.standing is None and not panel.words.text() and progress.rows != before:
            self._start(self._ask)
        elif panel.standing is not None and not self._asking.isActive():
            self._asking.start()

    def _show_dry(self, dry: DryRun | None) -> None:
        if self.panel is not None:
            self.panel.show_dry(dry)
            self._commands.refresh()

    def _row_changed(self, row: BatchRow) -> None:
        if self.panel is not None:
            self.panel.table.rows.change(row)

    def _empty_words(self, progress: Progress) -> str:
        panel = self.panel
        if progress.stage is Stage.NONE:
            return self.tr(
                "A batch makes this document once for every row of a table: a photograph here, a word there. "
                "Choose a table, and write its columns into prompts and files as {column}."
            )
        if progress.stage is Stage.OPENING:
            return self.tr("The table is being read. Nothing is sent.")
        if progress.why and not progress.rows:
            return progress.why
        if panel is not None and (panel.words.text() or panel.standing is not None):
            return self.tr("No row is like that. Try fewer words, or press All.")
        return self.tr("The table has no rows yet.")

    # --- asking ---

    async def _look(self) -> None:
        await self.batches.look()
        await self._ask()

    async def _document_opened(self) -> None:
        await self.batches.forget()
        if self.batches.left_open:
            self._say(self.tr("This document has a batch: Run, Batch… goes on with it."))
        if self.dialog is not None and self.dialog.isVisible():
            await self._look()

    async def _ask(self) -> None:
        """Another question: from the top."""
        panel = self.panel
        if panel is None:
            return
        question = (panel.standing, panel.words.text().strip())
        count = await self.batches.count(*question)
        if panel is self.panel and question == (panel.standing, panel.words.text().strip()):
            panel.table.rows.begin(count)
            if panel.table.hasFocus():
                panel.table.choose_one()
            panel.show_empty(self._empty_words(self.batches.progress))
            panel.show_chosen()

    def _ask_again(self) -> None:
        async def ask() -> None:
            panel = self.panel
            if panel is not None:
                count = await self.batches.count(panel.standing, panel.words.text().strip())
                if panel is self.panel:
                    panel.table.rows.refresh(count)

        self._start(ask)

    async def _bring(self, question: int, first: int) -> None:
        panel = self.panel
        if panel is not None:
            asked = (panel.standing, panel.words.text().strip())
            rows = await self.batches.page(*asked, first, PAGE)
            if panel is self.panel:
                panel.table.rows.take(question, first, rows)
                panel.show_chosen()

    async def _go_to(self, number: int) -> None:
        """A row by its number, among all."""
        panel = self.panel
        if panel is None:
            return
        panel.show_everything()
        await self._ask()
        place = await self.batches.place_of(number)
        if panel is self.panel and 0 <= place < panel.table.rows.rowCount():
            panel.table.go_to(place)
            panel.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- doing ---

    def begin(self) -> None:
        """Asks before money is spent, as every run does."""
        self._start(self._begin)

    async def _begin(self) -> None:
        if self.batches.can_start:
            self._studio.editor.seal()
            await self.batches.start()
            await self._ask()

    def open_row(self) -> None:
        if self.panel is not None and (row := self.panel.table.current()) is not None:
            self.tabling.show_row(row.number)
            self._window.raise_()
            self._window.activateWindow()

    def _do(self, name: str) -> None:
        panel, batches = self.panel, self.batches
        if panel is None:
            return
        chosen = panel.table.chosen()
        keys = tuple(row.key for row in chosen)
        match name:
            case "start":
                self.begin()
            case "pause":
                batches.pause()
            case "resume":
                batches.resume()
            case "stop":
                self._start(batches.stop)
            case "look":
                self._start(self._look)
            case "retry":
                self._start(partial(self._retry, keys))
            case "again":
                lost = tuple(row.key for row in chosen if row.standing is Standing.UNKNOWN)
                self._start(partial(self._send_again, lost))
            case "retry-failed":
                self._start(partial(self._retry, None))
            case "front":
                self._start(partial(batches.to_front, keys))
            case "open":
                self.open_row()
            case "folder" if chosen and chosen[0].folder is not None:
                _show_file(chosen[0].folder)
            case "report" | "sheet":
                self._start(partial(self._paper, name))
            case "table":
                self._start(self._choose_table)
            case "leave":
                self._leave()

    async def _retry(self, keys: tuple[str, ...] | None) -> None:
        await self.batches.retry(keys)
        self._ask_again()

    async def _send_again(self, keys: tuple[str, ...]) -> None:
        """What was sent and never answered may have been paid: a person decides."""
        title = counted(
            len(keys), "1 row may have been charged already.", "{n} rows may have been charged already."
        )
        about = self.tr(
            "Its vendor's page or the queue may say what became of it. Sent again, it may be charged twice."
        )
        if keys and await again_of(self.dialog or self._window, title, about):
            await self.batches.retry(keys, unknown=True)
            self._ask_again()

    async def _paper(self, name: str) -> None:
        _show_file(await self.batches.paper(name))

    async def _choose_table(self) -> None:
        chosen = await self.tabling.choose(self.dialog or self._window)
        if chosen is not None:
            await self._look()

    def _leave(self) -> None:
        if self.dialog is not None:
            self.dialog.close()
        self._window.activateWindow()
        self._graph.setFocus()

    def _menu(self, at: QPoint) -> None:
        panel = self.panel
        if panel is None:
            return
        menu = QMenu(panel)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, title in panel.choices():
            menu.addAction(title).triggered.connect(lambda *_, name=name: self._do(name))
        menu.popup(at)


def _show_file(path: Path) -> None:
    """In the program that the desktop has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
