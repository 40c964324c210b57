"""The readers of strangers' files for FUZZ_SECONDS (ten minutes), both at once, each in a process with
limits; a second of it runs with all tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 2.0
MOST_MEMORY = 512 * 1024 * 1024
KINDS = ("document", "image")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits are Linux's")


def fuzzed(folder: Path, seconds: float, seed: int) -> dict[str, dict[str, Any]]:
    running = {}
    for kind in KINDS:
        (folder / kind).mkdir()
        words = ["-m", "tests.app.fuzz_run", kind, str(seconds), str(seed), str(folder / kind)]
        running[kind] = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE)
    told = {}
    for kind, process in running.items():
        out, _ = process.communicate(timeout=seconds + 60)
        assert process.returncode == 0, f"{kind}: the process ended with {process.returncode}"
        told[kind] = json.loads(out)
    return told


def holds(told: dict[str, Any]) -> None:
    assert told["found"] == [], "\n".join(told["found"])
    assert told["outside"] == []
    assert told["slowest"] < LONGEST
    assert told["peak"] < MOST_MEMORY


def test_a_moment(tmp_path: Path) -> None:
    for told in fuzzed(tmp_path, 1.5, 1).values():
        holds(told)
        assert told["cases"] > 20


@pytest.mark.soak
def test_for_long(tmp_path: Path) -> None:
    seconds = float(os.environ.get("FUZZ_SECONDS", "600"))
    seed = int(os.environ.get("FUZZ_SEED", "0")) or os.getpid()
    for kind, told in fuzzed(tmp_path, seconds, seed).items():
        peak = told["peak"] >> 20
        print(f"{kind}: {told['cases']} cases, slowest {told['slowest']} s, {peak} MiB, seed {seed}")
        holds(told)
        assert told["cases"] > 10 * seconds
