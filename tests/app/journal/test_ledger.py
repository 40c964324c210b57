from __future__ import annotations

import asyncio
import sqlite3
import stat
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest
from msgspec.structs import replace

from app.basics.faults import Bug, DiskTrouble
from app.basics.money import Money
from app.journal.ledger import Ledger
from app.journal.operations import ENDED, NEXT, UNSETTLED, Counted, State
from tests.app.journal.make import NOON, ledger_in, operation

PATHS = {
    State.INTENDED: (),
    State.SENDING: (State.SENDING,),
    State.SUBMITTED: (State.SENDING, State.SUBMITTED),
    State.RUNNING: (State.SENDING, State.SUBMITTED, State.RUNNING),
    State.DELIVERED: (State.SENDING, State.SUBMITTED, State.DELIVERED),
    State.SETTLED: (State.SENDING, State.SUBMITTED, State.DELIVERED, State.SETTLED),
    State.REFUSED: (State.SENDING, State.REFUSED),
    State.FAILED: (State.SENDING, State.SUBMITTED, State.FAILED),
    State.CANCELLED: (State.CANCELLED,),
    State.UNKNOWN: (State.SENDING, State.UNKNOWN),
}


async def brought_to(ledger: Ledger, state: State, **changes: object) -> str:
    made = operation(**changes)
    await ledger.intend(made)
    for step in PATHS[state]:
        await ledger.advance(made.id, step)
    return made.id


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


async def test_a_row_comes_back_as_it_was(ledger: Ledger) -> None:
    frozen = MappingProxyType(
        {"prompt": "ﬁ 🥿", "nested": MappingProxyType({"seed": 2**32 - 1, "list": [1, None]})}
    )
    made = operation(request=frozen, seed=None, estimate=None, credits=None, vendor_amount=8.5, draft=True)
    assert await ledger.intend(made) == made
    assert await ledger.get(made.id) == replace(
        made, request={"prompt": "ﬁ 🥿", "nested": {"seed": 2**32 - 1, "list": [1, None]}}
    )


async def test_the_whole_life(tmp_path: Path) -> None:
    clock = Hands()
    ledger = ledger_in(tmp_path, clock=clock)
    made = await ledger.intend(operation())
    await clock.sleep(1)
    sending = await ledger.advance(made.id, State.SENDING)
    assert (sending.sent, sending.changed) == (NOON + timedelta(seconds=1),) * 2
    await clock.sleep(1)
    submitted = await ledger.advance(made.id, State.SUBMITTED, ticket={"id": "task-1", "extras": {}})
    assert (submitted.submitted, submitted.ticket) == (
        NOON + timedelta(seconds=2),
        {"id": "task-1", "extras": {}},
    )
    await ledger.advance(made.id, State.RUNNING)
    await clock.sleep(10.25)
    delivered = await ledger.advance(made.id, State.DELIVERED, asset="a" * 64)
    ready = NOON + timedelta(seconds=12.25)
    assert (delivered.asset, delivered.ended) == ("a" * 64, ready)
    await clock.sleep(5)
    settled = await ledger.advance(
        made.id, State.SETTLED, charged=Money(80_000), vendor_amount=8.0, vendor_unit="Runway credits"
    )
    assert settled.ended == ready, "ready is when the picture came, not when the bill did"
    assert (settled.charged, settled.vendor_amount, settled.vendor_unit) == (80_000, 8.0, "Runway credits")
    assert await ledger.durations("runway", "gen4_image", made.address) == (10.25,)
    await ledger.close()
    again = ledger_in(tmp_path)
    assert await again.get(made.id) == settled
    await again.close()


@pytest.mark.parametrize("state", list(State))
async def test_every_step_that_is_not_named_is_refused(ledger: Ledger, state: State) -> None:
    for wanted in State:
        id = await brought_to(ledger, state)
        before = await ledger.get(id)
        if wanted in NEXT[state]:
            assert (await ledger.advance(id, wanted)).state is wanted
            continue
        with pytest.raises(Bug) as caught:
            await ledger.advance(id, wanted, charged=Money(1))
        assert caught.value.code == "ledger.step"
        assert await ledger.get(id) == before


async def test_unknown_ids_are_said(ledger: Ledger) -> None:
    assert await ledger.get("nobody") is None
    for call in (ledger.advance("nobody", State.CANCELLED), ledger.note("nobody", charged=Money(1))):
        with pytest.raises(Bug) as caught:
            await call
        assert caught.value.code == "ledger.no-operation"
    with pytest.raises(Bug, match="begins as intended"):
        await ledger.intend(operation(state=State.SUBMITTED))
    with pytest.raises(Bug, match="without a zone"):
        await ledger.intend(operation(made=datetime(2026, 1, 1)))


