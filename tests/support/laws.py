"""What must hold of a home, whatever happened to the processes that worked in it: judged from the disk and
from what the vendor says it took."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.basics.money import NOTHING
from app.basics.places import places_under
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.journal.operations import ENDED, Operation, State
from app.library.library import Library
from app.library.store import FolderStore
from tests.support.counting import Taken

Ask = tuple[str, int | None]

_QUIET = (*ENDED, State.UNKNOWN, State.INTENDED)
"""Where a row may rest when recovery has done all it can; `intended` has never been sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`taken`: creates that the vendor took. Each text in `broken` is a law that does not hold."""

    taken: int
    pictures: int
    unknown: int
    unknown_taken: int
    broken: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.taken} creates taken, {self.pictures} pictures in the library, {self.unknown} unknown "
            f"({self.unknown_taken} of them were taken)" + "".join(f"\n  {one}" for one in self.broken)
        )


async def judged(home: Path, taken: Sequence[Taken]) -> Judged:
    """After a recovery that ended by itself."""
    places = places_under(home)
    ledger = Ledger(places.ledger, FolderLeases(places.leases))
    library = Library(FolderStore(places.library), places.index)
    try:
        rows = tuple(reversed(await ledger.list(1_000_000)))
        broken = [*_integrity(places.ledger), *_twice(taken), *_rested(rows), *_second_while_open(rows)]
        kept: set[str] = set()
        brought: set[Ask] = set()
        for row in rows:
            if row.state is State.SETTLED:
                asset = await library.get(row.asset)
                if asset is None or not await library.verify(asset):
                    broken.append(f"settled, but its picture is not whole in the library: {_name(row)}")
                elif row.ticket is not None:
                    kept.add(str(row.ticket["id"]))
                else:  # its picture was on the disk when the process died, the receipt was not yet
                    brought.add((_prompt(row), row.seed))
        broken += _lost(taken, rows, kept, brought)
        broken += _sum(taken, rows, await ledger.spent())
    finally:
        await library.close()
        await ledger.close()
    unknown = [row for row in rows if row.state is State.UNKNOWN]
    return Judged(
        taken=len(taken),
        pictures=len(kept) + len(brought),
        unknown=len(unknown),
        unknown_taken=len(unknown) - len(_not_taken(taken, unknown)),
        broken=tuple(broken),
    )


def _integrity(file: Path) -> Iterable[str]:
    with sqlite3.connect(file) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    return [] if found == "ok" else [f"the ledger is damaged: {found}"]


def _twice(taken: Iterable[Taken]) -> Iterable[str]:
    seen: set[tuple[str, int | None]] = set()
    for one in taken:
        if (one.prompt, one.seed) in seen:
            yield f"bought twice: {one.prompt} with seed {one.seed}"
        seen.add((one.prompt, one.seed))


def _rested(rows: Iterable[Operation]) -> Iterable[str]:
    return [f"still {row.state} after recovery: {_name(row)}" for row in rows if row.state not in _QUIET]


def _second_while_open(rows: Iterable[Operation]) -> Iterable[str]:
    """A drawn seed is drawn again only when what was drawn before has its picture, or has ended without ever
    being sent (the ledger's own disk refused the step before)."""
    last: dict[tuple[str, str], Operation] = {}
    for row in rows:
        before = last.get((row.document, row.node))
        if before is not None and (not _over(before) or before.changed > row.made):
            yield f"begun anew while {before.state}: {_name(row)}"
        last[row.document, row.node] = row


def _over(row: Operation) -> bool:
    return row.state is State.SETTLED or (row.state in ENDED and row.sent is None)


def _lost(
    taken: Iterable[Taken], rows: Iterable[Operation], kept: set[str], brought: set[Ask]
) -> Iterable[str]:
    """Taken by the vendor: it has its picture, or is shown as unknown since its answer was lost."""
    unsure = {(_prompt(row), row.seed) for row in rows if row.state is State.UNKNOWN and row.ticket is None}
    for one in taken:
        if one.id not in kept and (one.prompt, one.seed) not in unsure | brought:
            yield f"paid, with neither picture nor question: {one.prompt} with seed {one.seed}"


def _sum(taken: Sequence[Taken], rows: Iterable[Operation], spent: int) -> Iterable[str]:
    """What the ledger counts is what the vendor took, and beside that only what may have been taken."""
    prices = {row.charged if row.charged is not None else row.estimate or NOTHING for row in rows if row.sent}
    unsure = len(_not_taken(taken, (row for row in rows if row.state is State.UNKNOWN)))
    if len(prices) > 1 or spent != sum(prices) * (len(taken) + unsure):
        yield f"{spent} counted for {len(taken)} taken and {unsure} perhaps, at {sorted(prices)}"


def _not_taken(taken: Iterable[Taken], unknown: Iterable[Operation]) -> list[Operation]:
    asked = {(one.prompt, one.seed) for one in taken}
    return [row for row in unknown if (_prompt(row), row.seed) not in asked]


def _prompt(row: Operation) -> str:
    return str(row.request["prompt"])


def _name(row: Operation) -> str:
    return f"{row.node} of {Path(row.document).name}, {row.id}"


def document(path: Path, nodes: int, *, drawn: bool = True, card: str = "gen4-image") -> Path:
    """A document of models with a prompt each that no other has; every second draws its seed if wanted."""
    placed: dict[str, object] = {}
    links = []
    for number in range(nodes):
        words, model = f"w{number}", f"m{number}"
        seed = None if drawn and number % 2 else number
        placed[words] = {"kind": "prompt", "values": {"text": f"A cup, number {number} of {path.stem}"}}
        placed[model] = {"kind": card, "values": {"seed": seed}}
        links.append({"from": f"{words}.text", "to": f"{model}.prompt"})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"format": "tagloom/1", "nodes": placed, "links": links}), "utf-8")
    return path
