"""A table for people: columns as wide as what stands in them, folded where a terminal is narrower."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.speech import plain


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, columns: int, right: Collection[str] = ()
) -> str:
    """`columns` of the terminal; `right` are the heads of numbers. Nothing in a cell is taken for markup."""
    made = Table(box=None, pad_edge=False, show_edge=False)
    for head in heads:
        made.add_column(Text(head), justify="right" if head in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*(Text(_one_line(cell)) for cell in row))
    out = io.StringIO()
    Console(file=out, width=columns, color_system=None, legacy_windows=False).print(made)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _one_line(cell: str) -> str:
    return " ".join(plain(cell).split())
