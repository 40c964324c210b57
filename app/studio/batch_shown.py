"""Rows and the dry run of a batch as the window shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from app.basics.words import joined, mark, say, spoken
from app.batch.checking import CheckedRows
from app.batch.orders import RowFailure
from app.batch.views import RowView, Survey
from app.studio.batch_values import BatchRow, DryRun, Standing, TableProblem

_MOST_ABOUT = 200
_FILE = re.compile(r"\.[a-z0-9]{2,5}$", re.IGNORECASE)
_AT_WORK: Mapping[str, str] = MappingProxyType(
    {
        "sending": mark("being sent"),
        "vendor": mark("queued at the vendor"),
        "throttled": mark("the vendor is busy"),
        "silent": mark("at work"),
        "running": mark("at work"),
    }
)
"""What a row in flight tells, in words."""


def row_of(view: RowView, output: Path | None, wrong: str) -> BatchRow:
    """`output` is the batch's, `wrong` what the dry run said of this row."""
    standing, words = Standing(view.state), view.words
    if standing is Standing.WAITING:
        words = wrong
        standing = Standing.WRONG if wrong else standing
    elif standing is Standing.RUNNING:
        words = spoken(_AT_WORK.get(words, _AT_WORK["running"]))
    folder = output / view.folder if output is not None and view.folder else None
    saved = next((one.saved for one in view.results if one.saved), "")
    return BatchRow(
        number=view.number,
        key=view.key,
        title=view.title,
        about=_about(view),
        standing=standing,
        words=words,
        paid=view.money,
        draft=any(one.draft for one in view.results),
        reused=bool(view.results) and all(one.reused for one in view.results),
        picture=folder / saved if folder is not None and saved else None,
        folder=folder if view.results else None,
    )


def _about(view: RowView) -> str:
    """What the cells say in words: names of files and numbers are no words."""
    cells = (cell for cell in view.cells.values() if cell != view.title and not _FILE.search(cell))
    return " · ".join(cell for cell in cells if not cell.isdigit() and cell)[:_MOST_ABOUT]


def dry_of(survey: Survey) -> DryRun:
    problems = tuple(TableProblem(row=number, words=_words(number, one)) for number, one in survey.problems)
    return DryRun(
        rows=survey.rows + survey.finished,
        finished=survey.finished,
        pictures=survey.bought + survey.drafts,
        here=survey.reused + survey.followed,
        money=survey.money,
        draft=bool(survey.drafts) and not survey.bought,
        wrong=survey.wrong,
        problems=problems,
    )


def _words(number: int, one: RowFailure) -> str:
    """With its row; what the table itself is at fault for has it already."""
    words = joined(one.title, one.advice)
    return words if one.code.startswith("table.") else say("Row {row}: {words}", row=number, words=words)


def refused(checked: CheckedRows) -> DryRun:
    """A table with problems: nothing is priced, and nothing can be started."""
    return DryRun(
        rows=checked.rows,
        pictures=0,
        here=0,
        wrong=checked.total,
        problems=tuple(
            TableProblem(row=one.row, column=one.column, words=joined(one.title, one.advice))
            for one in checked.problems
        ),
    )
