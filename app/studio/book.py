"""The ledger for people: what was asked and what it cost, what is open, and what they decide about it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import TextIO

from app.basics.clock import Clock
from app.basics.faults import BadInput, Bug
from app.basics.money import NOTHING, show_usd
from app.basics.signal import Signal
from app.basics.units import measured
from app.basics.words import joined, say
from app.catalogue.cards import Card
from app.document.disk import written_whole
from app.journal.ledger import Changes, Ledger
from app.journal.operations import STATE_WORDS, Operation, State
from app.journal.totals import By, totals
from app.studio import sheet
from app.studio.entries import Comparison, Decision, Entry, Total, clock_words, entry_of

__all__ = ["Book", "By", "Comparison", "Decision", "Entry", "Seller", "Total"]

PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """A vendor for people: its name, and where it shows what it billed."""

    title: str
    usage_page: str = ""


class Book:
    """`sellers` by vendor id, `cards` by card id: for words. `zone` says when a day begins; None is the zone
    of this computer. `hint` says what the balance suggests. `changed` tells the id of what was decided."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        *,
        sellers: Mapping[str, Seller] = MappingProxyType({}),
        cards: Mapping[str, Card] = MappingProxyType({}),
        zone: tzinfo | None = None,
        hint: Callable[[Operation], Awaitable[str]] | None = None,
    ) -> None:
        self.changed: Signal[str] = Signal()
        self._ledger = ledger
        self._clock = clock
        self._sellers = sellers
        self._cards = cards
        self._zone = zone
        self._hint = hint

    # --- reading ---------------------------------------------------------------------------------

    async def entries(
        self, limit: int = 100, before: str | None = None, document: str | None = None
    ) -> tuple[Entry, ...]:
        """History, newest first; `before` is the id of the last one seen."""
        return tuple(map(entry_of, await self._ledger.list(limit, before, document)))

    async def entry(self, operation: str) -> Entry:
        """:raises BadInput: there is no such operation"""
        return entry_of(await self._get(operation))

    async def open_entries(self) -> tuple[Entry, ...]:
        """What has no end yet and what is unknown, of every document, oldest first."""
        found = {one.id: one for one in await self._ledger.unsettled()}
        found.update({one.id: one for one in await self._ledger.unknown()})  # became so in between
        return tuple(entry_of(found[id]) for id in sorted(found))

    async def totals(
        self, by: By, since: datetime | None = None, document: str | None = None
    ) -> tuple[Total, ...]:
        """Sums of what was sent since. Days newest first; models and documents the dearest first."""
        return tuple(
            Total(
                key=one.key,
                count=one.count,
                credits=one.credits,
                money=one.money,
                unknown=one.unknown,
                drafts=one.drafts,
            )
            for one in await totals(self._ledger.database, by, since, document, self._zone)
        )

    async def csv(self, target: Path | TextIO, document: str | None = None) -> int:
        """Every entry, newest first, as CSV; how many. A file is written whole or not at all; a stream has to
        keep line ends as they are (`newline=""`).

        :raises DiskTrouble: the file cannot be written; nothing was changed
        """
        if not isinstance(target, Path):
            return await self._pages(target.write, document)
        with written_whole(target) as file:
            return await self._pages(lambda text: file.write(text.encode("utf-8", "replace")), document)

    async def _pages(self, write: Callable[[str], object], document: str | None) -> int:
        count, last = 0, None
        await asyncio.to_thread(write, sheet.header())
        while page := await self.entries(PAGE, last, document):
            await asyncio.to_thread(write, sheet.lines_of(page, self._zone))
            count, last = count + len(page), page[-1].id
        return count

    # --- what is unknown -------------------------------------------------------------------------

    async def compare(self, operation: str) -> Comparison:
        """What to hold against the vendor's own page before deciding. Asks the vendor for the balance, if it
        may have something to say, and waits a few seconds for it at most.

        :raises BadInput: there is no such operation
        """
        one = await self._get(operation)
        seller = self._sellers.get(one.vendor, Seller(title=one.vendor))
        when = say("The request left at {time}.", time=clock_words(one.sent or one.made, self._zone))
        if one.submitted is not None:
            then = clock_words(one.submitted, self._zone)
            when = joined(when, say("{vendor} took it at {time}.", vendor=seller.title, time=then))
        return Comparison(
            operation=one.id,
            page=seller.usage_page,
            where=say(
                "Compare with what {vendor} shows as billed: {page}",
                vendor=seller.title,
                page=seller.usage_page,
            )
            if seller.usage_page
            else say("Compare with what {vendor} shows as billed", vendor=seller.title),
            when=when,
            cost=self._cost(one),
            hint=await self._hint(one) if self._hint and one.state is State.UNKNOWN else "",
        )

    def _cost(self, one: Operation) -> str:
        if one.charged is not None:
            return say("{money} is noted for it.", money=show_usd(one.charged))
        if one.estimate is None:
            return say("What it may have cost is not known.")
        return say(
            "It may have cost about {money}{in_vendors_unit}.",
            money=show_usd(one.estimate),
            in_vendors_unit=self._in_vendors_unit(one),
        )

    def _in_vendors_unit(self, one: Operation) -> str:
        """As the vendor's page says it: ` (8 Runway credits)`."""
        card = self._cards.get(one.card)
        for offer in card.offers if card else ():
            for price in offer.prices if offer.vendor == one.vendor else ():
                if price.money == one.estimate:
                    return f" ({measured(price.vendor_amount, price.vendor_unit)})"
                if price.megapixels is not None and price.money and one.estimate:
                    # A vendor's unit is worth the same in every line and rate.
                    amount = price.vendor_amount * one.estimate / price.money
                    return f" ({measured(amount, price.vendor_unit)})"
        return ""

    async def decide(self, operation: str, decision: Decision) -> Entry:
        """A person says what became of an unknown one: its row ends, and every sum follows.

        :raises BadInput: there is no such operation, or it is not unknown; nothing was changed
        """
        one = await self._undecided(operation)
        now = clock_words(self._clock.now(), self._zone)
        changes: Changes
        if decision is Decision.ARRIVED:
            state = State.SETTLED
            charged = one.charged if one.charged is not None else one.estimate
            changes = {"charged": charged, "fault_advice": say("Said at {now} to have arrived.", now=now)}
        else:
            state = State.FAILED
            changes = {
                "charged": NOTHING,
                "fault_advice": say("Said at {now} not to have been charged.", now=now),
            }
        try:
            ended = await self._ledger.advance(one.id, state, **changes)
        except Bug:  # decided elsewhere since we looked
            again = await self._get(operation)
            if again.state is State.UNKNOWN:
                raise
            raise _not_unknown(again) from None
        self.changed.emit(ended.id)
        return entry_of(ended)

    async def undecided(self, operation: str) -> Entry:
        """:raises BadInput: there is no such operation, or it is not unknown"""
        return entry_of(await self._undecided(operation))

    async def _undecided(self, operation: str) -> Operation:
        one = await self._get(operation)
        if one.state is not State.UNKNOWN:
            raise _not_unknown(one)
        return one

    async def _get(self, operation: str) -> Operation:
        found = await self._ledger.get(operation)
        if found is None:
            raise BadInput(
                say("The ledger has no operation {operation}.", operation=operation),
                advice=say("The history lists them; copy the whole id."),
                code="book.no-operation",
            )
        return found


def _not_unknown(one: Operation) -> BadInput:
    return BadInput(
        say(
            "Operation {id} is not unknown but {state}, so there is nothing to decide.",
            id=one.id,
            state=STATE_WORDS[one.state],
        ),
        advice=say("What it cost stands in the history."),
        code="book.not-unknown",
    )
