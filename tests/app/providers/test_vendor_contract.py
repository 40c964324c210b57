"""Every vendor against the one table: see `contract_table.py`."""

from __future__ import annotations

import asyncio
import traceback
from pathlib import Path

import pytest

from app.basics.faults import BadInput, Charged, Fault, Lost, Refused, Retry, Unreachable
from app.providers.contract import Accepted, Over, Vendor
from app.providers.transport import Transport
from tests.app.providers.bfl_table import BFL
from tests.app.providers.byteplus_table import BYTEPLUS
from tests.app.providers.contract_table import (
    BREAKS,
    KEY,
    SIGNED,
    CancelRow,
    FaultRow,
    Made,
    NewsRow,
    VendorTable,
)
from tests.app.providers.fakes import MemoryUploads, StillClock
from tests.app.providers.google_table import GOOGLE
from tests.app.providers.replicate_table import REPLICATE
from tests.app.providers.runway_table import RUNWAY
from tests.app.providers.scripted import Act, Reply, Scripted, dead_url, scripted

TABLES = (RUNWAY, REPLICATE, BFL, GOOGLE, BYTEPLUS)

every = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.id)
with_addresses = pytest.mark.parametrize(
    "table", [table for table in TABLES if table.names_addresses], ids=lambda table: table.id
)
"""The vendors whose pictures do not come inside the answer."""


def rows(name: str) -> pytest.MarkDecorator:
    """One test a row of every table."""
    return pytest.mark.parametrize(
        ("table", "wanted"),
        [
            pytest.param(table, row, id=f"{table.id}: {row.name}")
            for table in TABLES
            for row in getattr(table, name)
        ],
    )


class Bench:
    """A vendor, and what must never be heard of it."""

    def __init__(self, table: VendorTable, transport: Transport, logs: pytest.LogCaptureFixture) -> None:
        self.table = table
        self.transport = transport
        self.clock = StillClock()
        self.logs = logs

    def vendor(self, address: str, *, draft: bool = False) -> Vendor:
        made = Made(
            address=address,
            key=KEY,
            transport=self.transport,
            uploads=MemoryUploads(self.clock),
            draft=draft,
            clock=self.clock,
        )
        return self.table.make(made)

    async def submit(self, vendor: Vendor, folder: Path) -> Accepted:
        request = self.table.request(folder)
        return await vendor.submit(request, await vendor.prepare(request))

    def heard_nothing(self, vendor: Vendor, *faults: BaseException) -> None:
        """No fault, log or repr carries the key or a signed query."""
        said = [self.logs.text, repr(vendor), str(vendor), repr(vars(vendor))]
        for fault in faults:
            said.append("".join(traceback.format_exception(fault)))
            said.append(repr(fault))
            said.extend(str(value) for value in vars(fault).values())
        for text in said:
            assert KEY not in text
            assert KEY[4:30] not in text
            assert SIGNED not in text


@pytest.fixture
def bench(table: VendorTable, transport: Transport, all_logs: pytest.LogCaptureFixture) -> Bench:
    return Bench(table, transport, all_logs)


def agrees(fault: Fault, row: FaultRow) -> None:
    assert (type(fault), fault.code, fault.charged, fault.retry, fault.retry_after) == (
        row.kind,
        row.code,
        row.charged,
        row.retry,
        row.retry_after,
    )
    speaks(fault)


def speaks(fault: Fault) -> None:
    assert fault.title.endswith((".", "!", "…")) or ":" in fault.title
    assert len(fault.advice) > 10
    assert "Client error" not in fault.sentence()
    assert "Traceback" not in fault.sentence()


def script(table: VendorTable, create: Reply) -> Scripted:
    return scripted({table.create: create, **table.others})  # type: ignore[return-value]


