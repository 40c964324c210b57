"""A table of products over a document: `app.batch.Batch` over the whole engine, its rows' folders written."""

from __future__ import annotations

import asyncio
import csv
import os
import sys
from pathlib import Path
from types import MappingProxyType

from app.basics.heaps import share_heaps
from app.basics.threads import take_short_turns
from app.batch.batch import Batch
from app.batch.runner import LocalRunner
from app.batch.setting import BatchSetting
from app.batch.table import open_table
from app.batch.views import RowState
from app.catalogue.reader import read_cards
from app.document.values import Document, End, Link, Links, Node
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.nodes.registry import build_kinds
from benchmarks.batch_client import PROMPT, Lag, at_once, main, measured, photographs
from benchmarks.batch_engine import opened

MODEL = ("runway", "gen4_image")


def table(folder: Path, rows: int) -> Path:
    path = folder / "products.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("sku", "name", "remark"))
        writer.writerows((f"S{number:05d}", f"shoe number {number}", "spring") for number in range(rows))
    return path


def document(tags: tuple[str, ...]) -> Document:
    """One model with three photographs that all rows share; the prompt names the product."""
    nodes = {tag: Node(kind="reference-image", values={"file": f"{tag}.jpg"}) for tag in tags}
    nodes["words"] = Node(kind="prompt", values={"text": f"{PROMPT}, {{name}}"})
    nodes["shot"] = Node(kind="gen4-image")
    links = [Link(source=End("words", "text"), target=End("shot", "prompt"))]
    links += [Link(source=End(tag, "image"), target=End("shot", "reference_images"), tag=tag) for tag in tags]
    return Document(nodes=MappingProxyType(nodes), links=Links(tuple(links)))


async def by_rows(url: str, rows: int, folder: Path) -> dict[str, object]:
    places = at_once()
    setting = BatchSetting(
        document=document(tuple(photographs(folder))),
        document_id=str(folder / "shop.tagloom"),
        folder=folder,
        table=await asyncio.to_thread(open_table, table(folder, rows)),
        kinds=build_kinds(read_cards()),
        output=folder / "out",
    )
    lag = Lag()
    ledger = Ledger(folder / "ledger.sqlite", FolderLeases(folder / "leases"))
    async with opened(url, folder, ledger) as engine:
        engine.lanes.allow(*MODEL, places)
        runner = LocalRunner(engine, at_once=3 * places)
        batch = Batch(setting, runner, runner.estimate, ledger)

        async def work() -> int:
            watching = asyncio.create_task(lag.watch())
            await batch.open()
            state = await batch.start()
            watching.cancel()
            await asyncio.wait({watching})
            for row in await batch.rows(RowState.FAILED, limit=3):
                print(row.words, file=sys.stderr)
            return state.count(RowState.DONE)

        told = await measured(work)
        told["micros"] = batch.state.money
        told["spent"] = await ledger.spent()
        await batch.close()
    told["longest_stall_ms"] = round(lag.longest * 1e3, 1)
    return told


if __name__ == "__main__":
    share_heaps()  # as the command does
    take_short_turns()
    if profile := os.environ.get("BATCH_PROFILE"):
        import cProfile

        with cProfile.Profile() as measure:
            main(by_rows)
        measure.dump_stats(profile)
    else:
        main(by_rows)
