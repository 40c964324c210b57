"""Uploads that are done once: remembered until they expire, and made by one when many want the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from app.basics.clock import Clock
from app.providers.contract import UploadMemory

_LATELY = 60.0
"""Seconds that the memory is not asked again for the same photograph: a batch asks for it at each picture."""


class SessionUploads:
    """An upload memory that lives as long as the process: for the sandbox, whose addresses come back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[str, datetime]] = {}

    async def recall(self, address: str, sha256: str) -> str | None:
        uri, expires = self._known.get((address, sha256), ("", None))
        return uri if expires is not None and expires > self._clock.now() else None

    async def remember(self, address: str, sha256: str, uri: str, expires: datetime) -> None:
        self._known[address, sha256] = (uri, expires)

    async def forget(self, address: str, sha256: str) -> None:
        self._known.pop((address, sha256), None)


class UploadDesk:
    """Each content goes to `address` (a vendor account) once while its upload is good for `keeps`.

    Many may ask for the same at once: one uploads, the others wait and get its address. One that is
    cancelled leaves the work to the next.
    """

    def __init__(self, *, memory: UploadMemory, clock: Clock, address: str, keeps: timedelta) -> None:
        self._memory = memory
        self._clock = clock
        self._address = address
        self._keeps = keeps
        self._turns: dict[str, tuple[asyncio.Lock, int]] = {}
        self._lately: dict[str, tuple[float, str]] = {}

    async def once(self, sha256: str, upload: Callable[[], Awaitable[str]]) -> str:
        until, known = self._lately.get(sha256, (0.0, ""))
        if known and self._clock.monotonic() < until:
            return known
        async with self._turn(sha256):
            uri = await self._memory.recall(self._address, sha256)
            if uri is None:
                began = self._clock.now()
                uri = await upload()
                await self._memory.remember(self._address, sha256, uri, began + self._keeps)
            self._lately[sha256] = (self._clock.monotonic() + _LATELY, uri)
            return uri

    async def forget(self, sha256: str) -> None:
        self._lately.pop(sha256, None)
        await self._memory.forget(self._address, sha256)

    @asynccontextmanager
    async def _turn(self, sha256: str) -> AsyncIterator[None]:
        lock, wanting = self._turns.get(sha256, (asyncio.Lock(), 0))
        self._turns[sha256] = (lock, wanting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, wanting = self._turns.pop(sha256)
            if wanting > 1:
                self._turns[sha256] = (lock, wanting - 1)
