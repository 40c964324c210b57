"""Follows a task to its end and brings the picture home: fetched in the step that learns of it (law 4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypedDict

from app.basics.clock import Clock
from app.basics.faults import Bug, Charged, DiskTrouble, Fault, Late, Lost, Refused, Retry, Unreachable
from app.basics.money import NOTHING
from app.basics.words import mark, say
from app.engine.events import Event, NodeQueued
from app.engine.homecoming import Homecoming
from app.engine.inline import InlinePictures, came_whole
from app.engine.looking import ENOUGH, Histories, pace_of
from app.engine.outcome import charged_of, origin_of
from app.engine.progress import Progress
from app.engine.rescued import RescuedPictures
from app.engine.shelf import Shelf, Vendors, ticket_of
from app.imaging.verify import verify_result
from app.journal.ledger import Ledger
from app.journal.operations import Operation, State
from app.library.assets import Asset
from app.providers.addresses import is_loopback
from app.providers.contract import Forgotten, News, Over, Ready, Ticket, Vendor, Waiting, Working
from app.providers.polling import LOOPBACK_FLOOR, back_off, follow

FETCHES = 6
"""Tries to fetch a finished picture before a step gives up; its row stays, so it is fetched later."""
SANDBOX_LOOKS = 3
"""Looks at a sandbox that does not answer before it is taken for gone."""


class Dropped(Exception):
    """The draft's sandbox is gone: it cost nothing and is made anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who follows: a node of a run. `deadline` and `floor` in seconds, from the card's offer."""

    run: str
    node: str
    tell: Callable[[Event], None]
    deadline: float
    floor: float


class Bringer:
    """One for a process. The caller holds the operation's lease."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        shelf: Shelf,
        rescued: RescuedPictures,
        vendors: Vendors,
        clock: Clock,
        dice: Callable[[], float],
    ) -> None:
        self._ledger = ledger
        self._shelf = shelf
        self._rescued = rescued
        self._vendors = vendors
        self._clock = clock
        self._dice = dice
        self._inline = InlinePictures(ledger=ledger, shelf=shelf, rescued=rescued, clock=clock)
        self.homecoming = Homecoming(ledger, self._inline)
        self._histories = Histories(ledger, clock)

    async def bring(
        self,
        operation: Operation,
        vendor: Vendor | None,
        watch: Watch,
        news: News | None = None,
        *,
        ready: Callable[[], None] = lambda: None,
    ) -> Asset:
        """From `submitted` or `running` to `settled`. Cancelled, it leaves the row as it stands.

        `ready` is called when the vendor has ended its work, before the picture is fetched.

        :raises Dropped: a draft whose sandbox is gone; its row is `cancelled`
        :raises Lost: the vendor does not know the task any more
        :raises Fault: the vendor ended it without a picture (the row is at its end), or it could not be
            followed or fetched now (the row stays, and is followed later for free)
        """
        if self.is_here(operation) or (isinstance(news, Ready) and news.is_here):
            ready()
            return await self._inline.take_in(operation, news if isinstance(news, Ready) else None)
        if news is None and came_whole(operation):
            return await self._forgotten(operation)
        ticket = _ticket(operation)
        here = await self._at(ticket, vendor)
        seen = self._clock.now()
        try:
            end = news if isinstance(news, Ready | Over | Forgotten) else None
            if end is None:
                end, seen = await self._follow(operation, ticket, here, watch)
        except _SandboxSilent:
            await self._drop(operation)
            raise Dropped from None
        ready()
        match end:
            case Ready() if end.is_here:
                return await self._inline.take_in(operation, end)
            case Ready():
                return await self._bring_home(operation, ticket, here, end, seen)
            case _:
                return await self._without(operation, end)

    async def _without(self, operation: Operation, end: Over | Forgotten) -> Asset:
        """The vendor has no picture, or none any more."""
        if isinstance(end, Forgotten):
            return await self._forgotten(operation)
        await self._over(operation, end)
        raise end.fault

    def is_here(self, operation: Operation) -> bool:
        """Whether its picture came with the answer to the create, and only has to be taken in."""
        return self._inline.waits(operation)

    async def _at(self, ticket: Ticket, vendor: Vendor | None) -> Vendor:
        """The vendor at the address that the ticket remembers.

        :raises BadInput: its key is gone or its address is another; the row stays
        """
        if vendor is not None and vendor.address == ticket.address and vendor.draft == ticket.draft:
            return vendor
        return await self._vendors.vendor_of(ticket)

    async def settle(self, operation: Operation) -> Operation:
        """From `delivered` to `settled`; one that is settled already stays."""
        if operation.state is State.SETTLED:
            return operation
        return await self._ledger.advance(operation.id, State.SETTLED)

    async def stop(self, operation: Operation, vendor: Vendor | None) -> str:
        """Asks the vendor to stop; the row says what is known of the cost, and so do the words."""
        ticket = _ticket(operation)
        try:
            verdict = await (await self._at(ticket, vendor)).cancel(ticket)
        except Fault:
            return _NOT_STOPPED
        if not verdict.stopped:
            return verdict.words  # it goes on, or has a picture: the row stays, and recovery brings that home
        charge = verdict.charge
        guess = {True: NOTHING, False: operation.estimate, None: None}[verdict.free]
        charged = charge.money if charge is not None else guess
        await self._ledger.advance(
            operation.id,
            State.CANCELLED,
            charged=NOTHING if operation.draft else charged,
            vendor_amount=charge.vendor_amount if charge is not None else None,
            vendor_unit=charge.vendor_unit if charge is not None else "",
            fault_code="engine.cancelled",
            fault_title=verdict.words,
        )
        return verdict.words

    async def _follow(
        self, operation: Operation, ticket: Ticket, vendor: Vendor, watch: Watch
    ) -> tuple[Ready | Over | Forgotten, datetime]:
        """How it ended, and when we asked and were told so."""
        model = (operation.vendor, operation.model, ticket.address)
        history = await self._histories.of(*model)
        floor = LOOPBACK_FLOOR if is_loopback(ticket.address) else watch.floor
        age = _age(operation, self._clock)
        silent = 0
        running = operation.state is State.RUNNING
        asked = self._clock.now()

        async def look() -> News:
            nonlocal running, silent, asked
            asked = self._clock.now()
            news = await vendor.look(ticket)
            silent = 0
            if isinstance(news, Working) and not running:
                await self._ledger.advance(operation.id, State.RUNNING)
                running = True
            return news

        def troubled(fault: Fault, wait: float) -> None:
            nonlocal silent
            silent += 1
            if ticket.draft and silent >= SANDBOX_LOOKS:
                raise _SandboxSilent from fault

        pace, dice = pace_of(history, floor=floor, dice=self._dice)
        crowd = self._histories.crowd(*model)
        with (
            Progress(watch.run, watch.node, watch.tell, history, age, self._clock) as progress,
            crowd.joined(lambda: _age(operation, self._clock), dice, len(history) >= ENOUGH) as member,
        ):
            end = await follow(
                look,
                pace=pace,
                deadline=watch.deadline,
                late=lambda seconds: _late(seconds, vendor.title, draft=ticket.draft),
                clock=self._clock,
                told=lambda news: _show(news, progress, watch),
                age=age,
                troubled=troubled,
                dice=dice,
                rest=member.rest,
            )
        if isinstance(end, Ready):
            crowd.ready(_age(operation, self._clock))
        return end, asked

    async def _bring_home(
        self, operation: Operation, ticket: Ticket, vendor: Vendor, ready: Ready, seen: datetime
    ) -> Asset:
        """Fetched, checked, in the library, and only then `delivered` and `settled`."""
        tries = 0
        while True:
            path = self._rescued.place()
            try:
                if not await self._rescued.bring(operation.id, path):
                    await _fetch(vendor, ticket, ready, path)
                asset = await self._shelf.add(path, origin_of(operation, ready.charge), verify_result)
                break
            except (Unreachable, Refused) as fault:
                tries += 1
                self._rescued.forget(operation.id)
                await asyncio.to_thread(path.unlink, missing_ok=True)
                if fault.code.endswith(".picture-gone"):  # there was one address, and its time is over
                    await self._over(operation, Over(fault=fault, charge=ready.charge))
                if tries >= FETCHES or fault.retry not in (Retry.NOW, Retry.LATER):
                    raise
                now = await self._after(fault, tries, vendor, ticket, ready)
                if not isinstance(now, Ready):
                    return await self._without(operation, now)
                ready = now
            except DiskTrouble as fault:
                raise await self._rescued.hold(operation, path, fault) from fault
        self._rescued.forget(operation.id)
        # `ended` is when we asked and it was done, not when it was home: the next first look goes by it.
        await self._ledger.settle(
            operation.id,
            asset=asset.sha256,
            ended=seen,
            **charged_of(operation, ready.charge),
            **_without_address(operation),
        )
        return asset

    async def _after(
        self, fault: Fault, tries: int, vendor: Vendor, ticket: Ticket, ready: Ready
    ) -> Ready | Over | Forgotten:
        """What to fetch next, after the wait that a failed fetch asks for; or that the picture is gone."""
        if not fault.code.endswith(".address-expired"):
            await self._clock.sleep(back_off(tries, fault, roll=self._dice()))
            return ready
        if tries > 1:
            await self._clock.sleep(back_off(tries - 1, fault, roll=self._dice()))
        try:
            news = await vendor.look(ticket)
        except Unreachable:
            return ready  # the next fetch fails too, and we come back here after a longer wait
        if isinstance(news, Over | Forgotten):
            return news
        return replace(news, charge=news.charge or ready.charge) if isinstance(news, Ready) else ready

    async def _over(self, operation: Operation, over: Over) -> None:
        await self._ledger.advance(
            operation.id,
            State.CANCELLED if over.cancelled else State.FAILED,
            fault_code=over.fault.code,
            fault_title=over.fault.title,
            fault_advice=over.fault.advice,
            **charged_of(operation, over.charge),
            **_without_address(operation),
        )

    async def _forgotten(self, operation: Operation) -> Asset:
        """The picture, where it came home just before a crash.

        :raises Dropped: a draft
        :raises Lost: what was paid for is not to be had any more
        """
        if kept := await self._shelf.for_operation(operation.id):
            await self._ledger.settle(operation.id, asset=kept[0].sha256)
            return kept[0]
        if operation.draft:
            await self._drop(operation)
            raise Dropped
        fault = Lost(
            _NOT_SAFE if came_whole(operation) else _UNKNOWN_THERE,
            advice=say(
                "It may have been charged. Compare with the vendor's usage page. "
                "We will not send it again unless you say so."
            ),
            code="engine.forgotten",
            charged=Charged.UNKNOWN,
            retry=Retry.ASK,
        )
        await self._ledger.advance(
            operation.id,
            State.UNKNOWN,
            fault_code=fault.code,
            fault_title=fault.title,
            fault_advice=fault.advice,
        )
        raise fault

    async def _drop(self, operation: Operation) -> None:
        await self._ledger.advance(
            operation.id,
            State.CANCELLED,
            charged=NOTHING,
            fault_code="engine.sandbox-gone",
            fault_title=say("The sandbox that made this draft is gone."),
            fault_advice=say("It cost nothing, and is made anew when you run again."),
            **_without_address(operation),
        )


