"""Deletes for good what was removed and nothing protects."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from app.basics.database import Database
from app.basics.database_statements import Statements
from app.library import index
from app.library.index import CHUNK, micros
from app.library.store import Store
from app.library.tables import assets, finds, marks, origins

_a, _o, _f, _m = assets.c, origins.c, finds.c, marks.c
_STEP = 50
"""Pictures that go at once: downloads wait for them."""


class InUse(Struct, frozen=True, kw_only=True):
    """What protects a picture: that something names it by its hash; that it came of one of these operations
    or was made for one of these fingerprints; that it was asked of a card with a seed that a document asks
    for; or that it is the last one that a node of a document made, drafts and bought pictures apart."""

    hashes: frozenset[str] = frozenset()
    operations: frozenset[str] = frozenset()
    fingerprints: frozenset[str] = frozenset()
    asked: frozenset[tuple[str, int | None]] = frozenset()
    """Card and seed."""
    nodes: frozenset[tuple[str, str]] = frozenset()
    """Document and node."""


class Collected(Struct, frozen=True, kw_only=True):
    """What went, what it took on disk, and how many of what was removed are in use and stay."""

    hashes: tuple[str, ...] = ()
    bytes: int = 0
    kept: int = 0


class Gate:
    """Many may bring pictures in at the same time, or one takes pictures away: bytes that come again just
    while they are being deleted would be lost."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._bringing = 0
        self._taking = False

    @asynccontextmanager
    async def bringing(self) -> AsyncIterator[None]:
        if self._taking:
            async with self._changed:
                await self._changed.wait_for(lambda: not self._taking)
        self._bringing += 1
        try:
            yield
        finally:
            self._bringing -= 1
            if not self._bringing and self._taking:
                async with self._changed:
                    self._changed.notify_all()

    @asynccontextmanager
    async def taking(self) -> AsyncIterator[None]:
        async with self._changed:
            await self._changed.wait_for(lambda: not self._taking)
            self._taking = True
            try:
                await self._changed.wait_for(lambda: not self._bringing)
            except BaseException:
                self._taking = False
                self._changed.notify_all()
                raise
        try:
            yield
        finally:
            async with self._changed:
                self._taking = False
                self._changed.notify_all()


class Collector:
    def __init__(self, database: Database, ready: Statements, store: Store, gate: Gate) -> None:
        self._database, self._ready, self._store, self._gate = database, ready, store, gate

    async def documents(self, drafts_before: datetime | None) -> tuple[str, ...]:
        """The documents that what might go was made for."""
        return tuple(await self._database.read(lambda one: _documents(one, drafts_before)))

    async def collect(
        self, in_use: InUse, used_now: Callable[[str], bool], drafts_before: datetime | None
    ) -> Collected:
        """`used_now` is asked at each step, for what came into use since `in_use` was gathered."""
        found = await self._database.read(lambda one: _unused(one, in_use, drafts_before))
        gone: list[str] = []
        freed = 0
        for begin in range(0, len(found.free), _STEP):
            async with self._gate.taking():
                step = [one for one in found.free[begin : begin + _STEP] if not used_now(one[0])]
                went = await self._take(step, drafts_before)
            gone += [sha256 for sha256, _ in went]
            freed += sum(size for _, size in went)
        return Collected(hashes=tuple(gone), bytes=freed, kept=found.kept)

    async def _take(
        self, step: Sequence[tuple[str, str, int, int]], drafts_before: datetime | None
    ) -> list[tuple[str, int]]:
        """The files are put out of the way, the rows go where they are still what they were, and then the
        files go or come back: at each moment a killed process leaves something that can be mended."""
        await asyncio.to_thread(self._withdraw, step)
        gone = await self._database.run(lambda one: _forget(one, self._ready, step, drafts_before))
        await asyncio.to_thread(self._finish, step, gone)
        return [(sha256, size) for sha256, _, size, _ in step if sha256 in gone]

    def _withdraw(self, step: Sequence[tuple[str, str, int, int]]) -> None:
        for sha256, suffix, _, _ in step:
            self._store.withdraw(sha256, suffix)

    def _finish(self, step: Sequence[tuple[str, str, int, int]], gone: frozenset[str]) -> None:
        for sha256, *_ in step:
            if sha256 in gone:
                self._store.drop(sha256)
            else:
                self._store.put_back(sha256)


class _Found(Struct, frozen=True, kw_only=True):
    """`free`: hash, suffix, bytes, and when its newest origin was entered."""

    free: list[tuple[str, str, int, int]]
    kept: int


def _may_go(drafts_before: datetime | None) -> ColumnElement[bool]:
    """Removed, or a draft of long ago; never one with a star."""
    may: list[ColumnElement[bool]] = [_f.removed.is_(True)]
    if drafts_before is not None:
        may.append(and_(_f.draft.is_(True), _f.made < micros(drafts_before)))
    return and_(or_(*may), _f.star.is_(False))


def _candidates(drafts_before: datetime | None) -> Select[Any]:
    newest = select(func.max(_o.entered)).where(_o.sha256 == _a.sha256).scalar_subquery()
    joined = assets.join(finds, _f.sha256 == _a.sha256)
    columns = (_a.sha256, _a.suffix, _a.bytes, newest)
    return select(*columns).select_from(joined).where(_may_go(drafts_before)).order_by(_a.sha256)


def _documents(connection: Connection, drafts_before: datetime | None) -> list[str]:
    joined = origins.join(finds, _f.sha256 == _o.sha256)
    wanted = select(_o.document).select_from(joined).where(_may_go(drafts_before)).distinct()
    return list(connection.execute(wanted).scalars())


def _unused(connection: Connection, in_use: InUse, drafts_before: datetime | None) -> _Found:
    rows = [tuple(row) for row in connection.execute(_candidates(drafts_before))]
    last: dict[tuple[str, str], frozenset[str]] = {}
    used: set[str] = set()
    for begin in range(0, len(rows), CHUNK):
        chunk = [row[0] for row in rows[begin : begin + CHUNK]]
        for row in connection.execute(_origins_of(chunk)):
            if row.sha256 not in used and _is_used(connection, row, in_use, last):
                used.add(row.sha256)
    return _Found(free=[row for row in rows if row[0] not in used], kept=len(used))


def _origins_of(chunk: Sequence[str]) -> Select[Any]:
    columns = (_o.sha256, _o.operation, _o.fingerprint, _o.document, _o.node, _o.card, _o.seed)
    return select(*columns).where(_o.sha256.in_(chunk))


def _is_used(
    connection: Connection, row: Any, in_use: InUse, last: dict[tuple[str, str], frozenset[str]]
) -> bool:
    if (
        row.sha256 in in_use.hashes
        or row.operation in in_use.operations
        or row.fingerprint in in_use.fingerprints
        or (row.card, row.seed) in in_use.asked
    ):
        return True
    at = (row.document, row.node)
    if at not in in_use.nodes:
        return False
    if at not in last:
        last[at] = _last_of(connection, *at)
    return row.sha256 in last[at]


def _last_of(connection: Connection, document: str, node: str) -> frozenset[str]:
    """The last draft and the last bought picture of a node; several where they came at once."""
    found: set[str] = set()
    for draft in (False, True):
        mine = and_(_o.document == document, _o.node == node, _o.draft.is_(draft))
        newest = select(func.max(_o.entered)).where(mine).scalar_subquery()
        found |= set(connection.execute(select(_o.sha256).where(mine, _o.entered == newest)).scalars())
    return frozenset(found)


def _forget(
    connection: Connection,
    ready: Statements,
    step: Iterable[tuple[str, str, int, int]],
    drafts_before: datetime | None,
) -> frozenset[str]:
    """Takes out of the index what may still go: in one transaction with the look at its marks, so that no
    other process stars it in between."""
    hashes = [one[0] for one in step]
    query = _candidates(drafts_before).where(_a.sha256.in_(hashes))
    now = {row[0]: row[3] for row in connection.execute(query)}
    starred = select(_m.sha256).where(_m.sha256.in_(hashes), _m.star.is_(True))
    held = set(connection.execute(starred).scalars())
    gone = frozenset(
        sha256 for sha256, _, _, entered in step if now.get(sha256) == entered and sha256 not in held
    )
    for sha256 in gone:
        index.forget(connection, ready, sha256)
    return gone
