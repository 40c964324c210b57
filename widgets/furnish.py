"""Fills the painted window, keeps it until it is closed, and puts everything away in order."""

from __future__ import annotations

import asyncio
import gc
import os
import shlex
from collections.abc import Awaitable, Callable, Sequence

from app import compose
from app.basics import sessions
from app.basics.about import tagloom_version
from app.basics.logs import Spoken, redact, start_logs
from app.basics.recent import Recent
from app.studio.carried import carried_text
from app.studio.studio import Studio
from widgets.canvas.handling import take_in_hand
from widgets.desktop import Shell
from widgets.doorkeeper import Doorkeeper
from widgets.first_look import FirstLook, first_look
from widgets.language import missing_face
from widgets.last_words import last_words
from widgets.leaving import Leaving
from widgets.notifying import Notifying
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
    seconds: float | None = None,
    knobs: Sequence[str] = (),
) -> None:
    """A whole session of the window. `seconds` and `knobs` are the sandbox's (`compose.build`)."""
    if look is None:
        look = await first_look(shell, carried_text)
        take_in_hand(look.graph)
    if shell.mishaps is not None:
        shell.mishaps.equip(Recent(), redact, Spoken)
    end_logs = start_logs(look.opening.home.logs)
    running = sessions.Session(look.opening.home.sessions, version=tagloom_version())
    running.begin()
    try:
        studio = await compose.build(os.environ, opening=look.opening, seconds=seconds, knobs=knobs)
        await _furnished(shell, studio, look, session)
    finally:
        running.end()
        end_logs()


async def _furnished(shell: Shell, studio: Studio, look: FirstLook, session: Session) -> None:
    bench = Workbench(studio, shell.window, shell.themes, look)
    witness = Witness(bench, shell.watch) if shell.watch.asked else None
    closed = asyncio.Event()
    leaving = Leaving(bench, closed)
    doorkeeper, notifying = Doorkeeper(bench, shell.start), Notifying(bench)
    end_words = last_words(studio.safekeeping.keep_now, look.opening.home.logs)
    if not shell.window.isVisible():
        closed.set()  # somebody closed it before there was anything to ask
    try:
        for begin in (bench.start, bench.select_first_model):
            await asyncio.sleep(0)  # a turn for each: hands may be at work already
            begin()
        await bench.files.refreshed()
        if look.later is not None:
            bench.tasks.start(bench.files.open_path(look.later))
        gc.freeze()  # what is here now stays until the end: never looked through again
        gc.enable()
        of_snippets = await asyncio.to_thread(lambda: studio.snippets.notes)
        of_window = (missing_face(look.language.code), *look.notes, *bench.hotkeys.notes)
        if notes := tuple(filter(None, (*of_window, *studio.notes, *of_snippets))):
            bench.banner.say(notes[0], " ".join(notes[1:]), error=False)
        for fault in look.unsaid:
            bench.say(fault)
        bench.files.get_ready()
        await doorkeeper.begin()
        await session(bench, closed)
    finally:
        await doorkeeper.close()
        await notifying.close()
        await studio.lineup.freeze()  # what waits now is what the next session is shown
        await bench.put_away()
        await studio.close()
        leaving.stop()
        end_words()
        if witness is not None:
            witness.stop()
