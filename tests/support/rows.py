"""A document with columns of a table in it, the table, and a batch over both on a cluster."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app import compose
from app.batch.batch import Batch
from app.batch.table import open_table
from app.studio.batching import batch_of, setting_of
from app.studio.clustering import dask_runner_of
from app.studio.studio import Studio


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """`document` names the columns of `table`, whose rows are alike but for their words."""

    document: Path
    table: Path
    output: Path


def shop(folder: Path, rows: int, photograph: Path | None = None) -> Shop:
    """With `photograph` each row shows it, by a path in the table."""
    folder.mkdir(parents=True, exist_ok=True)
    nodes: dict[str, object] = {
        "words": {
            "kind": "prompt",
            "values": {"text": "A cup called {name}" + " of @cup" * bool(photograph)},
        },
        "hero": {"kind": "gen4-image", "values": {}},
    }
    links = [{"from": "words.text", "to": "hero.prompt"}]
    columns = ["sku", "name"]
    if photograph is not None:
        nodes["cup"] = {"kind": "reference-image", "values": {"file": "{photo}"}}
        links.append({"from": "cup.image", "to": "hero.reference_images", "tag": "cup"})
        columns.append("photo")
        (folder / "cup.jpg").write_bytes(photograph.read_bytes())
    document = folder / "cups.tagloom"
    document.write_text(json.dumps({"format": "tagloom/1", "nodes": nodes, "links": links}), "utf-8")
    table = folder / "cups.csv"
    with table.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(columns)
        for number in range(rows):
            writer.writerow([f"cup-{number:04}", f"number {number}", "cup.jpg"][: len(columns)])
    return Shop(document=document, table=table, output=folder / "out")


@asynccontextmanager
async def studio_of(environment: Mapping[str, str], shop: Shop) -> AsyncIterator[Studio]:
    studio = await compose.build(environment)
    try:
        await studio.desk.open(shop.document)
        yield studio
    finally:
        await studio.close()


@asynccontextmanager
async def batch_on(
    studio: Studio, shop: Shop, scheduler: str, environment: Mapping[str, str], at_once: int | None = None
) -> AsyncIterator[Batch]:
    """Open, and not begun."""
    setting = setting_of(studio, open_table(shop.table), output=shop.output)
    runner = await dask_runner_of(studio, setting, scheduler, environment, at_once=at_once)
    batch = await batch_of(studio, setting, runner=runner)
    try:
        await batch.open()
        yield batch
    finally:
        await batch.close()
        await runner.close()


async def workers_seen(studio: Studio, shop: Shop, scheduler: str, environment: Mapping[str, str]) -> int:
    setting = setting_of(studio, open_table(shop.table), output=shop.output)
    runner = await dask_runner_of(studio, setting, scheduler, environment)
    await runner.close()
    return runner.workers
