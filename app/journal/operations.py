"""The unit of the ledger: one paid call, from intended to settled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from app.basics.money import Money
from app.basics.words import mark


class State(StrEnum):
    """intended → sending → submitted → running → delivered → settled, or one of the last four.

    `intended`: the row is on disk, nothing has left. `sending`: the create is about to leave or on its
    way; found in this state after a crash, it becomes `unknown`. `delivered`: the picture is in the
    library, the final charge is not yet noted.
    """

    INTENDED = "intended"
    SENDING = "sending"
    SUBMITTED = "submitted"
    RUNNING = "running"
    DELIVERED = "delivered"
    SETTLED = "settled"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


STATE_WORDS: Mapping[State, str] = {
    State.INTENDED: mark("intended"),
    State.SENDING: mark("sending"),
    State.SUBMITTED: mark("submitted"),
    State.RUNNING: mark("running"),
    State.DELIVERED: mark("delivered"),
    State.SETTLED: mark("settled"),
    State.REFUSED: mark("refused"),
    State.FAILED: mark("failed"),
    State.CANCELLED: mark("cancelled"),
    State.UNKNOWN: mark("unknown"),
}
"""As people read them."""
UNSETTLED = (State.INTENDED, State.SENDING, State.SUBMITTED, State.RUNNING, State.DELIVERED)
ENDED = (State.SETTLED, State.REFUSED, State.FAILED, State.CANCELLED)
"""`unknown` is neither: it waits for a person."""

NEXT: Mapping[State, tuple[State, ...]] = {
    State.INTENDED: (State.SENDING, State.REFUSED, State.CANCELLED, State.FAILED),
    State.SENDING: (
        State.INTENDED,  # surely not sent: may be tried again
        State.SUBMITTED,
        State.REFUSED,
        State.UNKNOWN,
    ),
    State.SUBMITTED: (State.RUNNING, State.DELIVERED, State.FAILED, State.CANCELLED, State.UNKNOWN),
    State.RUNNING: (State.DELIVERED, State.FAILED, State.CANCELLED, State.UNKNOWN),
    State.DELIVERED: (State.SETTLED,),
    State.UNKNOWN: (State.SETTLED, State.FAILED, State.DELIVERED),
    State.SETTLED: (),
    State.REFUSED: (),
    State.FAILED: (),
    State.CANCELLED: (),
}
"""Which state may follow which; the ledger refuses every other step as a `Bug`."""

COSTS = (State.SENDING, State.SUBMITTED, State.RUNNING, State.DELIVERED, State.SETTLED, State.UNKNOWN)
COSTS_IF_SENT = (State.FAILED, State.CANCELLED)
"""`Operation.may_cost`. A refusal is an answer: nothing was made."""


class Operation(Struct, frozen=True, kw_only=True):
    """A row of the ledger. `fingerprint` is the content key of what was asked, the seed included;
    `node_key` the same without a drawn seed, so that a run finds its unsettled operation again.

    `estimate` and `charged` are micro-dollars; `vendor_amount` and `vendor_unit` the vendor's own word.
    `request` is JSON without pixels; `ticket` JSON; `asset` a content hash in the library.
    """

    id: str
    state: State
    document: str
    node: str
    title: str
    card: str
    vendor: str
    model: str
    draft: bool
    address: str
    fingerprint: str
    node_key: str
    seed: int | None
    request: Mapping[str, object]
    estimate: Money | None
    credits: int | None
    charged: Money | None = None
    vendor_amount: float | None = None
    vendor_unit: str = ""
    ticket: Mapping[str, object] | None = None
    asset: str = ""
    fault_code: str = ""
    fault_title: str = ""
    fault_advice: str = ""
    run: str = ""
    made: datetime
    changed: datetime
    sent: datetime | None = None
    submitted: datetime | None = None
    ended: datetime | None = None

    @property
    def may_cost(self) -> bool:
        """Whether it counts at its estimate for as long as its charge is not known. What has left and ended
        without a word about money does too: a vendor may charge for a picture that it did not give."""
        return self.state in COSTS or (self.state in COSTS_IF_SENT and self.sent is not None)


ROW = "#row="
"""Between the name of a document and the key of a table's row that it was run with."""


def row_of(document: str, key: str) -> str:
    """The document's name of a row in the ledger, so that the laws of money hold for each row by itself."""
    return f"{document}{ROW}{key}"


def without_row(document: str) -> str:
    """The name of the document itself."""
    return document.partition(ROW)[0]


class Counted(Struct, frozen=True, kw_only=True):
    """What counts against a cap: charges where they are known, else estimates, and the credits of the same
    operations. `unpriced`: how many of them have neither."""

    money: Money
    credits: int
    unpriced: int
