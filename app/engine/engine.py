"""The engine as the studio holds it: estimate, run, stop, leave, recover. One for a process."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from app.basics.clock import Clock, SystemClock
from app.basics.faults import Fault, Refused, Retry, Where
from app.basics.ids import new_id
from app.basics.words import say
from app.catalogue.sent import sent_words
from app.document.name_facts import called_by, facts_of
from app.document.name_template import Facts
from app.document.values import Node
from app.engine.bench import FolderBench, PhotographReader, SeenLately
from app.engine.bringing import Bringer
from app.engine.budget import Budget, Cost, Purse
from app.engine.events import Event, RunFinished
from app.engine.fingerprint import Words, plain_words
from app.engine.job import Estimate, Job
from app.engine.lanes import Lanes
from app.engine.local import Memory
from app.engine.order import Preparer
from app.engine.plan import Ask, Found, Known, Plan, Terms, make_plan, needed_by, total
from app.engine.purchase import DrawSeed, Purchases, draw_seed
from app.engine.queue import Queue
from app.engine.recovery import Recovered, Recovery
from app.engine.rescued import RescuedPictures
from app.engine.run import Run
from app.engine.sending import Sender
from app.engine.shelf import Shelf, Vendors
from app.engine.steps import Outputs, Step
from app.journal.ledger import Ledger
from app.journal.operations import ROW, Operation, State, without_row
from app.library.assets import Asset
from app.nodes.declare import Kinds, NodeKind, Picture
from app.providers.contract import Keeping

_AT_ONCE = 32
"""Photographs that are looked into at a time: thousands of tasks at once would stop the window's loop."""
_PLANNED_AT_ONCE = 8
"""Runs that are planned at a time: of hundreds that begin together, the first are sent before the last are
planned."""
IN_PLACE = 200
"""Documents with more nodes are planned in a thread."""


class Photography(PhotographReader, Preparer, Protocol):
    """`imaging.photographs.Photographs`."""


