"""The ledger for people, over a real one: what it lists, sums and writes out, and what a person decides."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.basics.faults import BadInput, Bug, DiskTrouble
from app.basics.money import Money, from_usd
from app.catalogue.reader import read_cards
from app.engine.run_state import NodeState
from app.journal.ledger import Ledger
from app.journal.operations import Counted, State
from app.studio import sheet
from app.studio.book import Book, Decision, Seller
from app.studio.entries import clock_words
from tests.app.journal.make import NOON, ledger_in
from tests.app.journal.test_ledger import Hands, brought_to
from tests.app.studio.conftest import Open
from tests.app.studio.model_node import NODE, yes
from tests.support.terminal import EXAMPLE, sandbox

BERLIN = ZoneInfo("Europe/Berlin")
PAGE = "https://dev.runwayml.com/"


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
async def ledger(tmp_path: Path, clock: Hands) -> AsyncIterator[Ledger]:
    made = ledger_in(tmp_path, clock=clock)
    yield made
    await made.close()


@pytest.fixture
def book(ledger: Ledger, clock: Hands) -> Book:
    sellers = {"runway": Seller(title="Runway", usage_page=PAGE)}
    return Book(ledger, clock, sellers=sellers, cards=read_cards(), zone=BERLIN)


# --- reading -------------------------------------------------------------------------------------


async def test_entries_say_what_was_asked_and_what_it_cost(ledger: Ledger, book: Book) -> None:
    id = await brought_to(ledger, State.SUBMITTED, run="r")
    await ledger.settle(
        id, asset="a" * 64, charged=Money(80_000), vendor_amount=8.0, vendor_unit="Runway credits"
    )
    entry = await book.entry(id)
    assert (entry.id, entry.state, entry.document, entry.node) == (
        id, "settled", "/home/ana/shoes.tagloom", "hero",
    )  # fmt: skip
    assert (entry.title, entry.card, entry.vendor, entry.model) == (
        "Hero shot", "gen4-image", "runway", "gen4_image",
    )  # fmt: skip
    assert (entry.draft, entry.seed, entry.prompt, entry.run) == (False, 4_294_967_295, "鞋 @sneaker", "r")
    assert (entry.credits, entry.estimate, entry.charged, entry.cost) == (100, 80_000, 80_000, 80_000)
    assert (entry.vendor_amount, entry.vendor_unit, entry.asset) == (8.0, "Runway credits", "a" * 64)
    assert (entry.made, entry.sent, entry.submitted, entry.ended) == (NOON, NOON, NOON, NOON)
    assert not entry.unknown


@pytest.mark.parametrize(
    ("state", "cost"),
    [
        (State.INTENDED, 0),
        (State.SENDING, 7),
        (State.UNKNOWN, 7),
        (State.SETTLED, 7),
        (State.REFUSED, 0),
        (State.FAILED, 7),
        (State.CANCELLED, 0),
    ],
)
async def test_an_entrys_cost_is_what_every_sum_counts(
    ledger: Ledger, book: Book, state: State, cost: int
) -> None:
    entry = await book.entry(await brought_to(ledger, state, estimate=Money(7)))
    assert entry.cost == cost == await ledger.spent()
    draft = await book.entry(await brought_to(ledger, state, estimate=Money(7), draft=True))
    assert draft.cost == 0


async def test_history_is_newest_first_in_pages_and_by_document(ledger: Ledger, book: Book) -> None:
    made = [await brought_to(ledger, State.SETTLED, document=f"d{number % 2}") for number in range(5)]
    first = await book.entries(2)
    rest = await book.entries(10, first[-1].id)
    assert [one.id for one in (*first, *rest)] == sorted(made, reverse=True)
    assert {one.document for one in await book.entries(10, document="d1")} == {"d1"}
    assert len(await book.entries(10, document="d1")) == 2


async def test_what_is_open_is_of_every_document_and_oldest_first(ledger: Ledger, book: Book) -> None:
    ids = {state: await brought_to(ledger, state, document=f"of {state}") for state in State}
    found = await book.open_entries()
    assert [one.id for one in found] == sorted(one.id for one in found)
    assert {one.state for one in found} == {
        "intended", "sending", "submitted", "running", "delivered", "unknown",
    }  # fmt: skip
    assert [one.id for one in found if one.unknown] == [ids[State.UNKNOWN]]


async def test_totals_are_of_days_in_the_persons_zone(ledger: Ledger, book: Book, clock: Hands) -> None:
    clock.time = NOON + timedelta(hours=11, minutes=30)  # half past midnight in Berlin
    await brought_to(ledger, State.UNKNOWN)
    [day] = await book.totals("day")
    assert (day.key, day.count, day.credits, day.money, day.unknown) == ("2026-02-01", 1, 100, 80_000, 1)
    assert await book.totals("model", since=clock.time + timedelta(seconds=1)) == ()
    assert [one.key for one in await book.totals("document", document="/home/ana/shoes.tagloom")] == [
        "/home/ana/shoes.tagloom"
    ]


def names_in(folder: Path, part: str) -> list[str]:
    return [one.name for one in folder.iterdir() if part in one.name]


# --- the sheet -----------------------------------------------------------------------------------


async def test_the_sheet_is_exact_and_complete(
    ledger: Ledger, book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.studio.book.PAGE", 3)
    odd = Money(9_007_199_254_740_993)
    ids = [await brought_to(ledger, State.SETTLED, seed=None, estimate=Money(1)) for _ in range(7)]
    await ledger.note(ids[0], charged=odd, vendor_amount=8.0, vendor_unit="Runway credits")
    target = tmp_path / "ledger.csv"
    assert await book.csv(target) == 7
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == sheet.COLUMNS
    assert [row["operation"] for row in rows] == sorted(ids, reverse=True)
    last = next(row for row in rows if row["operation"] == ids[0])
    assert (last["estimate_usd"], last["charged_usd"]) == ("0.000001", "9007199254.740993")
    assert (last["vendor_amount"], last["vendor_unit"], last["seed"]) == ("8", "Runway credits", "")
    assert (last["prompt"], last["draft"], last["sent"]) == (
        "鞋 @sneaker", "no", "2026-01-31T13:00:00+01:00",
    )  # fmt: skip


async def test_no_cell_is_a_formula(ledger: Ledger, book: Book) -> None:
    for prompt in ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", 'plain, "quoted"\nand @later'):
        await brought_to(ledger, State.SETTLED, request={"prompt": prompt}, title=prompt, node=prompt)
    out = io.StringIO(newline="")
    await book.csv(out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
    assert [row["prompt"] for row in reversed(rows)] == [
        "'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "plain, \"quoted\"\nand @later",
    ]  # fmt: skip
    assert not [cell for row in rows for cell in row.values() if cell and cell[0] in "=+-@\t"]


async def test_a_sheet_that_cannot_be_written_changes_nothing(
    ledger: Ledger, book: Book, tmp_path: Path
) -> None:
    await brought_to(ledger, State.SETTLED)
    with pytest.raises(DiskTrouble):
        await book.csv(tmp_path / "nowhere" / "ledger.csv")
    target = tmp_path / "ledger.csv"
    target.write_text("as it was")
    await ledger.close()
    with pytest.raises(Bug):
        await book.csv(target)
    assert target.read_text() == "as it was"
    assert names_in(tmp_path, "ledger.csv") == ["ledger.csv"]


# --- what is unknown -----------------------------------------------------------------------------


async def test_what_arrived_is_settled_at_its_estimate(ledger: Ledger, book: Book) -> None:
    id = await brought_to(ledger, State.UNKNOWN)
    told: list[str] = []
    book.changed.connect(told.append)
    entry = await book.decide(id, Decision.ARRIVED)
    assert (entry.state, entry.charged, entry.ended) == ("settled", 80_000, NOON)
    assert await ledger.spent() == 80_000
    assert await book.open_entries() == ()
    assert told == [id]
    assert "2026-01-31 13:00:00 CET" in entry.fault_advice


async def test_what_the_vendor_said_stands_when_it_arrived(ledger: Ledger, book: Book) -> None:
    id = await brought_to(ledger, State.UNKNOWN)
    await ledger.note(id, charged=Money(50_000), vendor_amount=5.0, vendor_unit="Runway credits")
    entry = await book.decide(id, Decision.ARRIVED)
    assert (entry.charged, entry.vendor_amount) == (50_000, 5.0)
    without_price = await brought_to(ledger, State.UNKNOWN, estimate=None)
    assert (await book.decide(without_price, Decision.ARRIVED)).charged is None


async def test_what_was_not_charged_leaves_every_sum(ledger: Ledger, book: Book) -> None:
    id = await brought_to(ledger, State.UNKNOWN)
    assert await ledger.counted() == Counted(money=Money(80_000), credits=100, unpriced=0)
    entry = await book.decide(id, Decision.NOT_CHARGED)
    assert (entry.state, entry.charged, entry.cost) == ("failed", 0, 0)
    assert await ledger.counted() == Counted(money=Money(0), credits=0, unpriced=0)
    assert await book.totals("day") == ()


@pytest.mark.parametrize("decision", Decision)
@pytest.mark.parametrize("state", [one for one in State if one is not State.UNKNOWN])
async def test_only_what_is_unknown_is_decided(
    ledger: Ledger, book: Book, state: State, decision: Decision
) -> None:
    id = await brought_to(ledger, state)
    before = await ledger.get(id)
    with pytest.raises(BadInput) as caught:
        await book.decide(id, decision)
    assert caught.value.code == "book.not-unknown"
    assert str(state) in caught.value.title
    assert await ledger.get(id) == before


async def test_an_operation_that_is_not_there(book: Book) -> None:
    for asked in (book.decide("nobody", Decision.ARRIVED), book.entry("nobody"), book.compare("nobody")):
        with pytest.raises(BadInput) as caught:
            await asked
        assert caught.value.code == "book.no-operation"


async def test_two_who_decide_at_once_decide_once(
    ledger: Ledger, book: Book, tmp_path: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has looked before the first has written."""
    id = await brought_to(ledger, State.UNKNOWN)
    other = ledger_in(tmp_path, clock=clock)
    get, seen = other.get, []

    async def looks(operation: str) -> object:
        found = await get(operation)
        if not seen:
            seen.append(found)
            await book.decide(id, Decision.ARRIVED)
        return found

    monkeypatch.setattr(other, "get", looks)
    with pytest.raises(BadInput) as caught:
        await Book(other, clock).decide(id, Decision.NOT_CHARGED)
    assert caught.value.code == "book.not-unknown"
    assert (await book.entry(id)).charged == 80_000
    await other.close()


