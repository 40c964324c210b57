"""A look at ledger and library: whether they are whole, and what was paid for and is not there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from app.basics.faults import Fault
from app.basics.words import CLAUSES, listed, say
from app.journal.ledger import Ledger
from app.journal.operations import Operation, State
from app.journal.salvage import salvage
from app.journal.uploads import UploadMemory
from app.library.assets import Asset, Rebuilt
from app.library.library import Library
from app.studio.findings import Finding
from app.studio.studio import Studio

PAGE = 200
MOST_NAMED = 20
"""Things that are named one by one; the others are counted."""


async def look_at_stores(studio: Studio, repair: bool = False) -> list[Finding]:
    """With `repair` every picture is held against its hash, and what can be mended is: a damaged ledger or
    picture is moved aside, never deleted, and said."""
    try:
        return await _look(studio, repair)
    except Fault as fault:
        return [Finding(what=say("ledger and library"), well=False, words=fault.title, advice=fault.advice)]


async def _look(studio: Studio, repair: bool) -> list[Finding]:
    found = [Finding(what=say("note"), well=True, words=note) for note in studio.notes]
    if repair and studio.ledger.database.aside is not None:
        found.append(await _salvaged(studio.ledger))
    found.append(await _ledger(studio.ledger, repair))
    found.append(await (_every_picture(studio.library) if repair else _pictures(studio.library)))
    found.append(await _paid(studio.ledger, studio.library))
    if repair:
        found.append(await _tidied(studio))
    return found


async def _salvaged(ledger: Ledger) -> Finding:
    count = await salvage(ledger.database)
    words = say(
        "{count} operations could be read from it and are in the new ledger. Others are "
        "lost from it: compare with the vendor's usage page.",
        count=count,
    )
    return Finding(what=say("damaged ledger"), well=False, words=words)


async def _ledger(ledger: Ledger, repair: bool) -> Finding:
    wrong = await ledger.database.check(thorough=repair)
    unknown = len(await ledger.unknown())
    words: str = say("opens; {unknown} unknown", unknown=unknown)
    if ledger.database.file is None:
        words += say("; on {place}, whose server looks after its files", place=ledger.database.place)
        return Finding(what=say("ledger"), well=True, words=words)
    if not wrong:
        return Finding(
            what=say("ledger"),
            well=True,
            words=say("{words}; every index is right", words=words) if repair else words,
        )
    if repair:
        await ledger.database.mend_indexes()
        still = await ledger.database.check(thorough=True)
        if not still:
            words += say("; its indexes were wrong and have been built anew ({wrong})", wrong=wrong[0])
            return Finding(what=say("ledger"), well=True, words=words)
        wrong = still
    words += say(
        "; damaged: {list}. Copy {file} away before anything else, "
        "and put back a copy of it if you have one.",
        list=listed(wrong, sep=CLAUSES),
        file=ledger.database.file,
    )
    return Finding(what=say("ledger"), well=False, words=words)


async def _pictures(library: Library) -> Finding:
    wrong = await library.check()
    if wrong:
        words = say(
            "its index is damaged: {list}. `tagloom doctor --repair` builds it anew.",
            list=listed(wrong, sep=CLAUSES),
        )
        return Finding(what=say("library"), well=False, words=words)
    found = await library.page(1)
    words = (
        say("opens; newest picture of {made:%Y-%m-%d %H:%M}", made=found[0].made)
        if found
        else say("opens; no pictures yet")
    )
    return Finding(what=say("library"), well=True, words=words)


async def _every_picture(library: Library) -> Finding:
    """Each picture against its hash, and every note beside a picture into the index again. What is damaged
    is moved aside; what is gone is taken out of the index, so that its node can be run again."""
    rebuilt = await library.rebuild()
    wrong = await library.check(thorough=True)
    if wrong:
        await library.mend_indexes()
    count = 0
    damaged: list[str] = []
    gone: list[str] = []
    async for asset in _all(library):
        count += 1
        if not await library.verify(asset):
            place = await library.set_aside(asset)
            (damaged if place else gone).append(f"{asset.path.name} → {place}" if place else str(asset.path))
    words: str = say("{count} pictures checked, {entered} notes read", count=count, entered=rebuilt.entered)
    if wrong:
        words += say("; the index was wrong and has been built anew ({wrong})", wrong=wrong[0])
    if damaged:
        words += say("; damaged, moved aside and taken out of the index: {damaged}", damaged=_named(damaged))
    if gone:
        words += say("; not there any more, taken out of the index: {gone}", gone=_named(gone))
    unreadable = _unread(rebuilt, gone)
    if unreadable:
        words += say(
            "; notes that cannot be read or have no picture: {unreadable}", unreadable=_named(unreadable)
        )
    return Finding(what=say("library"), well=not damaged and not gone and not unreadable, words=words)


def _unread(rebuilt: Rebuilt, gone: list[str]) -> list[str]:
    """Notes that are still where they were: those of pictures that are gone went with them."""
    names = {Path(one).name.partition(".")[0] for one in gone}
    return [str(one) for one in rebuilt.unreadable if one.name.partition(".")[0] not in names]


async def _all(library: Library) -> AsyncIterator[Asset]:
    """Read whole before the first is given: the page after one that was taken out could not be asked for."""
    assets: list[Asset] = []
    page = await library.page(PAGE)
    while page:
        assets += page
        page = await library.page(PAGE, page[-1])
    for asset in assets:
        yield asset


async def _paid(ledger: Ledger, library: Library) -> Finding:
    """What the ledger says was paid for and delivered, and the library has not."""
    missing: list[str] = []
    count = 0
    page = await ledger.list(PAGE)
    while page:
        for operation in page:
            if _was_paid(operation):
                count += 1
                if await library.get(operation.asset) is None:
                    missing.append(_words(operation))
        page = await ledger.list(PAGE, page[-1].id)
    if not missing:
        return Finding(
            what=say("paid pictures"), well=True, words=say("{count}, all in the library", count=count)
        )
    words = say(
        "{missing_count} of {count} are not in the library: {missing}. Put their files back "
        "from a copy of the library folder, then run `tagloom doctor --repair`; or look "
        "on the vendor's own page. Running such a node again is paid for again.",
        missing_count=len(missing),
        count=count,
        missing=_named(missing),
    )
    return Finding(what=say("paid pictures"), well=False, words=words)


def _was_paid(operation: Operation) -> bool:
    ended = operation.state in (State.DELIVERED, State.SETTLED)
    return ended and bool(operation.asset) and not operation.draft


def _words(operation: Operation) -> str:
    when = (operation.ended or operation.made).astimezone()
    name = operation.title or operation.node
    return say(
        "{name} in {document}, {when:%Y-%m-%d %H:%M} ({asset})",
        name=name,
        document=operation.document,
        when=when,
        asset=operation.asset[:12],
    )


async def _tidied(studio: Studio) -> Finding:
    parts = studio.library.store.tidy()
    expired = await UploadMemory(studio.ledger.database).tidy()
    words = say(
        "{parts} downloads that were never finished, {expired} uploads that have expired",
        parts=parts,
        expired=expired,
    )
    return Finding(what=say("tidied away"), well=True, words=words)


def _named(things: list[str]) -> str:
    rest = len(things) - MOST_NAMED
    return listed(things[:MOST_NAMED]) + (say(" and {rest} more", rest=rest) if rest > 0 else "")
