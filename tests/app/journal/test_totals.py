"""Sums by day, model and document, made by a real SQLite and held against the same sums made by hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.basics.money import Money
from app.journal.ledger import Ledger
from app.journal.operations import State
from app.journal.tables import instant
from app.journal.totals import Sum, totals, zone_offsets
from tests.app.journal.make import ledger_in
from tests.app.journal.test_ledger import Hands, brought_to

BERLIN, ST_JOHNS, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/St_Johns"), ZoneInfo("Asia/Kolkata")
ODD = 9_007_199_254_740_993
"""A float would lose the last one."""


def money(found: tuple[Sum, ...]) -> dict[str, int]:
    return {one.key: one.money for one in found}


@pytest.mark.parametrize("zone", [UTC, BERLIN, ST_JOHNS, KOLKATA], ids=str)
@pytest.mark.parametrize("first", [datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC)])
async def test_days_are_those_of_the_clock_on_the_wall(tmp_path: Path, zone: tzinfo, first: datetime) -> None:
    """Over the weekends on which clocks are set: a call every ninety minutes, each of another cost."""
    clock = Hands()
    clock.time = first
    ledger = ledger_in(tmp_path, clock=clock)
    by_hand: Counter[str] = Counter()
    for number in range(80):
        await brought_to(ledger, State.SENDING, estimate=Money(number + 1))
        by_hand[f"{clock.time.astimezone(zone):%Y-%m-%d}"] += number + 1
        await clock.sleep(5400)
    found = await totals(ledger.database, "day", zone=zone)
    assert money(found) == dict(by_hand)
    assert [one.key for one in found] == sorted(by_hand, reverse=True)
    assert sum(one.count for one in found) == 80
    await ledger.close()


@pytest.mark.parametrize("zone", [BERLIN, ST_JOHNS])
def test_the_second_at_which_clocks_are_set_is_found(zone: ZoneInfo) -> None:
    first, last = datetime(2020, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    offsets = zone_offsets(instant(first), instant(last), zone)
    assert len(offsets) == 1 + 2 * 7
    for start, offset in offsets[1:]:
        at = datetime.fromtimestamp(start / 1_000_000, UTC)
        told = at.astimezone(zone).utcoffset()
        before = (at - timedelta(seconds=1)).astimezone(zone).utcoffset()
        assert told is not None
        assert told == timedelta(microseconds=offset) != before


async def test_sums_are_exact_and_by_the_rule_of_spent(ledger: Ledger) -> None:
    for state in State:
        await brought_to(ledger, state, estimate=Money(1), document="b")
        await brought_to(ledger, state, estimate=None, card="seedream-4.5", document="c")
    id = await brought_to(ledger, State.SETTLED, card="gen4-image", document="a")
    await ledger.note(id, charged=Money(ODD))
    await brought_to(ledger, State.SUBMITTED, draft=True, document="b")
    await brought_to(ledger, State.CANCELLED, draft=True, document="b")
    counted = await ledger.counted()
    for by in ("model", "document"):
        found = await totals(ledger.database, by)
        assert sum(one.money for one in found) == counted.money == ODD + 7
        assert sum(one.credits for one in found) == counted.credits
    documents = await totals(ledger.database, "document")
    assert [one.key for one in documents] == ["a", "b", "c"], "the dearest first"
    assert documents[0] == Sum(key="a", count=1, credits=100, money=Money(ODD), unknown=0, drafts=0)
    assert documents[1] == Sum(key="b", count=7, credits=700, money=Money(7), unknown=1, drafts=1)
    models = {one.key: one for one in await totals(ledger.database, "model")}
    assert models["seedream-4.5"].unknown == 1
    assert models["seedream-4.5"].money == 0
    assert await totals(ledger.database, "model", document="a") == (
        Sum(key="gen4-image", count=1, credits=100, money=Money(ODD), unknown=0, drafts=0),
    )


async def test_a_draft_costs_nothing_whatever_its_row_says(ledger: Ledger) -> None:
    id = await brought_to(ledger, State.SETTLED, draft=True, document="b")
    await ledger.note(id, charged=Money(5))
    assert await totals(ledger.database, "document") == (
        Sum(key="b", count=0, credits=0, money=Money(0), unknown=0, drafts=1),
    )


@pytest.mark.parametrize("by", ["day", "model", "document"])
async def test_nothing_that_cost_is_nothing(ledger: Ledger, by: str) -> None:
    assert await totals(ledger.database, by) == ()  # type: ignore[arg-type]
    for state in (State.INTENDED, State.REFUSED, State.CANCELLED):
        await brought_to(ledger, state)
    assert await totals(ledger.database, by) == ()  # type: ignore[arg-type]


async def test_since_is_about_the_time_of_sending(tmp_path: Path) -> None:
    clock = Hands()
    ledger = ledger_in(tmp_path, clock=clock)
    for _ in range(3):
        await brought_to(ledger, State.SETTLED)
        await clock.sleep(86_400)
    found = await totals(ledger.database, "day", clock.time - timedelta(days=2), zone=UTC)
    assert [(one.key, one.money) for one in found] == [("2026-02-02", 80_000), ("2026-02-01", 80_000)]
    assert await totals(ledger.database, "document", clock.time) == ()
    await ledger.close()
