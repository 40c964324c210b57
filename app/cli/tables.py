"""A table for people: columns as wide as what stands in them, folded where a terminal is narrower."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.speech import plain

Side = Literal["left", "right"]


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    columns: int,
    right: Collection[str] = (),
    whole: Collection[str] = (),
) -> str:
    """`columns` of the terminal; `right` are the heads of numbers, `whole` of what is copied and so never
    folded. Nothing in a cell is taken for markup."""
    made = Table(box=None, pad_edge=False, show_edge=False)
    for head in heads:
        side: Side = "right" if head in right else "left"
        made.add_column(Text(head), justify=side, overflow="fold", no_wrap=head in whole)
    for row in rows:
        made.add_row(*(Text(_one_line(cell)) for cell in row))
    out = io.StringIO()
    Console(file=out, width=columns, color_system=None, legacy_windows=False).print(made)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _one_line(cell: str) -> str:
    return " ".join(plain(cell).split())
