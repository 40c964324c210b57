"""Random editing and free drafts for as long as SOAK_MINUTES says: memory stays flat, the window answers."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.journeys.conftest import Start
from tests.journeys.random_hands import RandomHands
from tests.support.steady import FLAT, STALL_MS, Memory, listed, stalls
from tests.support.window import Window

pytestmark = [pytest.mark.journey]
BEAT = {"TAGLOOM_WATCH_BEAT": "10", "TAGLOOM_WATCH_STACKS": "1", "TAGLOOM_SANDBOX_KNOBS": "seconds=0.5"}
SHED_S = 20.0


def hands_at_work(window: Window, seconds: float, seed: int, folder: Path) -> tuple[RandomHands, Memory]:
    """Gestures until the time is over."""
    folder.mkdir()
    hands = RandomHands(window, seed, folder)
    memory = Memory(window.process.pid, lambda: int(window.view.get("pictures", 0)))
    begun = shed = time.monotonic()
    try:
        while time.monotonic() - begun < seconds:
            hands.one()
            assert window.errors() == ""
            if time.monotonic() - shed > SHED_S:
                window.shed()
                shed = time.monotonic()
    finally:
        memory.stop()
    return hands, memory


def closed_cleanly(window: Window) -> None:
    window.screen.key("ctrl+period")
    window.until("at rest", lambda seen: not seen["busy"])
    window.screen.key("ctrl+q")
    if window.look()["dirty"]:
        window.focus("Save changes?")
        window.press("saving-discard")
    assert window.wait_closed() == 0
    assert window.errors() == ""
    window.said("closed")


def told(hands: RandomHands, memory: Memory, found: str) -> str:
    return f"memory {memory}\ngestures: {hands.diary.counts()}\nstalls above {STALL_MS:.0f} ms:\n{found}"


@pytest.mark.timeout(240)
def test_random_hands_for_a_moment(start: Start, tmp_path: Path) -> None:
    window = start(**BEAT)
    hands, memory = hands_at_work(window, 30.0, 1, tmp_path / "documents")
    closed_cleanly(window)
    print(told(hands, memory, listed(stalls(window.lines, hands.diary))))
    assert sum(hands.diary.counts().values()) > 20
    assert max(rss for rss, _ in memory.samples) < 900 * 2**20


@pytest.mark.soak
@pytest.mark.timeout(3 * 3600)
def test_random_hands_for_an_hour(start: Start, tmp_path: Path) -> None:
    seconds = 60.0 * float(os.environ.get("SOAK_MINUTES", "60"))
    seed = int(os.environ.get("SOAK_SEED", "0")) or os.getpid()
    window = start(**BEAT)
    hands, memory = hands_at_work(window, seconds, seed, tmp_path / "documents")
    closed_cleanly(window)
    found = stalls(window.lines, hands.diary)
    report = told(hands, memory, listed(found))
    print(f"seed {seed}\n{report}")
    assert memory.growth() < FLAT, report
    assert not [one for one in found if one.own > STALL_MS], report
