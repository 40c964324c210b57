"""What a vendor's balance suggests about an answer that was lost: a hint in words, never a decision.

A balance is remembered when nothing is under way at its vendor. Later, what is gone from it is held against
what the ledger knows was charged since: what remains, nobody has explained but what is unknown.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.basics.clock import Clock
from app.basics.faults import DiskTrouble, Fault
from app.basics.units import unit_words
from app.basics.words import say
from app.engine.job import Estimate
from app.journal.ledger import Ledger
from app.journal.operations import ENDED, Operation, State
from app.preferences import declared
from app.preferences.keys import Keys
from app.preferences.options import Options
from app.providers.contract import Account
from app.providers.registry import Registry
from app.studio.entries import clock_words

SECONDS = 3.0
"""How long a vendor may take to say its balance; a hint is not worth waiting longer."""
FRESH = 5.0
"""Seconds for which one answer is good for all that are unknown."""
KEPT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """`amount` is in thousandths of the vendor's `unit`, so that sums are exact; `account` an address and a
    digest of the key, since another key may be another account."""

    account: str
    taken: datetime
    amount: int
    unit: str


class Balances:
    def __init__(
        self, ledger: Ledger, options: Options, registry: Registry, keys: Keys, clock: Clock
    ) -> None:
        self._ledger = ledger
        self._options = options
        self._registry = registry
        self._keys = keys
        self._clock = clock
        self._asked: dict[str, tuple[float, Balance | None]] = {}

    async def note_before(self, estimate: Estimate) -> None:
        """Just before something is bought: should an answer be lost, what is gone then says something."""
        steps = [step for step in estimate.plan.models() if step.id in estimate.bought]
        vendors = sorted({step.offer.vendor for step in steps if step.offer is not None})
        await asyncio.gather(*map(self.note, vendors))

    async def note(self, vendor: str) -> None:
        """Asks for the balance and remembers it, where nothing is under way that would blur it and no unknown
        still needs the one before. What does not answer is left."""
        now = await self._ask(vendor)
        if now is not None:
            await self._keep(vendor, now)

    async def hint(self, one: Operation) -> str:
        """What the balance suggests about an unknown one, or nothing."""
        if one.draft or one.sent is None or (now := await self._ask_since(one.vendor, one.sent)) is None:
            return ""
        before = self._remembered().get(now.account)
        if before is None or before.unit != now.unit or one.sent < before.taken:
            await self._keep(one.vendor, now)
            return ""
        return judged(before, now, await self._touched(one.vendor, before.taken))

    async def heard(self, vendor: str, told: Account, taken: datetime) -> None:
        """As `note`, of what a vendor has said already to a question asked at `taken`."""
        now = await self._balance(vendor, told, taken)
        if now is not None:
            await self._keep(vendor, now)

    async def _ask_since(self, vendor: str, sent: datetime) -> Balance | None:
        """The balance after a time; for many unknown ones at once it is asked for once."""
        until, known = self._asked.get(vendor, (-math.inf, None))
        if self._clock.monotonic() < until and (known is None or known.taken > sent):
            return known
        known = await self._ask(vendor)
        self._asked[vendor] = (self._clock.monotonic() + FRESH, known)
        return known

    async def _ask(self, vendor: str) -> Balance | None:
        """The balance now, of a vendor that has a key and says it."""
        taken = self._clock.now()
        try:
            if not await self._registry.is_live(vendor):
                return None
            asked = (await self._registry.vendor(vendor)).account()
            return await self._balance(vendor, await asyncio.wait_for(asked, SECONDS), taken)
        except (Fault, TimeoutError):
            return None

    async def _balance(self, vendor: str, told: Account, taken: datetime) -> Balance | None:
        key = await asyncio.to_thread(self._keys.get, vendor)
        if told.balance is None or key is None:
            return None
        digest = hashlib.sha256(key.reveal().encode()).hexdigest()[:12]
        account = f"{self._registry.address(vendor)}#{digest}"
        return Balance(account=account, taken=taken, amount=thousandths(told.balance), unit=told.unit)

    async def _keep(self, vendor: str, now: Balance) -> None:
        known = self._remembered()
        before = known.get(now.account, now)
        for one in await self._touched(vendor, now.taken):
            if one.state is not State.UNKNOWN or one.sent is None or one.sent >= before.taken:
                return
        kept = {**known, now.account: now}
        with suppress(DiskTrouble):  # it holds for this session all the same
            self._options.set(declared.BALANCES, tuple(map(_written, list(kept.values())[-KEPT:])))

    async def _touched(self, vendor: str, since: datetime) -> tuple[Operation, ...]:
        address = self._registry.address(vendor)
        return tuple(one for one in await self._ledger.touched(vendor, since) if one.address == address)

    def _remembered(self) -> dict[str, Balance]:
        found = (_read(text) for text in self._options.get(declared.BALANCES))
        return {one.account: one for one in found if one is not None}


def judged(before: Balance, now: Balance, touched: Iterable[Operation]) -> str:
    """`touched`: live operations that were sent or ended since `before`, or have no end yet. Nothing is said
    where any of them blurs the sum."""
    known, unknown = 0, 0
    for one in touched:
        if one.sent is None or max(one.sent, one.ended or one.sent) >= now.taken:
            return ""
        late = one.sent >= before.taken
        if one.state is State.UNKNOWN:
            unknown += late
        elif not late or one.state not in ENDED or (cost := _cost(one, before.unit)) is None:
            return ""
        else:
            known += cost
    gone = before.amount - now.amount
    if not unknown or gone < known:  # credits were bought meanwhile
        return ""
    since = clock_words(before.taken, None)
    said = say(
        "Since {since} the balance went down by {gone} {unit}",
        since=since,
        gone=_shown(gone),
        unit=unit_words(now.unit),
    )
    if gone == known:
        return say(
            "{said}, and the ledger knows of all of it: a hint that nothing more was charged.", said=said
        )
    what = (
        say("this was charged")
        if unknown == 1
        else say("some of {unknown} unknown ones were charged", unknown=unknown)
    )
    return say(
        "{said}, of which the ledger knows {known}: a hint that {what}.",
        said=said,
        known=_shown(known),
        what=what,
    )


def _cost(one: Operation, unit: str) -> int | None:
    """What the vendor said that it took off; None where it did not say."""
    if one.vendor_amount is not None:
        return thousandths(one.vendor_amount) if one.vendor_unit == unit else None
    return 0 if one.charged == 0 or (one.charged is None and not one.may_cost) else None


def thousandths(amount: float) -> int:
    return round(Decimal(str(amount)) * 1000)


def _shown(amount: int) -> str:
    return f"{(Decimal(amount) / 1000).normalize():,f}"


def _written(one: Balance) -> str:
    return f"{one.account} {one.taken.isoformat()} {one.amount} {one.unit}"


def _read(text: str) -> Balance | None:
    """None: written by another Tagloom, in another manner."""
    try:
        account, taken, amount, unit = text.split(" ", 3)
        return Balance(account=account, taken=datetime.fromisoformat(taken), amount=int(amount), unit=unit)
    except ValueError:
        return None
