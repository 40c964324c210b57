"""A row of the book as it is shown."""

from __future__ import annotations

import msgspec

from app.basics.money import Money
from app.basics.unsaid import spoken_again
from app.basics.words import joined
from app.batch.orders import RowFailure, RowResult
from app.batch.views import RowState, RowView
from app.journal.batch_book import BookedRow

_results = msgspec.json.Decoder(tuple[RowResult, ...])
_failures = msgspec.json.Decoder(tuple[RowFailure, ...])


def results_of(row: BookedRow) -> tuple[RowResult, ...]:
    return _results.decode(row.results)


def failures_of(row: BookedRow) -> tuple[RowFailure, ...]:
    return _failures.decode(row.failures)


def view_of(row: BookedRow, word: str = "") -> RowView:
    """`word`: what it is at, of a row in flight."""
    failures = failures_of(row)
    return RowView(
        number=row.number,
        key=row.key,
        title=row.title,
        state=RowState(row.state),
        words=word or said(failures),
        folder=row.folder,
        cells=row.cells,
        results=results_of(row),
        failures=failures,
        credits=row.credits,
        money=None if row.unpriced else Money(row.money),
    )


def said(failures: tuple[RowFailure, ...]) -> str:
    """Why a row failed, in the language of now."""
    return "\n".join(joined(spoken_again(one.title), spoken_again(one.advice)) for one in failures)
