"""What waits is written down; what a dead process has left is shown, and goes only by a person's wish."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app.journal.ledger import Ledger
from app.journal.waiting_list import LeftWaiting, WaitingList
from tests.app.journal.make import address_in, leases_in, write

SINCE = datetime(2026, 11, 25, 20, 30, tzinfo=UTC)


def waits(node: str, process: str = "") -> LeftWaiting:
    return LeftWaiting(
        process=process,
        run="r",
        document="shoes",
        node=node,
        title=node.title(),
        card="gen4-image",
        vendor="runway",
        draft=False,
        since=SINCE,
    )


async def test_a_living_process_keeps_its_own_and_a_dead_one_is_heard_of(tmp_path: Path) -> None:
    leases = leases_in(tmp_path)
    ledger = Ledger(address_in(tmp_path), leases)
    await ledger.open()
    here, there = WaitingList(ledger.database, leases), WaitingList(ledger.database, leases)
    await there.write([waits("b"), waits("a")])
    assert await here.left() == ()
    assert await there.left() == ()
    there.close()  # what a crash does by itself: the lock goes with its process
    assert await here.left() == (waits("b", there.process), waits("a", there.process))
    await here.forget([waits("b", there.process)])
    assert [one.node for one in await here.left()] == ["a"]
    here.close()
    await ledger.close()


async def test_writing_again_replaces_all(tmp_path: Path) -> None:
    leases = leases_in(tmp_path)
    ledger = Ledger(address_in(tmp_path), leases)
    await ledger.open()
    one, other = WaitingList(ledger.database, leases), WaitingList(ledger.database, leases)
    await one.write([waits("a"), waits("b"), waits("c")])
    await one.write([replace(waits("c"), draft=True)])
    one.close()
    assert [(left.node, left.draft, left.since) for left in await other.left()] == [("c", True, SINCE)]
    await ledger.close()


async def test_a_ledger_of_the_first_version_gets_the_table(tmp_path: Path) -> None:
    leases = leases_in(tmp_path)
    first = Ledger(address_in(tmp_path), leases)
    await first.open()
    await first.close()
    write(tmp_path, "DROP TABLE waiting_list")
    write(tmp_path, "UPDATE tagloom_schema SET version = 1")
    later = Ledger(address_in(tmp_path), leases)
    await later.open()
    await WaitingList(later.database, leases).write([waits("a")])
    await later.close()
