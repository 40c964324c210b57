"""Stars, rejections and removals: a row of the index, and a note beside the picture, so that a damaged index
takes none of them away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from app.basics.database_statements import Statements
from app.library.assets import Marks
from app.library.file_names import MARKS
from app.library.index import CHUNK, micros, moment
from app.library.store import Store
from app.library.tables import assets, finds, marks

_m = marks.c
_COLUMNS = (_m.sha256, _m.star, _m.rejected, _m.removed, _m.changed)


class Mark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """A note beside a picture, and a row of the index. Times are microseconds since 1970 in UTC."""

    sha256: str
    star: bool
    rejected: bool
    removed: int | None
    changed: int
    format: str = "tagloom-marks/1"

    def told(self) -> Marks:
        removed = None if self.removed is None else moment(self.removed)
        return Marks(star=self.star, rejected=self.rejected, removed=removed)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is to change; None stays as it is. A star and a rejection take each other back."""

    star: bool | None = None
    rejected: bool | None = None
    removed: bool | None = None

    def on(self, was: Mark, now: int) -> Mark:
        star = was.star and not self.rejected if self.star is None else self.star
        rejected = was.rejected and not self.star if self.rejected is None else self.rejected
        removed = was.removed
        if self.removed is not None:
            removed = (was.removed or now) if self.removed else None
        return Mark(sha256=was.sha256, star=star, rejected=rejected, removed=removed, changed=now)


def read(connection: Connection, hashes: Iterable[str]) -> dict[str, Mark]:
    """The rows there are."""
    found: dict[str, Mark] = {}
    for chunk in _chunks(tuple(hashes)):
        for row in connection.execute(select(*_COLUMNS).where(_m.sha256.in_(chunk))).all():
            found[row[0]] = _to_mark(row)
    return found


def change(
    connection: Connection, ready: Statements, hashes: Iterable[str], wish: Wish, time: datetime
) -> list[Mark]:
    """Marks the pictures there are; what they were not before."""
    known = [sha for chunk in _chunks(tuple(dict.fromkeys(hashes))) for sha in _known(connection, chunk)]
    now = micros(time)
    before = read(connection, known)
    changed = []
    for sha256 in known:
        was = before.get(sha256) or _nothing(sha256)
        mark = wish.on(was, now)
        if mark.told() != was.told():
            changed.append(mark)
    enter(connection, ready, changed)
    return changed


_GONE = delete(marks).where(_m.sha256 == bindparam("of"))
_NEW = insert(marks)
_FOUND = (
    update(finds)
    .where(finds.c.sha256 == bindparam("of"))
    .values(star=bindparam("is_star"), rejected=bindparam("is_rejected"), removed=bindparam("is_removed"))
)


def enter(connection: Connection, ready: Statements, changed: Iterable[Mark]) -> None:
    """Writes the rows anew."""
    for mark in changed:
        ready(connection, _GONE).count(connection, {"of": mark.sha256})
        row = {column.name: getattr(mark, column.name) for column in _COLUMNS}
        ready(connection, _NEW).count(connection, row)
        found: dict[str, object] = {"of": mark.sha256, "is_star": mark.star, "is_rejected": mark.rejected}
        found["is_removed"] = mark.removed is not None
        ready(connection, _FOUND).count(connection, found)


_REMOVED = select(*_COLUMNS).where(_m.sha256 == bindparam("of"), _m.removed.is_not(None))


def bring_back(connection: Connection, ready: Statements, sha256: str, time: datetime) -> list[Mark]:
    """A picture that was removed and has come again is there again."""
    row = ready(connection, _REMOVED).first(connection, {"of": sha256})
    if row is None:
        return []
    changed = [Wish(removed=False).on(_to_mark(row), micros(time))]
    enter(connection, ready, changed)
    return changed


def enter_newer(connection: Connection, ready: Statements, noted: Sequence[Mark]) -> None:
    """Writes what the notes say where they are newer than the rows."""
    known = read(connection, [mark.sha256 for mark in noted])
    fresh = [mark for mark in noted if mark.sha256 not in known or known[mark.sha256].changed < mark.changed]
    enter(connection, ready, fresh)


def write(store: Store, mark: Mark) -> None:
    """Beside its picture. :raises DiskTrouble: `library.unwritable`"""
    store.write_note(mark.sha256, MARKS, written(mark))


def written(mark: Mark) -> bytes:
    return msgspec.json.encode(mark)


def noted(path: Path, sha256: str) -> Mark | None:
    """What a note says; None where it cannot be read or is another picture's."""
    try:
        mark = msgspec.json.decode(path.read_bytes(), type=Mark)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return mark if mark.sha256 == sha256 else None


def told(hashes: Iterable[str], found: Mapping[str, Mark]) -> dict[str, Marks]:
    """Each of `hashes` with its marks, none where there is no row."""
    return {sha: found[sha].told() if sha in found else Marks() for sha in hashes}


def _known(connection: Connection, chunk: Sequence[str]) -> list[str]:
    there = set(connection.execute(select(assets.c.sha256).where(assets.c.sha256.in_(chunk))).scalars())
    return [sha for sha in chunk if sha in there]


def _chunks(values: Sequence[str]) -> list[Sequence[str]]:
    return [values[begin : begin + CHUNK] for begin in range(0, len(values), CHUNK)]


def _nothing(sha256: str) -> Mark:
    return Mark(sha256=sha256, star=False, rejected=False, removed=None, changed=0)


def _to_mark(row: Any) -> Mark:
    sha256, star, rejected, removed, changed = row
    return Mark(sha256=sha256, star=bool(star), rejected=bool(rejected), removed=removed, changed=changed)
