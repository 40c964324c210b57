"""Answers later starts of the program: a window that has their document comes to front, one that nobody has
worked in yet takes it, and any other leaves it to a window of its own. Nothing that is open is put away."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.basics.doors import MOST_BYTES, Door
from app.basics.handing import TOKENS, Start
from widgets.apart import open_apart
from widgets.desktop import Program
from widgets.workbench import Workbench

PATIENCE = 5.0
"""Seconds that somebody who knocks has to say what they want."""
MOST_WINDOWS = 12
"""So many documents of one start get windows; the others are told."""
SEEN_MS = 700
"""After that long a window that was not let in front asks for attention."""


class Doorkeeper(QObject):
    """From `begin` until `close`."""

    def __init__(self, bench: Workbench, start: Start) -> None:
        super().__init__(bench)
        self._bench, self._door = bench, start.door
        self._more = start.files[1:]
        self._server: asyncio.Server | None = None
        self._taking = False

    async def begin(self) -> None:
        """Further files of this start get windows of their own."""
        bench = self._bench
        bench.window.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, Program):
            app.file_wanted.connect(self._on_file)
        if self._door is not None:
            self._server = await _served(self._door, self._hear)
        for file in self._more[: MOST_WINDOWS - 1]:
            open_apart((file,))
        if left := self._more[MOST_WINDOWS - 1 :]:
            words = self.tr("{n} more documents were not opened.").format(n=len(left))
            bench.banner.say(words, self.tr("Open them from here, a few at a time."), error=False)

    async def close(self) -> None:
        """May be called twice."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
            await server.wait_closed()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        activated = event.type() == QEvent.Type.WindowActivate and watched is self._bench.window
        if activated and self._door is not None:
            self._door.used()
        return False

    def _on_file(self, file: str) -> None:
        self._bench.tasks.start(self._opened(file))

    async def _opened(self, file: str) -> None:
        if not await self._has((file,)) and not self._free((file,)):
            open_apart((file,))

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, ValueError, TimeoutError, asyncio.IncompleteReadError):
                line = await asyncio.wait_for(reader.readline(), PATIENCE)
                said = await self._answer(json.loads(line))
                writer.write(json.dumps(said).encode("utf-8", "surrogatepass") + b"\n")
                await writer.drain()
        finally:
            writer.close()

    async def _answer(self, errand: Any) -> Mapping[str, object]:
        """:raises ValueError: not one of our own starts"""
        if not isinstance(errand, dict) or self._door is None:
            raise ValueError("not an errand")
        if not hmac.compare_digest(str(errand.get("secret", "")).encode(), self._door.secret.encode()):
            raise ValueError("a stranger")
        files = tuple(str(one) for one in errand.get("files", ()))
        match errand.get("ask"):
            case "front":
                taken: Sequence[str] = ()
            case "has":
                taken = await self._has(files)
            case "free":
                taken = self._free(files)
            case _:
                raise ValueError("not a question")
        front = bool(taken) or errand.get("ask") == "front"
        if front:
            to_front(self._bench.window, errand.get("tokens"))
        return {"taken": list(taken), "front": front}

    async def _has(self, files: Sequence[str]) -> tuple[str, ...]:
        path = self._bench.studio.desk.path
        if path is None:
            return ()
        real = await asyncio.to_thread(lambda: [Path(one).resolve() for one in files])
        return tuple(one for one, at in zip(files, real, strict=True) if at == path)

    def _free(self, files: Sequence[str]) -> tuple[str, ...]:
        """The first, where nobody has worked here yet."""
        studio = self._bench.studio
        busy = self._taking or studio.runs.busy or QApplication.activeModalWidget() is not None
        if not files or busy or not studio.desk.untouched:
            return ()
        self._taking = True
        self._bench.tasks.start(self._take(files[0]))
        return (files[0],)

    async def _take(self, file: str) -> None:
        try:
            await self._bench.files.open_path(Path(file))
        finally:
            self._taking = False


async def _served(door: Door, hear: Any) -> asyncio.Server:
    door.socket.setblocking(False)
    if door.secret:
        return await asyncio.start_server(hear, sock=door.socket, limit=MOST_BYTES)
    return await asyncio.start_unix_server(hear, sock=door.socket, limit=MOST_BYTES)


def to_front(window: QWidget, tokens: object = None) -> None:
    """In front, with what the desktop gave somebody to be let there; where it does not let us, the window
    asks for attention in the task bar."""
    if isinstance(tokens, dict):
        for name in TOKENS:
            token = tokens.get(name)
            if isinstance(token, str) and token and "\0" not in token:
                os.environ[name] = token  # Qt's Wayland part reads it when it asks to be in front
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
    later = QTimer(window, singleShot=True, interval=SEEN_MS)
    later.timeout.connect(lambda: None if window.isActiveWindow() else QApplication.alert(window))
    later.timeout.connect(later.deleteLater)
    later.start()
