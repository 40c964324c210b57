"""Finding pictures by what was asked for, by their marks and by their colours, in statements that every
database understands; where SQLite has its full-text index, that is asked for words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    column,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    update,
)

from app.imaging.palette import Colour, oklab
from app.library.index import micros
from app.library.query import DiskUse, Hit, Query, asked, packed
from app.library.tables import FULL_TEXT, assets, colours, finds, origins

LEAST_SHARE = 8
"""Hundredths of a picture that a colour has to fill to be found by it."""
CLOSE = 110
"""How far a colour may be from the swatch, in thousandths of OKLab."""
FEW = 400
"""Up to so many rows the full-text index is quicker than a walk from the newest back that ends early."""
_a, _o, _c, _f = assets.c, origins.c, colours.c, finds.c
_SHOWN = (_f.sha256, _f.suffix, _f.width, _f.height, _f.made, _f.draft, _f.star, _f.rejected)
_JOINED = finds.join(assets, _a.sha256 == _f.sha256)


def find(connection: Connection, query: Query, *, limit: int | None, after: Hit | None) -> list[Hit]:
    """The pictures that match, newest first; those behind `after`, where it is given."""
    statement = select(*_SHOWN).where(*_wanted(connection, query))
    if after is not None:
        behind = or_(_f.made < after.made, and_(_f.made == after.made, _f.sha256 < after.sha256))
        statement = statement.where(_f.made <= after.made, behind)  # said twice, for the index
    statement = statement.order_by(_f.made.desc(), _f.sha256.desc())
    if limit is not None:
        statement = statement.limit(limit)
    return [
        Hit(sha256, suffix, width, height, made, bool(draft), bool(star), bool(rejected))
        for sha256, suffix, width, height, made, draft, star, rejected in connection.execute(statement)
    ]


def count(connection: Connection, query: Query) -> int:
    statement = select(func.count()).select_from(finds).where(*_wanted(connection, query))
    return int(connection.execute(statement).scalar_one())


def cards(connection: Connection) -> list[str]:
    """The models that made any of them."""
    return list(connection.execute(select(_o.card).distinct().order_by(_o.card)).scalars())


def documents(connection: Connection, limit: int) -> list[str]:
    """The documents that any of them were made for, the last one first."""
    newest = func.max(_o.entered)
    statement = select(_o.document).group_by(_o.document).order_by(newest.desc()).limit(limit)
    return list(connection.execute(statement).scalars())


def disk_use(connection: Connection) -> DiskUse:
    size = func.coalesce(func.sum(_a.bytes), 0)
    whole = connection.execute(select(func.count(), size).select_from(assets)).one()
    hidden = select(func.count(), size).select_from(_JOINED).where(_f.removed.is_(True))
    removed = connection.execute(hidden).one()
    return DiskUse(
        pictures=int(whole[0]), bytes=int(whole[1]), removed=int(removed[0]), freed=int(removed[1])
    )


# --- colours -------------------------------------------------------------------------------------


def colourless(connection: Connection, limit: int) -> list[tuple[str, str]]:
    """Hash and suffix of pictures whose colours nobody has looked at, newest first."""
    statement = select(_f.sha256, _f.suffix).where(_f.colours.is_(None))
    found = connection.execute(statement.order_by(_f.made.desc()).limit(limit))
    return [(row[0], row[1]) for row in found]


def enter_colours(connection: Connection, sha256: str, found: Iterable[Colour]) -> None:
    """Once for each picture that is still there; one without colours is not looked at again."""
    row = connection.execute(select(_f.id).where(_f.sha256 == sha256)).first()
    if row is None:
        return
    large = [one for one in found if one.share >= LEAST_SHARE]
    names = packed(dict.fromkeys(one.name for one in large))
    connection.execute(update(finds).where(_f.id == row[0]).values(colours=names))
    connection.execute(delete(colours).where(_c.find == row[0]))
    if large:
        rows = [
            {"find": row[0], "place": place, "lightness": one.lightness, "a": one.a, "b": one.b}
            for place, one in enumerate(large)
        ]
        connection.execute(insert(colours), rows)


# --- inside --------------------------------------------------------------------------------------


def _wanted(connection: Connection, query: Query) -> list[ColumnElement[bool]]:
    where = [_f.removed.is_(query.removed), *_worded(connection, query.words)]
    if query.documents:
        where.append(_f.sha256.in_(select(_o.sha256).where(_o.document.in_(query.documents))))
    for names, among in ((query.cards, _f.cards), (query.colours, _f.colours)):
        if names:
            where.append(or_(*(among.contains(packed([name]), autoescape=True) for name in names)))
    if query.since is not None:
        where.append(_f.made >= micros(query.since))
    if query.until is not None:
        where.append(_f.made < micros(query.until))
    for wanted, is_so in (
        (query.drafts, _f.draft),
        (query.starred, _f.star),
        (query.rejected, _f.rejected),
    ):
        if wanted is not None:
            where.append(is_so.is_(wanted))
    return where if query.swatch is None else [*where, _close_to(query.swatch)]


def _worded(connection: Connection, words: str) -> list[ColumnElement[bool]]:
    runs, called = asked(words)
    where: list[ColumnElement[bool]] = [_f.tags.contains(f"|{tag}", autoescape=True) for tag in called]
    few = _few_by_full_text(connection, runs) if runs and has_full_text(connection) else None
    if few is not None:
        return [*where, _f.id.in_(few)]
    return where + [_f.words.contains(run, autoescape=True) for run in runs]


def _few_by_full_text(connection: Connection, runs: Sequence[str]) -> list[int] | None:
    """The rows that hold every run, the last word of each may go on ("sneak" finds a sneaker); None where
    there are many."""
    pattern = " AND ".join('"' + run.replace('"', '""') + '" *' for run in runs)
    full = table(FULL_TEXT, column("rowid"))
    found = select(full.c.rowid).where(literal_column(FULL_TEXT).op("MATCH")(pattern)).limit(FEW + 1)
    rows = list(connection.execute(found).scalars())
    return rows if len(rows) <= FEW else None


def has_full_text(connection: Connection) -> bool:
    known = connection.info.get(FULL_TEXT)
    if known is None:
        known = connection.dialect.name == "sqlite" and _there(connection)
        connection.info[FULL_TEXT] = known
    return bool(known)


def _there(connection: Connection) -> bool:
    tables = table("sqlite_master", column("name"))
    return connection.execute(select(tables.c.name).where(tables.c.name == FULL_TEXT)).scalar() is not None


def _close_to(swatch: tuple[int, int, int]) -> ColumnElement[bool]:
    lightness, a, b = oklab(swatch)
    far = (_c.lightness - lightness, _c.a - a, _c.b - b)
    square = far[0] * far[0] + far[1] * far[1] + far[2] * far[2]
    return exists().where(_c.find == _f.id, _c.a.between(a - CLOSE, a + CLOSE), square <= CLOSE * CLOSE)
