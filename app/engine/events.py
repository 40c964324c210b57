"""What a run says, in order. `folding.fold` makes a `RunState` value of them; the canvas, the strip
and the command line show that. Events flow up; nothing here knows who listens."""

from __future__ import annotations

from dataclasses import dataclass

from app.basics.faults import Fault
from app.basics.money import Money
from app.engine.results import Notice, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    run: str
    nodes: tuple[str, ...]
    """Nodes of the plan that will work, in order; the fresh ones are not among them."""
    estimate: Money | None
    credits: int
    draft: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeQueued:
    """`reason`: `waiting` (for its inputs or a free place), `held` (the artist paused the queue), `sending`,
    `silent` (sent; the vendor works, and tells nothing until its answer brings the picture), `vendor` (queued
    there), `throttled`, `paused` (the vendor asked us to wait; `until` seconds from now)."""

    run: str
    node: str
    reason: str
    until: float | None = None
    free_to_cancel: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRunning:
    """`progress` 0 to 1, the vendor's own or guessed from its last durations; `left` seconds, a guess."""

    run: str
    node: str
    progress: float | None
    left: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeDone:
    run: str
    node: str
    result: Result | None
    """None for a node that makes no picture (a prompt)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFailed:
    """Also `unknown` (the fault is `Lost`, `operation` names the row) and a branch that could not go on
    because of it (`because` names the node that failed first)."""

    run: str
    node: str
    fault: Fault
    operation: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeCancelled:
    """`words` say the truth about money: "Not started, free." or what the vendor charged."""

    run: str
    node: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    run: str
    results: tuple[Result, ...]
    failures: tuple[NodeFailed, ...]
    cancelled: bool
    credits: int
    money: Money | None
    """What this run paid; None where one of the prices is not known."""


Event = RunStarted | NodeQueued | NodeRunning | NodeDone | NodeFailed | NodeCancelled | Notice | RunFinished
