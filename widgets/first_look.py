"""The canvas with its first document, before the engine and the panels are imported: those take longer than
all that it needs. The workbench takes over what is made here."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject

from app.basics.faults import Fault
from app.basics.handing import Start
from app.opening import Opening, open_desk
from app.preferences import declared
from app.preferences.options import Option
from widgets.canvas.graph_view import GraphView
from widgets.canvas.hooks import CarryOff, EditorFactory, Hooks
from widgets.canvas.late_pictures import LatePictures
from widgets.desktop import Again, Shell
from widgets.language import Language
from widgets.looks import Looks
from widgets.main_window import Place
from widgets.tasks import Tasks

BUNDLE = ".tagloomz"
PATIENCE = 1.0
"""Seconds to wait for a paint: a window that lies in the background is not painted."""


class FirstLook(QObject):
    """`graph` and `tasks` stay for the whole session. Until the workbench lends pictures, `say`, `fields` and
    `carry_off`, photographs are empty places, faults wait in `unsaid`, a prompt is written in a plain field
    and no picture leaves; until `begin` has lent hands, the canvas is only looked at."""

    def __init__(self, shell: Shell, opening: Opening) -> None:
        super().__init__(shell.window)
        self.opening, self.mishaps = opening, shell.mishaps
        self.language = Language(shell.app, self)
        self.language.begin(opening.options.get(declared.LANGUAGE))
        self.unsaid: list[Fault] = []
        self.notes: tuple[str, ...] = ()
        self.say: Callable[[Fault], None] = self.unsaid.append
        self.fields: EditorFactory = lambda parent, node: self.graph.handling.plain_field(parent, node)
        self.resolve: Callable[[str], Path] = opening.desk.resolve
        """A `file` value → its path; raises where it may not be read."""
        self.carry_off: CarryOff = lambda nodes, clean: None
        self.tasks = Tasks(lambda fault: self.say(fault))
        self.pictures = LatePictures()
        self.graph = GraphView(
            opening.editor, opening.kinds, opening.shapes, shell.themes, self.pictures, self._hooks()
        )
        self.painted = asyncio.Event()
        self.later: Path | None = None
        """A bundle that was asked for: it needs the library, which is not there yet."""
        self._laid = False
        self._watch = shell.watch
        shell.window.place(Place.CANVAS, self.graph)
        self.graph.viewer.viewport().installEventFilter(self)

    def _hooks(self) -> Hooks:
        desk = self.opening.desk

        def locate(file: str) -> Path | None:
            try:
                return self.resolve(file) if file else None
            except Fault:
                return None

        def keep(data: bytes, name: str, then: Callable[[Path], None]) -> None:
            async def kept() -> None:
                then(await desk.keep_picture(data, name))

            self.tasks.start(kept())

        def carries(path: Path, then: Callable[[bool], None]) -> None:
            async def asked() -> None:
                then(await desk.carries(path))

            self.tasks.start(asked())

        def remember(option: Option[Any], value: Any) -> None:
            try:
                self.opening.options.set(option, value)
            except Fault as fault:
                self.say(fault)

        return Hooks(
            locate=locate,
            trust=desk.trust,
            keep=keep,
            carries=carries,
            folder=lambda: desk.folder,
            editor=lambda parent, node: self.fields(parent, node),
            recall=self.opening.options.get,
            remember=remember,
            say=lambda fault: self.say(fault),
            carry_off=lambda nodes, clean: self.carry_off(nodes, clean),
        )

    async def open(self, start: Start) -> None:
        """The file that was asked for, else the last one, else the first-run example; and its first paint."""
        desk, options = self.opening.desk, self.opening.options
        notes = [start.note] if start.note else []
        try:
            path = await self._first(start)
            if path is None:
                desk.new()
            else:
                notes += await desk.open_any(path)
                if not desk.on_example:
                    options.set(declared.LAST_FOLDER, str(path.resolve().parent))
        except Fault as fault:
            self.say(fault)
        self.notes = tuple(notes)
        self._laid = True
        self.graph.viewer.viewport().update()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.painted.wait(), PATIENCE)

    async def _first(self, start: Start) -> Path | None:
        """None for an empty document."""
        desk = self.opening.desk
        if start.files:
            first = Path(start.files[0])
            self.later = first if first.suffix.lower() == BUNDLE else None
            return None if self.later else first
        if start.apart:
            return None  # the last document is open in the window that this one was started from
        recent = desk.recent()
        return recent[0] if recent and recent[0].is_file() else await desk.first_run_example()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The first paint of the canvas with its document on it."""
        if event.type() == QEvent.Type.Paint and self._laid:
            self._laid = False
            watched.removeEventFilter(self)
            asyncio.get_running_loop().call_soon(self._on_paint)  # it is painted by then
        return False

    def _on_paint(self) -> None:
        self._watch.say("example")
        self.painted.set()


Carried = Callable[[Path], str | None]
Hold = Callable[[GraphView], None]
Furnish = Callable[[Shell, FirstLook], Awaitable[None]]
Sorry = Callable[[], Callable[[Shell, BaseException], Awaitable[Again | None]]]


async def first_look(shell: Shell, carried: Carried) -> FirstLook:
    """The first document, painted. `carried` gives the text of the document that a picture carries.

    :raises DiskTrouble: a folder cannot be used
    """
    opening = open_desk(os.environ, carried=carried, window=True)
    Looks(shell.app, shell.themes, opening.options, shell.window.arrange)
    look = FirstLook(shell, opening)
    await look.open(shell.start)
    return look


async def begin(
    shell: Shell, carried: Carried, hands: Callable[[], Hold], rest: Callable[[], Furnish], sorry: Sorry
) -> int | Again:
    """A whole session: the first look, then what `hands` and `rest` import in a thread, while the window
    listens. `carried` imports what it needs when a picture is looked into, `sorry` what says why it cannot
    begin.

    What stops it from beginning (a folder or a ledger that cannot be used, a mistake of ours) is said, with a
    way on where there is one; else it gives exit code 2.
    """
    work = asyncio.ensure_future(_begin(shell, carried, hands, rest))
    await asyncio.wait({work})
    error = work.exception()
    if error is None:
        return 0
    again = await sorry()(shell, error)
    return 2 if again is None else again


async def _begin(
    shell: Shell, carried: Carried, hands: Callable[[], Hold], rest: Callable[[], Furnish]
) -> None:
    look = await first_look(shell, carried)
    hold = await asyncio.to_thread(hands)
    hold(look.graph)
    furnish = await asyncio.to_thread(rest)
    await furnish(shell, look)
