"""Connections are kept, taken again, bounded, and never taken when the other side has closed them."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from app.providers import clients
from app.providers.bodies import Body, json_body
from app.providers.clients import Patience
from app.providers.line import Break, LineBroke
from app.providers.transport import Transport


class Host:
    """Counts its connections. It closes each after `most` answers, if that is not 0; `slow` seconds each."""

    def __init__(self, most: int = 0, slow: float = 0.0) -> None:
        self.most = most
        self.slow = slow
        self.opened = 0
        self.now = 0
        self.peak = 0
        self.url = ""

    async def __aenter__(self) -> Host:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        self.now += 1
        self.peak = max(self.peak, self.now)
        answers = 0
        try:
            while not self.most or answers < self.most:
                await reader.readuntil(b"\r\n\r\n")
                await asyncio.sleep(self.slow)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")
                answers += 1
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.now -= 1
            writer.close()

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not true():  # noqa: ASYNC110
                await asyncio.sleep(0.005)


async def test_one_after_the_other_share_a_connection(transport: Transport) -> None:
    async with Host() as host:
        for _ in range(5):
            assert (await transport.ask("GET", host.url)).json == 1
        assert host.opened == 1
        await transport.close()
        await host.until(lambda: host.now == 0)


async def test_a_fresh_one_is_nobody_elses(transport: Transport) -> None:
    async with Host() as host:
        for _ in range(3):
            await transport.ask("GET", host.url, fresh=True)
        assert host.opened == 3
        await host.until(lambda: host.now == 0)


async def test_what_the_other_side_has_closed_is_not_taken_again(transport: Transport) -> None:
    async with Host(most=1) as host:
        for _ in range(4):
            assert (await transport.ask("GET", host.url)).status == 200
            await host.until(lambda: host.now == 0)
        assert host.opened == 4


async def test_a_photograph_that_breaks_off_takes_its_line_with_it(transport: Transport) -> None:
    """Before its headers have gone or after: nothing stays open, and the next has a line of its own."""

    async def none() -> AsyncGenerator[bytes, None]:
        raise OSError("gone")
        yield b""

    async def half() -> AsyncGenerator[bytes, None]:
        yield b"x"
        raise OSError("gone")

    async with Host() as host:
        for opened, chunks in enumerate((none, half), start=1):
            with pytest.raises(OSError, match="gone"):
                await transport.ask("POST", host.url, body=Body(mime="a/b", length=2, chunks=chunks))
            await host.until(lambda opened=opened: host.opened == opened and host.now == 0)
        assert (await transport.ask("GET", host.url)).json == 1


async def test_one_that_is_cancelled_at_any_moment_leaves_nothing_open(transport: Transport) -> None:
    async with Host(slow=0.01) as host:
        for turns in range(60):
            asking = asyncio.create_task(transport.ask("GET", host.url, fresh=True))
            for _ in range(turns):
                await asyncio.sleep(0)
            asking.cancel()
            await asyncio.wait({asking})
            await host.until(lambda: host.now == 0)
        assert host.opened > 0


async def test_what_has_been_idle_too_long_is_not_taken_again() -> None:
    transport = Transport(version="1", patience=Patience(idle=0.05))
    async with Host() as host:
        await asyncio.gather(*(transport.ask("GET", host.url) for _ in range(3)))
        assert host.opened == 3
        await asyncio.sleep(0.1)
        await transport.ask("GET", host.url)
        assert host.opened == 4
        await transport.close()


async def test_many_at_once_are_bounded_and_all_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "MOST", 5)
    transport = Transport(version="1")
    async with Host(slow=0.01) as host:
        answers = await asyncio.gather(*(transport.ask("GET", host.url) for _ in range(40)))
        assert [answer.json for answer in answers] == [1] * 40
        assert host.peak == host.opened == 5
        await transport.close()


async def test_one_without_a_place_in_time_was_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "MOST", 1)
    transport = Transport(version="1", patience=Patience(pool=0.05))
    async with Host(slow=0.3) as host:
        first = asyncio.create_task(transport.ask("GET", host.url))
        await host.until(lambda: host.opened == 1)
        with pytest.raises(LineBroke) as caught:
            await transport.ask("GET", host.url)
        assert (caught.value.broke, caught.value.sent) == (Break.BUSY, False)
        assert (await first).status == 200
        await transport.close()


async def test_one_that_is_cancelled_gives_its_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "MOST", 1)
    transport = Transport(version="1", patience=Patience(pool=1.0))
    async with Host(slow=0.2) as host:
        for _ in range(3):
            asking = asyncio.create_task(transport.ask("GET", host.url))
            await asyncio.sleep(0.05)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
        assert (await transport.ask("GET", host.url)).status == 200
        await transport.close()


async def test_one_that_cannot_be_opened_gives_its_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "MOST", 1)
    transport = Transport(version="1", patience=Patience(pool=0.5))
    async with Host() as host:
        gone = host.url
    for _ in range(3):
        with pytest.raises(LineBroke) as caught:
            await transport.ask("GET", gone)
        assert (caught.value.broke, caught.value.sent) == (Break.REFUSED, False)
    await transport.close()


@pytest.mark.parametrize(
    ("name", "straight"), [("ALL_PROXY", False), ("HTTP_PROXY", False), ("NOTHING", True)]
)
async def test_a_proxy_of_the_computer_is_still_asked(
    monkeypatch: pytest.MonkeyPatch, name: str, straight: bool
) -> None:
    """The proxy answers itself for an address that is not of this computer."""
    for one in ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(one, raising=False)
        monkeypatch.delenv(one.lower(), raising=False)
    transport = Transport(version="1", patience=Patience(connect=0.5))
    async with Host() as proxy:
        monkeypatch.setenv(name, proxy.url)
        if straight:
            with pytest.raises(LineBroke):
                await transport.ask("GET", "http://api.tagloom.invalid/x")
        else:
            assert (await transport.ask("GET", "http://api.tagloom.invalid/x")).json == 1
        assert proxy.opened == (0 if straight else 1)
        await transport.close()


@pytest.mark.parametrize(
    "path", ["/a%2Fb/c?X-Amz-Signature=a%2Bb%3D&q=1%202", "/%E6%94%BE%20x?_jwt=a.b-c_d~e"]
)
async def test_a_signed_address_goes_out_as_it_is(transport: Transport, path: str) -> None:
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert (await transport.ask("GET", f"http://127.0.0.1:{port}{path}", fresh=True)).status == 200
    server.close()
    await server.wait_closed()
    assert heard[0].startswith(f"GET {path} HTTP/1.1\r\n".encode())


async def test_a_host_that_reads_nothing_is_given_up_and_may_have_heard(transport: Transport) -> None:
    """The patience for writing: much more than the line itself takes up."""
    let_go = asyncio.Event()

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await let_go.wait()
        writer.close()

    transport = Transport(version="1", patience=Patience(write=0.3, whole=5.0))
    server = await asyncio.start_server(deaf, "127.0.0.1", 0, limit=1024)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    began = asyncio.get_running_loop().time()
    with pytest.raises(LineBroke) as caught:
        await transport.ask("POST", address, body=json_body("x" * 30_000_000), fresh=True)
    assert (caught.value.broke, caught.value.sent) == (Break.SLOW, True)
    assert asyncio.get_running_loop().time() - began < 4
    let_go.set()
    await transport.close()
    server.close()
    await server.wait_closed()


async def test_who_refuses_early_is_not_sent_the_rest(transport: Transport) -> None:
    """The status counts, the line is cut, and the body's own file is let go of."""
    came = 0
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal came
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}")
        await writer.drain()
        await asyncio.sleep(0.1)
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(1 << 16):
                came += len(piece)
        writer.close()
        over.set()

    ended = False

    async def chunks() -> AsyncGenerator[bytes, None]:
        nonlocal ended
        try:
            for _ in range(200):
                yield b"x" * 500_000
        finally:
            ended = True

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1024)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    body = Body(mime="a/b", length=100_000_000, chunks=chunks)
    answer = await transport.ask("POST", address, body=body, fresh=True)
    assert answer.status == 401
    async with asyncio.timeout(5):
        await over.wait()
    await asyncio.sleep(0)
    assert ended
    assert came < 50_000_000
    server.close()
    await server.wait_closed()


async def test_downloads_under_way_end_with_the_transport(transport: Transport, tmp_path: Path) -> None:
    async with Host(slow=3.0) as host:
        asking = asyncio.create_task(transport.download(host.url, tmp_path / "new", base=host.url))
        await host.until(lambda: host.opened == 1)
        await transport.close()
        await asyncio.wait({asking}, timeout=2)
        assert asking.done()
        assert asking.cancelled() or asking.exception() is not None
        assert os.listdir(tmp_path) == []
        await host.until(lambda: host.now == 0)
