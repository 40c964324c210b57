"""Many pictures, ten at a time, through the whole engine, and the rows of a table by `app.batch`, up to 200
in flight: against the latency bound, a raw httpx loop and the official SDK."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version

from benchmarks.batch_client import AT_ONCE
from benchmarks.batch_server import SIDE
from benchmarks.report import Report

PEER_JOBS = 20
"""What the SDK is given where the slow peers are not wanted; its time is scaled by its mean job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    jobs: int
    seconds: float
    bound_target: float
    sdk_target: float

    @property
    def bound(self) -> float:
        return self.jobs / AT_ONCE * self.seconds

    @property
    def name(self) -> str:
        return f"batch, {self.jobs} jobs of {self.seconds:g} s"


CASES = (
    Case(jobs=200, seconds=0.3, bound_target=1.20, sdk_target=1 / 15),
    Case(jobs=60, seconds=3.0, bound_target=1.07, sdk_target=1 / 1.9),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    rows: int
    seconds: float
    at_once: int
    target: float
    side: int = SIDE

    @property
    def bound(self) -> float:
        return self.rows / self.at_once * self.seconds

    @property
    def name(self) -> str:
        return f"table, {self.rows} rows of {self.seconds:g} s, {self.at_once} in flight"


ROWS = (
    Rows(rows=200, seconds=0.3, at_once=10, target=1.20),
    Rows(rows=60, seconds=3.0, at_once=10, target=1.07),
    Rows(rows=300, seconds=3.0, at_once=50, target=1.07),
    # Pictures of 250 KB: of 2.5 MB, server, client and disk of one small machine would move 500 MB a second.
    Rows(rows=1000, seconds=3.0, at_once=200, target=1.07, side=288),
)
MEMORY_ROWS = (100, 1000, 10_000)


@contextmanager
def server(seconds: float, *side: int) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.batch_server", str(seconds), *map(str, side)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.communicate(timeout=20)


def client(kind: str, url: str, jobs: int, *further: float) -> dict[str, float]:
    """`further`: how many at once, and for the raw loop how long a task takes."""
    with tempfile.TemporaryDirectory(prefix="tagloom-batch-") as folder:
        ended = subprocess.run(
            [sys.executable, "-m", f"benchmarks.batch_{kind}", url, str(jobs), folder, *map(str, further)],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=1800,
        )
    told: dict[str, float] = json.loads(ended.stdout)
    if told["result"] != jobs:
        raise AssertionError(f"{kind} brought {told['result']} of {jobs} pictures")
    return told


def count(url: str) -> dict[str, float]:
    with urllib.request.urlopen(f"{url}/count", timeout=10) as answer:
        told: dict[str, float] = json.load(answer)
    return told


def run(report: Report) -> None:
    for case in ROWS:
        _rows(report, case)
    _memory(report)
    for case in CASES:
        with server(case.seconds) as url:
            ours = client("engine", url, case.jobs)
            received = count(url)
        if received["creates"] != case.jobs:
            raise AssertionError(f"{received['creates']} creates for {case.jobs} jobs")
        _report_ours(report, case, ours, received)
        if case.jobs >= 200:
            with server(case.seconds) as url:
                _report_raw(report, case, ours, client("raw", url, case.jobs))
            with server(case.seconds) as url:
                _report_ledger(report, case, ours, client("no_ledger", url, case.jobs))
        peer_jobs = case.jobs if report.peers else PEER_JOBS
        with server(case.seconds) as url:
            theirs = client("sdk", url, peer_jobs)
        whole = theirs["wall"] if report.peers else theirs["job_seconds"] * case.jobs / AT_ONCE
        report.add(
            f"{case.name}, against the official SDK",
            ours["wall"],
            "s",
            against=f"runwayml {version('runwayml')}, AsyncRunwayML as shipped",
            floor=whole,
            target=case.sdk_target,
            sdk_jobs_run=peer_jobs,
            sdk_scaled=not report.peers,
            sdk_job_seconds=round(theirs["job_seconds"], 3),
            sdk_cpu_ms_a_job=round(theirs["cpu"] / peer_jobs * 1e3, 1),
            sdk_peak_mb=round(theirs["peak_mb"], 1),
        )


def _rows(report: Report, case: Rows) -> None:
    """A table over a document, with everything that a batch does."""
    with server(case.seconds, case.side) as url:
        ours = client("rows", url, case.rows, case.at_once)
        received = count(url)
    if received["creates"] != case.rows or ours["micros"] != ours["spent"]:
        raise AssertionError(f"{received['creates']} creates for {case.rows} rows; {ours}")
    report.add(
        f"{case.name}, wall", ours["wall"], "s", against="rows ÷ places × seconds", floor=case.bound,
        target=case.target, looks_a_row=round(received["looks"] / case.rows, 2),
        seen_late_ms=round(received["late"] * 1e3, 1), longest_stall_ms=ours["longest_stall_ms"],
        picture_px=case.side, cpu_ms_a_row=round(ours["cpu"] / case.rows * 1e3, 1),
    )  # fmt: skip
    with server(case.seconds, case.side) as url:
        raw = client("raw", url, case.rows, case.at_once, case.seconds)
    report.add(
        f"{case.name}, against a raw httpx loop", ours["wall"], "s", floor=raw["wall"], target=1.2,
        against=f"httpx {version('httpx')} in a loop, without ledger, check or fsync",
        raw_cpu_ms_a_row=round(raw["cpu"] / case.rows * 1e3, 1),
    )  # fmt: skip
    if case.rows != 200:
        return
    cpu = ours["cpu"] / case.rows * 1e3
    report.limit("table, CPU a row", cpu, "ms", limit=12.0, against="12 ms")
    report.add(
        "table, CPU a row, against a raw httpx loop", cpu, "ms", against="the same loop",
        floor=raw["cpu"] / case.rows * 1e3, target=1.5,
    )  # fmt: skip
    sent = received["received"] / 1e6
    report.limit("table, sent for 200 rows", sent, "MB", limit=5.0, against="5 MB")
    _rows_by_sdk(report, case, ours)


def _rows_by_sdk(report: Report, case: Rows, ours: dict[str, float]) -> None:
    rows = case.rows if report.peers else PEER_JOBS
    with server(case.seconds) as url:
        theirs = client("sdk", url, rows, case.at_once)
    whole = theirs["wall"] if report.peers else theirs["job_seconds"] * case.rows / case.at_once
    report.add(
        f"{case.name}, against the official SDK", ours["wall"], "s", floor=whole, target=1 / 15,
        against=f"runwayml {version('runwayml')}, AsyncRunwayML as shipped, in a loop", sdk_jobs_run=rows,
        sdk_scaled=not report.peers, sdk_cpu_ms_a_job=round(theirs["cpu"] / rows * 1e3, 1),
    )  # fmt: skip


def _memory(report: Report) -> None:
    """Of the whole process; pictures as small as can be, so that ten thousand fit on a disk."""
    peaks: dict[int, dict[str, float]] = {}
    for rows in MEMORY_ROWS:
        with server(0.05, 64) as url:
            peaks[rows] = client("rows", url, rows, 50)
    least = min(one["whole_mb"] for one in peaks.values())
    report.add(
        "table, peak memory at 100, 1,000 and 10,000 rows", max(one["whole_mb"] for one in peaks.values()),
        "MB", against="the least of the three", floor=least, target=1.1,
        whole={rows: round(one["whole_mb"], 1) for rows, one in peaks.items()},
        above_idle={rows: round(one["peak_mb"], 1) for rows, one in peaks.items()},
        cpu_ms_a_row={rows: round(one["cpu"] / rows * 1e3, 1) for rows, one in peaks.items()},
    )  # fmt: skip


def _report_ours(report: Report, case: Case, ours: dict[str, float], received: dict[str, float]) -> None:
    report.add(
        f"{case.name}, wall",
        ours["wall"],
        "s",
        against="jobs ÷ 10 × seconds",
        floor=case.bound,
        target=case.bound_target,
        looks_a_job=round(received["looks"] / case.jobs, 2),
        seen_late_ms=round(received["late"] * 1e3, 1),
        pace="first look at the 10th percentile of the last 50 (0.3 s without), one in ten up to a tenth "
        "earlier, then after 8 % of the age, at least 0.1 s on loopback, ±10 %",
        longest_stall_ms=ours["longest_stall_ms"],
    )
    if case.jobs < 200:
        return
    per_job = ours["cpu"] / case.jobs * 1e3
    report.limit("batch, CPU a job", per_job, "ms", limit=12.0, against="12 ms")
    report.limit("batch, peak memory above idle", ours["peak_mb"], "MB", limit=120.0, against="120 MB")
    sent = received["received"] / 1e6
    report.limit("batch, sent for 200 jobs", sent, "MB", limit=5.0, against="5 MB")


def _report_raw(report: Report, case: Case, ours: dict[str, float], raw: dict[str, float]) -> None:
    """The 12 ms a job were set on a machine where such a loop took 8."""
    against = f"httpx {version('httpx')} in a loop, without ledger, check or fsync"
    report.add(
        f"{case.name}, against a raw httpx loop", ours["wall"], "s",
        against=against, floor=raw["wall"], target=1.2,
    )  # fmt: skip
    report.add(
        "batch, CPU a job, against a raw httpx loop", ours["cpu"] / case.jobs * 1e3, "ms",
        against=against, floor=raw["cpu"] / case.jobs * 1e3, target=1.5,
    )  # fmt: skip


def _report_ledger(report: Report, case: Case, ours: dict[str, float], without: dict[str, float]) -> None:
    report.add(
        f"{case.name}, with the ledger against without", ours["wall"], "s",
        against="the same engine with a book in memory", floor=without["wall"], target=1.05,
        cpu_ms_a_job=[round(one["cpu"] / case.jobs * 1e3, 1) for one in (ours, without)],
    )  # fmt: skip
