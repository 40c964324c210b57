"""CSV and TSV. Nothing in a cell is ever evaluated."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TextIO

from app.basics.faults import BadInput
from app.basics.words import say, spoken
from app.batch.reading_encoding import Encoding, encoding_of
from app.batch.reading_source import Raw, Source, no_table, unreadable
from app.batch.row_faults import bad_row, letter

_MOST_LINE = 1 << 22
"""Characters. A longer line is no row of a table."""
_BEGIN = 1 << 16
_DELIMITERS = ",;\t|"
_TRIED = 50
_ERRORS = "surrogateescape"
"""So that a broken sign is found where it is, not where the text is read ahead."""
_BROKEN = re.compile("[\udc80-\udcff]")


def text_source(path: Path) -> Source:
    """:raises BadInput: no text, or a row that cannot be taken apart"""
    try:
        encoding = encoding_of(path)
        delimiter, skipped = _delimiter(_begin(path, encoding.codec), path.suffix)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    return Source(
        raw=partial(_rows, path, encoding, delimiter, skipped),
        sha256=encoding.sha256,
        encoding=encoding.title,
        notes=encoding.notes,
    )


def _begin(path: Path, codec: str) -> str:
    with path.open(encoding=codec, errors="replace", newline="") as file:
        return file.read(_BEGIN)


def _delimiter(begin: str, suffix: str) -> tuple[str, int]:
    """What stands between cells, and how many lines are not of the table (`sep=;`, which Excel writes)."""
    first, _, _rest = begin.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip("\r\n")) == 5:
        return first[4], 1
    ranks = {one: _rank(begin, one) for one in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda one: ranks[one])
    return ("\t" if suffix.lower() in (".tsv", ".tab") else ",") if ranks[best][1] < 2 else best, 0


def _rank(begin: str, delimiter: str) -> tuple[bool, int]:
    """Whether the rows have the same number of cells as the header, and how many those are."""
    lines = begin.splitlines(keepends=True)
    kept = lines[:-1] if len(begin) == _BEGIN and len(lines) > 1 else lines
    try:
        rows = [row for row in islice(csv.reader(kept, delimiter=delimiter), _TRIED) if row]
    except csv.Error:
        return False, 0
    if not rows:
        return False, 0
    width = len(rows[0])
    even = sum(len(row) == width for row in rows)
    return even * 10 >= len(rows) * 8 and width > 1, width


def _rows(path: Path, encoding: Encoding, delimiter: str, skipped: int) -> Raw:
    number = 0
    try:
        with path.open(encoding=encoding.codec, errors=_ERRORS, newline="") as file:
            for _ in range(skipped):
                file.readline()
            reader = csv.reader(_lines(path, file), delimiter=delimiter, strict=True)
            for number, cells in enumerate(reader, start=1 + skipped):
                for place, cell in enumerate(cells):
                    if not cell.isascii() and _BROKEN.search(cell):
                        raise _encoded(number, letter(place), encoding)
                yield number, cells
    except csv.Error as error:
        raise _torn(number + 1, str(error)) from error
    except UnicodeError as error:
        raise _encoded(0, "", encoding) from error
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def _lines(path: Path, file: TextIO) -> Iterator[str]:
    while line := file.readline(_MOST_LINE):
        if len(line) == _MOST_LINE or "\0" in line:
            raise no_table(path)
        yield line


def _torn(row: int, error: str) -> BadInput:
    if "limit" in error or "unexpected end" in error:
        return bad_row(
            say("A quotation mark is not closed there, or a cell is far too long."),
            advice=say("Close it; a quotation mark within a cell is written twice."),
            code="table.quote",
            row=row,
        )
    return bad_row(
        say("Something stands after a closing quotation mark."),
        advice=say("A quotation mark within a cell is written twice."),
        code="table.quote",
        row=row,
    )


def _encoded(row: int, column: str, encoding: Encoding) -> BadInput:
    return bad_row(
        say("The table has signs that are not {encoding}.", encoding=spoken(encoding.title)),
        advice=say("Save it as CSV in UTF-8."),
        code="table.encoding",
        row=row,
        column=column,
    )
