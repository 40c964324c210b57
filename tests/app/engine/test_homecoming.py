"""A picture in the library whose row does not say so: its process was killed between the two."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from sqlalchemy import Connection, update

from app.basics.faults import DiskTrouble
from app.basics.money import Money
from app.journal.leases import FolderLeases
from app.journal.operations import Operation, State
from app.journal.tables import operations
from app.providers.contract import Charge
from tests.app.engine.scripted import PRICE, FakeVendors, many, ran, world


async def killed_before_the_row_said_so(home: Path, charge: Charge | None = None) -> FakeVendors:
    """The library has the picture; the ledger was not told."""
    async with world(home) as one:
        if charge is not None:
            one.vendor.charge = charge
        settle = one.ledger.settle

        async def killed(id: str, **changes: object) -> Operation:
            raise asyncio.CancelledError

        one.ledger.settle = killed  # type: ignore[method-assign, assignment]
        with contextlib.suppress(asyncio.CancelledError):
            await ran(one)
        one.ledger.settle = settle  # type: ignore[method-assign]
        (row,) = await one.rows()
        assert row.state in (State.SUBMITTED, State.RUNNING)
        assert len(await one.library.page()) == 1
        return one.vendors


async def test_a_picture_that_is_used_again_ends_its_row(tmp_path: Path) -> None:
    vendors = await killed_before_the_row_said_so(tmp_path)
    async with world(tmp_path, vendors) as one:
        looks = one.vendor.looked
        finished = await ran(one)
        assert [result.reused for result in finished.results] == [True]
        (row,) = await one.rows()
        assert (row.state, row.asset) == (State.SETTLED, finished.results[0].sha256)
        assert row.ended is not None
        assert row.submitted is not None
        assert row.ended >= row.submitted
        assert one.vendor.looked == looks, "nobody was asked"
        assert await one.ledger.spent() == PRICE
        assert await one.ledger.unsettled() == ()


async def test_the_vendors_own_charge_is_kept_of_it(tmp_path: Path) -> None:
    said = Charge(money=Money(PRICE + 10_000), vendor_amount=9, vendor_unit="credits")
    vendors = await killed_before_the_row_said_so(tmp_path, said)
    async with world(tmp_path, vendors) as one:
        await ran(one)
        assert await one.ledger.spent() == PRICE + 10_000


async def test_an_unknown_whose_picture_is_there_is_none(tmp_path: Path) -> None:
    vendors = await killed_before_the_row_said_so(tmp_path)
    async with world(tmp_path, vendors) as one:
        (row,) = await one.rows()
        await one.ledger.advance(row.id, State.UNKNOWN)
        await ran(one)
        assert [row.state for row in await one.rows()] == [State.SETTLED]


async def test_a_row_that_somebody_is_at_is_left_to_them(tmp_path: Path) -> None:
    vendors = await killed_before_the_row_said_so(tmp_path)
    async with world(tmp_path, vendors) as one:
        (row,) = await one.rows()
        lease = FolderLeases(tmp_path / "leases").acquire(row.id)
        assert lease is not None
        assert (await ran(one)).results[0].reused
        assert [other.state for other in await one.rows()] == [row.state]
        lease.release()
        await ran(one)
        assert [other.state for other in await one.rows()] == [State.SETTLED]


async def test_a_ledger_that_cannot_be_written_keeps_no_picture_from_being_used(tmp_path: Path) -> None:
    vendors = await killed_before_the_row_said_so(tmp_path)
    async with world(tmp_path, vendors) as one:

        async def full(id: str, **changes: object) -> Operation:
            raise DiskTrouble("full", advice="", code="ledger.full")

        one.ledger.settle = full  # type: ignore[method-assign, assignment]
        assert (await ran(one)).results[0].reused


async def test_of_many_that_are_used_again_only_those_without_an_end_are_touched(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        await ran(one, many(9, seed=1))
        settled = await one.rows()
        vendors = one.vendors
    async with world(tmp_path, vendors) as one:

        def work(connection: Connection) -> None:
            open_again = {"state": "submitted", "open": True, "asset": "", "ended": None}
            connection.execute(
                update(operations).where(operations.c.id == settled[4].id).values(**open_again)
            )

        await one.ledger.database.run(work)
        asked: list[str] = []
        get = one.ledger.get

        async def noted(id: str) -> Operation | None:
            asked.append(id)
            return await get(id)

        one.ledger.get = noted  # type: ignore[method-assign]
        finished = await ran(one, many(9, seed=1))
        assert [result.reused for result in finished.results] == [True] * 9
        assert set(asked) == {settled[4].id}
        assert {row.state for row in await one.rows()} == {State.SETTLED}
