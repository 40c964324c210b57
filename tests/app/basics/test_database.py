from __future__ import annotations

import asyncio
import shutil
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, insert

import app.basics.database_file as database_module
from app.basics.database import Database, Schema, Upgrade
from app.basics.faults import Bug, DiskTrouble
from tests.app.basics.shelf import SCHEMA, filled, named, put, tables, texts, things


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
from app.basics.database import Database
from tests.app.basics.shelf import SCHEMA, put

async def main():
    made = Database(Path(sys.argv[1]), SCHEMA, put_aside=sys.argv[3] == "aside")
    await made.run(put(sys.argv[2]))
    await made.close()

asyncio.run(main())
"""


async def test_opening_again_does_not_make_it_longer(tmp_path: Path) -> None:
    file = tmp_path / "s.sqlite"
    sizes = []
    for _ in range(4):
        await filled(file, "a")
        sizes.append(file.stat().st_size)
    assert sizes[-1] <= 2_500_000
    assert sizes[-1] == sizes[-2]


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
