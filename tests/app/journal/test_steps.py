"""Each step as a caller sees it: under a lease that is held, where the row is remembered, and without one,
where it is read. Both have to say what is on disk."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path

import pytest

from app.basics.faults import Bug, DiskTrouble
from app.basics.money import Money
from app.journal.leases import Lease
from app.journal.ledger import Ledger
from app.journal.operations import ENDED, NEXT, State
from tests.app.journal.make import NOON, address_in, leases_in, leases_left, ledger_in, operation, write
from tests.app.journal.test_ledger import PATHS, Hands, brought_to

WAYS = sorted({path for path in PATHS.values() if path}, key=len)


def moved(folder: Path, id: str, state: State) -> None:
    write(folder, "UPDATE operations SET state = ? WHERE id = ?", str(state), id)


@pytest.mark.parametrize("held", [True, False])
async def test_what_a_step_gives_back_is_what_is_on_disk(tmp_path: Path, held: bool) -> None:
    clock = Hands()
    holder, other = ledger_in(tmp_path, clock=clock), ledger_in(tmp_path, clock=clock)
    neighbours = [await holder.intend(operation(id=id)) for id in ("0" * 26, "z" * 26)]
    for way in WAYS:
        made = await holder.intend(operation())
        lease = await holder.acquire(made.id)
        assert lease is not None
        for number, state in enumerate(way):
            writer, reader = (holder, other) if held or state is State.SENDING else (other, holder)
            await clock.sleep(1)
            step = await writer.advance(made.id, state, run=f"run-{number}")
            assert step == await reader.get(made.id)
            assert (step.state, step.run, step.changed) == (state, f"run-{number}", clock.time)
            await clock.sleep(1)
            noted = await writer.note(made.id, vendor_unit=f"unit-{number}")
            assert noted == await reader.get(made.id)
            assert (noted.state, noted.vendor_unit) == (state, f"unit-{number}")
            ends = state in ENDED or state is State.DELIVERED
            assert (noted.ended is not None) == ends
        lease.release()
    for one in neighbours:
        assert await other.get(one.id) == one, "and only its own row"
    await holder.close()
    await other.close()


@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("state", [State.SUBMITTED, State.RUNNING])
async def test_a_picture_is_delivered_and_settled_in_one(tmp_path: Path, held: bool, state: State) -> None:
    clock = Hands()
    ledger, other = ledger_in(tmp_path, clock=clock), ledger_in(tmp_path)
    id = await brought_to(ledger if held else other, state)
    await clock.sleep(9)
    if not held:
        await other.close()
        other = ledger_in(tmp_path)
    settled = await ledger.settle(id, asset="a" * 64, charged=Money(80_000))
    assert settled == await other.get(id)
    assert (settled.state, settled.asset, settled.charged) == (State.SETTLED, "a" * 64, 80_000)
    assert settled.ended == NOON + timedelta(seconds=9)
    assert await ledger.unsettled() == ()
    lease = await other.acquire(id)
    assert lease is not None, "nobody holds it any more"
    await ledger.close()
    await other.close()


@pytest.mark.parametrize("held", [True, False])
async def test_what_a_person_settles_has_ended_then(tmp_path: Path, held: bool) -> None:
    clock = Hands()
    ledger = ledger_in(tmp_path, clock=clock)
    id = await brought_to(ledger, State.UNKNOWN)
    lease = await ledger.acquire(id) if held else None
    await ledger.note(id, vendor_unit="read")
    await clock.sleep(60)
    settled = await ledger.advance(id, State.SETTLED, charged=Money(0))
    assert settled == await ledger.get(id)
    assert settled.ended == clock.time
    assert (lease is None) or lease.held
    await ledger.close()


async def test_only_what_is_at_the_vendor_can_be_settled_at_once(ledger: Ledger) -> None:
    for state in State:
        id = await brought_to(ledger, state)
        before = await ledger.get(id)
        if State.DELIVERED in NEXT[state]:
            assert (await ledger.settle(id)).state is State.SETTLED
            continue
        with pytest.raises(Bug, match=rf"cannot go from {state} to delivered") as caught:
            await ledger.settle(id, asset="a")
        assert caught.value.code == "ledger.step"
        assert await ledger.get(id) == before


async def test_a_step_that_is_refused_names_both_states(ledger: Ledger) -> None:
    id = await brought_to(ledger, State.REFUSED)
    with pytest.raises(Bug, match="cannot go from refused to running"):
        await ledger.advance(id, State.RUNNING)


async def test_an_operation_begins_as_intended(ledger: Ledger) -> None:
    for state in set(State) - {State.INTENDED}:
        with pytest.raises(Bug) as caught:
            await ledger.intend(operation(state=state))
        assert caught.value.code == "ledger.first-step"
    assert await ledger.list() == ()


async def test_a_lease_taken_for_sending_is_kept_until_the_end(tmp_path: Path) -> None:
    mine, theirs = ledger_in(tmp_path), ledger_in(tmp_path)
    for way in WAYS:
        made = await mine.intend(operation())
        for state in way:
            await mine.advance(made.id, state)
            lease = await theirs.acquire(made.id)
            assert (lease is not None) == (state in ENDED or state is State.UNKNOWN)
            if lease is not None:
                lease.release()
    await mine.close()
    await theirs.close()


async def test_settling_lets_go_of_its_own_lease_and_of_no_other(tmp_path: Path) -> None:
    mine, theirs = ledger_in(tmp_path), ledger_in(tmp_path)
    for handed_over in (False, True):
        id = await brought_to(mine, State.SUBMITTED)
        lease = await mine.acquire(id) if handed_over else None
        await mine.settle(id)
        assert (lease is not None and lease.held) == handed_over
        assert (await theirs.acquire(id) is None) == handed_over
    await mine.close()
    await theirs.close()


async def test_sending_alone_needs_the_lease(tmp_path: Path) -> None:
    """Who holds it may let another of its ledgers write."""
    mine, theirs = ledger_in(tmp_path), ledger_in(tmp_path)
    for way in WAYS:
        made = await theirs.intend(operation())
        lease = await theirs.acquire(made.id)
        assert lease is not None
        for state in way:
            await (theirs if state is State.SENDING else mine).advance(made.id, state)
        lease.release()
        assert leases_left(tmp_path, [made.id]) == set()
    await mine.close()
    await theirs.close()


async def test_a_lease_that_was_let_go_is_worth_nothing(tmp_path: Path) -> None:
    mine, theirs = ledger_in(tmp_path), ledger_in(tmp_path)
    made = await mine.intend(operation())
    first = await mine.acquire(made.id)
    assert first is not None
    await mine.note(made.id, run="mine")
    first.release()
    held = await theirs.acquire(made.id)
    assert held is not None
    with pytest.raises(Bug) as caught:
        await mine.advance(made.id, State.SENDING)
    assert caught.value.code == "ledger.leased"
    await theirs.advance(made.id, State.SENDING, run="theirs")
    await theirs.advance(made.id, State.SUBMITTED)
    noted = await mine.note(made.id, vendor_unit="x")
    assert (noted.state, noted.run) == (State.SUBMITTED, "theirs"), "what it knew is forgotten"
    held.release()
    again = await mine.acquire(made.id)
    assert again is not None
    assert (await mine.note(made.id, vendor_unit="y")).run == "theirs"
    await mine.close()
    await theirs.close()


async def test_a_claim_that_finds_one_leaves_no_lease_of_its_own(tmp_path: Path) -> None:
    mine, theirs = ledger_in(tmp_path), ledger_in(tmp_path)
    found = await mine.intend(operation())
    first, second = operation(), operation()
    claim = await mine.claim(first)
    assert (claim.operation.id, claim.fresh, claim.lease is not None) == (found.id, False, True)
    late = await theirs.claim(second)
    assert (late.operation.id, late.fresh, late.lease) == (found.id, False, None)
    assert leases_left(tmp_path, [found.id, first.id, second.id]) == {found.id}
    assert [one.id for one in await mine.list()] == [found.id]
    await mine.close()
    await theirs.close()


class BusyLeases:
    """As somebody takes a lease, its last owner has just done one more step."""

    def __init__(self, folder: Path, steps: dict[str, State]) -> None:
        self._leases = leases_in(folder)
        self._home, self._steps = folder, steps
        self.certain, self.confirm = self._leases.certain, self._leases.confirm
        self.acquire, self.tidy = self._leases.acquire, self._leases.tidy

    async def take(self, operation: str) -> Lease | None:
        if (state := self._steps.pop(operation, None)) is not None:
            moved(self._home, operation, state)
        return await self._leases.take(operation)


async def test_a_sweep_takes_the_dead_ones_and_leaves_all_others(tmp_path: Path) -> None:
    living, dead = ledger_in(tmp_path), ledger_in(tmp_path)
    kinds = ("living", "submitted", "intended", "live", "draft", "last")
    owners = {"living": living}
    ids = {}
    for number, kind in enumerate(kinds):
        made = operation(id=f"{number:026}", draft=kind == "draft")
        ids[kind] = made.id
        await owners.get(kind, dead).intend(made)
        await owners.get(kind, dead).advance(made.id, State.SENDING)
    await dead.close()
    went_on = {ids["submitted"]: State.SUBMITTED, ids["intended"]: State.INTENDED}
    ledger = Ledger(address_in(tmp_path), BusyLeases(tmp_path, dict(went_on)))
    swept = await ledger.sweep()
    assert [one.id for one in swept.unknown] == [ids["live"], ids["last"]]
    assert {one.fault_code for one in swept.unknown} == {"ledger.answer-lost"}
    assert [(one.id, one.state, one.charged) for one in swept.dropped] == [
        (ids["draft"], State.CANCELLED, Money(0))
    ]
    states = {kind: found.state for kind, id in ids.items() if (found := await ledger.get(id))}
    assert states == {
        "living": State.SENDING,
        "submitted": State.SUBMITTED,
        "intended": State.INTENDED,
        "live": State.UNKNOWN,
        "draft": State.CANCELLED,
        "last": State.UNKNOWN,
    }
    assert leases_left(tmp_path, ids.values()) == {ids["living"]}
    assert await ledger.sweep() == type(swept)(unknown=(), dropped=())
    await ledger.close()
    await living.close()


async def test_lists_are_as_long_as_they_are_said_to_be(ledger: Ledger) -> None:
    ids = [(await ledger.intend(operation(id=f"{number:026}"))).id for number in range(101)]
    assert [one.id for one in await ledger.list()] == ids[:0:-1]
    assert [one.id for one in await ledger.list(2)] == ids[:-3:-1]
    one = operation()
    assert [found.id for found in await ledger.latest(one.document, one.node)] == ids[-1:]
    assert [found.id for found in await ledger.latest(one.document, one.node, 2)] == ids[:-3:-1]


@pytest.mark.in_files
async def test_a_damaged_ledger_is_put_aside_only_where_that_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"no database at all" * 400)
    ledger = ledger_in(tmp_path)
    with pytest.raises(DiskTrouble) as caught:
        await ledger.open()
    assert caught.value.code == "ledger.corrupt"
    await ledger.close()
    other = ledger_in(tmp_path, put_aside=True)
    assert await other.open() != ()
    assert await other.list() == ()
    await other.close()


def test_every_state_is_reached_by_some_way() -> None:
    assert set(itertools.chain(*WAYS)) | {State.INTENDED} == set(State)
