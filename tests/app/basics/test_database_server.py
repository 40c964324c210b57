"""A database on a server that is killed, cut off, full of others, or not there."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, insert

from app.basics.database import Database, Upgrade
from app.basics.database_server import is_server, server_place, server_url
from app.basics.faults import BadInput, DiskTrouble, Fault
from tests.app.basics.shelf import SCHEMA, put, texts, things
from tests.app.basics.test_database import upgraded
from tests.support.between import between
from tests.support.postgres import PASSWORD, Server


def said(fault: Fault) -> str:
    return f"{fault.title} {fault.advice} {fault.detail} {fault!r}"


def backends(server: Server) -> int:
    """Ends every connection of ours; how many there were."""
    found = server.ask(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'tagloom'"
    )
    return int(str(found[0][0]))


async def test_it_begins_empty_and_keeps_what_it_gets(postgres: Server) -> None:
    address = postgres.fresh()
    made = Database(address, SCHEMA)
    assert await made.open() == ()
    await made.run(put("a"))
    await made.close()
    again = Database(address.replace("postgresql:", "postgresql+psycopg:"), SCHEMA)
    assert await again.read(texts) == ["a"]
    assert (again.file, again.place) == (None, f"127.0.0.1:{postgres.port}/postgres")
    assert await again.check(thorough=True) == ()
    await again.mend_indexes()
    await again.close()


async def test_work_is_whole_or_not_at_all(postgres: Server) -> None:
    made = Database(postgres.fresh(), SCHEMA)

    def half(connection: Connection) -> None:
        connection.execute(insert(things).values(text="half"))
        raise KeyError("in the middle")

    with pytest.raises(KeyError):
        await made.run(half)
    with pytest.raises(DiskTrouble, match="may not be written"):
        await made.read(put("by a reader"))
    assert await made.read(texts) == []
    await made.run(put("whole"))
    assert await made.read(texts) == ["whole"]
    await made.close()


OPENER = """
import asyncio, sys
from app.basics.database import Database
from tests.app.basics.shelf import SCHEMA, put

async def main():
    made = Database(sys.argv[1], SCHEMA)
    await made.run(put(sys.argv[2]))
    await made.close()

