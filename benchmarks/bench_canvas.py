"""The canvas at work, from 100 to 5,000 nodes, against a bare QGraphicsScene and stock NodeGraphQt, each in a
process of its own on the same screen (Xvfb, 1920 × 1080; offscreen where there is none).

Floor and ours take turns; of each row the quicker turn counts, since a machine has its moods. Stock
NodeGraphQt is slow to open: only `PEERS=1` takes it beyond 500 nodes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from benchmarks.report import Report

SIZES = (100, 500, 1000, 2000, 5000)
LARGEST = SIZES[-1]
TURNS = 2
STOCK_SIZES = (100, 500)
FRAME_MS = 1000 / 60
THUMBNAILS_MB = 256
FRAMES = ("frame", "pan", "zoom", "drag")
FLOOR = "a bare QGraphicsScene written for speed"
Told = dict[str, dict[str, float]]


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """The environment of a screen of 1920 × 1080."""
    if shutil.which("Xvfb") is None:
        yield {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        return
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        yield {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait(10)


def told_by(kind: str, count: int, folder: str, environment: dict[str, str]) -> Told:
    ended = subprocess.run(
        [sys.executable, "-m", f"benchmarks.canvas_{kind}", str(count), folder],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True,
        timeout=1800,
    )  # fmt: skip
    told: Told = json.loads(ended.stdout.splitlines()[-1])
    return told


def run(report: Report) -> None:
    with screen() as environment, tempfile.TemporaryDirectory(prefix="tagloom-canvas-") as folder:
        platform = environment["QT_QPA_PLATFORM"]
        for count in SIZES:
            print(f"  {count} nodes …", file=sys.stderr, flush=True)
            turns = [
                [told_by(kind, count, folder, environment) for kind in ("floor", "ours")]
                for _ in range(TURNS)
            ]
            floor, ours = (_quicker(tolds) for tolds in zip(*turns, strict=True))
            _report(report, count, ours, floor, platform)
            if report.peers or count in STOCK_SIZES:
                _report_stock(report, count, ours, told_by("stock", count, folder, environment))


def _quicker(turns: Iterable[Told]) -> Told:
    first, *others = turns
    return {
        what: min((times, *(other[what] for other in others)), key=lambda one: one["mean"])
        for what, times in first.items()
    }


def _report(report: Report, count: int, ours: Told, floor: Told, platform: str) -> None:
    for what, times in ours.items():
        name = f"canvas, {count} nodes, {what}"
        mean, bare = times["mean"], floor[what]["mean"]
        extra = {
            "p95": round(times["p95"], 2),
            "floor_p95": round(floor[what]["p95"], 2),
            "platform": platform,
        }
        if what == "memory":
            most = (2 * bare + THUMBNAILS_MB) / bare
            report.add(
                name, mean, "MB", against=f"{FLOOR}; twice it and 256 MB", floor=bare, target=most, **extra
            )
            continue
        target = 1.3 if what.startswith(FRAMES) else 2.0
        report.add(name, mean, "ms", against=FLOOR, floor=bare, target=target, **extra)
        if count == LARGEST and what.startswith(("pan", "zoom", "drag")):
            report.limit(
                f"{name}, 95th percentile",
                times["p95"],
                "ms",
                limit=FRAME_MS,
                against="a sixtieth of a second",
            )


def _report_stock(report: Report, count: int, ours: Told, stock: Told) -> None:
    for what in ("frame, all visible", "pan, all visible"):
        report.add(
            f"canvas, {count} nodes, {what}, against stock NodeGraphQt", ours[what]["mean"], "ms",
            against="NodeGraphQt 0.6.44 as it comes, a picture in each node",
            floor=stock[what]["mean"], target=0.01 if count == LARGEST else 1.0,
        )  # fmt: skip
