"""The canvas follows the document: what differs between two documents, by identity, is changed, nothing else.

There is one direction. A hand's gesture becomes an edit; the edit comes back through here. Faces also
follow the run and the checks, which are no part of the document.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF

from app.document.editor import Change
from app.document.reach import PASSES_ON, dots_along, prompts_reaching
from app.document.values import BLANK, Document, End, Link, Node, Spot
from app.engine.run_state import RunState
from app.nodes.declare import Kinds
from widgets.canvas.face import Problems, Sheet
from widgets.canvas.face_maker import Locate, Scenery, face_of
from widgets.canvas.filling import Filling
from widgets.canvas.graph import Graph
from widgets.canvas.plugs import Wire

_MANY = 120
"""From this many new or gone cards on, a change is made in bulk."""
_FEW = 20
"""When all that were there go, more of them go at once."""
LARGE = 300
"""Documents with more cards are laid out in slices."""
MANY_FACES = 60
"""More faces are made anew in slices."""
_NOWHERE = Spot(0.0, 0.0)
_CARD = (260.0, 240.0)
"""About the size of a card that nobody has measured."""
Ends = tuple[End, End]


def _nobody_looks(there: int, whole: int) -> None:
    """Nobody is shown how far it is."""


class Mirror:
    """`told` is called after each change of what the canvas shows, with the ids of the cards concerned."""

    def __init__(
        self,
        graph: Graph,
        kinds: Kinds,
        locate: Locate,
        told: Callable[[Collection[str]], None],
        progress: Callable[[int, int], None] = _nobody_looks,
    ) -> None:
        self._graph = graph
        self._told = told
        self.filling = Filling(graph, self._make, told, progress)
        self.scenery = Scenery(
            document=BLANK, kinds=kinds, run=RunState(), problems={}, locate=locate
        )  # fmt: skip

    @property
    def document(self) -> Document:
        """The document that is shown."""
        return self.scenery.document

    # --- the document ---

    def follow(self, change: Change) -> None:
        if change.way == "replace":
            self.show_whole(change.after)
        else:
            self.show(change.after)

    def show_whole(self, document: Document) -> None:
        """Another document: everything anew, in bulk; a large one in slices."""
        self.filling.stop()
        with self._graph.bulk():
            self._graph.clear_all()
            self.scenery = replace(self.scenery, document=BLANK)
            if len(document.nodes) <= LARGE:
                self.show(document)
                return
            self.scenery = replace(self.scenery, document=document)
            self._frames(BLANK, document)
        self._graph.to_come = _about(document)
        self.filling.begin(document.nodes)

    def _make(self, id: str) -> None:
        """A card that is still to come, with its links to those that are there; else another face."""
        document, graph = self.document, self._graph
        if id not in document.nodes:
            return  # it has been taken away before it came
        spot = document.layout.get(id, _NOWHERE)
        if id in graph.cards:
            graph.refresh(face_of(self.scenery, id), spot.width)
            return
        graph.add(face_of(self.scenery, id), (spot.x, spot.y), spot.width)
        for link in (*document.links.into(id), *document.links.out_of(id)):
            if link.source.node in graph.cards and link.target.node in graph.cards:
                graph.join(link.source, link.target)

    def show(self, after: Document) -> None:
        before = self.document
        if after is before:
            return
        self.scenery = replace(self.scenery, document=after)
        gone, new, changed = _differences(before.nodes, after.nodes)
        for id in [id for id in changed if before.nodes[id].kind != after.nodes[id].kind]:
            gone.add(id)
            new.append(id)
        if self._graph.aside.cards.keys().isdisjoint((*gone, *new)):
            self._graph.aside.release()
        with self._graph.one_selection():
            if not after.nodes and len(gone) > _FEW:
                self._empty(after, gone)
            elif len(new) > LARGE:
                self._fill(before, after, gone, new, changed)
            elif len(gone) + len(new) > _MANY:
                with self._graph.bulk(), self._graph.kept_aside(gone if len(gone) > LARGE else ()):
                    self._change(before, after, gone, new, changed)
            else:
                self._change(before, after, gone, new, changed)

    def _empty(self, after: Document, gone: set[str]) -> None:
        """No card is left: nothing has to be taken apart link by link."""
        with self._graph.bulk():
            self._graph.clear_all(keep=True)
            self._frames(BLANK, after)
        self._told(gone)

    def _fill(
        self, before: Document, after: Document, gone: set[str], new: list[str], changed: set[str]
    ) -> None:
        """Many come (back): in slices, those first that will be seen."""
        with self._graph.bulk():
            self._graph.to_come = _about(after)
            self._change(before, after, gone, new, changed, make=False)
        seen = self._graph.viewer().seen()
        spots = {id: after.layout.get(id, _NOWHERE) for id in new}
        self.filling.begin(sorted(new, key=lambda id: not seen.contains(spots[id].x, spots[id].y)))

    def _change(
        self, before: Document, after: Document, gone: set[str], new: list[str], changed: set[str],
        *, make: bool = True,
    ) -> None:  # fmt: skip
        parted, joined, altered = _link_differences(before, after)
        graph = self._graph
        for ends in parted:
            graph.part(*ends)
        for ends in [ends for ends in graph.wires if ends[0].node in gone or ends[1].node in gone]:
            graph.part(*ends)
        for id in gone & graph.cards.keys():
            graph.remove(id)
        graph.to_select -= gone
        for id in [id for id in new if make and id not in graph.cards]:
            spot = after.layout.get(id, _NOWHERE)
            graph.add(face_of(self.scenery, id), (spot.x, spot.y), spot.width)
        dirty = (changed | self._around(before, after, changed, altered)) - set(new)
        moved, widened = self._moved(before, after)
        dirty |= widened
        for id in dirty:
            if id in graph.cards:
                graph.refresh(face_of(self.scenery, id), after.layout.get(id, _NOWHERE).width)
        for ends in joined:
            graph.join(*ends)
        self._rejoin(after, [id for id in new if id in before.nodes])
        self._frames(before, after)
        self._told(dirty | moved | set(new) | gone)

    def _rejoin(self, after: Document, new: Collection[str]) -> None:
        """Links of cards that came back as another kind."""
        for id in new:
            for link in (*after.links.into(id), *after.links.out_of(id)):
                self._graph.join(link.source, link.target)

    def _moved(self, before: Document, after: Document) -> tuple[set[str], set[str]]:
        """Puts cards where they lie; the ids of those that moved, and of those whose width changed."""
        moved: set[str] = set()
        widened: set[str] = set()
        if before.layout is after.layout:
            return moved, widened
        for id in after.nodes:
            old, spot = before.layout.get(id, _NOWHERE), after.layout.get(id, _NOWHERE)
            if old is spot:
                continue
            item = self._graph.cards[id].view if id in self._graph.cards else None
            if item is not None:
                item.place(QPointF(spot.x, spot.y))
                moved.add(id)
                if old.width != spot.width:
                    widened.add(id)
        return moved, widened

    def _around(self, before: Document, after: Document, changed: set[str], altered: list[Link]) -> set[str]:
        """Cards that show something of another: the counts at both ends of a link, the tags of the links
        that leave a photograph, the colours of a prompt's calls, the picture that a preview is given."""
        dirty: set[str] = set()
        models = set(changed)
        for link in altered:
            dirty |= {link.source.node, link.target.node}
            models.add(link.target.node)
            dirty |= self._through_dots(before, after, link)
            if link.target.socket == "prompt":
                dirty.add(link.source.node)
        for id in models:
            for document in (before, after):
                if id in document.nodes:
                    dirty |= {link.source.node for link in document.links.into(id)}
                    dirty |= set(prompts_reaching(document, id))
        for id in changed:
            dirty |= {link.target.node for link in after.links.out_of(id)}
        return dirty

    def _through_dots(self, before: Document, after: Document, link: Link) -> set[str]:
        """Re-route dots along a link take its type; what feeds them shows the tags below them."""
        found: set[str] = set()
        for document in (before, after):
            for id in (link.source.node, link.target.node):
                if id in document.nodes and document.nodes[id].kind in PASSES_ON:
                    found |= dots_along(document, id)
        return found

    def _frames(self, before: Document, after: Document) -> None:
        if before.frames is after.frames:
            return
        gone, new, changed = _differences(before.frames, after.frames)
        for id in gone:
            self._graph.remove_frame(id)
        for id in new:
            self._graph.add_frame(id, after.frames[id])
        for id in changed:
            self._graph.frames[id].view.show_frame(after.frames[id])

    # --- the run and the checks ---

    def set_run(self, run: RunState) -> None:
        """Only cards whose run differs are made anew, and those that are given their picture."""
        before = self.scenery.run
        self.scenery = replace(self.scenery, run=run)
        ids = [id for id in {*before.nodes, *run.nodes} if before.nodes.get(id) is not run.nodes.get(id)]
        self.refresh({*ids, *(link.target.node for id in ids for link in self.document.links.out_of(id))})

    def set_problems(self, problems: Problems) -> None:
        before = self.scenery.problems
        self.scenery = replace(self.scenery, problems=problems)
        self.refresh(id for id in {*before, *problems} if before.get(id) != problems.get(id))

    def set_stale(self, stale: Mapping[str, str]) -> None:
        before = self.scenery.stale
        self.scenery = replace(self.scenery, stale=stale)
        self.refresh(id for id in {*before, *stale} if before.get(id) != stale.get(id))

    def set_table(
        self, sheets: Mapping[str, Sheet], filled: Mapping[str, Node], columns: frozenset[str]
    ) -> None:
        """What Table nodes show, the nodes that the previewed row changes, and the columns there are."""
        before = self.scenery
        self.scenery = replace(before, sheets=sheets, filled=filled, columns=columns)
        ids = {id for id in {*before.sheets, *sheets} if before.sheets.get(id) != sheets.get(id)}
        ids |= {id for id in {*before.filled, *filled} if before.filled.get(id) is not filled.get(id)}
        if before.columns != columns:
            ids |= {id for id, node in self.document.nodes.items() if node.kind == "prompt"}
        ids |= {link.target.node for id in ids for link in self.document.links.out_of(id)}
        self.refresh(ids)

    def set_waited(self, waited: Mapping[str, float]) -> None:
        self.scenery = replace(self.scenery, waited=waited)
        self.refresh(waited)

    def refresh(self, ids: Any) -> None:
        """Makes the faces of some cards anew, of many in slices. Cheap where nothing of them changed."""
        known = {id for id in ids if id in self._graph.cards and id in self.document.nodes}
        if len(known) > MANY_FACES:
            self.filling.add(known)
            return
        for id in known:
            spot = self.document.layout.get(id, _NOWHERE)
            self._graph.refresh(face_of(self.scenery, id), spot.width)
        if known:
            self._told(known)

    # --- for tests and for whoever doubts ---

    def described(self) -> dict[str, Any]:
        """What is on the canvas, read from NodeGraphQt's own graph and scene, to be compared."""
        self.filling.bring(None)
        scene_wires = [item for item in self._graph.scene().items() if isinstance(item, Wire)]
        return {
            "nodes": {
                item.id: (item.face.kind, item.pos().x(), item.pos().y(), item.wanted, item.face.collapsed)
                for item in self._graph.items()
            },
            "titles": {node.id: node.name() for node in self._graph.nodes.values()},
            "tags": {item.id: tuple(tag for tag, _ in item.face.tags) for item in self._graph.items()},
            "links": sorted(f"{wire.source.end} {wire.target.end}" for wire in scene_wires),
            "ports": sorted(
                f"{other}.{name} {node.id}.{port.name()}"
                for node in self._graph.nodes.values()
                for port in node.input_ports()
                for other, names in port.model.connected_ports.items()
                for name in names
            ),
            "frames": {frame.frame_id: _plain(frame.rect) for frame in self._graph.frame_items()},
        }


