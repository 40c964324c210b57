"""What is looked at large: one picture, or several compared; which pictures these are, of the canvas or of
another list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.basics.words import spoken
from app.document.reach import giver
from app.imaging.screen import screen_profile
from app.preferences import declared
from app.studio.studio import Studio
from widgets.canvas.graph_view import GraphView
from widgets.commands import Command, Commands
from widgets.compare.comparer import Comparer
from widgets.compare.viewer import Viewer
from widgets.parts.picture_source import PictureSource
from widgets.parts.shown import Shown
from widgets.runs.strip import Strip
from widgets.theme import Themes

KIND = "compare"


def tr(text: str) -> str:
    return spoken(text)


class Comparing(QObject):
    """Owns the viewer and the comparer. `title_of` gives a node's title, `say` tells what is missing."""

    def __init__(
        self,
        studio: Studio,
        graph: GraphView,
        window: QWidget,
        pictures: PictureSource,
        themes: Themes,
        *,
        title_of: Callable[[str], str],
        say: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._studio, self._graph, self._title_of, self._say = studio, graph, title_of, say
        options = studio.options

        def profile() -> bytes | None:
            return screen_profile(options.get(declared.SCREEN_PROFILE))

        self.viewer = Viewer(pictures, themes, window, profile=profile)
        self.comparer = Comparer(
            themes, window, still=lambda: options.get(declared.REDUCED_MOTION), profile=profile
        )
        for one in (self.viewer, self.comparer):
            one.closed.connect(graph.setFocus)
        graph.look_big_requested.connect(self.look)
        graph.compare_requested.connect(self.compare_selected)

    def close_down(self) -> None:
        self.viewer.close_down()
        self.comparer.close_down()

    # --- which pictures ---

    def shown(self, node: str) -> Shown | None:
        """A node's picture: its result, or its photograph; None where it has none."""
        result = self._studio.runs.state.node(node).result
        path = result.path if result else self._studio.photograph_path(node)
        if path is None:
            return None
        title, kind = self._title_of(node), self._kind_title(node)
        seed = result.seed if result else None
        made = self.tr("seed {seed}").format(seed=seed) if seed is not None else ""
        parts = (title, made, kind if kind != title else "")
        return Shown(path, "  ·  ".join(part for part in parts if part), title, seed)

    def _kind_title(self, node: str) -> str:
        known = self._studio.editor.document.nodes.get(node)
        kind = self._studio.kinds.get(known.kind) if known is not None else None
        return spoken(kind.title) if kind is not None and kind.card is not None else ""

    def _given(self, node: str) -> Iterator[Shown]:
        """What a Compare node is given, in order; of any other node its own picture."""
        document = self._studio.editor.document
        known = document.nodes.get(node)
        links = document.links.into(node) if known is not None and known.kind == KIND else ()
        found = (self.shown(giver(document, link)) for link in links) if links else (self.shown(node),)
        yield from (one for one in found if one is not None)

    def _chosen(self) -> Iterator[Shown]:
        for node in self._graph.selected():
            yield from self._given(node)

    def _beside(self, node: str) -> tuple[tuple[Shown, ...], int]:
        """The pictures that arrow keys go through, from left to right on the canvas, and where in them a
        node's is: results with results, photographs with photographs."""
        state, document = self._studio.runs.state, self._studio.editor.document
        made = bool(state.node(node).result)
        among = [
            id
            for id, one in document.nodes.items()
            if id == node or (made and self._makes(id)) or (not made and one.kind == "reference-image")
        ]
        spots = document.layout
        among.sort(key=lambda id: (spots[id].x, spots[id].y) if id in spots else (0.0, 0.0))
        pairs = [(id, found) for id in among if (found := self.shown(id)) is not None]
        return tuple(found for _, found in pairs), [id for id, _ in pairs].index(node)

    def _makes(self, node: str) -> bool:
        return bool(self._kind_title(node)) and self._studio.runs.state.node(node).result is not None

    # --- doing ---

    def look(self, node: str) -> None:
        """Large, with the others of the graph beside it; a Compare node opens its comparison."""
        known = self._studio.editor.document.nodes.get(node)
        if known is not None and known.kind == KIND:
            self._compare(tuple(self._given(node)))
        elif self.shown(node) is not None:
            self.viewer.look_through(*self._beside(node))

    def look_selected(self) -> None:
        for node in self._graph.selected()[:1]:
            self.look(node)

    def look_in_strip(self, strip: Strip, path: Path) -> None:
        among = strip.pictures()
        place = next((at for at, one in enumerate(among) if one.path == path), 0)
        if among:
            self.viewer.look_through(among, place)

    def can_compare(self) -> bool:
        return len(tuple(islice(self._chosen(), 2))) == 2

    def compare_selected(self) -> None:
        self._compare(tuple(self._chosen()))

    def _compare(self, pictures: Iterable[Shown]) -> None:
        pictures = tuple(pictures)
        if len(pictures) > 1:
            self.comparer.compare(pictures)
        else:
            self._say(self.tr("To compare, choose another picture too: Ctrl+Shift+click"))


def add_compare_actions(commands: Commands, comparing: Comparing, scope: GraphView) -> None:
    commands.add(
        Command(
            id="compare", title=tr("&Compare"), menu=tr("&View"), what=comparing.compare_selected,
            when=comparing.can_compare, why=tr("Select two nodes with pictures first"),
            tip=tr("Wipe, side by side, difference, blink: two to nine pictures"), scope=scope.viewer,
            separated=True,
        )
    )  # fmt: skip