asyncio.run(main())
"""


async def test_many_processes_open_one_at_once(postgres: Server) -> None:
    address = postgres.fresh()
    children = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", OPENER, address, str(number))
        for number in range(4)
    ]
    assert [await child.wait() for child in children] == [0] * 4
    made = Database(address, SCHEMA)
    assert sorted(await made.read(texts)) == sorted(map(str, range(4)))
    await made.close()


async def test_steps_run_once_and_a_newer_one_is_said(postgres: Server) -> None:
    address = postgres.fresh()
    counted = 0

    def count(connection: Connection) -> None:
        nonlocal counted
        counted += 1

    first = Database(address, SCHEMA)
    await first.open()
    await first.close()
    step = Upgrade(version=2, date="2026-01-01", what="counted", apply=count)
    later = type(SCHEMA)(name="shelf", title="The shelf", tables=SCHEMA.tables, upgrades=(step,))
    made = [Database(address, later) for _ in range(3)]
    await asyncio.gather(*(one.open() for one in made))
    assert counted == 1
    older = Database(address, SCHEMA)
    with pytest.raises(DiskTrouble) as caught:
        await older.open()
    assert caught.value.code == "shelf.newer"
    assert "Update Tagloom on this machine" in caught.value.advice
    for one in (*made, older):
        await one.close()
    failing = Database(postgres.fresh(), upgraded(3, fails=True))
    assert await failing.open() == (), "new tables have no steps to go"
    await failing.close()


@pytest.mark.parametrize("durable", [True, False])
async def test_what_a_commit_outlives(postgres: Server, durable: bool) -> None:
    made = Database(postgres.fresh(), SCHEMA, durable=durable)
    show = [f"SHOW {name}" for name in ("synchronous_commit", "tcp_user_timeout", "tcp_keepalives_idle")]
    found = await made.read(lambda one: [one.exec_driver_sql(query).scalar() for query in show])
    assert found == ["on" if durable else "off", "10000", "4"]
    await made.close()


async def test_a_connection_that_was_ended_is_made_anew(postgres: Server) -> None:
    made = Database(postgres.fresh(), SCHEMA)
    await made.run(put("a"))
    assert backends(postgres) >= 1
    await made.run(put("b"))
    backends(postgres)
    assert await made.read(texts) == ["a", "b"]
    await made.close()


async def test_work_whose_connection_ends_in_the_middle_is_done_once(postgres: Server) -> None:
    made = Database(postgres.fresh(), SCHEMA)
    await made.open()
    times = 0

    def work(connection: Connection) -> None:
        nonlocal times
        times += 1
        put("once")(connection)
        if times == 1:
            connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())").close()

    await made.run(work)
    assert times == 2
    assert await made.read(texts) == ["once"]
    await made.close()


def look_first(connection: Connection) -> None:
    if texts(connection) == []:
        put("once")(connection)


@pytest.mark.parametrize("cut", ["before", "after"])
@pytest.mark.parametrize("again", [look_first, None])
async def test_a_commit_whose_answer_is_lost(
    postgres: Server, cut: str, again: Callable[[Connection], None] | None
) -> None:
    address = postgres.fresh()
    async with between(postgres.port) as line:
        made = Database(address.replace(f":{postgres.port}", f":{line.port}"), SCHEMA)
        await made.open()
        line.cut = cut
        if again is None:
            with pytest.raises(DiskTrouble) as caught:
                await made.run(put("once"))
            assert caught.value.code == "shelf.uncertain"
            assert "written or not" in caught.value.title
            assert PASSWORD not in said(caught.value)
        else:
            await made.run(put("once"), again)
        assert line.cuts == 1
        wanted = ["once"] if again is not None or cut == "after" else []
        assert await made.read(texts) == wanted
        await made.close()


async def test_a_server_that_starts_anew_is_waited_for(own_server: Server) -> None:
    made = Database(own_server.fresh(), SCHEMA)
    await made.run(put("a"))
    await asyncio.to_thread(own_server.stop)
    late = asyncio.ensure_future(made.run(put("b")))
    await asyncio.sleep(0.3)
    assert not late.done()
    await asyncio.to_thread(own_server.go_on)
    await late
    await asyncio.to_thread(own_server.restart, "fast")
    assert await made.read(texts) == ["a", "b"]
    await made.close()
    impatient = Database(own_server.fresh(), SCHEMA, patience=0.2)
    await impatient.open()
    await asyncio.to_thread(own_server.stop)
    with pytest.raises(DiskTrouble) as caught:
        await impatient.run(put("c"))
    assert caught.value.code == "shelf.unreachable"
    assert PASSWORD not in said(caught.value)
    await impatient.close()
    never = Database(own_server.url(), SCHEMA)
    place = f"127.0.0.1:{own_server.port}/postgres"
    with pytest.raises(DiskTrouble, match=f"{place} cannot be reached") as caught:
        await never.open()
    assert PASSWORD not in said(caught.value)
    await never.close()


async def test_who_is_not_let_in_is_told_why(postgres: Server) -> None:
    begin = f"127.0.0.1:{postgres.port}"
    for user, database, code in (
        (f"stranger:{PASSWORD}", "postgres", "shelf.refused"),
        ("nobody-here:x", "postgres", "shelf.refused"),
        (f"tagloom:{PASSWORD}", "nothing", "shelf.no-database"),
        ("stranger:another", "postgres", "shelf.read-only"),
    ):
        made = Database(f"postgresql://{user}@{begin}/{database}", SCHEMA, patience=1)
        with pytest.raises(DiskTrouble) as caught:
            await made.open()
        assert caught.value.code == code, said(caught.value)
        assert begin in caught.value.title
        assert caught.value.advice
        assert PASSWORD not in said(caught.value)
        assert "another" not in said(caught.value)
        await made.close()


async def test_no_words_repeat_the_values(postgres: Server) -> None:
    made = Database(postgres.fresh(), SCHEMA)
    await made.run(put("a"))

    def wrong(connection: Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE things ADD CHECK (text <> 'confidential')").close()
        put("confidential")(connection)

    with pytest.raises(DiskTrouble) as caught:
        await made.run(wrong)
    assert caught.value.code == "shelf.trouble"
    assert "violates check constraint" in caught.value.detail
    assert "confidential" not in said(caught.value)
    await made.close()


async def test_a_lock_that_somebody_holds_for_long_is_said(postgres: Server) -> None:
    address = postgres.fresh()
    made, other = Database(address, SCHEMA, patience=0.3), Database(address, SCHEMA)
    await made.open()
    held = asyncio.ensure_future(
        other.run(lambda one: one.exec_driver_sql("LOCK things; SELECT pg_sleep(1.5)").close())
    )
    await asyncio.sleep(0.3)
    with pytest.raises(DiskTrouble) as caught:
        await made.run(put("a"))
    assert caught.value.code == "shelf.locked"
    await held
    await made.run(put("a"))
    await made.close()
    await other.close()


async def test_a_server_that_may_forget_is_said(own_server: Server) -> None:
    own_server.set("fsync = off")
    durable, index = Database(own_server.fresh(), SCHEMA), Database(own_server.fresh(), SCHEMA, durable=False)
    (note,) = await durable.open()
    assert "fsync is off" in note
    assert await index.open() == ()
    await durable.close()
    await index.close()


@pytest.mark.parametrize(
    "address",
    ["postgresql://", "postgresql://u:geheim@h:x/d", "mysql://u:geheim@h/d", "postgresql://u:geheim@h"],
)
def test_what_is_no_address_is_said_without_repeating_it(address: str) -> None:
    with pytest.raises(BadInput) as caught:
        Database(address, SCHEMA)
    assert caught.value.code == "shelf.address"
    assert "postgresql://user:password@host:5432/tagloom" in caught.value.advice
    assert "geheim" not in said(caught.value)


def test_a_place_tells_no_secret() -> None:
    url = server_url("postgres://u:geheim@db.example.com/shop?sslmode=require&sslpassword=geheim2")
    assert server_place(url) == "db.example.com/shop"
    local = server_url("postgresql:///shop?host=/run/postgresql&port=5433&password=geheim")
    assert server_place(local) == "/run/postgresql:5433/shop"
    assert not is_server("sqlite:///x")
    assert not is_server("/home/ana/ledger.sqlite")


async def test_without_the_driver_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    made = Database("postgresql://u:geheim@127.0.0.1:1/d", SCHEMA)
    with pytest.raises(BadInput) as caught:
        await made.open()
    assert caught.value.code == "ledger.no-driver"
    assert "pip install 'tagloom[cluster]'" in caught.value.advice
    assert "geheim" not in said(caught.value)
    await made.close()
