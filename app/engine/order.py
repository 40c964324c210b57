"""One picture that a model node wants, when all its inputs have arrived; and the request it becomes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from app.basics.clock import Clock
from app.basics.faults import BadInput, Fault, Where
from app.basics.money import NOTHING, Money
from app.basics.words import say
from app.catalogue.cards import Card, Offer, Price
from app.catalogue.references import most_sent
from app.catalogue.request import ImageRequest, Photograph, RequestReference
from app.document.values import Fit, Value
from app.engine.budget import Cost
from app.engine.fingerprint import AskedKeys, Words, draws_seed, parameters_of
from app.engine.steps import Step, keys_of, prompt_of, references
from app.imaging.photographs import PreparedFile
from app.imaging.preparation import Preparation
from app.nodes.declare import Inputs, Picture

MOST_SIDE = 8192
MOST_BYTES = 16_000_000
"""Where a card names no limit of its own."""
_LATELY = 60.0


class Preparer(Protocol):
    """`imaging.photographs.Photographs`, as far as a request needs it."""

    async def prepare(self, path: Path, sha256: str, preparation: Preparation) -> PreparedFile: ...


class PreparedLately:
    """Remembers what was prepared in the last minute, so that a batch that shares its photographs does not
    ask for each of them again for every picture."""

    def __init__(self, preparer: Preparer, clock: Clock) -> None:
        self._preparer = preparer
        self._clock = clock
        self._known: dict[tuple[str, Preparation], tuple[float, PreparedFile]] = {}

    async def prepare(self, path: Path, sha256: str, preparation: Preparation) -> PreparedFile:
        key = (sha256, preparation)
        now = self._clock.monotonic()
        until, known = self._known.get(key, (0.0, None))
        if known is not None and now < until:
            return known
        made = await self._preparer.prepare(path, sha256, preparation)
        self._known = {one: kept for one, kept in self._known.items() if now < kept[0]}
        self._known[key] = (now + _LATELY, made)
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReference:
    """`tag` in lower case, empty for a model without tags; `item` counts from 0 among the references."""

    picture: Picture
    tag: str
    fit: Fit
    socket: str
    item: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`prompt` is the text that leaves. `seed` is the artist's, None where one is drawn or there is none."""

    run: str
    document: str
    node: str
    title: str
    card: Card
    offer: Offer
    price: Price | None
    values: Mapping[str, Value]
    prompt: str
    references: tuple[OrderReference, ...]
    keys: AskedKeys
    elsewhere: tuple[AskedKeys, ...] = ()
    """The keys of the same at the model's other vendors."""
    seed: int | None
    retry_unknown: bool = False
    front: bool = False

    def cost(self, draft: bool) -> Cost:
        if draft:
            return Cost(money=NOTHING, credits=0)
        # A card without credits of its own is judged by money alone.
        return Cost(money=self.money, credits=self.card.credits)

    @property
    def node_keys(self) -> frozenset[str]:
        """Of these inputs, at whatever vendor."""
        return frozenset(one.with_seed(self.seed) for one in (self.keys, *self.elsewhere))

    @property
    def money(self) -> Money | None:
        return self.price.money if self.price else None

    @property
    def draws(self) -> bool:
        return draws_seed(self.card, self.values)

    @property
    def from_draft(self) -> bool:
        return any(one.picture.draft for one in self.references)


def order_of(
    step: Step, inputs: Inputs, words: Words, *, run: str, document: str, retry: bool, front: bool = False
) -> Order:
    """:raises BadInput: no vendor sells this model under the name that the node asks for"""
    card, offer = step.kind.card, step.offer
    if card is None or offer is None:
        raise BadInput(
            say(
                "{title} asks for a vendor that does not offer this model.",
                title=step.node.title or step.kind.title,
            ),
            advice=say("Choose another vendor, or auto."),
            code="engine.no-offer",
            where=Where(node=step.id, parameter="vendor"),
        )
    arrived = references(step, inputs)
    sent = [most_sent(card.references, feed.fit, (one.width, one.height)) for feed, one in arrived]
    tags = [feed.tag.lower() for feed, _ in arrived]
    # The keys are those of the plan wherever it knew all inputs: both come from the same values.
    return Order(
        run=run,
        document=document,
        node=step.id,
        title=step.node.title or step.kind.title,
        card=card,
        offer=offer,
        # Anew: a reference that the plan knew by its card alone has its own size now.
        price=card.price_for(step.node.values, str(card.value(step.node.values, "vendor") or "auto"), sent),
        values=step.node.values,
        prompt=words(prompt_of(inputs), tags),
        references=tuple(
            OrderReference(
                picture=picture,
                tag=feed.tag.lower() if card.tags else "",
                fit=feed.fit,
                socket=feed.socket,
                item=item,
            )
            for item, (feed, picture) in enumerate(arrived)
        ),
        keys=step.keys or keys_of(step, inputs, words),
        elsewhere=tuple(keys_of(step, inputs, words, one) for one in card.offers if one is not offer),
        seed=step.seed,
        retry_unknown=retry,
        front=front,
    )


async def request_of(order: Order, seed: int | None, preparer: Preparer) -> ImageRequest:
    """The request, its photographs prepared side by side and off the loop.

    :raises Fault: a photograph that has changed or cannot be read, with its place
    """
    photographs = await asyncio.gather(*(_photograph(order, one, preparer) for one in order.references))
    size = order.card.size_for(order.values)
    return ImageRequest(
        card=order.card.id,
        vendor=order.offer.vendor,
        model=order.offer.model,
        prompt=order.prompt,
        references=tuple(
            RequestReference(tag=one.tag, photograph=photograph)
            for one, photograph in zip(order.references, photographs, strict=True)
        ),
        parameters=MappingProxyType(parameters_of(order.card, order.values)),
        settings=order.offer.settings,
        width=size.width if size else 0,
        height=size.height if size else 0,
        seed=seed,
    )


async def _photograph(order: Order, one: OrderReference, preparer: Preparer) -> Photograph:
    try:
        made = await preparer.prepare(
            one.picture.path, one.picture.sha256, preparation_of(order.card, one.fit)
        )
    except Fault as fault:
        raise fault.at(Where(node=order.node, socket=one.socket, item=one.item)) from fault
    return Photograph(
        path=made.path,
        mime=made.mime,
        width=made.width,
        height=made.height,
        bytes=made.size,
        sha256=made.sha256,
        original=one.picture.sha256,
        name=f"{Path(one.picture.name).stem or 'photograph'}{made.path.suffix}",
    )


def preparation_of(card: Card, fit: Fit) -> Preparation:
    """What the model's vendor takes, and what the link asks to be done."""
    limits = card.references
    return Preparation(
        max_side=limits.max_side or MOST_SIDE,
        max_bytes=limits.max_bytes or MOST_BYTES,
        max_pixels=limits.max_pixels,
        keep_alpha=limits.alpha,
        fit=fit.mode,
        pad_color=fit.color,
        focus=fit.focus,
        min_ratio=limits.min_ratio,
        max_ratio=limits.max_ratio,
        formats=limits.formats,
    )
