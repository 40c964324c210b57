"""From process start to the painted window, and to the example on the canvas, against an empty QMainWindow.

Turn by turn in one run, warm: the first turn of each is not counted. Each start of ours is in the same home,
which has been used once, as on an artist's second day; both have their bytecode beside them, as an installed
program has, whatever the environment says about writing it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.keyless import keyless
from benchmarks.report import Report

TURNS = 9
PATIENCE = 60.0
ROOT = Path(__file__).parents[1]


def run(report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="tagloom-bench-") as place:
        folder = Path(place)
        floors, painted, example = [], [], []
        for turn in range(TURNS + 1):
            floor = _floor(folder)
            ours = _ours(folder, turn)
            if turn:
                floors.append(floor)
                painted.append(ours["painted"])
                example.append(ours["example"])
    floor = statistics.median(floors) * 1000
    against = "an empty QMainWindow in PySide6, from process start to first paint"
    facts = {"turns": TURNS, "platform": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    for name, times, target in (
        ("start to the painted window", painted, 1.5),
        ("start to the example on the canvas", example, 3.0),
    ):
        value = statistics.median(times) * 1000
        report.add(
            name, value, "ms", against=against, floor=floor, target=target,
            spread=[round(min(times) * 1000), round(max(times) * 1000)], **facts,
        )  # fmt: skip


def _environment(folder: Path, **more: str) -> dict[str, str]:
    plain = keyless(PYTHONPYCACHEPREFIX=str(folder / "bytecode"), **more)
    plain.pop("PYTHONDONTWRITEBYTECODE", None)
    plain.setdefault("QT_QPA_PLATFORM", "offscreen")
    return plain


def _floor(folder: Path) -> float:
    """Seconds from before the process was there to its first paint."""
    start = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.floor_window"],
        cwd=ROOT, env=_environment(folder), capture_output=True, text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    return float(run.stdout) - start


def _ours(folder: Path, turn: int) -> dict[str, float]:
    """Seconds to `painted` and to `example`, as the window itself says (`widgets.watch`)."""
    log = folder / f"watch-{turn}.jsonl"
    environment = _environment(folder, TAGLOOM_HOME=str(folder / "home"), TAGLOOM_WATCH=str(log))
    start = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "app"],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while time.monotonic() - start < PATIENCE and process.poll() is None:
            told = _told(log)
            if "example" in told:
                return {what: at - start for what, at in told.items()}
            time.sleep(0.01)
    finally:
        process.kill()
        process.wait()
    raise RuntimeError("the window did not show its example")


def _told(log: Path) -> dict[str, float]:
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    told = [json.loads(line) for line in lines if line.endswith("}")]
    return {one["say"]: one["at"] for one in told}
