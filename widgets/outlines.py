"""The outline, joined to the canvas and the studio: what is done in it is what hands do on the canvas."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QKeyCombination, QObject, QPoint, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QTabWidget, QWidget

from app.basics.words import spoken
from app.document.edits import connect, disconnect, move_link, set_title
from app.document.joining import name_of
from app.document.tag_edits import retag
from app.document.takers import Taker, takers
from app.studio.studio import Studio
from widgets.bridge import Latest
from widgets.canvas.graph_view import GraphView
from widgets.commands import Command, Commands
from widgets.main_window import MainWindow, Place
from widgets.outline.link_list import LinkList
from widgets.outline.panel import Outline
from widgets.outline.rows import Key, Sight
from widgets.parts.focus import give_back
from widgets.parts.inside import inside
from widgets.theme import Themes

_OWN_KEYS = frozenset({"Tab", "Home", "Ctrl+A", "F2"})
"""Keys of the canvas that mean something else in a list."""
_HEAL = "Ctrl+Del"
_AIR = 90.0
ON_ROW = ("run", "cancel", "look", "", "rename", "duplicate", "copy", "link-to", "")
MORE_ON_ROW = ("skip", "lock", "collapse", "", "delete")
ON_LINK = ("retag", "link-up", "link-down", "", "unlink")
ON_NONE = ("add", "paste", "", "run")


class Outlines(QObject):
    """Puts the outline beside the palette, and its commands into the menus."""

    def __init__(
        self,
        studio: Studio,
        window: MainWindow,
        graph: GraphView,
        palette: QWidget,
        themes: Themes,
        commands: Commands,
        fields: QWidget,
    ) -> None:
        super().__init__(window)
        self._studio, self._window, self._graph, self._commands = studio, window, graph, commands
        self._fields = fields
        self._searching = False
        self.outline = Outline(self._sight(), themes)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("side")
        self.tabs.setAccessibleName(self.tr("Nodes or outline"))
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)  # two tabs: long words are elided
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.tabs.addTab(palette, self.tr("Nodes"))
        self.tabs.addTab(self.outline, self.tr("Outline"))
        self.tabs.tabBar().setAccessibleName(self.tr("Nodes or outline"))
        window.place(Place.PALETTE, self.tabs)
        for command in self._wanted():
            commands.add(command)
        self._listen()
        self._follow_selection()

    def _listen(self) -> None:
        studio, outline = self._studio, self.outline
        Latest(studio.editor.changed, lambda _: self._refresh(), self)
        Latest(studio.desk.opened, lambda _: self._refresh(), self)
        Latest(studio.runs.changed, lambda _: self._refresh(), self)
        Latest(studio.checks.changed, lambda _: self._refresh(), self)
        Latest(studio.outlook_changed, lambda _: self._refresh(), self)
        self._graph.selection_changed.connect(lambda _: self._follow_selection())
        self._graph.handling.search.closed.connect(self._search_closed)
        self.tabs.currentChanged.connect(lambda _: self._refresh())
        outline.chosen.connect(lambda keys: self._choose(keys))
        outline.tree.opened.connect(lambda key: self._open(key))
        outline.tree.menu_wanted.connect(lambda key, at: self._menu(key, at))
        outline.model.retitled.connect(lambda key, text: self._retitle(key, text))
        outline.tree.acted = self._act

    def _wanted(self) -> tuple[Command, ...]:
        tree, node, view = self.outline.tree, self.tr("&Node"), self.tr("&View")
        return (
            Command(
                id="outline", title=self.tr("O&utline"), menu=view, what=self.toggle,
                checkable=True, checked=self.shown, tip=self.tr("The graph as a list, for the keyboard"),
            ),
            Command(
                id="link-to", title=self.tr("Link &to…"), menu=node, what=self.link_to,
                separated=True, tip=self.tr("Choose the input that takes what this node gives"),
            ),
            Command(
                id="unlink", title=self.tr("Un&link"), menu=node, what=self.unlink,
                scope=tree,
            ),
            Command(
                id="retag", title=self.tr("Rename ta&g"), menu=node, what=self._edit_current,
                scope=tree,
            ),
            Command(
                id="link-up", title=self.tr("Reference u&p"), menu=node,
                what=partial(self.reorder, -1), scope=tree,
            ),
            Command(
                id="link-down", title=self.tr("Reference do&wn"), menu=node,
                what=partial(self.reorder, 1), scope=tree,
            ),
        )  # fmt: skip

    # --- what is shown ---

    def shown(self) -> bool:
        return self._window.shown(Place.PALETTE) and self.tabs.currentWidget() is self.outline

    def toggle(self) -> None:
        """Into the outline with the keyboard; from there back to the canvas."""
        if self.shown() and self.outline.tree.hasFocus():
            self.tabs.setCurrentIndex(0)
            self._graph.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        if not self._window.shown(Place.PALETTE):
            self._window.toggle(Place.PALETTE)
        self.tabs.setCurrentWidget(self.outline)
        self.outline.tree.setFocus()
        if not self.outline.tree.currentIndex().isValid():
            self.outline.tree.setCurrentIndex(self.outline.model.index(0, 0))

    def _sight(self) -> Sight:
        studio = self._studio
        return Sight(
            document=studio.editor.document,
            kinds=studio.kinds,
            run=studio.runs.state,
            problems=studio.checks.problems,
            stale=frozenset(studio.outlook.stale),
        )

    def _refresh(self) -> None:
        """A list that nobody sees costs nothing."""
        if self.tabs.currentWidget() is self.outline:
            self.outline.show_sight(self._sight())
            self._follow_selection()

    # --- the selection, both ways ---

    def _follow_selection(self) -> None:
        if self.tabs.currentWidget() is not self.outline:
            return
        stage = self._graph.stage
        nodes, frames = stage.selected(), stage.selected_frames()
        wire = stage.chosen_wire
        if wire is not None and not nodes:
            self.outline.select((Key("link", wire.ends[1].node, *wire.ends),))
        elif nodes or frames or self._link() is None:
            self.outline.select((*(Key("node", id) for id in nodes), *(Key("frame", id) for id in frames)))

    def _choose(self, keys: Iterable[Key]) -> None:
        stage, held = self._graph.stage, tuple(keys)
        nodes = [key.id for key in held if key.what == "node"]
        frames = [key.id for key in held if key.what == "frame"]
        links = [key for key in held if key.what in ("link", "input")]
        stage.choose_wire(None)
        if len(links) == 1 and not nodes and not frames and links[0].source and links[0].target:
            stage.choose_wire(stage.graph.wires.get((links[0].source, links[0].target)))
        stage.select(nodes, frames)
        if len(nodes) == 1:
            self._graph.handling.walking.show(nodes[0])

    def _link(self) -> Key | None:
        key = self.outline.current()
        return key if key is not None and key.what == "link" else None

    # --- keys ---

    def _act(self, event: QKeyEvent) -> bool:
        pressed = QKeySequence(QKeyCombination(event.modifiers(), Qt.Key(event.key())))
        words = pressed.toString(QKeySequence.SequenceFormat.PortableText)
        link = self._link()
        if words == "F2":
            self._edit_current()
        elif words in ("Shift+A", "Ins"):
            self.add()
        elif words in ("Del", "Backspace") and link is not None:
            self.unlink()
        elif words == "Esc":
            return self._select_none()
        else:
            return words not in _OWN_KEYS and self._as_on_canvas(pressed, words)
        return True

    def _select_none(self) -> bool:
        """As Esc on the canvas: what is added next is joined on to nothing. Whether anything was selected."""
        held = bool(self.outline.keys())
        self._choose(())
        self.outline.select(())
        return held

    def _as_on_canvas(self, pressed: QKeySequence, words: str) -> bool:
        self._commands.refresh()  # what is selected has changed since it was last asked
        for command in self._commands:
            if (
                command.scope is self._graph.viewer
                and pressed in self._commands.action(command.id).shortcuts()
            ):
                self._commands.action(command.id).trigger()
                return True
        if words == _HEAL:
            self._graph.handling.operations.delete(heal=True)
        return words == _HEAL

    def _edit_current(self) -> None:
        key = self.outline.current()
        if key is not None:
            self.outline.edit(key)

    # --- what is done ---

    def add(self) -> None:
        """The search; what is chosen stands beside the selected node, or below everything."""
        self._searching = True
        chosen = self._graph.selected()
        rect = self._graph.rect_of(chosen[-1]) if chosen else QRectF()
        whole = self._graph.stage.bounds()
        at = rect.topRight() + QPointF(_AIR, 0) if chosen else whole.bottomLeft() + QPointF(0, _AIR)
        place = QRectF(at.x(), at.y(), 300.0, 200.0)
        rects = [self._graph.rect_of(id) for id in self._studio.editor.document.nodes]
        while taken := next((one for one in rects if one.intersects(place)), None):
            place.moveTop(taken.bottom() + 24)
        if not self._graph.viewer.seen().contains(place):
            self._graph.viewer.look_at(place.center())
        self._graph.handling.open_search_beside(place.topLeft())

    def _search_closed(self) -> None:
        if self._searching:
            self._searching = False
            self.outline.tree.setFocus()

    def _open(self, key: Key | None) -> None:
        """Words over their card, a photograph's file, a model's fields; a title where there is no more."""
        if key is None:
            return
        node = self._studio.editor.document.nodes.get(key.id)
        if key.what != "node" or node is None:
            self.outline.edit(key)
        elif node.kind in ("prompt", "note"):
            self._graph.handling.walking.show(key.id)
            self._graph.handling.edit_words(key.id)
        else:
            QTimer.singleShot(0, self, lambda: QTimer.singleShot(0, self, self._enter_fields))

    def _enter_fields(self) -> None:
        """The first field of the inspector, once it shows what is selected."""
        fields = (one for one in inside(self._fields) if one.isVisible() and one.isEnabled())
        first = next((one for one in fields if one.focusPolicy() & Qt.FocusPolicy.TabFocus), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _retitle(self, key: Key, text: str) -> None:
        operations, studio = self._graph.handling.operations, self._studio
        if key.what == "frame":
            operations.rename_frame(key.id, text)
        elif key.what == "node":
            node = studio.editor.document.nodes.get(key.id)
            kind = studio.kinds.get(node.kind) if node else None
            title = "" if kind is not None and text == spoken(kind.title) else text
            studio.commit(self.tr("Rename"), partial(set_title, id=key.id, title=title))
        elif key.source is not None and key.target is not None:
            source, target = key.source, key.target
            studio.commit(
                self.tr("Tag"), lambda document: retag(document, source, target, text.removeprefix("@"))
            )

    def link_to(self) -> None:
        """A list of the inputs for what the selected node gives."""
        chosen = self._graph.selected()
        if len(chosen) != 1:
            return
        document, shapes = self._studio.editor.document, self._studio.shapes
        back = QApplication.focusWidget() or self.outline.tree
        dialog = LinkList(
            name_of(document, shapes, chosen[0]), takers(document, shapes, chosen[0]), self._window
        )
        dialog.wanted.connect(lambda taker: self._join(taker))
        dialog.finished.connect(lambda _: give_back(back))
        dialog.open()
        dialog.line.setFocus()

    def _join(self, taker: Taker) -> None:
        shapes = self._studio.shapes
        self._studio.commit(
            self.tr("Link"), lambda document: connect(document, shapes, taker.source, taker.target)
        )

    def unlink(self) -> None:
        key = self._link()
        if key is not None and key.source is not None and key.target is not None:
            source, target = key.source, key.target
            self._studio.commit(self.tr("Unlink"), lambda document: disconnect(document, source, target))

    def reorder(self, by: int) -> None:
        """A link to another place among those into its input: the order of references."""
        key = self._link()
        if key is None or key.source is None or key.target is None:
            return
        source, target = key.source, key.target
        siblings = self._studio.editor.document.links.into(target.node, target.socket)
        place = next((at for at, one in enumerate(siblings) if one.source == source), 0) + by
        if 0 <= place < len(siblings):
            self._studio.commit(
                self.tr("Reorder"), lambda document: move_link(document, source, target, place)
            )

    def _menu(self, key: Key | None, at: QPoint) -> None:
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._commands.refresh()
        on_link = key is not None and key.what in ("link", "input")
        for id in ON_LINK if on_link else (*ON_ROW, *MORE_ON_ROW) if key is not None else ON_NONE:
            if id:
                menu.addAction(self._commands.action(id))
            else:
                menu.addSeparator()
        menu.popup(at)
