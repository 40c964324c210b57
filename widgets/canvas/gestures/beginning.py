"""What begins a gesture of the mousemap, or does it at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.preferences import declared
from widgets.canvas.gestures.choosing import Press
from widgets.canvas.gestures.cut import CutLinks
from widgets.canvas.gestures.dot import PullDot, make_dot
from widgets.canvas.gestures.drag_nodes import DragNodes
from widgets.canvas.gestures.gesture import Gesture
from widgets.canvas.gestures.link import DrawLink
from widgets.canvas.gestures.pan import MinimapDrag, MinimapResize, Pan
from widgets.canvas.gestures.resize import ResizeFrame, ResizeNode
from widgets.canvas.gestures.rubber_band import RubberBand
from widgets.canvas.gestures.zoom_drag import ZoomDrag
from widgets.canvas.hits import Hit, What
from widgets.canvas.hooks import Hooks
from widgets.canvas.items import NodeItem
from widgets.canvas.stage import Stage

_NEAR_END = 0.35
"""A link is taken up by the end that the pointer is nearer to than this part of its length."""
_MOST_FIT = 1.0


class Beginning:
    """`drags` give the gesture, or None where the press alone did all. `clicks` do what they do; False: it
    was nothing here."""

    def __init__(self, stage: Stage, hooks: Hooks) -> None:
        self._stage = stage
        self._hooks = hooks
        self.drags: Mapping[str, Callable[[Press], Gesture | None]] = MappingProxyType(
            {
                "pan": self._pan,
                "zoom-drag": lambda press: ZoomDrag(stage, press.at),
                "box-select": lambda press: RubberBand(stage, press.at),
                "box-add": lambda press: RubberBand(stage, press.at, adds=True),
                "box-remove": lambda press: RubberBand(stage, press.at, takes=True),
                "cut-links": lambda press: CutLinks(stage, press.at),
                "move": lambda press: self._grab(press, keeps="Shift" in press.extra),
                "select-add": lambda press: self._grab(press, keeps=True),
                "select-remove": self._take_away,
                "duplicate-drag": lambda press: self._grab(press, copies=True, keeps="Shift" in press.extra),
                "extract-drag": lambda press: self._grab(press, extract=True, keeps="Shift" in press.held),
                "link": self._link,
                "relink": self._relink,
                "fork": self._fork,
                "reroute": self._pull_dot,
                "resize": self._resize,
                "minimap-look": lambda press: MinimapDrag(stage, press.at),
                "minimap-size": lambda press: MinimapResize(stage, press.at, hooks.remember),
            }
        )
        self.clicks: Mapping[str, Callable[[Press], bool]] = MappingProxyType(
            {
                "fit-click": self._fit,
                "search": self._search,
                "reroute": self._dot,
                "rename-click": self._rename,
                "edit-click": self._edit,
                "look-click": self._look,
                "compare-click": self._compare,
                "press": self._button,
                "menu": self._menu,
            }
        )

    # --- drags ---

    def _pan(self, press: Press) -> Gesture:
        """Where a plain press pans, a mere click there clears the selection all the same."""
        plain = press.button == "left" and not press.held and press.hit.what == What.EMPTY
        return Pan(self._stage, press.at, clears=plain and "minimap" not in press.places)

    def _take_away(self, press: Press) -> None:
        stage, (node, frame) = self._stage, _thing(press.hit)
        stage.choose_wire(None)
        nodes, frames = set(stage.selected()), set(stage.selected_frames())
        nodes.discard(node or "")
        frames.discard(frame or "")
        stage.select(nodes, frames)

    def _grab(
        self, press: Press, *, copies: bool = False, extract: bool = False, keeps: bool = False
    ) -> Gesture:
        """Selects what was pressed, then drags the selection. `keeps`: with what was selected before."""
        stage, (node, frame) = self._stage, _thing(press.hit)
        stage.choose_wire(None)
        nodes, frames = set(stage.selected()), set(stage.selected_frames())
        one, chosen = (node, nodes) if node is not None else (frame, frames)
        assert one is not None
        if one not in chosen:
            if not keeps:
                nodes.clear()
                frames.clear()
            chosen.add(one)
            stage.select(nodes, frames)
        if node is not None:
            self._raise(stage.graph.cards[node].view)
        return DragNodes(
            stage, press.at, (node, frame), copies=copies, extract=extract, alone=not keeps,
            grid=bool(self._hooks.recall(declared.SNAP)), guided=bool(self._hooks.recall(declared.GUIDES)),
        )  # fmt: skip

    def _raise(self, item: NodeItem) -> None:
        """What was pressed last lies above the others."""
        top = max((other.zValue() for other in self._stage.graph.present()), default=2.0)
        if item.zValue() < top or top == 2.0:
            item.setZValue(min(top + 0.001, 50.0))

    def _link(self, press: Press) -> Gesture:
        """From a socket. An input that can take no more gives up its last link, to be plugged elsewhere."""
        plug = press.hit.plug
        assert plug is not None
        wires = plug.connected_pipes
        if plug.is_input and wires:
            row = plug.node.row_of(plug)
            full = row is not None and row.most is not None and len(wires) >= row.most
            if full:
                return DrawLink(self._stage, wires[-1].source, press.at, moved=wires[-1])
        return DrawLink(self._stage, plug, press.at)

    def _relink(self, press: Press) -> Gesture | None:
        """Near an end that end is taken up; in the middle the link is selected."""
        wire = press.hit.wire
        assert wire is not None
        point, line = self._stage.viewer.scene_at(press.at), wire.line
        whole = max(line.length(), 1.0)
        to_source = (point - line.p1()).manhattanLength() / whole
        to_target = (point - line.p2()).manhattanLength() / whole
        self._stage.select(())
        self._stage.choose_wire(wire)
        if min(to_source, to_target) > _NEAR_END:
            return None
        fixed = wire.target if to_source < to_target else wire.source
        return DrawLink(self._stage, fixed, press.at, moved=wire)

    def _fork(self, press: Press) -> Gesture:
        assert press.hit.wire is not None
        return DrawLink(self._stage, press.hit.wire.source, press.at)

    def _pull_dot(self, press: Press) -> Gesture:
        assert press.hit.wire is not None
        return PullDot(self._stage, press.hit.wire, press.at)

    def _resize(self, press: Press) -> Gesture:
        if press.hit.frame is not None:
            return ResizeFrame(self._stage, press.hit.frame.frame_id, press.at)
        assert press.hit.node is not None
        return ResizeNode(self._stage, press.hit.node.id, press.at)

    # --- clicks ---

    def _fit(self, press: Press) -> bool:
        self._stage.viewer.fit(self._stage.bounds(self._stage.selected() or None), _MOST_FIT)
        return True

    def _search(self, press: Press) -> bool:
        self._stage.tell.search_requested.emit(self._stage.viewer.scene_at(press.at), None)
        return True

    def _dot(self, press: Press) -> bool:
        assert press.hit.wire is not None
        make_dot(self._stage, press.hit.wire.ends, self._stage.viewer.scene_at(press.at))
        return True

    def _rename(self, press: Press) -> bool:
        node, frame = _thing(press.hit)
        if press.hit.what == What.FRAME_CORNER:
            return False
        if frame is not None:
            self._stage.tell.frame_rename_requested.emit(frame)
        elif node is not None:
            self._stage.tell.rename_requested.emit(node)
        return True

    def _edit(self, press: Press) -> bool:
        node = press.hit.node
        if node is None or node.face.words is None:
            return False
        self._stage.tell.edit_requested.emit(node.id)
        return True

    def _look(self, press: Press) -> bool:
        if press.hit.node is None:
            return False
        self._stage.tell.look_big_requested.emit(press.hit.node.id)
        return True

    def _compare(self, press: Press) -> bool:
        """Selects one more, and asks for the comparison of all that are selected."""
        if press.hit.node is None:
            return False
        chosen = dict.fromkeys((*self._stage.selected(), press.hit.node.id))
        self._stage.select(tuple(chosen))
        self._stage.tell.compare_requested.emit()
        return True

    def _button(self, press: Press) -> bool:
        """A link of a card (a fix, run again)."""
        if press.hit.node is None:
            return False
        self._stage.tell.action_requested.emit(press.hit.node.id, press.hit.action)
        return True

    def _menu(self, press: Press) -> bool:
        id = press.hit.node.id if press.hit.node is not None else ""
        if id and id not in self._stage.selected():
            self._stage.select((id,))
        self._stage.tell.menu_requested.emit(id, press.on_screen)
        return True


def _thing(hit: Hit) -> tuple[str | None, str | None]:
    """The node or the frame."""
    node = hit.node.id if hit.node is not None else None
    return node, hit.frame.frame_id if node is None and hit.frame is not None else None
