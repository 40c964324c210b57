"""`tagloom models`: the catalogue, as a table or as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from app.basics.money import show_credits, show_usd, to_usd
from app.basics.units import measured
from app.basics.words import listed, mark, say, spoken
from app.catalogue.cards import Card, Cards, Offer, Parameter, ParameterType, Price
from app.cli.speech import Speech

_TYPES: Mapping[ParameterType, str] = {
    ParameterType.CHOICE: mark("choice"),
    ParameterType.INTEGER: mark("integer"),
    ParameterType.SEED: mark("seed"),
    ParameterType.TEXT: mark("text"),
    ParameterType.TAGS: mark("tags"),
}
_SEEDS = (mark("none"), mark("similar"), mark("best effort"))
"""What cards say of a seed, for the translators."""


def list_models(cards: Cards, speech: Speech) -> None:
    speech.value([fields_of(card) for card in cards.values()])
    for card in cards.values():
        speech.answer("\n".join(_lines(card)))


def fields_of(card: Card) -> dict[str, object]:
    """A card as JSON: what it takes, its limits with their sources, its price at every vendor."""
    references = card.references
    return {
        "id": card.id,
        "title": card.title,
        "maker": card.maker,
        "summary": card.summary,
        "credits": card.credits,
        "tags": card.tags,
        "seed": card.seed,
        "largest": card.largest,
        "prompt": {
            "most": card.prompt_most,
            "units": card.prompt_units,
            "advised": card.prompt_advised,
        },
        "references": {
            "least": references.least,
            "most": references.most,
            "min_ratio": references.min_ratio,
            "max_ratio": references.max_ratio,
            "min_side": references.min_side,
            "max_side": references.max_side,
            "max_bytes": references.max_bytes,
            "formats": list(references.formats),
        },
        "parameters": [_parameter(one) for one in card.parameters],
        "sizes": [{**one.choices, "width": one.width, "height": one.height} for one in card.sizes],
        "vendors": [_vendor(offer) for offer in card.offers],
        "limits": [
            {"id": one.id, "text": one.text, "source": one.source, "date": one.date, "verified": one.verified}
            for one in card.limits
        ],
    }


def _vendor(offer: Offer) -> dict[str, object]:
    return {
        "vendor": offer.vendor,
        "title": offer.title,
        "without": list(offer.without),
        "model": offer.model,
        "prices": [
            {
                **price.choices,
                "usd": to_usd(price.money),
                "amount": price.vendor_amount,
                "unit": price.vendor_unit,
                **_megapixels(price),
            }
            for price in offer.prices
        ],
    }


def _megapixels(price: Price) -> dict[str, object]:
    """What is billed by size besides; nothing where the price is fixed."""
    by = price.megapixels
    if by is None:
        return {}
    return {
        "megapixels": {
            "pixels": by.pixels,
            "included": by.included,
            "output_usd": to_usd(by.output.money),
            "input_usd": to_usd(by.input.money),
        }
    }


def _parameter(one: Parameter) -> dict[str, object]:
    return {
        "id": one.id,
        "title": one.title,
        "type": one.type.value,
        "default": one.default,
        "choices": [choice.value for choice in one.choices],
        "minimum": one.minimum,
        "maximum": one.maximum,
        "advanced": one.advanced,
        "help": spoken(one.help),
    }


def _lines(card: Card) -> list[str]:
    price = show_credits(card.credits) if card.credits is not None else say("the vendor's price")
    lines = [
        f"{card.title} ({card.id}), {card.maker}: {price}",
        f"  {spoken(card.summary)}",
        say("  references  up to {most}, tags: yes", most=card.references.most)
        if card.tags
        else say("  references  up to {most}, tags: no", most=card.references.most),
        say("  largest     {largest}", largest=spoken(card.largest)),
        say("  seed        {seed}", seed=spoken(card.seed)),
    ]
    for one in card.parameters:
        choices = listed(choice.value for choice in one.choices)
        default = say(" (default {default})", default=one.default) if one.default is not None else ""
        lines.append(f"  {one.id:<18} {choices or spoken(_TYPES[one.type])}{default}")
    for offer in card.offers:
        if not offer.prices:
            lines.append(say("  {vendor}: price not known", vendor=offer.vendor))
        for line in offer.prices:
            what = listed(line.choices.values()) or say("any")
            amount = measured(line.vendor_amount, line.vendor_unit)
            lines.append(f"  {offer.vendor}: {what} {show_usd(line.money)} ({amount}){_by_size(line)}")
    return lines


def _by_size(price: Price) -> str:
    by = price.megapixels
    if by is None:
        return ""
    first = (
        say("the first megapixel")
        if by.included == 1
        else say("the first {included} megapixels", included=by.included)
    )
    return say(
        " for {first}; {money} for each further one, {inputs} for each megapixel of the references",
        first=first,
        money=show_usd(by.output.money),
        inputs=show_usd(by.input.money),
    )
