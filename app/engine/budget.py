"""Caps on money and credits: per run, day and document. A price that is not known counts as over every cap,
and what has ended without a word about its charge counts as its estimate.

What is about to be sent is held from the moment it is decided until the ledger counts it, so that two steps,
or two runs, at the same time do not both take the last dollar.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.basics.clock import Clock
from app.basics.faults import Refused, Retry
from app.basics.money import Money, show_credits, show_usd
from app.basics.words import mark, say
from app.engine.job import Caps
from app.journal.operations import Counted


class Book(Protocol):
    """What a budget reads of the ledger."""

    async def counted(
        self, since: datetime | None = None, document: str | None = None, live_only: bool = True
    ) -> Counted: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What is about to be bought. None is a price that is not known."""

    money: Money | None
    credits: int | None


@dataclass(slots=True, kw_only=True)
class Purse:
    """What one run has bought or decided to buy."""

    caps: Caps
    document: str
    money: int = 0
    credits: int = 0


@dataclass(slots=True)
class _Held:
    """Decided, not in the ledger's sums yet; over all runs of this process."""

    money: int = 0
    credits: int = 0
    documents: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, document: str, money: int, credits: int) -> None:
        self.money += money
        self.credits += credits
        known = self.documents.get(document, (0, 0))
        self.documents[document] = (known[0] + money, known[1] + credits)


class Budget:
    """One for all runs of a process."""

    def __init__(self, book: Book, clock: Clock) -> None:
        self._book = book
        self._clock = clock
        self._held = _Held()
        self._one_at_a_time = asyncio.Lock()

    async def check(self, purse: Purse, cost: Cost) -> None:
        """Whether all of `cost` fits under every cap, before anything is sent.

        :raises Refused: code `budget.run`, `.day`, `.document` or `.unknown-price`; says cap and sum
        """
        caps = purse.caps
        _within("run", caps.run_money, caps.run_credits, cost, purse.money, purse.credits)
        if caps.day_money is not None or caps.day_credits is not None:
            spent = _priced("day", await self._book.counted(_midnight(self._clock.now())))
            money, credits = spent.money + self._held.money, spent.credits + self._held.credits
            _within("day", caps.day_money, caps.day_credits, cost, money, credits)
        if caps.document_money is not None or caps.document_credits is not None:
            spent = _priced("document", await self._book.counted(None, purse.document))
            held = self._held.documents.get(purse.document, (0, 0))
            money, credits = spent.money + held[0], spent.credits + held[1]
            _within("document", caps.document_money, caps.document_credits, cost, money, credits)

    @asynccontextmanager
    async def hold(self, purse: Purse, cost: Cost) -> AsyncIterator[None]:
        """Takes `cost` out of what is left while the block brings the row to `sending`; from then on the
        ledger counts it. The run's own sum stays until `give_back`.

        :raises Refused: as `check`
        """
        async with self._one_at_a_time:
            await self.check(purse, cost)
            self._take(purse, cost)
        taken = False
        try:
            yield
            taken = True
        finally:
            if not taken:
                self.give_back(purse, cost)
            self._held.add(purse.document, -(cost.money or 0), -(cost.credits or 0))

    def give_back(self, purse: Purse, cost: Cost) -> None:
        """Nothing was bought after all: the run may spend it on something else."""
        purse.money -= cost.money or 0
        purse.credits -= cost.credits or 0

    def _take(self, purse: Purse, cost: Cost) -> None:
        money, credits = cost.money or 0, cost.credits or 0
        self._held.add(purse.document, money, credits)
        purse.money += money
        purse.credits += credits


def _priced(what: str, spent: Counted) -> Counted:
    """:raises Refused: something was bought whose price nobody knows"""
    if spent.unpriced:
        raise Refused(
            say(
                "A price in what was bought for {what} is not known, so it counts as over the cap.",
                what=_NAMES[what],
            ),
            advice=say(
                "Nothing was sent for it. The history says what it is; lift the cap, or decide about it "
                "there if it is unknown."
            ),
            code="budget.unknown-price",
            retry=Retry.ASK,
        )
    return spent


def _within(
    what: str, money_cap: Money | None, credits_cap: int | None, cost: Cost, money: int, credits: int
) -> None:
    """`money` and `credits` are what counts against the caps already."""
    if money_cap is None and credits_cap is None:
        return
    if (money_cap is not None and cost.money is None) or (credits_cap is not None and cost.credits is None):
        raise Refused(
            say(
                "A price in this run is not known, so it counts as over the cap for {what}.",
                what=_NAMES[what],
            ),
            advice=say("Lift the cap, or choose a model or vendor whose price is known."),
            code="budget.unknown-price",
            retry=Retry.ASK,
        )
    if money_cap is not None and money + (cost.money or 0) > money_cap:
        asked = show_usd(Money(money + (cost.money or 0)))
        raise _over(what, say("{asked}, over the cap of {money}", asked=asked, money=show_usd(money_cap)))
    if credits_cap is not None and credits + (cost.credits or 0) > credits_cap:
        asked = show_credits(credits + (cost.credits or 0))
        raise _over(
            what, say("{asked}, over the cap of {credits}", asked=asked, credits=show_credits(credits_cap))
        )


_NAMES = {"run": mark("this run"), "day": mark("today"), "document": mark("this document")}


def _over(what: str, words: str) -> Refused:
    return Refused(
        say("This would bring {what} to {words}.", what=_NAMES[what], words=words),
        advice=say("Nothing was sent for it. Raise the cap, or run less at once."),
        code=f"budget.{what}",
        retry=Retry.ASK,
    )


def _midnight(now: datetime) -> datetime:
    """The start of the person's own day."""
    return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
