"""A table of products: what it is, and the rows in it, one at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from app.basics.words import say
from app.batch.joining_tables import CROSS, check_columns, check_counts, crossed, zipped
from app.batch.reading import Cells, Opened, opened
from app.batch.row_faults import bad_row


class Row(Struct, frozen=True, kw_only=True):
    """A product. `number` counts as a spreadsheet does: where the header is row 1, the first product is 2.
    `cells`: column → text as it stands, without blanks at its ends; every column is there."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What is known of a table after all of it was read once. `count` is of rows with anything in them;
    `sha256` is the file's, to see that it has changed; `encoding` and `notes` are for people: how the file
    was understood. The rows themselves stay in the file."""

    path: Path
    name: str
    columns: tuple[str, ...]
    count: int
    sha256: str
    encoding: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    folders: Mapping[str, Path] = field(default_factory=dict)
    """Column → the folder that its file values are relative to, where it is not `path`'s own: of a table
    that was joined from two."""
    source: Callable[[], Iterator[Cells]] = field(repr=False, compare=False)

    def rows(self) -> Iterator[Row]:
        """From the file, anew each time. Blocks: call it in a thread. Memory does not grow with the table.

        :raises BadInput: the file is gone, or has other columns now
        """
        for number, cells in self.source():
            yield Row(number=number, cells=MappingProxyType(dict(zip(self.columns, cells, strict=True))))

    def row(self, number: int) -> Row:
        """Blocks, as `rows` does.

        :raises BadInput: no such row, or nothing is in it
        """
        last = 0
        for row in self.rows():
            if row.number == number:
                return row
            last = row.number
            if last > number:
                break
        raise bad_row(
            say("The table {name} has nothing there.", name=self.name),
            advice=say("Choose a row with a product in it; the last one is row {last}.", last=last)
            if last and last < number
            else say("Choose a row with a product in it."),
            code="table.no-row",
            row=number,
        )

    def first(self) -> Row:
        """The first product.

        :raises BadInput: as `rows`
        """
        return next(self.rows())

    def folder_of(self, column: str) -> Path:
        """What a file value in this column is relative to."""
        return self.folders.get(column, self.path.parent)


def joined(one: Table, other: Table, how: Literal["cross", "zip"]) -> Table:
    """`cross`: each row of `one` with every row of `other`. `zip`: the first with the first, and so on.

    :raises BadInput: a column is in both, they are too large together, or have not the same number of rows
    """
    names = (one.name, other.name)
    check_columns(one.columns, other.columns, names)
    count = check_counts(one.count, other.count, how, names)
    digest = hashlib.sha256(f"{one.sha256} {how} {other.sha256}".encode()).hexdigest()
    folders = {name: other.folder_of(name) for name in other.columns}
    return replace(
        one,
        name=f"{one.name} {'×' if how == CROSS else '+'} {other.name}",
        columns=(*one.columns, *other.columns),
        count=count,
        sha256=digest,
        notes=(*one.notes, *other.notes),
        folders={**one.folders, **folders},
        source=partial(crossed if how == CROSS else zipped, one.source, other.source),
    )


def open_table(path: Path, *, sheet: str = "") -> Table:
    """Reads all of it once: a table that is wrong anywhere is not opened. `sheet` is the name of one of a
    spreadsheet's, empty for the first. Blocks: call it in a thread.

    :raises BadInput: no table, too large, or wrong at a row and column that the words name (`table.*`)
    """
    return _table(opened(path, sheet=sheet))


def _table(one: Opened) -> Table:
    return Table(
        path=one.path,
        name=one.path.name,
        columns=one.columns,
        count=one.count,
        sha256=one.source.sha256,
        encoding=one.source.encoding,
        sheet=one.source.sheet,
        sheets=one.source.sheets,
        notes=one.source.notes,
        source=one.cells,
    )
