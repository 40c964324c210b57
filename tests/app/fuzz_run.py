"""`python -m tests.app.fuzz_run document|image SECONDS SEED FOLDER`: mutated files, one after another, under
limits. Each case has 2 s, the process 512 MiB, and nothing may be written outside of FOLDER.

Says one JSON object at its end. A case that breaks a law is kept in FOLDER as `found-*`, to be made part of
the corpus when it is mended.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.app.document.fuzzing import mutated, try_document
from tests.app.imaging.test_fuzz import SEEDS, _try_all

LONGEST = 2.0
MOST_MEMORY = 512 * 1024 * 1024


class TooLong(BaseException):
    """Not an Exception: nobody may take it for a fault of the file."""


class Fuzz:
    def __init__(
        self, folder: Path, case: Callable[[random.Random], bytes], attempt: Callable[[Path, bytes], object]
    ) -> None:
        self._folder = folder
        self._case = case
        self._attempt = attempt
        self.cases = 0
        self.slowest = 0.0
        self.found: list[str] = []
        self.outside: list[str] = []

    def run(self, seconds: float, seed: int) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and len(self.found) < 20:
            data = self._case(random.Random(f"{seed}-{self.cases}"))
            self.cases += 1
            began = time.monotonic()
            try:
                self._within(data)
            except (Exception, TooLong) as error:
                self._keep(data, error)
            self.slowest = max(self.slowest, time.monotonic() - began)

    def _within(self, data: bytes) -> None:
        signal.setitimer(signal.ITIMER_REAL, LONGEST)
        try:
            self._attempt(self._folder / "case", data)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _keep(self, data: bytes, error: BaseException) -> None:
        name = self._folder / f"found-{len(self.found)}"
        name.write_bytes(data)
        last = traceback.format_exception(error)[-3:]
        self.found.append(f"{name}: {''.join(last)}")

    def heard(self, event: str, args: tuple[object, ...]) -> None:
        """An audit hook: what is opened to be written, and where."""
        if event != "open" or not isinstance(args[0], str) or not isinstance(args[2], int):
            return
        writes = args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes and not os.path.abspath(args[0]).startswith(str(self._folder)):
            self.outside.append(args[0])


def _mutated_picture(dice: random.Random) -> bytes:
    data = bytearray(SEEDS[dice.choice(sorted(SEEDS))])
    for _ in range(dice.randint(1, 5)):
        at = dice.randrange(max(1, len(data)))
        match dice.randrange(6):
            case 0 | 1 if data:
                data[at] ^= 1 << dice.randrange(8)
            case 2:
                data[at : at + 4] = dice.choice([b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", bytes(4)])
            case 3:
                del data[at : at + dice.randint(1, 60)]
            case 4:
                data[at:at] = data[at : at + dice.randint(1, 60)]
            case _:
                data[at:at] = dice.randbytes(dice.randint(1, 8))
    return bytes(data)


def _too_long(number: int, frame: object) -> None:
    raise TooLong(f"more than {LONGEST} s")


def _peak() -> int:
    """Bytes. Not `ru_maxrss`, which begins with what the parent had when it forked."""
    with open("/proc/self/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def main(kind: str, seconds: float, seed: int, folder: Path) -> int:
    folder = folder.resolve()
    case, attempt = {
        "document": (mutated, try_document),
        "image": (_mutated_picture, _try_all),
    }[kind]
    case(random.Random(0))  # what is loaded once is loaded before the limits
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    signal.signal(signal.SIGALRM, _too_long)
    fuzz = Fuzz(folder, case, attempt)
    sys.addaudithook(fuzz.heard)
    fuzz.run(seconds, seed)
    peak = _peak()
    told = {
        "cases": fuzz.cases,
        "slowest": round(fuzz.slowest, 3),
        "peak": peak,
        "found": fuzz.found,
        "outside": sorted(set(fuzz.outside)),
    }
    print(json.dumps(told), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])))
