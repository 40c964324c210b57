"""Rows on this machine: an order becomes a job of the engine. A cluster's workers use the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from app.basics.faults import Fault
from app.basics.ids import new_id
from app.basics.words import in_english
from app.batch.orders import RowFailure, RowOrder, RowOutcome, RowResult
from app.batch.row_words import RowWords
from app.batch.standing import resolver
from app.batch.views import RowEstimate, Wanted
from app.document import project_file
from app.engine.engine import Engine
from app.engine.events import RunFinished
from app.engine.job import NO_CAPS, Caps, Estimate, Job
from app.engine.results import Result


class LocalRunner:
    """`caps` are those of the day and the document; those of a batch are the batch's own. `at_once` orders
    are wanted in flight. `resolve` is asked where a `file` value leads, if not to where it says."""

    def __init__(
        self,
        engine: Engine,
        *,
        at_once: int,
        caps: Callable[[], Caps] = lambda: NO_CAPS,
        resolve: Callable[[RowOrder, str], Path] | None = None,
    ) -> None:
        self._engine = engine
        self._resolve = resolve or resolve_file
        self._at_once = at_once
        self._caps = caps

    @property
    def at_once(self) -> int:
        return self._at_once

    async def run(self, order: RowOrder, tell: Callable[[str], None]) -> RowOutcome:
        began = time.monotonic()
        try:
            finished = await self._engine.run(
                self._job(order), RowWords(tell).hear, f"{order.batch}-{new_id()}"
            )
        except Fault as fault:
            failures = (failure_of(fault),)
            return RowOutcome(
                key=order.key, number=order.number, failures=failures, seconds=time.monotonic() - began
            )
        return _outcome(order, finished, time.monotonic() - began)

    async def estimate(self, order: RowOrder) -> RowEstimate:
        """What the row would cost now. Sends nothing. What is wrong with it is in there, not raised."""
        try:
            estimate = await self._engine.estimate(self._job(order))
        except Fault as fault:
            return RowEstimate(problems=(failure_of(fault),))
        return _estimated(estimate)

    async def close(self) -> None:
        """The engine belongs to whoever gave it."""

    def _job(self, order: RowOrder) -> Job:
        output = Path(order.output)
        return Job(
            document=order.document.whole,
            document_id=order.ledger_id,
            resolve=partial(self._resolve, order),
            output=output,
            save_all=True,
            live_only=order.live_only,
            retry_unknown=order.retry_unknown,
            front=order.front,
            caps=self._caps(),
            columns=order.columns,
        )


def resolve_file(order: RowOrder, file: str) -> Path:
    """Where a `file` value of the row leads.

    :raises BadInput: it lies outside the document's folder, or a table's file outside the table's
    """
    ours = partial(project_file.resolve, Path(order.folder))
    return resolver(ours, [Path(one) for one in order.elsewhere])(file)


def failure_of(fault: Fault, node: str = "", operation: str = "") -> RowFailure:
    """In English, as it is kept on disk and travels; `unsaid.spoken_again` says it in the language of now."""
    return RowFailure(
        node=node or fault.where.node or "",
        title=in_english(fault.title),
        advice=in_english(fault.advice),
        code=fault.code,
        charged=fault.charged.value,
        retry=fault.retry.value,
        operation=operation,
        unknown=fault.kind == "lost",
    )


def _outcome(order: RowOrder, finished: RunFinished, seconds: float) -> RowOutcome:
    return RowOutcome(
        key=order.key,
        number=order.number,
        results=tuple(_result(one, Path(order.output)) for one in finished.results),
        failures=tuple(
            failure_of(one.fault, one.node, one.operation) for one in finished.failures if not one.because
        ),
        cancelled=finished.cancelled,
        seconds=seconds,
    )


def _result(one: Result, output: Path) -> RowResult:
    saved = ""
    if one.saved is not None:
        saved = (
            one.saved.relative_to(output).as_posix() if one.saved.is_relative_to(output) else str(one.saved)
        )
    return RowResult(
        node=one.node,
        sha256=one.sha256,
        suffix=(one.saved or one.path).suffix,
        saved=saved,
        seed=one.seed,
        credits=one.credits,
        micros=one.money,
        reused=one.reused,
        draft=one.draft,
        width=one.width,
        height=one.height,
        operation=one.operation,
    )


def _estimated(estimate: Estimate) -> RowEstimate:
    models = {step.id: step.kind.card for step in estimate.plan.models()}
    bought = [models[id] for id in estimate.bought]
    known = [card.credits for card in bought if card is not None and card.credits is not None]
    return RowEstimate(
        credits=sum(known) if len(known) == len(bought) else None,
        money=estimate.money,
        bought=len(bought),
        drafts=len(estimate.drafts),
        reused=len(estimate.reused),
        followed=len(estimate.followed),
        problems=tuple(failure_of(fault, node) for node, fault in estimate.troubles.items()),
        keepings=estimate.keepings,
        wanted=tuple(_wanted(estimate)),
        kept_drafts=sum(bool(one.asset and one.asset.origin.draft) for one in estimate.plan.models()),
    )


def _wanted(estimate: Estimate) -> Iterator[Wanted]:
    live, drafts = set(estimate.bought), set(estimate.drafts)
    for step in estimate.plan.models():
        if step.id not in live | drafts or step.keys is None or step.draws:
            continue
        card, price = step.kind.card, step.price
        yield Wanted(
            fingerprint=int(step.keys.with_seed(step.seed)[:16], 16),
            live=step.id in live,
            credits=-1 if card is None or card.credits is None else card.credits,
            price=price.money if price is not None else 0,
            priced=price is not None,
        )
