"""What all rows of a batch would cost together, before anything is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from app.basics.faults import Fault
from app.basics.money import Money
from app.batch.opened import OpenedBatch
from app.batch.orders import RowFailure, RowOrder
from app.batch.runner import failure_of
from app.batch.views import RowEstimate, RowState, Survey, Wanted
from app.journal.batch_book import BookedRow
from app.providers.contract import Keeping

Estimator = Callable[[RowOrder], Awaitable[RowEstimate]]
"""`runner.LocalRunner.estimate`: what a row would cost now."""

_AT_ONCE = 16
_PAGE = 200
_MOST_PROBLEMS = 50


async def surveyed(opened: OpenedBatch, estimate: Estimator, progress: Callable[[int], None]) -> Survey:
    """Rows that are done are not estimated, unless their photographs have changed: then they wait again."""
    await _look_at_done(opened)
    sums = _Sums()
    after = 0
    while page := await opened.page_waiting(after, _PAGE):
        for start in range(0, len(page), _AT_ONCE):
            part = page[start : start + _AT_ONCE]
            for row, one in zip(
                part, await asyncio.gather(*(_one(opened, estimate, r) for r in part)), strict=True
            ):
                sums.add(row.number, one)
            progress(sums.rows)
        after = page[-1].number
    return sums.survey(opened.counts[RowState.DONE])


async def _look_at_done(opened: OpenedBatch) -> None:
    after, changed = 0, 0
    while page := await opened.book.page(opened.reading, ["done"], after=after, limit=_PAGE):
        again = await asyncio.to_thread(_changed, opened, page)
        if again:
            changed += await opened.book.change_state(opened.reading, "waiting", ["done"], again)
        after = page[-1].number
    if changed:
        await opened.count()


def _changed(opened: OpenedBatch, page: tuple[BookedRow, ...]) -> list[str]:
    found = []
    for row in page:
        try:
            _, files = opened.order(row)
        except Fault:  # it cannot be filled in any more: what is wrong is said when it is asked for
            files = ""
        if files != row.files:
            found.append(row.key)
    return found


async def _one(opened: OpenedBatch, estimate: Estimator, row: BookedRow) -> RowEstimate:
    try:
        order, _ = opened.order(row)
    except Fault as fault:
        return RowEstimate(problems=(failure_of(fault),))
    return await estimate(order)


class _Sums:
    """A picture that two rows ask for alike is made once, and counted once."""

    def __init__(self) -> None:
        self.rows = 0
        self._wrong = 0
        self._problems: list[tuple[int, RowFailure]] = []
        self._credits: int | None = 0
        self._money: int | None = 0
        self._bought = self._drafts = self._reused = self._followed = self._kept_drafts = 0
        self._keepings: dict[str, Keeping] = {}
        self._seen: set[int] = set()

    def add(self, number: int, one: RowEstimate) -> None:
        self.rows += 1
        self._wrong += bool(one.problems)
        room = _MOST_PROBLEMS - len(self._problems)
        self._problems += [(number, problem) for problem in one.problems[: max(0, room)]]
        self._bought += one.bought
        self._drafts += one.drafts
        self._reused += one.reused
        self._kept_drafts += one.kept_drafts
        self._followed += one.followed
        self._credits = _sum(self._credits, one.credits)
        self._money = _sum(self._money, one.money)
        self._keepings |= {keeping.vendor_title: keeping for keeping in one.keepings}
        for wanted in one.wanted:
            if wanted.fingerprint in self._seen:
                self._once(wanted)
            self._seen.add(wanted.fingerprint)

    def _once(self, wanted: Wanted) -> None:
        """Another row has asked for it already."""
        self._reused += 1
        if not wanted.live:
            self._drafts -= 1
            return
        self._bought -= 1
        if self._credits is not None and wanted.credits >= 0:
            self._credits -= wanted.credits
        if self._money is not None and wanted.priced:
            self._money -= wanted.price

    def survey(self, finished: int) -> Survey:
        return Survey(
            rows=self.rows,
            finished=finished,
            credits=self._credits,
            money=None if self._money is None else Money(self._money),
            bought=self._bought,
            drafts=self._drafts,
            reused=self._reused,
            followed=self._followed,
            kept_drafts=self._kept_drafts,
            wrong=self._wrong,
            problems=tuple(self._problems),
            keepings=tuple(self._keepings.values()),
        )


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
