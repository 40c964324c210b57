"""A second start while a window is there, as real processes: who takes its documents, how soon it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.document import project_file
from tests.app.document.samples import product_shot
from tests.journeys.conftest import Start
from tests.support.loopback import command
from tests.support.screen import Screen
from tests.support.window import ROOT, Window

pytestmark = pytest.mark.journey
AT_ONCE = 3.0
"""Seconds that a start which is handed over may take on a machine at work; on an idle one it is a tenth."""


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where doors are, with a path that is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="doors-", dir="/tmp") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


def second(screen: Screen, home: Path, *words: str, cwd: Path = ROOT, seconds: float = 30.0) -> float:
    """A start that must end with 0 and say nothing; how long it took."""
    began = time.monotonic()
    done = subprocess.run(
        command("app", *words),
        cwd=cwd,
        env={**_environment(screen, home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return time.monotonic() - began


def _environment(screen: Screen, home: Path) -> dict[str, str]:
    return {**os.environ, "DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb", "TAGLOOM_HOME": str(home)}


def saved(path: Path) -> Path:
    project_file.save(path, product_shot())
    return path


def doors(place: Path) -> list[Path]:
    return list(place.rglob("*.door"))


def test_documents_go_where_there_is_room_and_a_second_one_gets_its_own_window(
    start: Start, screen: Screen, place: Path, tmp_path: Path
) -> None:
    shoes, boots = saved(tmp_path / "shoes one.tagloom"), saved(tmp_path / "boots.tagloom")
    window = start()
    home = window.home
    taken = second(screen, home, shoes.as_uri())
    window.until("the shoes", lambda seen: seen["path"] == str(shoes))
    assert taken < AT_ONCE
    assert second(screen, home, "shoes one.tagloom", cwd=tmp_path) < AT_ONCE
    assert second(screen, home) < AT_ONCE
    assert window.look()["path"] == str(shoes)
    other = Window(screen, tmp_path / "second", home=home, words=[str(boots)])
    try:
        other.until("a window of its own", lambda seen: seen["path"] == str(boots))
        assert window.look()["path"] == str(shoes), "the first is as it was"
        assert len(doors(place)) == 2
        assert second(screen, home, str(boots), str(shoes)) < AT_ONCE, "each has one"
    finally:
        other.process.send_signal(signal.SIGTERM)
        assert other.wait_closed() == 0
        other.end()
    assert len(doors(place)) == 1


def test_a_crashed_window_leaves_a_door_that_is_taken_down(
    start: Start, screen: Screen, place: Path, tmp_path: Path
) -> None:
    crashed = start()
    crashed.end()
    assert len(doors(place)) == 1
    after = start()
    (door,) = doors(place)
    assert str(after.process.pid) in door.name
    assert "does not answer" not in after.look().said()


def test_a_window_that_hangs_is_said_in_a_window_of_its_own(
    start: Start, screen: Screen, place: Path, tmp_path: Path
) -> None:
    hung = start()
    hung.process.send_signal(signal.SIGSTOP)
    shoes = saved(tmp_path / "shoes.tagloom")
    other = Window(screen, tmp_path / "second", home=hung.home, words=[str(shoes)])
    try:
        seen = other.until("the shoes", lambda seen: seen["path"] == str(shoes))
        seen = other.until("why", lambda seen: "does not answer" in seen.said())
        assert "does not answer" in seen.said()
    finally:
        other.end()
        hung.process.send_signal(signal.SIGCONT)


def test_a_new_window_is_asked_for(start: Start, screen: Screen, place: Path, tmp_path: Path) -> None:
    window = start()
    other = Window(screen, tmp_path / "second", home=window.home, words=["--new-window"])
    try:
        seen = other.until("an empty document", lambda seen: seen["path"] == "" and seen["canvas"][2] > 0)
        assert seen.document["nodes"] == {}
    finally:
        other.end()


def test_a_start_that_is_handed_over_imports_no_qt(place: Path, tmp_path: Path) -> None:
    code = "import sys, app.__main__; print([one for one in ('PySide6', 'asyncio') if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr
