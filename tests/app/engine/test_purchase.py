"""Laws of money on a vendor that misbehaves: never twice, never lost, and always said truthfully."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.basics.faults import Charged, Lost, Refused, Retry, Unreachable
from app.basics.money import NOTHING
from app.engine.events import NodeDone, NodeFailed, NodeQueued, NodeRunning
from app.engine.folding import fold
from app.engine.run_state import NodeState, RunState
from app.journal.operations import State
from app.providers.contract import Charge, Forgotten, Over, Ready, Waiting, Working
from tests.app.engine.scripted import (
    CHARGE,
    PRICE,
    hero,
    lost,
    many,
    not_sent,
    png,
    ran,
    refused,
    too_many,
    world,
)


async def test_a_picture_is_bought_once_and_reused_ever_after(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        first = await ran(one)
        second = await ran(one)
        assert [result.node for result in first.results] == ["hero"]
        assert (first.credits, first.money) == (100, PRICE)
        assert first.results[0].seed == 42
        assert first.results[0].path.read_bytes() == png(42)
        assert second.results[0].reused
        assert second.results[0].sha256 == first.results[0].sha256
        assert (second.credits, second.money) == (0, NOTHING)
        assert len(one.vendor.sent) == 1
        (row,) = await one.rows()
        assert row.state is State.SETTLED
        assert (row.charged, row.vendor_amount, row.vendor_unit) == (PRICE, 8.0, "Runway credits")
        assert row.fingerprint == first.results[0].fingerprint
        assert row.ticket is not None
        assert row.ticket["id"] == "job-0"


async def test_the_reuse_outlives_the_process(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        await ran(one)
        vendors = one.vendors
    async with world(tmp_path, vendors) as again:
        assert (await ran(again)).results[0].reused
        assert len(again.vendor.sent) == 1


async def test_an_empty_seed_draws_a_new_one_each_run_and_keeps_it(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        seeds = [(await ran(one, hero(None))).results[0].seed for _ in range(3)]
        assert seeds == [1000, 1001, 1002] == [request.seed for request in one.vendor.sent]
        assert [row.seed for row in await one.rows()] == seeds


async def test_the_row_is_on_disk_before_the_request_leaves(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        seen: list[State] = []

        async def look_at_the_book() -> None:
            seen.extend(row.state for row in await one.ledger.list())

        one.vendor.creates.append(look_at_the_book)
        await ran(one)
        assert seen == [State.SENDING]


async def test_a_lost_answer_is_unknown_and_never_sent_again_by_itself(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.creates.append(lost())
        first = await ran(one)
        again = await ran(one)
        (row,) = await one.rows()
        assert row.state is State.UNKNOWN
        for finished in (first, again):
            (failure,) = finished.failures
            assert isinstance(failure.fault, Lost)
            assert failure.fault.charged is Charged.UNKNOWN
            assert failure.operation == row.id
        assert len(one.vendor.sent) == 1
        assert await one.ledger.spent() == PRICE, "what may have been charged counts against the caps"


@pytest.mark.parametrize("seed", [None, 42])
async def test_only_a_person_sends_an_unknown_again(tmp_path: Path, seed: int | None) -> None:
    async with world(tmp_path) as one:
        one.vendor.creates.append(lost())
        await ran(one, hero(seed))
        finished = await ran(one, hero(seed), retry_unknown=True)
        assert len(finished.results) == 1
        assert [row.state for row in await one.rows()] == [State.UNKNOWN, State.SETTLED]
        assert len((await ran(one, hero(seed))).results) == 1, "and then the way is free again"


@pytest.mark.parametrize(("fault", "times"), [(not_sent, 3), (too_many, 3)])
async def test_what_surely_did_not_arrive_is_sent_again(tmp_path: Path, fault, times: int) -> None:
    async with world(tmp_path) as one:
        one.vendor.creates.extend(fault() for _ in range(times))
        finished = await ran(one)
        assert len(finished.results) == 1
        assert len(one.vendor.jobs) == 1
        assert len(one.vendor.sent) == times + 1
        (row,) = await one.rows()
        assert row.state is State.SETTLED


async def test_tries_are_bounded_and_the_row_says_how_it_ended(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.creates.extend(not_sent() for _ in range(50))
        finished = await ran(one)
        assert isinstance(finished.failures[0].fault, Unreachable)
        assert len(one.vendor.sent) == 4
        (row,) = await one.rows()
        assert (row.state, row.fault_code) == (State.FAILED, "runway.not-sent.refused")
        assert await one.ledger.spent() == NOTHING


async def test_the_whole_retry_after_is_waited_and_the_lane_rests(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.creates.append(too_many(after=120.0))
        finished = await ran(one, many(3, seed=1))
        assert len(finished.results) == 3
        assert max(one.clock.slept) >= 119.0
        paused = [event for event in one.events if isinstance(event, NodeQueued) and event.reason == "paused"]
        assert paused
        assert paused[0].until == pytest.approx(120.0)


async def test_a_wait_beyond_patience_is_refused_in_words(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.creates.append(too_many(after=86_400.0))
        (failure,) = (await ran(one)).failures
        assert failure.fault.code == "runway.limit"
        assert one.clock.passed < 1000
        assert (await one.rows())[0].state is State.REFUSED


async def test_a_refusal_is_not_sent_again(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.creates.append(refused())
        (failure,) = (await ran(one)).failures
        assert (failure.fault.code, failure.node, failure.fault.where.node) == (
            "runway.bad-request",
            "hero",
            "hero",
        )
        assert len(one.vendor.sent) == 1
        assert (await one.rows())[0].state is State.REFUSED


async def test_a_mistake_of_ours_while_sending_is_unknown(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.creates.append(ZeroDivisionError("our own"))
        (failure,) = (await ran(one)).failures
        assert isinstance(failure.fault, Lost)
        assert (await one.rows())[0].state is State.UNKNOWN


async def test_a_failed_task_is_never_made_anew_by_itself(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        fault = Refused("Moderated.", advice="Change it.", code="runway.safety", retry=Retry.ASK)
        free = Charge(money=NOTHING, vendor_amount=0, vendor_unit="Runway credits")
        one.vendor.looks.extend([Waiting(), Working(progress=0.5), Over(fault=fault, charge=free)])
        (failure,) = (await ran(one)).failures
        assert failure.fault is fault
        assert len(one.vendor.sent) == 1
        (row,) = await one.rows()
        assert (row.state, row.charged, row.fault_title) == (State.FAILED, NOTHING, "Moderated.")


async def test_a_task_that_the_vendor_forgot_is_unknown(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.looks.append(Forgotten())
        (failure,) = (await ran(one)).failures
        assert isinstance(failure.fault, Lost)
        assert (await one.rows())[0].state is State.UNKNOWN


async def test_an_expired_address_is_asked_for_again(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        expired = Refused("Expired.", advice="Again.", code="runway.address-expired", retry=Retry.NOW)
        one.vendor.fetches.append(expired)
        looked = len((await ran(one)).results)
        assert looked == 1
        assert one.vendor.looked == 2
        assert len(one.vendor.sent) == 1


async def test_a_damaged_picture_is_fetched_again_and_never_kept(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.fetches.extend([png(42)[:40], b"<html>sorry</html>"])
        finished = await ran(one)
        assert finished.results[0].path.read_bytes() == png(42)
        assert len([path for path in (tmp_path / "library").rglob("*.png")]) == 1


async def test_a_download_that_keeps_failing_is_collected_by_the_next_run(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        broken = Unreachable("Broke.", advice="Again.", code="runway.fetch", retry=Retry.NOW)
        one.vendor.fetches.extend([broken] * 6)
        (failure,) = (await ran(one)).failures
        assert failure.fault is broken
        assert (await one.rows())[0].state in (State.SUBMITTED, State.RUNNING)
        estimate = await one.engine.estimate(one.job(hero()))
        assert (estimate.followed, estimate.bought, estimate.money) == (("hero",), (), NOTHING)
        finished = await ran(one)
        assert len(finished.results) == 1
        assert finished.money == NOTHING, "it was paid for by the run before"
        assert len(one.vendor.sent) == 1
        assert await one.ledger.spent() == PRICE


async def test_queued_and_running_are_told_with_progress_that_never_falls(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.looks.extend(
            [Waiting(), Waiting(throttled=True), Working(progress=0.3), Working(progress=0.2)]
        )
        await ran(one)
        reasons = [event.reason for event in one.events if isinstance(event, NodeQueued)]
        assert reasons == ["sending", "vendor", "throttled"]
        told = [event.progress for event in one.events if isinstance(event, NodeRunning) and event.progress]
        assert told == sorted(told)
        assert told[-1] >= 0.3


async def test_events_fold_into_a_done_node(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        await ran(one)
        state = RunState()
        for event in one.events:
            state = fold(state, event)
        assert state.node("hero").state is NodeState.DONE
        assert state.running == frozenset()
        assert (state.credits, state.money) == (100, PRICE)


async def test_two_nodes_that_ask_for_the_same_buy_it_once(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        document = many(4, seed=7)
        same = {id: node if id == "words" else document.nodes["m0"] for id, node in document.nodes.items()}
        finished = await ran(one, replace(document, nodes=same))
        assert len(finished.results) == 4
        assert len(one.vendor.sent) == 1
        assert sorted(result.reused for result in finished.results) == [False, True, True, True]
        assert finished.money == PRICE


async def test_two_runs_at_once_buy_once(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.work_seconds = 0.05
        both = await asyncio.gather(ran(one, hero(None)), ran(one, hero(None)))
        assert len(one.vendor.sent) == 1
        assert {finished.results[0].sha256 for finished in both} == {both[0].results[0].sha256}
        assert sum(finished.money for finished in both) == PRICE


async def test_two_processes_on_one_home_buy_once(tmp_path: Path) -> None:
    async with world(tmp_path) as one, world(tmp_path, one.vendors) as two:
        one.vendor.work_seconds = 0.05
        both = await asyncio.gather(ran(one, hero(None)), ran(two, hero(None)))
        assert len(one.vendor.sent) == 1
        assert both[0].results[0].sha256 == both[1].results[0].sha256


async def test_the_lane_holds_the_cap_of_the_card(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.work_seconds = 0.01
        finished = await ran(one, many(25, seed=1))
        assert len(finished.results) == 25
        assert one.vendor.most_at_once == 10


async def test_a_failed_branch_does_not_stop_the_others(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.creates.append(refused())
        finished = await ran(one, many(6, seed=1))
        assert len(finished.results) == 5
        assert len(finished.failures) == 1
        failed = [event for event in one.events if isinstance(event, NodeFailed)]
        done = {event.node for event in one.events if isinstance(event, NodeDone)}
        assert len(done) == 5
        assert failed[0].node not in done


async def test_without_its_own_words_a_charge_is_the_estimate(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.charge = None
        assert (await ran(one)).money == PRICE
        assert (await one.rows())[0].charged is None
        assert await one.ledger.spent() == PRICE


async def test_an_answer_that_holds_the_picture_needs_no_look(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.looks.append(Ready(outputs=(), inline=png(5), charge=None))
        finished = await ran(one)
        assert finished.results[0].path.read_bytes() == png(5)


async def test_an_address_that_ran_out_and_no_fresh_one_ends_it(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        expired = Refused("Expired.", advice="Again.", code="runway.address-expired", retry=Retry.NOW)
        gone = Refused("The picture is gone.", advice="It was charged.", code="x.gone", retry=Retry.ASK)
        one.vendor.fetches.append(expired)
        one.vendor.looks.extend([Ready(outputs=("a",), charge=CHARGE), Over(fault=gone, charge=CHARGE)])
        (failure,) = (await ran(one)).failures
        assert failure.fault is gone
        (row,) = await one.rows()
        assert (row.state, row.charged, row.fault_code) == (State.FAILED, CHARGE.money, "x.gone")
        assert (one.vendor.looked, len(one.vendor.sent)) == (2, 1)


async def test_a_job_forgotten_while_its_address_ran_out_is_unknown(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        expired = Refused("Expired.", advice="Again.", code="runway.address-expired", retry=Retry.NOW)
        one.vendor.fetches.append(expired)
        one.vendor.looks.extend([Ready(outputs=("a",), charge=CHARGE), Forgotten()])
        (failure,) = (await ran(one)).failures
        assert isinstance(failure.fault, Lost)
        assert (await one.rows())[0].state is State.UNKNOWN
