"""Tells of the end of a run, and of what needs a person, while the window is not in front. What was seen is
never told."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from app.basics.faults import Lost
from app.engine.events import Event, NodeFailed, RunFinished
from app.preferences import declared
from app.studio.parts import Consent
from widgets.desktop_notes import DesktopNotes, Note
from widgets.doorkeeper import to_front
from widgets.messages import counted, listed
from widgets.workbench import Workbench


class Notifying(QObject):
    """From now until `close`. The desktop's notes where it has them, else the task bar."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        self._notes = DesktopNotes()
        self._end = bench.studio.runs.events.connect(self._hear)
        self._ask, bench.studio.ask = bench.studio.ask, self._asked
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.applicationStateChanged.connect(self._on_state)

    async def close(self) -> None:
        """May be called twice."""
        self._end()
        await self._notes.close()

    def _hear(self, event: Event) -> None:
        if not isinstance(event, RunFinished) or event.cancelled:
            return
        made = [one for one in event.results if not one.reused]
        failed = [one for one in event.failures if not one.because]
        if failed:
            self._tell_failed(failed[0], len(failed), len(made))
        elif made:
            title = counted(len(made), self.tr("A picture is done"), self.tr("{n} pictures are done"))
            names = listed(dict.fromkeys(self._bench.title_of(one.node) for one in made))
            self._tell(title, names, node=made[-1].node)

    def _tell_failed(self, first: NodeFailed, failed: int, made: int) -> None:
        unknown = isinstance(first.fault, Lost)
        title = (
            self.tr("Tagloom needs you: it is not known whether a request was charged")
            if unknown
            else counted(failed, self.tr("A picture was not made"), self.tr("{n} pictures were not made"))
        )
        words = [f"{self._bench.title_of(first.node)}: {first.fault.title}"]
        if made:
            words.append(counted(made, self.tr("One is done."), self.tr("{n} are done.")))
        self._tell(title, " ".join(words), node=first.node, urgent=True)

    async def _asked(self, consent: Consent) -> bool:
        """The question before money is spent may come up behind other windows."""
        self._tell(self.tr("Tagloom asks before it spends money"), consent.question, urgent=True)
        return await self._ask(consent)

    def _tell(self, title: str, text: str, *, node: str = "", urgent: bool = False) -> None:
        if in_front():
            return
        get, runs = self._bench.studio.options.get, self._bench.studio.runs
        sound = get(declared.SOUND)
        if not get(declared.NOTIFICATIONS):
            if sound:
                QApplication.beep()
            return
        result = runs.state.node(node).result
        note = Note(
            title=title,
            text=text,
            urgent=urgent,
            sound=sound,
            picture=result.path if result is not None and not urgent else None,
            button=self.tr("Show"),
            pressed=partial(self._pressed, node),
        )
        self._bench.tasks.start(self._show(note))

    async def _show(self, note: Note) -> None:
        if not await self._notes.show(note):
            QApplication.alert(self._bench.window)
            if note.sound:
                QApplication.beep()

    def _pressed(self, node: str, token: str) -> None:
        to_front(self._bench.window, {"XDG_ACTIVATION_TOKEN": token})
        if node in self._bench.studio.editor.document.nodes:
            self._bench.graph.select((node,))
            self._bench.graph.center_on(node)

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self._bench.tasks.start(self._notes.clear())


def in_front() -> bool:
    """Whether somebody can see the program: one of its windows has the keyboard."""
    return QApplication.activeWindow() is not None
