"""Cancelling says the truth about money; leaving loses nothing; drafts stay drafts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.basics.faults import Refused
from app.basics.money import NOTHING, from_usd
from app.engine.events import NodeCancelled, RunFinished
from app.journal.operations import State
from app.providers.contract import CancelVerdict, Charge
from tests.app.engine.scripted import PRICE, hero, many, ran, until, world


class TestCancel:
    async def test_before_sending_is_free(self, tmp_path: Path) -> None:
        async with world(tmp_path) as one:
            one.vendor.work_seconds = 0.2
            run = asyncio.create_task(one.engine.run(one.job(many(12, seed=1)), one.events.append, "r"))
            await until(lambda: one.vendor.most_at_once == 10)
            waiting = next(f"m{n}" for n in range(12) if n not in {r.seed - 1 for r in one.vendor.sent})
            assert one.engine.cancel_node("r", waiting)
            finished = await run
            assert len(finished.results) == 11
            assert len(one.vendor.sent) == 11
            words = [e.words for e in one.events if isinstance(e, NodeCancelled) and e.node == waiting]
            assert words[-1] == "Not started, free."
            cancelled = [row for row in await one.rows() if row.state is State.CANCELLED]
            assert [row.node for row in cancelled] == [waiting]

    @pytest.mark.parametrize(("free", "charged"), [(True, NOTHING), (False, PRICE), (None, None)])
    async def test_under_way_says_what_the_vendor_says(self, tmp_path: Path, free, charged) -> None:
        async with world(tmp_path) as one:
            one.vendor.verdict = CancelVerdict(free=free, words="The truth.")
            one.vendor.work_seconds = 5
            run = asyncio.create_task(one.engine.run(one.job(hero()), one.events.append, "r"))
            await until(lambda: one.vendor.looked)
            assert one.engine.cancel("r")
            finished = await run
            assert finished.cancelled
            words = [event.words for event in one.events if isinstance(event, NodeCancelled)]
            assert words[-1] == "The truth."
            assert words[0].startswith("Asked to stop")
            (row,) = await one.rows()
            assert (row.state, row.charged) == (State.CANCELLED, charged)
            assert one.vendor.cancelled == ["job-0"]

    async def test_what_could_not_be_stopped_is_still_brought_home(self, tmp_path: Path) -> None:
        async with world(tmp_path) as one:
            one.vendor.verdict = CancelVerdict(free=False, words="It goes on.", stopped=False)
            one.vendor.work_seconds = 0.4
            run = asyncio.create_task(one.engine.run(one.job(hero()), one.events.append, "r"))
            await until(lambda: one.vendor.looked)
            one.engine.cancel("r")
            await run
            assert (await one.rows())[0].state in (State.SUBMITTED, State.RUNNING)
            await asyncio.sleep(0.5)
            recovered = await one.engine.recover()
            assert [asset.origin.node for _, asset in recovered.brought] == ["hero"]
            assert len(one.vendor.sent) == 1

    async def test_the_vendors_own_charge_is_noted(self, tmp_path: Path) -> None:
        async with world(tmp_path) as one:
            charge = Charge(money=from_usd("0.08"), vendor_amount=8, vendor_unit="Runway credits")
            one.vendor.verdict = CancelVerdict(free=False, words="Billed.", charge=charge)
            one.vendor.work_seconds = 5
            run = asyncio.create_task(one.engine.run(one.job(hero()), one.events.append, "r"))
            await until(lambda: one.vendor.looked)
            one.engine.cancel("r")
            await run
            (row,) = await one.rows()
            assert (row.state, row.charged, row.vendor_amount) == (State.CANCELLED, 80_000, 8)

    async def test_a_create_in_flight_is_waited_for(self, tmp_path: Path) -> None:
        async with world(tmp_path) as one:
            in_flight = asyncio.Event()

            async def slow() -> None:
                in_flight.set()
                await asyncio.sleep(0.1)

            one.vendor.creates.append(slow)
            run = asyncio.create_task(one.engine.run(one.job(hero()), one.events.append, "r"))
            await in_flight.wait()
            one.engine.cancel("r")
            await run
            assert one.vendor.cancelled == ["job-0"], "its ticket was known when it was stopped"
            assert (await one.rows())[0].ticket is not None

    async def test_leaving_keeps_the_job_for_the_next_time(self, tmp_path: Path) -> None:
        async with world(tmp_path) as one:
            one.vendor.work_seconds = 5
            run = asyncio.create_task(one.engine.run(one.job(hero()), one.events.append, "r"))
            await until(lambda: one.vendor.looked)
            one.engine.leave("r")
            finished = await run
            assert finished.cancelled
            assert one.vendor.cancelled == []
            assert (await one.rows())[0].state is State.SUBMITTED
            one.vendor.work_seconds = 0
            assert len((await ran(one)).results) == 1
            assert len(one.vendor.sent) == 1

    async def test_cancelling_the_task_itself_only_leaves(self, tmp_path: Path) -> None:
        async with world(tmp_path) as one:
            one.vendor.work_seconds = 5
            run = asyncio.create_task(one.engine.run(one.job(hero()), one.events.append, "r"))
            await until(lambda: one.vendor.looked)
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run
            assert one.vendor.cancelled == []
            assert isinstance(one.events[-1], RunFinished)
            assert (await one.rows())[0].state is State.SUBMITTED


class TestDrafts:
    async def test_are_free_and_say_so(self, tmp_path: Path) -> None:
        async with world(tmp_path) as one:
            one.vendors.live = False
            finished = await ran(one)
            assert finished.results[0].draft
            assert (finished.credits, finished.money) == (0, NOTHING)
            assert (await one.rows())[0].charged == NOTHING
            assert await one.ledger.spent(live_only=False) == NOTHING
            assert (await ran(one)).results[0].reused

    async def test_are_never_shown_once_a_key_is_there(self, tmp_path: Path) -> None:
        async with world(tmp_path) as one:
            one.vendors.live = False
            draft = await ran(one)
            one.vendors.live = True
            estimate = await one.engine.estimate(one.job(hero()))
            assert estimate.bought == ("hero",)
            assert estimate.reused == ()
            bought = await ran(one)
            assert not bought.results[0].draft
            assert not bought.results[0].reused
            assert bought.results[0].operation != draft.results[0].operation

    async def test_a_ticket_of_a_sandbox_that_is_gone_is_dropped_and_made_anew(self, tmp_path: Path) -> None:
        async with world(tmp_path) as one:
            one.vendors.live = False
            one.vendor.gone = True
            run = asyncio.create_task(one.engine.run(one.job(hero()), one.events.append, "r"))
            await until(lambda: one.vendor.looked)
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run
            one.vendors.drafts = type(one.vendor)(address="http://127.0.0.1:2", draft=True)
            finished = await ran(one)
            assert finished.results[0].draft
            states = [row.state for row in await one.rows()]
            assert states == [State.CANCELLED, State.SETTLED]
            assert await one.ledger.unknown() == ()

    async def test_live_only_refuses_them_before_anything_is_sent(self, tmp_path: Path) -> None:
        async with world(tmp_path) as one:
            one.vendors.live = False
            with pytest.raises(Refused) as raised:
                await ran(one, live_only=True)
            assert raised.value.code == "engine.no-key"
            assert one.vendor.sent == []
            assert one.events == []
