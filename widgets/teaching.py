"""The first steps, joined to what is done: each ticks itself, in whatever order, and is remembered."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from app.basics.faults import DiskTrouble
from app.document.beside import HOLDS_PHOTOGRAPH
from app.document.editor import Change
from app.engine.events import Event, NodeDone
from app.preferences import declared
from app.studio.first_steps import Step, done_by
from app.studio.studio import Studio
from widgets.canvas.graph_view import GraphView
from widgets.commands import Commands, native
from widgets.dialogs.first_steps import FirstSteps
from widgets.inspector.inspector import Inspector
from widgets.parts.inside import inside

CLOSED = "closed"
"""Remembered with the steps: put away by hand."""


class Teaching(QObject):
    """`begin` shows the steps where the first-run example lies on the desk; `open` brings them back. It stops
    listening with `stop`."""

    def __init__(
        self, studio: Studio, graph: GraphView, commands: Commands, inspector: Inspector, window: QWidget
    ) -> None:
        super().__init__(window)
        self._studio, self._graph, self._commands = studio, graph, commands
        self._inspector, self._window = inspector, window
        self.panel = FirstSteps(graph)
        self.panel.shown_where.connect(self._show)
        self.panel.closed.connect(self._put_away)
        self._ends = (
            studio.editor.changed.connect(self._on_change),
            studio.runs.events.connect(self._on_event),
            studio.desk.saved.connect(lambda _: self._tick(Step.SAVE)),
        )

    def begin(self) -> None:
        """Once, when the window is there."""
        kept = self._studio.options.get(declared.FIRST_STEPS)
        if CLOSED not in kept and len(self._done()) < len(Step) and self._studio.desk.on_example:
            self._open()

    def open(self) -> None:
        """From the beginning, with the keyboard in it."""
        self._keep(())
        self._open()
        self.panel.rows[Step.RUN].show_me.setFocus()

    def _open(self) -> None:
        self.show_keys()
        self.panel.open()
        self.panel.show_done(self._done())

    def stop(self) -> None:
        for end in self._ends:
            end()

    def show_keys(self) -> None:
        """The keys that the commands have now."""
        keys = {step: self._commands.keys(str(step)) for step in (Step.RUN, Step.SAVE)}
        self.panel.show_keys({step: next(iter(native(held)), "") for step, held in keys.items()})

    # --- ticking ---

    def _done(self) -> frozenset[Step]:
        kept = self._studio.options.get(declared.FIRST_STEPS)
        return frozenset(step for step in Step if step in kept)

    def _on_change(self, change: Change) -> None:
        if not self.panel.isHidden():
            for step in done_by(change):
                self._tick(step)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, NodeDone) and event.result is not None:
            self._tick(Step.RUN)

    def _tick(self, step: Step) -> None:
        done = self._done()
        if self.panel.isHidden() or step in done:
            return
        done |= {step}
        self._keep(tuple(str(one) for one in Step if one in done))
        self.panel.show_done(done)

    def _put_away(self) -> None:
        kept = self._studio.options.get(declared.FIRST_STEPS)
        self._keep((*kept, CLOSED))
        self._graph.setFocus()

    def _keep(self, steps: tuple[str, ...]) -> None:
        """A tick that the disk does not take holds until the end of the session. What was ticked, above all a
        save, has not failed for it."""
        with suppress(DiskTrouble):
            self._studio.options.set(declared.FIRST_STEPS, steps)

    # --- showing where ---

    def _show(self, step: Step) -> None:
        match step:
            case Step.RUN:
                self._focus(self._window, "run")
            case Step.PHOTOGRAPH:
                self._show_node(lambda kind: kind in HOLDS_PHOTOGRAPH)
                self._focus(self._inspector, "choose-file")
            case Step.TAG:
                self._write()
            case Step.SAVE:
                self._commands.action("save").trigger()

    def _show_node(self, wanted: object) -> str:
        assert callable(wanted)
        nodes = self._studio.editor.document.nodes
        id = next((id for id, node in nodes.items() if wanted(node.kind)), "")
        if id:
            self._graph.select((id,))
            self._graph.handling.walking.show(id)
            self._inspector.show_selection((id,))
        return id

    def _write(self) -> None:
        """The prompt over its card, with the caret at its end."""
        id = self._show_node(lambda kind: kind == "prompt")
        if not id:
            return
        self._graph.handling.edit_words(id)
        field = self._graph.handling.in_place.field
        if isinstance(field, QPlainTextEdit):
            field.moveCursor(QTextCursor.MoveOperation.End)

    def _focus(self, whole: QWidget, name: str) -> None:
        """Once what selects has been shown."""

        def take() -> None:
            found = (one for one in inside(whole) if one.objectName() == name)
            button = next(found, None)
            if isinstance(button, QPushButton):
                button.setFocus()

        QTimer.singleShot(0, self, take)
