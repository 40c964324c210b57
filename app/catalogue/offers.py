"""Offers from a card's TOML: who sells the model, for what, and by what parameter the node says which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from types import MappingProxyType
from typing import Any

import msgspec

from app.basics.money import from_usd
from app.basics.words import say
from app.catalogue.cards import Choice, Megapixels, Offer, Parameter, ParameterType, Price, Rate
from app.document.values import frozen


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    pass


class _Rate(_Strict):
    usd: str
    amount: float


class _Megapixels(_Strict):
    pixels: int
    included: int
    output: _Rate
    input: _Rate


class _Price(_Strict):
    usd: str
    amount: float
    unit: str
    choices: dict[str, str] = {}
    megapixels: _Megapixels | None = None


class RawOffer(_Strict):
    vendor: str
    model: str
    prices: list[_Price] = []
    title: str = ""
    without: list[str] = []
    settings: dict[str, Any] = {}
    poll_floor: float = 1.0
    concurrency: int = 10
    deadline: float = 900.0
    synchronous: bool = False


def offer_faults(offers: Sequence[RawOffer], known: Set[str]) -> Iterator[str]:
    """What is wrong with them in a card that has the parameters `known`."""
    if not offers:
        yield "offers: a model needs at least one vendor"
    sellers = [offer.vendor for offer in offers]
    if len(sellers) != len(set(sellers)):
        yield "offers: a vendor stands there twice"
    if len(sellers) > 1 and "vendor" in known:
        yield "parameters.vendor: this one is made from the offers"
    for offer in offers:
        for name in offer.without:
            if name not in known:
                yield f"offers.{offer.vendor}.without names {name!r}, which is no parameter"
        for price in offer.prices:
            yield from _price_faults(price, f"offers.{offer.vendor}.prices", known)


def _price_faults(price: _Price, place: str, known: Set[str]) -> Iterator[str]:
    for key in price.choices:
        if key not in known:
            yield f"{place} names {key!r}, which is no parameter"
    by = price.megapixels
    for usd in (price.usd, *((by.output.usd, by.input.usd) if by else ())):
        if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", usd, re.ASCII):
            yield f"{place}: {usd!r} is no amount of dollars, like 0.08"
    if by and (by.pixels < 1 or by.included < 0):
        yield f"{place}.megapixels: pixels is below 1, or included below 0"


def vendors(offers: Sequence[RawOffer]) -> Iterator[Parameter]:
    """Where more than one vendor sells the model, the node says which."""
    if len(offers) < 2:
        return
    titles = [offer.title or offer.vendor for offer in offers]
    yield Parameter(
        id="vendor",
        title=say("Vendor"),
        type=ParameterType.CHOICE,
        default="auto",
        choices=(
            Choice(value="auto", title=say("Auto"), note=titles[0]),
            *(Choice(value=offer.vendor, title=title) for offer, title in zip(offers, titles, strict=True)),
        ),
        advanced=True,
        help=say(
            "Who makes the picture, and is paid for it. Auto is {titles}; another "
            "vendor is never asked by itself, even when the first one fails.",
            titles=titles[0],
        ),
    )


def offer_of(one: RawOffer) -> Offer:
    settings = frozen(one.settings)
    assert isinstance(settings, Mapping)
    return Offer(
        vendor=one.vendor,
        title=one.title or one.vendor,
        without=tuple(one.without),
        model=one.model,
        prices=tuple(_price(price) for price in one.prices),
        settings=settings,
        poll_floor=one.poll_floor,
        concurrency=one.concurrency,
        deadline=one.deadline,
        synchronous=one.synchronous,
    )


def _price(one: _Price) -> Price:
    return Price(
        choices=MappingProxyType(dict(one.choices)),
        money=from_usd(one.usd),
        vendor_amount=one.amount,
        vendor_unit=one.unit,
        megapixels=_megapixels(one.megapixels) if one.megapixels else None,
    )


def _megapixels(one: _Megapixels) -> Megapixels:
    return Megapixels(
        pixels=one.pixels, included=one.included, output=_rate(one.output), input=_rate(one.input)
    )


def _rate(one: _Rate) -> Rate:
    return Rate(money=from_usd(one.usd), vendor_amount=one.amount)
