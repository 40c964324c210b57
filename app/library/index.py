"""What is known of the library's pictures, to find them by what was asked for. Never the only copy: each
origin is also a note beside its picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    bindparam,
    delete,
    insert,
    or_,
    select,
)

from app.basics.database_statements import Statements
from app.basics.faults import DiskTrouble
from app.basics.money import Money
from app.basics.words import say
from app.library import tables
from app.library.assets import Asset, Origin
from app.library.tables import assets as _assets
from app.library.tables import origins as _origins

_a, _o = _assets.c, _origins.c
_ORIGIN = (
    *(_o.operation, _o.fingerprint, _o.document, _o.node, _o.card, _o.vendor, _o.draft, _o.prompt, _o.seed),
    *(_o.credits, _o.money, _o.request),
)
_COLUMNS = (_a.sha256, _a.suffix, _a.mime, _a.width, _a.height, _a.bytes, _a.made, *_ORIGIN)
CHUNK = 500
"""Values in one IN: older SQLite takes 999 in all."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_decode = msgspec.json.Decoder(dict[str, object]).decode


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """A note beside a picture, and a row of the index: one origin of one asset. `made` and `entered` are
    microseconds since 1970 in UTC, `money` micro-dollars."""

    sha256: str
    suffix: str
    mime: str
    width: int
    height: int
    bytes: int
    made: int
    entered: int
    operation: str
    fingerprint: str
    document: str
    node: str
    card: str
    vendor: str
    draft: bool
    prompt: str
    seed: int | None
    credits: int | None
    money: int | None
    request: dict[str, object]
    format: str = "tagloom-origin/1"


def micros(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(microseconds=1)


def moment(time: int) -> datetime:
    return _EPOCH + timedelta(0, 0, time)


def read_note(path: Path) -> Entry:
    """:raises DiskTrouble: `library.note`"""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Entry)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DiskTrouble(
            say("The note {name} beside a picture of the library cannot be read.", name=path.name),
            advice=say("The picture itself is safe. `tagloom doctor --repair` lists what is wrong."),
            code="library.note",
            detail=str(error),
        ) from error


def noted(connection: Connection) -> frozenset[tuple[str, str]]:
    """The notes that are entered: hash and operation of each origin."""
    return frozenset((row[0], row[1]) for row in connection.execute(select(_o.sha256, _o.operation)))


def to_asset(row: Any, path: Path) -> Asset:
    """`row` has `_COLUMNS`, in order."""
    (sha256, _, mime, width, height, size, made, *rest) = row
    (operation, fingerprint, document, node, card, vendor, draft, prompt, seed, credits, money, request) = (
        rest
    )
    return Asset(
        sha256=sha256,
        path=path,
        mime=mime,
        width=width,
        height=height,
        bytes=size,
        made=moment(made),
        origin=Origin(
            operation=operation,
            fingerprint=fingerprint,
            document=document,
            node=node,
            card=card,
            vendor=vendor,
            draft=bool(draft),  # a number where the driver gave it
            prompt=prompt,
            seed=seed,
            credits=credits,
            money=None if money is None else Money(money),
            request=_decode(request),
        ),
    )


_FEW = 4
_KNOWN = select(_a.made).where(_a.sha256 == bindparam("of"))
_NEW_ASSET = insert(_assets)
_NO_ORIGIN = delete(_origins).where(_o.sha256 == bindparam("of"), _o.operation == bindparam("by"))
_NEW_ORIGIN = insert(_origins)


def enter(connection: Connection, ready: Statements, entry: Entry) -> int:
    """Writes an origin, and its asset where that is new; since when it is known. The same origin again
    replaces itself."""
    known = ready(connection, _KNOWN).first(connection, {"of": entry.sha256})
    row = msgspec.structs.asdict(entry)
    if known is None:
        asset = {column.name: row[column.name] for column in _assets.columns}
        ready(connection, _NEW_ASSET).count(connection, asset)
    row["request"] = msgspec.json.encode(entry.request).decode()
    ready(connection, _NO_ORIGIN).count(connection, {"of": entry.sha256, "by": entry.operation})
    origin = {column.name: row[column.name] for column in _origins.columns}
    ready(connection, _NEW_ORIGIN).count(connection, origin)
    return entry.made if known is None else int(known[0])


