"""The way to a vendor, step by step, at real servers on this computer."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app import compose
from app.basics.clock import SystemClock
from app.basics.faults import BadInput
from app.providers.probe import Patience, Probe
from app.providers.registry import Registry
from app.providers.steps import Report, Step, StepName, StepState
from app.providers.transport import Transport
from app.providers.uploads import SessionUploads
from tests.app.providers.certificates import contexts, issued
from tests.app.providers.scripted import Act, Reply, dead_url, scripted

KEY = "key_" + "0123456789abcdef" * 8
SOON = Patience(line=1.0, answer=0.6)
GOOD, BAD, NONE, WARNING = StepState.GOOD, StepState.BAD, StepState.NONE, StepState.WARNING


@asynccontextmanager
async def probe_at(
    address: str, *, key: str | None = KEY, trust: ssl.SSLContext | None = None
) -> AsyncIterator[Probe]:
    """Runway's own file at an address, with the transport of real calls."""
    transport = Transport(version="9.9", trust=trust)
    registry = Registry(
        compose.vendor_kinds(transport, SessionUploads(SystemClock()), SystemClock(), Path),
        find_key=lambda vendor: key,
        environment={"RUNWAYML_BASE_URL": address},
        sandbox_url=nobody,
    )
    try:
        yield Probe(registry, transport, patience=SOON)
    finally:
        await registry.close()
        await transport.close()


async def nobody() -> str:
    raise AssertionError("the sandbox was started")


async def report_of(address: str, *, key: str | None = KEY, trust: ssl.SSLContext | None = None) -> Report:
    async with probe_at(address, key=key, trust=trust) as probe:
        report = await probe.test("runway")
    for step in report.steps:
        assert KEY not in f"{step}", "no step shows a key"
        assert step.words.endswith((".", "?")), step
    return report


def states(report: Report) -> dict[StepName, StepState]:
    return {step.name: step.state for step in report.steps}


def last(report: Report) -> Step:
    return report.steps[-1]


async def test_a_name_that_nobody_has() -> None:
    report = await report_of("https://api.tagloom.invalid")
    assert states(report) == {StepName.NAME: BAD}
    assert "api.tagloom.invalid was not found" in last(report).words
    assert "DNS" in last(report).advice
    assert not report.well


async def test_a_port_that_is_closed() -> None:
    report = await report_of(dead_url())
    assert states(report) == {StepName.NAME: GOOD, StepName.CONNECTION: BAD}
    assert "does not take the call" in last(report).words


async def test_an_address_that_is_none() -> None:
    report = await report_of("http://example.com")
    assert last(report).state is BAD
    assert "RUNWAYML_BASE_URL" in last(report).words


async def test_a_vendor_that_nobody_knows() -> None:
    async with probe_at(dead_url()) as probe:
        with pytest.raises(BadInput):
            await probe.test("nobody")


async def test_an_issuer_that_this_computer_does_not_trust(tmp_path: Path) -> None:
    server, _ = issued(tmp_path, "ACME Proxy")
    async with scripted({".*": Reply(json={})}, tls=server) as there:
        report = await report_of(there.url)
        assert there.seen == [], "not a byte of a request left"
    assert states(report) == {StepName.NAME: GOOD, StepName.CONNECTION: GOOD, StepName.CERTIFICATE: BAD}
    assert "The certificate is from ACME Proxy" in last(report).words
    assert "not a public authority" in last(report).words
    assert "Nothing was sent." in last(report).advice


async def test_a_certificate_that_signs_itself(tmp_path: Path) -> None:
    server, _ = contexts(tmp_path)
    async with scripted({".*": Reply(json={})}, tls=server) as there:
        report = await report_of(there.url)
    assert "signed by itself (a test)" in last(report).words


async def test_an_issuer_that_only_this_computer_trusts(tmp_path: Path) -> None:
    """A company's proxy that this computer was told to trust: it works, and it is said who reads along."""
    server, trust = issued(tmp_path, "ACME Proxy")
    async with scripted({"GET /v1/organization": Reply(json={"creditBalance": 500})}, tls=server) as there:
        report = await report_of(there.url, trust=trust)
    certificate = next(step for step in report.steps if step.name is StepName.CERTIFICATE)
    assert certificate.state is WARNING
    assert certificate.words.startswith("The certificate is from ACME Proxy, not a public authority:")
    assert "TLS 1." in certificate.words
    assert "good until 2" in certificate.words
    assert "Ask who runs the network" in certificate.advice
    assert report.well
    assert "500 Runway credits left." in last(report).words


async def test_a_certificate_for_another_name(tmp_path: Path) -> None:
    server, trust = issued(tmp_path, "Hotel", address="127.0.0.2")
    async with scripted({".*": Reply(json={})}, tls=server) as there:
        report = await report_of(there.url, trust=trust)
    assert "for another name than 127.0.0.1; it is from Hotel" in last(report).words


async def test_a_certificate_of_yesterday(tmp_path: Path) -> None:
    server, trust = issued(tmp_path, "Old", days=-1)
    async with scripted({".*": Reply(json={})}, tls=server) as there:
        report = await report_of(there.url, trust=trust)
    assert last(report).words == "The certificate of 127.0.0.1 has expired."
    assert "clock" in last(report).advice


