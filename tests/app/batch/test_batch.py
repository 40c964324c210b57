from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.basics.faults import BadInput, DiskTrouble
from app.batch.batch import Batch
from app.batch.setting import BatchCaps
from app.batch.views import BatchState, Phase, RowState, RowView
from tests.app.batch.shop import shop, write_table


async def until(seen: object, batch: Batch) -> None:
    for _ in range(400):
        if seen():  # type: ignore[operator]
            return
        await asyncio.sleep(0.005)
    raise AssertionError(batch.state)


async def test_every_row_once_and_never_more_in_flight_than_wanted(tmp_path: Path) -> None:
    async with shop(tmp_path, 150) as one, one.opened() as batch:
        told: list[BatchState] = []
        seen: list[RowView] = []
        batch.changed.connect(told.append)
        batch.row_changed.connect(seen.append)
        state = await batch.start()
        assert state.count(RowState.DONE) == state.total == 150
        assert one.runner.most == 4
        assert [order.number for order in one.runner.orders] == list(range(2, 152))
        assert told[-1] == state
        assert {row.key for row in seen if row.state is RowState.DONE} == {o.key for o in one.runner.orders}
        assert len({order.output for order in one.runner.orders}) == 150
        assert one.runner.orders[0].output == str(tmp_path / "out" / "S0")
        assert "A photo of shoe 0" in one.runner.orders[0].document.text
        assert one.runner.orders[0].ledger_id == f"{tmp_path / 'shop.tagloom'}#row={one.runner.orders[0].key}"


async def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    async with shop(tmp_path) as one:
        async with one.opened() as batch:
            await batch.start()
        async with one.opened() as batch:
            assert (await batch.start()).count(RowState.DONE) == 6
            assert (await batch.survey()).rows == 0
        assert len(one.runner.orders) == 6


async def test_seeds_outlive_the_book(tmp_path: Path) -> None:
    """A lost book asks for the same pictures: the library has them."""
    async with shop(tmp_path) as one:
        async with one.opened() as batch:
            await batch.start()
        first = {order.key: order.document for order in one.runner.orders}
        (tmp_path / "out" / ".tagloom" / "batch.sqlite").unlink()
        one.runner.orders.clear()
        async with one.opened() as batch:
            await batch.start()
        assert {order.key: order.document for order in one.runner.orders} == first
        assert len(set(first.values())) == 6


async def test_a_row_that_fails_stops_no_other_and_is_tried_when_asked_for(tmp_path: Path) -> None:
    async with shop(tmp_path, fails={3, 5}) as one:
        async with one.opened() as batch:
            state = await batch.start()
            assert (state.count(RowState.DONE), state.count(RowState.FAILED), state.failures) == (4, 2, 2)
            failed = await batch.rows(RowState.FAILED)
            assert [row.number for row in failed] == [3, 5]
            assert failed[0].words == "It went wrong. Try again."
            one.runner.fails.clear()
            assert await batch.retry([failed[0].key]) == 1
            assert (await batch.start()).count(RowState.FAILED) == 1
        async with one.opened() as batch:
            assert (await batch.start()).count(RowState.FAILED) == 1, "not by itself"
        async with one.opened(retry_failed=True) as batch:
            assert (await batch.start()).count(RowState.DONE) == 6


async def test_an_unknown_row_waits_for_a_person(tmp_path: Path) -> None:
    """The ledger of this test knows of no unknown operation any more at the second start: somebody has
    decided, so the row is looked at again. While it does, only the word of a person sends it."""
    async with shop(tmp_path, unknown={4}) as one, one.opened() as batch:
        assert (await batch.start()).count(RowState.UNKNOWN) == 1
        assert await batch.retry() == 0
        assert await batch.retry(unknown=True) == 1
        one.runner.unknown.clear()
        assert (await batch.start()).count(RowState.DONE) == 6


