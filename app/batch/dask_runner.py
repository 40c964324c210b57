"""Rows on a Dask cluster. Whether a row is bought is decided by the ledger that all workers share, never by
the scheduler: a row that Dask gives out twice waits for its lease and gets the same picture."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from app.basics.faults import Charged, Fault, Retry, Unreachable
from app.basics.ids import new_id
from app.basics.words import say
from app.batch.dask_package import dask_package
from app.batch.dask_rows import PLUGIN, TOPIC, leave_rows, run_row
from app.batch.orders import RowOrder, RowOutcome
from app.batch.runner import failure_of
from app.batch.shipping import Answer, Lander, Sender, packed

_log = logging.getLogger(__name__)
_CONNECT_SECONDS = 15
_COUNT_SECONDS = 5.0
_LEAVE_SECONDS = 5.0
_AGAIN_SECONDS = 0.3
_MOST_TRIES = 20
"""Workers that may say, one after another, that they are about to leave."""


@dataclass(frozen=True, slots=True)
class _Gone:
    """Dask has given the row up; `reason` in its words, empty where it forgot the row with its scheduler."""

    reason: str


class DaskRunner:
    """Call `open` first. `at_once` rows are with the cluster at a time, over all its workers: that is what
    keeps a vendor's limit, which is one for an account."""

    def __init__(self, address: str, sender: Sender, lander: Lander, *, at_once: int) -> None:
        self._address = address
        self._sender, self._lander = sender, lander
        self._at_once = at_once
        self._client: Any = None
        self._package: Any = None
        self._tells: dict[str, Callable[[str], None]] = {}
        self._to_leave: set[str] = set()
        self._leaving: asyncio.Task[None] | None = None
        self._workers, self._counted = 0, float("-inf")

    @property
    def at_once(self) -> int:
        return self._at_once

    async def open(self) -> None:
        """:raises BadInput: `cluster.packages`, `cluster.address`
        :raises Unreachable: `cluster.unreachable`: there is no scheduler
        """
        self._package = dask_package()
        client = self._package.Client(
            self._address,
            asynchronous=True,
            set_as_default=False,
            timeout=_CONNECT_SECONDS,
            name="tagloom-batch",
        )
        try:
            self._client = await client
        except (OSError, TimeoutError, ValueError) as error:
            raise unreachable(self._address, str(error)) from error
        finally:
            if self._client is None:
                await client.close(timeout=1)
        self._client.subscribe_topic(TOPIC, self._heard)
        await self._count()

    @property
    def workers(self) -> int:
        """Workers of ours that the scheduler had when it was asked last, some seconds ago."""
        return self._workers

    async def run(self, order: RowOrder, tell: Callable[[str], None]) -> RowOutcome:
        """:raises Unreachable: `cluster.scheduler-lost`: the row waits, and goes on with the next start"""
        tell("waiting")
        token = f"{order.batch}-{order.key}-{new_id()}"
        await self._count()
        try:
            text = packed(await self._sender.ship(order, token))
        except Fault as fault:
            return _failed(order, fault)
        self._tells[token] = tell
        try:
            for number in range(_MOST_TRIES):
                answer = await self._asked(text, token, number, order.front)
                if isinstance(answer, _Gone):
                    return self._given_up(order, answer)
                if not answer.busy:
                    return await self._landed(order, answer.outcome)
                tell("waiting")
                await asyncio.sleep(_AGAIN_SECONDS)
        finally:
            self._tells.pop(token, None)
        return _failed(order, _no_worker_stays())

    async def close(self) -> None:
        if self._leaving is not None:
            await asyncio.wait({self._leaving})
        if self._client is not None:
            client, self._client = self._client, None
            await client.close(timeout=2)

    # --- inside ----------------------------------------------------------------------------------

    async def _count(self) -> None:
        now = time.monotonic()
        if now < self._counted + _COUNT_SECONDS or self._client is None or self._client.status != "running":
            return
        self._counted = now
        try:
            known = (await self._client.scheduler.identity(n_workers=-1))["workers"].values()
        except OSError:  # its loss is said where it stops a row
            return
        self._workers = sum(PLUGIN in one.get("resources", {}) for one in known)

    async def _asked(self, text: bytes, token: str, number: int, front: bool) -> Answer | _Gone:
        if self._client is None or self._client.status != "running":
            raise _scheduler_lost(self._address)
        future = self._client.submit(
            run_row,
            text,
            key=f"tagloom-{token}-{number}",
            pure=False,
            retries=0,
            resources={PLUGIN: 1},
            priority=1 if front else 0,
        )
        waiting = asyncio.ensure_future(self._result(future))
        try:
            return await waiting
        except asyncio.CancelledError:
            waiting.cancel()
            await self._leave(token, future)
            raise
        finally:
            future.release()

    async def _result(self, future: Any) -> Answer | _Gone:
        """Dask's own cancelling is no cancelling of ours."""
        error = await future.exception()
        if future.status == "finished":
            return msgspec.json.decode(await future.result(), type=Answer)
        return _Gone(f"{type(error).__name__}: {error}" if error is not None else "")

    def _given_up(self, order: RowOrder, gone: _Gone) -> RowOutcome:
        """:raises Unreachable: the scheduler is lost, and with it every row"""
        if not gone.reason or self._client is None or self._client.status != "running":
            raise _scheduler_lost(self._address)
        _log.warning("row %s was given up: %s", order.number, gone.reason[:2000])
        return _failed(order, _workers_lost(gone.reason))

    async def _landed(self, order: RowOrder, outcome: RowOutcome) -> RowOutcome:
        try:
            return await self._lander.land(order, outcome)
        except Fault as fault:
            failures = (*outcome.failures, failure_of(fault))
            return msgspec.structs.replace(outcome, failures=failures)

    def _heard(self, event: Any) -> None:
        """From a worker: what one of its rows is at."""
        token, word = event[1]
        if tell := self._tells.get(token):
            tell(word)

    async def _leave(self, token: str, future: Any) -> None:
        """Many that leave at once are one question to the workers."""
        self._to_leave.add(token)
        if self._client is not None and self._client.status == "running":
            await future.cancel()
            if self._leaving is None or self._leaving.done():
                self._leaving = asyncio.create_task(self._ask_to_leave())
            await asyncio.shield(self._leaving)

    async def _ask_to_leave(self) -> None:
        await asyncio.sleep(0.05)
        while self._to_leave and self._client is not None:
            tokens, self._to_leave = sorted(self._to_leave), set()
            asked = self._client.run(leave_rows, tokens, on_error="return")
            try:
                await asyncio.wait_for(asked, _LEAVE_SECONDS)
            except (OSError, TimeoutError, ValueError):
                return  # they go on, and what they bring is found by the next start


