"""What more workers bring for the part of a row that is not waiting, and what a row costs on its way.

Each worker is a real `tagloom worker` that is given one core, so that two of them are two machines of one
core; four on a machine of two cores show that more than there are cores neither helps nor harms."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.batch.dask_package import dask_package
from app.batch.dask_rows import PLUGIN
from benchmarks import cluster_work
from benchmarks.bench_imaging import _photograph
from benchmarks.report import Report
from tests.support.cluster import Cluster, cluster
from tests.support.silence import threads_now

PHOTOGRAPHS, ROWS = 16, 400
WORKERS = (1, 2, 4)
ROW_LIMIT_MS = 4.0


def run(report: Report) -> None:
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="tagloom-bench-") as place:
        folder = Path(place)
        master = _photograph(folder / "master.jpg", (4000, 3000), orientation=6)
        walls = {}
        for workers in WORKERS:
            files = _copies(master, folder / f"photographs-{workers}")
            walls[workers], row = asyncio.run(_measured(folder / f"home-{workers}", workers, files, cores))
    for workers in WORKERS[1:]:
        report.add(
            f"cluster: {PHOTOGRAPHS} photographs of 12 megapixels, {workers} workers",
            walls[workers],
            "s",
            against="one worker's time ÷ the cores that the workers have",
            floor=walls[1] / min(workers, cores),
            target=1.25,
            one_worker_s=round(walls[1], 2),
            times_faster=round(walls[1] / walls[workers], 2),
            cores=cores,
            photographs_a_second=round(PHOTOGRAPHS / walls[workers], 2),
        )
    report.limit(
        "cluster: our own CPU for a row on its way to a worker and back",
        row * 1000,
        "ms",
        limit=ROW_LIMIT_MS,
        against="a third of the CPU that a row may cost in all",
        rows=ROWS,
        threads=len(threads_now()),
    )


def _copies(master: Path, folder: Path) -> list[str]:
    """The same pixels, each a content of its own: a tail that no decoder reads."""
    folder.mkdir()
    made = []
    for number in range(PHOTOGRAPHS):
        path = folder / f"{number}.jpg"
        shutil.copyfile(master, path)
        with path.open("ab") as handle:
            handle.write(number.to_bytes(4, "big"))
        os.utime(path, (1_600_000_000, 1_600_000_000))
        made.append(str(path))
    return made


async def _measured(home: Path, workers: int, files: Sequence[str], cores: int) -> tuple[float, float]:
    """Seconds for all photographs, and seconds of our own CPU for sending a row and hearing of its end."""
    with cluster(os.environ) as made:
        for number in range(workers):
            _begin(made, number, home, cores)
        client = await dask_package().Client(made.address, asynchronous=True, set_as_default=False)
        try:
            await client.wait_for_workers(workers)
            await _all(client, cluster_work.answer, [b"warm" for _ in range(4 * workers)])
            began = time.perf_counter()
            await _all(client, cluster_work.prepare, files)
            wall = time.perf_counter() - began
            began = time.process_time()
            await _all(client, cluster_work.answer, [b"x" * 4000 for _ in range(ROWS)])
            return wall, (time.process_time() - began) / ROWS
        finally:
            await client.close()


def _begin(made: Cluster, number: int, home: Path, cores: int) -> None:
    worker = made.begin_worker("--threads", "2", TAGLOOM_HOME=str(home / str(number)))
    own = sorted(os.sched_getaffinity(0))[number % cores]
    os.sched_setaffinity(worker.process.pid, {own})


async def _all(client: Any, work: Any, given: Sequence[object]) -> None:
    futures = [client.submit(work, one, pure=False, resources={PLUGIN: 1}) for one in given]
    await client.gather(futures)
