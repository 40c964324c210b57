"""The versions of nodes, joined to the canvas, the studio and the commands; and documents held against each
other in words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from app.basics.words import spoken
from app.nodes.labels import labels_of
from app.studio.studio import Studio
from app.studio.version_words import changed_since
from app.studio.versions import Version, Versions, current
from widgets.bridge import Latest
from widgets.canvas.graph_view import GraphView
from widgets.commands import Command, Commands
from widgets.compare.viewer import Viewer
from widgets.main_window import MainWindow, Place
from widgets.parts.picture_source import PictureSource
from widgets.tasks import Tasks
from widgets.theme import Themes
from widgets.versions.panel import VersionsPanel
from widgets.versions.words import seed_words


def tr(text: str) -> str:
    return spoken(text)


class Versioning(QObject):
    """Puts the versions beside the `fields`. While the `viewer` is open it follows what is looked at."""

    told = Signal()
    """Other versions are shown."""

    def __init__(
        self,
        studio: Studio,
        window: MainWindow,
        graph: GraphView,
        tasks: Tasks,
        themes: Themes,
        pictures: PictureSource,
        *,
        fields: QWidget,
        viewer: Viewer,
        title_of: Callable[[str], str],
    ) -> None:
        super().__init__(window)
        self._viewer, self._title_of = viewer, title_of
        self._studio, self._window, self._graph, self._tasks = studio, window, graph, tasks
        self.versions = Versions(studio)
        labels = labels_of(studio.kinds, studio.shapes)
        self.panel = VersionsPanel(
            pictures, themes, studio.cards, lambda old, new: changed_since(old, new, labels, studio.cards)
        )
        self.tabs = QTabWidget()
        self.tabs.setObjectName("details")
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(fields, "")
        self.tabs.addTab(self.panel, "")
        self._node = ""
        self._closed = self._again = False
        self._asking: asyncio.Task[None] | None = None
        self._say()
        window.place(Place.INSPECTOR, self.tabs)
        self._listen()

    def _listen(self) -> None:
        studio, panel = self._studio, self.panel
        Latest(studio.desk.opened, lambda _: self.refresh(), self)
        Latest(studio.outlook_changed, lambda _: self.refresh(), self)
        Latest(self.versions.changed, lambda _: self.refresh(), self)
        self._graph.selection_changed.connect(lambda _: self.refresh())
        self.tabs.currentChanged.connect(lambda _: self.refresh())
        self._graph.tell.versions_turned.connect(self.scrub)
        panel.use_wanted.connect(lambda version: self._use(version))
        panel.newest_wanted.connect(lambda: self._edited(self.versions.follow_newest(self._node)))
        panel.keep_wanted.connect(lambda version: self._edited(self.versions.lock(self._node, version)))
        panel.star_wanted.connect(lambda one, star: self._tasks.start(self.versions.star([one], star)))
        panel.reject_wanted.connect(lambda one, no: self._tasks.start(self.versions.reject([one], no)))
        panel.look_wanted.connect(lambda version: self._look(version))
        panel.scrubbed.connect(lambda version: self._look(version) if self._viewer.isVisible() else None)

    # -- what is shown

    @property
    def shown(self) -> bool:
        return self._window.shown(Place.INSPECTOR) and self.tabs.currentWidget() is self.panel

    def refresh(self) -> None:
        """Asked of the disk, one question at a time: when something else is selected, and when the outlook on
        what was edited is made anew, not with every letter that is typed."""
        if self._closed:
            return
        chosen = self._graph.selected()
        document, kinds = self._studio.editor.document, self._studio.kinds
        node = chosen[0] if len(chosen) == 1 and chosen[0] in document.nodes else ""
        kind = kinds.get(document.nodes[node].kind) if node else None
        self._node = node if kind is not None and kind.card is not None else ""
        self._again = True
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return  # between the loop's beginning and end; the next change asks again
        if self._asking is None:
            self._asking = self._tasks.start(self._ask())

    async def _ask(self) -> None:
        try:
            while self._again:
                self._again = False
                await self._show(self._node)
        finally:
            self._asking = None

    async def _show(self, node: str) -> None:
        found = await self.versions.of(node) if node else ()
        if node != self._node:
            return
        known = self._studio.editor.document.nodes.get(node)
        result = self._studio.runs.state.node(node).result
        place = current(found, result.sha256, result.operation) if result else None
        self._say(len(found))
        self.panel.show_versions(
            node, found, place, pick=known.pick if known else "", lock=known.lock if known else ""
        )
        self.told.emit()

    def _say(self, count: int = 0) -> None:
        self.tabs.setAccessibleName(self.tr("Fields or versions"))
        self.tabs.tabBar().setAccessibleName(self.tr("Fields or versions"))
        self.tabs.setTabText(0, self.tr("Fields"))
        versions = self.tr("Versions ({n})").format(n=count) if count else self.tr("Versions")
        self.tabs.setTabText(1, versions)

    # -- doing

    def toggle(self) -> None:
        """Into the versions with the keyboard; from there back to the canvas."""
        if self.shown and self.panel.row.hasFocus():
            self.tabs.setCurrentIndex(0)
            self._graph.setFocus()
            return
        if not self._window.shown(Place.INSPECTOR):
            self._window.toggle(Place.INSPECTOR)
        self.tabs.setCurrentWidget(self.panel)
        self.panel.row.setFocus()

    def scrub(self, node: str, by: int) -> None:
        """Through the versions of a node, from the canvas; the first turn only brings them up."""
        if self.shown and self.panel.node == self._node == node:
            self.panel.step(by)
            return
        if self._graph.selected() != (node,):
            self._graph.select((node,))
        if not self._window.shown(Place.INSPECTOR):
            self._window.toggle(Place.INSPECTOR)
        self.tabs.setCurrentWidget(self.panel)

    def _look(self, version: Version) -> None:
        title = self._title_of(self._node)
        words = "  ·  ".join((title, seed_words(version)))
        if self._node:
            self._viewer.look(version.path, words, name=title, seed=version.seed)

    def _use(self, version: Version) -> None:
        async def use() -> None:
            self._edited(await self.versions.use(self._node, version))

        self._tasks.start(use())

    def _edited(self, done: bool) -> None:
        if done:
            self.refresh()

    def has_versions(self) -> bool:
        return self.panel.version is not None and bool(self._node)

    async def close(self) -> None:
        self._closed, self._again = True, False
        if self._asking is not None:
            await asyncio.gather(self._asking, return_exceptions=True)
        await self.versions.close()


def add_version_actions(commands: Commands, versioning: Versioning, compare: Callable[[], object]) -> None:
    node, submenu, panel = tr("&Node"), tr("&Versions"), versioning.panel
    one = partial(
        Command, menu=node, submenu=submenu, when=versioning.has_versions,
        why=tr("Select a model with a picture first"),
    )  # fmt: skip
    for command in (
        Command(
            id="panel-versions", title=tr("Ver&sions"), menu=tr("&View"), what=versioning.toggle,
            checkable=True, checked=lambda: versioning.shown,
            tip=tr("Every picture that the selected model has made"),
        ),
        one(id="version-older", title=tr("&Older version"), what=partial(panel.step, 1)),
        one(id="version-newer", title=tr("&Newer version"), what=partial(panel.step, -1)),
        one(
            id="version-use", title=tr("&Use version"), what=panel.want_use,
            tip=tr("The version that is looked at is the node's output"), separated=True,
        ),
        one(
            id="version-newest", title=tr("&Show the newest"), what=panel.newest_wanted.emit,
            tip=tr("No version is chosen any more; a run may make another"),
        ),
        one(
            id="version-keep", title=tr("&Keep version"), what=panel.toggle_keep,
            tip=tr("The version that is looked at stays, whatever changes"),
        ),
        one(
            id="version-star", title=tr("S&tar"), what=panel.toggle_star, separated=True,
            tip=tr("A star protects a picture from being collected"),
        ),
        one(id="version-reject", title=tr("&Reject"), what=panel.toggle_reject),
        Command(
            id="compare-documents", title=tr("What chan&ged…"), menu=tr("&File"), what=compare,
            tip=tr("This document held against an earlier one or another file, in words"),
        ),
    ):  # fmt: skip
        commands.add(command)
    versioning.told.connect(commands.refresh)
