"""A row in flight: given to the runner, not at its end yet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from msgspec.structs import replace

from app.basics.faults import Bug, Fault
from app.basics.words import say
from app.batch.orders import RowOutcome
from app.batch.row_words import AT_VENDOR
from app.batch.runner import failure_of
from app.batch.views import RowState
from app.journal.batch_book import BookedRow


class Flight:
    """`word` is what it is at. `moved` hears when that changes."""

    def __init__(
        self, row: BookedRow, files: str, now: Callable[[], float], moved: Callable[[Flight], None]
    ) -> None:
        self.row = row
        self.files = files
        self.word = "waiting"
        self._now = now
        self._moved = moved
        self._began = now()
        self._sent: float | None = None
        self._task: asyncio.Task[RowOutcome] | None = None

    def begin(self, work: Coroutine[object, object, RowOutcome], landed: Callable[[Flight], None]) -> None:
        self._task = asyncio.get_running_loop().create_task(work)
        self._task.add_done_callback(lambda _: landed(self))

    @property
    def at_vendor(self) -> bool:
        return self.word in AT_VENDOR

    @property
    def shown(self) -> BookedRow:
        """The row as it is shown meanwhile."""
        return replace(self.row, state=str(RowState.RUNNING if self.at_vendor else RowState.WAITING))

    def tell(self, word: str) -> None:
        if word == self.word:
            return
        self.word = word
        if self.at_vendor and self._sent is None:
            self._sent = self._now()
        self._moved(self)

    def age(self, now: float) -> float:
        """Seconds since the vendor was given it."""
        return now - (self._sent if self._sent is not None else self._began)

    def leave(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def gone(self) -> None:
        if self._task is not None:
            await asyncio.wait({self._task})

    def outcome(self) -> RowOutcome | None:
        """Of a task that is done; None where it was left."""
        task = self._task
        if task is None or task.cancelled():
            return None
        error = task.exception()
        if error is None:
            return task.result()
        fault = error if isinstance(error, Fault) else _bug(error)
        return RowOutcome(key=self.row.key, number=self.row.number, failures=(failure_of(fault),))


def _bug(error: BaseException) -> Bug:
    return Bug(
        say("Something in Tagloom went wrong while working on this row."),
        advice=say(
            "Nothing that was sent is lost: it stands in the ledger and is collected at the next start. "
            "Please report this with the log."
        ),
        code="batch.bug",
        detail=f"{type(error).__name__}: {error}",
    )
