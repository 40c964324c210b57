"""The window at 100 to 200 %, and moved between screens of different fineness: drawn at their resolution."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.support.window import ROOT

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

# Grabs the canvas and says how large pictures are, on each screen in turn.
SESSION = """
import asyncio, json, sys
from functools import partial
from pathlib import Path
from PySide6.QtCore import QPoint
from widgets.desktop import open_shell
from widgets.furnish import furnished
from widgets.loop import live
from widgets.parts.picture_source import Thumbnail

async def look(bench, folder, number):
    window, viewport = bench.window, bench.graph.viewer.viewport()
    for _ in range(40):
        window.repaint()
        await asyncio.sleep(0.05)
    grabbed = viewport.grab()
    grabbed.save(str(folder / f"{number}.png"))
    sides = [one.image.width() for one in window.findChildren(Thumbnail) if one.image is not None]
    return {
        "ratio": window.devicePixelRatioF(), "sides": sides, "screen": window.screen().name(),
        "size": [viewport.width(), viewport.height()], "grabbed": [grabbed.width(), grabbed.height()],
    }

async def session(folder, bench, closed):
    bench.window.resize(1200, 800)
    bench.graph.fit()
    told = []
    screens = sorted(bench.window.screen().virtualSiblings(), key=lambda one: one.devicePixelRatio())
    for number, screen in enumerate(screens):
        bench.window.move(screen.geometry().topLeft() + QPoint(20, 20))
        bench.window.resize(1200, 800)
        told.append(await look(bench, folder, number))
    (folder / "told.json").write_text(json.dumps(told))

sys.exit(live(open_shell(), partial(furnished, session=partial(session, Path(sys.argv[1])))))
"""


def seen(folder: Path, **environment: str) -> list[dict[str, Any]]:
    folder.mkdir()
    home = {"TAGLOOM_HOME": str(folder / "home"), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    done = subprocess.run(
        [sys.executable, "-c", SESSION, str(folder)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **home, **environment},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    told: list[dict[str, Any]] = json.loads((folder / "told.json").read_text())
    return told


@pytest.mark.parametrize("factor", ["1", "1.25", "1.5", "2"])
def test_every_pixel_of_a_scaled_screen_is_drawn(tmp_path: Path, factor: str) -> None:
    (told,) = seen(tmp_path / "at", QT_SCALE_FACTOR=factor)
    assert told["ratio"] == float(factor)
    assert told["grabbed"] == pytest.approx([side * float(factor) for side in told["size"]], abs=1)
    assert len(told["sides"]) >= 3
    assert min(told["sides"]) >= 30 * float(factor)


def test_moved_to_a_finer_screen_pictures_are_drawn_anew(tmp_path: Path) -> None:
    screens = [
        {
            "name": name, "x": x, "y": 0, "width": 2600, "height": 1800,
            "dpr": 1, "logicalDpi": 96, "logicalBaseDpi": 96,
        }
        for name, x in (("plain", 0), ("fine", 2600))
    ]  # fmt: skip
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"screens": screens}))
    plain, fine = seen(
        tmp_path / "two",
        QT_QPA_PLATFORM=f"offscreen:configfile={config}",
        QT_SCREEN_SCALE_FACTORS="plain=1;fine=2",
    )
    assert [(one["screen"], one["ratio"]) for one in (plain, fine)] == [("plain", 1.0), ("fine", 2.0)]
    assert len(plain["sides"]) >= 3
    assert fine["sides"] == [side * 2 for side in plain["sides"]]
    first, second = (Image.open(tmp_path / "two" / f"{number}.png").convert("L") for number in (0, 1))
    assert second.size == (first.width * 2, first.height * 2)
    doubled = first.resize(second.size, Image.Resampling.BICUBIC)
    edges = ImageStat.Stat(ImageChops.difference(second, doubled)).mean[0]
    assert edges > 0.3, "it is what was drawn for the plain screen, doubled"
