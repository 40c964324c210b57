"""What every form of table gives: rows from the file's beginning, as often as they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from app.basics.faults import BadInput
from app.basics.words import say
from app.batch.row_faults import bad_row, shown

Raw: TypeAlias = Iterator[tuple[int, Sequence[str]]]
"""Rows as they stand in the file, the header among them, each with its number."""

MOST_BYTES = 1 << 30
MOST_ROWS = 1_000_000
MOST_COLUMNS = 1_000
MOST_LETTERS = 32_767
"""Of one cell: what spreadsheets take."""
MOST_NAME = 200
"""Of a column's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """`encoding` is empty where the form itself says it."""

    raw: Callable[[], Raw]
    sha256: str
    encoding: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def unreadable(path: Path, error: Exception) -> BadInput:
    if isinstance(error, FileNotFoundError):
        return bad_row(
            say("There is no table {path}.", path=shown(str(path))),
            advice=say("Choose the table's file anew."),
            code="table.missing",
        )
    return bad_row(
        say("The table {path} cannot be read.", path=shown(str(path))),
        advice=say("See that it is a file, and that you may read it."),
        code="table.unreadable",
    )


def no_table(path: Path) -> BadInput:
    return bad_row(
        say("The file {name} is no table that can be read.", name=shown(path.name)),
        advice=say("Save it as CSV in UTF-8, or as XLSX."),
        code="table.form",
    )