class _SandboxSilent(Exception):
    """It has not answered for several looks in a row."""


_UNKNOWN_THERE = mark(
    "The vendor does not know this job any more: it was deleted, cancelled elsewhere, or is too old."
)
_NOT_SAFE = mark(
    "The answer came with the picture in it, but Tagloom ended before that was safe on the disk."
)
_NOT_STOPPED = mark(
    "The vendor could not be asked to stop. The job may go on and be charged; "
    "it stays in the ledger, and its picture is collected later."
)


def _show(news: News, progress: Progress, watch: Watch) -> None:
    if isinstance(news, Waiting):
        progress.rests()
        reason = "throttled" if news.throttled else "vendor"
        watch.tell(NodeQueued(run=watch.run, node=watch.node, reason=reason))
    elif isinstance(news, Working):
        progress.works(news.progress)


async def _fetch(vendor: Vendor, ticket: Ticket, ready: Ready, path: Path) -> None:
    if not ready.outputs:
        raise Refused(
            say("The vendor says that the picture is done, but names no address for it."),
            advice=say("Run again to ask once more; nothing is made or paid for anew."),
            code="engine.no-output",
            charged=Charged.UNKNOWN,
            retry=Retry.ASK,
        )
    await vendor.fetch(ticket, ready.outputs[0], path)


