"""A vendor that answers a create with the picture itself: there is one copy of it, and it is never lost."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.basics.faults import Charged, DiskTrouble, Lost
from app.catalogue.request import ImageRequest
from app.engine import rescued, sending
from app.engine.engine import Engine
from app.engine.events import NodeCancelled, NodeDone, NodeFailed, NodeQueued
from app.engine.inline import CAME
from app.engine.rescued import write_new
from app.journal.operations import State
from app.nodes.registry import build_kinds
from app.providers.contract import Accepted, CancelVerdict, Forgotten, News, Ready, Ticket
from tests.app.engine.scripted import (
    CARDS,
    CHARGE,
    DRAFT,
    FakeVendor,
    FakeVendors,
    World,
    hero,
    many,
    png,
    ran,
    world,
)

LONGEST = 5.0


@dataclass(slots=True)
class SilentVendor(FakeVendor):
    """Answers with the picture: as bytes, or as a file where `spool` is given. It knows no job afterwards."""

    spool: Path | None = None
    pictures: deque[bytes] = field(default_factory=deque)

    async def submit(self, request: ImageRequest, uploads: Mapping[str, str]) -> Accepted:
        accepted = await FakeVendor.submit(self, request, uploads)
        self.at_once -= 1
        picture = self.pictures.popleft() if self.pictures else png(request.seed or 0)
        if self.spool is None:
            news = Ready(outputs=(), charge=self.charge, inline=picture)
        else:
            file = self.spool / f"{accepted.ticket.id}.part"
            await asyncio.to_thread(write_new, file, picture)
            news = Ready(outputs=(), charge=self.charge, file=file)
        return Accepted(ticket=accepted.ticket, news=news)

    async def look(self, ticket: Ticket) -> News:
        self.looked += 1
        return Forgotten()

    async def cancel(self, ticket: Ticket) -> CancelVerdict:
        raise AssertionError("there is nothing to cancel")


def silent(spool: Path | None = None) -> FakeVendors:
    return FakeVendors(bought=SilentVendor(spool=spool), drafts=SilentVendor(address=DRAFT, draft=True))


def whole_files(one: World) -> list[Path]:
    return sorted(one.library.temp().parent.iterdir())


@pytest.fixture(autouse=True)
def synchronous(monkeypatch: pytest.MonkeyPatch) -> None:
    """The card of these tests is offered by a vendor of that kind."""
    card = CARDS["gen4-image"]
    offers = tuple(replace(one, synchronous=True, deadline=LONGEST) for one in card.offers)
    kinds = build_kinds({**CARDS, card.id: replace(card, offers=offers)})
    monkeypatch.setattr("tests.app.engine.scripted.KINDS", kinds)


@pytest.mark.parametrize("as_file", [False, True])
async def test_the_picture_is_home_without_a_look(tmp_path: Path, as_file: bool) -> None:
    async with world(tmp_path, silent(tmp_path if as_file else None)) as one:
        finished = await ran(one, hero(7))
        assert finished.results[0].path.read_bytes() == png(7)
        (row,) = await one.rows()
        assert (row.state, row.charged) == (State.SETTLED, CHARGE.money)
        assert (one.vendor.looked, one.vendor.fetched) == (0, 0)
        assert whole_files(one) == []


async def test_the_node_says_that_the_vendor_says_nothing(tmp_path: Path) -> None:
    async with world(tmp_path, silent()) as one:
        await ran(one, hero(7))
        told = [event for event in one.events if isinstance(event, NodeQueued)]
        assert [(event.reason, event.free_to_cancel) for event in told][-1] == ("silent", False)


async def test_it_is_on_the_disk_before_the_answer_is_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, silent()) as one:
        advance, seen = one.ledger.advance, []

        async def watched(id: str, state: State, **changes: object) -> object:
            if state is State.SUBMITTED:
                seen.extend(file.read_bytes() for file in whole_files(one))
            return await advance(id, state, **changes)  # type: ignore[arg-type]

        monkeypatch.setattr(one.ledger, "advance", watched)
        await ran(one, hero(7))
        assert seen == [png(7)]


async def stopped_at(one: World, point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the process had been killed when it came to `point`."""
    reached, hang = asyncio.Event(), asyncio.Event()

    async def stands(*_: object, **__: object) -> None:
        reached.set()
        await hang.wait()

    if point == "kept":
        monkeypatch.setattr(one.engine.rescued, "keep", stands)
    elif point == "receipt":
        advance = one.ledger.advance

        async def no_receipt(id: str, state: State, **changes: object) -> object:
            if state is State.SUBMITTED:
                await stands()
            return await advance(id, state, **changes)  # type: ignore[arg-type]

        monkeypatch.setattr(one.ledger, "advance", no_receipt)
    else:
        monkeypatch.setattr(one.ledger if point == "settle" else one.library, point, stands)
    monkeypatch.setattr(sending, "QUIT_SECONDS", 0.01)
    run = asyncio.create_task(one.engine.run(one.job(hero(7)), one.events.append))
    await reached.wait()
    monkeypatch.undo()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        if task is run or "_post" in repr(task.get_coro()):
            task.cancel()
    await asyncio.wait({run}, timeout=LONGEST)


@pytest.mark.parametrize("point", ["receipt", "add", "settle"])
async def test_a_crash_after_it_is_on_the_disk_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    vendors = silent()
    async with world(tmp_path, vendors) as one:
        await stopped_at(one, point, monkeypatch)
    async with world(tmp_path, vendors) as one:
        recovered = await one.engine.recover()
        assert [asset.path.read_bytes() for _, asset in recovered.brought] == [png(7)]
        assert recovered.unknown == ()
        (row,) = await one.rows()
        assert row.state is State.SETTLED
        assert len(one.vendor.sent) == 1
        # A second name that a crash left is swept by the library after two days, as any download is.
        assert [file for file in whole_files(one) if file.suffix == ".whole"] == []


