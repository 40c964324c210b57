"""A node as the engine sees it: what feeds it, what it gives, what it asks a vendor for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.basics.faults import Bug, Fault
from app.basics.words import say
from app.catalogue.cards import Offer, Price
from app.document.sockets import SocketType
from app.document.values import NO_FIT, Fit, Link, Node
from app.engine.fingerprint import AskedKeys, AskedPicture, Words, asked_keys, draws_seed, fixed_seed
from app.library.assets import Asset
from app.nodes.declare import Inputs, NodeKind, Output, Picture

Outputs = Mapping[str, Output]


@dataclass(frozen=True, slots=True)
class Feed:
    """What arrives at an input: a parent's output, with the tag and fit of the link."""

    socket: str
    parent: str
    output: str
    tag: str = ""
    fit: Fit = NO_FIT


class Why(StrEnum):
    """Why a step has to work."""

    NEW = "new"
    SEED = "seed"
    """Its seed is empty: each run draws a new one."""
    INPUTS = "inputs"
    """What it needs is not made yet."""
    WORK = "work"
    """Not a model: done here, for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A node of the plan. `outputs` when they are known before the run (then it is fresh), `asset` where
    they come from the library, `why` it must work otherwise."""

    id: str
    node: Node
    kind: NodeKind
    feeds: tuple[Feed, ...]
    outputs: Outputs | None = None
    asset: Asset | None = None
    why: Why = Why.WORK
    keys: AskedKeys | None = None
    offer: Offer | None = None
    price: Price | None = None
    fault: Fault | None = None
    """It cannot work: a photograph that cannot be read."""

    @property
    def fresh(self) -> bool:
        return self.outputs is not None

    @property
    def model(self) -> bool:
        return self.kind.card is not None

    @property
    def seed(self) -> int | None:
        return fixed_seed(self.kind.card, self.node.values) if self.kind.card else None

    @property
    def draws(self) -> bool:
        """Whether a new seed is drawn for each run."""
        return self.kind.card is not None and draws_seed(self.kind.card, self.node.values)


def feed_of(link: Link) -> Feed:
    return Feed(link.target.socket, link.source.node, link.source.socket, link.tag, link.fit)


def changed(step: Step, **changes: object) -> Step:
    """The step with some of it replaced; `dataclasses.replace`, without its checks, is a third of a plan."""
    values = {name: getattr(step, name) for name in Step.__slots__}
    return Step(**{**values, **changes})


def keys_of(step: Step, inputs: Inputs, words: Words, offer: Offer | None = None) -> AskedKeys:
    """The keys of what a model step asks for, when all its inputs are there; `offer`: would ask elsewhere."""
    card, offer = step.kind.card, offer or step.offer
    if card is None or offer is None:
        raise Bug(
            say("{id} is not a model.", id=step.id),
            advice=say("Please report this."),
            code="plan.not-a-model",
        )
    return asked_keys(
        card,
        offer.model,
        step.node.values,
        prompt_of(inputs),
        [
            AskedPicture(sha256=one.sha256, tag=feed.tag, fit=feed.fit)
            for feed, one in references(step, inputs)
        ],
        words,
    )


def prompt_of(inputs: Inputs) -> str:
    """The words that arrive at a model."""
    return "\n".join(one for one in inputs.get("prompt", ()) if isinstance(one, str))


def references(step: Step, inputs: Inputs) -> tuple[tuple[Feed, Picture], ...]:
    """The photographs that arrive at a model, each with its link, in order."""
    taken: dict[str, int] = {}
    found: list[tuple[Feed, Picture]] = []
    for feed in step.feeds:
        place = taken.get(feed.socket, 0)
        taken[feed.socket] = place + 1
        output = inputs[feed.socket][place]
        if isinstance(output, Picture):
            found.append((feed, output))
    return tuple(found)


def output_of(kind: NodeKind) -> str:
    """The socket that a model's picture leaves by."""
    return next(one.id for one in kind.shape.outputs if one.type is SocketType.IMAGE)


def picture_of(asset: Asset, name: str) -> Picture:
    return Picture(
        path=asset.path,
        sha256=asset.sha256,
        name=name,
        width=asset.width,
        height=asset.height,
        draft=asset.origin.draft,
        seed=asset.origin.seed,
    )