@every
async def test_a_create_that_is_taken(table: VendorTable, bench: Bench, tmp_path: Path) -> None:
    async with script(table, table.accepted) as server:
        vendor = bench.vendor(server.url)
        accepted = await bench.submit(vendor, tmp_path)
        ticket = accepted.ticket
        assert (ticket.vendor, ticket.id, ticket.address) == (table.id, table.ticket_id, server.url)
        assert (ticket.draft, ticket.estimate) == (False, table.estimate)
        assert KEY not in repr(ticket)
        assert server.count(table.create) == 1
        name, value = table.key_header
        assert server.asked(table.create)[0].headers[name] == value
        bench.heard_nothing(vendor)


@every
async def test_a_draft_ticket_says_so(table: VendorTable, bench: Bench, tmp_path: Path) -> None:
    async with script(table, table.accepted) as server:
        accepted = await bench.submit(bench.vendor(server.url, draft=True), tmp_path)
        assert accepted.ticket.draft is True


@rows("refusals")
async def test_a_refusal(table: VendorTable, bench: Bench, tmp_path: Path, wanted: object) -> None:
    assert isinstance(wanted, FaultRow)
    async with script(table, wanted.reply) as server:
        vendor = bench.vendor(server.url)
        with pytest.raises(Fault) as caught:
            await bench.submit(vendor, tmp_path)
        agrees(caught.value, wanted)
        assert server.count(table.create) == 1
        bench.heard_nothing(vendor, caught.value)


@rows("unknowns")
async def test_an_unknown(table: VendorTable, bench: Bench, tmp_path: Path, wanted: object) -> None:
    assert isinstance(wanted, FaultRow)
    async with script(table, wanted.reply) as server:
        vendor = bench.vendor(server.url)
        with pytest.raises(Fault) as caught:
            await bench.submit(vendor, tmp_path)
        agrees(caught.value, wanted)
        assert table.usage_page in caught.value.advice
        assert server.count(table.create) == 1
        bench.heard_nothing(vendor, caught.value)


@pytest.mark.parametrize("act", BREAKS)
@every
async def test_a_lost_answer(table: VendorTable, bench: Bench, tmp_path: Path, act: Act) -> None:
    async with script(table, Reply(json=table.accepted.json, act=act)) as server:
        vendor = bench.vendor(server.url)
        with pytest.raises(Lost) as caught:
            await bench.submit(vendor, tmp_path)
        assert (caught.value.charged, caught.value.retry) == (Charged.UNKNOWN, Retry.ASK)
        speaks(caught.value)
        assert server.count(table.create) == 1
        bench.heard_nothing(vendor, caught.value)


@pytest.mark.parametrize("act", [Act.CLOSE_AFTER_BODY, Act.HALF_BODY, Act.SILENT])
@every
async def test_a_lost_draft_is_no_unknown(table: VendorTable, bench: Bench, tmp_path: Path, act: Act) -> None:
    async with script(table, Reply(json=table.accepted.json, act=act)) as server:
        with pytest.raises(Unreachable) as caught:
            await bench.submit(bench.vendor(server.url, draft=True), tmp_path)
        assert (caught.value.charged, caught.value.retry) == (Charged.NO, Retry.NOW)
        assert server.count(table.create) == 1


@every
async def test_half_a_refusal_is_a_refusal(table: VendorTable, bench: Bench, tmp_path: Path) -> None:
    async with script(table, Reply(status=400, json={"error": "x" * 90}, act=Act.HALF_BODY)) as server:
        with pytest.raises(Refused) as caught:
            await bench.submit(bench.vendor(server.url), tmp_path)
        assert caught.value.charged is Charged.NO


@every
async def test_nobody_there(table: VendorTable, bench: Bench, tmp_path: Path) -> None:
    async with script(table, table.accepted) as server:
        vendor = bench.vendor(server.url)
        request = table.request(tmp_path)
        uploads = await vendor.prepare(request)
    with pytest.raises(Unreachable) as caught:
        await vendor.submit(request, uploads)
    assert (caught.value.charged, caught.value.retry) == (Charged.NO, Retry.NOW)
    assert caught.value.code == f"{table.id}.not-sent.refused"
    speaks(caught.value)


