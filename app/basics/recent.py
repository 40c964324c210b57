"""The last lines of the log, kept in memory for a report: each as it was written, and without its words."""

from __future__ import annotations

import logging
from collections import deque
from pathlib import Path

from msgspec import Struct

from app.basics.logs import RedactingFormatter

KEPT = 60
MOST_BYTES = 64_000
OURS = ("tagloom", "app", "widgets")
"""Our own loggers: they say constants of the program, filled with values (a house test sees to it)."""
FORM = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"


class Line(Struct, frozen=True, kw_only=True):
    """`bare` names no file of the artist and repeats nothing of hers; `whole` is the log's line, redacted."""

    bare: str
    whole: str


class Recent(logging.Handler):
    """Takes every record, keeps the last ones."""

    def __init__(self, kept: int = KEPT) -> None:
        super().__init__()
        self._lines: deque[Line] = deque(maxlen=kept)
        self._format = RedactingFormatter(FORM)

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(self._lines)

    def emit(self, record: logging.LogRecord) -> None:
        """Called by `logging`."""
        ours = record.name.partition(".")[0] in OURS and isinstance(record.msg, str)
        said = record.msg if ours else "…"
        when = self._format.formatTime(record)
        bare = f"{when} {record.levelname} {record.process} {record.name}: {said}"
        self._lines.append(Line(bare=bare, whole=self._format.format(record)))


def lines_of_file(log: Path, process: int, kept: int = KEPT) -> tuple[Line, ...]:
    """The last lines that a process wrote into a log; none where it cannot be read."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - MOST_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ()
    found: list[Line] = []
    for whole in text.splitlines()[1:] if len(text) >= MOST_BYTES else text.splitlines():
        parts = whole.split(" ", 4)  # date, time, level, process, name
        if len(parts) == 5 and parts[3] == str(process):
            name = parts[4].partition(":")[0]
            found.append(Line(bare=" ".join([*parts[:4], f"{name}: …"]), whole=whole))
    return tuple(found[-kept:])
