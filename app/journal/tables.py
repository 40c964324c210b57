"""The ledger's tables, and operations to and from their rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from app.basics.database import Schema, Upgrade
from app.basics.faults import Bug
from app.basics.words import mark, say
from app.journal.operations import ENDED, Operation, State

_metadata = MetaData()

operations = Table(
    "operations",
    _metadata,
    Column("id", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("document", Text, nullable=False),
    Column("node", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("card", Text, nullable=False),
    Column("vendor", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("draft", Boolean, nullable=False),
    Column("address", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("node_key", Text, nullable=False),
    Column("seed", BigInteger),
    Column("request", Text, nullable=False),
    Column("estimate", BigInteger),
    Column("credits", BigInteger),
    Column("charged", BigInteger),
    Column("vendor_amount", Float),
    Column("vendor_unit", Text, nullable=False),
    Column("ticket", Text),
    Column("asset", Text, nullable=False),
    Column("fault_code", Text, nullable=False),
    Column("fault_title", Text, nullable=False),
    Column("fault_advice", Text, nullable=False),
    Column("run", Text, nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("sent", BigInteger),
    Column("submitted", BigInteger),
    Column("ended", BigInteger),
    Column("open", Boolean, nullable=False),
    Index("operations_by_open", "open", "id"),
    Index("operations_by_node", "document", "node", "id"),
    Index("operations_by_sent", "sent"),
    Index("operations_by_model", "vendor", "model", "id"),
)
"""Times are microseconds since 1970 in UTC, money micro-dollars, `request` and `ticket` JSON.

`open`: not at its end. It stands for the states in the index because each page that a step touches makes
its commit longer, and this one changes once.
"""

uploads = Table(
    "uploads",
    _metadata,
    Column("address", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("uri", Text, nullable=False),
    Column("expires", BigInteger, nullable=False),
    PrimaryKeyConstraint("address", "sha256"),
)

waiting_list = Table(
    "waiting_list",
    _metadata,
    Column("process", String(80), nullable=False),
    Column("place", Integer, nullable=False),
    Column("run", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("node", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("card", Text, nullable=False),
    Column("vendor", Text, nullable=False),
    Column("draft", Boolean, nullable=False),
    Column("since", BigInteger, nullable=False),
    PrimaryKeyConstraint("process", "place"),
)

LEDGER = Schema(
    name="ledger",
    title=mark("The ledger"),
    tables=_metadata,
    upgrades=(
        Upgrade(
            version=2,
            date="2026-11-25",
            what="the queue is written down",
            apply=lambda connection: waiting_list.create(connection, checkfirst=True),
        ),
    ),
)

COLUMNS = tuple(column for column in operations.columns if column.name != "open")
"""The fields of an operation, in order."""
_NAMES = tuple(column.name for column in COLUMNS)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_STATES = {str(state): state for state in State}
_TIMES = ("made", "changed", "sent", "submitted", "ended")
_JSON = ("request", "ticket")
_STATE, _DRAFT = _NAMES.index("state"), _NAMES.index("draft")
_TIME_PLACES = tuple(map(_NAMES.index, _TIMES))
_JSON_PLACES = tuple(map(_NAMES.index, _JSON))
_ENCODER = msgspec.json.Encoder(enc_hook=lambda value: _plain(value), order="sorted")
_decode = msgspec.json.Decoder(dict[str, object]).decode


def instant(time: datetime) -> int:
    """Microseconds since 1970. A time without a zone is a `Bug`: it would be read an hour off elsewhere."""
    if time.tzinfo is None:
        raise Bug(
            say("A time without a zone came to the ledger."),
            advice=say("Please report this."),
            code="ledger.zone",
        )
    return (time - _EPOCH) // _MICROSECOND


def moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def to_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of an operation as their columns hold them."""
    columns = {}
    for name, value in values.items():
        if value is None:
            pass
        elif name in _TIMES:
            value = instant(value)
        elif name in _JSON:
            value = _ENCODER.encode(value).decode()
        elif name == "state":
            value = str(value)
        columns[name] = value
    return columns


def to_row(operation: Operation) -> dict[str, Any]:
    row = to_columns({name: getattr(operation, name) for name in _NAMES})
    row["open"] = operation.state not in ENDED
    return row


def to_operation(row: Any) -> Operation:
    """`row` has `COLUMNS`, in order."""
    values = list(row)
    values[_STATE] = _STATES[values[_STATE]]
    values[_DRAFT] = bool(values[_DRAFT])  # a number where the driver gave it
    for place in _TIME_PLACES:
        if (micros := values[place]) is not None:
            values[place] = _EPOCH + timedelta(0, 0, micros)
    for place in _JSON_PLACES:
        if (text := values[place]) is not None:
            values[place] = _decode(text)
    return Operation(**dict(zip(_NAMES, values, strict=True)))


def _plain(value: object) -> object:
    """Frozen mappings, which the document's values are made of."""
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError(f"{type(value).__name__} has no place in the ledger")
