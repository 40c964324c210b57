"""Events folded into a value that can be shown, kept and compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from app.basics.faults import Fault, Lost
from app.basics.money import NOTHING, Money
from app.engine.events import (
    Event,
    NodeCancelled,
    NodeDone,
    NodeFailed,
    NodeQueued,
    NodeRunning,
    Notice,
    Result,
    RunFinished,
    RunStarted,
)


class NodeState(StrEnum):
    IDLE = "idle"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REUSED = "reused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRun:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """`running` lists the runs under way. `nodes` holds every node that any run has touched."""

    running: frozenset[str] = frozenset()
    nodes: Mapping[str, NodeRun] = field(default_factory=lambda: MappingProxyType({}))
    notices: tuple[Notice, ...] = ()
    credits: int = 0
    money: Money = NOTHING

    def node(self, id: str) -> NodeRun:
        return self.nodes.get(id, IDLE)


def fold(state: RunState, event: Event) -> RunState:
    """The state after an event."""
    match event:
        case RunStarted():
            return _started(state, event)
        case NodeQueued():
            return _with(
                state,
                event.node,
                state=NodeState.QUEUED,
                reason=event.reason,
                until=event.until,
                free_to_cancel=event.free_to_cancel,
                fault=None,
            )
        case NodeRunning():
            return _with(
                state,
                event.node,
                state=NodeState.RUNNING,
                progress=event.progress,
                left=event.left,
                fault=None,
                free_to_cancel=False,
            )
        case NodeDone():
            return _done(state, event)
        case NodeFailed():
            shown = NodeState.UNKNOWN if isinstance(event.fault, Lost) else NodeState.FAILED
            return _with(
                state,
                event.node,
                state=shown,
                fault=event.fault,
                operation=event.operation,
                because=event.because,
                progress=None,
            )
        case NodeCancelled():
            return _with(state, event.node, state=NodeState.CANCELLED, reason=event.words, progress=None)
        case Notice():
            return replace(state, notices=(*state.notices, event))
        case RunFinished():
            return _finished(state, event)


def _started(state: RunState, event: RunStarted) -> RunState:
    nodes = dict(state.nodes)
    for node in event.nodes:
        nodes[node] = replace(_known(nodes, node), state=NodeState.QUEUED, reason="waiting", progress=None)
    return replace(state, running=state.running | {event.run}, nodes=MappingProxyType(nodes), notices=())


def _known(nodes: Mapping[str, NodeRun], id: str) -> NodeRun:
    return nodes.get(id, IDLE)


def _with(state: RunState, id: str, /, **changes: object) -> RunState:
    nodes = dict(state.nodes)
    nodes[id] = replace(_known(nodes, id), **changes)  # type: ignore[arg-type]
    return replace(state, nodes=MappingProxyType(nodes))


def _done(state: RunState, event: NodeDone) -> RunState:
    shown = NodeState.REUSED if event.result and event.result.reused else NodeState.DONE
    known = state.node(event.node)
    return _with(
        state,
        event.node,
        state=shown,
        result=event.result or known.result,
        progress=None,
        left=None,
        fault=None,
        because="",
    )


def _finished(state: RunState, event: RunFinished) -> RunState:
    nodes = {
        id: replace(one, state=NodeState.CANCELLED, progress=None)
        if event.cancelled and one.state == NodeState.QUEUED
        else one
        for id, one in state.nodes.items()
    }
    return replace(
        state,
        running=state.running - {event.run},
        nodes=MappingProxyType(nodes),
        credits=state.credits + event.credits,
        money=Money(state.money + event.money),
    )