_FORGOTTEN = tuple(
    delete(one).where(one.c.sha256 == bindparam("of"))
    for one in (_origins, tables.marks, tables.finds, _assets)
)


def forget(connection: Connection, ready: Statements, sha256: str) -> None:
    """An asset goes, with all that is known of it."""
    for statement in _FORGOTTEN:
        ready(connection, statement).count(connection, {"of": sha256})


def by_fingerprints(
    connection: Connection, ready: Statements, fingerprints: Sequence[str], draft: bool
) -> Iterator[tuple[str, Any]]:
    """Fingerprint and row, the newest of each last."""
    if len(fingerprints) <= _FEW:  # a row of a table asks for one: to compile a list takes longer than all
        for one in fingerprints:
            asked = {"made_for": one, "draft_or_not": draft}
            for row in reversed(ready(connection, MADE_FOR).all(connection, asked)):
                yield one, row
        return
    for begin in range(0, len(fingerprints), CHUNK):
        wanted = _o.fingerprint.in_(fingerprints[begin : begin + CHUNK])
        query = _all().where(wanted, _o.draft.is_(draft)).order_by(_o.entered)
        for row in connection.execute(query).all():
            yield row.fingerprint, row


def by_hash(sha256: str) -> Select[Any]:
    return _all().where(_a.sha256 == sha256).order_by(_o.entered.desc()).limit(1)


def by_operation(operation: str) -> Select[Any]:
    return _all().where(_o.operation == operation).order_by(_o.entered.desc())


def by_node(document: str, node: str) -> Select[Any]:
    return _all().where(_o.document == document, _o.node == node).order_by(_o.entered.desc())


def origins(sha256: str) -> Select[Any]:
    return _all().where(_a.sha256 == sha256).order_by(_o.entered.desc())


def page(connection: Connection, ready: Statements, limit: int, before: tuple[int, str] | None) -> list[Any]:
    """Assets, newest first, each once, with its newest origin. `before`: time and hash of the last seen."""
    values: dict[str, object] = {"at_most": limit}
    if before is not None:
        values |= {"made_before": before[0], "hash_before": before[1]}
    rows: dict[str, Any] = {}
    for row in ready(connection, _FIRST_PAGE if before is None else _NEXT_PAGE).all(connection, values):
        rows.setdefault(row[0], row)
    return list(rows.values())


def to_mapping(values: Mapping[str, object]) -> dict[str, object]:
    """`values` and what is within them as plain JSON."""
    plain: dict[str, object] = msgspec.json.decode(msgspec.json.encode(values, enc_hook=_plain))
    return plain


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError(f"{type(value).__name__} has no place in the library")


def _all() -> Select[Any]:
    return select(*_COLUMNS).join_from(_assets, _origins, _a.sha256 == _o.sha256)


def _page(*where: ColumnElement[bool]) -> Select[Any]:
    wanted = select(_a.sha256).where(*where).order_by(_a.made.desc(), _a.sha256.desc())
    newest = wanted.limit(bindparam("at_most", type_=Integer(), literal_execute=False)).subquery()
    query = _all().join(newest, newest.c.sha256 == _a.sha256)
    return query.order_by(_a.made.desc(), _a.sha256.desc(), _o.entered.desc())


_MADE_BEFORE = bindparam("made_before", type_=BigInteger())
_HASH_BEFORE = bindparam("hash_before", type_=String())
_FIRST_PAGE = _page()
_NEXT_PAGE = _page(
    or_(_a.made < _MADE_BEFORE, (_a.made == _MADE_BEFORE) & (_a.sha256 < _HASH_BEFORE)),
    _a.made <= _MADE_BEFORE,  # said apart, for the index
)
MADE_FOR = (
    _all()
    .where(_o.fingerprint == bindparam("made_for"), _o.draft == bindparam("draft_or_not", type_=Boolean()))
    .order_by(_o.entered.desc())
)
"""What was made for the fingerprint `made_for`, newest first."""
