"""What is done with the selection: each is one step of the document."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF
from PySide6.QtGui import QClipboard

from app.basics.faults import Fault
from app.document.clipboard import MIME, copied, fragment_of, is_fragment, paste, photographs_of
from app.document.edits import (
    change_frame,
    change_node,
    disconnect,
    remove_frames,
    set_collapsed,
    set_lock,
    set_skip,
    set_values,
)
from app.document.gestures import Placed, delete, delete_and_heal, duplicate, extract
from app.document.reach import downstream, upstream
from app.document.values import Document, End
from app.engine.run_state import RunState
from widgets.canvas.drop import Drops, named_in
from widgets.canvas.placing import add_joined, add_kind, frame_around
from widgets.canvas.stage import LinkContext, Stage
from widgets.canvas.words import tr


class Operations:
    """`folder` gives the document's folder, for paths that travel through the clipboard."""

    def __init__(
        self,
        stage: Stage,
        clipboard: QClipboard,
        drops: Drops,
        *,
        trust: Callable[[Path], None],
        folder: Callable[[], Path | None],
        run: Callable[[], RunState],
        say: Callable[[Fault], None],
    ) -> None:
        self._stage = stage
        self._clipboard = clipboard
        self._drops = drops
        self._trust = trust
        self._folder = folder
        self._run = run
        self._say = say
        self._own: str = ""

    # --- adding ---

    def add(self, kind: str, at: QPointF, context: LinkContext | None = None) -> str:
        """A node of a kind, joined where a link was dropped; its id, which is then selected."""
        stage = self._stage
        made: list[tuple[str, ...]] = []

        def placed(document: Document) -> Document:
            place = (at.x(), at.y())
            if context is None:
                document, ids = add_kind(document, stage.kinds, kind, place)
            else:
                document, ids = add_joined(
                    document, stage.kinds, kind, place, context.end, context.wants_input
                )
            made.append(ids)
            return document

        stage.editor.commit(tr("Add {title}", title=stage.kinds[kind].title), placed)
        stage.select(made[-1])
        return made[-1][0]

    # --- removing ---

    def delete(self, *, heal: bool = False) -> bool:
        """Selected nodes, frames, and the selected link. `heal` joins what was before to what was behind."""
        stage = self._stage
        ids, frames, wire = stage.selected(), stage.selected_frames(), stage.chosen_wire
        ends = wire.ends if wire is not None else None
        stage.choose_wire(None)

        def deleted(document: Document) -> Document:
            if ends is not None:
                document = disconnect(document, *ends)
            remove = delete_and_heal if heal else delete
            return remove_frames(remove(document, stage.shapes, ids), frames)

        return stage.editor.commit(tr("Delete"), deleted)

    def heal(self) -> bool:
        return self.delete(heal=True)

    def extract(self) -> bool:
        """Takes the selected nodes out of their links, which are joined around them."""
        ids, shapes = self._stage.selected(), self._stage.shapes
        return self._stage.editor.commit(tr("Extract"), lambda document: extract(document, shapes, ids))

    # --- clipboard ---

    def copy(self) -> bool:
        """As text that can be mailed, and in our own format."""
        stage = self._stage
        ids, frames = stage.selected(), stage.selected_frames()
        if not ids and not frames:
            return False
        self._own = copied(stage.document, ids, frames, folder=self._folder())
        data = QMimeData()
        data.setText(self._own)
        data.setData(MIME, self._own.encode())
        self._clipboard.setMimeData(data)
        return True

    def cut(self) -> bool:
        return self.copy() and self.delete()

    def paste(self, at: QPointF | None = None, *, keep_inputs: bool = False) -> bool:
        """Nodes; a picture, paths or addresses of pictures as Reference Images; other text as a Prompt. What
        nodes from elsewhere name on this disk is not trusted: only what was copied here is."""
        data = self._clipboard.mimeData()
        text = data.text()
        if data.hasFormat(MIME):
            text = bytes(data.data(MIME).data()).decode("utf-8", "replace")
        if is_fragment(text):
            return self._paste_nodes(text, at, keep_inputs=keep_inputs)
        spot = at if at is not None else self._stage.viewer.seen().center()
        if self._drops.take(data, spot):
            return True
        named = named_in(text)
        if named is not None:
            return self._drops.take(named, spot)
        return self._paste_words(text, spot) if text.strip() else False

    def _paste_nodes(self, text: str, at: QPointF | None, *, keep_inputs: bool) -> bool:
        try:
            part = fragment_of(text, folder=self._folder())
        except Fault as fault:  # a text that was mailed, and broken on the way
            self._say(fault)
            return False
        if text == self._own:
            for path in photographs_of(part):
                self._trust(path)
        place = self._free(float(round(at.x())), float(round(at.y()))) if at is not None else None
        return self._put(tr("Paste"), lambda document: paste(document, part, place, keep_inputs=keep_inputs))

    def _free(self, x: float, y: float) -> tuple[float, float]:
        """The nearest place where none lies exactly: pasted twice, both are seen."""
        taken = {(spot.x, spot.y) for spot in self._stage.document.layout.values()}
        while (x, y) in taken:
            x, y = x + 32.0, y + 32.0
        return x, y

    def _paste_words(self, text: str, at: QPointF) -> bool:
        made: list[tuple[str, ...]] = []

        def placed(document: Document) -> Document:
            document, ids = add_kind(document, self._stage.kinds, "prompt", (at.x(), at.y()))
            made.append(ids)
            return set_values(document, ids[0], {"text": text.strip()})

        done = self._stage.editor.commit(tr("Paste words"), placed)
        self._stage.select(made[-1])
        return done

    def duplicate(self, *, with_inputs: bool = False) -> bool:
        ids, frames = self._stage.selected(), self._stage.selected_frames()
        return self._put(
            tr("Duplicate"),
            lambda document: duplicate(document, ids, with_inputs=with_inputs, frames=frames),
        )

    def insert(self, part: Document, label: str) -> bool:
        """A part of a graph (a template) as one step, where the artist looks; then selected."""
        middle = self._stage.viewer.seen().center()
        place = (float(round(middle.x() - 160)), float(round(middle.y() - 100)))
        done = self._put(label, lambda document: paste(document, part, place))
        self._stage.viewer.setFocus()
        return done

    def _put(self, label: str, put: Callable[[Document], Placed]) -> bool:
        """Commits and selects what is new."""
        made: list[Placed] = []

        def placed(document: Document) -> Document:
            made.append(put(document))
            return made[-1].document

        done = self._stage.editor.commit(label, placed)
        if done:
            self._stage.select(made[-1].nodes, made[-1].frames)
        return done

    # --- the selection: no step, since it is no part of the document ---

    def select_upstream(self) -> None:
        """With what is selected, all that it is made from."""
        self._select_reached(upstream)

    def select_downstream(self) -> None:
        self._select_reached(downstream)

    def _select_reached(self, reached: Callable[[Document, Iterable[str]], frozenset[str]]) -> None:
        stage = self._stage
        stage.select(reached(stage.document, stage.selected()), stage.selected_frames())

    # --- changing ---

    def skip(self) -> bool:
        ids = self._stage.selected()
        on = not all(self._stage.document.nodes[id].skip for id in ids)
        return self._stage.editor.commit(
            tr("Skip") if on else tr("Do not skip"), lambda document: set_skip(document, ids, on)
        )

    def collapse(self) -> bool:
        ids = self._stage.selected()
        on = not all(self._stage.document.nodes[id].collapsed for id in ids)
        return self._stage.editor.commit(
            tr("Collapse") if on else tr("Expand"), lambda document: set_collapsed(document, ids, on)
        )

    def lock(self) -> bool:
        """Keeps the pictures of the selected nodes whatever changes; or no longer."""
        nodes, run = self._stage.document.nodes, self._run()
        ids = [id for id in self._stage.selected() if nodes[id].lock or run.node(id).result]
        on = not all(nodes[id].lock for id in ids)

        def locked(document: Document) -> Document:
            for id in ids:
                result = run.node(id).result
                document = set_lock(document, id, result.sha256 if on and result else "")
            return document

        return self._stage.editor.commit(tr("Lock the result") if on else tr("Unlock the result"), locked)

    def frame(self) -> bool:
        """A frame around the selected nodes."""
        ids = self._stage.selected()
        rect = self._stage.bounds(ids)
        if rect.isEmpty():
            return False
        around = (rect.x(), rect.y(), rect.width(), rect.height())
        made: list[tuple[str, ...]] = []

        def framed(document: Document) -> Document:
            document, frames = frame_around(document, around, tr("Frame"))
            made.append(frames)
            return document

        done = self._stage.editor.commit(tr("Put in a frame"), framed)
        self._stage.select(ids, made[-1])
        return done

    def unframe(self) -> bool:
        frames = self._stage.selected_frames()
        return self._stage.editor.commit(tr("Unframe"), lambda document: remove_frames(document, frames))

    def rename(self, id: str, title: str) -> bool:
        return self._stage.editor.commit(
            tr("Rename"), lambda document: change_node(document, id, title=title)
        )

    def rename_frame(self, id: str, title: str) -> bool:
        return self._stage.editor.commit(
            tr("Rename frame"), lambda document: change_frame(document, id, title=title)
        )

    def write(self, id: str, text: str) -> bool:
        """The words of a prompt or a note, as they are typed: one step until the field is closed."""
        return self._stage.editor.commit(
            tr("Write"), lambda document: set_values(document, id, {"text": text}), merge=("write", id)
        )


def joins_on(stage: Stage) -> LinkContext | None:
    """With one node selected, a new one is joined on to its first output."""
    chosen = stage.selected()
    item = stage.graph.item(chosen[0]) if len(chosen) == 1 else None
    if item is None or not item.plugs_out:
        return None
    return LinkContext(End(item.id, item.plugs_out[0].name), wants_input=True)