def _about(document: Document) -> QRectF:
    """Where the cards of a document will lie."""
    spots = [document.layout.get(id, _NOWHERE) for id in document.nodes]
    left, top = min(spot.x for spot in spots), min(spot.y for spot in spots)
    right, bottom = max(spot.x for spot in spots), max(spot.y for spot in spots)
    return QRectF(left, top, right - left + _CARD[0], bottom - top + _CARD[1])


def _plain(rect: QRectF) -> tuple[float, float, float, float]:
    return (rect.x(), rect.y(), rect.width(), rect.height())


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[set[str], list[str], set[str]]:
    """Gone, new (in order), changed."""
    if before is after:
        return set(), [], set()
    gone = {id for id in before if id not in after}
    new = [id for id in after if id not in before]
    changed = {id for id, value in after.items() if id in before and before[id] is not value}
    return gone, new, changed


def _link_differences(before: Document, after: Document) -> tuple[list[Ends], list[Ends], list[Link]]:
    """Ends of links gone, of links new, and every link (old or new) that is not in the other."""
    if before.links is after.links:
        return [], [], []
    old = {(link.source, link.target): link for link in before.links}
    new = {(link.source, link.target): link for link in after.links}
    parted = [ends for ends in old if ends not in new]
    joined = [ends for ends in new if ends not in old]
    altered = [link for ends, link in old.items() if new.get(ends) is not link]
    altered += [link for ends, link in new.items() if old.get(ends) is not link]
    if not altered and list(old) != list(new):
        altered = list(new.values())
    return parted, joined, altered
