"""The life of one paid call, from the row that intends it to the picture in the library.

What a crash left is gone on with, never begun anew; what may have arrived is never sent again.
Laws of money 1 to 6: `app.engine`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from app.basics.clock import Clock
from app.basics.faults import Bug, Charged, Fault, Lost, Refused, Retry, Where
from app.basics.ids import new_id
from app.basics.money import NOTHING, Money
from app.basics.unsaid import spoken_again
from app.basics.words import say
from app.engine.bringing import Bringer, Dropped, Watch
from app.engine.buyer import Buyer
from app.engine.lanes import Place
from app.engine.order import Order
from app.engine.scheduler import NOT_STARTED, Stopped
from app.engine.sending import Sender
from app.engine.shelf import Shelf
from app.journal.leases import Lease
from app.journal.ledger import Claim, Ledger
from app.journal.operations import UNSETTLED, Operation, State
from app.library.assets import Asset
from app.providers.contract import Vendor

LOOK_AGAIN = 0.25
"""Seconds between two looks at what another process does."""
_HISTORY = 20
_INTENT = (State.INTENDED, State.CANCELLED)
"""What says nothing about an answer that was lost before."""

DrawSeed = Callable[[], int]


def draw_seed() -> int:
    """31 bits, which every vendor with seeds takes: Google's are signed."""
    return secrets.randbits(31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """`paid` and `credits` are what this run pays for it: nothing for what is reused, followed from an
    earlier run, or a draft; `paid` None where neither price nor charge is known."""

    asset: Asset
    operation: str
    reused: bool = False
    paid: Money | None = NOTHING
    credits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Buying:
    """One call of `make`: what is wanted, from whom, for whom, and its place at the vendor."""

    order: Order
    vendor: Vendor
    buyer: Buyer
    place: Place

    def watch(self) -> Watch:
        return Watch(
            run=self.order.run,
            node=self.order.node,
            tell=self.buyer.tell,
            deadline=self.order.offer.deadline,
            floor=self.order.offer.poll_floor,
        )


class Purchases:
    """One for a process; any number of calls of `make` at once."""

    def __init__(
        self, *, ledger: Ledger, shelf: Shelf, sender: Sender, bringer: Bringer, clock: Clock, draw: DrawSeed
    ) -> None:
        self._ledger = ledger
        self._shelf = shelf
        self._sender = sender
        self._bringer = bringer
        self._clock = clock
        self._draw = draw

    async def make(self, order: Order, vendor: Vendor, buyer: Buyer) -> Made:
        """The picture: from the library, from an operation under way, or bought.

        :raises Lost: it may have been bought; only a person can decide
        :raises Stopped: cancelled, with the truth about money
        :raises Fault: whatever else went wrong; with the node's place
        """
        try:
            async with self._sender.door(order, vendor, buyer) as place:
                buying = Buying(order=order, vendor=vendor, buyer=buyer, place=place)
                return await (self._claimed(buying) if order.draws else self._same(buying))
        except Fault as fault:
            fault.at(Where(node=order.node))
            raise

    async def _same(self, buying: Buying) -> Made:
        """One at a time for the same fingerprint, whatever node or process asks; the others reuse."""
        order, vendor = buying.order, buying.vendor
        fingerprint = order.keys.with_seed(order.seed)
        name = f"same-{fingerprint}{'-draft' if vendor.draft else ''}"
        while (lease := await self._ledger.acquire(name)) is None:
            self._waits(buying)
            await self._clock.sleep(LOOK_AGAIN)
        try:
            asset = await self._shelf.find(fingerprint, vendor.draft)
            if asset is not None:
                await self._bringer.homecoming.settle(asset)
                return Made(asset=asset, operation=asset.origin.operation, reused=True)
            return await self._claimed(buying)
        finally:
            lease.release()

    async def _claimed(self, buying: Buying) -> Made:
        """From this node's operation of these inputs, its own or a new one."""
        last = await self._refuse_unknown(buying)
        # What another process has under way may have become unknown before our claim saw it gone.
        unsure = buying.order.draws or (last is not None and last.state in UNSETTLED)
        while True:
            claim, cancelled = await self._claim(buying)
            operation, lease = claim.operation, claim.lease
            buying.buyer.noted(operation.id)
            if lease is None:
                theirs = await self._until_ended(operation, buying)
                if theirs is None:
                    continue
                if isinstance(theirs, Operation):
                    return await self._as_reused(theirs)
                lease = theirs
            try:
                if cancelled:
                    raise asyncio.CancelledError
                if claim.fresh and unsure:
                    await self._refuse_unknown(buying, operation)
                if claim.fresh and (there := await self._made_meanwhile(operation, buying)):
                    return there
                if not claim.fresh:  # its last owner may have gone on after we read it
                    operation = await self._ledger.get(operation.id) or operation
                made = await self._go_on(operation, buying)
            except asyncio.CancelledError:
                made = await self._stopped(operation.id, buying)
            finally:
                lease.release()
            if made is not None:
                return made

    async def _made_meanwhile(self, own: Operation, buying: Buying) -> Made | None:
        """On a server the lease of the fingerprint may have been lost while we looked: somebody else may have
        made the same picture before our claim saw nothing under way."""
        if buying.order.draws or not self._ledger.shared:
            return None
        asset = await self._shelf.find(own.fingerprint, buying.vendor.draft)
        if asset is None:
            return None
        await self._ledger.advance(own.id, State.CANCELLED, charged=NOTHING)
        return Made(asset=asset, operation=asset.origin.operation, reused=True)

    async def _claim(self, buying: Buying) -> tuple[Claim, bool]:
        """The claim, and whether we were cancelled meanwhile: a row that was written must not be left with a
        lease that nobody knows of."""
        claiming = asyncio.ensure_future(self._ledger.claim(self._intended(buying)))
        try:
            return await asyncio.shield(claiming), False
        except asyncio.CancelledError:
            claim = await claiming
            if claim.lease is None:
                raise
            return claim, True

    async def _go_on(self, operation: Operation, buying: Buying) -> Made | None:
        """An operation whose lease is ours, wherever it stands. None: it is gone for nothing, begin anew."""
        if operation.state is State.SENDING:
            operation = await self._after_crash(operation)
        try:
            match operation.state:
                case State.INTENDED:
                    return await self._buy(operation, buying)
                case State.SUBMITTED | State.RUNNING:
                    asset = await self._bringer.bring(operation, buying.vendor, buying.watch())
                    return Made(asset=asset, operation=operation.id)
                case State.DELIVERED | State.SETTLED:
                    return await self._as_reused(await self._bringer.settle(operation))
                case State.UNKNOWN:
                    raise lost_of(operation)
                case _:
                    return None
        except Dropped:
            return None

    async def _buy(self, operation: Operation, buying: Buying) -> Made:
        order, vendor, place = buying.order, buying.vendor, buying.place
        sent = await self._sender.send(operation, order, vendor, buying.buyer, place)
        asset = await self._bringer.bring(
            sent.operation, vendor, buying.watch(), sent.news, ready=place.release
        )
        return self._paid(asset, operation.id, buying)

    def _paid(self, asset: Asset, operation: str, buying: Buying) -> Made:
        if buying.vendor.draft:
            return Made(asset=asset, operation=operation)
        paid = asset.origin.money
        credits = 0 if paid == NOTHING else buying.order.card.credits or 0
        return Made(asset=asset, operation=operation, paid=paid, credits=credits)

    async def _stopped(self, id: str, buying: Buying) -> Made:
        """Cancelled, with our lease still held. What has ended meanwhile is given after all.

        :raises Stopped: with the truth about money
        :raises CancelledError: we only leave; the row stays and is gone on with later
        """
        operation = await self._ledger.get(id)
        if operation is None or not buying.buyer.stopping():
            raise asyncio.CancelledError
        match operation.state:
            case State.INTENDED:
                await self._ledger.advance(id, State.CANCELLED, charged=NOTHING)
                raise Stopped(NOT_STARTED)
            case State.SUBMITTED if self._bringer.is_here(operation):  # it came with the answer
                asset = await self._bringer.bring(operation, buying.vendor, buying.watch())
                return self._paid(asset, operation.id, buying)
            case State.SUBMITTED | State.RUNNING:
                raise Stopped(await self._bringer.stop(operation, buying.vendor))
            case State.DELIVERED | State.SETTLED:
                return await self._as_reused(await self._bringer.settle(operation))
            case State.UNKNOWN:
                raise lost_of(operation)
            case _:
                raise Stopped(spoken_again(operation.fault_title) or NOT_STARTED)

    async def _as_reused(self, operation: Operation) -> Made:
        asset = await self._shelf.get(operation.asset) if operation.asset else None
        if asset is None:
            raise Bug(
                say("The ledger says that this picture is in the library, but it is not there."),
                advice=say("Run `tagloom doctor --repair`, then run again."),
                code="engine.asset-missing",
                charged=Charged.NO if operation.draft else Charged.YES,
            )
        return Made(asset=asset, operation=operation.id, reused=True)

    async def _until_ended(self, operation: Operation, buying: Buying) -> Operation | Lease | None:
        """Another process (or another run of this one) is at it: its end, or its lease when it has let go.
        None: it was cancelled there, which says nothing about here."""
        while True:
            self._waits(buying)
            await self._clock.sleep(LOOK_AGAIN)
            now = await self._ledger.get(operation.id) or operation
            match now.state:
                case State.SETTLED | State.DELIVERED:
                    return now
                case State.UNKNOWN:
                    raise lost_of(now)
                case State.REFUSED | State.FAILED:
                    raise _failed_elsewhere(now)
                case State.CANCELLED:
                    return None
                case _:
                    lease = await self._ledger.acquire(operation.id)
                    if lease is not None:
                        return lease

    async def _after_crash(self, operation: Operation) -> Operation:
        """Its process died while it was sending. A draft cost nothing and may be sent again."""
        if operation.draft:
            return await self._ledger.advance(operation.id, State.INTENDED)
        fault = _answer_lost()
        await self._ledger.advance(
            operation.id,
            State.UNKNOWN,
            fault_code=fault.code,
            fault_title=fault.title,
            fault_advice=fault.advice,
        )
        raise fault

    async def _refuse_unknown(self, buying: Buying, own: Operation | None = None) -> Operation | None:
        """The last operation of these inputs that was sent, to whatever vendor: another one is no way around
        a picture that may have been bought. `own` is the row that waits for leave to go.

        :raises Lost: it is unknown, and nobody has said to send it again: only the artist may (law 2)
        """
        order = buying.order
        if order.retry_unknown:
            return None
        keys = order.node_keys
        for one in await self._ledger.latest(order.document, order.node, _HISTORY):
            if one.node_key not in keys or one.draft != buying.vendor.draft or one.state in _INTENT:
                continue
            if one.state is not State.UNKNOWN:
                return one
            if own is not None:
                await self._ledger.advance(own.id, State.CANCELLED, charged=NOTHING)
            buying.buyer.noted(one.id)
            raise lost_of(one)
        return None

    def _intended(self, buying: Buying) -> Operation:
        order, vendor = buying.order, buying.vendor
        seed = self._draw() if order.draws else order.seed
        now = self._clock.now()
        return Operation(
            id=new_id(),
            state=State.INTENDED,
            document=order.document,
            node=order.node,
            title=order.title,
            card=order.card.id,
            vendor=vendor.id,
            model=order.offer.model,
            draft=vendor.draft,
            address=vendor.address,
            fingerprint=order.keys.with_seed(seed),
            node_key=order.keys.with_seed(order.seed),
            seed=seed,
            request=asked(order, seed),
            estimate=NOTHING if vendor.draft else order.money,
            credits=order.card.credits,
            run=order.run,
            made=now,
            changed=now,
        )

    def _waits(self, buying: Buying) -> None:
        buying.buyer.queued(buying.order, "waiting", None)


def asked(order: Order, seed: int | None) -> dict[str, object]:
    """What the row says was asked, before the photographs are prepared: they stand by their contents."""
    return {
        "prompt": order.prompt,
        "seed": seed,
        "values": {key: value for key, value in order.values.items() if value is not None},
        "references": [{"tag": one.tag, "original": one.picture.sha256} for one in order.references],
    }


def lost_of(operation: Operation) -> Lost:
    """The fault of an operation that is still unknown."""
    return Lost(
        spoken_again(operation.fault_title) or say("We sent this request, but its answer was lost."),
        advice=spoken_again(operation.fault_advice)
        or say("It may have been charged. We will not send it again unless you say so."),
        code=operation.fault_code or "engine.unknown",
        charged=Charged.UNKNOWN,
        retry=Retry.ASK,
        where=Where(node=operation.node),
    )


def _answer_lost() -> Lost:
    return Lost(
        say("Tagloom ended while this request was under way, before its answer was safe on the disk."),
        advice=say(
            "It may have arrived and been charged. Compare with the vendor's usage page. "
            "It will not be sent again unless you say so."
        ),
        code="engine.answer-lost",
        charged=Charged.UNKNOWN,
        retry=Retry.ASK,
    )


def _failed_elsewhere(operation: Operation) -> Refused:
    return Refused(
        spoken_again(operation.fault_title)
        or say("The same picture was being made elsewhere, and that ended without one."),
        advice=spoken_again(operation.fault_advice) or say("Run again to make it here."),
        code=operation.fault_code or "engine.ended-elsewhere",
        charged=Charged.YES if operation.charged else Charged.NO,
        retry=Retry.NOW,
    )
