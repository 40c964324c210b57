"""A create is sent at most once, and what became of it is written down before anything else happens."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.basics.faults import (
    BadInput,
    Bug,
    Charged,
    DiskTrouble,
    Fault,
    Lost,
    Refused,
    Retry,
    Unreachable,
)
from app.engine import sending
from app.engine.events import Event, NodeQueued
from app.journal.operations import State
from app.providers.contract import Accepted, Ready
from tests.app.engine.desk import CARD, OFFER, Desk, desk, order
from tests.app.engine.scripted import (
    DRAFT,
    LIVE,
    PRICE,
    caps,
    lost,
    not_sent,
    refused,
    too_many,
    until,
)

CREDITS = CARD.credits


def no_line(after: float) -> Unreachable:
    return Unreachable("Not reached.", advice="", code="x", retry=Retry.NOW, retry_after=after)


def answer(charged: Charged, retry: Retry) -> Refused:
    return Refused("No.", advice="", code="runway.answer", charged=charged, retry=retry)


def paused(one: Desk) -> list[float | None]:
    return [event.until for event in one.heard if isinstance(event, NodeQueued) and event.reason == "paused"]


async def test_a_create_that_is_taken(tmp_path: Path) -> None:
    async with desk(tmp_path) as one:
        row = await one.row()
        seen = []

        async def look_at_the_book() -> None:
            seen.append(await one.now(row))

        one.vendor.creates.append(look_at_the_book)
        sent = await one.send(row)
        (before,) = seen
        assert (before.state, before.address, before.run) == (State.SENDING, LIVE, "run-1")
        assert sent.operation == await one.now(row)
        assert sent.operation.state is State.SUBMITTED
        assert sent.operation.ticket is not None
        assert sent.operation.ticket["id"] == "job-0"
        assert sent.news is None
        assert one.vendor.sent[0].seed == 42
        assert [(event.node, event.reason) for event in one.heard] == [("hero", "sending")]  # type: ignore[union-attr]
        assert (one.purse.money, one.purse.credits) == (PRICE, CREDITS)


async def test_news_that_come_with_the_answer_are_handed_on(tmp_path: Path) -> None:
    async with desk(tmp_path) as one:
        ready = Ready(outputs=("a",), charge=None)

        async def submit(*_: object) -> Accepted:
            return Accepted(ticket=one.vendor._accept(one.vendor.sent), news=ready)  # type: ignore[arg-type]

        one.vendor = _Answering(one.vendor, submit)  # type: ignore[assignment]
        assert (await one.send(await one.row())).news is ready


class _Answering:
    """A vendor whose create is answered by `submit`."""

    def __init__(self, vendor: object, submit: object) -> None:
        self._vendor = vendor
        self.submit = submit

    def __getattr__(self, name: str) -> object:
        return getattr(self._vendor, name)


@pytest.mark.parametrize(
    ("answers", "slept"),
    [
        # Without a time the waits grow, and the fourth failure is the last.
        ([not_sent()] * 3, [0.75, 1.5, 3.0]),
        ([too_many()] * 3, [0.75, 1.5, 3.0]),
        ([not_sent(), too_many(), not_sent()], [0.75, 1.5, 3.0]),
        # A time that was asked for is kept whole, however often, up to a quarter of an hour in all.
        ([too_many(900.0)], [900.0]),
        ([too_many(500.0), too_many(400.0)], [500.0, 400.0]),
        ([too_many(40.0), too_many(50.0)], [40.0, 50.0]),
        ([too_many(60.0)] * 6, [60.0] * 6),
        ([no_line(900.0)], [900.0]),
        ([no_line(60.0)] * 6, [60.0] * 6),
    ],
)
async def test_what_surely_did_not_arrive_is_sent_again(
    tmp_path: Path, answers: Sequence[Fault], slept: list[float]
) -> None:
    async with desk(tmp_path) as one:
        row = await one.row()
        one.vendor.creates.extend(answers)
        assert (await one.send(row)).operation.state is State.SUBMITTED
        assert len(one.vendor.sent) == len(answers) + 1
        assert one.clock.slept == slept == paused(one)
        assert len(one.vendor.jobs) == 1
        assert (one.purse.money, one.purse.credits) == (PRICE, CREDITS), "counted once"


@pytest.mark.parametrize(
    ("answers", "times", "end"),
    [
        ([not_sent()] * 9, 4, State.FAILED),
        ([too_many()] * 9, 4, State.REFUSED),
        ([too_many(901.0)], 1, State.REFUSED),
        ([no_line(901.0)], 1, State.FAILED),
        ([too_many(500.0), too_many(401.0)], 2, State.REFUSED),
        ([too_many(500.0), too_many(500.0)], 2, State.REFUSED),
        ([too_many(899.0), too_many(2.0)], 2, State.REFUSED),
        ([too_many(1.0)] * 3 + [too_many()], 4, State.REFUSED),
        ([too_many(1.0)] * 5 + [too_many()], 6, State.REFUSED),
        ([refused()], 1, State.REFUSED),
        ([answer(Charged.NO, Retry.ASK)], 1, State.REFUSED),
        ([BadInput("No.", advice="", code="x")], 1, State.REFUSED),
        ([lost()], 1, State.UNKNOWN),
        ([answer(Charged.UNKNOWN, Retry.NOW)], 1, State.UNKNOWN),
        ([answer(Charged.UNKNOWN, Retry.LATER)], 1, State.UNKNOWN),
        ([answer(Charged.YES, Retry.NOW)], 1, State.UNKNOWN),
    ],
)
async def test_what_is_not_sent_again_comes_out_and_the_row_says_how_it_ended(
    tmp_path: Path, answers: Sequence[Fault], times: int, end: State
) -> None:
    async with desk(tmp_path) as one:
        row = await one.row()
        one.vendor.creates.extend(answers)
        with pytest.raises(Fault) as raised:
            await one.send(row)
        assert raised.value is answers[times - 1]
        assert len(one.vendor.sent) == times
        now = await one.now(row)
        assert now.state is end
        fault = raised.value
        assert (now.fault_code, now.fault_title, now.fault_advice) == (fault.code, fault.title, fault.advice)
        kept = end is State.UNKNOWN
        assert (one.purse.money, one.purse.credits) == ((PRICE, CREDITS) if kept else (0, 0))
        assert await one.ledger.spent() == (PRICE if kept else 0)


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        (answer(Charged.UNKNOWN, Retry.ASK), State.REFUSED),
        (answer(Charged.YES, Retry.ASK), State.REFUSED),
        (refused(), State.REFUSED),
    ],
)
async def test_a_draft_is_never_unknown(tmp_path: Path, fault: Fault, end: State) -> None:
    async with desk(tmp_path, draft=True) as one:
        row = await one.row()
        one.vendor.creates.append(fault)
        with pytest.raises(Refused):
            await one.send(row)
        assert await one.state(row) is end
        assert (one.purse.money, one.purse.credits) == (0, 0)


async def test_a_draft_that_surely_did_not_arrive_is_sent_again(tmp_path: Path) -> None:
    async with desk(tmp_path, draft=True) as one:
        one.vendor.creates.append(not_sent())
        assert (await one.send(await one.row())).operation.state is State.SUBMITTED
        assert len(one.vendor.sent) == 2


@pytest.mark.parametrize(
    ("fault", "rests"), [(not_sent(), []), (no_line(120.0), []), (too_many(120.0), [("paused", 120.0)])]
)
async def test_a_vendor_that_is_too_busy_rests_for_all_and_a_broken_line_for_one(
    tmp_path: Path, fault: Fault, rests: list[tuple[str, float]]
) -> None:
    async with desk(tmp_path) as one:
        lane = one.lanes.lane("runway", OFFER.model, LIVE, OFFER.concurrency)
        heard: list[tuple[str, float | None]] = []
        others: list[asyncio.Task[None]] = []

        def another(event: Event) -> None:
            if isinstance(event, NodeQueued) and event.reason == "paused":
                others.append(asyncio.create_task(lane.open(lambda *said: heard.append(said))))

        one.tells(another)
        one.vendor.creates.append(fault)
        await one.send(await one.row())
        assert len(others) == 1
        await others[0]
        assert heard == rests


async def test_a_cap_is_not_waited_for(tmp_path: Path) -> None:
    async with desk(tmp_path, caps=caps(run_credits=99)) as one:
        row = await one.row()
        with pytest.raises(Refused) as raised:
            await one.send(row)
        assert raised.value.code == "budget.run"
        assert (one.vendor.sent, one.clock.slept) == ([], [])
        assert await one.state(row) is State.REFUSED
        assert (one.purse.money, one.purse.credits) == (0, 0)


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        (BadInput("The photograph is gone.", advice="", code="x"), State.FAILED),
        (answer(Charged.NO, Retry.NEVER), State.REFUSED),
        (DiskTrouble("Full.", advice="", code="x"), State.FAILED),
    ],
)
async def test_what_fails_before_it_is_sent_ends_the_row(tmp_path: Path, fault: Fault, end: State) -> None:
    async with desk(tmp_path) as one:
        row = await one.row()

        async def prepare(_: object) -> None:
            raise fault

        vendor = _Answering(one.vendor, None)
        vendor.prepare = prepare  # type: ignore[attr-defined]
        one.vendor = vendor  # type: ignore[assignment]
        with pytest.raises(type(fault)):
            await one.send(row)
        assert await one.state(row) is end
        assert await one.ledger.spent() == 0


async def test_a_mistake_of_ours_in_the_middle_of_sending(tmp_path: Path) -> None:
    async with desk(tmp_path / "live") as one:
        row = await one.row()
        one.vendor.creates.append(ZeroDivisionError("our own"))
        with pytest.raises(Lost) as raised:
            await one.send(row)
        assert (raised.value.charged, raised.value.retry) == (Charged.UNKNOWN, Retry.ASK)
        assert raised.value.detail == "ZeroDivisionError: our own"
        now = await one.now(row)
        assert (now.state, now.fault_code) == (State.UNKNOWN, "engine.bug-while-sending")
        assert one.purse.money == PRICE
    async with desk(tmp_path / "draft", draft=True) as one:
        row = await one.row()
        one.vendor.creates.append(ZeroDivisionError("our own"))
        with pytest.raises(Bug) as bug:
            await one.send(row)
        assert (bug.value.charged, bug.value.code) == (Charged.NO, "engine.bug-while-sending")
        assert await one.state(row) is State.REFUSED


async def test_a_mistake_of_ours_before_anything_left_is_not_said_to_have_cost(tmp_path: Path) -> None:
    async with desk(tmp_path) as one:
        row = await one.row()

        def fails(_: Event) -> None:
            raise ZeroDivisionError

        one.tells(fails)
        with pytest.raises(ZeroDivisionError):
            await one.send(row)
        assert await one.state(row) is State.INTENDED
        assert (one.vendor.sent, one.purse.money) == ([], 0)


@pytest.mark.parametrize(("draft", "charged"), [(False, Charged.UNKNOWN), (True, Charged.NO)])
async def test_a_receipt_that_cannot_be_written_is_told_to_the_person(
    tmp_path: Path, draft: bool, charged: Charged
) -> None:
    async with desk(tmp_path, draft=draft) as one:
        row = await one.row()
        with sqlite3.connect(tmp_path / "ledger.sqlite") as other:
            other.execute(
                "CREATE TRIGGER no BEFORE UPDATE ON operations WHEN NEW.state = 'submitted' "
                "BEGIN SELECT RAISE(ABORT, 'the disk says no'); END"
            )
        other.close()
        with pytest.raises(DiskTrouble) as raised:
            await one.send(row)
        fault = raised.value
        assert (fault.code, fault.charged, fault.retry) == ("engine.receipt", charged, Retry.ASK)
        assert "job-0" in fault.advice
        assert await one.state(row) is State.SENDING, "which the next start finds"
        assert len(one.vendor.sent) == 1


@pytest.mark.parametrize(
    ("outcome", "end"),
    [
        (None, State.SUBMITTED),
        (lost(), State.UNKNOWN),
        (refused(), State.REFUSED),
        (ZeroDivisionError(), State.UNKNOWN),
    ],
)
async def test_cancelling_waits_for_the_answer_and_writes_it_down(
    tmp_path: Path, outcome: Exception | None, end: State
) -> None:
    async with desk(tmp_path) as one:
        row, answers = await one.row(), asyncio.Event()

        async def slow() -> None:
            await answers.wait()
            if outcome is not None:
                raise outcome

        one.vendor.creates.append(slow)
        task = asyncio.create_task(one.send(row))
        await until(lambda: one.vendor.sent)
        task.cancel()
        await asyncio.sleep(0.01)
        assert not task.done()
        answers.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await one.state(row) is end
        assert len(one.vendor.sent) == 1


async def test_an_answer_that_never_comes_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "QUIT_SECONDS", 0.02)
    async with desk(tmp_path) as one:
        row, answers = await one.row(), asyncio.Event()
        one.vendor.creates.append(answers.wait)  # type: ignore[arg-type]
        task = asyncio.create_task(one.send(row))
        await until(lambda: one.vendor.sent)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await one.state(row) is State.SENDING, "which the next start finds"
        await asyncio.wait_for(one.sender.close(), 5)
        answers.set()


async def test_closing_waits_for_what_is_in_flight(tmp_path: Path) -> None:
    async with desk(tmp_path) as one:
        await asyncio.wait_for(one.sender.close(), 1)
        row, answers = await one.row(), asyncio.Event()
        one.vendor.creates.append(answers.wait)  # type: ignore[arg-type]
        task = asyncio.create_task(one.send(row))
        await until(lambda: one.vendor.sent)
        closing = asyncio.create_task(one.sender.close())
        await asyncio.sleep(0.01)
        assert not closing.done()
        answers.set()
        await closing
        assert await one.state(row) is State.SUBMITTED
        await task


@pytest.mark.parametrize(("draft", "address"), [(False, LIVE), (True, DRAFT)])
async def test_what_waits_at_the_door_stands_in_the_queue(tmp_path: Path, draft: bool, address: str) -> None:
    async with desk(tmp_path, draft=draft) as one:
        wanted = order("a", front=True)
        async with one.sender.door(wanted, one.vendor, one.buyer) as place:
            (waits,) = one.queue.waiting()
            assert (waits.run, waits.node, waits.document) == ("run-1", "a", "shoes")
            assert (waits.title, waits.card, waits.vendor) == ("Hero shot", "gen4-image", OFFER.vendor)
            assert (waits.draft, waits.front, waits.since) == (draft, True, one.clock.now())
            row = await one.row(node="a")
            await one.sender.send(row, wanted, one.vendor, one.buyer, place)
            assert one.queue.waiting() == ()
        assert (await one.now(row)).address == address
