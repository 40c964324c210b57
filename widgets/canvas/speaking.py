"""What the canvas says to a screen reader: how much is on it, and what is selected."""

from __future__ import annotations

from app.document.joining import name_of
from widgets.bridge import Latest
from widgets.canvas.graph_view import GraphView
from widgets.canvas.words import tr
from widgets.messages import listed

_MOST = 3
"""So many selected nodes are named; of more their count is said."""


class Speaking:
    """Qt tells a screen reader itself when the description of a widget changes."""

    def __init__(self, view: GraphView) -> None:
        self._view = view
        for widget in (view.viewer, view.viewer.viewport()):
            widget.setAccessibleName(tr("Canvas"))
        view.selection_changed.connect(lambda _: self._say())
        self._heard = Latest(view.stage.editor.changed, lambda _: self._say(), view)
        self._say()

    def _say(self) -> None:
        words = self.words()
        if words != self._view.viewer.accessibleDescription():
            self._view.viewer.setAccessibleDescription(words)

    def words(self) -> str:
        """`Selected: Gen4 Image. 6 nodes, 5 links.`"""
        document, shapes = self._view.stage.document, self._view.stage.shapes
        chosen = [id for id in self._view.selected() if id in document.nodes]
        counts = tr("{nodes} nodes, {links} links.", nodes=len(document.nodes), links=len(document.links))
        if not chosen:
            return counts
        if len(chosen) > _MOST:
            return tr("{n} nodes selected.", n=len(chosen)) + " " + counts
        names = listed(name_of(document, shapes, id) for id in chosen)
        return tr("Selected: {names}.", names=names) + " " + counts
