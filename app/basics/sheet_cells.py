"""Cells of a sheet that a spreadsheet only reads, whatever text is in them."""

from __future__ import annotations

import re

_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
"""How a cell begins that a spreadsheet takes for a formula, in either width of the signs."""
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*", re.ASCII)


def safe(cell: str) -> str:
    """A cell that is only read. `@sneaker on a table` becomes `'@sneaker on a table`."""
    return f"'{cell}" if cell and cell[0] in _FORMULA else cell


def safe_value(cell: str) -> str:
    """As `safe`, but a number stays one: -5 carries out nothing."""
    return cell if _NUMBER.fullmatch(cell) else safe(cell)
