"""Threads share their memory, in a process that asked for it."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from app.basics.heaps import HEAPS, share_heaps

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has several heaps")
HEAP_KB = 64 * 1024
"""The room that glibc keeps free for each, on 64 bits."""
PROGRAM = """
import sys, threading
from pathlib import Path
from app.basics.heaps import share_heaps
done = len(sys.argv) > 1 and share_heaps()
def room():
    return int(Path("/proc/self/status").read_text().split("VmSize:")[1].split()[0])
threading.stack_size(256 * 1024)
before, all_there = room(), threading.Barrier(13)
def work():
    held = [bytes(2000 + at) for at in range(50)]
    all_there.wait(30)
threads = [threading.Thread(target=work) for _ in range(12)]
for one in threads: one.start()
all_there.wait(30)
grown = room() - before
for one in threads: one.join()
print(done, grown)
"""


def grown(*words: str, **environment: str) -> tuple[bool, int]:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        env=environment, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    done, size = ran.stdout.split()
    return done == "True", int(size)


def test_a_dozen_threads_have_two_heaps() -> None:
    done, shared = grown("share")
    assert done
    _, alone = grown()
    assert alone > 6 * HEAP_KB, "each thread has its own, where nobody asked"
    assert shared < (HEAPS + 1) * HEAP_KB


def test_what_the_environment_asks_for_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MALLOC_ARENA_MAX", "7")
    assert not share_heaps()
