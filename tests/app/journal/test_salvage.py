"""A damaged ledger gives back what can still be read of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.basics.faults import DiskTrouble
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.journal.operations import State
from app.journal.salvage import readable, salvage
from tests.app.journal.make import ledger_in, operation

pytestmark = pytest.mark.in_files
COUNT = 300


async def filled(folder: Path) -> Path:
    ledger = ledger_in(folder)
    for number in range(COUNT):
        await ledger.intend(operation(id=f"{number:026}", title=f"Shot {number:026}"))
    await ledger.advance(f"{COUNT - 1:026}", State.SENDING)
    ticket = {"vendor": "runway", "id": "job-1", "address": "https://x.test", "draft": False}
    await ledger.advance(f"{COUNT - 1:026}", State.SUBMITTED, ticket=ticket)
    await ledger.close()
    assert ledger.database.file is not None
    return ledger.database.file


def hurt(file: Path) -> None:
    """A page in the middle of the table is torn."""
    content = bytearray(file.read_bytes())
    page = int.from_bytes(content[16:18], "big")
    at = content.find(f"Shot {COUNT // 2:026}".encode())
    assert at > page
    begin = at // page * page
    content[begin : begin + page] = b"\xee" * page
    file.write_bytes(bytes(content))


async def test_rows_on_both_sides_of_the_damage_are_taken_in_again(tmp_path: Path) -> None:
    file = await filled(tmp_path)
    hurt(file)
    damaged = Ledger(file, FolderLeases(tmp_path / "leases"))
    with pytest.raises(DiskTrouble) as caught:
        await damaged.open()
    await damaged.close()
    assert caught.value.code == "ledger.corrupt"

    mended = Ledger(file, FolderLeases(tmp_path / "leases"), put_aside=True)
    await mended.open()
    count = await salvage(mended.database)
    assert COUNT // 2 < count < COUNT
    rows = {one.id: one for one in await mended.list(COUNT)}
    assert {f"{0:026}", f"{COUNT - 1:026}"} <= rows.keys()
    under_way = rows[f"{COUNT - 1:026}"]
    assert (under_way.state, under_way.ticket and under_way.ticket["id"]) == (State.SUBMITTED, "job-1")
    assert await salvage(mended.database) == 0, "each once"
    await mended.close()


async def test_a_whole_ledger_has_nothing_to_salvage(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    await ledger.open()
    assert await salvage(ledger.database) == 0
    await ledger.close()


def test_what_is_no_database_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "list.sqlite").write_text("milk, eggs")
    assert readable(tmp_path / "list.sqlite") == ()
    assert readable(tmp_path / "nothing.sqlite") == ()
    assert [one.name for one in tmp_path.iterdir()] == ["list.sqlite"]
