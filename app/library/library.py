"""The pictures that exist, by content and by what was asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import msgspec
from sqlalchemy import Connection, Select

from app.basics.clock import Clock, SystemClock
from app.basics.database import Database
from app.basics.database_statements import Statements
from app.basics.faults import DiskTrouble
from app.basics.words import say
from app.imaging.facts import read_facts
from app.library import index
from app.library.assets import Asset, Origin
from app.library.index import INDEX, Entry, micros, moment, to_asset, to_mapping
from app.library.store import Store

_SUFFIXES = {
    "PNG": (".png", "image/png"),
    "JPEG": (".jpg", "image/jpeg"),
    "WEBP": (".webp", "image/webp"),
    "TIFF": (".tiff", "image/tiff"),
    "BMP": (".bmp", "image/bmp"),
    "GIF": (".gif", "image/gif"),
    "HEIC": (".heic", "image/heic"),
    "AVIF": (".avif", "image/avif"),
}


class Seen(Protocol):
    """What the library needs to know of a picture: `imaging.facts.ImageFacts`."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def format(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What `rebuild` found: origins entered, and notes that could not be read or have no picture."""

    entered: int
    unreadable: tuple[Path, ...]


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
        self._database = Database(address, INDEX, durable=False, put_aside=True)
        self._look = look
        self._clock = clock or SystemClock()
        self._ready = Statements()
        self._opening = asyncio.Lock()
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
        more origin. On disk, with its origin, when this returns; where the store cannot keep it, it stays.

        `look` says what it is, and may refuse it with a fault of its own. `made`: when, where that was in
        another library; one that is still to come counts as now.

        :raises BadInput: it is no picture
        :raises DiskTrouble: `library.full`, `library.unwritable`, `library.short`
        """
        await self.open()
        now = self._clock.now()
        when = now if made is None else min(made, now)
        place, entry = await asyncio.to_thread(self._keep, path, origin, look or self._look, when)
        try:
            since = await self._database.run(lambda connection: index.enter(connection, self._ready, entry))
        except DiskTrouble as fault:
            raise _but_safe(fault, place) from fault
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
        return next((asset for row in rows if (asset := self._present(row)) is not None), None)

    async def find_many(self, fingerprints: Iterable[str], draft: bool = False) -> Mapping[str, Asset]:
        """As `find`, for a whole plan at once."""
        await self.open()
        wanted = tuple(dict.fromkeys(fingerprints))

        def work(connection: Connection) -> dict[str, Asset]:
            found = {}
            for fingerprint, row in index.by_fingerprints(connection, wanted, draft):
                if (asset := self._present(row)) is not None:
                    found[fingerprint] = asset
            return found

        return await self._database.read(work)

    async def get(self, sha256: str) -> Asset | None:
        """The picture with its newest origin."""
        found = await self._assets(index.by_hash(sha256))
        return found[0] if found else None

    async def origins(self, sha256: str) -> tuple[Origin, ...]:
        """All of a picture's origins, newest first."""
        return tuple(asset.origin for asset in await self._assets(index.origins(sha256)))

    async def page(self, limit: int = 100, before: Asset | None = None) -> tuple[Asset, ...]:
        """Pictures, newest first; `before` is the last one seen."""
        await self.open()
        key = None if before is None else (micros(before.made), before.sha256)
        rows = await self._database.read(lambda connection: index.page(connection, self._ready, limit, key))
        return tuple(to_asset(row, self._place(row)) for row in rows)

    async def for_node(self, document: str, node: str) -> tuple[Asset, ...]:
        """What a node has made, newest first."""
        return await self._assets(index.by_node(document, node))

    async def for_operation(self, operation: str) -> tuple[Asset, ...]:
        """What an operation has brought. Also finds what was kept just before a crash, by its note."""
        found = await self._assets(index.by_operation(operation))
        if found:
            return found
        entries = await asyncio.to_thread(self._noted, operation)
        await self._enter(entries)
        return await self._assets(index.by_operation(operation)) if entries else ()

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
        suffix, mime = _SUFFIXES.get(seen.format, (f".{seen.format.lower()}", f"image/{seen.format.lower()}"))
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

    async def _assets(self, query: Select[Any]) -> tuple[Asset, ...]:
        await self.open()
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return tuple(asset for asset in map(self._present, rows) if asset is not None)

    def _place(self, row: Any) -> Path:
        return self.store.place(row[0], row[1])

    def _present(self, row: Any) -> Asset | None:
        """A picture that was deleted by hand is not found."""
        return to_asset(row, self._place(row)) if self.store.holds(row[0], row[1]) else None

    async def _rebuild(self) -> Rebuilt:
        entries, unreadable = await asyncio.to_thread(self._read_notes)
        await self._enter(entries)
        return Rebuilt(entered=len(entries), unreadable=tuple(unreadable))

    async def _enter(self, entries: Sequence[Entry]) -> None:
        def work(connection: Connection) -> None:
            for entry in entries:
                index.enter(connection, self._ready, entry)

        if entries:
            await self._database.run(work)

    def _read_notes(self) -> tuple[list[Entry], list[Path]]:
        entries, unreadable = [], []
        for sha256, _, path in self.store.notes():
            try:
                entry = _read_note(path)
            except DiskTrouble:
                unreadable.append(path)
                continue
            if entry.sha256 == sha256 and self.store.holds(sha256, entry.suffix):
                entries.append(entry)
            else:
                unreadable.append(path)
        entries.sort(key=lambda entry: entry.entered)
        return entries, unreadable

    def _noted(self, operation: str) -> list[Entry]:
        return [_read_note(path) for _, name, path in self.store.notes() if name == operation]


def _but_safe(fault: DiskTrouble, place: Path) -> DiskTrouble:
    fault.advice += say(" The picture itself is safe: {place}", place=place)
    return fault


def _read_note(path: Path) -> Entry:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Entry)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DiskTrouble(
            say("The note {name} beside a picture of the library cannot be read.", name=path.name),
            advice=say("The picture itself is safe. `tagloom doctor --repair` lists what is wrong."),
            code="library.note",
            detail=str(error),
        ) from error
