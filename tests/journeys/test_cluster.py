"""Rows on a Dask cluster of real processes, with a ledger in PostgreSQL and a library in S3: whatever is
killed, each row is bought once."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.batch.batch import Batch
from app.batch.views import BatchState, Phase, RowState
from app.journal.operations import State
from app.studio.studio import Studio
from tests.support import postgres
from tests.support.cluster import Cluster, cluster
from tests.support.counting import Counted, Taken, counting
from tests.support.rows import Shop, batch_on, shop, studio_of
from tests.support.s3 import s3_server, settle_threads

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(120),
    pytest.mark.leaves_threads("Dask keeps threads of its own in the process that asked it"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """`environment` of every machine but for its home."""

    environment: Mapping[str, str]
    vendor: Counted

    def of(self, home: Path) -> dict[str, str]:
        return {**self.environment, "TAGLOOM_HOME": str(home)}


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shared]:
    if not postgres.BINARIES:
        pytest.skip(postgres.MISSING)
    settle_threads()
    with ExitStack() as stack:
        server = stack.enter_context(postgres.server())
        s3 = stack.enter_context(s3_server())
        vendor = stack.enter_context(counting())
        for name, value in s3.environment.items():
            monkeypatch.setenv(name, value)
        environment = {
            **os.environ,
            **vendor.environment(),
            "TAGLOOM_LEDGER": server.fresh(),
            "TAGLOOM_LIBRARY": f"s3://{s3.bucket()}/shoes",
        }
        yield Shared(environment=environment, vendor=vendor)


def begin(made: Cluster, number: int, home: Path) -> None:
    name = f"worker-{number}-{time.monotonic_ns()}"
    made.begin_worker("--name", name, TAGLOOM_HOME=str(home / f"w{number}"))


async def done(batch: Batch, rows: int) -> None:
    """Returns when so many rows are done, or it has ended."""
    seen = asyncio.Event()

    def look(state: BatchState) -> None:
        if state.counts.get(RowState.DONE, 0) >= rows or state.phase is Phase.READY:
            seen.set()

    end = batch.changed.connect(look)
    await seen.wait()
    end()


async def judged(studio: Studio, cups: Shop, taken: tuple[Taken, ...], rows: int) -> None:
    """Each row once at the vendor, in the ledger, in the library and in its folder. Of what a killed worker
    had just sent nobody can know; it is unknown and not sent again."""
    operations = await studio.ledger.list(100_000)
    unknown = [one for one in operations if one.state is State.UNKNOWN]
    settled = [one for one in operations if one.state is State.SETTLED]
    assert len({one.prompt for one in taken}) == len(taken), "a row was bought twice"
    assert len({one.document for one in settled}) == len(settled) == rows - len(unknown)
    for one in settled:
        asset = await studio.library.get(one.asset)
        assert asset is not None
        assert await studio.library.verify(asset)
    found = {one.parent.name for one in cups.output.glob("cup-*/*.png")}
    assert len(found) == len(settled)


async def test_a_worker_is_killed_and_each_row_is_bought_once(shared: Shared, tmp_path: Path) -> None:
    rows = 20
    cups, environment = shop(tmp_path / "shop", rows), shared.of(tmp_path / "home")
    with cluster(shared.environment) as made:
        for number in range(2):
            begin(made, number, tmp_path)
        async with (
            studio_of(environment, cups) as studio,
            batch_on(studio, cups, made.address, environment, at_once=2) as batch,
        ):
            going = batch.start()
            await done(batch, 4)
            made.workers[0].kill()
            state = await going
            assert state.counts.get(RowState.DONE, 0) + state.counts.get(RowState.UNKNOWN, 0) == rows, state
            await judged(studio, cups, tuple(shared.vendor.taken()), rows)
            taken = len(shared.vendor.taken())
            made.workers[1].stop()
        assert "Ended." in made.workers[1].said[-1]
        assert made.workers[1].process.returncode == 0
        async with (  # a finished batch costs nothing again, and needs no worker
            studio_of(environment, cups) as studio,
            batch_on(studio, cups, made.address, environment) as batch,
        ):
            await batch.start()
        assert len(shared.vendor.taken()) == taken