async def test_pause_sends_nothing_and_resume_goes_on(tmp_path: Path) -> None:
    async with shop(tmp_path, 20, places=asyncio.Semaphore(2), seconds=0.05) as one, one.opened() as batch:
        going = batch.start()
        await until(lambda: len(one.runner.orders) == 2, batch)
        batch.pause()
        await until(lambda: batch.state.count(RowState.DONE) == 2, batch)
        await until(lambda: not one.runner.flying, batch)
        assert batch.state.phase is Phase.PAUSED
        for _ in range(18):
            one.runner.places.release()  # type: ignore[union-attr]
        await asyncio.sleep(0.05)
        assert len(one.runner.orders) == 2
        batch.resume()
        assert (await going).count(RowState.DONE) == 20
        assert len(one.runner.orders) == 20


async def test_stop_leaves_and_the_next_start_goes_on(tmp_path: Path) -> None:
    async with shop(tmp_path, 20, places=asyncio.Semaphore(5)) as one:
        async with one.opened() as batch:
            going = batch.start()
            await until(lambda: batch.state.count(RowState.DONE) == 5, batch)
            await batch.stop()
            assert going.cancelled()
            assert batch.state.count(RowState.WAITING) == 15
        one.runner.places = None
        async with one.opened() as batch:
            assert (await batch.start()).count(RowState.DONE) == 20
        assert len({order.key for order in one.runner.orders}) == len(one.runner.orders) == 20


async def test_rows_can_be_put_first_and_last(tmp_path: Path) -> None:
    async with shop(tmp_path, 8, at_once=1) as one, one.opened() as batch:
        keys = {row.number: row.key for row in await batch.rows()}
        await batch.move([keys[9], keys[7]])
        await batch.move([keys[2]], to_front=False)
        await batch.start()
        assert [order.number for order in one.runner.orders] == [9, 7, 3, 4, 5, 6, 8, 2]


async def test_it_stops_after_so_many_failures(tmp_path: Path) -> None:
    caps = BatchCaps(failures=3)
    async with shop(tmp_path, 40, fails=set(range(2, 42))) as one, one.opened(caps=caps) as batch:
        state = await batch.start()
        assert 3 <= state.count(RowState.FAILED) <= 3 + one.runner.at_once
        assert state.stopped.startswith("Stopped after ")
        assert state.count(RowState.WAITING) == 40 - state.count(RowState.FAILED)


async def test_a_key_that_is_wrong_stops_it_at_once(tmp_path: Path) -> None:
    """Every further row would fail for the same reason."""
    async with shop(tmp_path, 40, fails=set(range(2, 42)), code="runway.key") as one, one.opened() as batch:
        state = await batch.start()
        assert state.count(RowState.FAILED) <= one.runner.at_once
        assert state.stopped == "It went wrong. Try again."


async def test_an_unknown_price_counts_as_over_a_cap(tmp_path: Path) -> None:
    async with shop(tmp_path) as one, one.opened(price=None, caps=BatchCaps(money=10**9)) as batch:  # type: ignore[arg-type]
        state = await batch.start()
        assert one.runner.orders == []
        assert "not known" in state.stopped
        assert batch.capped


async def test_two_processes_are_never_at_one_batch(tmp_path: Path) -> None:
    async with shop(tmp_path) as one, one.opened():
        with pytest.raises(BadInput) as refused:
            await one.batch().open()
        assert refused.value.code == "batch.at-work"
        assert str(tmp_path / "out") in refused.value.title


async def test_a_table_that_changes_between_two_starts(tmp_path: Path) -> None:
    """Sorted, a cell that is not used changed, one that is used changed, one row gone, one new."""
    async with shop(tmp_path, 5) as one:
        async with one.opened() as batch:
            await batch.start()
            folders = {row.title: row.folder for row in await batch.rows()}
        write_table(
            one.table, "S4,shoe 4,x", "S1,shoe 1,another remark", "S0,boot 0,x", "S3,shoe 3,x", "S9,shoe 9,x"
        )
        async with one.opened() as batch:
            assert "New rows: 2; gone: 2; as they were: 3" in batch.state.notes[-1]
            one.runner.orders.clear()
            state = await batch.start()
            assert state.total == state.count(RowState.DONE) == 5
            assert [order.columns["name"] for order in one.runner.orders] == ["boot 0", "shoe 9"]
            after = {row.title: row.folder for row in await batch.rows()}
            assert after["S1"] == folders["S1"]
            assert after["S0"] == "S0-4", "told apart from the folder of the row that is gone"


