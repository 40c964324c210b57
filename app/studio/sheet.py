"""The ledger as a sheet: CSV in UTF-8, exact amounts, and no cell that a spreadsheet would carry out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime, tzinfo

from app.basics.money import Money, exact_usd
from app.basics.sheet_cells import safe
from app.studio.entries import Entry

COLUMNS = (
    "operation", "state", "document", "node", "title", "card", "vendor", "model", "draft", "seed", "prompt",
    "credits", "estimate_usd", "charged_usd", "vendor_amount", "vendor_unit", "fault_code", "fault_title",
    "fault_advice", "asset", "made", "sent", "submitted", "ended", "run",
)  # fmt: skip


def header() -> str:
    return _lines([COLUMNS])


def lines_of(entries: Iterable[Entry], zone: tzinfo | None) -> str:
    """A line for each, times in `zone` with their offset; None is the zone of this computer."""
    return _lines(tuple(map(safe, _cells(entry, zone))) for entry in entries)


def _cells(entry: Entry, zone: tzinfo | None) -> tuple[str, ...]:
    return (
        entry.id,
        entry.state,
        entry.document,
        entry.node,
        entry.title,
        entry.card,
        entry.vendor,
        entry.model,
        "yes" if entry.draft else "no",
        _number(entry.seed),
        entry.prompt,
        _number(entry.credits),
        _dollars(entry.estimate),
        _dollars(entry.charged),
        "" if entry.vendor_amount is None else f"{entry.vendor_amount:.10g}",
        entry.vendor_unit,
        entry.fault_code,
        entry.fault_title,
        entry.fault_advice,
        entry.asset,
        *(_time(one, zone) for one in (entry.made, entry.sent, entry.submitted, entry.ended)),
        entry.run,
    )


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _dollars(money: Money | None) -> str:
    return "" if money is None else exact_usd(money)


def _time(time: datetime | None, zone: tzinfo | None) -> str:
    return "" if time is None else time.astimezone(zone).isoformat(timespec="seconds")


def _lines(rows: Iterable[tuple[str, ...]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()