def unreachable(address: str, detail: str = "") -> Unreachable:
    return Unreachable(
        say("There is no Dask scheduler at {address}.", address=address),
        advice=say("Start one (`dask scheduler`), or look whether this machine reaches it."),
        code="cluster.unreachable",
        retry=Retry.LATER,
        detail=detail,
    )


def _scheduler_lost(address: str) -> Unreachable:
    return Unreachable(
        say("The Dask scheduler at {address} is gone.", address=address),
        advice=say(
            "Start it again and then the batch: it goes on where it stopped, and buys nothing twice. "
            "What the workers have under way comes home without it."
        ),
        code="cluster.scheduler-lost",
        retry=Retry.LATER,
    )


def _workers_lost(reason: str) -> Unreachable:
    return Unreachable(
        say("The workers that had this row were lost, one after another."),
        advice=say(
            "Retry it: what was sent is followed, not bought again. If it happens again, look at the "
            "workers' terminals."
        ),
        code="cluster.workers-lost",
        charged=Charged.UNKNOWN,
        retry=Retry.NOW,
        detail=reason[:400],
    )


def _no_worker_stays() -> Unreachable:
    return Unreachable(
        say("Every worker that was given this row was about to leave."),
        advice=say("Start workers that stay (`tagloom worker ADDRESS`), and retry the row."),
        code="cluster.no-worker",
        retry=Retry.LATER,
    )


def _failed(order: RowOrder, fault: Fault) -> RowOutcome:
    return RowOutcome(key=order.key, number=order.number, failures=(failure_of(fault),))