class Engine:
    """`draw` draws seeds; `dice` gives jitter from 0 to 1."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        library: Shelf,
        photographs: Photography,
        vendors: Vendors,
        kinds: Kinds,
        clock: Clock | None = None,
        draw: DrawSeed = draw_seed,
        dice: Callable[[], float] = random.random,
    ) -> None:
        self._ledger = ledger
        self._library = library
        self._photographs = photographs
        self._vendors = vendors
        self._kinds = kinds
        self._clock = clock or SystemClock()
        self.queue = Queue()
        self._memory = Memory()
        self._lately = SeenLately()
        self._planning = asyncio.Semaphore(_PLANNED_AT_ONCE)
        self._running: dict[str, Run] = {}
        self._budget = Budget(ledger, self._clock)
        self.rescued = RescuedPictures(library)
        self.lanes = Lanes(self._clock, self.queue)
        self._sender = Sender(
            ledger=ledger,
            lanes=self.lanes,
            budget=self._budget,
            preparer=photographs,
            rescued=self.rescued,
            clock=self._clock,
            dice=dice,
        )
        bringer = self._bringer = Bringer(
            ledger=ledger, shelf=library, rescued=self.rescued, vendors=vendors, clock=self._clock, dice=dice
        )
        self._purchases = Purchases(
            ledger=ledger,
            shelf=library,
            sender=self._sender,
            bringer=bringer,
            clock=self._clock,
            draw=draw,
        )
        self._recovery = Recovery(ledger=ledger, bringer=bringer, kinds=kinds)

    # --- before ----------------------------------------------------------------------------------

    async def estimate(self, job: Job) -> Estimate:
        """What a run would make, reuse and cost. Sends nothing, starts no sandbox.

        :raises BadInput: the graph cannot run: a circle, an unknown kind, a required input left empty
        """
        estimate = await self._estimate(job, self._bench(job))
        bought = [step for step in estimate.plan.models() if step.id in estimate.bought]
        return replace(estimate, keepings=await self._keepings(bought))

    async def _estimate(self, job: Job, bench: FolderBench) -> Estimate:
        """Without what vendors keep, which only a person asks for."""
        known = await self._survey(job, bench)
        live = await self._live(job)
        plan = await self._plan(job, known, live)
        followed = await self._followed(job, plan)
        making = [step for step in plan.models() if not step.fresh and step.fault is None]
        drafts = [step for step in making if not self._is_live(step.node, live)]
        bought = [step for step in making if self._is_live(step.node, live) and step.id not in followed]
        return Estimate(
            plan=plan,
            credits=sum(_credits(step) for step in bought),
            money=total(step.price for step in bought),
            bought=tuple(step.id for step in bought),
            drafts=tuple(step.id for step in drafts),
            reused=tuple(step.id for step in plan.models() if step.fresh),
            followed=tuple(step.id for step in making if step.id in followed),
            unpriced=tuple(step.id for step in bought if step.price is None),
            keepings=(),
            troubles=MappingProxyType({id: one for id, one in known.items() if isinstance(one, Fault)}),
        )

    async def _survey(self, job: Job, bench: FolderBench) -> Known:
        """What sources give (photographs: their content), or why they cannot."""
        sources = [
            (id, node, kind)
            for id, node in job.document.nodes.items()
            if (kind := self._kinds.get(node.kind)) is not None
            and kind.doing is not None
            and not kind.shape.inputs
            and not node.skip
        ]
        if job.wanted is not None:
            needed = needed_by(job.document, [id for id in job.wanted if id in job.document.nodes])
            sources = [one for one in sources if one[0] in needed]
        given: list[Outputs | Fault] = []
        for start in range(0, len(sources), _AT_ONCE):
            part = sources[start : start + _AT_ONCE]
            given += await asyncio.gather(*(_source(id, node, kind, bench) for id, node, kind in part))
        return dict(zip((id for id, _, _ in sources), given, strict=True))

    async def _live(self, job: Job) -> Mapping[str, bool]:
        """Vendor id → whether it is paid; for all that the document's models may go to."""
        vendors = {self._vendor_id(node) for node in job.document.nodes.values()} - {""}
        return {id: await self._vendors.is_live(id) for id in sorted(vendors)}

    def _vendor_id(self, node: Node) -> str:
        kind = self._kinds.get(node.kind)
        if kind is None or kind.card is None:
            return ""
        offer = kind.card.offer(str(kind.card.value(node.values, "vendor") or "auto"))
        return offer.vendor if offer else ""

    def _is_live(self, node: Node, live: Mapping[str, bool]) -> bool:
        return live.get(self._vendor_id(node), False)

    async def _plan(self, job: Job, known: Known, live: Mapping[str, bool]) -> Plan:
        found: dict[Ask, Asset | None] = {}
        while True:
            terms = Terms(
                kinds=self._kinds,
                known=known,
                found=found,
                is_draft=lambda id, node: not self._is_live(node, live),
                words=self._words,
            )
            if len(job.document.nodes) > IN_PLACE:
                plan = await asyncio.to_thread(make_plan, job.document, terms, job.wanted)
            else:
                plan = make_plan(job.document, terms, job.wanted)
            if not plan.asks:
                return plan
            answers = await self._look_up(plan.asks)
            if not any(answers.values()):  # the same would come of it
                return replace(plan, asks=frozenset())
            found = {**found, **answers}

    async def _look_up(self, asks: Iterable[Ask]) -> Found:
        """One question to the library for the bought, one for the drafts, and one for each picture kept."""
        asked = tuple(asks)
        found: dict[Ask, Asset | None] = {}
        for draft in (False, True):
            made = [one for one in asked if not one.sha256 and one.draft is draft]
            if made:
                assets = await self._library.find_many([one.fingerprint for one in made], draft)
                found.update({one: assets.get(one.fingerprint) for one in made})
        kept = [one for one in asked if one.sha256]
        found.update(
            zip(kept, await asyncio.gather(*(self._library.get(one.sha256) for one in kept)), strict=True)
        )
        return found

    async def _followed(self, job: Job, plan: Plan) -> frozenset[str]:
        """Nodes of the plan whose picture was sent for already, live, and is on its way."""
        asked = {
            (step.id, step.keys.with_seed(step.seed))
            for step in plan.models()
            if step.keys is not None and not step.fresh
        }
        if not asked:
            return frozenset()
        return frozenset(
            one.node
            for one in await self._ledger.unsettled(job.document_id)
            if _on_its_way(one, job.document_id, asked)
        )

    async def _keepings(self, bought: Iterable[Step]) -> tuple[Keeping, ...]:
        vendors = sorted({step.offer.vendor for step in bought if step.offer is not None})
        return tuple([(await self._vendors.vendor(id)).keeping for id in vendors])

    def _words(self, kind: NodeKind) -> Words:
        return partial(sent_words, kind.card) if kind.card is not None else plain_words

    async def afford(self, job: Job, estimate: Estimate) -> None:
        """Whether what would be bought fits under every cap, before anybody is asked.

        :raises Refused: `budget.*`
        """
        if estimate.bought:
            purse = Purse(caps=job.caps, document=without_row(job.document_id))
            await self._budget.check(purse, Cost(money=estimate.money, credits=_credits_of(estimate)))

    # --- running ---------------------------------------------------------------------------------

    async def run(self, job: Job, tell: Callable[[Event], None], run: str | None = None) -> RunFinished:
        """Runs what is wanted and not fresh. Faults of nodes are in the end, not raised.

        Cancelled from outside it leaves (see `leave`), tells its end, and raises CancelledError.

        :raises BadInput: as `estimate`; nothing was sent
        :raises Refused: `budget.*`, or `engine.no-key` for a job that wants no drafts; nothing was sent
        :raises DiskTrouble: a picture that is to be used again cannot be fetched; nothing was sent
        """
        id = run or new_id()
        bench = self._bench(job)
        async with self._planning:
            estimate = await self._estimate(job, bench)
        if job.live_only and estimate.drafts:
            raise _no_key(estimate.drafts[0])
        await self.afford(job, estimate)
        for step in estimate.plan.steps:
            if step.asset is not None:
                await self._library.here(step.asset)
        await self._bringer.homecoming.settle_all(
            step.asset for step in estimate.plan.steps if step.asset is not None
        )
        purse = Purse(caps=job.caps, document=without_row(job.document_id))
        current = self._running[id] = Run(
            id=id,
            job=job,
            estimate=estimate,
            purse=purse,
            bench=bench,
            memory=Memory() if ROW in job.document_id else self._memory,  # a row is not run again
            purchases=self._purchases,
            vendors=self._vendors,
            words=self._words,
            tell=tell,
            queue=self.queue,
            now=self._clock.now,
        )
        try:
            return await current.go()
        finally:
            del self._running[id]

    def cancel(self, run: str) -> bool:
        """Stops all of a run: at once on screen, at the vendor as it can. False: it has ended."""
        current = self._running.get(run)
        if current is not None:
            current.stop()
        return current is not None

    def cancel_node(self, run: str, node: str) -> bool:
        """Stops one node, and so what needs it. False: it has ended, or is not in the run."""
        current = self._running.get(run)
        return current is not None and current.stop_node(node)

    def leave(self, run: str) -> bool:
        """Ends our part of a run. What is under way goes on at the vendor, and is collected next time."""
        current = self._running.get(run)
        if current is not None:
            current.leave()
        return current is not None

    @property
    def running(self) -> tuple[str, ...]:
        return tuple(self._running)

    # --- after -----------------------------------------------------------------------------------

    async def recover(self, tell: Callable[[Operation, Event], None] | None = None) -> Recovered:
        """Brings home what earlier runs left under way; buys nothing. For the start of a program."""
        return await self._recovery.recover(tell)

    async def close(self) -> None:
        """Leaves what runs, and waits for creates in flight, so that no answer is lost: a minute, or as
        long as a synchronous vendor may work."""
        for run in tuple(self._running.values()):
            run.leave()
        await self._sender.close()

    def _bench(self, job: Job) -> FolderBench:
        return FolderBench(
            resolve=job.resolve,
            photographs=self._photographs,
            output=job.output,
            facts=partial(_facts, job),
            lately=self._lately,
        )


