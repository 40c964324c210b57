"""Rows on a Dask cluster of real processes, with a ledger in PostgreSQL and a library in S3: whatever is
killed, each row is bought once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.batch.views import RowState
from tests.support import postgres
from tests.support.cluster import cluster
from tests.support.rows import batch_on, shop, studio_of, workers_seen
from tests.support.s3 import settle_threads
from tests.support.sharing import Shared, begin, done, judged, shared

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(120),
    pytest.mark.leaves_threads("Dask keeps threads of its own in the process that asked it"),
]


@pytest.fixture
def common(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shared]:
    if not postgres.BINARIES:
        pytest.skip(postgres.MISSING)
    settle_threads()
    with shared() as made:
        for name, value in made.environment.items():
            if name.startswith("AWS_"):
                monkeypatch.setenv(name, value)
        yield made


async def test_a_worker_is_killed_and_each_row_is_bought_once(common: Shared, tmp_path: Path) -> None:
    rows = 20
    cups, environment = shop(tmp_path / "shop", rows), common.of(tmp_path / "home")
    with cluster(common.environment) as made:
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
            await judged(studio, cups, common.vendor.taken(), rows)
            assert await workers_seen(studio, cups, made.address, environment) == 1
            taken = len(common.vendor.taken())
            made.workers[1].stop()
        assert "Ended." in made.workers[1].said[-1]
        assert made.workers[1].process.returncode == 0
        async with (  # a finished batch costs nothing again, and needs no worker
            studio_of(environment, cups) as studio,
            batch_on(studio, cups, made.address, environment) as batch,
        ):
            await batch.start()
        assert len(common.vendor.taken()) == taken
