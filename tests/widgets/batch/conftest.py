from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.basics.money import Money
from app.studio.batch_values import BatchRow, Standing


def batch_row(number: int, standing: Standing = Standing.WAITING, **changes: object) -> BatchRow:
    """A product of a shop."""
    known: dict[str, object] = {
        "number": number,
        "key": f"{number:016x}",
        "title": f"SKU-{number:05d}",
        "standing": standing,
        "paid": Money(80_000) if standing is Standing.DONE else Money(0),
        "picture": Path(f"/shop/{number}.png") if standing is Standing.DONE else None,
    }
    return BatchRow(**{**known, **changes})  # type: ignore[arg-type]


def batch_rows(count: int, standing: Standing = Standing.WAITING) -> Sequence[BatchRow]:
    return [batch_row(2 + at, standing) for at in range(count)]
