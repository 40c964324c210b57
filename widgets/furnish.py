"""Fills the painted window, keeps it until it is closed, and puts everything away in order."""

from __future__ import annotations

import asyncio
import gc
import os
import shlex
from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtGui import QCloseEvent

from app import compose
from app.basics.faults import Fault
from app.basics.logs import start_logs
from app.studio.carried import carried_text
from app.studio.studio import Studio
from widgets.canvas.handling import take_in_hand
from widgets.desktop import Shell
from widgets.dialogs.asking import leaving_of, losing_of
from widgets.first_look import FirstLook, first_look
from widgets.language import missing_face
from widgets.witness import Witness
from widgets.workbench import Workbench


async def furnish(shell: Shell, look: FirstLook) -> None:
    """Everything between the first paint and the end of the program.

    `TAGLOOM_SANDBOX_KNOBS` makes the sandbox behave in other ways (`seconds=5 fail_next=1`), for tests.
    """

    async def until_closed(bench: Workbench, closed: asyncio.Event) -> None:
        await closed.wait()

    knobs = tuple(shlex.split(os.environ.get("TAGLOOM_SANDBOX_KNOBS", "")))
    await furnished(shell, until_closed, look, knobs=knobs)


Session = Callable[[Workbench, asyncio.Event], Awaitable[None]]
"""What happens between opening and putting away; the event is set when the window has been closed."""


async def furnished(
    shell: Shell,
    session: Session,
    look: FirstLook | None = None,
    *,
    seconds: float = 1.0,
    knobs: Sequence[str] = (),
) -> None:
    """A whole session of the window. `seconds` and `knobs` are the sandbox's (`compose.build`)."""
    if look is None:
        look = await first_look(shell, carried_text)
        take_in_hand(look.graph)
    end_logs = start_logs(look.opening.home.logs)
    try:
        studio = await compose.build(os.environ, opening=look.opening, seconds=seconds, knobs=knobs)
        await _furnished(shell, studio, look, session)
    finally:
        end_logs()


async def _furnished(shell: Shell, studio: Studio, look: FirstLook, session: Session) -> None:
    bench = Workbench(studio, shell.window, shell.themes, look)
    witness = Witness(bench, shell.watch) if shell.watch.asked else None
    closed = asyncio.Event()
    leaving = Leaving(bench, closed)
    shell.window.closing.connect(leaving.on_close)
    if not shell.window.isVisible():
        closed.set()  # somebody closed it before there was anything to ask
    try:
        bench.start()
        bench.select_first_model()
        await bench.files.refreshed()
        gc.freeze()  # what is here now stays until the end: never looked through again
        gc.enable()
        of_snippets = await asyncio.to_thread(lambda: studio.snippets.notes)
        of_window = (missing_face(look.language.code), *look.notes, *bench.hotkeys.notes)
        if notes := tuple(filter(None, (*of_window, *studio.notes, *of_snippets))):
            bench.banner.say(notes[0], " ".join(notes[1:]), error=False)
        for fault in look.unsaid:
            bench.say(fault)
        await session(bench, closed)
    finally:
        await studio.lineup.freeze()  # what waits now is what the next session is shown
        await bench.put_away()
        await studio.close()
        if witness is not None:
            witness.stop()


class Leaving:
    """Closing the window: unsaved changes are asked about, and so is what is under way."""

    def __init__(self, bench: Workbench, closed: asyncio.Event) -> None:
        self._bench, self._closed = bench, closed
        self._asking = False
        self._may = False

    def on_close(self, event: QCloseEvent) -> None:
        if self._may:
            event.accept()
            self._closed.set()
            return
        event.ignore()
        if not self._asking:
            self._asking = True
            self._bench.tasks.start(self._ask())

    async def _ask(self) -> None:
        try:
            self._may = (
                await self._bench.files.may_leave()
                and await self._work_may_be_left()
                and await self._pictures_may_be_left()
            )
        finally:
            self._asking = False
        if self._may:
            self._bench.studio.safekeeping.give_up()
            self._bench.window.close()

    async def _work_may_be_left(self) -> bool:
        """What is under way is left to be collected next time, waited for, or stopped."""
        studio = self._bench.studio
        while studio.runs.busy:
            waiting = len(studio.lineup.waiting)
            match await leaving_of(self._bench.window, studio.at_work, waiting):
                case "leave":
                    return True
                case "wait":
                    await studio.runs.settled()
                case "stop":
                    studio.cancel()
                    await studio.runs.settled()
                case _:
                    return False
        return True

    async def _pictures_may_be_left(self) -> bool:
        """What no disk has taken is saved elsewhere, or left to be fetched again."""
        while held := self._bench.studio.only_in_memory:
            match await losing_of(self._bench.window, tuple(one.title for one in held)):
                case "save":
                    for one in held:
                        try:
                            await self._bench.remedies.save_elsewhere(one)
                        except Fault as fault:
                            self._bench.say(fault)
                case "leave":
                    return True
                case _:
                    return False
        return True
