"""Where a line breaks, and whether the request may have arrived: on real sockets that misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import gzip
import socket
import ssl
from pathlib import Path

import httpx
import pytest

from app.providers.bodies import json_body
from app.providers.clients import Patience
from app.providers.line import Break, LineBroke, classify
from app.providers.transport import Transport
from tests.app.providers.scripted import Act, Reply, dead_url, scripted

SMALL = {"prompt": "x"}
LARGE = {"prompt": "x" * 8_000_000}
OK = Reply(json={"id": "a"})


async def broken(transport: Transport, address: str, body: object = SMALL) -> LineBroke:
    with pytest.raises(LineBroke) as caught:
        await transport.ask("POST", address, body=json_body(body), fresh=True)
    return caught.value


@pytest.mark.parametrize(
    ("act", "body", "broke"),
    [
        (Act.RESET_BEFORE_BODY, SMALL, Break.RESET),
        (Act.RESET_BEFORE_BODY, LARGE, Break.RESET),
        (Act.RESET_IN_BODY, LARGE, Break.RESET),
        (Act.RESET_AFTER_BODY, SMALL, Break.RESET),
        (Act.CLOSE_AFTER_BODY, SMALL, Break.RESET),
        (Act.SILENT, SMALL, Break.SLOW),
        (Act.HALF_HEADERS, SMALL, Break.RESET),
        (Act.SLOW_HEADERS, SMALL, Break.SLOW),
        (Act.SLOW_BODY, SMALL, Break.SLOW),
        (Act.GARBAGE, SMALL, Break.RESET),
    ],
)
async def test_after_the_body_began_it_may_have_arrived(
    transport: Transport, act: Act, body: object, broke: Break
) -> None:
    async with scripted({"POST /create": Reply(json={"id": "a" * 40}, act=act)}) as server:
        fault = await broken(transport, f"{server.url}/create", body)
        assert (fault.broke, fault.sent) == (broke, True)
        assert server.count("POST /create") == 1


@pytest.mark.parametrize("act", [Act.HALF_BODY, Act.HALF_BODY_RESET])
@pytest.mark.parametrize("status", [200, 400, 503])
async def test_half_an_answer_keeps_its_status(transport: Transport, act: Act, status: int) -> None:
    async with scripted({"POST /create": Reply(status=status, json={"id": "a" * 40}, act=act)}) as server:
        answer = await transport.ask("POST", f"{server.url}/create", body=json_body(SMALL))
        assert (answer.status, answer.whole, answer.json) == (status, False, None)


async def test_refused(transport: Transport) -> None:
    fault = await broken(transport, dead_url())
    assert (fault.broke, fault.sent) == (Break.REFUSED, False)


async def test_name_not_found(transport: Transport) -> None:
    fault = await broken(transport, "https://api.tagloom.invalid/v1")
    assert (fault.broke, fault.sent) == (Break.NAME, False)


async def test_connect_timeout() -> None:
    transport = Transport(version="1", patience=Patience(connect=0.3))
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        place = listening.getsockname()
        for _ in range(4):  # fills the queue: further calls are neither taken nor refused
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(place)
        fault = await broken(transport, f"http://127.0.0.1:{place[1]}/")
    await transport.close()
    assert (fault.broke, fault.sent) == (Break.CONNECT_TIMEOUT, False)


@pytest.mark.parametrize("says", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b""])
async def test_tls_with_someone_who_speaks_none(transport: Transport, says: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(says)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    fault = await broken(transport, f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    server.close()
    await server.wait_closed()
    assert fault.sent is False
    assert fault.broke in ((Break.TLS,) if says else (Break.TLS, Break.REFUSED))


async def test_certificate_nobody_vouches_for(transport: Transport, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.read(100))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    fault = await broken(transport, f"https://127.0.0.1:{port}/")
    server.close()
    await server.wait_closed()
    assert (fault.broke, fault.sent) == (Break.CERTIFICATE, False)
    assert not any(seen)


async def test_proxy_that_refuses(transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    async with scripted({"CONNECT .*": Reply(status=403)}) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        fault = await broken(transport, "https://api.tagloom.invalid/v1")
        assert (fault.broke, fault.sent) == (Break.PROXY, False)
        assert proxy.count("CONNECT .*") == 1


async def test_no_free_connection() -> None:
    transport = Transport(version="1", patience=Patience(pool=0.2, read=3.0))
    async with scripted({".*": Reply(act=Act.SILENT)}) as server:
        busy = [asyncio.create_task(transport.ask("GET", server.url)) for _ in range(64)]
        await server.until(lambda: server.connections == 64)
        with pytest.raises(LineBroke) as caught:
            await transport.ask("GET", server.url)
        for one in busy:
            one.cancel()
        await asyncio.gather(*busy, return_exceptions=True)
    await transport.close()
    assert (caught.value.broke, caught.value.sent) == (Break.BUSY, False)


async def test_headers_alone_are_no_request() -> None:
    for error in (httpx.WriteTimeout("x"), httpx.WriteError("x"), httpx.ReadError("x")):
        assert classify(error, began=False).sent is False
        assert classify(error, began=True).sent is True


async def test_an_answer_that_cannot_be_unpacked_is_kept_as_unreadable(transport: Transport) -> None:
    bad = Reply(body=gzip.compress(b"{}")[:-9] + b"garbage--", headers={"Content-Encoding": "gzip"})
    async with scripted({".*": bad}) as server:
        answer = await transport.ask("POST", server.url, body=json_body(SMALL))
        assert answer.status == 200
        assert answer.json is None


async def test_a_kept_connection_that_closes_costs_no_unknown(transport: Transport) -> None:
    """A create takes a fresh connection, so that none is written to while the other side closes it."""
    async with scripted({".*": OK}) as server:
        for _ in range(3):
            await transport.ask("GET", server.url)
        assert server.connections == 1
        await transport.ask("POST", server.url, body=json_body(SMALL), fresh=True)
        await transport.ask("POST", server.url, body=json_body(SMALL), fresh=True)
        assert server.connections == 3


def _self_signed(folder: Path) -> Path:
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "self-signed.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path
