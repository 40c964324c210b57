"""Older formats made into today's: one dated function for each step, from `tagloom/N` to `tagloom/N+1`.

A step takes the plain JSON object of a file and gives a new one; it never looks at today's classes, so that
it stays right when those change. `tagloom/1` is the first format: there is no step yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from app.basics.faults import BadInput, Bug
from app.basics.words import say

CURRENT = 1
Plain = dict[str, Any]


class Step(Struct, frozen=True, kw_only=True):
    """`date` is the day from which Tagloom wrote format `before + 1`; `what` says it in words."""

    before: int
    date: str
    what: str
    apply: Callable[[Plain], Plain]


STEPS: tuple[Step, ...] = ()


def number_of(format: object, family: str = "tagloom") -> int:
    """The number in `tagloom/1`.

    :raises BadInput: it is no Tagloom format
    """
    found = re.fullmatch(re.escape(family) + r"/(\d{1,6})", format) if isinstance(format, str) else None
    if found is None:
        raise BadInput(
            say("This is not a Tagloom document."),
            advice=say(
                'A document says "format": "{family}/{current}". Choose a .tagloom file.',
                family=family,
                current=CURRENT,
            ),
            code="document.format",
        )
    return int(found.group(1))


def upgraded(
    plain: Plain, steps: Sequence[Step] = STEPS, current: int = CURRENT
) -> tuple[Plain, tuple[str, ...]]:
    """A file's object in today's format, and what was done to it in words.

    :raises BadInput: the format is newer than this program, or has no way to today's
    """
    number = number_of(plain.get("format"))
    if number > current:
        raise BadInput(
            say(
                "A newer Tagloom saved this document (tagloom/{number}; this one reads tagloom/{current}).",
                number=number,
                current=current,
            ),
            advice=say("Update Tagloom to open it. The file was not changed."),
            code="document.newer",
        )
    by_number = {step.before: step for step in steps}
    notes: list[str] = []
    while number < current:
        step = by_number.get(number)
        if step is None:
            raise BadInput(
                say("No Tagloom has ever written the format tagloom/{number}.", number=number),
                advice=say("Check where the file comes from; it was not changed."),
                code="document.format",
            )
        plain = step.apply(dict(plain))
        number += 1
        if plain.get("format") != f"tagloom/{number}":
            raise Bug(
                say(
                    "The upgrade of {date} did not arrive at tagloom/{number}.", date=step.date, number=number
                ),
                advice=say("Please report this; the file was not changed."),
                code="document.upgrade",
            )
        notes.append(say("Brought to format tagloom/{number}: {what}.", number=number, what=step.what))
    return plain, tuple(notes)
