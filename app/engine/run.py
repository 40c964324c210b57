"""One run of a plan: local work and purchases in the right order, told as events, folded into an end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime

from msgspec.structs import replace

from app.basics.faults import Fault, Where
from app.basics.money import Money
from app.basics.words import mark, say
from app.engine.bench import FolderBench
from app.engine.budget import Purse
from app.engine.buyer import Buyer
from app.engine.events import Event, NodeCancelled, NodeDone, NodeFailed, RunFinished, RunStarted
from app.engine.fingerprint import Words
from app.engine.job import Estimate, Job
from app.engine.local import Memory, Workshop
from app.engine.order import Order, order_of
from app.engine.purchase import Made, Purchases
from app.engine.queue import Queue
from app.engine.results import Notice, Result
from app.engine.scheduler import Ending, Outcome, Scheduler
from app.engine.sending import queued_of
from app.engine.shelf import Vendors
from app.engine.steps import Step, output_of, picture_of
from app.library.assets import Asset
from app.nodes.declare import NodeKind, Picture
from app.nodes.kinds.save_image import DEFAULT_NAME
from app.providers.contract import Vendor

STOPPING = mark("Asked to stop. What it cost is told as soon as it is known.")
LEFT = mark("Left as it is. A picture that is under way is collected next time, for free.")


class Run:
    """`stop` and `stop_node` mean it (the vendor is asked to stop), `leave` only ends our part."""

    def __init__(
        self,
        *,
        id: str,
        job: Job,
        estimate: Estimate,
        purse: Purse,
        bench: FolderBench,
        memory: Memory,
        purchases: Purchases,
        vendors: Vendors,
        words: Callable[[NodeKind], Words],
        tell: Callable[[Event], None],
        queue: Queue,
        now: Callable[[], datetime],
    ) -> None:
        self.id = id
        self._job = job
        self._estimate = estimate
        self._purse = purse
        self._bench = bench
        self._workshop = Workshop(memory, bench)
        self._purchases = purchases
        self._vendors = vendors
        self._words = words
        self._tell = tell
        self._queue = queue
        self._now = now
        self._steps = {step.id: step for step in estimate.plan.steps}
        self._results: dict[str, Result] = {}
        self._failures: dict[str, NodeFailed] = {}
        self._operations: dict[str, str] = {}
        self._begun: set[str] = set()
        self._stopping: set[str] = set()
        self._ending = False
        self._sellers: dict[str, Vendor] = {}
        self._asking = asyncio.Lock()
        self._noticed: set[str] = set()
        stale = estimate.plan.stale()
        working = {step.id for step in stale}
        self._shown = frozenset(step.id for step in stale if step.kind.quick is None or step.kind.end)
        self._scheduler = Scheduler(
            {step.id: [feed.parent for feed in step.feeds if feed.parent in working] for step in stale},
            self._begin,
            self._ended,
        )

    async def go(self) -> RunFinished:
        self._tell(
            RunStarted(
                run=self.id,
                nodes=tuple(step.id for step in self._estimate.plan.steps if step.id in self._shown),
                estimate=self._estimate.money,
                credits=self._estimate.credits,
                draft=bool(self._estimate.drafts),
            )
        )
        whole = False
        try:
            self._give_fresh()
            await self._scheduler.run()
            await self._save_all()
            whole = True
        finally:
            self._ending = self._ending or not whole
            finished = self._finished()
            self._tell(finished)
        return finished

    def stop(self) -> None:
        self._ending = True
        self._stopping |= self._steps.keys()
        for id in self._begun - self._scheduler.outcomes.keys():
            self._say_stopping(id)
        self._scheduler.cancel_all()

    def leave(self) -> None:
        self._ending = True
        self._scheduler.cancel_all()

    def stop_node(self, id: str) -> bool:
        self._stopping.add(id)
        known = self._scheduler.cancel(id)
        if known and id in self._begun and id not in self._scheduler.outcomes:
            self._say_stopping(id)
        return known

    def _say_stopping(self, id: str) -> None:
        if self._steps[id].model:
            self._tell(NodeCancelled(run=self.id, node=id, words=STOPPING))

    # --- what stands already ---------------------------------------------------------------------

    def _give_fresh(self) -> None:
        for step in self._estimate.plan.steps:
            if step.outputs is None:
                continue
            self._workshop.give(step.id, step.outputs)
            if step.asset is not None:
                picture = step.outputs[output_of(step.kind)]
                assert isinstance(picture, Picture)
                made = Made(asset=step.asset, operation=step.asset.origin.operation, reused=True)
                self._results[step.id] = self._result(step.id, picture, made)
                self._tell(NodeDone(run=self.id, node=step.id, result=self._results[step.id]))
            elif step.kind.end:
                self._tell(NodeDone(run=self.id, node=step.id, result=self._passed(step.id)))

    # --- steps -----------------------------------------------------------------------------------

    def _begin(self, id: str) -> Coroutine[object, object, None] | None:
        step = self._steps[id]
        self._begun.add(id)
        if step.fault is not None:
            raise step.fault
        return self._buy(step) if step.model else self._workshop.begin(step)

    async def _buy(self, step: Step) -> None:
        inputs = self._workshop.inputs(step)
        order = order_of(
            step,
            inputs,
            self._words(step.kind),
            run=self.id,
            document=self._job.document_id,
            retry=self._job.retry_unknown,
            front=self._job.front,
        )
        vendor = await self._expected(order, draft=step.id in self._estimate.drafts)
        if vendor.draft and vendor.id not in self._noticed:
            self._noticed.add(vendor.id)
            text = say(
                "There is no key for {title}: its pictures are drafts from the sandbox, free.",
                title=vendor.title,
            )
            self._tell(Notice(run=self.id, code="engine.sandbox", text=text))
        buyer = Buyer(
            tell=self._tell,
            purse=self._purse,
            stopping=lambda: step.id in self._stopping,
            noted=lambda operation: self._operations.__setitem__(step.id, operation),
        )
        made = await self._purchases.make(order, vendor, buyer)
        picture = picture_of(made.asset, step.id)
        picture = replace(picture, draft=picture.draft or order.from_draft)
        self._workshop.give(step.id, {output_of(step.kind): picture})
        self._results[step.id] = self._result(step.id, picture, made)

    async def _expected(self, order: Order, *, draft: bool) -> Vendor:
        """The vendor. While its sandbox starts, the picture stands in the queue already: left at that moment,
        it is shown next time."""
        queued = queued_of(order, self._now(), draft=draft)
        self._queue.enter(queued)
        came = False
        try:
            vendor = await self._vendor(order.offer.vendor)
            came = True
        finally:
            if not came:
                self._queue.leave(queued.id)
        return vendor

    async def _vendor(self, id: str) -> Vendor:
        """Asked for once a run: a key that comes or goes meanwhile counts from the next."""
        async with self._asking:
            if id not in self._sellers:
                self._sellers[id] = await self._vendors.vendor(id)
            return self._sellers[id]

    def _ended(self, id: str, outcome: Outcome) -> None:
        match outcome.ending:
            case Ending.DONE:
                if id in self._shown:
                    result = self._results.get(id) or self._passed(id)
                    self._tell(NodeDone(run=self.id, node=id, result=result))
            case Ending.FAILED:
                assert outcome.fault is not None
                # Of a branch that cannot go on, the fault stays that of the node that failed first.
                fault = outcome.fault if outcome.because else outcome.fault.at(Where(node=id))
                failed = NodeFailed(
                    run=self.id,
                    node=id,
                    fault=fault,
                    operation="" if outcome.because else self._operations.get(id, ""),
                    because=outcome.because,
                )
                self._failures[id] = failed
                self._tell(failed)
            case Ending.CANCELLED:
                left = id in self._begun and id not in self._stopping
                self._tell(NodeCancelled(run=self.id, node=id, words=LEFT if left else outcome.words))

    # --- pictures --------------------------------------------------------------------------------

    def _result(self, id: str, picture: Picture, made: Made) -> Result:
        asset: Asset = made.asset
        return Result(
            node=id,
            path=asset.path,
            sha256=asset.sha256,
            width=asset.width,
            height=asset.height,
            seed=asset.origin.seed,
            credits=made.credits,
            money=made.paid,
            reused=made.reused,
            draft=picture.draft,
            operation=made.operation,
            fingerprint=asset.origin.fingerprint,
        )

    def _passed(self, id: str) -> Result | None:
        """The picture that a node shows or has saved, not made by itself."""
        step = self._steps[id]
        arrived = (
            [
                self._workshop.outputs[feed.parent].get(feed.output)
                for feed in step.feeds
                if feed.parent in self._workshop.outputs
            ]
            if step.kind.end
            else list((step.outputs or self._workshop.outputs.get(id, {})).values())
        )
        picture = next((one for one in arrived if isinstance(one, Picture)), None)
        if picture is None:
            return None
        return Result(
            node=id,
            path=picture.path,
            sha256=picture.sha256,
            width=picture.width,
            height=picture.height,
            seed=picture.seed,
            reused=not any(one.sha256 == picture.sha256 and not one.reused for one in self._results.values()),
            draft=picture.draft,
            saved=self._bench.saved.get(picture.sha256) if step.kind.doing else None,
        )

    async def _save_all(self) -> None:
        """The wanted pictures that no Save Image node has named, where the job asks for them all."""
        if not self._job.save_all:
            return
        for id in tuple(self._results):
            result = self._results[id]
            if id not in self._estimate.plan.wanted or result.sha256 in self._bench.saved:
                continue
            picture = Picture(
                path=result.path,
                sha256=result.sha256,
                name=id,
                width=result.width,
                height=result.height,
                seed=result.seed,
            )
            try:
                await self._bench.save(picture, DEFAULT_NAME)
            except Fault as fault:
                failed = NodeFailed(run=self.id, node=id, fault=fault.at(Where(node=id)))
                self._failures[id] = failed
                self._tell(failed)

    def _finished(self) -> RunFinished:
        wanted = self._estimate.plan.wanted
        results = tuple(
            replace(self._results[id], saved=self._bench.saved.get(self._results[id].sha256))
            for id in self._steps
            if id in self._results and (id in wanted or not self._results[id].reused)
        )
        return RunFinished(
            run=self.id,
            results=results,
            failures=tuple(self._failures.values()),
            cancelled=self._ending,
            credits=sum(one.credits for one in results),
            money=_paid(results),
        )


def _paid(results: tuple[Result, ...]) -> Money | None:
    """Together; None where one is not known."""
    known = [one.money for one in results if one.money is not None]
    return Money(sum(known)) if len(known) == len(results) else None
