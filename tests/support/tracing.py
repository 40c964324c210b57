"""Ends a process, or fails it, at the k-th call of one kind that any of its threads makes (strace)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

KILL = "signal=SIGKILL"
FULL = "error=ENOSPC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """`when` counts from 1, for each thread by itself; `files`: only calls on these."""

    call: str
    when: int
    files: tuple[Path, ...] = ()
    onward: bool = False
    """That call and all after it."""

    def __str__(self) -> str:
        onward = "+" if self.onward else ""
        return f"{self.call} {self.when}{onward}" + "".join(f" on {one.name}" for one in self.files)


def missing() -> str:
    """Why it cannot be done here; empty where it can."""
    if sys.platform != "linux":
        return "strace is there on Linux alone"
    if shutil.which("strace") is None:
        return "strace is not installed (Debian: apt-get install strace)"
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"ptrace is not allowed here: {tried.stderr.strip()[:120]}"


class Tracer:
    """Holds on to a process that waits; `close` when that has ended."""

    def __init__(self, pid: int, words: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            ["strace", "-f", "-p", str(pid), *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        assert self._process.stderr is not None
        said = self._process.stderr.readline()
        if b"attached" not in said:
            self.close()
            raise RuntimeError(f"strace did not attach: {said!r}")

    def close(self) -> None:
        self._process.communicate(timeout=30)


def tracer(pid: int, point: Point, how: str) -> Tracer:
    calls = ",".join(f"?{one}" for one in point.call.split("|"))
    when = f"{point.when}{'+' if point.onward else ''}"
    files = [word for file in point.files for word in ("-P", str(file))]
    return Tracer(
        pid, ["-o", "/dev/null", *files, "-e", f"trace={calls}", "-e", f"inject={calls}:{how}:when={when}"]
    )