def _facts(job: Job, picture: Picture) -> Facts:
    """A photograph is known by its file's name, every other picture by its node's id."""
    stem = Path(picture.name).stem
    return facts_of(
        job.document,
        picture.name if picture.name in job.document.nodes else stem,
        called=called_by(job.document_id),
        size=(picture.width, picture.height),
        seed=picture.seed,
        day=date.today(),
        title=stem,
        columns=job.columns,
    )


async def _source(id: str, node: Node, kind: NodeKind, bench: FolderBench) -> Outputs | Fault:
    assert kind.doing is not None
    try:
        return await kind.doing(id, node, {}, bench)
    except Fault as fault:
        return fault.at(Where(node=id, parameter="file"))


def _on_its_way(one: Operation, document: str, asked: set[tuple[str, str]]) -> bool:
    sent = one.state in (State.SUBMITTED, State.RUNNING, State.DELIVERED)
    return sent and not one.draft and one.document == document and (one.node, one.node_key) in asked


def _credits(step: Step) -> int:
    return (step.kind.card.credits or 0) if step.kind.card else 0


def _credits_of(estimate: Estimate) -> int | None:
    """Credits of what is bought; None where one of the models has only a vendor's price."""
    cards = [step.kind.card for step in estimate.plan.models() if step.id in estimate.bought]
    return None if any(card is None or card.credits is None for card in cards) else estimate.credits


def _no_key(node: str) -> Refused:
    return Refused(
        say("There is no key for the vendor of {node}, and this run must not make drafts.", node=node),
        advice=say("Give the key with `tagloom keys set`, or run without --live."),
        code="engine.no-key",
        retry=Retry.ASK,
        where=Where(node=node),
    )