@rows("looks")
async def test_a_look(table: VendorTable, bench: Bench, wanted: object) -> None:
    assert isinstance(wanted, NewsRow)
    async with scripted({table.look: wanted.reply}) as server:
        vendor = bench.vendor(server.url)
        news = await vendor.look(table.ticket(server.url))
        assert isinstance(news, wanted.news)
        assert wanted.check(news)
        if isinstance(news, Over):
            assert (news.fault.code, news.fault.charged) == (wanted.code, wanted.charged)
            assert wanted.retry in (None, news.fault.retry)
            assert news.fault.retry not in (Retry.NOW, Retry.LATER)  # only the artist has it made anew
            speaks(news.fault)
            bench.heard_nothing(vendor, news.fault)
        bench.heard_nothing(vendor)


@rows("look_faults")
async def test_a_look_that_fails(table: VendorTable, bench: Bench, wanted: object) -> None:
    assert isinstance(wanted, FaultRow)
    async with scripted({table.look: wanted.reply}) as server:
        vendor = bench.vendor(server.url)
        with pytest.raises(Fault) as caught:
            await vendor.look(table.ticket(server.url))
        agrees(caught.value, wanted)
        bench.heard_nothing(vendor, caught.value)


@every
async def test_a_ticket_made_elsewhere_gets_no_key(table: VendorTable, bench: Bench) -> None:
    async with scripted({".*": Reply(json={})}) as server:
        vendor = bench.vendor(server.url)
        with pytest.raises(BadInput):
            await vendor.look(table.ticket("https://other.example"))
        with pytest.raises(BadInput):
            await vendor.cancel(table.ticket("https://other.example"))
        assert server.seen == []


@rows("cancels")
async def test_a_cancel(table: VendorTable, bench: Bench, wanted: object) -> None:
    assert isinstance(wanted, CancelRow)
    async with scripted(wanted.routes) as server:
        vendor = bench.vendor(server.url)
        verdict = await vendor.cancel(table.ticket(server.url))
        assert (verdict.free, verdict.stopped) == (wanted.free, wanted.stopped)
        assert wanted.says in verdict.words
        assert server.count(table.cancel) == wanted.deletes
        bench.heard_nothing(vendor)


@every
async def test_a_cancel_with_nobody_there(table: VendorTable, bench: Bench) -> None:
    address = dead_url()
    verdict = await bench.vendor(address).cancel(table.ticket(address))
    assert (verdict.free, verdict.stopped) == (None, False)
    assert "may" in verdict.words
    draft = await bench.vendor(address, draft=True).cancel(table.ticket(address, draft=True))
    assert draft.free is True


@with_addresses
async def test_a_fetch(table: VendorTable, bench: Bench, tmp_path: Path) -> None:
    async with scripted({"GET /out.*": Reply(body=b"picture" * 1000)}) as server:
        vendor = bench.vendor(server.url)
        ticket = table.ticket(server.url)
        await vendor.fetch(ticket, f"{server.url}/out.png?_jwt={SIGNED}", tmp_path / "a")
        assert (tmp_path / "a").read_bytes() == b"picture" * 1000
        assert table.key_header[0] not in server.seen[0].headers
        assert KEY not in str(server.seen[0])
        bench.heard_nothing(vendor)