def _ticket(operation: Operation) -> Ticket:
    if operation.ticket is None:
        raise Bug(
            say("The ledger has no ticket for operation {id}.", id=operation.id),
            advice=say("Please report this; look at the vendor's own page for the picture."),
            code="engine.no-ticket",
            charged=Charged.NO if operation.draft else Charged.UNKNOWN,
        )
    return ticket_of(operation.ticket)


def _age(operation: Operation, clock: Clock) -> float:
    if operation.submitted is None:
        return 0.0
    return max(0.0, (clock.now() - operation.submitted).total_seconds())


class _Ticket(TypedDict, total=False):
    ticket: dict[str, object]


def _without_address(operation: Operation) -> _Ticket:
    """At its end: whoever has the address of a picture has the picture, so it is not kept longer."""
    kept = operation.ticket
    return {"ticket": {**kept, "look_at": ""}} if kept and kept.get("look_at") else {}


def _late(seconds: float, title: str, *, draft: bool) -> Late:
    return Late(
        say("{title} has not finished after {seconds:.0f} minutes.", title=title, seconds=seconds / 60),
        advice=say("We stop watching for now. The job stays in the ledger and is followed later, for free."),
        code="engine.deadline",
        charged=Charged.NO if draft else Charged.UNKNOWN,
        retry=Retry.LATER,
    )
