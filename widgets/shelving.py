"""The library panel, joined to the studio and the canvas."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu

from app.basics.money import show_usd
from app.basics.words import say_many, spoken
from app.library.assets import Asset, Marks
from app.library.collecting import Collected
from app.library.query import Hit, Query
from app.studio.outgoing import Leaving
from app.studio.studio import Studio
from widgets.canvas.graph_view import GraphView
from widgets.commands import Command, Commands
from widgets.dialogs.asking import deleting_of
from widgets.dialogs.banner import Banner
from widgets.library.model import made_at
from widgets.library.panel import LibraryPanel, size_words
from widgets.main_window import MainWindow, Place
from widgets.messages import counted
from widgets.parts.drag_out import drag_out
from widgets.parts.picture_source import PictureSource
from widgets.parts.takeaway import Takeaway
from widgets.tasks import Tasks
from widgets.theme import Themes

FIRST = 200
"""Pictures of the first page: what fills a screen is there before the rest."""
MOST_REFERENCES = 14
MOST_WORDS = 400
_GATHER_MS = 250
_LOOKING_MS = 400
_AT_A_TIME = 6


class Shelving(QObject):
    """The panel is made when it is first wanted. `look` shows a picture big: path, words, name, seed."""

    def __init__(
        self,
        studio: Studio,
        window: MainWindow,
        graph: GraphView,
        tasks: Tasks,
        themes: Themes,
        pictures: PictureSource,
        banner: Banner,
        takeaway: Takeaway,
        commands: Commands,
        *,
        look: Callable[..., None],
    ) -> None:
        super().__init__(window)
        self._studio, self._window, self._graph, self._tasks = studio, window, graph, tasks
        self._themes, self._pictures, self._banner = themes, pictures, banner
        self._takeaway, self._look = takeaway, look
        self.panel: LibraryPanel | None = None
        self._asking, self._over = 0, False
        self._ends: tuple[Callable[[], None], ...] = ()
        self._last_removed: tuple[str, ...] = ()
        self._coming = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._coming.timeout.connect(lambda: self._start(self._come))
        self._looking = QTimer(self, singleShot=True, interval=_LOOKING_MS)
        self._looking.timeout.connect(lambda: self._start(self._learn))
        commands.add(
            Command(
                id="panel-library", title=self.tr("Li&brary"), menu=self.tr("&View"), what=self.toggle,
                checkable=True, checked=self.shown,
                tip=self.tr("Every picture that was ever made: search, keep, use again"),
            )
        )  # fmt: skip

    # --- the panel ---

    def shown(self) -> bool:
        return self.panel is not None and self._window.shown(Place.LIBRARY)

    def toggle(self) -> None:
        """Into the library with the keyboard; from there away with it."""
        panel = self.panel
        if panel is not None and self.shown():
            if panel.held:
                self._close()
            else:
                panel.words.setFocus()
            return
        self.open()

    def open(self) -> None:
        panel = self.panel or self._made()
        if not self._window.shown(Place.LIBRARY):
            self._window.toggle(Place.LIBRARY)
        panel.words.setFocus()
        self._ask()
        self._looking.start()

    def say_anew(self, again: Callable[[str], str]) -> None:
        """In another language it is made anew."""
        if self.panel is not None:
            open_now = self.shown()
            self._unmake()
            if open_now:
                self._made()
                self._ask()

    def _start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Nothing once it is put away: what was under way then may still end."""
        if not self._over:
            self._tasks.start(work())

    def put_away(self) -> None:
        self._over = True
        self._coming.stop()
        self._looking.stop()
        for end in self._ends:
            end()

    def _made(self) -> LibraryPanel:
        library = self._studio.library
        panel = self.panel = LibraryPanel(self._pictures, library.finder.place, self._themes)
        panel.asked.connect(self._ask)
        panel.doing.connect(self._do)
        panel.closed.connect(self._close)
        panel.grid.moved.connect(lambda: self._start(self._tell))
        panel.grid.carried_off.connect(self._carry)
        panel.grid.menu_wanted.connect(self._menu)
        self._ends = (
            library.marked.connect(self._marked),
            library.came.connect(lambda _: self._coming.start()),
            library.went.connect(self._went),
        )
        self._window.place(Place.LIBRARY, panel)
        return panel

    def _close(self) -> None:
        if self._window.shown(Place.LIBRARY):
            self._window.toggle(Place.LIBRARY)
        self._graph.setFocus()

    def _unmake(self) -> None:
        for end in self._ends:
            end()
        self._ends = ()
        if self.panel is not None:
            self.panel.hide()
            self.panel.deleteLater()
            self.panel = None

    # --- asking ---

    def _query(self, panel: LibraryPanel) -> Query:
        return panel.filters.query(panel.words.text(), datetime.now().astimezone())

    def _ask(self) -> None:
        self._asking += 1
        self._tasks.start(self._show(self._asking))

    async def _show(self, asking: int) -> None:
        """A first page at once, then the rest; nothing of a question that another has followed."""
        finder, panel = self._studio.library.finder, self.panel
        if panel is None:
            return
        query = self._query(panel)
        first = await finder.find(query, limit=FIRST)
        if asking != self._asking or panel is not self.panel:
            return
        panel.grid.hits.show_hits(first)
        panel.grid.scrollToTop()
        panel.show_count(len(first), whole=len(first) < FIRST)
        panel.show_empty(self._empty_words(panel))
        panel.show_chosen()
        if len(first) == FIRST:
            rest = await finder.find(query, after=first[-1])
            if asking != self._asking or panel is not self.panel:
                return
            panel.grid.hits.add(rest)
            panel.show_count(panel.grid.hits.rowCount(), whole=True)
        await self._show_choices(panel)

    async def _show_choices(self, panel: LibraryPanel) -> None:
        finder = self._studio.library.finder
        known = [(id, self._card_title(id)) for id in await finder.cards()]
        documents = await finder.documents()
        use = await finder.disk_use()
        if panel is self.panel:
            panel.filters.show_choices(sorted(known, key=lambda one: one[1].casefold()), documents)
            panel.show_disk(use)

    async def _come(self) -> None:
        """New pictures that match are put where they belong; what is looked at stays where it is."""
        panel = self.panel
        if panel is None:
            return
        newest = await self._studio.library.finder.find(self._query(panel), limit=FIRST)
        if panel is self.panel:
            panel.grid.hits.come(newest)
            panel.show_count(panel.grid.hits.rowCount(), whole=True)
            panel.show_empty(self._empty_words(panel))
            await self._show_choices(panel)
            if not self._over:
                self._looking.start()

    async def _learn(self) -> None:
        """The colours of a few pictures at a time, while the library is open."""
        if self.shown() and await self._studio.library.finder.learn_colours(_AT_A_TIME) and not self._over:
            self._looking.start()

    def _empty_words(self, panel: LibraryPanel) -> str:
        if panel.filters.removed.isChecked():
            return self.tr("Nothing is removed.")
        if panel.words.text() or panel.filters.narrowed:
            return self.tr("No picture is like that. Try fewer words, or press Show all.")
        return self.tr("No pictures yet. Run a node, and whatever it makes is kept here.")

    def _card_title(self, id: str) -> str:
        card = self._studio.cards.get(id)
        return spoken(card.title) if card else id

    # --- what has changed ---

    def _marked(self, changed: Mapping[str, Marks]) -> None:
        if (panel := self.panel) is not None:
            panel.grid.hits.mark(changed, removed=panel.filters.removed.isChecked())
            self._counted(panel)
            if any(one.removed is None for one in changed.values()):
                self._coming.start()  # what was put back is shown again

    def _went(self, hashes: tuple[str, ...]) -> None:
        if (panel := self.panel) is not None:
            panel.grid.hits.drop(hashes)
            self._counted(panel)

    def _counted(self, panel: LibraryPanel) -> None:
        panel.show_count(panel.grid.hits.rowCount(), whole=True)
        panel.show_empty(self._empty_words(panel))
        panel.show_chosen()
        self._tasks.start(self._show_choices(panel))

    # --- what is chosen ---

    async def _tell(self) -> None:
        """What is known of the current picture."""
        panel = self.panel
        hit = panel.grid.current() if panel else None
        if panel is None or hit is None or not panel.grid.chosen():
            if panel is not None:
                panel.show_details("")
            return
        asset = await self._studio.library.get(hit.sha256)
        if panel is self.panel and panel.grid.current() == hit:
            panel.show_details(self._details(hit, asset))

    def _details(self, hit: Hit, asset: Asset | None) -> str:
        if asset is None:
            return self.tr("The file of this picture is not there any more.")
        origin = asset.origin
        parts = [self._card_title(origin.card), f"{hit.width} × {hit.height}"]
        if origin.seed is not None:
            parts.append(self.tr("seed {seed}").format(seed=origin.seed))
        if hit.draft:
            parts.append(self.tr("draft"))
        elif origin.money is not None:
            parts.append(show_usd(origin.money))
        stem = PurePath(origin.document).name
        where = f"{stem} · {made_at(hit):%Y-%m-%d %H:%M} · {size_words(asset.bytes)}"
        prompt = " ".join(origin.prompt.split())
        return "\n".join((" · ".join(parts), where, prompt[:MOST_WORDS] + "…" * (len(prompt) > MOST_WORDS)))

    def _do(self, name: str) -> None:
        panel = self.panel
        if panel is None:
            return
        chosen = panel.grid.chosen()
        library, start = self._studio.library, self._tasks.start
        hashes = [one.sha256 for one in chosen]
        removed = panel.filters.removed.isChecked()
        match name:
            case "leave":
                self._graph.setFocus()
            case "undo":
                start(self._undo())
            case "delete":
                start(self._delete())
            case _ if not chosen:
                return
            case "star" if not removed:
                start(library.mark(hashes, star=not all(one.star for one in chosen)))
            case "reject" if not removed:
                start(library.mark(hashes, rejected=not all(one.rejected for one in chosen)))
            case "remove" if not removed:
                start(self._remove(tuple(hashes)))
            case "restore":
                start(library.restore(hashes))
            case "reference" if not removed:
                self._use(chosen)
            case "canvas" if not removed:
                start(self._show_on_canvas(chosen[0]))
            case "look":
                start(self._look_big(chosen[0]))

    async def _remove(self, hashes: tuple[str, ...]) -> None:
        panel = self.panel
        row = panel.grid.hits.row_of(hashes[0]) if panel else -1
        self._last_removed = hashes
        if panel is not None:
            panel.say_removed(len(hashes))  # at once, as the pictures go
        try:
            await self._studio.library.remove(hashes)
        finally:
            if panel is not None and panel is self.panel:
                left = panel.grid.hits.rowCount()
                if left:
                    panel.grid.setCurrentIndex(panel.grid.hits.index(min(row, left - 1), 0))

    async def _undo(self) -> None:
        hashes, self._last_removed = self._last_removed, ()
        if self.panel is not None:
            self.panel.say_removed(0)
        if hashes:
            await self._studio.library.restore(hashes)

    async def _delete(self) -> None:
        use = await self._studio.library.finder.disk_use()
        words = say_many(
            use.removed, "1 removed picture takes {size}.", "{n} removed pictures take {size}.",
            size=size_words(use.freed),
        )  # fmt: skip
        if not use.removed:
            self._banner.say(self.tr("Nothing is removed."), "", error=False)
        elif await deleting_of(self._window, words):
            self._say_collected(await self._studio.housekeeping.collect())

    def _say_collected(self, collected: Collected) -> None:
        gone = counted(len(collected.hashes), "1 picture was deleted.", "{n} pictures were deleted.")
        kept = counted(
            collected.kept,
            "1 is used by a document and stays.",
            "{n} are used by documents and stay.",
        )
        freed = self.tr("{size} are free again.").format(size=size_words(collected.bytes))
        self._banner.say(gone, f"{freed} {kept}" if collected.kept else freed, error=False)

    def _use(self, chosen: Sequence[Hit]) -> None:
        """As if they were dropped in the middle of the canvas."""
        place = self._studio.library.finder.place
        self._graph.handling.place(
            [place(one) for one in chosen[:MOST_REFERENCES]], self._graph.viewport_center()
        )
        self._graph.setFocus()

    async def _show_on_canvas(self, hit: Hit) -> None:
        """The node of the document on the desk that made it."""
        studio = self._studio
        for origin in await studio.library.origins(hit.sha256):
            if origin.document == studio.document_id and origin.node in studio.editor.document.nodes:
                self._graph.select((origin.node,))
                self._graph.center_on(origin.node)
                self._graph.setFocus()
                return
        asset = await studio.library.get(hit.sha256)
        name = PurePath(asset.origin.document).name if asset else ""
        self._banner.say(
            self.tr("No node of this document made it."),
            self.tr("It was made in {name}. Use it as a reference here, or open that document.").format(
                name=name
            ),
            error=False,
        )

    async def _look_big(self, hit: Hit) -> None:
        asset = await self._studio.library.get(hit.sha256)
        if asset is not None:
            title, seed = self._card_title(asset.origin.card), asset.origin.seed
            words = self._details(hit, asset).partition("\n")[0]
            self._look(asset.path, words, name=title, seed=seed)

    def _carry(self, chosen: list[Hit], images: list[QImage], clean: bool) -> None:
        place = self._studio.library.finder.place
        leaving = [Leaving(path=place(one), name=one.sha256[:12]) for one in chosen]
        if self.panel is not None:
            drag_out(self.panel.grid, self._takeaway.data(leaving, clean), images, len(leaving))

    def _menu(self, at: QPoint) -> None:
        panel = self.panel
        if panel is None:
            return
        menu = QMenu(panel)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, title in panel.choices():
            menu.addAction(title).triggered.connect(lambda *_, name=name: self._do(name))
        menu.popup(at)
