"""What goes straight to a host is on the line what httpx would send, and breaks as it would."""

from __future__ import annotations

import gzip
import json

import httpcore
import httpx
import pytest

from app.providers import direct
from app.providers.line import Break, LineBroke
from app.providers.transport import Transport
from tests.app.providers.scripted import Act, Reply, scripted


async def test_the_same_headers_as_httpx_sends(transport: Transport) -> None:
    async with scripted({".*": Reply(json=1)}) as server:
        await transport.ask("GET", f"{server.url}/a/b?c=d", headers={"X-A": "b"})
        async with httpx.AsyncClient(trust_env=False) as client:
            client.headers["User-Agent"] = "Tagloom/9.9"
            client.headers["Accept-Encoding"] = "gzip, deflate"
            await client.get(f"{server.url}/a/b?c=d", headers={"Accept": "application/json", "X-A": "b"})
        ours, theirs = server.seen
        assert ours.headers == theirs.headers
        assert ours.path == theirs.path


@pytest.mark.parametrize("rest", ["", "/", "/a%20b", "/a b", "/ü", "/a/../b", "/x?q=a%2Fb&c=d e", "/x?"])
async def test_addresses_are_written_as_httpx_writes_them(transport: Transport, rest: str) -> None:
    address = f"http://127.0.0.1:8{rest}"
    url, host = direct._url(address)
    whole = httpx.URL(address)
    assert (url.target, host) == (whole.raw_path, whole.netloc)
    assert (url.scheme, url.host, url.port) == (b"http", b"127.0.0.1", 8)


async def test_a_post_without_a_body_says_so(transport: Transport) -> None:
    async with scripted({".*": Reply(json=1)}) as server:
        await transport.ask("POST", server.url)
        await transport.ask("GET", server.url)
        assert server.seen[0].headers["content-length"] == "0"
        assert "content-length" not in server.seen[1].headers


async def test_a_packed_answer_is_unpacked(transport: Transport) -> None:
    packed = gzip.compress(json.dumps({"text": "x" * 5000}).encode())
    async with scripted({".*": Reply(body=packed, headers={"Content-Encoding": "gzip"})}) as server:
        assert (await transport.ask("GET", server.url)).mapping == {"text": "x" * 5000}
        assert not (await transport.ask("GET", server.url, most=1000)).whole


async def test_a_badly_packed_answer_is_not_whole(transport: Transport) -> None:
    async with scripted({".*": Reply(body=b"no gzip", headers={"Content-Encoding": "gzip"})}) as server:
        answer = await transport.ask("GET", server.url)
        assert (answer.status, answer.whole, answer.json) == (200, False, None)


async def test_half_an_answer_is_not_whole(transport: Transport) -> None:
    async with scripted({".*": Reply(body=b"1" * 5000, act=Act.HALF_BODY)}) as server:
        answer = await transport.ask("GET", server.url)
        assert (answer.status, answer.whole, answer.json) == (200, False, None)


async def test_a_header_that_breaks_the_line_is_not_sent(transport: Transport) -> None:
    async with scripted({".*": Reply(json=1)}) as server:
        with pytest.raises(LineBroke) as caught:
            await transport.ask("GET", server.url, headers={"X-A": "b\r\nX-C: d"})
        assert caught.value.broke is Break.UNSENDABLE
        assert server.seen == []


@pytest.mark.parametrize("error", direct.BROKEN)
def test_every_break_has_its_name_at_httpx(error: type[Exception]) -> None:
    kinds = [error, *error.__subclasses__()]
    for kind in kinds:
        with pytest.raises(httpx.TransportError) as caught, direct.as_httpx():
            raise kind("x")
        assert type(caught.value).__name__ == kind.__name__
        assert isinstance(caught.value.__cause__, kind)


def test_no_break_of_httpcore_is_left_out() -> None:
    known = {getattr(httpcore, name) for name in httpcore.__all__ if name != "SOCKET_OPTION"}
    errors = {one for one in known if isinstance(one, type) and issubclass(one, Exception)}
    assert {one for one in errors if not issubclass(one, direct.BROKEN)} == {httpcore.ConnectionNotAvailable}
