"""Money is integer micro-dollars, so that sums are exact. Credits are a card's display unit."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import NewType

from app.basics.words import say

Money = NewType("Money", int)
"""Micro-dollars: 1_000_000 is one US dollar."""

NOTHING = Money(0)
_MICRO = Decimal(1_000_000)


def from_usd(amount: str | int | Decimal) -> Money:
    """`"0.08"` → 80_000. Text or Decimal, never a float, so that no cent is invented."""
    return Money(int((Decimal(amount) * _MICRO).to_integral_value(ROUND_HALF_UP)))


def to_usd(money: Money) -> float:
    """Dollars as a float, for JSON and display only."""
    return money / 1_000_000


def show_usd(money: Money) -> str:
    """`$0.08`; further digits only where they say something (`$0.134`, never `$0.13400`)."""
    dollars = Decimal(money) / _MICRO
    cents = dollars.quantize(Decimal("0.01"))
    amount = f"{cents:,}" if cents == dollars else f"{dollars.normalize():,f}"
    return say("${amount}", amount=amount)


def show_credits(count: int) -> str:
    """`100 cr`, thousands with a narrow no-break space: `1 000 cr`."""
    return say("{count} cr", count=f"{count:,}".replace(",", "\u202f"))


def exact_usd(money: Money) -> str:
    """Dollars with all six digits, for programs that add them up: `0.080000`."""
    return f"{Decimal(money) / _MICRO:.6f}"
