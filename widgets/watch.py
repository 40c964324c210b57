"""What the window says to whoever tests or measures it: JSON, a line at a time. Silent unless asked.

`TAGLOOM_WATCH` names the file that grows; each line has `at` (seconds of `time.monotonic`, one clock for
all processes of a computer) and `say`: `painted` (the empty window), `example` (the first document on the
canvas), `closed`. `TAGLOOM_WATCH_VIEW=1` adds `view`: the whole window as data (`widgets.witness`), each
time it differs. `TAGLOOM_WATCH_BEAT=5` adds `stall`: each time the loop came late to its beat of so many
milliseconds, and how late. No key is ever among it: fields that hide their text are not read.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

LATE = 2.0
"""Milliseconds beyond a beat that are worth a line."""


class Watch:
    """A file that grows, or nothing at all."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        path = environment.get("TAGLOOM_WATCH", "")
        self._path = Path(path) if path else None
        self.view = self.asked and environment.get("TAGLOOM_WATCH_VIEW", "") == "1"
        beat = environment.get("TAGLOOM_WATCH_BEAT", "")
        self.beat = int(beat) if self.asked and beat.isdigit() else 0
        """Milliseconds between two beats of the stall meter; 0 without one."""

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
    """How long the loop was away: the time between two beats, less the beat."""

    def __init__(self, watch: Watch, parent: QObject) -> None:
        super().__init__(parent)
        self._watch = watch
        self._last = time.monotonic()
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
            self._watch.say("stall", ms=round(late, 2))
            now = time.monotonic()  # writing it down is no stall of the program
        self._last = now

    def stop(self) -> None:
        self._timer.stop()


def watch_of_process() -> Watch:
    """What this process was asked for."""
    return Watch(os.environ)
