"""What is seen of a batch: its rows, its numbers, what is wrong with its table. Values."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct, field

from app.basics.money import NOTHING, Money


class Standing(StrEnum):
    """Where a row stands. `WRONG`: it waits, and its cells cannot be used."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    WRONG = "wrong"


REPEATABLE = (Standing.FAILED, Standing.CANCELLED)
"""What may be run again without a question about money that may be gone."""


class BatchRow(Struct, frozen=True, kw_only=True):
    """`number` as a spreadsheet counts. `words` say what is wrong with it, or what it does now. `paid` None:
    nothing is known of its price. `picture` is its first one, `folder` where its pictures lie."""

    number: int
    key: str
    title: str
    about: str = ""
    """What else its row says of the product."""
    standing: Standing
    words: str = ""
    paid: Money | None = None
    draft: bool = False
    reused: bool = False
    picture: Path | None = None
    folder: Path | None = None


class TableProblem(Struct, frozen=True, kw_only=True):
    """What is wrong with a table. `words` say where; `row` and `column` are 0 and empty where it is all of it
    or no single one."""

    words: str
    row: int = 0
    column: str = ""


class DryRun(Struct, frozen=True, kw_only=True):
    """What a batch would be. `finished` rows are done already; `pictures` are to be made, `here` are in the
    library; `money` None where no price is known; `draft`: no vendor's key is there, so they are free drafts.
    `problems` are the first of `wrong`."""

    rows: int
    finished: int = 0
    pictures: int
    here: int
    money: Money | None = NOTHING
    draft: bool = False
    wrong: int = 0
    problems: tuple[TableProblem, ...] = ()


class Stage(StrEnum):
    """Of a batch, as a whole."""

    NONE = "none"
    """The document has no table."""
    OPENING = "opening"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    ENDED = "ended"


def _no_counts() -> Mapping[Standing, int]:
    return MappingProxyType({})


class Progress(Struct, frozen=True, kw_only=True):
    """How far it is. `left` in seconds; `looked` how many rows the dry run has looked at while it is OPENING.
    `why` says in words what stopped it, or why it cannot begin."""

    stage: Stage = Stage.NONE
    table: str = ""
    counts: Mapping[Standing, int] = field(default_factory=_no_counts)
    spent: Money = NOTHING
    estimate: Money | None = NOTHING
    left: float | None = None
    looked: int = 0
    why: str = ""

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    @property
    def ended(self) -> int:
        """Rows that nothing more comes of by itself."""
        over = (Standing.DONE, Standing.FAILED, Standing.UNKNOWN, Standing.CANCELLED)
        return sum(self.counts.get(one, 0) for one in over)
