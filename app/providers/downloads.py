"""Pictures come home in a thread with an event loop of its own: the loop that draws the window never works
for a download, nor waits for a disk."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from pathlib import Path

import httpx

from app.basics.threads import give_way
from app.providers.clients import Clients
from app.providers.line import Answer, Break, LineBroke
from app.providers.new_file import NewFile, Spare

AT_ONCE = 16
_GOING = 1.0
"""Seconds that a cut download, or all of them at the end, may take to tidy up before they are left to it."""
_SAID = 2000
_MOST_SAID = 64 * 1024


class Downloads:
    """`clients` are of nobody else: they belong to the thread, which begins with the first download."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._spare = Spare()
        self._thread: _Thread | None = None

    async def fetch(self, address: str, target: Path, most: int) -> Answer:
        """One GET without any key into a new file; it is there, whole and fsynced, only when the answer's
        status is 200. Redirects are not followed. Cancelled, it cuts the line and leaves nothing.

        :raises httpx.HTTPError: the line broke
        :raises LineBroke: more than `most` bytes
        :raises Unsaved: `target` could not be written; the whole file comes with the fault
        :raises DiskTrouble: neither a disk nor memory took it
        """
        if self._thread is None:
            self._thread = _Thread(self._clients)
        one = _Download(self._clients, address, target, most, self._spare)
        ending = self._thread.begin(one)
        try:
            return await asyncio.shield(ending)
        except asyncio.CancelledError:
            ending.add_done_callback(_heard)
            one.cut()
            await asyncio.wait({ending}, timeout=_GOING)
            raise

    async def close(self) -> None:
        """Cuts what is under way."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.to_thread(thread.end)


class _Thread:
    """Runs downloads, so many at once, until it is ended."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._thread = threading.Thread(target=self._run, name="download", daemon=True)
        self._thread.start()

    def begin(self, one: _Download) -> asyncio.Future[Answer]:
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(one.run(self._places), self._loop))

    def end(self) -> None:
        with contextlib.suppress(RuntimeError):  # it is at its end already
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(_GOING)

    def _run(self) -> None:
        give_way()
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._until_over())

    async def _until_over(self) -> None:
        try:
            await self._over.wait()
        finally:
            going = asyncio.all_tasks() - {asyncio.current_task()}
            for task in going:
                task.cancel()
            await asyncio.gather(*going, return_exceptions=True)
            await self._clients.close()


class _Download:
    def __init__(self, clients: Clients, address: str, target: Path, most: int, spare: Spare) -> None:
        self._clients = clients
        self._address = address
        self._target = target
        self._most = most
        self._spare = spare
        self._cut = False
        self._task: asyncio.Task[Answer] | None = None
        self._lock = threading.Lock()

    async def run(self, places: asyncio.Semaphore) -> Answer:
        with self._lock:
            if self._cut:
                raise LineBroke(Break.RESET, sent=False)
            self._task = asyncio.current_task()
        async with places:
            return await self._fetch()

    def cut(self) -> None:
        """From any thread."""
        with self._lock:
            self._cut = True
            if self._task is not None:
                with contextlib.suppress(RuntimeError):  # the loop is closed: it has ended
                    self._task.get_loop().call_soon_threadsafe(self._task.cancel)

    async def _fetch(self) -> Answer:
        # Compressed on the way, the size could not be bounded by what comes in.
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
        client = self._clients.get(self._address)
        async with client.stream("GET", self._address, headers=headers) as response:
            if response.status_code != 200:
                return _answer(response, await _beginning(response))
            with NewFile(self._target, self._spare) as file:
                async for chunk in response.aiter_bytes():
                    if file.size + len(chunk) > self._most:
                        raise LineBroke(Break.TOO_LARGE, sent=True)
                    file.write(chunk)
                await _finish(file)
            return _answer(response, b"")


async def _finish(file: NewFile) -> None:
    """The disk may take its time: the others go on. Who is cut meanwhile still waits for it."""
    finishing = asyncio.ensure_future(asyncio.to_thread(file.finish))
    try:
        await asyncio.shield(finishing)
    except asyncio.CancelledError:
        await asyncio.wait({finishing})
        raise


async def _beginning(response: httpx.Response) -> bytes:
    """Of an answer that is no picture: enough to say what it was."""
    said = bytearray()
    with contextlib.suppress(httpx.HTTPError):
        async for chunk in response.aiter_bytes():
            said += chunk
            if len(said) > _MOST_SAID:
                break
    return bytes(said)


def _answer(response: httpx.Response, said: bytes) -> Answer:
    return Answer(
        status=response.status_code,
        headers={name.lower(): value for name, value in response.headers.items()},
        text=said.decode("utf-8", "replace")[:_SAID],
    )


def _heard(ending: asyncio.Future[Answer]) -> None:
    """Nobody waits for it any more."""
    if not ending.cancelled():
        ending.exception()
