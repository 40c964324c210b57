"""What is asked of the ledger finds exactly what was meant: neither the neighbours before nor those after."""

from __future__ import annotations

import functools
import itertools
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from app.basics.money import Money
from app.journal.ledger import Ledger
from app.journal.operations import UNSETTLED, Counted, Operation, State
from app.journal.tables import instant
from app.journal.totals import Sum, totals
from tests.app.journal.make import NOON, ledger_in, operation
from tests.app.journal.test_ledger import Hands, brought_to

BEFORE, WANTED, AFTER = "a", "m", "z"
"""Values of a column, in their order."""
ALL = (BEFORE, WANTED, AFTER)
SECOND = timedelta(seconds=1)


def ids(found: tuple[Operation, ...]) -> list[str]:
    return [one.id for one in found]


async def one_of_each(
    ledger: Ledger, column: str, state: State = State.INTENDED, **same: object
) -> dict[str, str]:
    """Operations that differ in one column; their ids by its values."""
    return {value: await brought_to(ledger, state, **{**same, column: value}) for value in ALL}


async def test_a_question_is_about_one_thing(ledger: Ledger) -> None:
    same = dict.fromkeys(("document", "node", "node_key", "vendor"), WANTED)
    made = {column: await one_of_each(ledger, column, State.SUBMITTED, **same) for column in same}
    wanted = {of[WANTED] for of in made.values()}
    others = {column: {of[BEFORE], of[AFTER]} for column, of in made.items()}
    found = await ledger.find_unsettled(WANTED, WANTED, WANTED, False)
    assert found is not None
    assert found.id == min(wanted | others["vendor"])
    latest = await ledger.latest(WANTED, WANTED, 100)
    assert set(ids(latest)) == wanted | others["node_key"] | others["vendor"]
    of_document = await ledger.list(document=WANTED)
    assert set(ids(of_document)) == set(ids(await ledger.list())) - others["document"]
    at_vendor = await ledger.touched(WANTED, NOON)
    assert set(ids(at_vendor)) == set(ids(await ledger.list())) - others["vendor"]


@pytest.mark.parametrize("column", ["document", "node", "node_key"])
async def test_what_was_begun_elsewhere_is_not_gone_on_with(ledger: Ledger, column: str) -> None:
    same = dict.fromkeys(("document", "node", "node_key"), WANTED)
    for value in (BEFORE, AFTER):
        await ledger.intend(operation(**{**same, column: value}))
    assert await ledger.find_unsettled(WANTED, WANTED, WANTED, False) is None
    wanted = await ledger.intend(operation(**same))
    assert await ledger.find_unsettled(WANTED, WANTED, WANTED, False) == wanted


@pytest.mark.parametrize("draft", [True, False])
async def test_drafts_and_bought_ones_are_never_mixed_up(ledger: Ledger, draft: bool) -> None:
    made = operation()
    key = (made.document, made.node, made.node_key)
    id = await brought_to(ledger, State.SUBMITTED, draft=draft)
    found = await ledger.find_unsettled(*key, draft)
    assert found is not None
    assert found.id == id
    assert await ledger.find_unsettled(*key, not draft) is None


async def test_what_is_unsettled_is_found_again_and_nothing_else(ledger: Ledger) -> None:
    made = operation()
    by_state = {state: await brought_to(ledger, state, node=str(state)) for state in State}
    for state, id in by_state.items():
        found = await ledger.find_unsettled(made.document, str(state), made.node_key, False)
        assert (None if found is None else found.id) == (id if state in UNSETTLED else None)
    assert ids(await ledger.unsettled()) == sorted(by_state[state] for state in UNSETTLED)
    assert ids(await ledger.unknown()) == [by_state[State.UNKNOWN]]


async def test_one_row_is_read(ledger: Ledger) -> None:
    made = [await ledger.intend(operation(id=letter * 26)) for letter in ALL]
    for one in made:
        assert await ledger.get(one.id) == one
    assert await ledger.get("n" * 26) is None


