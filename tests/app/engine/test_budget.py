"""Caps hold, also when much is decided at once, and sums are exact."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.basics.faults import Refused
from app.basics.money import NOTHING, Money
from app.engine.budget import Budget, Cost, Purse
from app.journal.operations import Counted, State
from app.providers.contract import Over
from tests.app.engine.scripted import (
    PRICE,
    QuickClock,
    caps,
    hero,
    many,
    ran,
    refused,
    too_many,
    world,
)


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"run_credits": 299}, "budget.run"),
        ({"run_money": 3 * PRICE - 1}, "budget.run"),
        ({"day_credits": 299}, "budget.day"),
        ({"day_money": 3 * PRICE - 1}, "budget.day"),
        ({"document_credits": 299}, "budget.document"),
        ({"document_money": 3 * PRICE - 1}, "budget.document"),
    ],
)
async def test_a_run_over_a_cap_sends_nothing(tmp_path: Path, limits: dict[str, int], code: str) -> None:
    async with world(tmp_path) as one:
        with pytest.raises(Refused) as raised:
            await ran(one, many(3, seed=1), caps=caps(**limits))
        assert raised.value.code == code
        assert one.vendor.sent == []
        assert one.events == []
        exact = {name: limit + 1 for name, limit in limits.items()}
        assert len((await ran(one, many(3, seed=1), caps=caps(**exact))).results) == 3


async def test_what_is_reused_and_drafts_cost_nothing(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        await ran(one, many(2, seed=1))
        finished = await ran(one, many(3, seed=1), caps=caps(run_credits=100))
        assert len(finished.results) == 3
        one.vendors.live = False
        assert len((await ran(one, many(4, seed=50), caps=caps(run_credits=0))).results) == 4


async def test_a_day_ends_and_a_document_does_not(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        await ran(one, hero(1))
        one.clock.passed += timedelta(days=1).total_seconds()
        await ran(one, hero(2), caps=caps(day_credits=100))
        with pytest.raises(Refused):
            await ran(one, hero(3), caps=caps(document_credits=200))
        await ran(one, hero(3), caps=caps(document_credits=200), document_id="another")


async def test_caps_hold_for_runs_at_the_same_time(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.work_seconds = 0.02
        limits = caps(day_money=5 * PRICE, day_credits=10_000)
        runs = [ran(one, many(3, seed=10 * n), caps=limits, document_id=f"d{n}") for n in range(4)]
        finished = await asyncio.gather(*runs)
        assert len(one.vendor.sent) == 5
        assert sum(len(each.results) for each in finished) == 5
        assert {each.fault.code for one_run in finished for each in one_run.failures} == {"budget.day"}
        assert await one.ledger.spent() == 5 * PRICE
        states = {row.state for row in await one.rows()}
        assert states == {State.SETTLED, State.REFUSED}


async def test_what_was_refused_may_be_spent_on_something_else(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.creates.extend([refused(), too_many()])
        finished = await ran(one, many(3, seed=1), caps=caps(run_money=3 * PRICE))
        assert len(finished.results) == 2
        assert finished.money == 2 * PRICE


class Book:
    """A ledger that has been asked, and answers after a while."""

    async def counted(self, since=None, document=None, live_only=True) -> Counted:
        await asyncio.sleep(0)
        return Counted(money=NOTHING, credits=0, unpriced=0)


@pytest.mark.parametrize("name", ["day_money", "day_credits", "document_money", "document_credits"])
async def test_a_failure_whose_charge_was_not_told_counts_as_its_estimate(tmp_path: Path, name: str) -> None:
    price = PRICE if name.endswith("money") else 100
    async with world(tmp_path) as one:
        one.vendor.looks.append(Over(fault=refused(), charge=None))
        assert len((await ran(one, hero(1))).failures) == 1
        with pytest.raises(Refused) as raised:
            await ran(one, hero(2), caps=caps(**{name: 2 * price - 1}))
        assert raised.value.code == f"budget.{name.split('_')[0]}"
        assert len(one.vendor.sent) == 1
        (row,) = await one.rows()
        await one.ledger.note(row.id, charged=NOTHING)  # and now it is known
        assert len((await ran(one, hero(2), caps=caps(**{name: 2 * price - 1}))).results) == 1


@pytest.mark.parametrize("name", ["day_money", "day_credits", "document_money", "document_credits"])
async def test_what_was_bought_at_an_unknown_price_is_over_every_cap(tmp_path: Path, name: str) -> None:
    async with world(tmp_path) as one:
        one.vendor.looks.append(Over(fault=refused(), charge=None))
        await ran(one, hero(1))
        (row,) = await one.rows()
        await one.ledger.note(row.id, estimate=None)
        with pytest.raises(Refused) as raised:
            await ran(one, hero(2), caps=caps(**{name: 10**12}))
        assert raised.value.code == "budget.unknown-price"
        assert len(one.vendor.sent) == 1
        assert len((await ran(one, hero(2), caps=caps(run_money=PRICE))).results) == 1, (
            "of this run all is known"
        )


def test_a_price_that_is_not_known_is_over_every_cap() -> None:
    async def work() -> None:
        budget = Budget(Book(), QuickClock())
        unknown = Cost(money=None, credits=None)
        await budget.check(Purse(caps=caps(), document="d"), unknown)
        for name in ("run", "day", "document"):
            for unit in ("money", "credits"):
                with pytest.raises(Refused) as raised:
                    await budget.check(Purse(caps=caps(**{f"{name}_{unit}": 10**12}), document="d"), unknown)
                assert raised.value.code == "budget.unknown-price"

    asyncio.run(work())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 100), max_size=30), st.integers(0, 1000))
def test_what_is_held_at_once_never_passes_the_cap(prices: list[int], cap: int) -> None:
    held = most = 0

    async def take(budget: Budget, purse: Purse, price: int) -> bool:
        nonlocal held, most
        try:
            async with budget.hold(purse, Cost(money=Money(price), credits=0)):
                held += price
                most = max(most, held)
                await asyncio.sleep(0)
        except Refused:
            return False
        return True

    async def work() -> list[bool]:
        budget = Budget(Book(), QuickClock())
        purse = Purse(caps=caps(run_money=cap), document="d")
        return await asyncio.gather(*(take(budget, purse, price) for price in prices))

    taken = asyncio.run(work())
    assert most <= cap
    assert sum(price for price, yes in zip(prices, taken, strict=True) if yes) <= cap
    if sum(prices) <= cap:
        assert all(taken)
