"""What was spent, by day, model or document: summed by the database, exact in micro-dollars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, case, literal

from app.basics.database import Database
from app.basics.money import Money
from app.journal import queries
from app.journal.tables import moment, operations

By = Literal["day", "model", "document"]

_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_FIRST_DAY = date(1970, 1, 1).toordinal()
_PLACES = {"model": operations.c.card, "document": operations.c.document}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """`key` is a day as `2026-01-31`, a card's id or a document. `count`, `credits` and `money` are of live
    operations that cost or may cost, by the rule of `Ledger.spent`; `unknown` of those that wait for a
    person. Drafts cost nothing, and are counted apart."""

    key: str
    count: int
    credits: int
    money: Money
    unknown: int
    drafts: int


async def totals(
    database: Database,
    by: By,
    since: datetime | None = None,
    document: str | None = None,
    zone: tzinfo | None = None,
) -> tuple[Sum, ...]:
    """Days newest first; models and documents the dearest first. `zone` says when a day begins; None is the
    zone of this computer. `since` is about the time of sending."""

    def work(connection: Connection) -> list[Sum]:
        if by != "day":
            asked = queries.totals(_PLACES[by], since, document)
            return [_sum(str(row[0]), row) for row in connection.execute(asked)]
        first, last = connection.execute(queries.SPAN).one()
        if first is None:
            return []
        key = _day_number(zone_offsets(int(first), int(last), zone))
        asked = queries.totals(key, since, document)
        return [_sum(_day(int(row[0])), row) for row in connection.execute(asked)]

    found = await database.read(work)
    if by == "day":
        return tuple(sorted(found, key=lambda one: one.key, reverse=True))
    return tuple(sorted(found, key=lambda one: (-one.money, -one.count, one.key)))


def zone_offsets(first: int, last: int, zone: tzinfo | None) -> list[tuple[int, int]]:
    """(from, offset) for each stretch between two moments in which the clocks of a zone stay as they are: a
    day of 23 or 25 hours is a day. All in microseconds; `first` and `last` are since 1970."""

    def offset(micros: int) -> int:
        told = moment(micros).astimezone(zone).utcoffset()
        return (told or timedelta()) // timedelta(microseconds=1)

    found = [(first, offset(first))]
    begin = first - first % _SECOND
    while begin <= last:
        end = begin + _DAY
        if offset(end) != found[-1][1]:
            change = _change(begin, end, offset)
            found.append((change, offset(change)))
        begin = end
    return found


def _change(begin: int, end: int, offset: Callable[[int], int]) -> int:
    """The second within a day at which the clocks are set."""
    before = offset(begin)
    while end - begin > _SECOND:
        middle = begin + (end - begin) // 2 // _SECOND * _SECOND
        if offset(middle) == before:
            begin = middle
        else:
            end = middle
    return end


def _day_number(offsets: Sequence[tuple[int, int]]) -> ColumnElement[Any]:
    """Days since 1970 by the clock on the wall."""
    late = [(queries.sent_or_made >= start, literal(offset)) for start, offset in reversed(offsets[1:])]
    here: Any = case(*late, else_=literal(offsets[0][1])) if late else literal(offsets[0][1])
    number: ColumnElement[Any] = (queries.sent_or_made + here) // _DAY
    return number


def _day(number: int) -> str:
    return date.fromordinal(_FIRST_DAY + number).isoformat()


def _sum(key: str, row: Any) -> Sum:
    _, count, credits, money, unknown, drafts = row
    return Sum(
        key=key,
        count=int(count),
        credits=int(credits),
        money=Money(int(money)),
        unknown=int(unknown),
        drafts=int(drafts),
    )
