"""The longest time for which the window did not listen, while it runs three nodes and takes five large
photographs, and while fourteen of them go into one request: the middle of several turns, each with a home of
its own, all of them in the row."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.keyless import keyless
from benchmarks.report import Report

LIMIT_MS = 50.0
TURNS = 5


SCENES = {
    "drop": "three models running and five photographs of 24 megapixels dropped",
    "fourteen": "14 photographs of 24 megapixels into one request for a picture of 4K",
}


def run(report: Report) -> None:
    for scene, words in SCENES.items():
        turns = sorted((_turn(scene) for _ in range(TURNS)), key=lambda seen: seen["late"][0])
        seen = turns[TURNS // 2]
        report.limit(
            f"longest stall of the window's loop, {words}",
            seen["late"][0],
            "ms",
            limit=LIMIT_MS,
            against="an absolute limit",
            next_longest=seen["late"][1:],
            turns=[round(one["late"][0], 1) for one in turns],
            pictures=seen["made"],
            nodes=seen["nodes"],
        )


def _turn(scene: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="tagloom-stall-") as folder:
        environment = keyless(TAGLOOM_HOME=f"{folder}/home", QT_QPA_PLATFORM="offscreen")
        command = [sys.executable, "-m", "benchmarks.stall_window", scene, str(Path(folder))]
        done = subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True, timeout=300
        )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told
