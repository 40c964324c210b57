"""Pictures come home in threads: the loop that draws the window never works for a download, and a megabyte
costs half as much as through the loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from app.basics.threads import give_way
from app.providers.line import Answer, Break, LineBroke
from app.providers.new_file import NewFile, Spare

AT_ONCE = 16
_GOING = 1.0
"""Seconds that a cut download may take to tidy up before it is left to do so by itself."""
_SAID = 2000
_MOST_SAID = 64 * 1024


class Downloads:
    """`client` gives the HTTP client for an address. Threads begin with the first download."""

    def __init__(self, client: Callable[[str], httpx.Client]) -> None:
        self._client = client
        self._threads: ThreadPoolExecutor | None = None
        self._spare = Spare()

    async def fetch(self, address: str, target: Path, most: int) -> Answer:
        """One GET without any key into a new file; it is there, whole and fsynced, only when the answer's
        status is 200. Redirects are not followed. Cancelled, it cuts the line and leaves nothing.

        :raises httpx.HTTPError: the line broke
        :raises LineBroke: more than `most` bytes
        :raises Unsaved: `target` could not be written; the whole file comes with the fault
        :raises DiskTrouble: neither a disk nor memory took it
        """
        if self._threads is None:
            self._threads = ThreadPoolExecutor(AT_ONCE, "download", initializer=give_way)
        one = _Download(self._client(address), address, target, most, self._spare)
        job = self._threads.submit(one.run)
        ending = asyncio.wrap_future(job)
        try:
            return await asyncio.shield(ending)
        except asyncio.CancelledError:
            if not job.cancel():
                one.cut()
                ending.add_done_callback(_heard)
                await asyncio.wait({ending}, timeout=_GOING)
            raise

    def close(self) -> None:
        """Does not wait: what was cut ends by itself."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None


class _Download:
    def __init__(self, client: httpx.Client, address: str, target: Path, most: int, spare: Spare) -> None:
        self._client = client
        self._address = address
        self._target = target
        self._most = most
        self._spare = spare
        self._socket: socket.socket | None = None
        self._cut = False
        self._lock = threading.Lock()

    def run(self) -> Answer:
        # Compressed on the way, the size could not be bounded by what comes in.
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
        with self._client.stream("GET", self._address, headers=headers) as response:
            self._hold(response)
            if response.status_code != 200:
                return _answer(response, _beginning(response))
            with NewFile(self._target, self._spare) as file:
                for chunk in response.iter_bytes():
                    if file.size + len(chunk) > self._most:
                        raise LineBroke(Break.TOO_LARGE, sent=True)
                    file.write(chunk)
                    if self._cut:
                        raise LineBroke(Break.RESET, sent=True)
                file.finish()
            return _answer(response, b"")

    def cut(self) -> None:
        """From any thread: wakes a read that waits. Of a TLS line it is the line below that is cut, since
        the one above is in use."""
        with self._lock:
            self._cut = True
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _hold(self, response: httpx.Response) -> None:
        stream = response.extensions.get("network_stream")
        with self._lock:
            self._socket = stream.get_extra_info("socket") if stream is not None else None
            if self._cut:
                raise LineBroke(Break.RESET, sent=True)


def _beginning(response: httpx.Response) -> bytes:
    """Of an answer that is no picture: enough to say what it was."""
    said = bytearray()
    with contextlib.suppress(httpx.HTTPError):
        for chunk in response.iter_bytes():
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
