from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, insert, select

import app.basics.database as database_module
from app.basics.database import Database, Schema, Upgrade
from app.basics.faults import Bug, DiskTrouble, Retry
from tests.app.basics.disks import fill

tables = MetaData()
things = Table("things", tables, Column("id", Integer, primary_key=True), Column("text", Text))
SCHEMA = Schema(name="shelf", title="The shelf", tables=tables)


def put(text: str) -> Callable[[Connection], None]:
    return lambda connection: connection.execute(insert(things).values(text=text)).close()


def texts(connection: Connection) -> list[str]:
    return list(connection.execute(select(things.c.text).order_by(things.c.id)).scalars())


async def filled(file: Path, *values: str, schema: Schema = SCHEMA) -> None:
    made = Database(file, schema)
    for value in values:
        await made.run(put(value))
    await made.close()


async def test_it_begins_empty_and_keeps_what_it_gets(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "shelf.sqlite"
    made = Database(file, SCHEMA)
    assert not file.parent.exists(), "nothing before the first use"
    assert await made.open() == ()
    await made.run(put("a"))
    await made.close()
    again = Database(f"sqlite:///{file}", SCHEMA)
    assert await again.read(texts) == ["a"]
    await again.close()
    assert not named(tmp_path, "*.opening")


async def test_work_is_whole_or_not_at_all(tmp_path: Path) -> None:
    made = Database(tmp_path / "s", SCHEMA)

    def half(connection: Connection) -> None:
        connection.execute(insert(things).values(text="half"))
        raise KeyError("in the middle")

    with pytest.raises(KeyError):
        await made.run(half)
    assert await made.read(texts) == []
    await made.run(put("whole"))
    assert await made.read(texts) == ["whole"]
    await made.close()


async def test_one_thread_that_ends_with_it(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    made = Database(tmp_path / "s", SCHEMA)
    seen = await asyncio.gather(*(made.run(lambda _: threading.current_thread()) for _ in range(20)))
    assert len(set(seen)) == 1
    assert seen[0] not in before
    late = asyncio.gather(*(made.run(put(str(number))) for number in range(20)))
    await asyncio.sleep(0)
    await made.close()
    await late
    assert set(threading.enumerate()) == before
    with pytest.raises(Bug):
        await made.read(texts)
    never = Database(tmp_path / "never", SCHEMA)
    await never.close()
    assert not (tmp_path / "never").exists()


async def test_the_loop_runs_on_while_it_works(tmp_path: Path) -> None:
    made = Database(tmp_path / "s", SCHEMA)
    ticks = 0
    work = asyncio.ensure_future(made.read(lambda _: time.sleep(0.2)))
    while not work.done():
        await asyncio.sleep(0.005)
        ticks += 1
    assert ticks > 10
    await made.close()


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


def upgraded(version: int, *, fails: bool = False) -> Schema:
    def add(connection: Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE things ADD COLUMN color TEXT DEFAULT 'red'")

    def fill_in(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE things SET color = 'blue'")
        if fails:
            raise KeyError("in the middle")

    steps = (
        Upgrade(version=2, date="2026-01-01", what="colours", apply=add),
        Upgrade(version=3, date="2026-02-01", what="blue", apply=fill_in),
    )
    return Schema(name="shelf", title="The shelf", tables=tables, upgrades=steps[: version - 1])


def colours(connection: Connection) -> list[str]:
    return list(connection.exec_driver_sql("SELECT color FROM things").scalars())


async def test_dated_steps_run_once_in_order(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite"
    await filled(file, "a")
    for _ in range(2):
        made = Database(file, upgraded(3))
        assert await made.read(colours) == ["blue"]
        await made.close()


async def test_an_upgrade_that_fails_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite"
    await filled(file, "a")
    made = Database(file, upgraded(3, fails=True))
    with pytest.raises(KeyError):
        await made.open()
    await made.close()
    again = Database(file, upgraded(2))
    assert await again.read(colours) == ["red"]
    await again.close()


async def test_a_newer_file_is_said_and_left(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite"
    await filled(file, "a")
    made = Database(file, upgraded(3))
    await made.open()
    await made.close()
    older = Database(file, SCHEMA, put_aside=True)
    with pytest.raises(DiskTrouble) as caught:
        await older.read(texts)
    assert caught.value.code == "shelf.newer"
    assert "Update" in caught.value.advice
    await older.close()
    assert not named(tmp_path, "*damaged*")


async def test_two_rooms_may_share_a_database(tmp_path: Path) -> None:
    other_tables = MetaData()
    Table("others", other_tables, Column("id", Integer, primary_key=True))
    file = tmp_path / "s.sqlite"
    await filled(file, "a")
    other = Database(file, Schema(name="other", title="The other", tables=other_tables))
    assert await other.read(lambda connection: connection.exec_driver_sql("SELECT * FROM others").all()) == []
    await other.close()
    made = Database(file, SCHEMA)
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


def named(folder: Path, pattern: str) -> list[Path]:
    return list(folder.rglob(pattern))


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
from tests.app.basics.test_database import SCHEMA, Database, put, texts

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


async def test_on_a_network_folder_without_a_shared_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "network_file_system", lambda path: "nfs4")
    made = Database(tmp_path / "s.sqlite", SCHEMA)
    (note,) = await made.open()
    assert "nfs4" in note
    assert "local disk" in note
    await made.run(put("a"))
    assert (
        await made.read(lambda connection: connection.exec_driver_sql("PRAGMA journal_mode").scalar())
        == "truncate"
    )
    assert not (tmp_path / "s.sqlite-wal").exists()
    await made.close()


async def test_moved_from_a_local_to_a_network_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "local").mkdir()
    await filled(tmp_path / "local" / "s", "a")
    shutil.copytree(tmp_path / "local", tmp_path / "net")
    monkeypatch.setattr(database_module, "network_file_system", lambda path: "smb")
    made = Database(tmp_path / "net" / "s", SCHEMA)
    assert await made.read(texts) == ["a"]
    await made.close()


async def test_an_index_may_be_less_durable(tmp_path: Path) -> None:
    made = Database(tmp_path / "s", SCHEMA, durable=False)
    found = await made.read(lambda connection: connection.exec_driver_sql("PRAGMA synchronous").scalar())
    assert found == 1
    await made.close()


OPENER = """
import asyncio, sys
from pathlib import Path
from tests.app.basics.test_database import SCHEMA, Database, put

async def main():
    made = Database(Path(sys.argv[1]), SCHEMA, put_aside=sys.argv[3] == "aside")
    await made.run(put(sys.argv[2]))
    await made.close()

asyncio.run(main())
"""


@pytest.mark.parametrize("kind", ["new", "aside"])
async def test_many_processes_open_one_at_once(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "s.sqlite"
    if kind == "aside":
        file.write_text("not a database " * 1000)
    children = await asyncio.gather(
        *(
            asyncio.create_subprocess_exec(sys.executable, "-c", OPENER, str(file), str(number), kind)
            for number in range(8)
        )
    )
    assert [await child.wait() for child in children] == [0] * 8
    made = Database(file, SCHEMA)
    assert sorted(await made.read(texts)) == sorted(str(number) for number in range(8))
    await made.close()
    assert len(named(tmp_path, "*damaged*")) == (kind == "aside")


async def test_opening_again_does_not_make_it_longer(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite"
    sizes = []
    for _ in range(4):
        await filled(file, "a")
        sizes.append(file.stat().st_size)
    assert sizes[-1] <= 2_500_000
    assert sizes[-1] == sizes[-2]


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
