from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.journal.ledger import Ledger
from app.journal.tables import uploads
from app.journal.uploads import UploadMemory
from app.providers import contract
from tests.app.journal.make import NOON

RUNWAY, BFL = "https://api.dev.runwayml.com", "https://api.bfl.ai"


class At:
    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


async def test_remembers_until_it_expires(ledger: Ledger) -> None:
    clock = At()
    memory: contract.UploadMemory = UploadMemory(ledger.database, clock=clock)
    assert await memory.recall(RUNWAY, "a") is None
    await memory.remember(RUNWAY, "a", "runway://one", NOON + timedelta(hours=24))
    await memory.remember(BFL, "a", "https://bfl/one", NOON + timedelta(hours=1))
    assert await memory.recall(RUNWAY, "a") == "runway://one"
    assert await memory.recall(BFL, "a") == "https://bfl/one"
    assert await memory.recall(RUNWAY, "b") is None
    await memory.remember(RUNWAY, "a", "runway://two", NOON + timedelta(hours=24))
    assert await memory.recall(RUNWAY, "a") == "runway://two"
    await clock.sleep(3600)
    assert await memory.recall(BFL, "a") is None, "expired to the second"
    await clock.sleep(82_799)
    assert await memory.recall(RUNWAY, "a") == "runway://two"
    await clock.sleep(1)
    assert await memory.recall(RUNWAY, "a") is None


async def test_forgets(ledger: Ledger) -> None:
    memory = UploadMemory(ledger.database, clock=At())
    await memory.remember(RUNWAY, "a", "runway://one", NOON + timedelta(hours=24))
    await memory.forget(RUNWAY, "b")
    assert await memory.recall(RUNWAY, "a") == "runway://one"
    await memory.forget(RUNWAY, "a")
    await memory.forget(RUNWAY, "a")
    assert await memory.recall(RUNWAY, "a") is None


async def test_does_not_grow_for_ever(ledger: Ledger) -> None:
    clock = At()
    memory = UploadMemory(ledger.database, clock=clock)
    for number in range(20):
        await memory.remember(RUNWAY, str(number), "runway://x", clock.time + timedelta(minutes=1))
        await clock.sleep(60)
    rows = await ledger.database.read(
        lambda connection: connection.execute(select(func.count(uploads.c.uri))).scalar()
    )
    assert rows == 1


async def test_tidying_drops_what_has_expired(ledger: Ledger) -> None:
    clock = At()
    memory = UploadMemory(ledger.database, clock=clock)
    await memory.remember(RUNWAY, "a", "runway://one", NOON + timedelta(hours=1))
    await memory.remember(RUNWAY, "b", "runway://two", NOON + timedelta(hours=2))
    assert await memory.tidy() == 0
    await clock.sleep(3600)
    assert await memory.tidy() == 1
    assert await memory.recall(RUNWAY, "b") == "runway://two"
