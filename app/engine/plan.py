"""From a document to steps: what is wanted, what that needs, what is fresh, what it costs. Pure.

Freshness is a question to the library. A plan says which keys it would ask for (`asks`); its caller looks
them up and plans again until nothing is asked, once for each level of models that feed models.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from app.basics.faults import BadInput, Fault, Where
from app.basics.money import Money
from app.basics.words import listed, say
from app.catalogue.cards import Card, Pixels, Price
from app.catalogue.references import most_sent
from app.document.sockets import SocketType
from app.document.values import Document, Node
from app.engine.fingerprint import Words, plain_words
from app.engine.steps import Feed, Outputs, Step, Why, changed, feed_of, keys_of, output_of, picture_of
from app.library.assets import Asset
from app.nodes.declare import Inputs, Kinds, NodeKind, Output, Picture

Known = Mapping[str, Outputs | Fault]
"""What sources (photographs) give, or why they cannot, by node id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`steps` in an order in which each comes after its inputs; only what the wanted ones need and does not
    stand already. `wanted` are those of the wanted nodes that can run at all."""

    steps: tuple[Step, ...]
    wanted: frozenset[str]
    asks: frozenset[Ask]

    def stale(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.fresh)

    def models(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.model)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to the library: a picture by what was asked (`fingerprint`), or one kept by its content."""

    fingerprint: str = ""
    sha256: str = ""
    draft: bool = False


Found = Mapping[Ask, Asset | None]

IsDraft = Callable[[str, Node], bool]
"""A model node's id and node → whether it would run on the sandbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What planning is given besides the document."""

    kinds: Kinds
    known: Known
    found: Found
    is_draft: IsDraft
    words: Callable[[NodeKind], Words] = lambda kind: plain_words


def make_plan(document: Document, terms: Terms, wanted: Collection[str] | None = None) -> Plan:
    """:raises BadInput: a wanted node that is not there, a circle, or a required input without a link"""
    roots = _roots(document, terms.kinds, wanted)
    needed = needed_by(document, roots)
    order = in_order(document, needed)
    planner = _Planner(document, terms)
    for id in order:
        planner.visit(id)
    wanting = frozenset(id for id in roots if id in planner.steps)
    return Plan(
        steps=_still_needed(planner.steps, order, wanting),
        wanted=wanting,
        asks=frozenset(planner.asks),
    )


def _roots(document: Document, kinds: Kinds, wanted: Collection[str] | None) -> tuple[str, ...]:
    if wanted is None:
        return tuple(
            id
            for id, node in document.nodes.items()
            if (kind := kinds.get(node.kind)) is not None and (kind.end or kind.card is not None)
        )
    for id in wanted:
        if id not in document.nodes:
            raise BadInput(
                say("There is no node {id} in this document.", id=id),
                advice=say("Its nodes are {list}.", list=listed(list(document.nodes)[:12]) or say("none")),
                code="plan.no-node",
                where=Where(node=id),
            )
    return tuple(dict.fromkeys(wanted))


def needed_by(document: Document, roots: Iterable[str]) -> set[str]:
    """The roots and all above them, along links whose ends exist."""
    seen = set(roots)
    waiting = list(seen)
    while waiting:
        for link in document.links.into(waiting.pop()):
            parent = link.source.node
            if parent not in seen and parent in document.nodes:
                seen.add(parent)
                waiting.append(parent)
    return seen


def in_order(document: Document, needed: set[str]) -> list[str]:
    """`needed`, each after its parents; in the document's own order where that leaves a choice.

    :raises BadInput: a circle, with the nodes in it
    """
    missing: dict[str, int] = {}
    below: dict[str, list[str]] = {}
    ready: deque[str] = deque()
    for id in document.nodes:
        if id not in needed:
            continue
        parents = {link.source.node for link in document.links.into(id)} & needed
        for parent in parents:
            below.setdefault(parent, []).append(id)
        if parents:
            missing[id] = len(parents)
        else:
            ready.append(id)
    order: list[str] = []
    while ready:
        id = ready.popleft()
        order.append(id)
        for child in below.get(id, ()):
            missing[child] -= 1
            if not missing[child]:
                ready.append(child)
    if len(order) < len(needed):
        raise _circle(sorted(needed.difference(order)))
    return order


