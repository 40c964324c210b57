"""What a balance hints about a lost answer: exact, silent where anything blurs it, and never a decision."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace as altered

from app.basics.money import Money
from app.journal.operations import Operation, State
from app.preferences import declared
from app.studio.balances import Balance, judged, thousandths
from app.studio.entries import Decision
from app.studio.studio import Studio
from tests.app.journal.make import NOON, operation
from tests.app.studio.conftest import Open
from tests.app.studio.model_node import setting, yes
from tests.support.capturing import KEY
from tests.support.terminal import EXAMPLE, Served, sandbox

UNIT = "Runway credits"
BEFORE = Balance(account="a", taken=NOON, amount=500_000, unit=UNIT)
LATER = NOON + timedelta(minutes=5)
NOW = NOON + timedelta(minutes=6)


def row(state: State, **changes: Any) -> Operation:
    sent = {"sent": LATER, "ended": LATER if state is State.SETTLED else None}
    return operation(**{"state": state, **sent, **changes})


UNKNOWN = row(State.UNKNOWN)
BILLED = row(State.SETTLED, vendor_amount=8.0, vendor_unit=UNIT, charged=Money(80_000))


@pytest.mark.parametrize(
    ("left", "rows", "said"),
    [
        (492_000, [UNKNOWN], "down by 8 Runway credits, of which the ledger knows 0: a hint that this was"),
        (500_000, [UNKNOWN], "down by 0 Runway credits, and the ledger knows of all of it"),
        (484_000, [UNKNOWN, BILLED], "down by 16 Runway credits, of which the ledger knows 8"),
        (492_000, [UNKNOWN, BILLED], "nothing more was charged"),
        (492_000, [UNKNOWN, UNKNOWN], "some of 2 unknown ones were charged"),
        (491_999, [UNKNOWN], "down by 8.001 Runway credits"),
        (492_000, [UNKNOWN, row(State.REFUSED)], "this was charged"),
        (492_000, [UNKNOWN, row(State.CANCELLED, charged=Money(0))], "this was charged"),
        (492_000, [UNKNOWN, row(State.UNKNOWN, sent=NOON - timedelta(days=1))], "this was charged"),
    ],
)
def test_what_is_gone_is_held_against_what_is_known(left: int, rows: list[Operation], said: str) -> None:
    assert said in judged(BEFORE, replace(BEFORE, taken=NOW, amount=left), rows)


@pytest.mark.parametrize(
    ("left", "rows"),
    [
        (492_000, []),
        (492_000, [BILLED]),
        (600_000, [UNKNOWN]),
        (499_000, [UNKNOWN, BILLED]),
        (492_000, [UNKNOWN, row(State.RUNNING)]),
        (492_000, [UNKNOWN, row(State.SETTLED)]),
        (492_000, [UNKNOWN, row(State.CANCELLED)]),
        (492_000, [UNKNOWN, row(State.FAILED)]),
        (492_000, [UNKNOWN, altered(BILLED, sent=NOON - timedelta(seconds=1))]),
        (492_000, [UNKNOWN, altered(BILLED, vendor_unit="other credits")]),
        (492_000, [altered(UNKNOWN, sent=NOW)]),
        (492_000, [UNKNOWN, altered(BILLED, ended=NOW)]),
    ],
)
def test_nothing_is_said_where_anything_blurs_it(left: int, rows: list[Operation]) -> None:
    assert judged(BEFORE, replace(BEFORE, taken=NOW, amount=left), rows) == ""


def test_amounts_are_exact() -> None:
    assert [thousandths(one) for one in (0.1 + 0.2, 8.0, 1_000_000.005, 0.0)] == [
        300,
        8_000,
        1_000_000_005,
        0,
    ]


def turn(runway: Served, knob: str) -> None:
    """Another behaviour of the sandbox from now on: it breaks the next create."""
    name, _, value = knob.partition("=")
    asked = urllib.request.Request(
        f"{runway.url}/_sandbox/knobs",
        data=json.dumps({name: int(value)}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert answer.status == 200


async def buys(studio: Studio, example: Path, seed: int) -> None:
    await studio.desk.open(example)
    studio.ask = yes
    studio.commit("seed", setting("seed", seed))
    await studio.run()


@pytest.mark.parametrize(
    ("knob", "said"),
    [
        ("lose_next=1", "of which the ledger knows 0: a hint that this was charged"),
        ("reset_next=1", "the ledger knows of all of it: a hint that nothing more was charged"),
    ],
)
async def test_a_lost_answer_with_its_hint(opened: Open, example: Path, knob: str, said: str) -> None:
    """The balance is asked for before one picture is bought, and the answer to the next is lost."""
    picture = str(EXAMPLE.parent / "refs" / "cat.png")
    with sandbox("--seconds", "0", "--picture", picture) as runway:
        studio = await opened(runway.environment())
        await buys(studio, example, 1)
        turn(runway, knob)
        await buys(studio, example, 2)
        [unknown] = await studio.book.open_entries()
        for _ in range(2):  # asking does not change what is known
            comparison = await studio.book.compare(unknown.id)
            assert said in comparison.hint
            assert comparison.lines[-1] == comparison.hint
        assert (await studio.book.entry(unknown.id)).unknown


async def test_what_was_bought_in_between_is_known(opened: Open, example: Path) -> None:
    """The balance stays the one of before the first that was lost, which still needs it."""
    picture = str(EXAMPLE.parent / "refs" / "cat.png")
    with sandbox("--seconds", "0", "--picture", picture, "--knob", "lose_next=1") as runway:
        studio = await opened(runway.environment())
        await buys(studio, example, 1)
        kept = studio.options.get(declared.BALANCES)
        await buys(studio, example, 2)
        assert studio.options.get(declared.BALANCES) == kept
        [unknown] = await studio.book.open_entries()
        hint = (await studio.book.compare(unknown.id)).hint
        assert "down by 16 Runway credits, of which the ledger knows 8: a hint that this was" in hint
        await studio.book.decide(unknown.id, Decision.ARRIVED)
        await studio.reach.test("runway")
        assert studio.options.get(declared.BALANCES) != kept


async def test_without_a_balance_before_it_nothing_is_said(opened: Open, example: Path) -> None:
    picture = str(EXAMPLE.parent / "refs" / "cat.png")
    with sandbox("--seconds", "0", "--picture", picture, "--knob", "lose_next=1") as runway:
        studio = await opened(runway.environment())
        await buys(studio, example, 1)
        studio.options.reset(declared.BALANCES)
        [unknown] = await studio.book.open_entries()
        assert [(await studio.book.compare(unknown.id)).hint for _ in range(2)] == ["", ""]
        [kept] = studio.options.get(declared.BALANCES)
        assert kept.endswith("Runway credits")
        assert KEY not in kept
        assert "key_test" not in kept


async def test_without_a_key_nobody_is_asked(studio: Studio) -> None:
    await studio.balances.note("runway")
    assert studio.options.get(declared.BALANCES) == ()
