"""What a batch may spend, over all its rows at once. What is in flight is held at its estimate until the
ledger knows better, so that no two rows take the last dollar."""

from __future__ import annotations

from enum import Enum

from app.basics.faults import Refused, Retry
from app.basics.money import Money, show_credits, show_usd
from app.basics.words import say
from app.batch.setting import BatchCaps
from app.batch.views import RowEstimate


class Room(Enum):
    YES = "yes"
    LATER = "later"
    """It may fit when what is in flight has ended."""


class BatchPurse:
    """`spent_…` is what the ledger counts for the batch."""

    def __init__(self, caps: BatchCaps) -> None:
        self._caps = caps
        self.spent_credits = 0
        self.spent_money = 0
        self.unpriced = 0
        self._held: dict[str, tuple[int, int]] = {}

    @property
    def capped(self) -> bool:
        return self._caps.credits is not None or self._caps.money is not None

    @property
    def money(self) -> Money | None:
        return None if self.unpriced else Money(self.spent_money)

    def hold(self, key: str, cost: RowEstimate) -> Room:
        """Takes a row's estimate out of what is left.

        :raises Refused: `batch.cap`: it does not fit, and nothing in flight could make room;
            `batch.unknown-price`
        """
        caps = self._caps
        if not self.capped or not cost.bought:
            return Room.YES
        self._require_prices(cost)
        credits, money = cost.credits or 0, cost.money or 0
        held = (sum(one for one, _ in self._held.values()), sum(one for _, one in self._held.values()))
        over_credits = caps.credits is not None and self.spent_credits + held[0] + credits > caps.credits
        over_money = caps.money is not None and self.spent_money + held[1] + money > caps.money
        if not (over_credits or over_money):
            self._held[key] = (credits, money)
            return Room.YES
        if self._held:
            return Room.LATER
        raise self._over(credits, money, over_credits=over_credits)

    def ended(self, key: str, *, credits: int, money: int, unpriced: int) -> None:
        """A row has ended: what the ledger counts for it more than before."""
        self._held.pop(key, None)
        self.spent_credits += credits
        self.spent_money += money
        self.unpriced += unpriced

    def check(self, credits: int | None, money: Money | None, bought: int) -> None:
        """Whether all that is to be bought fits, before anybody is asked. :raises Refused: as `hold`"""
        cost = RowEstimate(credits=credits, money=money, bought=bought)
        if self.capped and bought:
            self._require_prices(cost)

    def fits(self, credits: int | None, money: Money | None) -> bool:
        """Whether all of it would stay below the caps."""
        caps = self._caps
        return not (
            (caps.credits is not None and self.spent_credits + (credits or 0) > caps.credits)
            or (caps.money is not None and self.spent_money + (money or 0) > caps.money)
        )

    def _require_prices(self, cost: RowEstimate) -> None:
        caps = self._caps
        unknown = (caps.money is not None and cost.money is None) or (
            caps.credits is not None and cost.credits is None
        )
        if unknown or (self.unpriced and caps.money is not None):
            raise Refused(
                say("A price in this batch is not known, so it counts as over the cap."),
                advice=say("Lift the cap, or choose a model or vendor whose price is known."),
                code="batch.unknown-price",
                retry=Retry.ASK,
            )

    def _over(self, credits: int, money: int, *, over_credits: bool) -> Refused:
        caps = self._caps
        if over_credits and caps.credits is not None:
            asked, cap = show_credits(self.spent_credits + credits), show_credits(caps.credits)
        else:
            asked = show_usd(Money(self.spent_money + money))
            cap = show_usd(caps.money or Money(0))
        return Refused(
            say(
                "The next row would bring this batch to {asked}, over the cap of {cap}.", asked=asked, cap=cap
            ),
            advice=say("Nothing was sent for it. Start again with a higher cap to go on where it stopped."),
            code="batch.cap",
            retry=Retry.ASK,
        )
