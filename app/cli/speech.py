"""How the command line speaks: JSON events on stdout for programs, plain words on stderr for people."""

from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Mapping
from typing import TextIO

from app.basics.faults import Fault, Where
from app.basics.money import Money, to_usd
from app.basics.words import joined, say, spoken
from app.document.problems import Problem

_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

PLENTY = 10_000


class Speech:
    """`say` is for people and always goes to stderr; `event` and `value` only speak with `--json`.

    A reader that has gone away (`| head`) ends nothing: what runs, runs on unheard.
    """

    def __init__(self, *, json_wanted: bool, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self.json_wanted = json_wanted
        self._out = out or sys.stdout
        self._err = err or sys.stderr

    def say(self, text: str = "") -> None:
        _print(text, self._err)

    def answer(self, text: str) -> None:
        """The result of a command that lists, for people: on stdout, unless JSON was asked for."""
        if not self.json_wanted:
            _print(text, self._out)

    def event(self, name: str, **fields: object) -> None:
        """One line of JSON: `{"event": name, …}`."""
        if self.json_wanted:
            self._line({"event": name, **fields})

    def value(self, value: object) -> None:
        """The one JSON value of a command that lists."""
        if self.json_wanted:
            self._line(value)

    def _line(self, value: object) -> None:
        # In ASCII: no terminal, pipe or file name can then break a line for the program that reads it.
        _print(json.dumps(value, sort_keys=True), self._out)

    @property
    def terminal(self) -> bool:
        """Whether a person sits at the other end of stderr."""
        return self._err.isatty()

    @property
    def columns(self) -> int:
        """Of the terminal that `answer` goes to; plenty where it is none, so that no line is folded."""
        return shutil.get_terminal_size().columns if self._out.isatty() else PLENTY


def plain(text: str) -> str:
    """Names and words from a document as a terminal may show them: nothing that steers it or turns the
    direction of writing."""
    return "".join("�" if _steers(sign) else sign for sign in text)


def _steers(sign: str) -> bool:
    return (unicodedata.category(sign) == "Cc" and sign not in "\n\t") or sign in _TURNING


def _print(text: str, stream: TextIO) -> None:
    encoding = stream.encoding or "utf-8"
    shown = plain(text).encode(encoding, "backslashreplace").decode(encoding)
    try:
        print(shown, file=stream, flush=True)
    except BrokenPipeError:
        _deafen(stream)


def _deafen(stream: TextIO) -> None:
    """Nobody reads any more: the rest goes nowhere, and Python's own last flush finds no broken pipe."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    finally:
        os.close(nowhere)


def place_words(where: Where) -> str:
    """`hero.prompt`, `hero.reference_images[1]`, `hero` or nothing."""
    socket = where.socket or where.parameter
    item = f"[{where.item}]" if where.item is not None else ""
    return f"{where.node}.{socket}{item}" if where.node and socket else where.node or socket or ""


def fault_fields(fault: Fault) -> dict[str, object]:
    """A fault as the fields of a failure in `--json`."""
    return {
        "node": fault.where.node,
        "field": fault.where.parameter or fault.where.socket,
        "fault": fault.code,
        "kind": fault.kind,
        "title": fault.title,
        "advice": fault.advice,
        "charged": fault.charged.value,
        "retry": fault.retry.value,
    }


def fault_words(fault: Fault) -> str:
    place = place_words(fault.where)
    return f"{place}: {fault.sentence()}" if place else fault.sentence()


def problem_fields(problem: Problem) -> dict[str, object]:
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "node": problem.where.node,
        "socket": problem.where.socket,
        "parameter": problem.where.parameter,
        "item": problem.where.item,
        "title": spoken(problem.title),
        "advice": spoken(problem.advice),
        "fixes": [fix.label for fix in problem.fixes],
        "span": list(problem.span) if problem.span else None,
    }


def problem_words(problem: Problem) -> str:
    kind = say("error") if problem.severity == "error" else say("hint")
    words = joined(spoken(problem.title), spoken(problem.advice))
    return f"{kind}  {place_words(problem.where)}: {words}"


def money_fields(credits: int, money: Money | None) -> Mapping[str, object]:
    return {"credits": credits, "usd": to_usd(money) if money is not None else None}