async def test_the_same_row_twice_is_refused(ledger: Ledger) -> None:
    made = await ledger.intend(operation())
    with pytest.raises(DiskTrouble):
        await ledger.intend(made)
    assert await ledger.list() == (made,)


async def test_surely_not_sent_forgets_the_time_of_sending(ledger: Ledger) -> None:
    id = await brought_to(ledger, State.SENDING)
    back = await ledger.advance(id, State.INTENDED)
    assert (back.sent, back.state) == (None, State.INTENDED)
    assert await ledger.spent() == 0


async def test_lists_tell_states_apart(ledger: Ledger) -> None:
    ids = {state: await brought_to(ledger, state) for state in State}
    assert [one.id for one in await ledger.unsettled()] == sorted(ids[state] for state in UNSETTLED)
    assert [one.id for one in await ledger.unknown()] == [ids[State.UNKNOWN]]
    for state in (*ENDED, State.UNKNOWN):
        assert ids[state] not in {one.id for one in await ledger.unsettled()}


async def test_a_node_finds_what_it_began(ledger: Ledger) -> None:
    first, second = operation(seed=7), operation(seed=8)
    others = [operation(document="b"), operation(node="b"), operation(node_key="b"), operation(draft=True)]
    for one in (*others, first, second):
        await ledger.intend(one)
    key = (first.document, first.node, first.node_key)
    found = await ledger.find_unsettled(*key, False)
    assert found is not None
    assert found == min(first, second, key=lambda one: one.id)
    assert (await ledger.find_unsettled(*key, True)) == others[3]
    for one in (first, second):
        await ledger.advance(one.id, State.CANCELLED)
    assert await ledger.find_unsettled(*key, False) is None
    assert {one.id for one in await ledger.latest(first.document, first.node, 10)} == {
        one.id for one in (*others[2:], first, second)
    }


async def test_what_waits_for_a_person_is_not_found_as_unsettled(ledger: Ledger) -> None:
    await brought_to(ledger, State.UNKNOWN)
    made = operation()
    assert await ledger.find_unsettled(made.document, made.node, made.node_key, False) is None


async def test_history_in_pages(ledger: Ledger) -> None:
    made = [operation(document=f"doc-{number % 2}") for number in range(25)]
    for one in made:
        await ledger.intend(one)
    seen: list[str] = []
    before = None
    while found := await ledger.list(10, before):
        seen += [one.id for one in found]
        before = seen[-1]
    assert seen == sorted((one.id for one in made), reverse=True)
    assert len(await ledger.list(100, document="doc-1")) == 12


async def test_spent_is_exact(ledger: Ledger) -> None:
    odd = Money(9_007_199_254_740_993)  # a float would lose the last one
    assert await ledger.spent() == 0
    id = await brought_to(ledger, State.SETTLED)
    await ledger.note(id, charged=odd)
    free = {State.INTENDED, State.REFUSED, State.CANCELLED}  # as `PATHS` bring them there
    costs = set(State) - free
    for state in State:
        await brought_to(ledger, state, estimate=Money(1), document="b")
    assert await ledger.spent() == odd + len(costs)
    assert await ledger.spent(document="b") == len(costs)
    expected = Counted(money=Money(len(costs)), credits=100 * len(costs), unpriced=0)
    assert await ledger.counted(document="b") == expected


def counted(money: int, credits: int, unpriced: int = 0) -> Counted:
    return Counted(money=Money(money), credits=credits, unpriced=unpriced)


@pytest.mark.parametrize("end", [State.FAILED, State.CANCELLED])
async def test_what_ended_without_a_word_about_its_charge_counts_as_its_estimate(
    ledger: Ledger, end: State
) -> None:
    sent = await brought_to(ledger, State.RUNNING)
    await ledger.advance(sent, end)
    assert await ledger.counted() == counted(80_000, 100)
    never = await brought_to(ledger, State.SENDING)
    await ledger.advance(never, State.INTENDED)  # surely not sent
    await ledger.advance(never, end)
    assert await ledger.counted() == counted(80_000, 100)
    unpriced = await brought_to(ledger, State.RUNNING, estimate=None)
    await ledger.advance(unpriced, end)
    assert await ledger.counted() == counted(80_000, 200, unpriced=1)
    await ledger.note(unpriced, charged=Money(0))
    await ledger.note(sent, charged=Money(7))
    assert await ledger.counted() == counted(7, 100)


