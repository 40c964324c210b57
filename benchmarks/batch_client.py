"""What the clients of a batch share: the photographs, and a measure of time, CPU and memory. Each client runs
in a process of its own, so that these are its own: `python -m benchmarks.batch_engine URL JOBS FOLDER
[AT_ONCE]`, `batch_rows` and `batch_sdk` print what it took as JSON."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import random
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path

import psutil
from PIL import Image

AT_ONCE = 10
REFERENCES = ("sneaker", "model", "studio")
PROMPT = "Product photo of @sneaker worn by @model in @studio setting"
SIDE = 2048


def photographs(folder: Path) -> dict[str, Path]:
    """Three photographs of 2048 × 2048, each about a megabyte as a JPEG."""
    made = {}
    for number, tag in enumerate(REFERENCES):
        noise = random.Random(number).randbytes(512 * 512 * 3)
        image = Image.frombytes("RGB", (512, 512), noise).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=82)
        made[tag] = folder / f"{tag}.jpg"
        made[tag].write_bytes(out.getvalue())
    return made


class Peak:
    """Resident memory of this process above what it is at the start, sampled every 50 ms."""

    def __init__(self) -> None:
        gc.collect()
        self._process = psutil.Process()
        self._idle = self._process.memory_info().rss
        self._most = self._idle
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def _sample(self) -> None:
        while not self._over.wait(0.05):
            self._most = max(self._most, self._process.memory_info().rss)

    def end(self) -> float:
        """Megabytes."""
        self._over.set()
        self._thread.join()
        return (self._most - self._idle) / 1e6

    @property
    def whole(self) -> float:
        """Megabytes of the whole process, at its peak."""
        return self._most / 1e6


async def measured(work: Callable[[], Coroutine[object, object, object]]) -> dict[str, object]:
    peak = Peak()
    cpu, began = time.process_time(), time.perf_counter()
    result = await work()
    wall = time.perf_counter() - began
    return {
        "wall": wall,
        "cpu": time.process_time() - cpu,
        "peak_mb": peak.end(),
        "whole_mb": peak.whole,
        "result": result,
    }


class Lag:
    """The longest time that the event loop was held."""

    longest = 0.0

    async def watch(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.02)
            self.longest = max(self.longest, time.perf_counter() - began - 0.02)


def at_once() -> int:
    """The fourth word, where it is given."""
    return int(sys.argv[4]) if len(sys.argv) > 4 else AT_ONCE


def main(work: Callable[[str, int, Path], Coroutine[object, object, dict[str, object]]]) -> None:
    print(json.dumps(asyncio.run(work(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))))
