"""A process that dies at any moment: nothing is bought twice, nothing that was paid for is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.basics.faults import Lost, Refused, Retry, Unreachable
from app.engine.events import Event, NodeDone, NodeFailed
from app.journal.ledger import Claim
from app.journal.operations import ENDED, Operation, State
from app.library.assets import Origin
from app.providers.contract import CancelVerdict, Charge, Over
from tests.app.engine.scripted import (
    DRAFT,
    PRICE,
    FakeVendor,
    FakeVendors,
    QuickClock,
    World,
    build,
    hero,
    lost,
    many,
    not_sent,
    png,
    ran,
    refused,
    too_many,
    until,
    world,
)


async def die(one: World) -> None:
    """What a SIGKILL leaves: locks are let go of, nothing else is tidied."""
    one.photographs.close()
    await one.library.close()
    await one.ledger.close()


async def started(one: World, seed: int | None = None) -> asyncio.Task[object]:
    one.vendor.work_seconds = 30
    run = asyncio.create_task(one.engine.run(one.job(hero(seed)), one.events.append))
    await until(lambda: one.vendor.looked)
    return run


async def killed_while_watching(home: Path, vendors: FakeVendors | None = None) -> FakeVendors:
    async with world(home, vendors) as one:
        run = await started(one)
        run.cancel()
        await asyncio.wait({run})
        one.vendor.work_seconds = 0
        return one.vendors


async def row_at(home: Path, vendors: FakeVendors, state: State) -> str:
    """A row that a dead process left in `state`, with its seed drawn."""
    async with world(home, vendors) as one:
        job = one.job(hero(None))
        estimate = await one.engine.estimate(job)
        (step,) = estimate.plan.models()
        assert step.keys is not None
        now = one.clock.now()
        operation = Operation(
            id="0" * 25 + "1",
            state=State.INTENDED,
            document="shoes",
            node="hero",
            title="Hero",
            card="gen4-image",
            vendor="runway",
            model="gen4_image",
            draft=not vendors.live,
            address=one.vendor.address,
            fingerprint=step.keys.with_seed(777),
            node_key=step.keys.with_seed(None),
            seed=777,
            request={},
            estimate=PRICE,
            credits=100,
            made=now,
            changed=now,
        )
        await one.ledger.intend(operation)
        if state is State.SENDING:
            await one.ledger.advance(operation.id, State.SENDING)
        return operation.id


def shop() -> FakeVendors:
    return FakeVendors(bought=FakeVendor(), drafts=FakeVendor(address=DRAFT, draft=True))


async def test_what_was_under_way_comes_home_free_at_start(tmp_path: Path) -> None:
    vendors = await killed_while_watching(tmp_path)
    events: list[tuple[Operation, Event]] = []
    async with world(tmp_path, vendors) as again:
        recovered = await again.engine.recover(lambda operation, event: events.append((operation, event)))
        ((operation, asset),) = recovered.brought
        assert asset.origin.seed == operation.seed == 1000
        assert [type(event) for _, event in events if not hasattr(event, "progress")][-1] is NodeDone
        assert len(vendors.bought.sent) == 1
        assert (await again.ledger.get(operation.id)).state is State.SETTLED
        assert (await again.engine.recover()).brought == ()


async def test_the_next_run_goes_on_with_it_and_draws_no_second_seed(tmp_path: Path) -> None:
    vendors = await killed_while_watching(tmp_path)
    async with world(tmp_path, vendors) as again:
        finished = await again.engine.run(again.job(hero(None)), again.events.append)
        assert finished.results[0].seed == 1000
        assert len(vendors.bought.sent) == 1
        assert finished.money == 0
        await again.engine.run(again.job(hero(None)), again.events.append)
        assert len(vendors.bought.sent) == 2, "and then a new one"


async def test_an_intended_row_is_gone_on_with_by_its_seed(tmp_path: Path) -> None:
    vendors = shop()
    id = await row_at(tmp_path, vendors, State.INTENDED)
    async with world(tmp_path, vendors) as again:
        assert (await again.engine.recover()).brought == ()
        assert vendors.bought.sent == [], "recovery buys nothing"
        finished = await again.engine.run(again.job(hero(None)), again.events.append)
        assert (finished.results[0].seed, finished.results[0].operation) == (777, id)
        assert again.seeds == [1000], "a seed was drawn for a row that was not needed, and never sent"
        assert [request.seed for request in vendors.bought.sent] == [777]


@pytest.mark.parametrize("recover_first", [True, False])
async def test_killed_while_sending_is_unknown(tmp_path: Path, recover_first: bool) -> None:
    vendors = shop()
    id = await row_at(tmp_path, vendors, State.SENDING)
    async with world(tmp_path, vendors) as again:
        if recover_first:
            assert [one.id for one in (await again.engine.recover()).unknown] == [id]
        finished = await again.engine.run(again.job(hero(None)), again.events.append)
        assert isinstance(finished.failures[0].fault, Lost)
        assert finished.failures[0].operation == id
        assert vendors.bought.sent == []
        assert (await again.ledger.get(id)).state is State.UNKNOWN


@pytest.mark.parametrize("recover_first", [True, False])
async def test_a_draft_killed_while_sending_is_no_unknown(tmp_path: Path, recover_first: bool) -> None:
    vendors = shop()
    vendors.live = False
    id = await row_at(tmp_path, vendors, State.SENDING)
    async with world(tmp_path, vendors) as again:
        if recover_first:
            recovered = await again.engine.recover()
            assert [one.id for one in recovered.dropped] == [id]
        finished = await again.engine.run(again.job(hero(None)), again.events.append)
        assert finished.results[0].draft
        assert await again.ledger.unknown() == ()


async def test_recovery_says_what_ended_without_a_picture_and_what_is_left(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.work_seconds = 30
        run = asyncio.create_task(one.engine.run(one.job(many(2, seed=1)), one.events.append))
        await until(lambda: one.vendor.looked == 2)
        run.cancel()
        await asyncio.wait({run})
        vendors = one.vendors
        one.vendor.work_seconds = 0
    vendors.bought.looks.append(
        Over(
            fault=Refused("Moderated.", advice="", code="x"),
            charge=Charge(money=PRICE, vendor_amount=8, vendor_unit="Runway credits"),
        )
    )
    broken = Unreachable("Broke.", advice="", code="runway.fetch", retry=Retry.NOW)
    vendors.bought.fetches.extend([broken] * 6)
    events: list[Event] = []
    async with world(tmp_path, vendors) as again:
        recovered = await again.engine.recover(lambda _, event: events.append(event))
        assert len(recovered.failed) == len(recovered.left) == 1
        assert recovered.left[0][1] is broken
        assert len([event for event in events if isinstance(event, NodeFailed)]) == 2
        assert len((await again.engine.recover()).brought) == 1, "and it comes home the next time"


async def test_a_picture_kept_just_before_the_crash_is_not_lost(tmp_path: Path) -> None:
    """In the library, but the row was not `delivered` yet, and the vendor has forgotten the job since."""
    vendors = await killed_while_watching(tmp_path)
    async with world(tmp_path, vendors) as again:
        (row,) = await again.rows()
        temp = again.library.temp()
        await asyncio.to_thread(temp.write_bytes, png(5))
        kept = await again.library.add(temp, origin_of(row))
        vendors.bought.jobs.clear()
        finished = await again.engine.run(again.job(hero(None)), again.events.append)
        assert finished.results[0].sha256 == kept.sha256
        assert (await again.rows())[0].state is State.SETTLED


def origin_of(row: Operation) -> Origin:
    return Origin(
        operation=row.id,
        fingerprint=row.fingerprint,
        document=row.document,
        node=row.node,
        card=row.card,
        vendor=row.vendor,
        draft=False,
        prompt="",
        seed=row.seed,
        credits=100,
        money=PRICE,
        request={},
    )


async def test_what_becomes_unknown_while_we_claim_is_not_sent_over(tmp_path: Path) -> None:
    """Another process finds a dead one's sending row, between our look at the book and our claim."""
    vendors = shop()
    id = await row_at(tmp_path, vendors, State.SENDING)
    async with world(tmp_path, vendors) as again:
        claim = again.ledger.claim

        async def late(operation: Operation) -> Claim:
            await again.ledger.sweep()
            return await claim(operation)

        again.ledger.claim = late  # type: ignore[method-assign]
        finished = await again.engine.run(again.job(hero(None)), again.events.append)
        assert isinstance(finished.failures[0].fault, Lost)
        assert finished.failures[0].operation == id
        assert vendors.bought.sent == []
        assert [row.state for row in await again.rows()] == [State.UNKNOWN, State.CANCELLED]


