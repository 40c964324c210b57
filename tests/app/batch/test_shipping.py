"""A row on its way to another machine and back, with real studios and without a scheduler."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from app import compose
from app.basics.faults import BadInput
from app.batch.dask_rows import Machine, WorkerRows
from app.batch.orders import RowDocument, RowOrder, RowOutcome, RowResult
from app.batch.shipping import Answer, Lander, Sender, Shipped, packed
from app.batch.table import open_table
from app.document.values import Document, Node
from app.library.store import FolderStore
from app.studio.batching import batch_of, setting_of
from app.studio.studio import Studio
from tests.support.rows import Shop, shop

PHOTOGRAPH = next((Path(__file__).parents[3] / "resources" / "examples" / "refs").glob("*.*"))


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Studio]:
    """The machine that has the table."""
    made = await _studio(tmp_path, "here")
    yield made
    await made.close()


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Studio]:
    made = await _studio(tmp_path, "there")
    yield made
    await made.close()
    MemoryFileSystem().rm(f"/{tmp_path.name}", recursive=True)


async def _studio(folder: Path, name: str) -> Studio:
    environment = {"TAGLOOM_HOME": str(folder / name), "TAGLOOM_LIBRARY": f"memory://{folder.name}"}
    return await compose.build(environment, seconds=0.0)


async def orders(studio: Studio, cups: Shop) -> list[RowOrder]:
    await studio.desk.open(cups.document)
    setting = setting_of(studio, open_table(cups.table), output=cups.output)
    batch = await batch_of(studio, setting)
    try:
        await batch.open()
        return [batch.opened.order(row)[0] for row in await batch.opened.next({}, 100)]
    finally:
        await batch.close()


def sender(studio: Studio, **changes: object) -> Sender:
    parts = studio.parts
    given: dict[str, object] = {
        "shared": True,
        "ledger": "one",
        "library": "two",
        "vendors": {"runway": False},
        "places": lambda: {"runway gen4_image": 3},
        **changes,
    }
    return Sender(parts.stores.library.store, parts.stores.photographs, **given)  # type: ignore[arg-type]


def rows_of(studio: Studio, folder: Path, **changes: object) -> WorkerRows:
    parts = studio.parts
    given: dict[str, object] = {
        "ledger": "one",
        "library": "two",
        "scratch": folder / "scratch",
        "is_live": parts.registry.is_live,
        **changes,
    }
    return WorkerRows(
        Machine(
            engine=parts.engine,
            photographs=parts.stores.photographs,
            store=parts.stores.library.store,
            **given,  # type: ignore[arg-type]
        )
    )


async def ran(rows: WorkerRows, shipped: Shipped) -> RowOutcome:
    words: list[str] = []
    answer = msgspec.json.decode(await rows.run(packed(shipped), words.append), type=Answer)
    assert not answer.busy
    return answer.outcome


async def test_photographs_go_once_and_pictures_come_back(
    here: Studio, there: Studio, tmp_path: Path
) -> None:
    """The other machine has neither the table's folder nor the row's."""
    cups = shop(tmp_path / "shop", 3, PHOTOGRAPH)
    sending, rows = sender(here), rows_of(there, tmp_path)
    shipped = [await sending.ship(one, one.key) for one in await orders(here, cups)]
    assert len({msgspec.json.encode(list(one.photographs.values())) for one in shipped}) == 1
    kept = [one for one in MemoryFileSystem().find(f"/{tmp_path.name}") if one.endswith(".jpg")]
    assert len(kept) == 1, "one content, once in the store"
    (tmp_path / "shop" / "cup.jpg").unlink()
    for one in shipped:
        outcome = await ran(rows, one)
        assert outcome.failures == ()
        landed = await Lander(here.library.store).land(one.order, outcome)
        (result,) = landed.results
        saved = Path(one.order.output) / result.saved
        assert (saved.suffix, result.draft) == (".png", True)
        assert here.library.store.verify(result.sha256, result.suffix)
        again = await Lander(here.library.store).land(one.order, outcome)
        assert again.results[0].saved == result.saved, "the same bytes are not written again"
    assert len(list(cups.output.glob("cup-*/*.png"))) == 3
    assert list((tmp_path / "scratch").glob("*/*.png")) == [], "nothing stays on the other machine"
    await rows.close()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ledger": "another"}, "cluster.other-stores"),
        ({"library": "another"}, "cluster.other-stores"),
        ({"vendors": {"runway": True}}, "cluster.other-keys"),
    ],
)
async def test_a_worker_that_is_set_up_otherwise_sends_nothing(
    here: Studio, there: Studio, tmp_path: Path, changes: dict[str, object], code: str
) -> None:
    """Two ledgers would buy twice; a key here and none there would buy what is meant as a draft."""
    cups = shop(tmp_path / "shop", 1)
    (order,) = await orders(here, cups)
    outcome = await ran(rows_of(there, tmp_path), await sender(here, **changes).ship(order, "one"))
    assert [one.code for one in outcome.failures] == [code]
    assert len(await there.ledger.list(10)) == 0


async def test_another_version_sends_nothing(here: Studio, there: Studio, tmp_path: Path) -> None:
    (order,) = await orders(here, shop(tmp_path / "shop", 1))
    shipped = msgspec.structs.replace(await sender(here).ship(order, "one"), version="0.0.1")
    outcome = await ran(rows_of(there, tmp_path), shipped)
    assert [one.code for one in outcome.failures] == ["cluster.other-version"]


async def test_a_row_given_twice_is_run_once_and_one_that_is_left_says_so(
    here: Studio, there: Studio, tmp_path: Path
) -> None:
    (order,) = await orders(here, shop(tmp_path / "shop", 1))
    rows, text = rows_of(there, tmp_path), packed(await sender(here).ship(order, "one"))
    one, other = await asyncio.gather(rows.run(text, print), rows.run(text, print))
    assert one == other
    assert len(await there.ledger.list(10)) == 1
    late = asyncio.create_task(rows.run(packed(await sender(here).ship(order, "two")), print))
    await asyncio.sleep(0)
    await rows.close()
    assert msgspec.json.decode(await late, type=Answer).busy


def test_what_a_worker_names_stays_in_the_folder(tmp_path: Path) -> None:
    """It may be a stranger's."""
    store = FolderStore(tmp_path / "library")
    temp = store.temp()
    temp.write_bytes(b"picture")
    taken = store.take(temp, ".png")
    result = RowResult(node="hero", sha256=taken.sha256, suffix=".png", saved="../../../etc/cron.d/x.png")
    order = RowOrder(
        batch="b", key="k", number=2, document=RowDocument(""), document_id="", folder="", columns={},
        output=str(tmp_path / "out"),
    )  # fmt: skip
    outcome = RowOutcome(key="k", number=2, results=(result,))
    landed = asyncio.run(Lander(store).land(order, outcome))
    assert landed.results[0].saved == "etc/cron.d/x.png"
    assert (tmp_path / "out" / "etc" / "cron.d" / "x.png").read_bytes() == b"picture"


def test_the_document_of_a_row_is_the_same_here_and_there() -> None:
    document = Document(nodes={"words": Node(kind="prompt", values={"text": "a shoe, 放在 😀"})})
    here = RowDocument(document)
    there = RowDocument(here.text)
    assert here.whole is document
    assert there.whole == document
    assert there == here
    assert hash(there) == hash(here)
    assert here != RowDocument(Document())
    with pytest.raises(BadInput):
        _ = RowDocument("no document").whole
