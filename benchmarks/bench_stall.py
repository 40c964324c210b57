"""The longest time for which the window did not listen, while it runs three nodes and takes five large
photographs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.report import Report

LIMIT_MS = 50.0


def run(report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="tagloom-stall-") as folder:
        environment = {**os.environ, "TAGLOOM_HOME": f"{folder}/home", "QT_QPA_PLATFORM": "offscreen"}
        environment.pop("RUNWAYML_API_SECRET", None)
        command = [sys.executable, "-m", "benchmarks.stall_window", str(Path(folder))]
        done = subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True, timeout=180
        )
    seen = json.loads(done.stdout.splitlines()[-1])
    report.limit(
        "longest stall of the window's loop",
        seen["late"][0],
        "ms",
        limit=LIMIT_MS,
        against="an absolute limit, three models running and five photographs of 24 megapixels dropped",
        next_longest=seen["late"][1:],
        pictures=seen["made"],
        nodes=seen["nodes"],
    )
