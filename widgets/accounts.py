"""The window of the queue and of spending: what its buttons do to the studio. It stands beside the main
window, not in front of it, and shows all documents."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QTabWidget, QVBoxLayout, QWidget

from app.preferences import declared
from app.studio.book import By, Decision
from app.studio.lineup import Line
from app.studio.studio import Studio
from widgets.bridge import Latest
from widgets.dialogs.asking import again_of, target_of
from widgets.runs.queue_panel import QueuePanel
from widgets.runs.spending_panel import SpendingPanel
from widgets.tasks import Tasks
from widgets.theme import Themes

SIZE = (760, 460)
MOST_ENTRIES = 200


class Accounts(QObject):
    """`lay` opens a document (asking about the one on the desk first), True when it lies there; `run` runs
    nodes of it; `show_node` brings one into view."""

    def __init__(
        self,
        studio: Studio,
        window: QWidget,
        tasks: Tasks,
        themes: Themes,
        *,
        lay: Callable[[Path], Coroutine[object, object, bool]],
        run: Callable[[tuple[str, ...]], None],
        show_node: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._studio, self._window, self._tasks = studio, window, tasks
        self._lay, self._run, self._show_node = lay, run, show_node
        self.queue = QueuePanel()
        self.spending = SpendingPanel(themes)
        self.dialog = self._dialog()
        self._looking = False
        Latest(studio.lineup.changed, lambda _: self.refresh(), self)
        Latest(studio.book.changed, lambda _: self.refresh(), self)
        self._listen()

    def _dialog(self) -> QDialog:
        dialog = QDialog(self._window)
        dialog.setObjectName("accounts")
        dialog.setWindowTitle(self.tr("Queue and spending"))
        dialog.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        dialog.resize(*SIZE)
        self.tabs = QTabWidget()
        for one in (self.tabs, self.tabs.tabBar()):
            one.setAccessibleName(self.tr("Queue or spending"))
        self.tabs.addTab(self.queue, self.tr("Queue"))
        self.tabs.addTab(self.spending, self.tr("Spending"))
        self.tabs.currentChanged.connect(lambda _: self.refresh())
        rows = QVBoxLayout(dialog)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.tabs)
        return dialog

    def _listen(self) -> None:
        queue, lineup = self.queue, self._studio.lineup
        queue.pause_wanted.connect(lambda paused: lineup.pause() if paused else lineup.resume())
        queue.front_wanted.connect(lineup.to_front)
        queue.move_wanted.connect(lambda id, before: lineup.move(id, before))
        queue.cancel_wanted.connect(self._cancel)
        queue.retry_wanted.connect(lambda lines: self._tasks.start(self._again(lines)))
        queue.dismiss_wanted.connect(lambda lines: self._tasks.start(lineup.dismiss(lines)))
        queue.decide_wanted.connect(lambda line, what: self._tasks.start(self._decide(line, what)))
        self.spending.asked.connect(lambda by, back: self._tasks.start(self._sum(by, back)))
        self.spending.export_wanted.connect(lambda: self._tasks.start(self._export()))
        queue.node_wanted.connect(lambda document, node: self._tasks.start(self._go_to(document, node)))

    def open_queue(self) -> None:
        self._open(self.queue)

    def open_spending(self) -> None:
        self._open(self.spending)

    def _open(self, tab: QWidget) -> None:
        self.tabs.setCurrentWidget(tab)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self.refresh()

    def refresh(self) -> None:
        """Asks the ledger only while somebody looks."""
        if not self.dialog.isVisible():
            return
        if self.tabs.currentWidget() is self.spending:
            self.spending.ask()
        elif not self._looking:
            self._looking = True
            self._tasks.start(self._look())

    async def _look(self) -> None:
        try:
            lines = await self._studio.lineup.lines()
        finally:
            self._looking = False
        self.queue.show_lines(lines, paused=self._studio.lineup.paused)

    async def _sum(self, by: By, back: int) -> None:
        """`back`: days, today among them; 0 for all."""
        book = self._studio.book
        since = midnight(back - 1) if back else None
        titles = {id: card.title for id, card in self._studio.cards.items()}
        self.spending.show_totals(await book.totals(by, since), titles)
        self.spending.show_entries(await book.entries(MOST_ENTRIES))

    async def _export(self) -> None:
        start = str(Path(self._studio.options.get(declared.LAST_FOLDER)) / "tagloom-spending.csv")
        chosen = await target_of(
            self.dialog, self.tr("Export CSV"), start, self.tr("Tables (*.csv)"), ending=".csv"
        )
        if chosen:
            await self._studio.book.csv(Path(chosen))

    # -- doing

    def _cancel(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self._studio.lineup.cancel(line)

    async def _again(self, lines: tuple[Line, ...]) -> None:
        """Runs them again, document by document; each run asks before it spends, as every run does."""
        await self._studio.lineup.dismiss(lines)
        for document in dict.fromkeys(line.document for line in lines):
            if await self._at(document):
                there = self._studio.editor.document.nodes
                nodes = tuple(line.node for line in lines if line.document == document and line.node in there)
                if nodes:
                    self._run(nodes)

    async def _decide(self, line: Line, what: str) -> None:
        match what:
            case "compare":
                found = await self._studio.book.compare(line.operation)
                QDesktopServices.openUrl(QUrl(found.page))
                self.queue.tell("\n".join(found.lines))
            case "send-again":
                if await self._at(line.document) and await again_of(
                    self._window,
                    self.tr("{title} may have been charged already.").format(title=line.title),
                    self.tr("Sent again, it may be charged a second time."),
                ):
                    await self._studio.send_again(line.node)
            case _:
                await self._studio.book.decide(line.operation, Decision(what))
        self.refresh()

    async def _go_to(self, document: str, node: str) -> None:
        if await self._at(document):
            self._show_node(node)

    async def _at(self, document: str) -> bool:
        """Whether this document lies on the desk, now or after it was opened."""
        if self._studio.document_id == document:
            return True
        return await self._lay(Path(document))


def midnight(back: int) -> datetime:
    """The start of the person's own day, `back` days ago."""
    today = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    return (today - timedelta(days=back)).astimezone()
