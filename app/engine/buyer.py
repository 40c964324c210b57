"""How a step stands in its run: whom it tells, what it may spend, how it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.engine.budget import Purse
from app.engine.events import Event, NodeQueued
from app.engine.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """`stopping`: whether being cancelled means that the artist wants the job stopped at the vendor; False
    means that we leave it, and collect later."""

    tell: Callable[[Event], None]
    purse: Purse
    stopping: Callable[[], bool]
    noted: Callable[[str], None]

    def queued(self, order: Order, reason: str, seconds: float | None) -> None:
        self.tell(NodeQueued(run=order.run, node=order.node, reason=reason, until=seconds))
