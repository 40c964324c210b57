"""What the panels show of the studio: the document, its runs, its problems, what it will cost."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.engine.events import Event, NodeDone, RunFinished
from app.engine.run_state import NodeState, RunState
from app.preferences import declared
from app.studio.parts import Outlook
from app.studio.studio import Studio
from widgets.bars.status_bar import StatusBar
from widgets.bars.top_bar import TopBar
from widgets.bridge import Latest
from widgets.canvas.graph_view import GraphView
from widgets.commands import Commands
from widgets.inspector.inspector import Inspector
from widgets.main_window import MainWindow
from widgets.messages import listed
from widgets.runs.strip import Strip
from widgets.tasks import Tasks


class Showing(QObject):
    """Made with the panels; shows from `follow` on. `title_of` gives a node's title."""

    def __init__(
        self,
        studio: Studio,
        window: MainWindow,
        graph: GraphView,
        tasks: Tasks,
        *,
        top: TopBar,
        status: StatusBar,
        strip: Strip,
        inspector: Inspector,
        commands: Commands,
        title_of: Callable[[str], str],
    ) -> None:
        super().__init__(window)
        self._studio, self._window, self._graph, self._tasks = studio, window, graph, tasks
        self._top, self._status, self._strip = top, status, strip
        self._inspector, self._commands, self._title_of = inspector, commands, title_of

    def follow(self) -> tuple[Callable[[], None], ...]:
        """From now on. Returns what ends it."""
        studio = self._studio
        Latest(studio.runs.changed, self._show_runs, self)
        Latest(studio.checks.changed, self._show_problems, self)
        Latest(studio.outlook_changed, self._show_outlook, self)
        Latest(studio.editor.changed, lambda _: self._show_document(), self)
        Latest(studio.desk.opened, lambda _: self._show_document(), self)
        Latest(studio.desk.saved, lambda _: self._show_document(), self)
        self.show_all()
        return (studio.runs.events.connect(self._on_event),)

    def show_all(self) -> None:
        self._show_document()
        self._show_runs(self._studio.runs.state)
        self._show_outlook(self._studio.outlook)
        self._status.show_zoom(self._graph.zoom())

    async def show_today(self) -> None:
        credits, money = await self._studio.spent_today()
        self._status.show_today(credits, money, self._studio.options.get(declared.CAP_DAY_CREDITS))

    def _show_runs(self, state: RunState) -> None:
        self._graph.set_run_state(state)
        states = [one.state for one in state.nodes.values()]
        self._status.show_queue(states.count(NodeState.RUNNING), states.count(NodeState.QUEUED))
        self._top.show_busy(bool(state.running))
        self._commands.refresh()
        self._inspector.refresh()

    def _show_problems(self, problems: object) -> None:
        self._graph.set_problems(self._studio.checks.problems)
        self._inspector.refresh()

    def _show_outlook(self, outlook: Outlook) -> None:
        nodes = self._studio.editor.document.nodes
        picked = {node for node in outlook.stale if node in nodes and nodes[node].pick}
        plain, chosen = self.tr("inputs changed"), self.tr("in use, inputs changed")
        self._graph.set_stale({node: chosen if node in picked else plain for node in outlook.stale})
        self._top.show_draft(outlook.draft)
        self._top.show_estimate(outlook)
        live = [vendor.title for vendor in self._studio.vendors() if vendor.live]
        self._status.show_vendor(listed(live) or self.tr("Sandbox"))

    def _show_document(self) -> None:
        desk = self._studio.desk
        self._top.show_document(desk.name, desk.dirty)
        self._window.setWindowTitle(f"{desk.name}[*]")
        self._window.setWindowModified(desk.dirty)
        saved = self.tr("Not saved") if desk.dirty else self.tr("Saved") if desk.path else self.tr("New")
        self._status.show_saved(saved, len(self._studio.editor.document.nodes))
        self._inspector.refresh()
        self._commands.refresh()

    def _on_event(self, event: Event) -> None:
        node = getattr(event, "node", "")
        self._strip.tell(event, self._title_of(node) if node else "")
        if isinstance(event, RunFinished):
            self._tasks.start(self.show_today())
        elif isinstance(event, NodeDone):
            self._graph.refresh((event.node,))