async def test_a_page_begins_after_the_last_one_seen(ledger: Ledger) -> None:
    made = [(await ledger.intend(operation(id=f"{n}" * 26, document=ALL[n % 3]))).id for n in range(6)]
    newest = made[::-1]
    assert ids(await ledger.list(10)) == newest
    assert ids(await ledger.list(2)) == newest[:2]
    assert ids(await ledger.list(10, newest[2])) == newest[3:]
    assert ids(await ledger.list(1, newest[2])) == newest[3:4]
    assert ids(await ledger.list(10, document=WANTED)) == [made[4], made[1]]
    assert ids(await ledger.list(10, made[4], WANTED)) == [made[1]]
    assert ids(await ledger.list(10, made[1], WANTED)) == []


@pytest.mark.parametrize("column", ["vendor", "model", "address"])
async def test_durations_are_of_one_model_at_one_address(tmp_path: Path, column: str) -> None:
    clock = Hands()
    ledger = ledger_in(tmp_path, clock=clock)
    same = {"vendor": WANTED, "model": WANTED, "address": WANTED}
    for seconds, value in ((1.5, BEFORE), (2.25, WANTED), (4.0, AFTER)):
        id = await brought_to(ledger, State.SUBMITTED, **{**same, column: value})
        await clock.sleep(seconds)
        await ledger.advance(id, State.DELIVERED, asset="a")
    assert await ledger.durations(WANTED, WANTED, WANTED) == (2.25,)
    await ledger.close()


async def test_durations_are_of_pictures_by_a_clock_that_went_on(tmp_path: Path) -> None:
    clock = Hands()
    ledger = ledger_in(tmp_path, clock=clock)
    for seconds, asset in ((3.0, ""), (0.0, "a"), (-3.0, "a"), (1.0, "a"), (2.000001, "b")):
        id = await brought_to(ledger, State.SUBMITTED)
        await clock.sleep(seconds)
        await ledger.advance(id, State.DELIVERED, asset=asset)
    one = operation()
    assert await ledger.durations(one.vendor, one.model, one.address) == (2.000001, 1.0)
    assert await ledger.durations(one.vendor, one.model, one.address, 1) == (2.000001,)
    await ledger.close()


@pytest.mark.parametrize(
    ("sent", "ended", "found"),
    [
        (-5, None, True),  # has no end yet
        (-5, -1, False),
        (-5, 0, True),
        (-5, 1, True),
        (0, 0, True),
        (1, 2, True),
        (0, -1, True),  # a clock that was set back
        (1, -1, True),
    ],
)
async def test_what_was_touched_since(tmp_path: Path, sent: int, ended: int | None, found: bool) -> None:
    clock = Hands()
    ledger = ledger_in(tmp_path, clock=clock)
    clock.time = NOON + sent * SECOND
    id = await brought_to(ledger, State.RUNNING)
    if ended is not None:
        clock.time = NOON + ended * SECOND
        await ledger.advance(id, State.FAILED)
    assert ids(await ledger.touched("runway", NOON)) == ([id] if found else [])
    await ledger.close()


async def test_what_was_touched_is_live_and_was_sent(ledger: Ledger) -> None:
    await brought_to(ledger, State.SUBMITTED, draft=True)
    await brought_to(ledger, State.INTENDED)
    await brought_to(ledger, State.CANCELLED)
    first, second = [await brought_to(ledger, State.UNKNOWN, id=letter * 26) for letter in "za"]
    assert ids(await ledger.touched("runway", NOON)) == [second, first], "the oldest first"


SENT = {
    State.SENDING,
    State.SUBMITTED,
    State.RUNNING,
    State.DELIVERED,
    State.SETTLED,
    State.UNKNOWN,
}
PRICES: list[tuple[dict[str, Any], Counted]] = [
    ({}, Counted(money=Money(80_000), credits=100, unpriced=0)),
    ({"charged": 0}, Counted(money=Money(0), credits=0, unpriced=0)),
    ({"charged": 1}, Counted(money=Money(1), credits=100, unpriced=0)),
    ({"charged": 2, "estimate": None}, Counted(money=Money(2), credits=100, unpriced=0)),
    ({"estimate": None}, Counted(money=Money(0), credits=100, unpriced=1)),
    ({"estimate": None, "charged": 0}, Counted(money=Money(0), credits=0, unpriced=0)),
    ({"credits": None}, Counted(money=Money(80_000), credits=0, unpriced=0)),
]


