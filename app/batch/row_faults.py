"""What is wrong with a table, at its row and column."""

from __future__ import annotations

from app.basics.faults import NOWHERE, BadInput, Where
from app.basics.words import say

MOST_SHOWN = 80


class BadRow(BadInput):
    """A fault of a table's own. `row` counts as a spreadsheet does, `column` is a name or, where it has
    none, its letter; 0 and empty where the whole table is meant."""

    row: int = 0
    column: str = ""


def bad_row(
    what: str, *, advice: str, code: str, row: int = 0, column: str = "", where: Where = NOWHERE
) -> BadRow:
    """`what` is a sentence; the place is said before it."""
    place = spot(row, column)
    title = say("{place}: {what}", place=place, what=what) if place else what
    fault = BadRow(title, advice=advice, code=code, where=where)
    fault.row, fault.column = row, column
    return fault


def spot(row: int, column: str = "") -> str:
    """`Row 7, column “photo”`; empty where neither is known."""
    if row and column:
        return say("Row {row}, column “{column}”", row=row, column=shown(column))
    if row:
        return say("Row {row}", row=row)
    return say("Column “{column}”", column=shown(column)) if column else ""


def shown(text: str) -> str:
    """A cell or a name in a sentence: on one line, not too long."""
    clean = "".join(sign if sign.isprintable() else "�" for sign in " ".join(text.split()))
    return clean if len(clean) <= MOST_SHOWN else clean[: MOST_SHOWN - 1] + "…"


def letter(place: int) -> str:
    """What a spreadsheet calls the column at `place`, from 0: A, B … Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