def _circle(left: list[str]) -> BadInput:
    return BadInput(
        say(
            "These nodes wait for each other: {list}{what}.",
            list=listed(left[:8]),
            what=" …" if len(left) > 8 else "",
        ),
        advice=say("Remove one of the links between them."),
        code="plan.circle",
        where=Where(node=left[0]),
    )


def _still_needed(
    steps: Mapping[str, Step], order: Iterable[str], wanted: frozenset[str]
) -> tuple[Step, ...]:
    """Without what only feeds what stands already."""
    keep: set[str] = set()
    waiting = list(wanted)
    while waiting:
        id = waiting.pop()
        step = steps.get(id)
        if id in keep or step is None:
            continue
        keep.add(id)
        if step.outputs is None:
            waiting.extend(feed.parent for feed in step.feeds)
    return tuple(steps[id] for id in order if id in keep)


class _Planner:
    """Visits nodes in order; knows of each what it gives, or that this is not known yet."""

    def __init__(self, document: Document, terms: Terms) -> None:
        self.steps: dict[str, Step] = {}
        self.asks: set[Ask] = set()
        self._document = document
        self._terms = terms

    def visit(self, id: str) -> None:
        node = self._document.nodes[id]
        kind = self._terms.kinds.get(node.kind)
        if kind is None:
            raise BadInput(
                say(
                    "{title} is of a kind that this Tagloom does not know ({kind}).",
                    title=node.title or id,
                    kind=node.kind,
                ),
                advice=say("Update Tagloom, or leave the node out of what you run."),
                code="plan.unknown-kind",
                where=Where(node=id),
            )
        if node.skip or not kind.runs:
            return
        feeds = self._feeds(id)
        if self._starved(id, kind, feeds):
            return
        self.steps[id] = self._judged(id, node, kind, feeds)

    def _feeds(self, id: str) -> tuple[Feed, ...]:
        """What arrives from nodes that work; a link from a skipped node is as if it were not there."""
        return tuple(
            feed_of(link)
            for link in self._document.links.into(id)
            if (parent := self.steps.get(link.source.node)) is not None
            and parent.kind.shape.output(link.source.socket) is not None
        )

    def _starved(self, id: str, kind: NodeKind, feeds: tuple[Feed, ...]) -> bool:
        """Whether a required input gets nothing because what should feed it is skipped.

        :raises BadInput: nothing is linked there at all
        """
        for socket in kind.shape.inputs:
            if not socket.required or any(feed.socket == socket.id for feed in feeds):
                continue
            if self._document.links.into(id, socket.id):
                return True
            title = self._document.nodes[id].title or kind.title
            raise BadInput(
                say("{title} needs something at {socket_title}.", title=title, socket_title=socket.title),
                advice=say("Link a Prompt to it.")
                if socket.type is SocketType.PROMPT
                else say("Link a picture to it."),
                code="plan.required-input",
                where=Where(node=id, socket=socket.id),
            )
        return False

    def _judged(self, id: str, node: Node, kind: NodeKind, feeds: tuple[Feed, ...]) -> Step:
        given = self._terms.known.get(id)
        if isinstance(given, Fault):
            return Step(id=id, node=node, kind=kind, feeds=feeds, fault=given)
        if given is not None:
            return Step(id=id, node=node, kind=kind, feeds=feeds, outputs=given)
        inputs = self._inputs(feeds)
        if kind.card is not None:
            return self._model(Step(id=id, node=node, kind=kind, feeds=feeds), inputs)
        outputs = kind.quick(node, inputs) if kind.quick is not None and inputs is not None else None
        return Step(id=id, node=node, kind=kind, feeds=feeds, outputs=outputs)

    def _inputs(self, feeds: tuple[Feed, ...]) -> Inputs | None:
        """What arrives, or None where some of it is not made yet."""
        arrived: dict[str, list[Output]] = {}
        for feed in feeds:
            outputs = self.steps[feed.parent].outputs
            if outputs is None or feed.output not in outputs:
                return None
            arrived.setdefault(feed.socket, []).append(outputs[feed.output])
        return {socket: tuple(values) for socket, values in arrived.items()}

    def _model(self, step: Step, inputs: Inputs | None) -> Step:
        card = step.kind.card
        assert card is not None
        vendor = str(card.value(step.node.values, "vendor") or "auto")
        offer = card.offer(vendor)
        sent = self._sent(step, card) if offer is not None and offer.by_size else ()
        step = changed(step, offer=offer, price=card.price_for(step.node.values, vendor, sent))
        if step.node.lock and (kept := self._ask(Ask(sha256=step.node.lock), step)):
            return self._fresh(step, kept, inputs)
        if inputs is None or offer is None:
            return changed(step, why=Why.INPUTS)
        draft = self._terms.is_draft(step.id, step.node)
        step = changed(step, keys=keys_of(step, inputs, self._terms.words(step.kind)))
        assert step.keys is not None
        if step.node.pick:
            picked = self._ask(Ask(sha256=step.node.pick), step)
            # A pick stands for what it was made of; another prompt or photograph makes it an old picture.
            if picked and picked.origin.fingerprint == step.keys.with_seed(picked.origin.seed):
                return self._fresh(step, picked, inputs)
        if step.draws:
            return changed(step, why=Why.SEED)
        asset = self._ask(Ask(fingerprint=step.keys.with_seed(step.seed), draft=draft), step)
        return self._fresh(step, asset, inputs) if asset else changed(step, why=Why.NEW)

    def _sent(self, step: Step, card: Card) -> list[Pixels | None]:
        """The sizes of a model's references as they will be sent."""
        return [
            most_sent(card.references, feed.fit, self._pixels(feed))
            for feed in step.feeds
            if (socket := step.kind.shape.input(feed.socket)) and socket.type is SocketType.IMAGE
        ]

    def _pixels(self, feed: Feed) -> Pixels | None:
        """Of the picture that arrives; of one that is not made yet, what its card says."""
        while True:
            step = self.steps[feed.parent]
            given = (step.outputs or {}).get(feed.output)
            if isinstance(given, Picture):
                return (given.width, given.height)
            if step.kind.card is not None:
                size = step.kind.card.size_for(step.node.values)
                return (size.width, size.height) if size else None
            if step.kind.quick is None or not step.feeds:
                return None  # a photograph that cannot be read, or work of which nobody knows the end
            feed = step.feeds[0]  # what passes on has one input

    def _ask(self, ask: Ask, step: Step) -> Asset | None:
        """What the library has for a node. A draft never stands where the node would be bought (law 6)."""
        if ask not in self._terms.found:
            self.asks.add(ask)
            return None
        asset = self._terms.found[ask]
        if asset and asset.origin.draft and not self._terms.is_draft(step.id, step.node):
            return None
        return asset

    def _fresh(self, step: Step, asset: Asset, inputs: Inputs | None) -> Step:
        picture = picture_of(asset, step.id)
        from_draft = any(
            isinstance(one, Picture) and one.draft for arrived in (inputs or {}).values() for one in arrived
        )
        # What is made from a draft is one, whoever made it.
        picture = replace(picture, draft=picture.draft or from_draft)
        return changed(step, asset=asset, outputs={output_of(step.kind): picture})


def total(prices: Iterable[Price | None]) -> Money | None:
    """The sum, or None where one is not known."""
    money = 0
    for price in prices:
        if price is None:
            return None
        money += price.money
    return Money(money)
