"""A batch that this process holds: its folder, its book, what its rows cost. What `Batch` writes down."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

import msgspec

from app.batch import home as homes
from app.batch.home import BatchHome
from app.batch.intake import take_in
from app.batch.orders import RowOrder, RowOutcome, RowResult
from app.batch.purse import BatchPurse
from app.batch.setting import BatchSetting
from app.batch.shown import results_of
from app.batch.views import RowState
from app.batch.writing import OrderWriter
from app.journal.batch_book import BatchBook, BookedRow, Came
from app.journal.ledger import Ledger
from app.journal.row_sums import RowSum, RowSums


class Tally:
    """Pictures that are there, over all rows that are done."""

    def __init__(self) -> None:
        self.pictures = self.drafts = self.reused = 0

    def add(self, results: Sequence[RowResult], sign: int = 1) -> None:
        self.pictures += sign * len(results)
        self.drafts += sign * sum(one.draft for one in results)
        self.reused += sign * sum(one.reused for one in results)


class OpenedBatch:
    """`of` makes one."""

    def __init__(self, setting: BatchSetting, home: BatchHome, ledger: Ledger) -> None:
        self.home = home
        self.book = BatchBook(home.book)
        self.reading = 0
        self.notes: tuple[str, ...] = ()
        self.counts: Counter[RowState] = Counter()
        self.tally = Tally()
        self.purse = BatchPurse(setting.caps)
        self.sums = RowSums(ledger, setting.document_id, home.salt)
        self.writer = OrderWriter(setting, home.salt)
        self._setting = setting
        self._again: set[str] = set()
        """Rows that a person has decided to send again although they may have arrived."""

    @classmethod
    async def of(cls, setting: BatchSetting, ledger: Ledger, progress: Callable[[int], None]) -> OpenedBatch:
        """:raises BadInput, DiskTrouble: as `Batch.open`"""
        home = await asyncio.to_thread(homes.enter, setting.output)
        opened = cls(setting, home, ledger)
        done = False
        try:
            notes = await opened.book.open()
            taken = await take_in(opened.book, setting, progress)
            opened.reading, opened.notes = taken.reading, (*setting.table.notes, *notes, *taken.notes)
            await opened._learn()
            done = True
        finally:
            if not done:
                await opened.close()
        return opened

    async def close(self) -> None:
        await self.book.close()
        self.home.release()

    async def costs(self) -> None:
        """What the ledger counts for each row, into the book."""
        async for some in self.sums.all():
            await self.book.costs({key: (one.money, one.credits, one.unpriced) for key, one in some.items()})

    async def _learn(self) -> None:
        """What the ledger knows of the rows better than the book: what they cost, what is under way, what a
        person has decided meanwhile."""
        await self.costs()
        change = self.book.change_state
        await change(self.reading, "waiting", ["cancelled"])
        if under_way := await self.sums.unsettled():
            await change(self.reading, "waiting", ["failed", "unknown"], under_way)
        await self._decided()
        if self._setting.retry_failed:
            await change(self.reading, "waiting", ["failed"])
        if self._setting.retry_unknown:
            await change(self.reading, "waiting", ["unknown"])
        await self.count()

    async def _decided(self) -> None:
        """An unknown row whose operation is not unknown any more is looked at again: it has its picture, or
        may be bought."""
        still = await self.sums.unknown()
        after = 0
        while page := await self.book.page(self.reading, ["unknown"], after=after):
            decided = [row.key for row in page if row.key not in still]
            if decided:
                await self.book.change_state(self.reading, "waiting", ["unknown"], decided)
            after = page[-1].number

    async def count(self) -> None:
        """All sums anew, from the book."""
        sums = await self.book.sums(self.reading)
        self.counts = Counter({RowState(name): count for name, count in sums.counts.items()})
        self.purse.spent_credits, self.purse.spent_money = sums.credits, sums.money
        self.purse.unpriced = sums.unpriced
        self.tally = Tally()
        after = 0
        while page := await self.book.page(self.reading, ["done"], after=after, limit=500):
            for row in page:
                self.tally.add(results_of(row))
            after = page[-1].number

    # --- rows -------------------------------------------------------------------------------------

    def order(self, row: BookedRow) -> tuple[RowOrder, str]:
        """And what its photographs are now. :raises BadInput: a cell does not fit"""
        return self.writer.order(row, retry_unknown=row.key in self._again)

    async def next(self, without: Mapping[str, object], limit: int) -> tuple[BookedRow, ...]:
        """The next that wait and are wanted."""
        only = self._setting.only
        return await self.book.next(self.reading, tuple(without), limit, tuple(only))

    async def page_waiting(self, after: int, limit: int) -> tuple[BookedRow, ...]:
        """In the order of the table, those that are wanted."""
        only = tuple(self._setting.only)
        return await self.book.page(self.reading, ["waiting"], after=after, limit=limit, only=only)

    async def page(
        self, state: RowState | None, after: int, limit: int, flying: Mapping[str, BookedRow]
    ) -> tuple[BookedRow, ...]:
        """Rows as they stand; those of `flying` as they are there."""
        if state is RowState.RUNNING:
            found = sorted(flying.values(), key=lambda row: row.number)
            return tuple(row for row in found if row.number > after)[:limit]
        without = tuple(flying) if state is RowState.WAITING else ()
        states = None if state is None else [str(state)]
        rows = await self.book.page(self.reading, states, after=after, limit=limit, without=without)
        return tuple(flying.get(row.key, row) for row in rows)

    async def retry(self, keys: Collection[str] | None, states: Sequence[RowState], *, unknown: bool) -> int:
        if unknown:
            self._again |= await self._unknown_of(keys)
        changed = await self.book.change_state(self.reading, "waiting", list(map(str, states)), keys)
        await self.count()
        return changed

    async def _unknown_of(self, keys: Collection[str] | None) -> set[str]:
        still = await self.sums.unknown()
        return set(still if keys is None else still & set(keys))

    async def cancel(self, keys: Collection[str]) -> int:
        changed = await self.book.change_state(self.reading, "cancelled", ["waiting"], keys)
        await self.count()
        return changed

    async def ended(
        self, row: BookedRow, outcome: RowOutcome, *, files: str = "", again: bool = False
    ) -> RowState:
        """Writes down what came of a row; how it stands now. `files`: what its photographs were; `again`: it
        was not its fault, and it waits."""
        state = RowState.WAITING if again else _state_of(outcome)
        cost = await self._cost(row, outcome)
        if state is RowState.DONE:
            self._again.discard(row.key)
            self.tally.add(outcome.results)
        results = outcome.results or results_of(row)  # a picture is never taken away by a later failure
        await self.book.write(
            row.key,
            Came(
                state=str(state),
                results=msgspec.json.encode(results).decode(),
                failures="[]" if again else msgspec.json.encode(outcome.failures).decode(),
                credits=cost.credits,
                money=cost.money,
                unpriced=cost.unpriced,
                files=files,
            ),
        )
        self.purse.ended(
            row.key,
            credits=cost.credits - row.credits,
            money=cost.money - row.money,
            unpriced=cost.unpriced - row.unpriced,
        )
        self.counts[RowState.WAITING] -= 1
        self.counts[state] += 1
        return state

    async def _cost(self, row: BookedRow, outcome: RowOutcome) -> RowSum:
        """By the ledger; of what was free, as it was."""
        free = not outcome.failures and not outcome.cancelled
        if free and all(one.draft or one.reused for one in outcome.results):
            return RowSum(money=row.money, credits=row.credits, unpriced=row.unpriced)
        return await self.sums.of(row.key)


def _state_of(outcome: RowOutcome) -> RowState:
    if outcome.unknown:
        return RowState.UNKNOWN
    if outcome.cancelled:
        return RowState.CANCELLED
    return RowState.FAILED if outcome.failures else RowState.DONE
