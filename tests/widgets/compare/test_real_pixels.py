"""A pixel of the picture is a pixel of the screen, or a whole number of them, at any scaling: nothing is
smoothed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("scaling", [1.0, 1.25, 1.5, 2.0])
def test_whole_multiples_are_exact_on_a_scaled_screen(tmp_path: Path, scaling: float) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scaling)}
    command = [sys.executable, "-m", "tests.widgets.compare.real_pixels", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["ratio"] == scaling
    assert len(told["equal"]) == 8
    assert all(told["equal"].values()), told["equal"]
