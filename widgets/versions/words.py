"""A version in few words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.basics.money import show_credits, show_usd
from app.basics.words import spoken
from app.catalogue.cards import Card
from app.studio.version_words import vendor_title
from app.studio.versions import Version


def tr(text: str) -> str:
    return spoken(text)


def seed_words(version: Version) -> str:
    """With the size of the picture: `seed 41 · 1920 × 1080`."""
    seed = tr("seed {seed}").format(seed=version.seed) if version.seed is not None else ""
    return " · ".join(one for one in (seed, f"{version.width} × {version.height}") if one)


def origin_words(version: Version, cards: Mapping[str, Card]) -> str:
    """`Gen4 Image · Runway · 14 s`."""
    card = cards.get(version.card)
    took = tr("{seconds} s").format(seconds=f"{version.seconds:.0f}") if version.seconds else ""
    parts = (card.title if card else version.card, vendor_title(version, cards), took)
    return " · ".join(one for one in parts if one)


def price_words(version: Version) -> str:
    """What was paid for it here."""
    if version.draft:
        return tr("free draft")
    if version.reused:
        return tr("reused, nothing paid")
    if version.money is None:
        return tr("bought, price not known")
    credits = f" ({show_credits(version.credits)})" if version.credits else ""
    return tr("bought for {money}").format(money=f"{show_usd(version.money)}{credits}")


def time_words(version: Version, now: datetime) -> str:
    """The clock alone where it was made today."""
    made = version.made.astimezone(now.tzinfo)
    if made.date() == now.date():
        return tr("today, {time}").format(time=f"{made:%H:%M}")
    return f"{made:%Y-%m-%d %H:%M}"
