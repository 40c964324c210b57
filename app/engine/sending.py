"""Sends a create, at most once, and writes down what became of it before anything else happens.

The table of what may be sent again is `providers.refusals`; here it is only obeyed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from app.basics.clock import Clock
from app.basics.faults import Bug, Charged, DiskTrouble, Fault, Lost, Refused, Retry, Unreachable
from app.basics.words import say
from app.catalogue.request import ImageRequest
from app.engine.budget import Budget
from app.engine.buyer import Buyer
from app.engine.events import NodeQueued
from app.engine.inline import CAME
from app.engine.lanes import Lane, Lanes, Place
from app.engine.order import Order, PreparedLately, Preparer, request_of
from app.engine.queue import Queued
from app.engine.rescued import RescuedPictures
from app.engine.shelf import ticket_record
from app.journal.ledger import Ledger
from app.journal.operations import Operation, State
from app.providers.contract import Accepted, News, Ready, Vendor
from app.providers.polling import back_off

QUIT_SECONDS = 60.0
"""A create in flight is never cancelled: its answer is waited for so long, even when the program ends. One
that brings the picture itself takes as long as its offer says."""
TRIES = 4
"""Of what could not be sent, or was refused as too busy without a time."""
PATIENCE = 900.0
"""Seconds that a vendor may hold us off in all (429 with its Retry-After) before a step gives up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The row with its ticket; `news` where the vendor answered with them at once."""

    operation: Operation
    news: News | None


class Sender:
    """One for a process."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        lanes: Lanes,
        budget: Budget,
        preparer: Preparer,
        rescued: RescuedPictures,
        clock: Clock,
        dice: Callable[[], float],
    ) -> None:
        self._ledger = ledger
        self._lanes = lanes
        self._budget = budget
        self._preparer = PreparedLately(preparer, clock)
        self._rescued = rescued
        self._clock = clock
        self._dice = dice
        self._posts: dict[asyncio.Task[Sent], float] = {}

    @asynccontextmanager
    async def door(self, order: Order, vendor: Vendor, buyer: Buyer) -> AsyncIterator[Place]:
        """A way into the model's lane."""
        queued = queued_of(order, self._clock.now(), draft=vendor.draft)
        lane = self._lane(order, vendor)
        async with lane.door(queued, lambda reason, seconds: buyer.queued(order, reason, seconds)) as place:
            yield place

    async def send(
        self, operation: Operation, order: Order, vendor: Vendor, buyer: Buyer, place: Place
    ) -> Sent:
        """From `intended` to `submitted`; takes the place. Cancelled, it still waits for a create in flight.

        :raises Lost: the row is `unknown`
        :raises Fault: the row is `refused` or `failed`; nothing was charged
        """
        lane = self._lane(order, vendor)
        began, failures = self._clock.monotonic(), 0
        while True:
            await lane.open(lambda reason, seconds: buyer.queued(order, reason, seconds))
            try:
                return await self._attempt(operation, order, vendor, buyer, place)
            except (Refused, Unreachable) as fault:
                failures += 1
                wait = self._wait(fault, failures, self._clock.monotonic() - began)
                if wait is None:
                    await self._give_up(operation, fault)
                    raise
                if isinstance(fault, Refused):
                    lane.pause(wait)
                else:
                    buyer.queued(order, "paused", wait)
                    await self._clock.sleep(wait)
            except Fault as fault:
                await self._give_up(operation, fault)
                raise

    async def close(self) -> None:
        """Waits for the answers to what is in flight."""
        if self._posts:
            await asyncio.wait(tuple(self._posts), timeout=max(self._posts.values()))

    def _lane(self, order: Order, vendor: Vendor) -> Lane:
        return self._lanes.lane(vendor.id, order.offer.model, vendor.address, order.offer.concurrency)

    def _wait(self, fault: Fault, failures: int, waited: float) -> float | None:
        """Seconds until it is tried again, or None to give up. A wait that was asked for is kept whole."""
        if not _surely_not_sent(fault) or (fault.retry_after is None and failures >= TRIES):
            return None
        wait = back_off(failures, fault, roll=self._dice())
        return None if waited + wait > PATIENCE else wait

    async def _attempt(
        self, operation: Operation, order: Order, vendor: Vendor, buyer: Buyer, place: Place
    ) -> Sent:
        """One try. A fault that comes out leaves the row `intended`, or at its end."""
        if order.offer.synchronous and not vendor.draft:
            await asyncio.to_thread(self._rescued.require_room)
        request = await request_of(order, operation.seed, self._preparer)
        uploads = await vendor.prepare(request)
        await place.take(lambda reason, seconds: buyer.queued(order, reason, seconds))
        post = asyncio.ensure_future(self._post(operation, order, vendor, buyer, request, uploads))
        longest = order.offer.deadline if order.offer.synchronous else QUIT_SECONDS
        self._posts[post] = longest
        post.add_done_callback(self._posts.pop)
        try:
            await asyncio.wait({post})  # which leaves it alone when we are cancelled
        except asyncio.CancelledError:
            await asyncio.wait({post}, timeout=longest)
            if post.done():
                await self._unforeseen(operation, vendor, post.exception())
            raise
        if fault := await self._unforeseen(operation, vendor, post.exception()):
            raise fault
        return post.result()

    async def _post(
        self,
        operation: Operation,
        order: Order,
        vendor: Vendor,
        buyer: Buyer,
        request: ImageRequest,
        uploads: Mapping[str, str],
    ) -> Sent:
        """The create itself, and what became of it on disk."""
        # From here on it may be charged; not every vendor has a cancel.
        reason = "silent" if order.offer.synchronous else "sending"
        buyer.tell(NodeQueued(run=order.run, node=order.node, reason=reason, free_to_cancel=False))
        cost = order.cost(vendor.draft)
        async with self._budget.hold(buyer.purse, cost):
            await self._ledger.advance(operation.id, State.SENDING, address=vendor.address, run=order.run)
        try:
            accepted = await vendor.submit(request, uploads)
        except Fault as fault:
            if fault.charged is not Charged.NO and not vendor.draft:
                await self._write(operation, State.UNKNOWN, fault)
                raise
            self._budget.give_back(buyer.purse, cost)
            await self._write(operation, State.INTENDED if _surely_not_sent(fault) else State.REFUSED, fault)
            raise
        return await self._submitted(operation, accepted)

    async def _unforeseen(
        self, operation: Operation, vendor: Vendor, error: BaseException | None
    ) -> BaseException | None:
        """A mistake of ours while sending says nothing about whether the request arrived."""
        if error is None or isinstance(error, Fault):
            return error
        now = await self._ledger.get(operation.id)
        if now is None or now.state is not State.SENDING:
            return error
        fault = _mistake(error, draft=vendor.draft)
        await self._write(operation, State.REFUSED if vendor.draft else State.UNKNOWN, fault)
        return fault

    async def _submitted(self, operation: Operation, accepted: Accepted) -> Sent:
        ticket = ticket_record(accepted.ticket)
        if isinstance(accepted.news, Ready) and accepted.news.is_here:
            await self._rescued.keep(operation, accepted.news)  # there is no second copy
            ticket[CAME] = True
        try:
            written = await self._ledger.advance(operation.id, State.SUBMITTED, ticket=ticket)
        except DiskTrouble as trouble:
            raise DiskTrouble(
                say("The request was accepted, but its receipt could not be written to the ledger."),
                advice=say(
                    "{advice} The vendor calls it {id}.", advice=trouble.advice, id=accepted.ticket.id
                ),
                code="engine.receipt",
                charged=Charged.NO if operation.draft else Charged.UNKNOWN,
                retry=Retry.ASK,
                detail=trouble.detail,
            ) from trouble
        return Sent(operation=written, news=accepted.news)

    async def _write(self, operation: Operation, state: State, fault: Fault) -> None:
        await self._ledger.advance(
            operation.id,
            state,
            fault_code=fault.code,
            fault_title=fault.title,
            fault_advice=fault.advice,
        )

    async def _give_up(self, operation: Operation, fault: Fault) -> None:
        """Nothing was sent, or it was refused: the row ends, unless it has an end already."""
        now = await self._ledger.get(operation.id)
        if now is not None and now.state is State.INTENDED:
            state = State.REFUSED if isinstance(fault, Refused) else State.FAILED
            await self._write(operation, state, fault)


def _surely_not_sent(fault: Fault) -> bool:
    """Nothing arrived and nothing was charged, and the same may be sent again by itself."""
    return fault.charged is Charged.NO and fault.retry in (Retry.NOW, Retry.LATER)


def _mistake(error: BaseException, *, draft: bool) -> Fault:
    detail = f"{type(error).__name__}: {error}"
    if draft:
        return Bug(
            say("Something in Tagloom went wrong while this draft was being sent."),
            advice=say("It is a draft and free: run again. Please report this with the log."),
            code="engine.bug-while-sending",
            detail=detail,
        )
    return Lost(
        say("Something in Tagloom went wrong while this request was being sent."),
        advice=say(
            "It may have arrived and been charged. We will not send it again unless you say so. "
            "Please report this with the log."
        ),
        code="engine.bug-while-sending",
        charged=Charged.UNKNOWN,
        retry=Retry.ASK,
        detail=detail,
    )


def queued_of(order: Order, since: datetime, *, draft: bool) -> Queued:
    return Queued(
        run=order.run,
        node=order.node,
        document=order.document,
        title=order.title,
        card=order.card.id,
        vendor=order.offer.vendor,
        draft=draft,
        since=since,
        front=order.front,
    )