async def test_a_crash_before_it_is_on_the_disk_is_unknown_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendors = silent()
    async with world(tmp_path, vendors) as one:
        await stopped_at(one, "kept", monkeypatch)
    async with world(tmp_path, vendors) as one:
        recovered = await one.engine.recover()
        (row,) = recovered.unknown
        assert "before its answer was safe on the disk" in row.fault_title
        await ran(one, hero(7))
        (failed,) = [event for event in one.events if isinstance(event, NodeFailed)]
        assert isinstance(failed.fault, Lost)
        assert len(one.vendor.sent) == 1


async def test_a_receipt_whose_picture_is_gone_is_unknown(tmp_path: Path) -> None:
    vendors = silent()
    async with world(tmp_path, vendors) as one:
        one.vendor.pictures.append(png(7))
        run = asyncio.create_task(one.engine.run(one.job(hero(7)), one.events.append))
        await run
        row = (await one.rows())[0]
        assert row.ticket is not None
        assert row.ticket[CAME] is True
        again = replace(row, id="0" * 25 + "1", state=State.INTENDED, node="other", asset="")
        await one.ledger.intend(again)
        lease = await one.ledger.acquire(again.id)
        await one.ledger.advance(again.id, State.SENDING)
        await one.ledger.advance(again.id, State.SUBMITTED, ticket=row.ticket)
        assert lease is not None
        lease.release()
        recovered = await one.engine.recover()
        (unknown,) = recovered.unknown
        assert "ended before that was safe" in unknown.fault_title
        assert one.vendor.looked == 0


async def test_cancelled_while_the_vendor_works_the_answer_is_waited_for(tmp_path: Path) -> None:
    async with world(tmp_path, silent()) as one:
        in_flight = asyncio.Event()

        async def slow() -> None:
            in_flight.set()
            await asyncio.sleep(0.2)

        one.vendor.creates.append(slow)
        run = asyncio.create_task(one.engine.run(one.job(hero(7)), one.events.append, "r"))
        await in_flight.wait()
        one.engine.cancel("r")
        await run
        (row,) = await one.rows()
        assert row.state is State.SETTLED, "it is paid for, so it is kept"
        assert [event.node for event in one.events if isinstance(event, NodeDone)][-1:] == ["hero"]
        asked = [event.words for event in one.events if isinstance(event, NodeCancelled)]
        assert asked[0].startswith("Asked to stop")


async def test_quitting_waits_longer_than_for_a_receipt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "QUIT_SECONDS", 0.01)
    vendors = silent()
    async with world(tmp_path, vendors) as one:
        in_flight = asyncio.Event()

        async def slow() -> None:
            in_flight.set()
            await asyncio.sleep(0.3)

        one.vendor.creates.append(slow)
        run = asyncio.create_task(one.engine.run(one.job(hero(7)), one.events.append))
        await in_flight.wait()
        await one.engine.close()
        await asyncio.wait({run})
    async with world(tmp_path, vendors) as one:
        recovered = await one.engine.recover()
        assert len(recovered.brought) == 1 or (await one.rows())[0].state is State.SETTLED
        assert recovered.unknown == ()


async def test_what_is_no_picture_ends_and_says_where_it_lies(tmp_path: Path) -> None:
    async with world(tmp_path, silent()) as one:
        one.vendor.pictures.append(b"<html>Please log in</html>")
        await ran(one, hero(7))
        (failed,) = [event for event in one.events if isinstance(event, NodeFailed)]
        (lies,) = whole_files(one)
        assert str(lies) in failed.fault.advice
        assert (await one.rows())[0].state is State.FAILED
        assert (await one.engine.recover()).left == ()


async def test_a_disk_that_takes_nothing_leaves_it_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, silent()) as one:
        full = DiskTrouble("Full.", advice="Make room.", code="library.full")

        def no_place() -> Path:
            raise full

        async def breaks() -> None:
            monkeypatch.setattr(one.library, "temp", no_place)

        one.vendor.creates.append(breaks)
        await ran(one, hero(7))
        (held,) = one.engine.rescued.only_in_memory
        assert held.picture == png(7)
        monkeypatch.undo()
        recovered = await one.engine.recover()
        assert len(recovered.brought) == 1
        assert one.engine.rescued.only_in_memory == ()
        assert len(one.vendor.sent) == 1


async def test_without_room_on_the_disk_nothing_is_bought_but_drafts_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendors = silent()
    async with world(tmp_path, vendors) as one:
        monkeypatch.setattr(rescued, "ROOM_BYTES", 1 << 62)
        await ran(one, hero(7))
        (failed,) = [event for event in one.events if isinstance(event, NodeFailed)]
        assert (failed.fault.code, failed.fault.charged) == ("disk.no-room", Charged.NO)
        assert vendors.bought.sent == []
        assert (await one.rows())[0].state is State.FAILED
        vendors.live = False
        assert len((await ran(one, hero(7))).results) == 1


async def test_many_at_once_and_drafts(tmp_path: Path) -> None:
    vendors = silent(tmp_path)
    async with world(tmp_path, vendors) as one:
        assert len((await ran(one, many(12, seed=1))).results) == 12
        vendors.live = False
        assert (await ran(one, many(12, seed=1))).money == 0
    assert isinstance(one.engine, Engine)
