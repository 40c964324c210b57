"""A table's file, whatever its form: read once to see that all of it can be used, then row by row."""

from __future__ import annotations

import stat
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

from app.basics.faults import BadInput
from app.basics.words import say
from app.batch.reading_sheet import BEGINS, sheet_source
from app.batch.reading_source import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_LETTERS,
    MOST_NAME,
    MOST_ROWS,
    Raw,
    Source,
    unreadable,
)
from app.batch.reading_text import text_source
from app.batch.row_faults import bad_row, letter, shown

Cells: TypeAlias = tuple[int, tuple[str, ...]]
"""A row's number and what stands in each column that has a name."""


_OLD = bytes.fromhex("d0cf11e0a1b11ae1")
"""How files of the older kind begin, and those with a password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """`number` is its row; `places` are those of the columns that have a name."""

    number: int
    columns: tuple[str, ...]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    path: Path
    columns: tuple[str, ...]
    count: int
    source: Source
    cells: Callable[[], Iterator[Cells]]


def opened(path: Path, *, sheet: str = "") -> Opened:
    """:raises BadInput: see `table.open_table`"""
    source = _source(path, sheet)
    header = _first(source.raw(), path)
    count = 0
    cells = partial(_cells, path, source.raw, header)
    for _ in cells():
        count += 1
    if not count:
        raise bad_row(
            say("The table {name} has no products, only a header.", name=path.name),
            advice=say("Give each product a row below the names of the columns."),
            code="table.no-rows",
        )
    return Opened(path=path, columns=header.columns, count=count, source=source, cells=cells)


def _source(path: Path, sheet: str) -> Source:
    try:
        known = path.stat()
        if not stat.S_ISREG(known.st_mode):
            raise unreadable(path, IsADirectoryError())  # a pipe would be waited for
        with path.open("rb") as file:
            begin = file.read(8)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if known.st_size > MOST_BYTES:
        raise bad_row(
            say("The table {name} is larger than {most} MB.", name=path.name, most=MOST_BYTES >> 20),
            advice=say("Divide it into several tables."),
            code="table.large",
        )
    if begin.startswith(BEGINS):
        return sheet_source(path, sheet)
    if begin.startswith(_OLD):
        raise bad_row(
            say("{name} is an old or a locked spreadsheet, which is not read.", name=shown(path.name)),
            advice=say("Save it as XLSX without a password, or as CSV in UTF-8."),
            code="table.form",
        )
    return text_source(path)


def _first(raw: Raw, path: Path) -> Header:
    for number, cells in raw:
        if any(one.strip() for one in cells):
            return _header(number, cells)
    raise bad_row(
        say("The table {name} is empty.", name=path.name),
        advice=say("Its first row has the names of the columns, and each row below is a product."),
        code="table.empty",
    )


def _header(number: int, cells: Sequence[str]) -> Header:
    named: dict[str, int] = {}
    columns: list[str] = []
    places: list[int] = []
    for place, cell in enumerate(cells):
        name = column_name(cell)
        if not name:
            continue
        if len(name) > MOST_NAME:
            raise bad_row(
                say("The name of a column is far too long."),
                advice=say("The first row has the names of the columns: give each a short one."),
                code="table.header",
                row=number,
                column=letter(place),
            )
        if (same := name_key(name)) in named:
            raise _twice(number, name, named[same], place)
        named[same] = place
        columns.append(name)
        places.append(place)
    if len(columns) > MOST_COLUMNS:
        raise bad_row(
            say("The table has more than {most} columns.", most=MOST_COLUMNS),
            advice=say("Leave out the columns that the document does not use."),
            code="table.columns",
            row=number,
        )
    return Header(number=number, columns=tuple(columns), places=tuple(places))


def column_name(text: str) -> str:
    """As it is called in documents: composed, blanks at its ends and line breaks gone."""
    return " ".join(unicodedata.normalize("NFC", text.replace("\ufeff", "")).split())


def name_key(name: str) -> str:
    """Two columns with the same key are one to people."""
    return column_name(name).casefold()


def _twice(row: int, name: str, before: int, place: int) -> BadInput:
    return bad_row(
        say(
            "Two columns are called “{name}”: {one} and {other}.",
            name=shown(name),
            one=letter(before),
            other=letter(place),
        ),
        advice=say("Give one of them another name."),
        code="table.twice",
        row=row,
        column=letter(place),
    )


def _cells(path: Path, raw: Callable[[], Raw], header: Header) -> Iterator[Cells]:
    rows = raw()
    now = _first(rows, path)
    if now != header:
        raise bad_row(
            say("The table {name} has other columns now.", name=path.name),
            advice=say("Open it anew."),
            code="table.changed",
        )
    count = 0
    for number, cells in rows:
        row = _row(number, cells, header)
        if row is None:
            continue
        count += 1
        if count > MOST_ROWS:
            raise bad_row(
                say("The table has more than {most} rows.", most=MOST_ROWS),
                advice=say("Divide it into several tables."),
                code="table.rows",
                row=number,
            )
        yield number, row


def _row(number: int, cells: Sequence[str], header: Header) -> tuple[str, ...] | None:
    """None for a row with nothing in it."""
    last = len(cells)
    kept = tuple(cells[place].strip() if place < last else "" for place in header.places)
    filled = sum(map(bool, kept))
    if filled < last and sum(1 for one in cells if one and not one.isspace()) > filled:
        raise _nameless(number, cells, header)
    for name, one in zip(header.columns, kept, strict=True):
        if len(one) > MOST_LETTERS:
            raise bad_row(
                say("There are more than {most} characters in it.", most=MOST_LETTERS),
                advice=say("Shorten it, or see whether a quotation mark is missing."),
                code="table.cell",
                row=number,
                column=name,
            )
    return kept if filled else None


def _nameless(number: int, cells: Sequence[str], header: Header) -> BadInput:
    place = next(place for place, one in enumerate(cells) if one.strip() and place not in set(header.places))
    return bad_row(
        say("“{cell}” stands in a column without a name.", cell=shown(cells[place])),
        advice=say(
            "Name the column in row {row}. Where the cell belongs to the one before it, put that one into "
            "quotation marks.",
            row=header.number,
        ),
        code="table.no-name",
        row=number,
        column=letter(place),
    )
