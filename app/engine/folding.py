"""Events folded into a `RunState`: the one place that says what an event means for what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec.structs import replace

from app.basics.faults import Lost
from app.basics.money import NOTHING, Money
from app.engine.events import (
    Event,
    NodeCancelled,
    NodeDone,
    NodeFailed,
    NodeQueued,
    NodeRunning,
    RunFinished,
    RunStarted,
)
from app.engine.results import Notice
from app.engine.run_state import IDLE, NodeRun, NodeState, RunState


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
    nodes[id] = replace(_known(nodes, id), **changes)
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
        money=Money(state.money + (event.money or NOTHING)),
    )
