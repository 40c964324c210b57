"""A thread that gives way does so alone."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.basics.threads import NICE, TURN, give_way, take_short_turns


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ranks single threads")
def test_a_worker_gives_way_and_its_process_does_not() -> None:
    before = niceness()
    with ThreadPoolExecutor(1, initializer=give_way) as pool:
        assert pool.submit(niceness).result() == max(before, NICE)
    assert niceness() == before


def test_short_turns_are_for_the_whole_process() -> None:
    before = sys.getswitchinterval()
    try:
        take_short_turns()
        assert sys.getswitchinterval() == pytest.approx(TURN)
        assert before > TURN or before == pytest.approx(TURN), (
            "a command in this process may have said it before"
        )
    finally:
        sys.setswitchinterval(before)
