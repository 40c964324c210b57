"""Screenshots of a table of products: its node on the canvas, and the batch panel before, while and after."""

from __future__ import annotations

import csv
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.document.edits import set_value
from app.studio.batch_values import Stage, Standing
from widgets.shot_documents import seen
from widgets.workbench import Workbench

ROWS = 24
_PRODUCTS = (
    *("espresso cup", "coffee cup on a saucer", "two-tone mug", "tabby cat, close", "cat with a collar"),
    *("flight suit, orange", "red brick tile", "temple postcard"),
)
_LIGHTS = ("morning light from the left", "soft evening light", "hard studio light", "window light")
_PHOTOS = (
    "coffee.png",
    "coffee.png",
    "coffee.png",
    "cat.png",
    "cat.png",
    "astronaut.png",
    "brick.png",
    "temple.jpg",
)
_PLACES = ("brick.png", "temple.jpg")


async def catalogue(bench: Workbench) -> None:
    """The example, over more products than it comes with."""
    path = await bench.studio.desk.example_catalogue()
    _more_rows(path.with_suffix(".csv"))
    await bench.files.open_path(path)
    await seen(lambda: bench.tabling.rows.shown.place > 0)
    small = partial(set_value, id="picture", parameter="resolution", value="720p")
    bench.studio.commit("Set Resolution", small)
    bench.graph.fit()


def _more_rows(target: Path) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("sku", "name", "photo", "place", "light", "seed"))
        for number in range(ROWS):
            kind = number % len(_PRODUCTS)
            place, light = _PLACES[number % len(_PLACES)], _LIGHTS[number % len(_LIGHTS)]
            photo = f"refs/{_PHOTOS[kind]}"
            sku, product = f"SKU-{1001 + 7 * number}", _PRODUCTS[kind]
            table.writerow((sku, product, photo, f"refs/{place}", light, 100 + number))


async def table_node(bench: Workbench) -> None:
    """Its third row is shown, and run."""
    await catalogue(bench)
    bench.tabling.step(3)
    await seen(lambda: bench.tabling.rows.shown.place == 4)
    await bench.studio.run()
    bench.graph.select((bench.tabling.node,))


async def before(bench: Workbench) -> None:
    await catalogue(bench)
    bench.batching.open()
    await seen(lambda: bench.batching.batches.dry is not None)
    await seen(
        lambda: bench.batching.panel is not None and bench.batching.panel.table.rows.rowCount() == ROWS
    )


async def during(bench: Workbench) -> None:
    """Some rows are done, one has failed, others are at the vendor."""
    await before(bench)
    bench.batching.begin()
    counts = bench.batching.batches
    await seen(lambda: counts.progress.counts.get(Standing.DONE, 0) >= 6)


async def after(bench: Workbench) -> None:
    await before(bench)
    bench.batching.begin()
    await seen(lambda: bench.batching.batches.progress.stage is Stage.ENDED)
    there = bench.batching.panel
    assert there is not None
    await seen(lambda: all(there.table.rows.image(place) is not None for place in there.table.seen()))


def panel(bench: Workbench) -> QWidget:
    assert bench.batching.dialog is not None
    return bench.batching.dialog
