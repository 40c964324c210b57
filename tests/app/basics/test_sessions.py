"""Real processes that end in order, are killed, and crash natively."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from app.basics import sessions
from app.basics.sessions import Session, take_fallen

LIFE = """
import ctypes, os, sys, time
from pathlib import Path
from app.basics.sessions import Session
session = Session(Path(sys.argv[1]), version="1.2.3")
session.begin()
print("begun", flush=True)
match sys.argv[2]:
    case "order":
        session.end()
    case "crash":
        ctypes.string_at(0)
    case "abort":
        os.abort()
    case "live":
        time.sleep(60)
"""


def begun(folder: Path, how: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", LIFE, str(folder), how], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def ended(folder: Path, how: str) -> int:
    process = begun(folder, how)
    process.communicate(timeout=30)
    return process.returncode


def test_in_order_nothing_is_left(tmp_path: Path) -> None:
    assert ended(tmp_path / "s", "order") == 0
    assert list((tmp_path / "s").iterdir()) == []
    assert take_fallen(tmp_path / "s") == ()


@pytest.mark.parametrize(
    ("how", "code", "cause"),
    [("crash", signal.SIGSEGV, "Segmentation fault"), ("abort", signal.SIGABRT, "Aborted")],
)
def test_a_native_crash_leaves_its_last_words(tmp_path: Path, how: str, code: int, cause: str) -> None:
    assert ended(tmp_path, how) == -code
    [fallen] = take_fallen(tmp_path)
    assert fallen.crashed
    assert fallen.cause == cause
    assert fallen.version == "1.2.3"
    assert "<module>" in fallen.trace
    assert not fallen.rebooted
    assert take_fallen(tmp_path) == (), "told once"
    assert list(tmp_path.iterdir()) == []


def test_killed_is_known_without_a_cause(tmp_path: Path) -> None:
    process = begun(tmp_path, "live")
    assert take_fallen(tmp_path) == (), "it lives"
    process.kill()
    process.communicate(timeout=30)
    [fallen] = take_fallen(tmp_path)
    assert (fallen.crashed, fallen.cause, fallen.process) == (False, "", process.pid)


def test_started_anew_since(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = begun(tmp_path, "live")
    process.kill()
    process.communicate(timeout=30)
    boot = tmp_path / "boot_id"
    boot.write_text("another")
    monkeypatch.setattr(sessions, "BOOT", boot)
    [fallen] = take_fallen(tmp_path)
    assert fallen.rebooted is (sys.platform == "linux")


def test_rubbish_is_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff\x00 no json")
    begun_at = msgspec.json.encode(sessions.Begun(version="1", process=1, at=0.0))
    (tmp_path / "b.txt").write_bytes(begun_at + b"\nwords of nobody")
    [fallen] = take_fallen(tmp_path)
    assert fallen.trace == ""
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_it_does_without(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("a file")
    session = Session(tmp_path / "s", version="1")
    session.begin()
    session.end()
    session.end()
    assert take_fallen(tmp_path / "s") == ()
