"""The stall meter: how late the loop came, whose fault it was, and where it was meanwhile."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from widgets.watch import StallMeter, Watch

LONG = 0.2


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "watch.jsonl"


@pytest.fixture
def meter(qapp: QApplication, log: Path) -> Iterator[StallMeter]:
    asked = {"TAGLOOM_WATCH": str(log), "TAGLOOM_WATCH_BEAT": "5", "TAGLOOM_WATCH_STACKS": "1"}
    whole = QObject()
    made = StallMeter(Watch(asked), whole)
    yield made
    made.stop()
    whole.deleteLater()


def stalled(log: Path, doing: Callable[[], object]) -> list[dict[str, Any]]:
    """What is told of something that the loop does."""
    QTest.qWait(50)
    QTimer.singleShot(0, doing)
    QTest.qWait(round(LONG * 1000) + 150)
    told = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    return [one for one in told if one["say"] == "stall" and one["ms"] > LONG * 900]


def wait_idly() -> None:
    time.sleep(LONG)


def work_hard() -> None:
    end = time.thread_time() + LONG
    while time.thread_time() < end:
        pass


def test_waiting_is_no_work(meter: StallMeter, log: Path) -> None:
    (one,) = stalled(log, wait_idly)
    assert one["worked"] < LONG * 500
    assert "wait_idly" in one["stacks"][0][0]


def test_work_is_told_with_its_place(meter: StallMeter, log: Path) -> None:
    (one,) = stalled(log, work_hard)
    assert one["worked"] > LONG * 900
    assert one["ms"] + 50 > one["worked"] + one["starved"]
    assert any("work_hard" in stack for stack, _ in one["stacks"])


def test_what_the_watch_does_itself_is_left_out(meter: StallMeter, log: Path) -> None:
    def look() -> None:
        began, worked = time.monotonic(), time.thread_time()
        wait_idly()
        meter.leave_out(time.monotonic() - began, time.thread_time() - worked)

    assert stalled(log, look) == []
