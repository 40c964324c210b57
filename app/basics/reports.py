"""Crash reports: text on this computer, read by the artist before anybody else, and sent by nobody.

A report has two forms. The short one names no file of hers and repeats no word of hers; it is what lies on
the disk and is shown first. The long one, with what the errors and the log say, is shown where she asks for
it. Neither ever holds a key (`basics.logs.redact`).
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from app.basics.about import tagloom_version
from app.basics.frames import kind_of, lines_of, place_of, without_folders
from app.basics.ids import new_id
from app.basics.logs import redact
from app.basics.recent import Line
from app.basics.sessions import Fallen

KEPT = 20
"""Reports that are kept; the oldest go."""
MOST = 60_000
"""Characters of a report."""
Facts = tuple[tuple[str, str], ...]


class Report(Struct, frozen=True, kw_only=True):
    """`mark` is the same for the same mistake."""

    short: str
    long: str
    mark: str


def facts_of_program() -> Facts:
    """Versions and the system: nothing of the person."""
    return (
        ("Tagloom", tagloom_version()),
        ("Python", platform.python_version()),
        ("System", f"{platform.system()} {platform.release()} ({platform.machine()})"),
        ("Packaged", "yes" if getattr(sys, "frozen", False) else "no"),
    )


def report_of_error(
    error: BaseException, where: str, *, when: datetime, facts: Facts, lines: Iterable[Line] = ()
) -> Report:
    """`where` completes "An error arose in …"."""
    kept = tuple(lines)
    title = f"An error arose in {where}: {kind_of(error)}"

    def text(words: bool) -> str:
        return _text(title, when, facts, lines_of(error, words=words), kept, words)

    return Report(short=text(False), long=text(True), mark=f"{kind_of(error)} {place_of(error)}")


def report_of_fallen(fallen: Fallen, *, facts: Facts, lines: Iterable[Line] = ()) -> Report:
    """Of a session that ended by an error that Python could not catch."""
    kept = tuple(lines)
    trace = tuple(without_folders(fallen.trace).splitlines())
    title = f"The program was ended by an error that it could not catch: {fallen.cause}"
    own = (*((name, said) for name, said in facts if name != "Tagloom"), ("Tagloom", fallen.version))

    def text(words: bool) -> str:
        return _text(title, fallen.ended, own, trace, kept, words)

    return Report(short=text(False), long=text(True), mark=f"{fallen.cause} {trace[-1:]}")


def report_of_nothing(*, when: datetime, facts: Facts, lines: Iterable[Line] = ()) -> Report:
    """For somebody who wants to tell of something."""
    kept = tuple(lines)
    questions = ("What I did:", "", "What I expected:", "", "What happened:", "")
    return Report(
        short=_text("A problem with Tagloom", when, facts, questions, kept, False),
        long=_text("A problem with Tagloom", when, facts, questions, kept, True),
        mark="",
    )


def _text(
    title: str, when: datetime, facts: Facts, body: Iterable[str], lines: tuple[Line, ...], words: bool
) -> str:
    told = [title, f"{when.astimezone():%Y-%m-%d %H:%M:%S}", ""]
    told += [f"{name}: {said}" for name, said in facts]
    told += ["", *body]
    if lines:
        told += ["", "The last lines of the log:"]
        told += [one.whole if words else one.bare for one in lines]
    return redact("\n".join(told)[:MOST]) + "\n"


class Reports:
    """The folder of reports. Nothing here raises: a report that cannot be written is only shown."""

    def __init__(self, folder: Path, kept: int = KEPT) -> None:
        self._folder, self._kept = folder, kept

    def keep(self, report: Report) -> Path | None:
        """Writes the short form; None where there is no room or no right."""
        target = self._folder / f"report-{new_id()}.txt"  # sorted by time
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(report.short)
            for old in sorted(self._folder.glob("report-*.txt"))[: -self._kept]:
                old.unlink(missing_ok=True)
        except OSError:
            return None
        return target
