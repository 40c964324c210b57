"""The pictures that exist, by content and by what was asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import msgspec
from sqlalchemy import Connection, Select

from app.basics.clock import Clock, SystemClock
from app.basics.database import Database
from app.basics.database_statements import Statements
from app.basics.faults import DiskTrouble
from app.basics.signal import Signal
from app.basics.words import say
from app.imaging.facts import read_facts
from app.library import index, marking, wording
from app.library.assets import Asset, Marks, Origin, Rebuilt
from app.library.collecting import Collected, Collector, Gate, InUse
from app.library.finder import Finder
from app.library.index import Entry, micros, moment, to_mapping
from app.library.marking import Mark, Wish
from app.library.notes import noted, read_notes
from app.library.presence import Presence
from app.library.store import Store, kind_of
from app.library.tables import INDEX


class Seen(Protocol):
    """What the library needs to know of a picture: `imaging.facts.ImageFacts`."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def format(self) -> str: ...


class Library:
    """`store` keeps the bytes, `address` (a file or a SQLAlchemy URL) is the index, `look` says what a
    picture is. Results by content hash; a picture may have several origins. Drafts are never found as
    bought pictures, nor the other way about (law 6).

    A damaged index is put aside and built anew from the notes beside the pictures; `open` says so.
    """

    def __init__(
        self,
        store: Store,
        address: str | Path,
        *,
        look: Callable[[Path], Seen] = read_facts,
        clock: Clock | None = None,
    ) -> None:
        self.store = store
        # It can be had again from the notes, so it need not outlive a power cut to the last row.
        self._database = Database(address, INDEX, durable=False, put_aside=True, one_writer=True)
        self._alone = isinstance(address, Path)
        self._presence = Presence(store)
        self._look = look
        self._clock = clock or SystemClock()
        self._ready = Statements()
        self._opening = asyncio.Lock()
        self._marking = asyncio.Lock()
        self._gate = Gate()
        self._collector = Collector(self._database, self._ready, store, self._gate)
        self.finder = Finder(self._database, self._ready, store, self.open)
        self.marked: Signal[Mapping[str, Marks]] = Signal()
        """The pictures whose marks have changed, with what they are now."""
        self.came: Signal[str] = Signal()
        """The hash of a picture that has come in."""
        self.went: Signal[tuple[str, ...]] = Signal()
        """The hashes of pictures that were deleted."""
        self._opened: tuple[str, ...] | None = None

    async def open(self) -> tuple[str, ...]:
        """What a person should be told. Builds the index where it is new and pictures are there."""
        if self._opened is not None:
            return self._opened
        async with self._opening:
            if self._opened is None:
                notes = await self._database.open()
                if not await self._database.read(
                    lambda connection: index.page(connection, self._ready, 1, None)
                ):
                    rebuilt = await self._rebuild()
                    if rebuilt.entered:
                        notes = (
                            *notes,
                            say(
                                "The library's index was built anew: {entered} pictures.",
                                entered=rebuilt.entered,
                            ),
                        )
                elif not self.store.near and self._alone:
                    await self._catch_up()
                self._opened = notes
        return self._opened

    async def close(self) -> None:
        await self._database.close()

    def temp(self) -> Path:
        """A path for a download."""
        return self.store.temp()

    async def add(
        self,
        path: Path,
        origin: Origin,
        look: Callable[[Path], Seen] | None = None,
        *,
        made: datetime | None = None,
    ) -> Asset:
        """Takes a whole picture in; the file is gone from `path` afterwards. The same picture again gets one
        more origin, and is back if it was removed. On disk, with its origin, when this returns; where the
        store cannot keep it, it stays.

        `look` says what it is, and may refuse it with a fault of its own. `made`: when, where that was in
        another library; one that is still to come counts as now.

        :raises BadInput: it is no picture
        :raises DiskTrouble: `library.full`, `library.unwritable`, `library.short`
        """
        await self.open()
        now = self._clock.now()
        when = now if made is None else min(made, now)
        async with self._gate.bringing():
            place, entry = await asyncio.to_thread(self._keep, path, origin, look or self._look, when)
            try:
                since, back = await self._database.run(
                    lambda connection: self._come(connection, entry),
                    lambda connection: self._come(connection, entry),
                )
                await self._tell(back)
            except DiskTrouble as fault:
                raise _but_safe(fault, place) from fault
        self.came.emit(entry.sha256)
        return Asset(
            sha256=entry.sha256,
            path=place,
            mime=entry.mime,
            width=entry.width,
            height=entry.height,
            bytes=entry.bytes,
            made=moment(since),
            origin=origin,
        )

    async def find(self, fingerprint: str, draft: bool = False) -> Asset | None:
        """The newest picture that was made for exactly this, if it is still there."""
        await self.open()
        asked = {"made_for": fingerprint, "draft_or_not": draft}
        rows = await self._database.read(
            lambda connection: self._ready(connection, index.MADE_FOR).all(connection, asked)
        )
        found = await self._presence.of(rows)
        return await self._presence.brought(found[0]) if found else None

    async def find_many(self, fingerprints: Iterable[str], draft: bool = False) -> Mapping[str, Asset]:
        """As `find`, for a whole plan at once."""
        await self.open()
        wanted = tuple(dict.fromkeys(fingerprints))

        def work(connection: Connection) -> dict[str, Asset]:
            found = {}
            for fingerprint, row in index.by_fingerprints(connection, self._ready, wanted, draft):
                if (asset := self._presence.one(row)) is not None:
                    found[fingerprint] = asset
            return found

        return await self._database.read(work)

    async def here(self, asset: Asset) -> Path:
        """Its bytes on a disk of this machine, fetched if need be.

        :raises DiskTrouble: `library.gone`, or why it cannot be fetched
        """
        return await self._presence.here(asset)

    async def get(self, sha256: str) -> Asset | None:
        """The picture with its newest origin."""
        found = await self._assets(index.by_hash(sha256))
        return await self._presence.brought(found[0]) if found else None

    async def origins(self, sha256: str) -> tuple[Origin, ...]:
        """All of a picture's origins, newest first."""
        return tuple(asset.origin for asset in await self._assets(index.origins(sha256)))

    async def page(self, limit: int = 100, before: Asset | None = None) -> tuple[Asset, ...]:
        """Pictures, newest first; `before` is the last one seen."""
        await self.open()
        key = None if before is None else (micros(before.made), before.sha256)
        rows = await self._database.read(lambda connection: index.page(connection, self._ready, limit, key))
        return tuple(self._presence.asset(row) for row in rows)

    async def for_node(self, document: str, node: str) -> tuple[Asset, ...]:
        """What a node has made, newest first."""
        return await self._assets(index.by_node(document, node))

    async def for_operation(self, operation: str) -> tuple[Asset, ...]:
        """What an operation has brought. Also finds what was kept just before a crash, by its note."""
        found = await self._assets(index.by_operation(operation))
        if found:
            return found
        entries = await asyncio.to_thread(noted, self.store, operation)
        await self._enter(entries)
        return await self._assets(index.by_operation(operation)) if entries else ()

    async def marks(self, hashes: Iterable[str]) -> Mapping[str, Marks]:
        """Each of `hashes` with its marks; none where nobody has marked it."""
        await self.open()
        wanted = tuple(dict.fromkeys(hashes))
        return marking.told(wanted, await self._database.read(lambda one: marking.read(one, wanted)))

    async def mark(
        self, hashes: Iterable[str], *, star: bool | None = None, rejected: bool | None = None
    ) -> Mapping[str, Marks]:
        """Stars or rejects pictures, or takes that back; None stays as it is. A star takes a rejection back,
        and a rejection a star. What has changed; pictures that are not in the library are passed over.

        :raises DiskTrouble: `library.full`, `library.unwritable`: it is marked, but not noted beside it
        """
        return await self._mark(hashes, Wish(star=star, rejected=rejected))

    async def remove(self, hashes: Iterable[str]) -> Mapping[str, Marks]:
        """Hides pictures from searches at once, until they are restored or collected. Nothing is deleted,
        and documents go on showing them. What has changed; raises as `mark`."""
        return await self._mark(hashes, Wish(removed=True))

    async def restore(self, hashes: Iterable[str]) -> Mapping[str, Marks]:
        """Takes a removal back. Raises as `mark`."""
        return await self._mark(hashes, Wish(removed=False))

    async def collect(
        self,
        in_use: InUse,
        *,
        used_now: Callable[[str], bool] = lambda _: False,
        drafts_before: datetime | None = None,
    ) -> Collected:
        """Deletes for good what was removed, and drafts made before then where that is given; never what has
        a star or is in use. `used_now` is asked at the last moment.

        :raises DiskTrouble: `library.unwritable`; what is left is collected the next time
        """
        await self.open()
        async with self._marking:  # nobody in this process stars what is being deleted
            await self._mend()
            collected = await self._collector.collect(in_use, used_now, drafts_before)
        if collected.hashes:
            self.went.emit(collected.hashes)
        return collected

    async def made_for(self, drafts_before: datetime | None = None) -> tuple[str, ...]:
        """The documents that what `collect` might delete was made for."""
        await self.open()
        return await self._collector.documents(drafts_before)

    async def read(self, asset: Asset) -> BinaryIO:
        """The vendor's bytes, as they came.

        :raises DiskTrouble: `library.gone`
        """
        return await asyncio.to_thread(self.store.open, asset.sha256, asset.path.suffix)

    async def verify(self, asset: Asset) -> bool:
        """Whether its bytes are there and unchanged."""
        return await asyncio.to_thread(self.store.verify, asset.sha256, asset.path.suffix)

    async def rebuild(self) -> Rebuilt:
        """Enters every note beside a picture into the index, again."""
        await self.open()
        return await self._rebuild()

    async def set_aside(self, asset: Asset) -> Path | None:
        """Takes a damaged picture and its notes out of the way, and what is known of it out of the index.
        Where it is now; None where there was nothing left of it."""
        place = await asyncio.to_thread(self.store.set_aside, asset.sha256, asset.path.suffix)
        await self._database.run(lambda connection: index.forget(connection, self._ready, asset.sha256))
        return place

    async def check(self, *, thorough: bool = False) -> tuple[str, ...]:
        """What is wrong with the index, in the database's words."""
        await self.open()
        return await self._database.check(thorough=thorough)

    async def mend_indexes(self) -> None:
        await self._database.mend_indexes()

    # --- inside ----------------------------------------------------------------------------------

    def _keep(
        self, path: Path, origin: Origin, look: Callable[[Path], Seen], when: datetime
    ) -> tuple[Path, Entry]:
        """All of it in one thread: a step from thread to thread costs as much as hashing half a megabyte."""
        seen = look(path)
        suffix, mime = kind_of(seen.format)
        taken = self.store.take(path, suffix)
        now = micros(when)
        entry = Entry(
            sha256=taken.sha256,
            suffix=suffix,
            mime=mime,
            width=seen.width,
            height=seen.height,
            bytes=taken.bytes,
            made=now,
            entered=now,
            operation=origin.operation,
            fingerprint=origin.fingerprint,
            document=origin.document,
            node=origin.node,
            card=origin.card,
            vendor=origin.vendor,
            draft=origin.draft,
            prompt=origin.prompt,
            seed=origin.seed,
            credits=origin.credits,
            money=origin.money,
            request=to_mapping(origin.request),
        )
        try:
            self.store.write_note(taken.sha256, origin.operation, msgspec.json.encode(entry))
        except DiskTrouble as fault:
            raise _but_safe(fault, taken.path) from fault
        return taken.path, entry

    async def _mark(self, hashes: Iterable[str], wish: Wish) -> Mapping[str, Marks]:
        """The index first, which outlives a kill, then the notes, which outlive the index."""
        await self.open()
        wanted, now = tuple(hashes), self._clock.now()
        async with self._marking:
            changed = await self._database.run(
                lambda connection: marking.change(connection, self._ready, wanted, wish, now)
            )
            return await self._tell(changed)

    async def _tell(self, changed: Sequence[Mark]) -> Mapping[str, Marks]:
        told = {mark.sha256: mark.told() for mark in changed}
        if told:
            self.marked.emit(told)
            await asyncio.to_thread(self._note_marks, changed)
        return told

    def _note_marks(self, changed: Iterable[Mark]) -> None:
        for mark in changed:
            marking.write(self.store, mark)

    async def _mend(self) -> None:
        """What a killed process had withdrawn is there again, as removed as it was."""
        left = await asyncio.to_thread(self.store.withdrawn)
        for sha256 in left:
            await asyncio.to_thread(self.store.put_back, sha256)
        if left:
            await self._rebuild()

    async def _assets(self, query: Select[Any]) -> tuple[Asset, ...]:
        await self.open()
        return await self._presence.of(await self._database.read(lambda one: one.execute(query).all()))

    async def _catch_up(self) -> None:
        """What other machines have brought since this one was here."""
        known = await self._database.read(index.noted)
        await self._rebuild(known)

    async def _rebuild(self, known: Collection[tuple[str, str]] = ()) -> Rebuilt:
        entries, marks, unreadable = await asyncio.to_thread(read_notes, self.store, known)
        await self._enter(entries)
        await self._database.run(lambda connection: marking.enter_newer(connection, self._ready, marks))
        return Rebuilt(entered=len(entries), unreadable=tuple(unreadable))

    async def _enter(self, entries: Sequence[Entry]) -> None:
        def work(connection: Connection) -> None:
            for entry in entries:
                self._put(connection, entry)

        if entries:
            await self._database.run(work, work)

    def _come(self, connection: Connection, entry: Entry) -> tuple[int, list[Mark]]:
        made = self._put(connection, entry)
        now = self._clock.now()
        return made, marking.bring_back(connection, self._ready, entry.sha256, now)

    def _put(self, connection: Connection, entry: Entry) -> int:
        """Since when it is known."""
        made = index.enter(connection, self._ready, entry)
        wording.enter(connection, self._ready, entry.sha256)
        return made


def _but_safe(fault: DiskTrouble, place: Path) -> DiskTrouble:
    fault.advice += say(" The picture itself is safe: {place}", place=place)
    return fault