@pytest.mark.parametrize("state", [State.SUBMITTED, State.UNKNOWN, State.FAILED, State.SETTLED])
async def test_what_counts_against_a_cap(ledger: Ledger, state: State) -> None:
    """And totals are by the same rule, and leave out what cost nothing."""
    for number, (given, counts) in enumerate(PRICES):
        document = f"doc-{number}"
        changes = {name: value for name, value in given.items() if name != "charged"}
        id = await brought_to(ledger, state, document=document, **changes)
        charged = given.get("charged")
        if charged is not None:
            await ledger.note(id, charged=Money(charged))
        assert await ledger.counted(document=document) == counts
        assert await ledger.spent(document=document) == counts.money
        unknown = int(state is State.UNKNOWN)
        paid = Sum(
            key=document,
            count=int(charged != 0),
            credits=counts.credits,
            money=counts.money,
            unknown=unknown,
            drafts=0,
        )
        found = await totals(ledger.database, "document", document=document)
        assert found == ((paid,) if paid.count or unknown else ())


async def test_the_same_rule_in_words_and_in_the_database(ledger: Ledger) -> None:
    for state, sent in itertools.product(State, (True, False)):
        made = await ledger.intend(operation(document=f"{state} {sent}"))
        values = {"id": made.id, "state": str(state), "sent": instant(NOON) if sent else None}
        await ledger.database.run(functools.partial(_written, values))
        row = await ledger.get(made.id)
        assert row is not None
        costs = state in SENT or (sent and state in {State.FAILED, State.CANCELLED})
        assert row.may_cost == costs
        assert await ledger.counted(document=made.document) == Counted(
            money=Money(80_000 if costs else 0), credits=100 if costs else 0, unpriced=0
        )
        found = await totals(ledger.database, "document", document=made.document)
        assert [(one.count, one.unknown) for one in found] == (
            [(1, int(state is State.UNKNOWN))] if costs else []
        )


def _written(values: dict[str, Any], connection: Connection) -> None:
    sql = text("UPDATE operations SET state = :state, sent = :sent WHERE id = :id")
    connection.execute(sql, values).close()


async def test_nothing_is_nothing(ledger: Ledger) -> None:
    assert await ledger.counted() == Counted(money=Money(0), credits=0, unpriced=0)
    assert await ledger.counted(NOON, "nowhere", False) == Counted(money=Money(0), credits=0, unpriced=0)


async def test_sums_of_one_document(ledger: Ledger) -> None:
    for number, value in enumerate(ALL):
        await brought_to(ledger, State.SUBMITTED, document=value, estimate=Money(10**number), credits=number)
    assert await ledger.counted(document=WANTED) == Counted(money=Money(10), credits=1, unpriced=0)
    assert await ledger.spent(document=WANTED) == 10
    assert [one.key for one in await totals(ledger.database, "document", document=WANTED)] == [WANTED]


@pytest.mark.parametrize(("since", "count"), [(-1, 3), (0, 2), (1, 1), (2, 0)])
async def test_sums_since_a_moment_count_that_moment_too(tmp_path: Path, since: int, count: int) -> None:
    clock = Hands()
    ledger = ledger_in(tmp_path, clock=clock)
    moments: list[datetime] = [NOON + at * SECOND for at in (-1, 0, 1)]
    for clock.time in moments:
        await brought_to(ledger, State.SUBMITTED)
    at = NOON + since * SECOND
    assert await ledger.spent(at) == count * 80_000
    found = await totals(ledger.database, "document", at)
    assert [one.count for one in found] == ([count] if count else [])
    await ledger.close()


async def test_drafts_count_only_where_they_are_asked_for(ledger: Ledger) -> None:
    await brought_to(ledger, State.SUBMITTED, draft=True)
    await brought_to(ledger, State.INTENDED, draft=True)
    await brought_to(ledger, State.UNKNOWN, draft=True)
    assert await ledger.counted() == Counted(money=Money(0), credits=0, unpriced=0)
    both = await ledger.counted(live_only=False)
    assert (both.money, both.credits) == (160_000, 200)
    (found,) = await totals(ledger.database, "document")
    assert found == Sum(key=found.key, count=0, credits=0, money=Money(0), unknown=0, drafts=2)
