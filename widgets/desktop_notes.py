"""Notes of the desktop (org.freedesktop.Notifications), over this session's D-Bus; none where there is none.

https://specifications.freedesktop.org/notification-spec/1.2/
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import logging
import os
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.platform == "linux":
    from jeepney import DBusAddress, HeaderFields, MatchRule, message_bus, new_method_call
    from jeepney.io.asyncio import Proxy, open_dbus_router
    from jeepney.io.common import RouterClosed
    from jeepney.wrappers import DBusErrorResponse, unwrap_msg

    TROUBLE = (OSError, EOFError, ValueError, KeyError, TimeoutError, RouterClosed, DBusErrorResponse)
else:
    TROUBLE = (OSError,)

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
PATIENCE = 3.0
"""Seconds that the desktop has to answer."""
log = logging.getLogger("tagloom.notes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """`picture` is shown beside the words where the desktop can; `pressed` is what a click on it does, with
    what the desktop gives to be let in front (empty where it gives nothing)."""

    title: str
    text: str
    urgent: bool
    sound: bool
    picture: Path | None
    button: str
    pressed: Callable[[str], None]


class DesktopNotes:
    """Connected at the first note. Every call ends within `PATIENCE` and raises nothing."""

    def __init__(self) -> None:
        self._router: Any = None
        self._line = AsyncExitStack()
        self._notes: dict[int, Note] = {}
        self._tokens: dict[int, str] = {}

    async def show(self, note: Note) -> bool:
        """Whether the desktop took it."""
        if sys.platform != "linux" or not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
            return False
        try:
            async with asyncio.timeout(PATIENCE):
                if self._router is None:
                    self._router = await self._connect()
                (number,) = await self._ask("Notify", "susssasa{sv}i", _body(note))
        except TROUBLE as error:
            log.info("The desktop took no note: %r", error)
            await self.close()
            return False
        self._notes[number] = note
        return True

    async def clear(self) -> None:
        """What was shown has been seen."""
        notes, self._notes = tuple(self._notes), {}
        with contextlib.suppress(*TROUBLE):
            async with asyncio.timeout(PATIENCE):
                for number in notes:
                    await self._ask("CloseNotification", "u", (number,))

    async def close(self) -> None:
        """May be called twice."""
        self._notes.clear()
        self._router = None
        line, self._line = self._line, AsyncExitStack()
        with contextlib.suppress(*TROUBLE):
            await line.aclose()

    async def _connect(self) -> Any:
        """A line to the bus, on which what the desktop says of notes is heard."""
        router = await self._line.enter_async_context(open_dbus_router("SESSION"))
        rule = MatchRule(type="signal", interface=NAME, path=PATH)
        await Proxy(message_bus, router).AddMatch(rule)
        queue = self._line.enter_context(router.filter(rule, bufsize=64))
        hearing = asyncio.get_running_loop().create_task(self._hear(queue))

        async def deaf() -> None:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)

        self._line.push_async_callback(deaf)
        return router

    async def _ask(self, method: str, signature: str, body: tuple[Any, ...]) -> tuple[Any, ...]:
        call = new_method_call(DBusAddress(PATH, bus_name=NAME, interface=NAME), method, signature, body)
        answer: tuple[Any, ...] = unwrap_msg(await self._router.send_and_get_reply(call))
        return answer

    async def _hear(self, queue: asyncio.Queue[Any]) -> None:
        while True:
            message = await queue.get()
            self._heard(str(message.header.fields.get(HeaderFields.member)), message.body)

    def _heard(self, member: str, body: tuple[Any, ...]) -> None:
        match member, body:
            case "ActivationToken", (int(number), str(token)):
                self._tokens[number] = token
            case "ActionInvoked", (int(number), str()):
                note = self._notes.pop(number, None)
                if note is not None:
                    note.pressed(self._tokens.pop(number, ""))
            case "NotificationClosed", (int(number), int()):
                self._notes.pop(number, None)
                self._tokens.pop(number, None)


def _body(note: Note) -> tuple[Any, ...]:
    """Application, what it replaces, icon, title, text, buttons, hints, milliseconds (-1: as the desktop)."""
    hints: dict[str, tuple[str, Any]] = {
        "desktop-entry": ("s", "tagloom"),
        "urgency": ("y", 2 if note.urgent else 1),
        "category": ("s", "transfer.error" if note.urgent else "transfer.complete"),
    }
    if note.sound:
        hints["sound-name"] = ("s", "dialog-warning" if note.urgent else "complete")
    else:
        hints["suppress-sound"] = ("b", True)
    if note.picture is not None:
        hints["image-path"] = ("s", note.picture.as_uri())
    text = html.escape(note.text, quote=False)  # desktops read it as markup
    return ("Tagloom", 0, "tagloom", note.title, text, ["default", note.button], hints, -1)