async def test_what_is_no_tls_at_all() -> None:
    async with scripted({".*": Reply(json={})}) as there:
        report = await report_of(there.url.replace("http:", "https:"))
    assert last(report).name is StepName.CERTIFICATE
    assert "No safe connection to Runway" in last(report).words


async def test_a_server_that_never_answers_is_given_up() -> None:
    async with scripted({".*": Reply(act=Act.SILENT)}) as there:
        began = time.monotonic()
        report = await report_of(there.url)
    assert time.monotonic() - began < 5
    assert states(report)[StepName.ANSWER] is BAD
    assert "did not answer in 1 seconds" in last(report).words


async def test_it_can_be_stopped_in_the_middle() -> None:
    told: list[Step] = []
    async with scripted({".*": Reply(act=Act.SILENT)}) as there, probe_at(there.url) as probe:
        task = asyncio.ensure_future(probe.test("runway", told.append))
        await there.until(lambda: bool(there.seen))
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    assert task.cancelled()
    assert told[-1].name is StepName.ANSWER
    assert told[-1].state is StepState.WORKING


async def test_a_key_that_is_not_taken() -> None:
    async with scripted({".*": Reply(status=401, json={"error": f"no such key {KEY}"})}) as there:
        report = await report_of(there.url)
    assert states(report)[StepName.ANSWER] is GOOD
    assert last(report).name is StepName.KEY
    assert last(report).state is BAD
    assert "did not take the key" in last(report).words


async def test_all_is_well() -> None:
    async with scripted({"GET /v1/organization": Reply(json={"creditBalance": 500})}) as there:
        told: list[Step] = []
        async with probe_at(there.url) as probe:
            report = await probe.test("runway", told.append)
        assert [one.method for one in there.seen] == ["GET"], "it buys nothing"
    assert states(report) == {
        StepName.NAME: GOOD, StepName.CONNECTION: GOOD, StepName.CERTIFICATE: NONE,
        StepName.ANSWER: GOOD, StepName.KEY: GOOD, StepName.BALANCE: GOOD,
    }  # fmt: skip
    assert report.account is not None
    assert report.account.balance == 500
    assert tuple(one for one in told if one.state is not StepState.WORKING) == report.steps
    assert [one.name for one in told if one.state is StepState.WORKING] == [
        StepName.NAME, StepName.CONNECTION, StepName.ANSWER,
    ]  # fmt: skip


async def test_without_a_key_the_way_is_looked_at_all_the_same() -> None:
    async with scripted({".*": Reply(status=404, json={})}) as there:
        report = await report_of(there.url, key=None)
        assert [("authorization" in one.headers) for one in there.seen] == [False]
    assert states(report)[StepName.ANSWER] is GOOD
    assert (last(report).name, last(report).state) == (StepName.KEY, NONE)
    assert report.well


async def test_a_key_that_cannot_be_one() -> None:
    async with scripted({".*": Reply(json={})}) as there:
        report = await report_of(there.url, key="two words")
        assert there.seen == []
    assert (last(report).name, last(report).state) == (StepName.KEY, BAD)
    assert "two words" not in last(report).words


async def test_logs_show_no_key(all_logs: pytest.LogCaptureFixture) -> None:
    async with scripted({".*": Reply(status=401, json={"error": KEY})}) as there:
        await report_of(there.url)
    assert KEY not in all_logs.text


# --- proxies --------------------------------------------------------------------------------------


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


async def test_a_proxy_is_named_without_its_password(proxied: pytest.MonkeyPatch) -> None:
    """It refuses; the name of the vendor is its own matter."""
    heads: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        proxied.setenv("HTTPS_PROXY", f"http://ana:pa55word@127.0.0.1:{port}")
        report = await report_of("https://api.tagloom.invalid")
    assert report.steps[0].words == (
        f"All goes through http://127.0.0.1:{port} (HTTPS_PROXY in the environment)."
    )
    assert states(report) == {StepName.PROXY: GOOD, StepName.NAME: GOOD, StepName.CONNECTION: BAD}
    assert "wants a password" in last(report).words
    assert "pa55word" not in f"{report}"
    assert heads[0].startswith(b"CONNECT api.tagloom.invalid:443 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic YW5hOnBhNTV3b3Jk\r\n" in heads[0]


async def test_through_a_proxy_to_a_certificate(proxied: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The proxy opens the line and reads along: its own certificate is what is seen."""
    server, _ = issued(tmp_path, "ACME Proxy", name="api.tagloom.invalid")
    async with scripted({".*": Reply(json={})}, tls=server) as there:
        port = int(there.url.rpartition(":")[2])

        async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(pour(reader, far_writer), pour(far_reader, writer))

        proxy = await asyncio.start_server(join, "127.0.0.1", 0)
        async with proxy:
            proxied.setenv("HTTPS_PROXY", f"127.0.0.1:{proxy.sockets[0].getsockname()[1]}")
            report = await report_of("https://api.tagloom.invalid")
            await asyncio.sleep(0.1)  # lines that were closed are let go
    assert last(report).name is StepName.CERTIFICATE
    assert "The certificate is from ACME Proxy" in last(report).words


async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def test_no_proxy_is_heeded(proxied: pytest.MonkeyPatch) -> None:
    proxied.setenv("HTTPS_PROXY", dead_url())
    proxied.setenv("NO_PROXY", "tagloom.invalid")
    assert states(await report_of("https://api.tagloom.invalid")) == {StepName.NAME: BAD}
