"""A batch that is killed over and over, at a vendor that goes wrong at one row in ten: every row is bought
exactly once, the sums are the ledger's, and a finished batch sends nothing and costs nothing again. The short
form runs with all tests, a thousand rows and twenty kills with `make soak`."""

from __future__ import annotations

import csv
import json
import os
import random
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.basics.places import places_under
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.journal.operations import ROW, Operation, State
from tests.app.studio.conftest import flat_knob
from tests.support.lives import UNFINISHED, Nursery
from tests.support.terminal import Served, sandbox

PRICE = 80_000
SECONDS = 0.2

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform != "linux", reason="the lives are ended through Linux's pidfd"),
]


@pytest.fixture
def vendor() -> Iterator[Served]:
    with sandbox("--seconds", str(SECONDS), "--knob", flat_knob()) as served:
        yield served


@pytest.fixture
def nursery(vendor: Served, tmp_path: Path) -> Iterator[Nursery]:
    one = Nursery(vendor.environment(), tmp_path / "nursery.log")
    yield one
    one.close()


class Shop:
    """A table, its document, and what lives of a program do with them."""

    def __init__(self, folder: Path, rows: int, vendor: Served, nursery: Nursery) -> None:
        self.folder, self.rows, self._vendor, self._nursery = folder, rows, vendor, nursery
        self.home, self.output = folder / "home", folder / "out"
        self.document, self.table = folder / "shop.tagloom", folder / "products.csv"
        words = {"kind": "prompt", "values": {"text": "A photo of {name}"}}
        nodes = {"words": words, "shot": {"kind": "gen4-image", "values": {}}}
        links = [{"from": "words.text", "to": "shot.prompt"}]
        plain = {"format": "tagloom/1", "nodes": nodes, "links": links}
        self.document.write_text(json.dumps(plain), "utf-8")
        lines = [f"S{number},shoe number {number},note\n" for number in range(rows)]
        self.table.write_text("sku,name,remark\n" + "".join(lines), "utf-8")

    def turn(self, **knobs: object) -> None:
        body = json.dumps(knobs).encode()
        request = urllib.request.Request(f"{self._vendor.url}/_sandbox/knobs", body, method="POST")
        request.add_header("Content-Type", "application/json")
        urllib.request.urlopen(request, timeout=10).close()

    def trouble(self, faults: int, dice: random.Random) -> None:
        """The next creates and looks go wrong: so many, of every kind."""
        kinds = dice.choices(
            ("fail_next", "refuse_next", "reset_next", "lose_next", "lose_polls_next"), k=faults
        )
        none = dict.fromkeys(("fail_next", "refuse_next", "reset_next", "lose_next", "lose_polls_next"), 0)
        self.turn(**{**none, **Counter(kinds)})

    def calm(self) -> None:
        self.trouble(0, random.Random(0))

    def killed(self, after: float) -> int:
        life = self._nursery.born(self.home, self.document, **self._batch())
        life.go()
        time.sleep(after)
        life.kill()
        return life.end()

    def live(self, **changes: object) -> int:
        return self._nursery.live(self.home, self.document, **self._batch(), **changes)

    def _batch(self) -> dict[str, object]:
        return {"table": self.table, "output": self.output}

    def tally(self) -> dict[str, Any]:
        return self._vendor.tally()

    async def ledger(self) -> tuple[list[Operation], int]:
        """Its rows, and what they cost together."""
        places = places_under(self.home)
        ledger = Ledger(places.ledger, FolderLeases(places.leases))
        try:
            rows = await ledger.list(1_000_000)
            return list(rows), await ledger.spent(document=str(self.document))
        finally:
            await ledger.close()

    def results(self) -> list[dict[str, str]]:
        with (self.output / "results.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))


HOME = (State.SETTLED, State.SUBMITTED, State.RUNNING)
"""A picture that was in the library when its process was killed, before the ledger said so, is found there
and reused; its operation is settled by the next `recover`, and counts as paid until then."""


async def judge(shop: Shop) -> Counter[State]:
    """Each row is at its end; nothing was bought twice or lost; the papers say what the ledger says."""
    operations, spent = await shop.ledger()
    by_row: dict[str, list[Operation]] = {}
    for one in operations:
        by_row.setdefault(one.document.rpartition(ROW)[2], []).append(one)
    assert len(by_row) == shop.rows
    for key, its in by_row.items():
        states = Counter(one.state for one in its)
        assert sum(states[one] for one in HOME) + states[State.UNKNOWN] == 1, (key, states)
        assert len({one.seed for one in its}) == 1, "a row keeps its seed"
    asks = shop.tally()["asks"]
    sent = Counter(str(one.request["prompt"]) for one in operations if one.sent is not None)
    for ask in asks:
        assert ask["accepted"] <= sent[ask["prompt"]], f"bought more often than it was sent: {ask}"
    states = Counter(one.state for one in operations)
    accepted = sum(ask["accepted"] for ask in asks)
    tasks = sum(one.ticket is not None for one in operations)
    assert tasks <= accepted <= tasks + states[State.UNKNOWN], (tasks, accepted, states)
    home = sum(states[one] for one in HOME)
    paid = home + states[State.UNKNOWN]
    assert spent == PRICE * paid, "a failed task costs nothing"
    results = shop.results()
    assert len(results) == shop.rows
    assert sum(round(float(row["usd"]) * 1e6) for row in results) == spent
    for row in results:
        if row["state"] == "done":
            assert (shop.output / row["files"]).stat().st_size > 0
    assert Counter(row["state"] for row in results)["done"] == home, "whatever is paid for is in its folder"
    return states


async def loop(shop: Shop, kills: int, within: tuple[float, float]) -> None:
    dice = random.Random(kills)
    done = 0
    while done < kills:
        shop.trouble(max(1, shop.rows // (10 * kills)), dice)
        code = shop.killed(dice.uniform(*within))
        assert code in (0, UNFINISHED, -9), (shop.folder / "nursery.log").read_text("utf-8")[-3000:]
        done += code == -9
        assert code == -9 or done >= kills // 2, "the batch ended before it was killed"
        if code != -9:
            break
    shop.trouble(shop.rows // 20, dice)
    assert shop.live() in (0, UNFINISHED)
    shop.calm()
    assert shop.live(retry_failed=True) in (0, UNFINISHED)
    states = await judge(shop)
    print(f"{done} kills, {shop.rows} rows: {dict(states)}, {shop.tally()['accepted']} tasks made")

    before, (_, spent) = shop.tally()["creates"], await shop.ledger()
    assert shop.live() == (UNFINISHED if states[State.UNKNOWN] else 0)
    assert shop.tally()["creates"] == before, "what is finished, or waits for a person, sends nothing"
    assert (await shop.ledger())[1] == spent

    if states[State.UNKNOWN]:
        assert shop.live(retry_unknown=True) == 0
        assert shop.tally()["creates"] == before + states[State.UNKNOWN]
        assert {row["state"] for row in shop.results()} == {"done"}


@pytest.mark.timeout(120)
async def test_a_batch_killed_a_few_times(vendor: Served, nursery: Nursery, tmp_path: Path) -> None:
    await loop(Shop(tmp_path, 60, vendor, nursery), kills=3, within=(0.6, 1.3))


@pytest.mark.soak
@pytest.mark.timeout(1800)
async def test_a_thousand_rows_killed_twenty_times(vendor: Served, nursery: Nursery, tmp_path: Path) -> None:
    kills = int(os.environ.get("SOAK_KILLS", "20"))
    await loop(Shop(tmp_path, 1000, vendor, nursery), kills=kills, within=(0.8, 3.0))
