"""A batch at work: rows are fed to a runner as it has room, and what came of them is written down."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Sequence

from app.basics.clock import Clock, SystemClock
from app.basics.faults import Bug, Fault, Refused
from app.basics.signal import Signal
from app.basics.words import joined, say
from app.batch.flight import Flight
from app.batch.opened import OpenedBatch
from app.batch.orders import RowFailure, RowOrder, RowOutcome, RowRunner
from app.batch.pace import Pace
from app.batch.purse import Room
from app.batch.runner import failure_of
from app.batch.setting import BatchSetting
from app.batch.shown import view_of
from app.batch.surveying import Estimator, surveyed
from app.batch.views import BatchState, Phase, RowState, RowView, Survey, too_many
from app.journal.batch_book import BookedRow
from app.journal.ledger import Ledger

_AHEAD, _BREATH = 64, 8
"""Rows that are read from the book at a time, and begun in one go."""
_SHOW_EVERY = 0.1
"""Seconds between two tellings of how the batch stands."""
_ENDS = (RowState.FAILED, RowState.UNKNOWN)


class Batch:
    """One batch, held by this process from `open` until `close`. All of it on one event loop.

    `changed` follows whatever changes the state, at most ten times a second; `row_changed` each row that
    moves. A row's failure is the row's: the next ones go on. What the ledger says is what it cost.
    """

    def __init__(
        self,
        setting: BatchSetting,
        runner: RowRunner,
        estimate: Estimator,
        ledger: Ledger,
        *,
        clock: Clock | None = None,
    ) -> None:
        self.setting = setting
        self.capped = False
        """Whether the last run was stopped by a cap."""
        self.changed: Signal[BatchState] = Signal()
        self.row_changed: Signal[RowView] = Signal()
        self._runner = runner
        self._estimate = estimate
        self._ledger = ledger
        self._clock = clock or SystemClock()
        self._opened: OpenedBatch | None = None
        self._pace = Pace()
        self._flights: dict[str, Flight] = {}
        self._next: deque[BookedRow] = deque()
        self._ended: deque[Flight] = deque()
        self._wake = asyncio.Event()
        self._phase = Phase.READY
        self._failures = 0
        self._most_failures = setting.caps.failures
        self._stopped = ""
        self._going: asyncio.Task[BatchState] | None = None
        self._showing: asyncio.TimerHandle | None = None

    # --- its life ---------------------------------------------------------------------------------

    async def open(self, progress: Callable[[int], None] = lambda _: None) -> BatchState:
        """Takes the output folder for this process, and the table into the book of the batch. Sends nothing.
        `progress` hears of the rows read so far.

        :raises BadInput: `batch.at-work`: another process is at it; the table is wrong
        :raises DiskTrouble: the folder cannot be written
        """
        self._opened = await OpenedBatch.of(self.setting, self._ledger, progress)
        return self.state

    async def close(self) -> None:
        """Leaves what runs (see `stop`), and lets go of the folder. May be called twice."""
        await self.stop()
        if self._showing is not None:
            self._showing.cancel()
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    @property
    def opened(self) -> OpenedBatch:
        if self._opened is None:
            raise Bug(
                say("This batch is not open."), advice=say("Please report this."), code="batch.not-open"
            )
        return self._opened

    async def survey(self, progress: Callable[[int], None] = lambda _: None) -> Survey:
        """What a start would buy, reuse and cost now. Sends nothing. Rows that are done, but whose
        photographs have changed since, wait again. `progress` hears of the rows seen so far."""
        found = await surveyed(self.opened, self._estimate, progress)
        self._look_again()
        return found

    # --- running ----------------------------------------------------------------------------------

    def start(self) -> asyncio.Task[BatchState]:
        """Runs what waits, to its end; or goes on with the run that there is. The task gives the state at its
        end and raises only what stops all rows.

        :raises DiskTrouble: from the task: the book of the batch cannot be written
        """
        if self._going is None or self._going.done():
            self._stopped, self._failures, self.capped = "", 0, False
            self._set_phase(Phase.RUNNING)
            self._going = asyncio.get_running_loop().create_task(self._go())
        elif self._phase is Phase.STOPPING:
            self._stopped = ""
            self._set_phase(Phase.RUNNING)
        return self._going

    def pause(self) -> None:
        """Nothing new is sent until `resume`. A row that a vendor is at goes to its end; one that only waits
        for a place waits here again."""
        if self._phase is Phase.RUNNING:
            self._set_phase(Phase.PAUSED)
            self._leave_waiting()

    def resume(self) -> None:
        if self._phase is Phase.PAUSED:
            self._pace.rest()
            self._set_phase(Phase.RUNNING)

    def finish(self, why: str = "", *, capped: bool = False) -> None:
        """Nothing new is begun; what a vendor is at comes home, then the run ends. `capped`: for a cap."""
        self.capped = self.capped or capped
        if self._going is not None and not self._going.done():
            self._stopped = why or self._stopped
            self._set_phase(Phase.STOPPING)
            self._leave_waiting()

    async def stop(self) -> None:
        """Ends the run now. What is under way goes on at the vendor, and is collected with the next start,
        for free."""
        going = self._going
        if going is None or going.done():
            return
        self._set_phase(Phase.STOPPING)
        going.cancel()
        await asyncio.wait({going})

    def stop_after(self, failures: int | None) -> None:
        """Stops by itself after so many failures of one start; None: never."""
        self._most_failures = failures
        self._judge_failures()

    async def retry(self, keys: Collection[str] | None = None, *, unknown: bool = False) -> int:
        """Rows that failed or were cancelled (all, or those of `keys`) wait again; how many. `unknown`: a
        person has decided that those which were sent and never answered may be sent again, and perhaps be
        paid twice. Where the run has ended, `start` it again."""
        states = [RowState.FAILED, RowState.CANCELLED, *([RowState.UNKNOWN] if unknown else [])]
        changed = await self.opened.retry(keys, states, unknown=unknown)
        self._look_again()
        return changed

    async def cancel(self, keys: Collection[str]) -> int:
        """Rows that wait are not wanted: they stay so until `retry`, or the next start. What is under way
        goes on."""
        changed = await self.opened.cancel([key for key in keys if key not in self._flights])
        self._look_again()
        return changed

    async def move(self, keys: Sequence[str], to_front: bool = True) -> None:
        """Rows that wait go before all others, in the order given; or after them."""
        await self.opened.book.move(self.opened.reading, keys, to_front=to_front)
        self._look_again()

    def _look_again(self) -> None:
        self._next.clear()
        self._wake.set()
        self._show_soon()

    async def recount(self) -> BatchState:
        """All sums anew, as the ledger has them."""
        await self.opened.costs()
        await self.opened.count()
        self._show_soon()
        return self.state

    # --- what is shown ----------------------------------------------------------------------------

    @property
    def state(self) -> BatchState:
        now = self._clock.monotonic()
        at_work = [one.age(now) for one in self._flights.values() if one.at_vendor]
        counts = dict(self.opened.counts)
        waiting = counts.get(RowState.WAITING, 0) - len(at_work)
        counts[RowState.WAITING], counts[RowState.RUNNING] = waiting, len(at_work)
        purse, tally = self.opened.purse, self.opened.tally
        return BatchState(
            phase=self._phase,
            counts=counts,
            credits=purse.spent_credits,
            money=purse.money,
            seconds_left=None if self._phase is Phase.PAUSED else self._pace.left(waiting, at_work),
            failures=self._failures,
            pictures=tally.pictures,
            drafts=tally.drafts,
            reused=tally.reused,
            stopped=self._stopped,
            notes=self.opened.notes,
        )

    async def rows(
        self, state: RowState | None = None, after: int = 0, limit: int = 200
    ) -> tuple[RowView, ...]:
        """A page of rows in the order of the table, after the row `after`; of one state, if wanted."""
        flying = {key: one.shown for key, one in self._flights.items() if one.at_vendor}
        found = await self.opened.page(state, after, limit, flying)
        return tuple(view_of(row, self._words(row.key)) for row in found)

    async def row(self, key: str) -> RowView | None:
        found = await self.opened.book.get([key])
        return view_of(found[0], self._words(key)) if found else None

    def _words(self, key: str) -> str:
        flight = self._flights.get(key)
        return flight.word if flight is not None else ""

    async def pages(self, limit: int = 200) -> AsyncIterator[tuple[RowView, ...]]:
        """All rows in the order of the table, so many at a time."""
        after = 0
        while page := await self.rows(after=after, limit=limit):
            yield page
            after = page[-1].number

    def _show_soon(self) -> None:
        if self._showing is None:
            loop = asyncio.get_running_loop()
            self._showing = loop.call_later(_SHOW_EVERY, self._show)

    def _show(self) -> None:
        if self._showing is not None:
            self._showing.cancel()
            self._showing = None
        if self._opened is not None:
            self.changed.emit(self.state)

    def _set_phase(self, phase: Phase) -> None:
        self._phase = phase
        self._wake.set()
        self._show()

    # --- the loop ---------------------------------------------------------------------------------

    async def _go(self) -> BatchState:
        try:
            while True:
                self._wake.clear()
                while self._ended:
                    await self._settle(self._ended.popleft())
                more = await self._feed()
                if not self._flights and not self._ended and not more:
                    break
                if not self._ended:
                    await self._wake.wait()
        finally:
            await self._leave()
            self._phase = Phase.READY
            self._show()
        return self.state

    async def _feed(self) -> bool:
        """Begins rows while there is room; whether there is more to do when nothing is in flight."""
        if self._phase is Phase.PAUSED:
            return True
        while self._phase is Phase.RUNNING and len(self._flights) < self._runner.at_once:
            row = await self._next_row()
            if row is None:
                return False
            if not await self._begin(row):
                self._next.appendleft(row)
                return self._phase is Phase.RUNNING
            if len(self._flights) % _BREATH == 0:
                await asyncio.sleep(0)  # what is under way goes on
        return self._phase is Phase.RUNNING

    async def _next_row(self) -> BookedRow | None:
        if not self._next:
            self._next.extend(await self.opened.next(self._flights, _AHEAD))
        while self._next:
            row = self._next.popleft()
            if row.key not in self._flights:
                return row
        return None

    async def _begin(self, row: BookedRow) -> bool:
        """Sends a row on its way. False: it has to wait for room below the cap, or the batch stops."""
        try:
            order, files = self.opened.order(row)
        except Fault as fault:
            await self._failed(row, failure_of(fault))
            return True
        try:
            if self.opened.purse.capped:
                cost = await self._estimate(order)
                if self.opened.purse.hold(row.key, cost) is Room.LATER:
                    return False
        except Refused as refused:
            self.finish(refused.sentence(), capped=True)
            return False
        self._fly(row, order, files)
        return True

    def _fly(self, row: BookedRow, order: RowOrder, files: str) -> None:
        flight = Flight(row, files, self._clock.monotonic, self._moved)
        flight.begin(self._runner.run(order, flight.tell), self._landed)
        self._flights[row.key] = flight

    def _moved(self, flight: Flight) -> None:
        """Its word has changed."""
        if self._phase is not Phase.RUNNING and not flight.at_vendor:
            flight.leave()
        self._show_soon()
        if len(self.row_changed):
            self.row_changed.emit(view_of(flight.shown, flight.word))

    def _landed(self, flight: Flight) -> None:
        self._ended.append(flight)
        self._wake.set()

    def _leave_waiting(self) -> None:
        """Rows that only wait for a place are taken back."""
        for flight in tuple(self._flights.values()):
            if not flight.at_vendor:
                flight.leave()

    async def _leave(self) -> None:
        """Nothing stays in flight; what has ended meanwhile is written down all the same."""
        for flight in tuple(self._flights.values()):
            flight.leave()
        await asyncio.gather(*(one.gone() for one in self._flights.values()))
        for flight in tuple(self._flights.values()):
            await self._settle(flight)
        self._ended.clear()
        self._next.clear()

    # --- what came of a row -----------------------------------------------------------------------

    async def _settle(self, flight: Flight) -> None:
        if self._flights.get(flight.row.key) is not flight:
            return
        outcome = flight.outcome()
        if outcome is None:  # left: it waits as before
            self.opened.purse.ended(flight.row.key, credits=0, money=0, unpriced=0)
            del self._flights[flight.row.key]
            await self._show_row(flight.row.key)
            return
        capped = next((one for one in outcome.failures if one.of_all), None)
        if capped is not None:
            self.finish(joined(capped.title, capped.advice), capped=True)
        state = await self.opened.ended(flight.row, outcome, files=flight.files, again=capped is not None)
        del self._flights[flight.row.key]
        self._note_pace(flight, outcome, state)
        if state in _ENDS:
            self._failures += 1
            self._judge_failures(outcome.failures)
        await self._show_row(flight.row.key)

    async def _failed(self, row: BookedRow, failure: RowFailure) -> None:
        """Before anything was sent."""
        outcome = RowOutcome(key=row.key, number=row.number, failures=(failure,))
        await self.opened.ended(row, outcome)
        self._failures += 1
        self._judge_failures()
        await self._show_row(row.key)

    async def _show_row(self, key: str) -> None:
        self._show_soon()
        if len(self.row_changed) and (view := await self.row(key)):
            self.row_changed.emit(view)

    def _note_pace(self, flight: Flight, outcome: RowOutcome, state: RowState) -> None:
        if state is RowState.DONE and any(not one.reused for one in outcome.results):
            now = self._clock.monotonic()
            beside = 1 + sum(one.at_vendor for one in self._flights.values())
            self._pace.ended(flight.age(now), beside)

    def _judge_failures(self, last: Sequence[RowFailure] = ()) -> None:
        if self._phase not in (Phase.RUNNING, Phase.PAUSED):
            return
        most = self._most_failures
        if shared := next((one for one in last if one.shared), None):
            self.finish(joined(shared.title, shared.advice))
        elif most is not None and self._failures >= most:
            self.finish(too_many(self._failures))
