"""Which model suits the graph at hand, in plain words; all of it read from the cards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from app.basics.words import either
from app.catalogue.cards import Card
from app.document.values import Document
from app.nodes.declare import Kinds

HD = 1920 * 1080
"""Pixels of 1080p."""


class Say(Protocol):
    """Words with `{names}` for what is put in: the window's translation, or English as it is."""

    def __call__(self, text: str, **facts: object) -> str: ...


def plain(text: str, **facts: object) -> str:
    return text.format(**facts)


def advise(document: Document, kinds: Kinds, nodes: Iterable[str] = (), say: Say = plain) -> tuple[str, ...]:
    """About the models among `nodes`, or about all of the document: what they are linked to decides."""
    cards = {kind.id: kind.card for kind in kinds.values() if kind.card is not None}
    chosen = [id for id in (tuple(nodes) or document.nodes) if id in document.nodes]
    models = [id for id in chosen if document.nodes[id].kind in cards]
    linked = [document.links.into(id, "reference_images") for id in models]
    most = max((len(links) for links in linked), default=0)
    tagged = any(link.tag for links in linked for link in links)
    known = tuple(cards.values())
    return tuple(
        words
        for words in (
            _for_references(known, most, tagged, say),
            _for_pixels(known, say),
            _for_budget(known, most, say),
            _without_limit(known, most, say),
        )
        if words
    )


def _for_references(cards: Sequence[Card], count: int, tagged: bool, say: Say) -> str:
    taking = [card for card in cards if card.references.most >= count]
    if not count:
        return ""
    if not taking:
        return say("{count} references: no model takes so many.", count=count)
    own = [card for card in taking if card.tags]
    if tagged and own:
        return say("Tags and {count} references: {names}.", count=count, names=_names(own))
    return say("{count} references: {names}.", count=count, names=_names(taking))


def _for_pixels(cards: Sequence[Card], say: Say) -> str:
    larger = [card for card in cards if largest(card) > HD]
    return say("Above 1080p: {names}.", names=_names(larger)) if larger else ""


def _for_budget(cards: Sequence[Card], count: int, say: Say) -> str:
    """The least that a picture costs anywhere, among those that take the references."""
    priced = [
        (min(price.money for offer in card.offers for price in offer.prices), card)
        for card in cards
        if card.references.most >= count and any(offer.prices for offer in card.offers)
    ]
    if len(priced) < 2:
        return ""
    least = min(price for price, _ in priced)
    return say("Tight budget: {names}.", names=_names([card for price, card in priced if price == least]))


def _without_limit(cards: Sequence[Card], count: int, say: Say) -> str:
    most = max((card.references.most for card in cards), default=0)
    roomy = [card for card in cards if card.references.most == most]
    if most <= count or len(roomy) == len(cards):
        return ""
    return say("Up to {most} references: {names}.", most=most, names=_names(roomy))


def largest(card: Card) -> int:
    """Pixels of the largest picture; 0 where only the vendor knows."""
    return max((size.width * size.height for size in card.sizes), default=0)


def _names(cards: Sequence[Card]) -> str:
    return either(card.title for card in cards)
