"""What is asked of the ledger, as statements that every database understands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Update,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)

from app.journal.operations import COSTS, COSTS_IF_SENT, ENDED, NEXT, ROW, UNSETTLED, State
from app.journal.tables import COLUMNS, instant, operations

_c = operations.c
BEFORE: Mapping[State, tuple[State, ...]] = {
    state: tuple(earlier for earlier in State if state in NEXT[earlier]) for state in State
}
"""`operations.NEXT`, backwards: where a state may be entered from."""


_OPEN = _c.open == true()
"""Not at its end: what the index stands for."""


def _given(column: str, name: str) -> ColumnElement[bool]:
    """Where `column` is the value that is given as `name` when the statement is carried out."""
    return _c[column] == bindparam(name, type_=_c[column].type)


def step(state: State | None, names: Iterable[str], *, gives_back: bool) -> Update:
    """Writes the columns `names` of the row `row_id`; into `state` only from where it may be entered. Then
    gives the row back, if wanted."""
    values: dict[str, ColumnElement[Any]] = {name: bindparam(name, type_=_c[name].type) for name in names}
    condition = _given("id", "row_id")
    if state is not None:
        values["state"] = literal(str(state))
        if state in ENDED:
            values["open"] = literal(False)
        condition = and_(condition, or_(*(_c.state == str(earlier) for earlier in BEFORE[state])))
    if state is State.SETTLED and "ended" not in values:
        values["ended"] = func.coalesce(_c.ended, bindparam("changed", type_=_c.changed.type))
    statement = update(operations).where(condition).values(values)
    return statement.returning(*COLUMNS) if gives_back else statement


NEW = insert(operations)
"""A row with all its columns."""
ONE = select(*COLUMNS).where(_given("id", "row_id"))
"""The row `row_id`."""
ONE_ALONE = ONE.with_for_update()
"""The same, when nobody is writing it any more, and until our transaction ends."""
_OF_NODE = and_(_given("document", "of_document"), _given("node", "of_node"))
_AT_MOST = bindparam("at_most", type_=Integer(), literal_execute=False)
LATEST = select(*COLUMNS).where(_OF_NODE).order_by(_c.id.desc()).limit(_AT_MOST)
"""The last `at_most` rows of the node `of_node` of `of_document`, newest first."""


def in_states(states: Iterable[State]) -> Select[Any]:
    """None of `states` is an end."""
    wanted = _c.state.in_([str(state) for state in states])
    return select(*COLUMNS).where(_OPEN, wanted).order_by(_c.id)


UNSETTLED_OF = (
    select(*COLUMNS)
    .where(
        _OPEN,
        or_(*(_c.state == literal(str(state)) for state in UNSETTLED)),
        _OF_NODE,
        _given("node_key", "of_key"),
        _given("draft", "of_draft"),
    )
    .order_by(_c.id)
    .limit(1)
)
"""The oldest unsettled row of a node with the inputs `of_key`, draft or live as `of_draft` says."""


UNSETTLED_IN = (
    select(*COLUMNS)
    .where(
        _OPEN,
        or_(*(_c.state == literal(str(state)) for state in UNSETTLED)),
        _given("document", "of_document"),
    )
    .order_by(_c.id)
)
"""The unsettled rows of one document, oldest first."""


def _page(before: bool, document: bool) -> Select[Any]:
    query = select(*COLUMNS).order_by(_c.id.desc()).limit(_AT_MOST)
    if before:
        query = query.where(_c.id < bindparam("seen_last", type_=_c.id.type))
    if document:
        query = query.where(_given("document", "of_document"))
    return query


_PAGES = {
    (before, document): _page(before, document) for before in (False, True) for document in (False, True)
}


def page(limit: int, before: str | None, document: str | None) -> tuple[Select[Any], dict[str, Any]]:
    """Newest first, after the row `before`, of a document where one is named; and the values for it."""
    given = {"at_most": limit, "seen_last": before, "of_document": document}
    values = {name: value for name, value in given.items() if value is not None}
    return _PAGES[before is not None, document is not None], values


def _one_of(states: Iterable[State]) -> ColumnElement[bool]:
    """As IN, which `Statements` cannot carry out."""
    return or_(*(_c.state == literal(str(state)) for state in states))


_may_cost = or_(  # `Operation.may_cost`
    _one_of(COSTS), and_(_one_of(COSTS_IF_SENT), _c.sent.is_not(None))
)
_money = case((_c.charged.is_not(None), _c.charged), (_may_cost, func.coalesce(_c.estimate, 0)), else_=0)
_costs = or_(_c.charged > 0, and_(_c.charged.is_(None), _may_cost))
_credits = case((_costs, func.coalesce(_c.credits, 0)), else_=0)
_unpriced = case((and_(_may_cost, _c.charged.is_(None), _c.estimate.is_(None)), 1), else_=0)


def spent(since: datetime | None, document: str | None, live_only: bool) -> Select[Any]:
    """Micro-dollars, credits of the same operations, and how many of them have no price."""
    query = select(*(func.coalesce(func.sum(one), 0) for one in (_money, _credits, _unpriced)))
    query = _about(query, since, document)
    return query.where(_c.draft.is_(False)) if live_only else query


def _about(query: Select[Any], since: datetime | None, document: str | None) -> Select[Any]:
    """Sent since then, and of that document or one of its rows, where they are given."""
    if since is not None:
        query = query.where(_c.sent >= instant(since))
    if document is not None:
        query = query.where(or_(_c.document == document, _begins(_c.document, f"{document}{ROW}")))
    return query


def _begins(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """To the letter: LIKE takes `Shoe` for `shoe` on some databases, and a range follows their alphabet."""
    return func.substr(column, 1, len(text)) == text


_ROW_SUMS = (func.sum(one) for one in (_money, _credits, _unpriced))
_SUMS = select(_c.document, *_ROW_SUMS).where(_c.draft == literal(False)).group_by(_c.document)


def of_rows(document: str, run: str) -> Select[Any]:
    """As `spent`, but for each row of a document's table: its name in the ledger, micro-dollars, credits, how
    many have no price; of the runs that are called `run…`."""
    about = _begins(_c.document, f"{document}{ROW}")
    return _SUMS.where(about, _begins(_c.run, run)).order_by(_c.document)


OF_ROW = _SUMS.where(
    _given("document", "of_document"),
    func.substr(_c.run, 1, bindparam("run_length", type_=Integer())) == bindparam("run", type_=_c.run.type),
)
"""The same of one row, by its name in the ledger; the first `run_length` letters of its runs are `run`."""


def after(document: str) -> ColumnElement[bool]:
    """Those that follow it when they are sorted by document."""
    return _c.document > document


def touched(vendor: str, since: datetime) -> Select[Any]:
    """Live, and sent or ended since, or sent and without an end."""
    when = instant(since)
    recent = or_(_OPEN, _c.sent >= when, _c.ended >= when)
    mine = and_(_c.vendor == vendor, _c.draft.is_(False), _c.sent.is_not(None))
    return select(*COLUMNS).where(mine, recent).order_by(_c.id)


def durations(vendor: str, model: str, address: str, limit: int) -> Select[Any]:
    return (
        select(_c.ended - _c.submitted)
        .where(_c.vendor == vendor, _c.model == model, _c.address == address, _c.asset != "")
        # A clock that was set back in between says nothing.
        .where(_c.submitted.is_not(None), _c.ended > _c.submitted)
        .order_by(_c.id.desc())
        .limit(limit)
    )


sent_or_made = func.coalesce(_c.sent, _c.made)
"""What day an operation belongs to: when it was sent, or where it never was, when it was meant."""
SPAN = select(func.min(sent_or_made), func.max(sent_or_made))
"""The first and the last of all times."""


def totals(key: ColumnElement[Any], since: datetime | None, document: str | None) -> Select[Any]:
    """A row for each `key` that paid for anything, may have, or made drafts: the key, operations that cost
    or may cost, their credits and micro-dollars by the rule of `spent`, how many of them are `unknown`, and
    drafts that were sent, which cost nothing and count nowhere else."""
    live = _c.draft.is_(False)
    one = select(
        key.label("key"),
        case((and_(live, _costs), 1), else_=0).label("count"),
        case((live, _credits), else_=0).label("credits"),
        case((live, _money), else_=0).label("money"),
        case((and_(live, _c.state == str(State.UNKNOWN)), 1), else_=0).label("unknown"),
        case((and_(_c.draft.is_(True), _c.sent.is_not(None)), 1), else_=0).label("drafts"),
    )
    row = _about(one, since, document).subquery().c
    sums = [func.sum(row[name]).label(name) for name in ("count", "credits", "money", "unknown", "drafts")]
    return (
        select(row["key"], *sums)
        .group_by(row["key"])
        .having(or_(*(func.sum(row[name]) > 0 for name in ("count", "unknown", "drafts"))))
    )
