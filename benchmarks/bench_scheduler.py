"""Scheduler, content keys and memory of local work against the floor, from 100 to 5,000 nodes."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from app.document.sockets import Shape, Socket, SocketType
from app.document.values import Document, End, Link, Links, Node
from app.engine.local import Memory, Workshop
from app.engine.plan import Terms, make_plan
from app.engine.scheduler import Scheduler
from app.engine.steps import Feed, Step
from app.nodes.declare import Family, Inputs, NodeKind, Output, Picture
from benchmarks import floor_executor as floor
from benchmarks.report import Report

SIZES = (100, 500, 1_000, 5_000)
ROUNDS = 7
CACHED_MS = 85.0
"""Milliseconds for 5,000 nodes that are all remembered."""


class NoBench:
    """Quick kinds need nothing of the bench."""

    async def photograph(self, file: str) -> Picture:
        raise NotImplementedError

    async def save(self, picture: Picture, name: str) -> Path:
        raise NotImplementedError


def _added(node: Node, inputs: Inputs) -> Mapping[str, Output]:
    given = [int(str(one)) for arrived in inputs.values() for one in arrived]
    own = [value for value in node.values.values() if isinstance(value, int)]
    return {"out": str((sum(given) + sum(own)) % (1 << 62))}


def _shown(node: Node, inputs: Inputs) -> Mapping[str, Output]:
    return {"out": inputs["in"][0]}


def _kind(id: str, quick: Callable[[Node, Inputs], Mapping[str, Output]], *, end: bool) -> NodeKind:
    into = Socket(id="in", title="In", type=SocketType.PROMPT, most=None, help="Numbers.")
    out = Socket(id="out", title="Out", type=SocketType.PROMPT, most=None, help="Their sum.")
    return NodeKind(
        id=id,
        title=id,
        family=Family.LAYOUT,
        shape=Shape(kind=id, title=id, inputs=(into,), outputs=(out,)),
        parameters=(),
        help="For measuring.",
        quick=quick,
        end=end,
    )


KINDS = {"add": _kind("add", _added, end=False), "out": _kind("out", _shown, end=True)}
Steps = dict[str, Step]


def steps_of(items: floor.Items) -> Steps:
    return {
        name: Step(
            id=name,
            node=Node(kind=item.does, values=dict(item.values)),
            kind=KINDS[item.does],
            feeds=tuple(Feed("in", one, "out") for one in item.reads),
        )
        for name, item in items.items()
    }


def document_of(items: floor.Items) -> Document:
    return Document(
        nodes=MappingProxyType(
            {name: Node(kind=item.does, values=dict(item.values)) for name, item in items.items()}
        ),
        links=Links(
            tuple(
                Link(source=End(one, "out"), target=End(name, "in"))
                for name, item in items.items()
                for one in item.reads
            )
        ),
    )


def run_steps(steps: Steps, memory: Memory) -> Workshop:
    """All of it, as a run does it: joined, scheduled, keyed, remembered, worked."""

    async def work() -> Workshop:
        workshop = Workshop(memory, NoBench())
        scheduler = Scheduler(
            {step.id: [feed.parent for feed in step.feeds] for step in steps.values()},
            lambda id: workshop.begin(steps[id]),
        )
        await scheduler.run()
        return workshop

    return asyncio.run(work())


def best(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """The shortest of some rounds of each, in seconds, taken in turns so that both meet the same machine."""
    shortest = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for place, work in enumerate((first, second)):
            gc.collect()
            began = time.perf_counter()
            work()
            shortest[place] = min(shortest[place], time.perf_counter() - began)
    return shortest[0], shortest[1]


def run(report: Report) -> None:
    times: dict[tuple[str, int], float] = {}
    for shape in floor.SHAPES:
        for size in SIZES:
            times[shape, size] = _cold(report, shape, size)
        report.add(
            f"scheduler, {shape}, time of 5,000 ÷ time of 500",
            times[shape, 5_000],
            "s",
            against="500 nodes of the same shape",
            floor=times[shape, 500],
            target=12.0,
        )
        _cached(report, shape)
        _leaf(report, shape)
    _planned(report)


def _cold(report: Report, shape: str, size: int) -> float:
    items = floor.graph(shape, size)
    steps = steps_of(items)
    expected, _ = floor.run(items, {})
    found = run_steps(steps, Memory()).outputs
    if {name: int(str(one["out"])) for name, one in found.items()} != expected:
        raise AssertionError(f"{shape} {size}: the scheduler computes something else than the floor")
    ours, theirs = best(lambda: run_steps(steps, Memory()), lambda: floor.run(items, {}))
    count = len(items)
    report.add(
        f"scheduler, {shape}, {size} nodes",
        ours / count * 1e6,
        "µs a node",
        against="graphlib, asyncio and a hash (floor_executor)",
        floor=theirs / count * 1e6,
        target=1.5,
        nodes=count,
    )
    return ours


def _cached(report: Report, shape: str) -> None:
    items = floor.graph(shape, 5_000)
    steps = steps_of(items)
    memory = Memory()
    run_steps(steps, memory)
    cache: dict[str, int] = {}
    floor.run(items, cache)
    ours, theirs = best(lambda: run_steps(steps, memory), lambda: floor.run(items, cache))
    worked = len(run_steps(steps, memory).worked)
    if worked:
        raise AssertionError(f"{worked} nodes worked although all was remembered")
    report.limit(
        f"scheduler, {shape}, 5,000 all remembered",
        ours * 1e3,
        "ms",
        limit=CACHED_MS,
        against="85 ms",
        nodes=len(items),
        floor_ms=round(theirs * 1e3, 2),
    )


def _leaf(report: Report, shape: str) -> None:
    items = floor.graph(shape, 1_000)
    changed = floor.graph(shape, 1_000, leaf=10**7)
    memory = Memory()
    run_steps(steps_of(items), memory)
    cache: dict[str, int] = {}
    floor.run(items, cache)
    began = time.perf_counter()
    worked = run_steps(steps_of(changed), memory).worked
    took = time.perf_counter() - began
    report.add(
        f"scheduler, {shape}, nodes run after one leaf changed",
        len(worked),
        "nodes",
        against="exactly the leaf and what is below it",
        floor=floor.run(changed, cache)[1],
        target=1.0,
        ms=round(took * 1e3, 2),
    )


def _planned(report: Report) -> None:
    """From the document: what 5,000 nodes cost before anything runs."""
    items = floor.graph("layered", 5_000)
    document = document_of(items)
    terms = Terms(kinds=KINDS, known={}, found={}, is_draft=lambda id, node: False)
    ours, theirs = best(lambda: make_plan(document, terms), lambda: floor.run(items, {}))
    report.add(
        "plan, layered, 5,000 nodes",
        ours * 1e3,
        "ms",
        against="running the same graph on the floor",
        floor=theirs * 1e3,
        target=3.0,
        nodes=len(items),
    )
