"""The only door through which a document changes, and the memory that undo needs."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from msgspec import Struct

from app.basics.faults import Bug
from app.basics.signal import Signal
from app.basics.words import say
from app.document.carrying import carrier
from app.document.past import Past
from app.document.problems import Edit
from app.document.values import BLANK, Document

MOST_STEPS = 1000


class Change(Struct, frozen=True, kw_only=True):
    """`label` names the step that was made, undone or redone; `way` is `commit`, `undo`, `redo`, `jump`,
    `replace` (another document: keep nothing of `before`) or `saved` (paths of photographs changed)."""

    before: Document
    after: Document
    label: str
    way: str = "commit"


class Editor:
    """Holds the document, its past and its future. Steps are whole documents that share what did not change.

    Listeners of `changed` read; a listener that commits is a bug and is told so.
    """

    def __init__(self, document: Document = BLANK, *, most_steps: int = MOST_STEPS) -> None:
        self.changed: Signal[Change] = Signal()
        self._most = max(1, most_steps)
        self._states: list[Document] = [document]
        self._labels: list[str] = []
        self._at = 0
        self._forgotten = 0
        self._merge: Hashable = None
        self._busy = False
        self._saved: Document | None = document

    @property
    def document(self) -> Document:
        return self._states[self._at]

    @property
    def history(self) -> tuple[str, ...]:
        """The labels of all steps that are remembered, undone ones included, oldest first."""
        return tuple(self._labels)

    @property
    def position(self) -> int:
        """How many steps of `history` are done."""
        return self._at

    @property
    def saved_at(self) -> int | None:
        """The position whose document is the one on disk; None where no step that is remembered is."""
        places = (place for place, state in enumerate(self._states) if state is self._saved)
        return next(places, None)

    @property
    def forgotten(self) -> int:
        """How many older steps are no longer remembered."""
        return self._forgotten

    @property
    def can_undo(self) -> bool:
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        return self._at < len(self._labels)

    @property
    def undo_label(self) -> str:
        """The step that undo would take back; empty where there is none."""
        return self._labels[self._at - 1] if self.can_undo else ""

    @property
    def redo_label(self) -> str:
        return self._labels[self._at] if self.can_redo else ""

    @property
    def dirty(self) -> bool:
        """Whether the document differs from what was opened or saved last."""
        return self._saved is None or (self._saved is not self.document and self._saved != self.document)

    def commit(self, label: str, edit: Edit, merge: Hashable = None) -> bool:
        """Applies an edit as one step; whether anything changed.

        Consecutive commits with the same `merge` (not None) are one step: the keystrokes of a word, the
        moves of one drag. `seal` ends that. An edit that raises leaves everything as it was.
        """
        with self._alone("commit"):
            before = self.document
            after = edit(before)
        if not isinstance(after, Document):
            raise Bug(
                say("The edit “{label}” gave no document.", label=label),
                advice=say("Please report this; your document is unchanged."),
                code="editor.no-document",
            )
        if after is before:
            return False
        if merge is not None and merge == self._merge and self._at:
            self._rewrite(label, after)
        else:
            self._append(label, after)
            self._merge = merge
        self._emit(before, label, "commit")
        return True

    def seal(self) -> None:
        """Ends the gesture: the next commit is a step of its own."""
        self._merge = None

    def undo(self) -> bool:
        label = self.undo_label
        return self._go(self._at - 1, label, "undo")

    def redo(self) -> bool:
        label = self.redo_label
        return self._go(self._at + 1, label, "redo")

    def jump(self, position: int) -> bool:
        """To the document after the first `position` steps of `history`, in one change."""
        label = self._labels[position - 1] if 0 < position <= len(self._labels) else ""
        return self._go(position, label, "jump")

    @property
    def past(self) -> Past:
        """All steps that are remembered, with their documents."""
        return Past(labels=tuple(self._labels), states=tuple(self._states), at=self._at)

    def replace(self, document: Document, *, saved: bool = True, past: Past | None = None) -> None:
        """Another document: no past, no future, but for a `past` that was kept and leads to just this one.
        `saved` False marks it as not on disk (recovered)."""
        with self._alone("replace"):
            before = self.document
        self._states, self._labels, self._at, self._merge = [document], [], 0, None
        self._forgotten = 0
        if past is not None:
            self._states, self._labels, self._at = list(past.states), list(past.labels), past.at
            document = self.document
        self._saved = document if saved else None
        self._emit(before, "", "replace")

    def saved(self, before: Document, written: Document | None = None) -> None:
        """`before` is on disk as `written` (paths of photographs made relative on the way, nothing else).

        The paths change in every step that is remembered, so that undo does not lead back to the old ones;
        that is no step. Edits made while the file was written stay, and stay unsaved.
        """
        with self._alone("saved"):
            shown = self.document
            carry = carrier(before, written if written is not None else before)
            self._states = [carry(state) for state in self._states]
            self._saved = carry(before)
            self._merge = None
        if self.document is not shown:
            self._emit(shown, "", "saved")

    def forget_saved(self) -> None:
        """The file on disk is gone or is another one: the document counts as not saved."""
        self._saved = None

    def _append(self, label: str, after: Document) -> None:
        del self._states[self._at + 1 :], self._labels[self._at :]
        self._states.append(after)
        self._labels.append(label)
        surplus = len(self._labels) - self._most
        if surplus > 0:
            del self._states[:surplus], self._labels[:surplus]
            self._forgotten += surplus
        self._at = len(self._labels)

    def _rewrite(self, label: str, after: Document) -> None:
        """The last step again with another end; a gesture that came back to its start is no step."""
        self._states.pop()
        self._labels.pop()
        self._at -= 1
        if after == self._states[-1]:
            self._merge = None
            return
        self._states.append(after)
        self._labels.append(label)
        self._at += 1

    def _go(self, position: int, label: str, way: str) -> bool:
        with self._alone(way):
            before = self.document
        self._merge = None
        if not 0 <= position <= len(self._labels) or position == self._at:
            return False
        self._at = position
        self._emit(before, label, way)
        return True

    def _emit(self, before: Document, label: str, way: str) -> None:
        with self._alone(way):
            self.changed.emit(Change(before=before, after=self.document, label=label, way=way))

    @contextmanager
    def _alone(self, what: str) -> Iterator[None]:
        if self._busy:
            raise Bug(
                say("The document was changed ({what}) while a change was being told.", what=what),
                advice=say("Please report this; nothing is lost. Listeners of `changed` must not commit."),
                code="editor.re-entered",
            )
        self._busy = True
        try:
            yield
        finally:
            self._busy = False
