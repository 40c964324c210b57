"""What the ledger says, as values that anybody may hold: one paid call, a sum, and what to compare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from app.basics.money import NOTHING, Money, show_usd
from app.basics.unsaid import spoken_again
from app.basics.words import say
from app.journal.operations import Operation, State

DRIFT = 0.1
"""A charge that differs more than this share from our estimate is told."""
_BILLED = (State.DELIVERED, State.SETTLED)


class Decision(StrEnum):
    """What a person has found out about a call whose answer was lost. The third choice is to send it again
    (`Studio.send_again`, `tagloom run FILE --retry-unknown`); the lost one stays as it is until decided."""

    ARRIVED = "arrived"
    """It was made and charged; the picture is to be had elsewhere, if at all."""
    NOT_CHARGED = "not-charged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A paid call, or a draft. `document` is a path, or a name for one that was never saved; `asset` the hash
    of the picture in the library. Times are in UTC. `estimate` and `charged` are exact; `vendor_amount` is
    the vendor's own word, in its own unit."""

    id: str
    state: str
    document: str
    node: str
    title: str
    card: str
    vendor: str
    model: str
    draft: bool
    seed: int | None
    prompt: str
    credits: int | None
    estimate: Money | None
    charged: Money | None
    vendor_amount: float | None
    vendor_unit: str
    fault_title: str
    fault_advice: str
    fault_code: str
    asset: str
    made: datetime
    sent: datetime | None
    submitted: datetime | None
    ended: datetime | None
    run: str
    may_cost: bool
    """It counts at its estimate for as long as its charge is not known."""

    @property
    def unknown(self) -> bool:
        """Whether it waits for a person."""
        return self.state == State.UNKNOWN

    @property
    def cost(self) -> Money | None:
        """What counts for it in every sum: the charge where it is known, else the estimate of what may cost;
        None where that is not known either. `charged` None says that it is not sure."""
        if self.draft or (self.charged is None and not self.may_cost):
            return NOTHING
        return self.charged if self.charged is not None else self.estimate

    @property
    def drift(self) -> float | None:
        """By how much the vendor's charge for a picture differs from our estimate, as a share of that, where
        it is more than `DRIFT`: our price list is no longer right, or the vendor billed too much."""
        if self.draft or self.state not in _BILLED or not self.estimate or self.charged is None:
            return None
        share = (self.charged - self.estimate) / self.estimate
        return share if abs(share) > DRIFT else None

    @property
    def drift_words(self) -> str:
        """`20 % over our estimate of $0.05`; empty where there is no drift."""
        share = self.drift
        if share is None or self.estimate is None:
            return ""
        return (
            say("{share:.0%} over our estimate of {money}", share=share, money=show_usd(self.estimate))
            if share > 0
            else say("{share:.0%} below our estimate of {money}", share=-share, money=show_usd(self.estimate))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """`key`: a day as `2026-01-31` in the person's own time zone, a card's id, or a document. `count`,
    `credits` and `money` are of what cost or may have cost, `unknown` of what waits for a person. Drafts
    are free, and counted apart."""

    key: str
    count: int
    credits: int
    money: Money
    unknown: int
    drafts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What to hold against the vendor's own page, in words. `page` is its address; `hint` what the balance
    suggests, or empty: never a proof."""

    operation: str
    page: str
    where: str
    when: str
    cost: str
    hint: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(one for one in (self.where, self.when, self.cost, self.hint) if one)


def entry_of(operation: Operation) -> Entry:
    return Entry(
        id=operation.id,
        state=str(operation.state),
        document=operation.document,
        node=operation.node,
        title=operation.title,
        card=operation.card,
        vendor=operation.vendor,
        model=operation.model,
        draft=operation.draft,
        seed=operation.seed,
        prompt=str(operation.request.get("prompt") or ""),
        credits=operation.credits,
        estimate=operation.estimate,
        charged=operation.charged,
        vendor_amount=operation.vendor_amount,
        vendor_unit=operation.vendor_unit,
        fault_title=spoken_again(operation.fault_title),
        fault_advice=spoken_again(operation.fault_advice),
        fault_code=operation.fault_code,
        asset=operation.asset,
        made=operation.made,
        sent=operation.sent,
        submitted=operation.submitted,
        ended=operation.ended,
        run=operation.run,
        may_cost=operation.may_cost,
    )


def clock_words(time: datetime, zone: tzinfo | None) -> str:
    """A time as the person's clock and the vendor's page may say it. `zone` None: that of this computer."""
    here, there = time.astimezone(zone), time.astimezone(UTC)
    said = f"{here:%Y-%m-%d %H:%M:%S %Z}"
    if not here.utcoffset():
        return said
    return (
        f"{said} ({there:%H:%M:%S} UTC)"
        if here.date() == there.date()
        else f"{said} ({there:%Y-%m-%d %H:%M:%S} UTC)"
    )
