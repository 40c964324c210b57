"""`tagloom batch` over a small Runway that keeps what it was sent."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.basics.places import places_under
from app.cli.exits import Exit
from app.preferences import declared
from app.preferences.options import Options
from tests.app.cli.conftest import Command
from tests.support.capturing import Capturing, capturing


@pytest.fixture
def runway(monkeypatch: pytest.MonkeyPatch) -> Iterator[Capturing]:
    with capturing() as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A document whose prompt names the product, and a table of five beside it."""
    words = {"kind": "prompt", "values": {"text": "A photo of {name} in {color}"}}
    plain = {
        "format": "tagloom/1",
        "nodes": {"words": words, "shot": {"kind": "gen4-image"}},
        "links": [{"from": "words.text", "to": "shot.prompt"}],
    }
    (tmp_path / "shop.tagloom").write_text(json.dumps(plain), "utf-8")
    table(tmp_path, *(f"S{number},shoe {number},red" for number in range(5)))
    return tmp_path


def table(folder: Path, *lines: str) -> None:
    (folder / "products.csv").write_text("\n".join(("sku,name,color", *lines, "")), "utf-8")


def words(shop: Path, *further: object) -> list[object]:
    return ["batch", shop / "shop.tagloom", "--table", shop / "products.csv", "-o", shop / "out", *further]


def results(shop: Path) -> list[dict[str, str]]:
    with (shop / "out" / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_batch_is_bought_once_and_named_as_the_shop_names_it(
    command: Command, shop: Path, runway: Capturing
) -> None:
    ran = command(*words(shop, "--yes", "--json"))
    assert ran.code == Exit.DONE, ran
    assert len(runway.creates) == 5
    finished = ran.finished
    assert (finished["credits"], finished["usd"], finished["rows"]["done"]) == (500, 0.4, 5)
    assert [row["files"].split("/")[0] for row in results(shop)] == [f"S{number}" for number in range(5)]
    assert sum(float(row["usd"]) for row in results(shop)) == pytest.approx(0.4)
    assert all((shop / "out" / row["files"]).is_file() for row in results(shop))
    assert {row["seeds"] for row in results(shop)} == {str(one["seed"]) for one in runway.creates}
    report = (shop / "out" / "report.html").read_text("utf-8")
    assert "500 cr" in report.replace("\u202f", " ")
    assert "$0.40" in report
    assert (shop / "out" / "contact-sheet.pdf").read_bytes().startswith(b"%PDF")
    assert len(ran.named("row")) == 5

    again = command(*words(shop, "--json"))
    assert again.code == Exit.DONE, "nothing to pay, nothing to ask"
    assert len(runway.creates) == 5
    assert (again.finished["credits"], again.finished["spent_usd"]) == (0, 0.4)
    assert len(again.finished["images"]) == 5
    assert {one["reused"] for one in again.finished["images"]} == {True}


def test_nobody_to_ask_and_nothing_is_sent(command: Command, shop: Path, runway: Capturing) -> None:
    ran = command(*words(shop, "--json"))
    assert ran.code == Exit.CAPPED
    assert "Buy 5 pictures for about $0.40" in ran.err
    assert ran.finished["images"] == []
    assert runway.creates == []


@pytest.mark.parametrize(("cap", "bought"), [("250", 2), ("99", 0)])
def test_a_cap_holds_exactly_over_all_rows(
    command: Command, shop: Path, runway: Capturing, cap: str, bought: int
) -> None:
    ran = command(*words(shop, "--yes", "--max-credits", cap, "--json"))
    assert len(runway.creates) == bought
    assert ran.code == Exit.CAPPED
    assert ran.finished["rows"]["waiting"] == 5 - bought
    assert ran.finished["credits"] == 100 * bought
    assert "over the cap" in ran.finished["stopped"]
    assert {row["state"] for row in results(shop)} <= {"done", "waiting"}


def test_a_cap_counts_what_earlier_starts_have_bought(
    command: Command, shop: Path, runway: Capturing
) -> None:
    command(*words(shop, "--yes", "--max-usd", "0.16"))
    assert len(runway.creates) == 2
    command(*words(shop, "--yes", "--max-usd", "0.30"))
    assert len(runway.creates) == 3


def test_a_dry_run_sends_nothing(command: Command, shop: Path, runway: Capturing) -> None:
    command(*words(shop, "--yes", "--row", "3"))
    ran = command(*words(shop, "--dry-run", "--json"))
    assert ran.code == Exit.DONE
    told = ran.named("estimate")[0]
    assert (told["rows"], told["finished"], told["bought"], told["credits"]) == (4, 1, 4, 400)
    assert ran.finished["dry_run"]
    assert len(runway.creates) == 1


def test_rows_that_are_wrong_stop_all_of_it_before_anything_is_sent(
    command: Command, shop: Path, runway: Capturing
) -> None:
    text = (shop / "shop.tagloom").read_text("utf-8").replace("{color}", "{colour}")
    (shop / "shop.tagloom").write_text(text, "utf-8")
    ran = command(*words(shop, "--yes", "--json"))
    assert ran.code == Exit.WRONG
    assert "Row 2: " in ran.err
    assert "{colour}" in ran.err
    assert ran.finished["wrong"] == 5
    assert ran.finished["failures"][0]["fault"] == "table.no-column"
    assert runway.creates == []
    assert not (shop / "out").exists()


def test_without_a_table(command: Command, shop: Path) -> None:
    ran = command("batch", shop / "shop.tagloom", "--json")
    assert ran.code == Exit.WRONG
    assert ran.finished["failures"][0]["fault"] == "batch.no-table"


def test_live_refuses_drafts(command: Command, shop: Path) -> None:
    ran = command(*words(shop, "--live", "--json"))
    assert ran.code == Exit.WRONG
    assert ran.finished["failures"][0]["fault"] == "cli.live"


def test_a_table_that_changes_buys_only_what_is_new(command: Command, shop: Path, runway: Capturing) -> None:
    command(*words(shop, "--yes"))
    table(shop, "S4,shoe 4,red", "S0,shoe 0,blue", "S1,shoe 1,red", "S2,shoe 2,red", "S3,shoe 3,red")
    ran = command(*words(shop, "--yes", "--json"))
    assert "New rows: 1; gone: 1; as they were: 4" in ran.err
    assert len(runway.creates) == 6
    assert runway.creates[-1]["promptText"] == "A photo of shoe 0 in blue"
    assert ran.finished["credits"] == 100


def test_a_lost_book_buys_nothing_again(command: Command, shop: Path, runway: Capturing) -> None:
    command(*words(shop, "--yes", "--row", "2"))
    (shop / "out" / ".tagloom" / "batch.sqlite").unlink()
    ran = command(*words(shop, "--row", "2", "--json"))
    assert ran.code == Exit.DONE, ran
    assert len(runway.creates) == 1
    assert ran.finished["credits"] == 0
    assert ran.finished["spent_usd"] == 0.08, "the ledger remembers"


def test_the_cap_of_a_document_counts_its_rows(
    command: Command, shop: Path, runway: Capturing, tagloom_home: Path
) -> None:
    Options(places_under(tagloom_home).options).set(declared.CAP_DOCUMENT_CREDITS, 300)
    ran = command(*words(shop, "--yes", "--json"))
    assert ran.code == Exit.CAPPED
    assert len(runway.creates) == 3
    assert ran.finished["rows"]["waiting"] == 2
    assert command("run", shop / "shop.tagloom", "--yes").code == Exit.CAPPED, "nor may the document itself"
    assert len(runway.creates) == 3
