"""What a run says, in order. `run_state.fold` makes a `RunState` value of them; the canvas, the strip
and the command line show that. Events flow up; nothing here knows who listens."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.basics.faults import Fault
from app.basics.money import NOTHING, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A picture that a node has. `draft`: from the sandbox. `reused`: from the library, nothing paid now.
    `credits` and `money` are what was paid by this run for it (0 when reused or a draft)."""

    node: str
    path: Path
    sha256: str
    width: int
    height: int
    seed: int | None = None
    credits: int = 0
    money: Money = NOTHING
    reused: bool = False
    draft: bool = False
    operation: str = ""
    fingerprint: str = ""
    """The content key of what was asked, the seed included."""
    saved: Path | None = None
    """Where a Save Image node or the command line's output folder put it."""


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
    """`reason`: `waiting` (for its inputs or a free place), `sending`, `vendor` (queued there), `throttled`,
    `paused` (the vendor asked us to wait; `until` seconds from now)."""

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
class Notice:
    """Something to tell that is not a failure: "No key for Runway: drafts from the sandbox"."""

    run: str
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    run: str
    results: tuple[Result, ...]
    failures: tuple[NodeFailed, ...]
    cancelled: bool
    credits: int
    money: Money


Event = RunStarted | NodeQueued | NodeRunning | NodeDone | NodeFailed | NodeCancelled | Notice | RunFinished
