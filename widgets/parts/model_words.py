"""What a card says of a model, in few words: for lists, dialogs and the page that compares them."""

from __future__ import annotations

from app.basics.money import show_credits, show_usd
from app.basics.words import spoken
from app.catalogue.cards import Card
from widgets.messages import listed


def tr(text: str) -> str:
    return spoken(text)


def credits_words(card: Card) -> str:
    return show_credits(card.credits) if card.credits is not None else tr("the vendor's price")


def price_words(card: Card) -> str:
    """Dollars, from the least to the most; where pixels count, the least alone."""
    prices = [price for offer in card.offers for price in offer.prices]
    money = sorted({price.money for price in prices})
    if not money:
        return tr("not known")
    if any(price.megapixels is not None for price in prices):
        return tr("from {price}").format(price=show_usd(money[0]))
    return show_usd(money[0]) if len(money) == 1 else f"{show_usd(money[0])} – {show_usd(money[-1])}"


def row_words(card: Card, note: str = "") -> str:
    """A model in a list: title and price, and what there is to say of it below."""
    words = f"{card.title}    {credits_words(card)} · {price_words(card)}"
    return f"{words}\n{note}" if note else words


def vendors_words(card: Card) -> str:
    """Who sells it, the one that `auto` asks first."""
    unknown = tr("{name} (price not known)")
    return listed(offer.title if offer.prices else unknown.format(name=offer.title) for offer in card.offers)


def seed_words(card: Card) -> str:
    return {
        "same": tr("the same picture again"),
        "similar": tr("a similar picture again"),
        "best effort": tr("best effort, no promise"),
        "none": tr("no seed"),
    }.get(card.seed, card.seed)


def prompt_words(card: Card) -> str:
    if card.prompt_most is None:
        return tr("no limit told")
    units = tr("{n} words") if card.prompt_units == "words" else tr("{n} characters")
    return units.format(n=card.prompt_most)


def ratios_words(card: Card) -> str:
    parameter = card.parameter("aspect_ratio")
    return listed(choice.title for choice in parameter.choices) if parameter is not None else tr("free")
