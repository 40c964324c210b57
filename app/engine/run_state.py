"""How the nodes of a document stand, as a value that can be shown, kept and compared. `folding` makes it of
events."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct, field

from app.basics.faults import Fault
from app.basics.money import NOTHING, Money
from app.engine.results import Notice, Result


class NodeState(StrEnum):
    IDLE = "idle"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REUSED = "reused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class NodeRun(Struct, frozen=True, kw_only=True):
    """How a node stands. `result` stays through a later failure: a picture is never taken away."""

    state: NodeState = NodeState.IDLE
    progress: float | None = None
    left: float | None = None
    reason: str = ""
    until: float | None = None
    free_to_cancel: bool = True
    result: Result | None = None
    fault: Fault | None = None
    operation: str = ""
    because: str = ""


IDLE = NodeRun()


class RunState(Struct, frozen=True, kw_only=True):
    """`running` lists the runs under way. `nodes` holds every node that any run has touched."""

    running: frozenset[str] = frozenset()
    nodes: Mapping[str, NodeRun] = field(default_factory=lambda: MappingProxyType({}))
    notices: tuple[Notice, ...] = ()
    credits: int = 0
    money: Money = NOTHING
    """Of what was paid, the part that is known."""

    def node(self, id: str) -> NodeRun:
        return self.nodes.get(id, IDLE)
