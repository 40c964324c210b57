"""The table into the book: what is new, what is gone, what stays; again only where something has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from itertools import islice

import msgspec

from app.basics.words import say, say_many
from app.batch.keys import keyed
from app.batch.setting import BatchSetting
from app.batch.table import Row
from app.batch.writing import folder_name, title_of
from app.journal.batch_book import BatchBook, NewRow

_AT_ONCE = 500


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """`reading` names the rows of the table as it is now; `notes` what people should know."""

    reading: int
    notes: tuple[str, ...] = ()


async def take_in(
    book: BatchBook, setting: BatchSetting, progress: Callable[[int], None] = lambda _: None
) -> Taken:
    """Reads the table where it, or the document, is another than last time. `progress` hears of rows read.

    :raises BadInput: the table cannot be read, or a folder's name cannot be made
    """
    facts = await book.facts()
    now = {
        "table": setting.table.sha256,
        "columns": msgspec.json.encode(setting.table.columns).decode(),
        "used": msgspec.json.encode(setting.used).decode(),
        "how": f"{setting.table.path}\n{setting.table.sheet}\n{setting.table.count}",
    }
    known = int(facts.get("reading", "0"))
    notes: list[str] = []
    reading = known
    if not known or any(facts.get(name) != value for name, value in now.items()):
        reading = await _read(book, setting, notes, first=not known, progress=progress)
        await book.note(**now, document_id=setting.document_id)
    if known and facts.get("what") != setting.what:
        again = await book.change_state(reading, "waiting", ["done"])
        if again:
            notes.append(
                say_many(
                    again,
                    "The document has changed: {n} row that was done is looked at again. What it has in the "
                    "library already costs nothing.",
                    "The document has changed: {n} rows that were done are looked at again. What they have "
                    "in the library already costs nothing.",
                )
            )
    await book.note(what=setting.what)
    return Taken(reading=reading, notes=tuple(notes))


async def _read(
    book: BatchBook, setting: BatchSetting, notes: list[str], *, first: bool, progress: Callable[[int], None]
) -> int:
    reading = await book.begin_reading()
    pairs = keyed(setting.table.rows(), setting.used)
    place, new = 0, 0
    while some := await asyncio.to_thread(_next, pairs, setting):
        new += await book.take_in(reading, place, some)
        place += len(some)
        progress(place)
    gone = await book.end_reading(reading)
    if not first:
        notes.append(
            say(
                "The table has changed since the last start. New rows: {new}; gone: {gone}; as they were: "
                "{stay}.",
                new=new,
                gone=gone,
                stay=place - new,
            )
        )
    return reading


def _next(pairs: Iterator[tuple[str, Row]], setting: BatchSetting) -> list[NewRow]:
    return [
        NewRow(
            key=key,
            number=row.number,
            title=title_of(setting, row),
            folder=folder_name(setting, row),
            cells=row.cells,
        )
        for key, row in islice(pairs, _AT_ONCE)
    ]
