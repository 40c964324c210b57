"""The long forms: four and eight workers, workers and scheduler killed at random, and cables pulled."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.basics.faults import Unreachable
from app.batch.views import BatchState, RowState
from tests.support import namespaces, postgres
from tests.support.cluster import Cluster, cluster
from tests.support.rows import Shop, batch_on, shop, studio_of
from tests.support.s3 import settle_threads
from tests.support.sharing import Shared, begin, judged, shared

pytestmark = [
    pytest.mark.journey,
    pytest.mark.soak,
    pytest.mark.timeout(1200),
    pytest.mark.leaves_threads("Dask keeps threads of its own in the process that asked it"),
]
PEACE_SECONDS = 240.0


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


async def through(common: Shared, cups: Shop, made: Cluster, home: Path, at_once: int) -> BatchState:
    """Starts the batch until nothing waits: a lost scheduler ends one start, in words."""
    environment, ends = common.of(home), 0
    while True:
        state = None
        async with studio_of(environment, cups) as studio:
            with contextlib.suppress(Unreachable):  # it is not back yet
                async with batch_on(studio, cups, made.address, environment, at_once=at_once) as batch:
                    state = await batch.start()
                    if state.stopped:
                        assert "scheduler" in state.stopped, state
            await judged(studio, cups, common.vendor.taken(), rows=None)
        if state is not None and not _left(state):
            return state
        ends += 1
        assert ends < 20, state
        await asyncio.sleep(1)


def _left(state: BatchState) -> int:
    return state.counts.get(RowState.WAITING, 0) + state.counts.get(RowState.FAILED, 0)


@pytest.mark.parametrize(("workers", "rows", "kills"), [(4, 200, 8), (8, 300, 12)])
async def test_workers_and_scheduler_are_killed(
    common: Shared, tmp_path: Path, workers: int, rows: int, kills: int
) -> None:
    cups, dice = shop(tmp_path / "shop", rows), random.Random(workers)
    with cluster(common.environment) as made:
        for number in range(workers):
            begin(made, number, tmp_path)
        going = asyncio.create_task(through(common, cups, made, tmp_path / "home", 4))
        for kill in range(kills):
            await asyncio.wait({going}, timeout=dice.uniform(2, 8))
            if going.done():
                break
            if kill % 4 == 3:
                await asyncio.to_thread(made.kill_scheduler)
                await asyncio.to_thread(made.begin_scheduler)
            else:
                number = dice.randrange(workers)
                await asyncio.to_thread(made.workers[number].kill)
                made.workers[number] = made.workers[-1]
                begin(made, number, tmp_path)
                made.workers[number] = made.workers.pop()
        state = await asyncio.wait_for(going, PEACE_SECONDS)
        assert state.counts.get(RowState.DONE, 0) + state.counts.get(RowState.UNKNOWN, 0) == rows, state


async def test_cables_are_pulled(common: Shared, tmp_path: Path) -> None:
    """A machine that is cut off goes on at the vendor when it is back, or somebody else has its rows: never
    both pay."""
    if absent := namespaces.missing():
        pytest.skip(absent)
    rows, dice = 60, random.Random(7)
    cups = shop(tmp_path / "shop", rows)
    with ExitStack() as stack:
        made = stack.enter_context(cluster(common.environment, host="0.0.0.0"))
        cables = [stack.enter_context(namespaces.machine(n, [*common.ports, made.port])) for n in range(2)]
        for number, one in enumerate(cables):
            home = str(tmp_path / f"far{number}")
            made.begin_worker("--host", one.address, at=one.command, TAGLOOM_HOME=home)
        begin(made, 2, tmp_path)
        going = asyncio.create_task(through(common, cups, made, tmp_path / "home", 4))
        for pulled in range(6):
            await asyncio.wait({going}, timeout=dice.uniform(2, 5))
            if going.done():
                break
            one = cables[pulled % len(cables)]
            one.pull()
            await asyncio.wait({going}, timeout=dice.uniform(1, 30))
            one.plug()
        state = await asyncio.wait_for(going, PEACE_SECONDS)
        assert state.counts.get(RowState.DONE, 0) + state.counts.get(RowState.UNKNOWN, 0) == rows, state
        for worker in made.workers:
            worker.kill()
