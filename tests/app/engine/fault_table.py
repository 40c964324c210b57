"""The fault matrix, whole; as Markdown by `python -m tests.app.engine.fault_table`."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from app.basics.faults import Charged, Retry
from app.journal.operations import State
from tests.app.basics import disks
from tests.app.engine.fault_bench import Case, Lived, live
from tests.app.engine.fault_rows import bomb, server_rows
from tests.app.engine.fault_vendors import SELLERS, Seller

CLOCK, DISK, BOOK = "the clock", "the disk", "the ledger and the library"
SMALL_DISK = "size=96m"
HEAD = (
    "vendor",
    "what happens",
    "creates sent",
    "counted as spent",
    "shown",
    "charged",
    "retry",
    "ledger",
    "on disk",
)


Row = tuple[Seller, Case]


class CannotMount(Exception):
    """This person or machine may not mount a disk in memory."""


def rows() -> tuple[Row, ...]:
    return tuple(
        (seller, case)
        for seller in SELLERS
        for case in (*server_rows(seller), *_clock(), *_disk(seller), *_book())
    )


def _clock() -> Iterator[Case]:
    day = 86_400.0
    yield Case(group=CLOCK, name="jumps a day ahead and back at each look", jumps=(0.0, day, -day))
    yield Case(group=CLOCK, name="is set back by a year in the middle", jumps=(0.0, 0.0, 0.0, -365 * day))
    yield Case(group=CLOCK, name="stands in 1970", jumps=(-1_780_000_000.0,))


def _disk(seller: Seller) -> Iterator[Case]:
    held = Case(
        group=DISK,
        name="is full before the run",
        full_at="start",
        shown="disk.full",
        charged=Charged.YES,
        retry=Retry.ASK,
        state=State.SUBMITTED,
        # What came inside the answer is held in memory, and that ends with the process: it is said so.
        after=State.SETTLED if seller.table.names_addresses else State.UNKNOWN,
    )
    # Where the answer is all there is, nothing is bought that no disk would keep.
    none = replace(held, shown="disk.no-room", charged=Charged.NO, sent=0, counted=False, state=State.FAILED)
    yield held if seller.looks else replace(none, after=State.FAILED)
    yield replace(held, name="is full when the create arrives", full_at="create")
    if seller.looks:
        yield replace(held, name="is full when the task is done", full_at="look")
    if seller.table.names_addresses:
        yield replace(held, name="is full when the picture comes", full_at="picture")
    yield Case(
        group=DISK,
        name="cannot be written",
        trouble=_read_only,
        sent=0,
        counted=False,
        shown="lock.unwritable",
        charged=Charged.NO,
        retry=Retry.NEVER,
        state=None,
        after=None,
    )


def _book() -> Iterator[Case]:
    for name, trouble, code, retry in (
        ("the ledger is held by another program", _locked, "ledger.locked", Retry.LATER),
        ("the ledger is damaged", _damaged, "ledger.corrupt", Retry.NEVER),
        ("the ledger is of a newer Tagloom", _newer, "ledger.newer", Retry.NEVER),
        ("a folder lies where the ledger should", _folder, "ledger.unopenable", Retry.NEVER),
    ):
        yield Case(
            group=BOOK,
            name=name,
            trouble=trouble,
            sent=0,
            counted=False,
            shown=code,
            charged=Charged.NO,
            retry=retry,
            state=None,
            after=None,
        )
    yield Case(group=BOOK, name="the library's index is damaged: built anew", trouble=_bad_index)


@contextmanager
def _read_only(home: Path) -> Iterator[None]:
    with disks.mounted(home, "ro,size=1m") as done:
        if not done:
            raise CannotMount
        yield


@contextmanager
def _made(home: Path, make: Callable[[sqlite3.Connection], object]) -> Iterator[None]:
    """Another program has the ledger open, and has done this to it."""
    file = home / "ledger.sqlite"
    holder = sqlite3.connect(file, isolation_level=None)
    try:
        make(holder)
        yield
    finally:
        holder.close()
        file.unlink()


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    def hold(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE theirs (a)")
        connection.execute("BEGIN EXCLUSIVE")

    with _made(home, hold):
        yield


@contextmanager
def _newer(home: Path) -> Iterator[None]:
    def write(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE tagloom_schema (name TEXT PRIMARY KEY, version INT, changed INT)")
        connection.execute("INSERT INTO tagloom_schema VALUES ('ledger', 99, 0)")

    with _made(home, write):
        yield


@contextmanager
def _damaged(home: Path) -> Iterator[None]:
    (home / "ledger.sqlite").write_text("a shopping list, not a ledger\n" * 200)
    yield
    (home / "ledger.sqlite").unlink()


@contextmanager
def _folder(home: Path) -> Iterator[None]:
    (home / "ledger.sqlite").mkdir()
    yield
    shutil.rmtree(home / "ledger.sqlite")


@contextmanager
def _bad_index(home: Path) -> Iterator[None]:
    (home / "index.sqlite").write_bytes(b"\xff" * 5000)
    yield


async def lived(row: Row, home: Path) -> Lived:
    """:raises CannotMount: the row needs a small or closed disk"""
    seller, case = row
    bomb()  # not made while a server waits
    await asyncio.to_thread(home.mkdir)
    if not case.full_at:
        return await live(case, seller, home)
    with disks.mounted(home, SMALL_DISK) as done:
        if not done:
            raise CannotMount
        return await live(case, seller, home)


# --- as text -------------------------------------------------------------------------------------


def line(row: Row, one: Lived | None) -> tuple[str, ...]:
    seller, case = row
    if one is None:
        return (seller.title, case.name, *["not run: no right to mount a disk here"] * (len(HEAD) - 2))
    told, after = one.first, one.recovered
    state, later = (str(row.state) if row else "no row" for row in (told.row, after.row))
    fault = told.fault
    return (
        seller.title,
        case.name,
        str(one.sent[0]),
        f"${told.counted / 1e6:.3f}",
        fault.title if fault else "the picture",
        str(fault.charged) if fault else "yes",
        str(fault.retry) if fault else "–",
        state if state == later else f"{state}; then {later}",
        ("what came, as it came" if told.lying else _pictures(told.pictures))
        + ("; then a picture" if after.pictures > told.pictures else ""),
    )


def _pictures(count: int) -> str:
    return "a picture" if count else "nothing"


def markdown(lines: Sequence[tuple[str, ...]]) -> str:
    head = (HEAD, tuple("---" for _ in HEAD))
    return "\n".join(f"| {' | '.join(one.replace('|', '/') for one in cells)} |" for cells in (*head, *lines))


async def _all(folder: Path) -> list[tuple[str, ...]]:
    lines = []
    for number, row in enumerate(rows()):
        try:
            one = await lived(row, folder / str(number))
        except CannotMount:
            one = None
        lines.append(line(row, one))
    return lines


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="tagloom-faults-") as folder:
        print(markdown(asyncio.run(_all(Path(folder)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