async def test_spent_takes_the_charge_before_the_estimate(ledger: Ledger) -> None:
    failed = await brought_to(ledger, State.FAILED)
    assert await ledger.counted() == counted(80_000, 100)
    await ledger.note(failed, charged=Money(0))
    assert await ledger.counted() == counted(0, 0)
    await ledger.note(failed, charged=Money(50_000))
    assert await ledger.counted() == counted(50_000, 100)
    submitted = await brought_to(ledger, State.SUBMITTED)
    assert await ledger.spent() == 130_000
    await ledger.advance(submitted, State.CANCELLED, charged=Money(0))
    assert await ledger.counted() == counted(50_000, 100)
    await brought_to(ledger, State.UNKNOWN, estimate=None, credits=None)
    assert await ledger.counted() == counted(50_000, 100, unpriced=1)
    await brought_to(ledger, State.SUBMITTED, draft=True)
    assert await ledger.spent() == 50_000
    assert await ledger.counted() == counted(50_000, 100, unpriced=1)
    assert await ledger.spent(live_only=False) == 130_000


async def test_spent_since_counts_from_the_time_of_sending(tmp_path: Path) -> None:
    clock = Hands()
    ledger = ledger_in(tmp_path, clock=clock)
    await brought_to(ledger, State.SUBMITTED)
    await clock.sleep(86_400)
    await brought_to(ledger, State.SUBMITTED)
    assert await ledger.spent() == 160_000
    assert await ledger.spent(since=NOON + timedelta(hours=1)) == 80_000
    assert await ledger.spent(since=clock.time) == 80_000
    assert await ledger.spent(since=clock.time + timedelta(microseconds=1)) == 0
    await ledger.close()


async def test_durations_are_of_that_model_and_address(tmp_path: Path) -> None:
    clock = Hands()
    ledger = ledger_in(tmp_path, clock=clock)

    async def lasts(seconds: float, asset: str = "a", **changes: object) -> None:
        id = await brought_to(ledger, State.SUBMITTED, **changes)
        await clock.sleep(seconds)
        await ledger.advance(id, State.DELIVERED, asset=asset)

    for seconds in range(1, 61):
        await lasts(seconds)
    await lasts(100, address="http://127.0.0.1:1")
    await lasts(100, model="gen4_image_turbo")
    await lasts(-5)  # a clock set back
    await lasts(100, asset="")
    found = await ledger.durations("runway", "gen4_image", operation().address)
    assert sorted(found) == [float(seconds) for seconds in range(11, 61)]
    assert await ledger.durations("runway", "nothing", "nowhere") == ()
    await ledger.close()


async def test_fault_texts_lose_their_secrets(ledger: Ledger) -> None:
    id = await brought_to(ledger, State.SENDING)
    await ledger.advance(
        id,
        State.REFUSED,
        fault_code="runway.key",
        fault_title="401 for Bearer key_0123456789abcdef",
        fault_advice="see https://cdn.example.com/a.png?_jwt=eyJhbGciOi.eyJrZXki.c2ln",
    )
    kept = await ledger.get(id)
    assert kept is not None
    assert "0123456789abcdef" not in kept.fault_title
    assert "eyJ" not in kept.fault_advice


async def test_a_caller_that_leaves_does_not_take_the_step_back(ledger: Ledger) -> None:
    id = await brought_to(ledger, State.SENDING)
    task = asyncio.ensure_future(ledger.advance(id, State.SUBMITTED, ticket={"id": "paid"}))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    kept = await ledger.get(id)
    assert kept is not None
    assert (kept.state, kept.ticket) == (State.SUBMITTED, {"id": "paid"})


async def test_many_at_once_are_each_whole(ledger: Ledger) -> None:
    ids = await asyncio.gather(*(brought_to(ledger, State.SETTLED) for _ in range(60)))
    assert [one.state for one in await ledger.list(100)] == [State.SETTLED] * 60
    assert len(set(ids)) == 60


@pytest.mark.in_files
async def test_it_is_durable_and_private(ledger: Ledger, tmp_path: Path) -> None:
    made = await ledger.intend(operation())
    file = tmp_path / "ledger.sqlite"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = await ledger.database.read(
        lambda connection: [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    )
    assert found == ["wal", 2, 1, 10_000]
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as other:
        assert other.execute("SELECT id, seed FROM operations").fetchall() == [(made.id, 4_294_967_295)]
    other.close()


async def test_closing_ends_the_thread_and_the_leases(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    id = await brought_to(ledger, State.SENDING)
    await ledger.close()
    await ledger.close()
    with pytest.raises(Bug, match="after it was closed"):
        await ledger.get(id)
    other = ledger_in(tmp_path)
    lease = await other.acquire(id)
    assert lease is not None
    await other.close()
    assert not lease.held