async def test_the_comparison_names_page_times_and_cost(ledger: Ledger, book: Book) -> None:
    comparison = await book.compare(await brought_to(ledger, State.UNKNOWN))
    assert comparison.page == PAGE
    assert comparison.lines == (
        f"Compare with what Runway shows as billed: {PAGE}",
        "The request left at 2026-01-31 13:00:00 CET (12:00:00 UTC).",
        "It may have cost about $0.08 (8 Runway credits).",
    )


async def test_the_comparison_where_less_is_known(ledger: Ledger, book: Book) -> None:
    id = await brought_to(ledger, State.SUBMITTED, estimate=None, vendor="acme")
    await ledger.advance(id, State.UNKNOWN)
    assert (await book.compare(id)).lines == (
        "Compare with what acme shows as billed",
        "The request left at 2026-01-31 13:00:00 CET (12:00:00 UTC). "
        "acme took it at 2026-01-31 13:00:00 CET (12:00:00 UTC).",
        "What it may have cost is not known.",
    )


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Berlin", "2026-01-31 13:00:00 CET (12:00:00 UTC)"),
        ("Pacific/Auckland", "2026-02-01 01:00:00 NZDT (2026-01-31 12:00:00 UTC)"),
        ("UTC", "2026-01-31 12:00:00 UTC"),
    ],
)
def test_times_are_those_of_both_clocks(zone: str, said: str) -> None:
    assert clock_words(NOON, ZoneInfo(zone)) == said


async def test_giving_up_at_a_node_says_that_it_was_not_charged(opened: Open, example: Path) -> None:
    picture = str(EXAMPLE.parent / "refs" / "cat.png")
    with sandbox("--seconds", "0", "--picture", picture, "--knob", "lose_next=1") as runway:
        studio = await opened(runway.environment())
        await studio.desk.open(example)
        studio.ask = yes
        await studio.run()
        assert studio.runs.state.node(NODE).state is NodeState.UNKNOWN
        assert await studio.spent_today() == (100, from_usd("0.08"))
        [unknown] = await studio.book.open_entries()
        assert "8 Runway credits" in (await studio.book.compare(unknown.id)).cost
        await studio.give_up(NODE)
        assert studio.runs.state.node(NODE).state is not NodeState.UNKNOWN
        assert await studio.spent_today() == (0, Money(0))
        assert await studio.book.open_entries() == ()
        finished = await studio.run()
        assert [one.reused for one in finished.results] == [False]
        assert runway.tally()["creates"] == 2
