"""From process start to the painted window, and to the example on the canvas, against an empty QMainWindow.

Turn by turn in one run, warm: the first turn of each is not counted. Each start of ours is in the same home,
which has been used once, as on an artist's second day; both have their bytecode beside them, as an installed
program has, whatever the environment says about writing it. Where `make package` has left the frozen program,
it takes its turn in the same run.
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
SOURCE = (sys.executable, "-m", "app")
FROZEN = ROOT / "build" / "frozen" / "tagloom" / "tagloom"


def run(report: Report) -> None:
    ways: dict[str, tuple[str, ...]] = {"": SOURCE}
    if FROZEN.exists():
        ways["frozen: "] = (str(FROZEN),)
    floors: list[float] = []
    times: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory(prefix="tagloom-bench-") as place:
        folder = Path(place)
        for turn in range(TURNS + 1):
            floor = _floor(folder)
            ours = {way: _ours(folder, turn, command) for way, command in ways.items()}
            if turn:
                floors.append(floor)
                for way, told in ours.items():
                    times[way].append(told)
    for way, told in times.items():
        _report(report, way, told, statistics.median(floors) * 1000)


def _report(report: Report, way: str, told: list[dict[str, float]], floor: float) -> None:
    against = "an empty QMainWindow in PySide6, from process start to first paint"
    facts = {"turns": TURNS, "platform": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    for name, what, target in (
        ("start to the painted window", "painted", 1.5),
        ("start to the example on the canvas", "example", 3.0),
    ):
        found = [one[what] for one in told]
        report.add(
            way + name, statistics.median(found) * 1000, "ms", against=against, floor=floor, target=target,
            spread=[round(min(found) * 1000), round(max(found) * 1000)], **facts,
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


def _ours(folder: Path, turn: int, command: tuple[str, ...]) -> dict[str, float]:
    """Seconds to `painted` and to `example`, as the window itself says (`widgets.watch`)."""
    log = folder / f"watch-{turn}-{Path(command[0]).name}.jsonl"
    environment = _environment(folder, TAGLOOM_HOME=str(folder / "home"), TAGLOOM_WATCH=str(log))
    start = time.monotonic()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
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
