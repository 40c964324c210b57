"""What mouse and keyboard do on a canvas: gestures, keys, drops, the search, writing on cards. Joined to a
`GraphView` once it is painted, since it takes longer to import than the canvas itself."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.preferences.keymap import Keymap
from app.preferences.mousemap import Mouse, Mousemap
from widgets.canvas.arranging import Arranging
from widgets.canvas.drop import Drops
from widgets.canvas.find_bar import FindBar
from widgets.canvas.focus_ring import FocusRing
from widgets.canvas.gestures.hands import Hands, Keys
from widgets.canvas.graph_view import GraphView
from widgets.canvas.in_place import InPlace, PlainEditor, TitleEditor
from widgets.canvas.items import NodeItem
from widgets.canvas.keymap import doings_of, keys_of
from widgets.canvas.operations import Operations, joins_on
from widgets.canvas.placing import takes
from widgets.canvas.search import Search
from widgets.canvas.speaking import Speaking
from widgets.canvas.stage import LinkContext
from widgets.canvas.walking import Walking


class Handling:
    """One for a `GraphView`, for as long as it lives."""

    def __init__(self, view: GraphView) -> None:
        self._view = view
        self._search_at: tuple[QPointF, LinkContext | None] = (QPointF(), None)
        hooks, stage = view.hooks, view.stage
        drops = Drops(
            stage,
            trust=hooks.trust,
            keep=hooks.keep,
            carries=hooks.carries,
            open_document=lambda path: view.open_requested.emit(str(path)),
            addresses=view.addresses_dropped.emit,
        )
        self.place, self.place_table = drops.place, drops.place_table
        self.operations = Operations(
            stage,
            QGuiApplication.clipboard(),
            drops,
            trust=hooks.trust,
            folder=hooks.folder,
            run=lambda: view.mirror.scenery.run,
            say=hooks.say,
        )
        self.arranging = Arranging(stage)
        self.walking = Walking(stage)
        self.doings = doings_of(view, self)
        self.hands = Hands(stage, self._keys(Keymap()), hooks)
        self.search = Search(view.kinds, view.easel, view)
        self.find = FindBar(stage, view, self._show)
        self.in_place = InPlace(view.viewer)
        self.speaking = Speaking(view)
        self.ring = FocusRing(view, view.viewer, lambda: view.easel.kit.colour("accent"))
        view.viewer.drops = drops
        view.viewer.hands = self.hands
        self._listen()

    def _listen(self) -> None:
        tell = self._view.tell
        tell.search_requested.connect(self.open_search)
        tell.rename_requested.connect(self.rename)
        tell.frame_rename_requested.connect(self.rename_frame)
        tell.edit_requested.connect(self.edit_words)
        self.search.chosen.connect(self._place_chosen)
        self.search.closed.connect(self._search_closed)

    def lend_keys(self, keymap: Keymap, mousemap: Mousemap) -> None:
        """From now on the canvas answers to these keys, and to these ways of the mouse."""
        self.hands.keys = self._keys(keymap)
        self.hands.choosing.mouse = Mouse(mousemap)

    def _keys(self, keymap: Keymap) -> Keys:
        """What somebody has bound beats what arrows do by themselves."""
        return {**self.walking.keys(), **keys_of(self.doings, keymap)}

    def let_go(self, *, entirely: bool) -> None:
        """A gesture in work ends; `entirely`: a field on a card closes as well."""
        self.hands.cancel()
        if entirely:
            self.in_place.close()
            self.find.shut()

    def _item(self, id: str) -> NodeItem | None:
        return self._view.stage.graph.item(id)

    def _show(self, id: str) -> None:
        self._view.select((id,))
        self._view.center_on(id)

    # --- the search ---

    def open_search(self, at: QPointF | None = None, context: LinkContext | None = None) -> None:
        """At a point (the pointer, by default); with a link, only the kinds that take it."""
        point = at if at is not None else self._view.cursor_point()
        if context is None and at is None:
            joined, offered = joins_on(self._view.stage), list(self._view.kinds)
        else:
            joined, offered = context, self._offered(context)
        self._search_at = (point, joined)
        self._view.open_search_requested.emit(point, context)
        self.search.open_at(self._view.viewer.mapFromScene(point), offered)

    def open_search_beside(self, at: QPointF) -> None:
        """For who has no pointer: every kind, joined on to what is selected."""
        self._search_at = (at, joins_on(self._view.stage))
        self.search.open_at(self._view.viewer.mapFromScene(at), list(self._view.kinds))

    def _offered(self, context: LinkContext | None) -> list[str]:
        item = self._item(context.end.node) if context is not None else None
        if context is None or item is None:
            return list(self._view.kinds)
        plugs = item.plugs_out if context.wants_input else item.plugs_in
        plug = next(plug for plug in plugs if plug.name == context.end.socket)
        return [
            id for id, kind in self._view.kinds.items() if takes(kind.shape, plug.type, context.wants_input)
        ]

    def _place_chosen(self, kind: str) -> None:
        at, context = self._search_at
        self.operations.add(kind, at, context)

    def _search_closed(self) -> None:
        self._view.viewer.overlay.clear()
        self._view.viewer.setFocus()

    # --- writing in place ---

    def rename(self, id: str) -> None:
        item = self._item(id)
        if item is None:
            return
        field = TitleEditor(item.face.title, self._view.viewer.viewport())
        field.accepted.connect(lambda title: self.operations.rename(id, title))
        self.in_place.open(field, lambda: self._part(id, 0.0, item.layout.head), tall=False)

    def rename_frame(self, id: str) -> None:
        frame = self._view.stage.graph.frames[id].view
        field = TitleEditor(frame.frame.title, self._view.viewer.viewport())
        field.accepted.connect(lambda title: self.operations.rename_frame(id, title))
        self.in_place.open(field, lambda: _top(frame.rect), tall=False)

    def edit_words(self, id: str) -> None:
        """The words of a prompt or a note, over its card. Esc closes the field and keeps them."""
        node = self._view.stage.document.nodes.get(id)
        item = self._item(id)
        if node is None or item is None or node.kind not in self._view.kinds:
            return
        viewport = self._view.viewer.viewport()
        if node.kind == "prompt" and self._view.hooks.editor is not None:
            field = self._view.hooks.editor(viewport, id)
        else:
            field = self.plain_field(viewport, id)
        self.in_place.open(field, lambda: self._part(id, item.layout.head, item.layout.height), tall=True)

    def plain_field(self, parent: QWidget, id: str) -> PlainEditor:
        """For the words of a note, or of a prompt where no better field was lent."""
        plain = PlainEditor(str(self._view.stage.document.nodes[id].values.get("text", "")), parent)
        plain.edited.connect(lambda text: self.operations.write(id, text))
        plain.finished.connect(self._view.stage.editor.seal)
        return plain

    def _part(self, id: str, top: float, bottom: float) -> QRectF:
        rect = self._view.rect_of(id)
        return QRectF(rect.x(), rect.y() + top, rect.width(), bottom - top)


def _top(rect: QRectF) -> QRectF:
    return QRectF(rect.x() + 8, rect.y() + 2, min(rect.width() - 16, 260.0), 28)


def take_in_hand(view: GraphView) -> None:
    """Lends hands to a canvas that is only looked at yet."""
    view.take_in_hand(Handling(view))