async def test_a_document_that_changes_is_looked_at_again(tmp_path: Path) -> None:
    async with shop(tmp_path, 3) as one:
        async with one.opened() as batch:
            await batch.start()
        plain = one.setting().document
        words = plain.nodes["words"]
        nodes = {**plain.nodes, "words": type(words)(kind="prompt", values={"text": "Of {name}, at night"})}
        changed = type(plain)(nodes=nodes, links=plain.links)
        async with one.opened(document=changed) as batch:
            assert batch.state.count(RowState.WAITING) == 3
            assert "3 rows that were done are looked at again" in batch.state.notes[-1]


async def test_only_the_rows_that_are_wanted(tmp_path: Path) -> None:
    async with shop(tmp_path) as one, one.opened(only=frozenset({3, 6})) as batch:
        assert (await batch.survey()).rows == 2
        await batch.start()
        assert [order.number for order in one.runner.orders] == [3, 6]


async def test_two_rows_of_one_name_are_told_apart(tmp_path: Path) -> None:
    async with shop(tmp_path) as one:
        write_table(one.table, "A,x,1", "a,y,2", ",z,3", "CON,w,4", "../up,v,5", header="ID,name,n")
        async with one.opened() as batch:
            assert [row.folder for row in await batch.rows()] == ["A", "a-3", "4", "_CON", "up"]
        async with one.opened(folders="{name} of {ID}", output=tmp_path / "other") as batch:
            assert (await batch.rows())[1].folder == "y of a"


async def test_a_photograph_that_changes_makes_its_row_wait(tmp_path: Path) -> None:
    async with shop(tmp_path, 2) as one:
        plain = one.setting().document
        node = type(plain.nodes["words"])(kind="reference-image", values={"file": "{name}.jpg"})
        document = type(plain)(nodes={**plain.nodes, "shoe": node}, links=plain.links)
        for number in range(2):
            (tmp_path / f"shoe {number}.jpg").write_bytes(b"one")
        async with one.opened(document=document) as batch:
            await batch.start()
        (tmp_path / "shoe 1.jpg").write_bytes(b"another")
        async with one.opened(document=document) as batch:
            assert (await batch.survey()).rows == 1
            assert [row.title for row in await batch.rows(RowState.WAITING)] == ["S1"]


async def test_pages_of_rows_by_state(tmp_path: Path) -> None:
    async with shop(tmp_path, 7, fails={4}) as one, one.opened() as batch:
        assert len(await batch.rows(RowState.WAITING, limit=5)) == 5
        assert [row.number for row in await batch.rows(after=5)] == [6, 7, 8]
        await batch.start()
        assert [row.number for row in await batch.rows(RowState.DONE, after=3, limit=2)] == [5, 6]
        assert sum([len(page) async for page in batch.pages(limit=3)]) == 7
        assert await batch.cancel(["nobody"]) == 0


async def test_a_book_that_cannot_be_written_stops_it_with_words(tmp_path: Path) -> None:
    async with shop(tmp_path) as one:
        batch = one.batch()
        await batch.open()
        await batch.opened.book._database.run(
            lambda connection: connection.exec_driver_sql("PRAGMA query_only = ON").close()
        )
        with pytest.raises(DiskTrouble) as trouble:
            await batch.start()
        assert trouble.value.code.startswith("batch.")
        assert trouble.value.advice
        await batch.close()


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    async with shop(tmp_path) as one:
        (tmp_path / "out").write_text("a file", "utf-8")
        with pytest.raises(DiskTrouble) as trouble:
            await one.batch().open()
        assert trouble.value.code == "disk.output"
