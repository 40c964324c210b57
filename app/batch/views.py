"""How a batch stands, as values: what the panel, the command line and the papers show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

import msgspec

from app.basics.money import NOTHING, Money
from app.basics.words import joined, mark, say, say_many
from app.batch.orders import RowFailure, RowResult
from app.engine.job import cost_words, free_words
from app.providers.contract import Keeping


class RowState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


ROW_WORDS: Mapping[RowState, str] = {
    RowState.WAITING: mark("waiting"),
    RowState.RUNNING: mark("running"),
    RowState.DONE: mark("done"),
    RowState.FAILED: mark("failed"),
    RowState.UNKNOWN: mark("unknown"),
    RowState.CANCELLED: mark("cancelled"),
}
"""As people read them."""


class Phase(StrEnum):
    """What a batch is at. `ready`: open, and nothing runs."""

    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    """Nothing new is begun; what is under way comes home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A row as it is shown. `number` as a spreadsheet counts; `title` what the shop calls it; `words` what
    it is at, or why it failed, in the language of now. `credits` and `money` are what the ledger counts for
    it, `money` None where a price is not known. `folder` lies below the batch's output."""

    number: int
    key: str
    title: str
    state: RowState
    words: str = ""
    folder: str = ""
    cells: Mapping[str, str]
    results: tuple[RowResult, ...] = ()
    failures: tuple[RowFailure, ...] = ()
    credits: int = 0
    money: Money | None = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchState:
    """`counts` of rows by state; `credits` and `money` what the ledger counts for all of them (`money` None
    where a price is not known); `seconds_left` None where nobody can know yet.

    `failures` of this start. `stopped` says in words why it stopped before its end: a cap, too many failures.
    `pictures` that are there, `drafts` of them from the sandbox, `reused` of them from the library.
    """

    phase: Phase = Phase.READY
    counts: Mapping[RowState, int] = field(default_factory=lambda: MappingProxyType({}))
    credits: int = 0
    money: Money | None = NOTHING
    seconds_left: float | None = None
    failures: int = 0
    pictures: int = 0
    drafts: int = 0
    reused: int = 0
    stopped: str = ""
    notes: tuple[str, ...] = ()

    def count(self, state: RowState) -> int:
        return self.counts.get(state, 0)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def ended(self) -> int:
        """Rows that are at their end."""
        return self.total - self.count(RowState.WAITING) - self.count(RowState.RUNNING)


class Wanted(msgspec.Struct, frozen=True, gc=False):
    """A picture that is not there yet and whose seed is known: asked for again by another row, it is made
    once. `price` in micro-dollars where `priced`; `credits` -1 for none."""

    fingerprint: int
    live: bool
    credits: int
    price: int
    priced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowEstimate:
    """What a row would cost, before anything is sent. `credits` None where one of the models has only its
    vendor's price, `money` None where a price is not known. The counts are of pictures: `bought` are paid
    for, `followed` are paid already and on their way."""

    credits: int | None = 0
    money: Money | None = NOTHING
    bought: int = 0
    drafts: int = 0
    reused: int = 0
    followed: int = 0
    problems: tuple[RowFailure, ...] = ()
    keepings: tuple[Keeping, ...] = ()
    """Where photographs will go."""
    wanted: tuple[Wanted, ...] = ()
    kept_drafts: int = 0
    """Of the reused ones, those that are drafts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """All rows together, before anything is sent. `rows` that are to be made, `finished` that are done and
    in none of the sums. `wrong` rows cannot be made as they are: `problems` are the first, each with the
    number of its row."""

    rows: int = 0
    finished: int = 0
    credits: int | None = 0
    money: Money | None = NOTHING
    bought: int = 0
    drafts: int = 0
    reused: int = 0
    followed: int = 0
    kept_drafts: int = 0
    wrong: int = 0
    problems: tuple[tuple[int, RowFailure], ...] = ()
    keepings: tuple[Keeping, ...] = ()

    @property
    def free(self) -> bool:
        return not self.bought

    def told(self) -> str:
        """What it would cost."""
        also = free_words(self.reused, self.followed, self.drafts)
        if self.free:
            return joined(also, say("Nothing to pay."))
        return joined(say("{cost}.", cost=cost_words(self.bought, self.money, self.credits)), also)

    def question(self) -> str:
        """What is asked before money is spent."""
        if self.free:
            return self.told()
        cost = cost_words(self.bought, self.money, self.credits)
        uploads = (one.uploads for one in self.keepings)
        also = free_words(self.reused, self.followed, self.drafts)
        return joined(say("Buy {cost}?", cost=cost), also, *uploads)


def too_many(failures: int) -> str:
    """Why a batch stopped that stops after so many failures."""
    return say_many(
        failures,
        "Stopped after {n} failure. What is wrong with the row stands beside it; start again to go on.",
        "Stopped after {n} failures. What is wrong with the rows stands beside them; start again to go on.",
    )
