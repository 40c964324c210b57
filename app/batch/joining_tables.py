"""Two tables as one: each row of one with every row of the other, or the first with the first and so on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.basics.faults import BadInput
from app.basics.words import listed, say
from app.batch.reading import Cells, name_key
from app.batch.reading_source import MOST_COLUMNS, MOST_ROWS
from app.batch.row_faults import bad_row, shown

Give = Callable[[], Iterator[Cells]]
CROSS, ZIP = "cross", "zip"
_HELD = 1 << 22
"""Characters of a second table that are held in memory; a larger one is read again for each row."""


def crossed(one: Give, other: Give) -> Iterator[Cells]:
    """Counted anew from 2: no row of either file is meant."""
    number = 2
    held = _small(other)
    for _, left in one():
        for _, right in held if held is not None else other():
            yield number, (*left, *right)
            number += 1


def _small(give: Give) -> list[Cells] | None:
    held: list[Cells] = []
    room = _HELD
    for number, cells in give():
        room -= sum(map(len, cells)) + 64 * len(cells)
        if room < 0:
            return None
        held.append((number, cells))
    return held


def zipped(one: Give, other: Give) -> Iterator[Cells]:
    """With the row numbers of the first.

    :raises BadInput: one has changed, and ends before the other
    """
    right = other()
    for number, left in one():
        following = next(right, None)
        if following is None:
            raise _changed(number)
        yield number, (*left, *following[1])
    if next(right, None) is not None:
        raise _changed(0)


def check_columns(one: tuple[str, ...], other: tuple[str, ...], names: tuple[str, str]) -> None:
    """:raises BadInput: a column is in both, or there are too many"""
    here = {name_key(name) for name in one}
    both = [name for name in other if name_key(name) in here]
    if both:
        raise bad_row(
            say(
                "{one} and {other} both have a column {list}.",
                one=shown(names[0]),
                other=shown(names[1]),
                list=listed(f"“{shown(name)}”" for name in both[:8]),
            ),
            advice=say("Give it another name in one of the two tables."),
            code="table.same-columns",
            row=1,
            column=both[0],
        )
    if len(one) + len(other) > MOST_COLUMNS:
        raise bad_row(
            say("The two tables have more than {most} columns together.", most=MOST_COLUMNS),
            advice=say("Leave out the columns that the document does not use."),
            code="table.columns",
        )


def check_counts(one: int, other: int, how: str, names: tuple[str, str]) -> int:
    """How many rows there are together.

    :raises BadInput: too many, or not the same number where each goes with one
    """
    if how == CROSS:
        if one * other > MOST_ROWS:
            raise bad_row(
                say(
                    "{one} rows with {other} rows each are more than {most} rows.",
                    one=one,
                    other=other,
                    most=MOST_ROWS,
                ),
                advice=say("Divide one of the tables."),
                code="table.rows",
            )
        return one * other
    if one != other:
        raise bad_row(
            say(
                "{one} has {count} rows and {other} has {others}, so they cannot go one with one.",
                one=shown(names[0]),
                count=one,
                other=shown(names[1]),
                others=other,
            ),
            advice=say("Give both the same number of rows, or join every row with every row (cross)."),
            code="table.unequal",
        )
    return one


def _changed(row: int) -> BadInput:
    return bad_row(
        say("One of the two tables has changed, and they no longer have as many rows."),
        advice=say("Open them anew."),
        code="table.changed",
        row=row,
    )
