"""What the ledger and the library write down of a picture that has come."""

from __future__ import annotations

from typing import TypedDict

from app.basics.money import NOTHING, Money
from app.journal.operations import Operation
from app.library.assets import Origin
from app.providers.contract import Charge


def origin_of(operation: Operation, charge: Charge | None) -> Origin:
    return Origin(
        operation=operation.id,
        fingerprint=operation.fingerprint,
        document=operation.document,
        node=operation.node,
        card=operation.card,
        vendor=operation.vendor,
        draft=operation.draft,
        prompt=str(operation.request.get("prompt", "")),
        seed=operation.seed,
        credits=0 if operation.draft else operation.credits,
        money=NOTHING if operation.draft else charge.money if charge else operation.estimate,
        request=operation.request,
    )


class Known(TypedDict, total=False):
    charged: Money | None
    vendor_amount: float | None
    vendor_unit: str


def charged_of(operation: Operation, charge: Charge | None) -> Known:
    """The vendor's own word; a draft is never charged, whatever the sandbox says it would have been."""
    if charge is None:
        return {"charged": NOTHING} if operation.draft else {}
    return {
        "charged": NOTHING if operation.draft else charge.money,
        "vendor_amount": charge.vendor_amount,
        "vendor_unit": charge.vendor_unit,
    }


def charged_by(operation: Operation, origin: Origin) -> Known:
    """What the picture itself says: the vendor's word where it is another than what was expected."""
    if operation.draft:
        return {"charged": NOTHING}
    return {} if origin.money in (None, operation.estimate) else {"charged": origin.money}
