"""What a card says of a model, in few words: for lists, dialogs and the page that compares them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from app.basics.money import show_credits, show_usd
from app.catalogue.cards import Card
from app.document.values import Value


def tr(text: str) -> str:
    return QCoreApplication.translate("model_words", text)


def credits_words(card: Card) -> str:
    return show_credits(card.credits) if card.credits is not None else tr("the vendor's price")


def price_words(card: Card, values: Mapping[str, Value] | None = None) -> str:
    """Dollars for a node's values; from the least to the most where none are given."""
    if values is not None:
        price = card.price_for(values)
        return show_usd(price.money) if price is not None else tr("price not known")
    money = sorted({price.money for offer in card.offers for price in offer.prices})
    if not money:
        return tr("not known")
    return show_usd(money[0]) if len(money) == 1 else f"{show_usd(money[0])} – {show_usd(money[-1])}"


def seed_words(card: Card) -> str:
    return {
        "same": tr("the same picture again"),
        "similar": tr("a similar picture again"),
        "best effort": tr("best effort, no promise"),
        "none": tr("none"),
    }.get(card.seed, card.seed)


def prompt_words(card: Card) -> str:
    if card.prompt_most is None:
        return tr("no limit told")
    units = {"words": tr("{n} words"), "utf16": tr("{n} characters")}.get(
        card.prompt_units, tr("{n} characters")
    )
    return units.format(n=card.prompt_most)


def ratios_words(card: Card) -> str:
    parameter = card.parameter("aspect_ratio")
    return ", ".join(choice.title for choice in parameter.choices) if parameter is not None else tr("free")
