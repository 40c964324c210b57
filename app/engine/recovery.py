"""At start: what earlier processes left under way is followed to its end and brought home, for free (law 3).

Nothing is bought here. What was in the middle of sending is `unknown` from now on; a draft of a sandbox that
is gone is dropped. Rows that are only intended stay: the next run of their node goes on with their seed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from app.basics.faults import Fault, Where
from app.engine.bringing import Bringer, Dropped, Watch
from app.engine.events import Event, NodeDone, NodeFailed
from app.engine.results import Result
from app.journal.ledger import Ledger
from app.journal.operations import Operation, State
from app.library.assets import Asset
from app.nodes.declare import Kinds

AT_ONCE = 10
_DEADLINE = 900.0
_FLOOR = 1.0
_FOLLOWED = (State.SUBMITTED, State.RUNNING, State.DELIVERED)

Tell = Callable[[Operation, Event], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """`brought` are pictures now in the library; `unknown` wait for a person; `dropped` were free drafts;
    `failed` ended without a picture; `left` could not be followed now and are tried again later."""

    brought: tuple[tuple[Operation, Asset], ...] = ()
    unknown: tuple[Operation, ...] = ()
    dropped: tuple[Operation, ...] = ()
    failed: tuple[tuple[Operation, Fault], ...] = ()
    left: tuple[tuple[Operation, Fault], ...] = ()


class Recovery:
    def __init__(self, *, ledger: Ledger, bringer: Bringer, kinds: Kinds) -> None:
        self._ledger = ledger
        self._bringer = bringer
        self._kinds = kinds

    async def recover(self, tell: Tell | None = None) -> Recovered:
        swept = await self._ledger.sweep()
        following = [one for one in await self._ledger.unsettled() if one.state is not State.INTENDED]
        # Their pictures came with the answers, and only the receipts were not written.
        following += [one for one in await self._ledger.unknown() if self._bringer.is_here(one)]
        places = asyncio.Semaphore(AT_ONCE)

        async def one(operation: Operation) -> Asset | Fault | Dropped | None:
            async with places:
                return await self._follow(operation, tell)

        ends = await asyncio.gather(*(one(operation) for operation in following))
        pairs = list(zip(following, ends, strict=True))
        faults = [(operation, end) for operation, end in pairs if isinstance(end, Fault)]
        over = {operation.id: await self._is_over(operation) for operation, _ in faults}
        unknown = await self._ledger.unknown()
        told = {id for id, ended in over.items() if ended} | {one.id for one in unknown}
        return Recovered(
            brought=tuple((operation, end) for operation, end in pairs if isinstance(end, Asset)),
            unknown=unknown,
            dropped=(*swept.dropped, *(operation for operation, end in pairs if isinstance(end, Dropped))),
            failed=tuple((operation, fault) for operation, fault in faults if over[operation.id]),
            left=tuple((operation, fault) for operation, fault in faults if operation.id not in told),
        )

    async def _follow(self, operation: Operation, tell: Tell | None) -> Asset | Fault | Dropped | None:
        """None: another process is at it, or it has ended meanwhile."""
        lease = await self._ledger.acquire(operation.id)
        if lease is None:
            return None
        try:
            now = await self._ledger.get(operation.id)
            if now is None or not (now.state in _FOLLOWED or self._bringer.is_here(now)):
                return None
            if now.state is State.DELIVERED:
                await self._bringer.settle(now)
                return None
            asset = await self._bringer.bring(now, None, self._watch(now, tell))
        except Dropped as dropped:
            return dropped
        except Fault as fault:
            fault.at(Where(node=operation.node))
            if tell is not None:
                tell(
                    operation,
                    NodeFailed(run=operation.run, node=operation.node, fault=fault, operation=operation.id),
                )
            return fault
        finally:
            lease.release()
        if tell is not None:
            tell(
                operation, NodeDone(run=operation.run, node=operation.node, result=_result(operation, asset))
            )
        return asset

    async def _is_over(self, operation: Operation) -> bool:
        now = await self._ledger.get(operation.id)
        return now is not None and now.state in (State.FAILED, State.CANCELLED)

    def _watch(self, operation: Operation, tell: Tell | None) -> Watch:
        kind = self._kinds.get(operation.card)
        offer = kind.card.offer(operation.vendor) if kind and kind.card else None
        return Watch(
            run=operation.run,
            node=operation.node,
            tell=(lambda event: tell(operation, event)) if tell is not None else (lambda event: None),
            deadline=offer.deadline if offer else _DEADLINE,
            floor=offer.poll_floor if offer else _FLOOR,
        )


def _result(operation: Operation, asset: Asset) -> Result:
    return Result(
        node=operation.node,
        path=asset.path,
        sha256=asset.sha256,
        width=asset.width,
        height=asset.height,
        seed=operation.seed,
        reused=True,
        draft=operation.draft,
        operation=operation.id,
        fingerprint=operation.fingerprint,
    )