@pytest.mark.parametrize(
    ("reply", "kind", "code", "retry"),
    [
        (Reply(status=403, body=b"<Error/>"), Refused, "address-expired", Retry.NOW),
        (Reply(status=401), Refused, "address-expired", Retry.NOW),
        (Reply(status=404), Refused, "address-expired", Retry.NOW),
        (Reply(status=410), Refused, "address-expired", Retry.NOW),
        (Reply(status=500), Unreachable, "fetch.500", Retry.NOW),
        (Reply(status=429), Unreachable, "fetch.429", Retry.NOW),
        (Reply(status=204), Unreachable, "fetch.204", Retry.NOW),
        (Reply(body=b"x" * 5000, act=Act.HALF_BODY), Unreachable, "fetch.reset", Retry.NOW),
        (Reply(body=b"x" * 5000, act=Act.HALF_BODY_RESET), Unreachable, "fetch.reset", Retry.NOW),
        (Reply(act=Act.SILENT), Unreachable, "fetch.slow", Retry.NOW),
        (Reply(body=b"x" * 5000, act=Act.SLOW_BODY), Unreachable, "fetch.slow", Retry.NOW),
    ],
)
@with_addresses
async def test_a_fetch_that_fails(
    table: VendorTable, bench: Bench, tmp_path: Path, reply: Reply, kind: type[Fault], code: str, retry: Retry
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    async with scripted({"GET /out.*": reply}) as server:
        vendor = bench.vendor(server.url)
        with pytest.raises(kind) as caught:
            await vendor.fetch(table.ticket(server.url), f"{server.url}/out?_jwt={SIGNED}", folder / "a")
        assert caught.value.code == f"{table.id}.{code}"
        assert (caught.value.charged, caught.value.retry) == (Charged.UNKNOWN, retry)
        assert not any(folder.iterdir())
        speaks(caught.value)
        bench.heard_nothing(vendor, caught.value)


@pytest.mark.parametrize(
    "output", ["file:///etc/passwd", "http://cdn.example.com/a", "http://10.0.0.1/a", ""]
)
@every
async def test_an_address_that_is_not_followed(
    table: VendorTable, bench: Bench, tmp_path: Path, output: str
) -> None:
    vendor = bench.vendor("https://api.example.com")
    with pytest.raises(Refused) as caught:
        await vendor.fetch(table.ticket("https://api.example.com"), output, tmp_path / "a")
    assert caught.value.code == f"{table.id}.address-unsafe"
    with pytest.raises(Refused):
        await vendor.fetch(table.ticket("https://api.example.com"), "http://127.0.0.1:9/a", tmp_path / "a")


@every
async def test_the_account(table: VendorTable, bench: Bench) -> None:
    async with scripted({table.account: table.account_reply}) as server:
        vendor = bench.vendor(server.url)
        assert await vendor.account() == table.account_told
        name, value = table.key_header
        assert server.seen[0].headers[name] == value
        bench.heard_nothing(vendor)


@pytest.mark.parametrize(
    ("reply", "kind", "code"),
    [
        (Reply(status=401, json={"error": KEY}), Refused, "key"),
        (Reply(status=500), Unreachable, "ask.500"),
        (Reply(status=429), Unreachable, "ask.429"),
        (Reply(body=b"<html>"), Unreachable, "ask.200"),
        (Reply(act=Act.CLOSE_AFTER_BODY), Unreachable, "ask.reset"),
    ],
)
@every
async def test_an_account_that_cannot_be_asked(
    table: VendorTable, bench: Bench, reply: Reply, kind: type[Fault], code: str
) -> None:
    async with scripted({table.account: reply}) as server:
        vendor = bench.vendor(server.url)
        with pytest.raises(kind) as caught:
            await vendor.account()
        assert caught.value.code == f"{table.id}.{code}"
        assert caught.value.charged is Charged.NO
        bench.heard_nothing(vendor, caught.value)


@every
async def test_a_submit_that_is_cancelled_sends_no_second(
    table: VendorTable, bench: Bench, tmp_path: Path
) -> None:
    async with script(table, Reply(act=Act.SILENT)) as server:
        task = asyncio.create_task(bench.submit(bench.vendor(server.url), tmp_path))
        await server.until(lambda: server.count(table.create) == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0.05)
        assert server.count(table.create) == 1


@every
def test_what_is_kept_is_said(table: VendorTable, bench: Bench) -> None:
    vendor = bench.vendor("https://api.example.com")
    keeping = vendor.keeping
    assert keeping.usage_page.startswith("https://")
    for text in (keeping.uploads, keeping.kept, keeping.retention_source):
        assert len(text) > 20
    assert keeping.vendor_title == vendor.title
