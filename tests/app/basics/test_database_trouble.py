from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from app.basics.database import Database
from app.basics.faults import DiskTrouble, Retry
from tests.app.basics.disks import fill
from tests.app.basics.shelf import SCHEMA, filled, named, put, texts, things


@pytest.mark.parametrize("damage", ["text", "torn header", "torn page", "empty header"])
async def test_a_damaged_file_is_said_and_left(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "s.sqlite"
    await filled(file, *(str(number) * 500 for number in range(100)))
    hurt(file, damage)
    before = file.read_bytes()
    made = Database(file, SCHEMA)
    for _ in range(2):
        with pytest.raises(DiskTrouble) as caught:
            await made.open()
        assert caught.value.code == "shelf.corrupt"
        assert "doctor --repair" in caught.value.advice
        assert str(file) in caught.value.title
    await made.close()
    assert file.read_bytes() == before, "not touched unasked"


@pytest.mark.parametrize("damage", ["text", "torn page"])
async def test_a_damaged_file_is_put_aside_when_asked(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "s.sqlite"
    await filled(file, *(str(number) * 500 for number in range(100)))
    hurt(file, damage)
    before = file.read_bytes()
    made = Database(file, SCHEMA, put_aside=True)
    (note,) = await made.open()
    assert await made.read(texts) == []
    (aside,) = named(tmp_path, "s-damaged-*.sqlite")
    assert aside.name in note
    assert aside.read_bytes() == before
    await made.close()


def hurt(file: Path, damage: str) -> None:
    content = bytearray(file.read_bytes())
    match damage:
        case "text":
            file.write_text("this is a shopping list, not a database\n" * 100)
            return
        case "torn header":
            content[:100] = os.urandom(100)
        case "torn page":
            page = int.from_bytes(content[16:18], "big")
            for number in range(2, len(content) // page):
                content[number * page : number * page + 60] = b"\xff" * 60
        case "empty header":
            content[16:40] = bytes(24)
    file.write_bytes(bytes(content))


async def test_a_sound_file_is_never_put_aside(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite"
    await filled(file, "a")
    made = Database(file, SCHEMA, put_aside=True)
    assert await made.open() == ()
    assert await made.read(texts) == ["a"]
    await made.close()


async def test_a_lock_held_for_long_is_said_and_passes(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite"
    await filled(file, "a")
    made = Database(file, SCHEMA, patience=0.1)
    await made.open()
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(DiskTrouble) as caught:
        await made.run(put("b"))
    assert (caught.value.code, caught.value.retry) == ("shelf.locked", Retry.LATER)
    assert await made.read(texts) == ["a"], "reading does not wait for writers"
    holder.execute("ROLLBACK")
    holder.close()
    await made.run(put("c"))
    assert await made.read(texts) == ["a", "c"]
    await made.close()


async def test_waiting_for_a_short_lock(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite"
    await filled(file)
    made = Database(file, SCHEMA, patience=5)
    await made.open()
    holder = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(0.2, holder.rollback)
    await made.run(put("b"))
    assert await made.read(texts) == ["b"]
    holder.close()
    await made.close()


async def test_a_read_only_folder_is_said(read_only: Path) -> None:
    made = Database(read_only / "s.sqlite", SCHEMA)
    with pytest.raises(DiskTrouble) as caught:
        await made.open()
    assert "TAGLOOM_HOME" in caught.value.advice
    await made.close()


async def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "s.sqlite").mkdir()
    made = Database(tmp_path / "s.sqlite", SCHEMA)
    with pytest.raises(DiskTrouble) as caught:
        await made.open()
    assert caught.value.code.startswith("shelf.")
    await made.close()


async def write_until_full(made: Database, size: int) -> None:
    for _ in range(100):
        await made.run(put("x" * size))


async def test_a_full_disk_is_said_and_what_was_written_stays(tiny_disk: Path) -> None:
    made = Database(tiny_disk / "s.sqlite", SCHEMA)
    await made.run(put("before"))
    filler = fill(tiny_disk)
    with pytest.raises(DiskTrouble) as caught:
        await write_until_full(made, 100_000)
    assert caught.value.code == "shelf.full"
    assert "Free some space" in caught.value.advice
    filler.unlink()
    await made.run(put("after"))
    kept = await made.read(texts)
    assert (kept[0], kept[-1]) == ("before", "after")
    await made.close()


async def test_the_log_has_room_on_a_full_disk(tiny_disk: Path) -> None:
    """The id of what was paid for can be written though not a byte is free."""
    made = Database(tiny_disk / "s.sqlite", SCHEMA, ballast=65_536)
    await made.open()
    fill(tiny_disk)
    for number in range(40):
        await made.run(put(f"paid {number}"))
    assert len(await made.read(texts)) == 40
    await made.close()
    again = Database(tiny_disk / "s.sqlite", SCHEMA)
    assert len(await again.read(texts)) == 40
    await again.close()


async def test_the_ballast_is_given_up_when_it_is_needed(tiny_disk: Path) -> None:
    made = Database(tiny_disk / "s.sqlite", SCHEMA, ballast=400_000)
    await made.open()
    ballast = tiny_disk / "s.sqlite.ballast"
    assert ballast.stat().st_size == 400_000
    fill(tiny_disk)
    with pytest.raises(DiskTrouble):
        await write_until_full(made, 50_000)
    assert not ballast.exists()
    kept = await made.read(texts)
    assert len(kept) > 10
    assert set(kept) == {"x" * 50_000}
    await made.close()


FULL_AT = """
import asyncio, resource, signal, sys
from pathlib import Path
from app.basics.faults import DiskTrouble
from app.basics.database import Database
from tests.app.basics.shelf import SCHEMA, put, texts

async def main():
    made = Database(Path(sys.argv[1]), SCHEMA)
    limit = int(sys.argv[2])
    await made.open()
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    done = 0
    try:
        for number in range(200):
            await made.run(put(str(number) + "x" * 20_000))
            done += 1
    except DiskTrouble as fault:
        print(done, fault.code, flush=True)
    await made.close()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
@pytest.mark.parametrize("limit", [1_100_000, 1_234_567, 2_000_000])
async def test_a_quota_cuts_nothing_in_half(tmp_path: Path, limit: int) -> None:
    file = tmp_path / "s.sqlite"
    said = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", FULL_AT, str(file), str(limit)],
        capture_output=True,
        text=True,
        check=True,
    )
    done, code = said.stdout.split()
    assert code in ("shelf.full", "shelf.trouble")
    made = Database(file, SCHEMA)
    kept = await made.read(texts)
    assert kept == [f"{number}" + "x" * 20_000 for number in range(int(done))]
    await made.close()


async def test_no_words_repeat_the_values(tmp_path: Path) -> None:
    made = Database(tmp_path / "s", SCHEMA)

    def twice(connection: Connection) -> None:
        for _ in range(2):
            connection.execute(insert(things).values(id=1, text="key_secretsecretsecret"))

    with pytest.raises(DiskTrouble) as caught:
        await made.run(twice)
    fault = caught.value
    assert "secret" not in f"{fault.title}{fault.advice}{fault.detail}"
    await made.close()


async def test_an_index_that_has_lost_a_row_is_found_and_built_anew(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite"
    await filled(file, "a", "b")
    forgetful_index(file)
    made = Database(file, SCHEMA)
    assert await made.open() == ()
    assert await made.check() == (), "not looked for at each start"
    wrong = await made.check(thorough=True)
    assert any("missing from index by_text" in one for one in wrong), wrong
    await made.mend_indexes()
    assert await made.check(thorough=True) == ()
    assert await made.read(texts) == ["a", "b", "c"]
    await made.close()


def forgetful_index(file: Path) -> None:
    """An index that was not there while a row was written."""

    def do(*statements: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(file, isolation_level=None)
        try:
            connection.execute("PRAGMA writable_schema = ON")
            return [row for statement in statements for row in connection.execute(statement).fetchall()]
        finally:
            connection.close()

    do("CREATE INDEX by_text ON things (text)")
    ((kind, name, table, page, sql),) = do("SELECT * FROM sqlite_master WHERE name = 'by_text'")
    do("DELETE FROM sqlite_master WHERE name = 'by_text'")
    do("INSERT INTO things (text) VALUES ('c')")
    do(f"INSERT INTO sqlite_master VALUES ('{kind}', '{name}', '{table}', {page}, '{sql}')")
