"""What the window says to whoever tests or measures it: JSON, a line at a time. Silent unless asked.

`TAGLOOM_WATCH` names the file that grows; each line has `at` (seconds of `time.monotonic`, one clock for
all processes of a computer) and `say`: `painted` (the empty window), `example` (the first document on the
canvas), `closed`. `TAGLOOM_WATCH_VIEW=1` adds `view`: the whole window as data (`widgets.witness`), each
time it differs. `TAGLOOM_WATCH_BEAT=5` adds `stall`: each time the loop came late to its beat of so many
milliseconds, and how late; with `TAGLOOM_WATCH_STACKS=1` also where it was. No key is ever among it: fields
that hide their text are not read.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QObject, Qt, QTimer

LATE = 2.0
"""Milliseconds beyond a beat that are worth a line."""
SUSPICIOUS = 0.04
"""Seconds without a beat, after which the stack is looked at."""
EVERY = 0.01
DEEP = 6
"""How many of the innermost functions are told."""


class Watch:
    """A file that grows, or nothing at all."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        path = environment.get("TAGLOOM_WATCH", "")
        self._path = Path(path) if path else None
        self.view = self.asked and environment.get("TAGLOOM_WATCH_VIEW", "") == "1"
        beat = environment.get("TAGLOOM_WATCH_BEAT", "")
        self.beat = int(beat) if self.asked and beat.isdigit() else 0
        """Milliseconds between two beats of the stall meter; 0 without one."""
        self.stacks = environment.get("TAGLOOM_WATCH_STACKS", "") == "1"

    @property
    def asked(self) -> bool:
        return self._path is not None

    def say(self, what: str, **facts: object) -> None:
        if self._path is None:
            return
        line = json.dumps({"at": time.monotonic(), "say": what, **facts}, ensure_ascii=False, default=str)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


class StallMeter(QObject):
    """How long the loop was away: the time between two beats, less the beat. Of that, `worked` is what its
    thread did itself, and `starved` how long it could have worked but other programs had the processor
    (0 where the system does not say)."""

    def __init__(self, watch: Watch, parent: QObject) -> None:
        super().__init__(parent)
        self._watch = watch
        self._stacks = Stacks() if watch.stacks else None
        self._last, self._worked, self._starved = time.monotonic(), time.thread_time(), starved()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(watch.beat)
        self._timer.timeout.connect(self._on_beat)
        self._timer.start()
        watch.say("beat", every=watch.beat)

    def _on_beat(self) -> None:
        now = time.monotonic()
        late = (now - self._last) * 1000 - self._watch.beat
        if late > LATE:
            worked = (time.thread_time() - self._worked) * 1000
            hungry = (starved() - self._starved) * 1000
            more = self._stacks.taken() if self._stacks is not None else {}
            told = {"ms": late, "worked": worked, "starved": hungry}
            self._watch.say("stall", **{name: round(ms, 2) for name, ms in told.items()}, **more)
        self._again()

    def _again(self) -> None:
        self._last, self._worked, self._starved = time.monotonic(), time.thread_time(), starved()
        if self._stacks is not None:
            self._stacks.beat = self._last

    def leave_out(self, seconds: float, worked: float) -> None:
        """What the watch itself does is no stall of the program."""
        self._last += seconds
        self._worked += worked

    def stop(self) -> None:
        self._timer.stop()
        if self._stacks is not None:
            self._stacks.stop()


def starved() -> float:
    """Seconds in which this thread was ready and had no processor, since it began."""
    try:
        told = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat").read_text().split()
    except OSError:
        return 0.0
    return int(told[1]) / 1e9


class Stacks(threading.Thread):
    """Looks at the stack of the thread that made it, as often as it can, while that one gives no beat."""

    def __init__(self) -> None:
        super().__init__(name="stacks", daemon=True)
        self.beat = time.monotonic()
        self._watched = threading.get_ident()
        self._seen: Counter[str] = Counter()
        self._collecting = self._collected = 0.0
        self._over = threading.Event()
        gc.callbacks.append(self._on_collect)
        self.start()

    def run(self) -> None:
        while not self._over.wait(EVERY):
            if time.monotonic() - self.beat > SUSPICIOUS:
                frame = sys._current_frames().get(self._watched)
                if frame is not None:
                    self._seen[_told(frame)] += 1

    def taken(self) -> dict[str, object]:
        """What was seen since the last time, the most frequent first."""
        seen, self._seen = self._seen, Counter()
        collected, self._collected = self._collected, 0.0
        return {"collected": round(collected * 1000, 2), "stacks": seen.most_common(3)} if seen else {}

    def stop(self) -> None:
        gc.callbacks.remove(self._on_collect)
        self._over.set()
        self.join()

    def _on_collect(self, phase: str, info: dict[str, int]) -> None:
        now = time.monotonic()
        if phase == "start":
            self._collecting = now
        else:
            self._collected += now - self._collecting


def _told(frame: FrameType | None) -> str:
    """The innermost functions, the innermost first."""
    told: list[str] = []
    while frame is not None and len(told) < DEEP:
        code = frame.f_code
        told.append(f"{'/'.join(code.co_filename.split('/')[-2:])}:{frame.f_lineno} {code.co_name}")
        frame = frame.f_back
    return " < ".join(told)


def watch_of_process() -> Watch:
    """What this process was asked for."""
    return Watch(os.environ)
