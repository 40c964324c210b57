"""Uploads that are done once: remembered until they expire, and made by one when many want the same."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from app.basics.clock import Clock
from app.basics.faults import Fault, Where
from app.catalogue.request import ImageRequest, Photograph
from app.providers.contract import UploadMemory

_LATELY = 60.0
"""Seconds that the memory is not asked again for the same photograph: a batch asks for it at each picture."""


async def brought(request: ImageRequest, bring: Callable[[Photograph], Awaitable[str]]) -> Mapping[str, str]:
    """What `bring` gives for each photograph, by its hash: all at once, each content once.

    :raises Fault: the first that failed, at the place of its reference
    """
    photographs = {one.photograph.sha256: one.photograph for one in request.references}
    places = {one.photograph.sha256: at for at, one in reversed(tuple(enumerate(request.references)))}
    found: dict[str, str] = {}

    async def one(photograph: Photograph) -> None:
        try:
            found[photograph.sha256] = await bring(photograph)
        except Fault as fault:
            fault.at(Where(socket="reference_images", item=places[photograph.sha256]))
            raise

    try:
        async with asyncio.TaskGroup() as group:
            for photograph in photographs.values():
                group.create_task(one(photograph))
    except ExceptionGroup as several:  # not except*: before Python 3.11.4 it wraps what is raised in it
        faults, rest = several.split(Fault)
        if faults is None or rest is not None:
            raise
        raise _first(faults) from None
    return found


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

    @classmethod
    def of_account(
        cls, address: str, key: str, *, memory: UploadMemory, clock: Clock, keeps: timedelta
    ) -> UploadDesk:
        """Of one key at one address: what another account has uploaded is not its own."""
        account = hashlib.sha256(key.encode()).hexdigest()[:12]
        return cls(memory=memory, clock=clock, address=f"{address}#{account}", keeps=keeps)

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


def _first(several: BaseExceptionGroup[Fault]) -> Fault:
    """The one fault to show of those that came together."""
    one: BaseException = several
    while isinstance(one, BaseExceptionGroup):
        one = one.exceptions[0]
    assert isinstance(one, Fault)
    return one
