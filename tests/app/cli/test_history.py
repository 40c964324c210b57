"""`tagloom history` over a ledger that earlier sessions have written."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest

from app.basics.money import Money
from app.cli.speech import Speech
from app.cli.tables import table
from app.journal.operations import State
from tests.app.cli.bookkeeping import wrote
from tests.app.cli.conftest import Command


@pytest.fixture
def shoes(tmp_path: Path) -> Path:
    return tmp_path / "shoes.tagloom"


@pytest.fixture
def written(tagloom_home: Path, shoes: Path) -> dict[str, str]:
    """One of each that matters, and what came first stands last."""
    return {
        "settled": wrote(tagloom_home, State.SETTLED, document=str(shoes)),
        "unknown": wrote(tagloom_home, State.UNKNOWN, document=str(shoes), title="Studio [bold]shot"),
        "draft": wrote(tagloom_home, State.SETTLED, document="untitled-1", draft=True),
        "refused": wrote(tagloom_home, State.REFUSED, document="untitled-1"),
    }


def test_nothing_yet(command: Command) -> None:
    ran = command("history")
    assert (ran.code, ran.out) == (0, "Nothing was asked for yet.\n")
    assert command("history", "--json").value == []
    assert command("history", "--totals", "day").out == "Nothing was asked for yet.\n"


def test_the_table_says_when_what_and_how_much(command: Command, written: dict[str, str]) -> None:
    ran = command("history")
    assert ran.code == 0
    head, refused, draft, unknown, settled, hint = ran.out.splitlines()
    assert head.split() == ["When", "State", "Document", "Node", "Model", "Cost", "Operation"]
    assert settled.endswith(written["settled"])
    assert "shoes.tagloom" in settled
    assert "about $0.08" in settled
    assert "Studio [bold]shot" in unknown
    assert "unknown" in unknown
    assert "untitled" in draft
    assert "free draft" in draft
    assert "nothing" in refused
    assert f"{datetime.now():%Y-%m-%d}" in settled
    assert "tagloom recover" in hint


def test_json_says_everything_exactly(command: Command, written: dict[str, str], shoes: Path) -> None:
    found = command("history", "--json").value
    assert [one["operation"] for one in found] == list(reversed(written.values()))
    unknown = found[2]
    assert (unknown["state"], unknown["document"], unknown["draft"]) == ("unknown", str(shoes), False)
    assert (unknown["usd"], unknown["estimate_usd"], unknown["charged_usd"]) == (0.08, 0.08, None)
    assert (found[0]["usd"], found[1]["usd"]) == (0, 0)
    assert datetime.fromisoformat(unknown["sent"]).utcoffset() is not None


def test_one_document_and_few_rows(
    command: Command, written: dict[str, str], shoes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shoes.parent)
    found = command("history", "--document", "shoes.tagloom", "--json").value
    assert [one["operation"] for one in found] == [written["unknown"], written["settled"]]
    assert len(command("history", "--limit", "1", "--json").value) == 1
    assert command("history", "--document", "boots.tagloom", "--json").value == []


@pytest.mark.parametrize(
    ("by", "key"), [("day", f"{datetime.now():%Y-%m-%d}"), ("model", "gen4-image"), ("document", "")]
)
def test_totals(command: Command, written: dict[str, str], shoes: Path, by: str, key: str) -> None:
    found = command("history", "--totals", by, "--json").value
    dearest = found[0]
    assert dearest["key"] == (key or str(shoes))
    assert (dearest["count"], dearest["credits"], dearest["usd"], dearest["unknown"]) == (2, 200, 0.16, 1)
    assert sum(one["drafts"] for one in found) == 1
    people = command("history", "--totals", by).out.splitlines()
    assert people[0].split()[0] == by.capitalize()
    assert people[-1].split()[0] == "all"
    assert "$0.16" in people[-1]


def test_totals_of_one_document(command: Command, tagloom_home: Path, shoes: Path) -> None:
    wrote(tagloom_home, State.SETTLED, document=str(shoes), estimate=Money(1))
    wrote(tagloom_home, State.SETTLED, document="other")
    [one] = command("history", "--totals", "model", "--document", shoes, "--json").value
    assert one["usd"] == 0.000001


def test_a_sheet_for_a_spreadsheet(command: Command, written: dict[str, str], tmp_path: Path) -> None:
    target = tmp_path / "spent.csv"
    ran = command("history", "--csv", target)
    assert (ran.code, ran.out) == (0, f"4 entries written to {target}\n")
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [one["operation"] for one in rows] == list(reversed(written.values()))
    assert {one["estimate_usd"] for one in rows} == {"0.080000"}
    assert command("history", "--csv", target, "--json").value == {"csv": str(target), "rows": 4}
    assert command("history", "--csv", tmp_path / "nowhere" / "x.csv").code == 1


def test_ways_that_exclude_each_other(command: Command) -> None:
    assert command("history", "--totals", "week").code == 2
    assert command("history", "--totals", "day", "--limit", "3").code == 2
    assert command("history", "--limit", "-1").code == 2


def test_a_narrow_terminal_folds_and_nothing_steers_it() -> None:
    made = table(("A", "B"), [("one\ntwo\x1b[31m", "word " * 10)], columns=20, right=("A",))
    assert max(map(len, made.splitlines())) <= 20
    assert "\x1b" not in made
    assert made.count("word") == 10
    kept = table(("A", "Id"), [("word " * 10, "0" * 12)], columns=20, whole=("Id",))
    assert "0" * 12 in kept
    assert Speech(json_wanted=False).columns > 100


def test_a_charge_far_from_the_estimate_is_said(command: Command, tagloom_home: Path) -> None:
    wrote(tagloom_home, State.SETTLED, estimate=Money(80_000), charged=Money(87_000))
    far = wrote(
        tagloom_home, State.SETTLED, estimate=Money(75_000), charged=Money(60_000), vendor_amount=6.0,
        vendor_unit="BFL credits",
    )  # fmt: skip
    last = command("history").out.splitlines()[-1]
    assert last.startswith(
        f"1 charge is more than 10% off our estimate, such as {far}: $0.06 (6 BFL credits)"
    )
    assert "20% below our estimate of $0.075" in last
    assert [one["drift"] for one in command("history", "--json").value] == [-0.2, None]
