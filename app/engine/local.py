"""Work that is done here, not bought: each node's own content key, and what was made of the same before."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Coroutine

from app.basics.faults import Bug, Where
from app.basics.words import say
from app.engine.fingerprint import content_key, fit_key
from app.engine.steps import Feed, Outputs, Step
from app.nodes.declare import Bench, Inputs, Output, Picture

_Row = tuple[Feed, ...]


class Memory:
    """What this process made, by content key. Only values and paths, no pixels; the oldest goes first."""

    def __init__(self, most: int = 50_000) -> None:
        self._known: OrderedDict[str, Outputs] = OrderedDict()
        self._most = most

    def get(self, key: str) -> Outputs | None:
        return self._known.get(key)

    def put(self, key: str, outputs: Outputs) -> None:
        self._known[key] = outputs
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def __len__(self) -> int:
        return len(self._known)


class Workshop:
    """Does the local steps of one run: in place where they are quick, else as a coroutine.

    `outputs` and `keys` grow with the run; what comes from outside (a photograph, a picture of a model) is
    put in by `give`. `worked` counts the steps that really worked, in order.
    """

    def __init__(self, memory: Memory, bench: Bench) -> None:
        self.outputs: dict[str, Outputs] = {}
        self.keys: dict[str, str] = {}
        self.worked: list[str] = []
        self._memory = memory
        self._bench = bench

    def give(self, id: str, outputs: Outputs) -> None:
        """What a step has from elsewhere; its key is that of the content, made when it is asked for."""
        self.outputs[id] = outputs

    def begin(self, step: Step) -> Coroutine[object, object, None] | None:
        """Does a quick step, or one that was done before; gives the coroutine of any other."""
        kind, feeds, keys, id = step.kind, step.feeds, self.keys, step.id
        for feed in feeds:
            if feed.parent not in keys:
                keys[feed.parent] = value_key(self.outputs[feed.parent])
        key = content_key(
            kind.id,
            step.node.values,
            [
                (feed.socket, keys[feed.parent], feed.output)
                if not feed.tag and feed.fit.mode == "none"
                else (feed.socket, keys[feed.parent], feed.output, feed.tag.lower(), fit_key(feed.fit))
                for feed in feeds
            ],
        )
        keys[id] = key
        # An end does something each time (it writes a file), so it is never taken as done.
        known = None if kind.end and kind.doing is not None else self._memory.get(key)
        if known is not None:
            self.outputs[id] = known
            return None
        if kind.quick is None:
            return self._do(step, key)
        outputs = kind.quick(step.node, self.inputs(step))
        self.worked.append(id)
        self.outputs[id] = outputs
        self._memory.put(key, outputs)
        return None

    async def _do(self, step: Step, key: str) -> None:
        if step.kind.doing is None:
            raise Bug(
                say("{title} does not know how to run.", title=step.kind.title),
                advice=say("Please report this."),
                code="engine.cannot-run",
                where=Where(node=step.id),
            )
        outputs = await step.kind.doing(step.id, step.node, self.inputs(step), self._bench)
        self.worked.append(step.id)
        self.outputs[step.id] = outputs
        self._memory.put(key, outputs)

    def inputs(self, step: Step) -> Inputs:
        """What has arrived at a step, by socket, in the order of the links."""
        outputs = self.outputs
        feeds = step.feeds
        if len(feeds) == 1:
            one = feeds[0]
            return {one.socket: (outputs[one.parent][one.output],)}
        arrived: dict[str, list[Output]] = {}
        for feed in feeds:
            arrived.setdefault(feed.socket, []).append(outputs[feed.parent][feed.output])
        return {socket: tuple(values) for socket, values in arrived.items()}


def value_key(outputs: Outputs) -> str:
    """The key of what is known by its content: words, and pictures by their hash."""
    return content_key(
        "",
        {},
        sorted(
            (socket, value.sha256 if isinstance(value, Picture) else f"text:{value}")
            for socket, value in outputs.items()
        ),
    )