async def test_cancelled_while_claiming_leaves_no_lease_behind(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        claim = one.ledger.claim
        claiming = asyncio.Event()

        async def slow(operation: Operation) -> Claim:
            made = await claim(operation)
            claiming.set()
            await asyncio.sleep(0.05)
            return made

        one.ledger.claim = slow  # type: ignore[method-assign]
        run = asyncio.create_task(one.engine.run(one.job(hero(None)), one.events.append))
        await claiming.wait()
        run.cancel()
        await asyncio.wait({run})
        assert [row.state for row in await one.rows()] == [State.INTENDED]
        one.ledger.claim = claim  # type: ignore[method-assign]
        finished = await asyncio.wait_for(ran(one, hero(None)), 5)
        assert [result.seed for result in finished.results] == [1000]


FAULTS = st.sampled_from(["fine", "lost", "refused", "not sent", "later", "bug"])
ACTS = st.sampled_from(["run", "cancel", "leave", "crash", "recover", "retry"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(ACTS, FAULTS, st.integers(0, 12)), min_size=1, max_size=7))
def test_any_story_leaves_the_book_consistent(
    tmp_path_factory: pytest.TempPathFactory, story: list[tuple[str, str, int]]
) -> None:
    """Random runs, faults, cancels and crashes. Afterwards: every job that the vendor took has one row; what
    was bought is in the library, or its row says why not; no fixed-seed picture was bought twice."""
    asyncio.run(_story(tmp_path_factory.mktemp("story"), story))


async def _story(home: Path, story: list[tuple[str, str, int]]) -> None:
    vendors = shop()
    vendors.bought.verdict = CancelVerdict(free=True, words="Free.")
    scripts = {"lost": lost, "refused": refused, "not sent": not_sent, "later": too_many}
    one = build(home, vendors, QuickClock())
    for act, trouble, moment in story:
        vendors.bought.creates.clear()
        if trouble in scripts:
            vendors.bought.creates.append(scripts[trouble]())
        elif trouble == "bug":
            vendors.bought.creates.append(ZeroDivisionError("ours"))
        if act == "recover":
            await one.engine.recover()
            continue
        job = one.job(many(3, seed=1), retry_unknown=act == "retry")
        run = asyncio.create_task(one.engine.run(job, lambda event: None, "r"))
        if act in ("cancel", "leave", "crash"):
            for _ in range(moment):
                await asyncio.sleep(0.001)
            match act:
                case "cancel":
                    one.engine.cancel("r")
                case "leave":
                    one.engine.leave("r")
                case _:
                    run.cancel()
        await asyncio.wait({run})
        if act == "crash":
            await die(one)
            one = build(home, vendors, one.clock)
    vendors.bought.creates.clear()
    await one.engine.recover()
    finished = await one.engine.run(one.job(many(3, seed=1), retry_unknown=True), lambda event: None)
    assert len(finished.results) == 3
    rows = await one.rows()
    assert {row.state for row in rows} <= {*ENDED, State.UNKNOWN, State.INTENDED}
    with_ticket = [row.ticket["id"] for row in rows if row.ticket]
    assert len(with_ticket) == len(set(with_ticket)), "a job has one row"
    unknown = [row for row in rows if row.state is State.UNKNOWN]
    assert len(vendors.bought.jobs) <= len(with_ticket) + len(unknown)
    settled = [row for row in rows if row.state is State.SETTLED]
    assert len({row.fingerprint for row in settled}) == len(settled), "none was bought twice"
    for row in settled:
        assert await one.library.find(row.fingerprint) is not None
    # One whose process died between its picture and its row is settled by the picture: as was expected.
    by_picture = sum(row.charged is None for row in settled)
    sure = sum(row.charged or 0 for row in rows if row.state is not State.UNKNOWN) + PRICE * by_picture
    assert await one.ledger.spent() == sure + PRICE * len(unknown)
    await die(one)
