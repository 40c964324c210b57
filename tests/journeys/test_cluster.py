"""Rows on a Dask cluster of real processes: whatever is killed, each row is bought once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.batch.views import RowState
from tests.support.cluster import cluster
from tests.support.counting import counting
from tests.support.rows import batch_on, shop, studio_of

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(180),
    pytest.mark.leaves_threads("Dask keeps threads of its own in the process that asked it"),
]


async def test_two_workers(tagloom_home: Path, tmp_path: Path) -> None:
    cups = shop(tmp_path / "shop", 8)
    with counting() as server:
        environment = {**os.environ, **server.environment()}
        with cluster(environment, workers=2) as made:
            async with (
                studio_of(environment, cups) as studio,
                batch_on(studio, cups, made.address, environment) as batch,
            ):
                state = await batch.start()
                print(state)
                for row in await batch.rows():
                    print(row)
            for one in made.workers:
                print(one.said)
        taken = server.taken()
    assert state.counts[RowState.DONE] == 8
    assert len(taken) == 8
    assert len(list(cups.output.glob("cup-*/*.png"))) == 8
