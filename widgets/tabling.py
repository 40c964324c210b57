"""The Table node on the canvas: the row that it shows, what that row fills in, and its file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPointF
from PySide6.QtWidgets import QWidget

from app.document.edits import set_values
from app.document.values import Value
from app.preferences import declared
from app.studio.row_steps import RowSteps, ShownRow
from app.studio.studio import Studio
from widgets.bridge import Latest
from widgets.canvas.face import Sheet
from widgets.canvas.graph_view import GraphView
from widgets.commands import Commands
from widgets.dialogs.asking import files_of
from widgets.inspector.inspector import Inspector
from widgets.main_window import MainWindow
from widgets.tasks import Tasks

MOST_CELLS = 8
"""Lines of cells on the card."""
ENDINGS = "*.csv *.tsv *.xlsx"


class Tabling(QObject):
    """`step` and `show_row` edit the node's row; `choose` asks for a file."""

    def __init__(
        self,
        studio: Studio,
        window: MainWindow,
        graph: GraphView,
        tasks: Tasks,
        inspector: Inspector,
        commands: Commands,
    ) -> None:
        super().__init__(window)
        self._studio, self._window, self._graph, self._tasks = studio, window, graph, tasks
        self._commands = commands
        self.rows = RowSteps(studio)
        graph.row_stepped.connect(self.step)
        inspector.table_wanted.connect(lambda node, name: tasks.start(self._browse(node, name)))
        Latest(self.rows.changed, self._show, self)
        Latest(studio.preview.changed, lambda _: self._show(self.rows.shown), self)
        self._show(self.rows.shown)

    @property
    def node(self) -> str:
        """The document's Table node; empty where it has none."""
        return self.rows.node

    async def close(self) -> None:
        await self.rows.close()

    # --- showing ---

    def _show(self, shown: ShownRow) -> None:
        studio, preview = self._studio, self._studio.preview
        cells = tuple(shown.cells.items())
        sheet = Sheet(
            name=shown.name,
            rows=shown.rows,
            place=shown.place,
            number=shown.number,
            cells=cells[:MOST_CELLS],
            more=max(0, len(cells) - MOST_CELLS),
        )
        seen = preview.seen(studio.editor.document)
        filled = {id: seen.document.nodes[id] for id in seen.filled}
        self._graph.set_table({shown.node: sheet} if shown.node else {}, filled, frozenset(preview.columns))
        self._commands.refresh()

    # --- doing ---

    def step(self, by: int) -> None:
        """The next row, or the one before; at the end of the table nothing happens."""
        self.rows.step(by)

    def show_row(self, number: int) -> None:
        """The row stands for all, and the model that it is for is in sight."""
        self.rows.go_to(number)
        self._studio.editor.seal()
        nodes = self._studio.editor.document.nodes
        models = [id for id, node in nodes.items() if node.kind in self._studio.cards and not node.skip]
        if models:
            self._graph.select(models[:1])
            self._graph.fit(models[:1])
        self._graph.setFocus()

    async def choose(self, parent: QWidget) -> Path | None:
        """A table for the document, from the file dialog; on a node of its own where there is none yet."""
        path = await self._asked(parent)
        if path is not None:
            middle = self._graph.viewport_center()
            self._graph.handling.place_table(path, QPointF(middle.x() - 120, middle.y() - 80), self.node)
        return path

    async def _browse(self, node: str, parameter: str) -> None:
        path = await self._asked(self._window)
        if path is None or node not in self._studio.editor.document.nodes:
            return
        self._studio.desk.trust(path)
        values: dict[str, Value] = {parameter: path.as_posix()}
        if parameter == "file":
            values |= {"sheet": "", "row": None}
        self._studio.commit(self.tr("Choose a table"), partial(set_values, id=node, values=values))

    async def _asked(self, parent: QWidget) -> Path | None:
        filters = self.tr("Tables ({endings});;All files (*)").format(endings=ENDINGS)
        start = str(self._studio.desk.folder or self._studio.options.get(declared.LAST_FOLDER))
        chosen = await files_of(parent, self.tr("Choose a table"), start, filters, many=False)
        return Path(chosen[0]) if chosen else None
