"""What a soak watches over: memory that stays flat, and moments in which a window did not answer."""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psutil  # type: ignore[import-untyped]

FLAT = 1.10
"""The last quarter of a run may need this much of what the second did."""
STALL_MS = 100.0


class Memory:
    """Resident bytes of a process, each second until `stop`. `kept` says how many of them are pictures that
    it keeps within a budget: those fill it as an hour goes on, and are no leak."""

    def __init__(self, pid: int, kept: Callable[[], int]) -> None:
        self.samples: list[tuple[int, int]] = []
        self._kept = kept
        self._process = psutil.Process(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory")
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(1.0):
            try:
                self.samples.append((self._process.memory_info().rss, self._kept()))
            except psutil.NoSuchProcess:
                return

    def quarters(self, *, whole: bool = False) -> list[float]:
        """The medians of the four quarters, in MiB, without the pictures or with them."""
        bytes = [rss if whole else rss - kept for rss, kept in self.samples]
        size = len(bytes) / 4
        parts = [bytes[int(size * one) : int(size * (one + 1))] for one in range(4)]
        return [statistics.median(part) / 2**20 for part in parts if part]

    def growth(self) -> float:
        """The last quarter, as a part of the second: in the first everything is met for the first time."""
        quarters = self.quarters()
        return quarters[-1] / quarters[1] if len(quarters) == 4 else 1.0

    def __str__(self) -> str:
        told = [", ".join(f"{one:.0f}" for one in self.quarters(whole=whole)) for whole in (True, False)]
        return (
            f"by quarters {told[0]} MiB, without pictures {told[1]} MiB (last to second {self.growth():.3f})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """`worked`: what the thread did of it, `starved`: how long other programs had the processor, in ms.
    `doing`: the last gestures that were begun."""

    ms: float
    worked: float
    starved: float
    doing: str
    stacks: tuple[str, ...] = ()

    @property
    def own(self) -> float:
        """What is the program's own fault: it worked, or waited for something else than the processor."""
        return self.ms - self.starved

    def __str__(self) -> str:
        where = "".join(f"\n      {one}" for one in self.stacks)
        parts = f"{self.worked:.0f} worked, {self.starved:.0f} starved"
        return f"{self.ms:7.0f} ms ({parts}) while {self.doing}{where}"


class Diary:
    """What was being done when."""

    def __init__(self) -> None:
        self._pages: list[tuple[float, str]] = []

    def begin(self, words: str) -> None:
        self._pages.append((time.monotonic(), words))

    def at(self, moment: float, ms: float) -> str:
        """What was begun last before a stall ended, and all that was begun while it lasted."""
        before = [words for began, words in self._pages if began <= moment - ms / 1000]
        during = [words for began, words in self._pages if moment - ms / 1000 < began <= moment]
        return ", ".join([*before[-1:], *during]) or "starting"

    def counts(self) -> dict[str, int]:
        """How often what was begun."""
        return dict(sorted(Counter(words for _, words in self._pages if " " not in words).items()))


def stalls(lines: Iterable[dict[str, Any]], diary: Diary, *, over: float = STALL_MS) -> list[Stall]:
    """The stalls that a window has told, the worst of its own first."""
    found = [
        Stall(
            ms=line["ms"],
            worked=line["worked"],
            starved=line["starved"],
            doing=diary.at(line["at"], line["ms"]),
            stacks=tuple(f"{times} × {stack}" for stack, times in line.get("stacks", ())),
        )
        for line in lines
        if line["say"] == "stall" and line["ms"] > over
    ]
    return sorted(found, key=lambda one: -one.own)


def listed(found: Sequence[Stall]) -> str:
    return "\n".join(str(one) for one in found) or "none"
