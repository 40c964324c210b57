"""Keeps a copy of what is not saved, for the case that the program dies: a few seconds after each change,
and before each run. `document.copies` has the files."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from app.basics.faults import Fault
from app.basics.signal import Signal
from app.document.copies import LeftCopy, OwnCopy, Story, left_copies
from app.document.editor import Change, Editor
from app.document.values import Document
from app.studio.desk import Desk

EVERY_SECONDS = 5.0
"""From a change to its copy, and at least from one copy to the next."""
PATIENCE = 2.0
"""Seconds that a run waits for its copy at most: a slow disk is never in the way of work."""


class Safekeeping:
    """Does nothing until `begin`, which a window calls and a terminal does not. `faults` says that copies
    cannot be kept: once, until one could be."""

    def __init__(self, editor: Editor, desk: Desk, folder: Path) -> None:
        self.faults: Signal[Fault] = Signal()
        self._editor, self._desk, self._folder = editor, desk, folder
        self._own = OwnCopy(folder)
        self._over: list[OwnCopy] = []
        self._kept: Document | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._working = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ends: tuple[Callable[[], None], ...] = ()
        self._begun = self._given_up = self._said = False

    def begin(self) -> None:
        """From now on, within the running loop. May be called twice."""
        if self._begun:
            return
        self._begun = True
        self._ends = (
            self._editor.changed.connect(self._on_change),
            self._desk.opened.connect(lambda _: self._on_opened()),
            self._desk.saved.connect(lambda _: self._on_saved()),
        )
        if self._editor.dirty:
            self._soon()

    async def keep(self) -> None:
        """What is not saved is copied now, or its copy goes where all of it is saved. Says what fails, and
        raises nothing."""
        if not self._begun:
            return
        async with self._working:
            try:
                await self._keep()
                self._said = False
            except Fault as fault:
                if not self._said:
                    self._said = True
                    self.faults.emit(fault)

    def keep_now(self) -> None:
        """What is not saved is on disk when this returns: for the last moment of a process, so it blocks,
        and raises nothing."""
        if not self._begun or self._given_up or not self._editor.dirty:
            return
        document = self._editor.document
        with contextlib.suppress(Fault):
            self._own.write(document, self._story())
            self._kept = document

    async def before_run(self) -> None:
        """As `keep`, but does not wait for long."""
        if self._begun:
            await asyncio.wait({self._start()}, timeout=PATIENCE)

    async def left(self) -> tuple[LeftCopy, ...]:
        """What windows left that ended without being closed, newest first; held until they are let go."""
        return await asyncio.to_thread(left_copies, self._folder)

    async def open(self, left: LeftCopy) -> None:
        """Lays a copy on the desk as a document that is not saved. The copy is put aside once we keep one of
        our own.

        :raises BadInput: it is damaged; what lies on the desk stays
        :raises DiskTrouble: it cannot be read
        """
        document = await asyncio.to_thread(left.load)
        story = left.story
        trusted = frozenset(Path(one) for one in story.trusted)
        self._desk.lay_recovered(document, left.path, left.name, known=story.known, trusted=trusted)
        await self.keep()
        if self._kept is document:
            await asyncio.to_thread(left.put_aside)

    def give_up(self) -> None:
        """The artist has put the document away, saved or not: `close` leaves no copy."""
        self._given_up = True

    async def close(self) -> None:
        """Leaves a copy of what is not saved and was not given up; otherwise nothing. May be called twice."""
        if not self._begun:
            return
        for end in self._ends:
            end()
        if self._timer is not None:
            self._timer.cancel()
        await asyncio.gather(*self._tasks)
        if not self._given_up:
            await self.keep()
        self._begun = False
        own, over = self._own, self._over
        if self._given_up or not self._editor.dirty:
            over = [*over, own]
        for one in over:
            await asyncio.to_thread(one.drop)
        own.let_go()

    # --- inside ----------------------------------------------------------------------------------

    def _on_change(self, change: Change) -> None:
        if change.way not in ("replace", "saved"):
            self._soon()

    def _on_opened(self) -> None:
        """The document that lay there was put away by the artist."""
        self._over.append(self._own)
        self._own, self._kept = OwnCopy(self._folder), None
        self._start()

    def _on_saved(self) -> None:
        self._start()

    def _soon(self) -> None:
        if self._timer is None and self._begun:
            self._timer = asyncio.get_running_loop().call_later(EVERY_SECONDS, self._on_time)

    def _on_time(self) -> None:
        self._timer = None
        self._start()

    def _start(self) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(self.keep())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _keep(self) -> None:
        while self._over:
            await asyncio.to_thread(self._over[-1].drop)
            self._over.pop()
        document, own = self._editor.document, self._own
        if not self._editor.dirty:
            self._kept = None
            await asyncio.to_thread(own.drop)
        elif document is not self._kept:
            await asyncio.to_thread(own.write, document, self._story())
            if own is self._own:
                self._kept = document

    def _story(self) -> Story:
        desk = self._desk
        return Story(
            path=str(desk.path or ""),
            name=desk.name,
            known=desk.known,
            trusted=tuple(sorted(map(str, desk.trusted))),
        )
