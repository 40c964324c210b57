"""The floor of the scheduler: graphlib, asyncio, a hash and a dictionary, and nothing else.

Ten workers take what is ready from a queue. Each node's key is a hash of its type, values and parents' keys;
what is under that key already is not run again. No cancel, no failures, no events, no fairness.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from graphlib import TopologicalSorter
from typing import NamedTuple

WORKERS = 10
SHAPES = ("chain", "wide", "layered")
_LAYER = 10
_MOST = 1 << 62


class Item(NamedTuple):
    """A node: what it does (`add` or `out`), its values, and the nodes it reads."""

    does: str
    values: Mapping[str, int]
    reads: tuple[str, ...]


Items = Mapping[str, Item]


def graph(shape: str, size: int, *, leaf: int | None = None) -> dict[str, Item]:
    """`size` adding nodes and what shows them. `leaf` gives the last one (of `wide`: the first) another
    value, so that only what is below it differs from the graph without."""
    match shape:
        case "chain":
            return _chain(size, leaf)
        case "wide":
            return _wide(size, leaf)
        case _:
            return _layered(size, leaf)


def _chain(size: int, leaf: int | None) -> dict[str, Item]:
    items = {"n0": Item("add", {"a": 1, "b": 1}, ())}
    for number in range(1, size):
        items[f"n{number}"] = Item("add", {"b": 1}, (f"n{number - 1}",))
    last = f"n{size - 1}"
    if leaf is not None:
        items[last] = Item("add", {"b": leaf}, items[last].reads)
    items["out"] = Item("out", {}, (last,))
    return items


def _wide(size: int, leaf: int | None) -> dict[str, Item]:
    items = {"source": Item("add", {"a": 1, "b": 0}, ())}
    for number in range(size):
        items[f"n{number}"] = Item("add", {"b": number}, ("source",))
    if leaf is not None:
        items["n0"] = Item("add", {"b": leaf}, ("source",))
    for number in range(size):
        items[f"o{number}"] = Item("out", {}, (f"n{number}",))
    return items


def _layered(size: int, leaf: int | None) -> dict[str, Item]:
    items: dict[str, Item] = {}
    for number in range(size):
        layer, column = divmod(number, _LAYER)
        above = (layer - 1) * _LAYER
        if layer == 0:
            items[f"n{number}"] = Item("add", {"a": 1, "b": column}, ())
        else:
            reads = (f"n{above + column}", f"n{above + (column + 1) % _LAYER}")
            items[f"n{number}"] = Item("add", {}, reads)
    last = f"n{size - 1}"
    if leaf is not None:
        items[last] = Item("add", {"c": leaf}, items[last].reads)
    for column in range(min(_LAYER, size)):
        items[f"o{column}"] = Item("out", {}, (f"n{size - 1 - column}",))
    return items


def work(does: str, values: Mapping[str, int], inputs: list[int]) -> int:
    return (sum(inputs) + sum(values.values())) % _MOST if does == "add" else inputs[0]


async def _work(does: str, values: Mapping[str, int], inputs: list[int]) -> int:
    return work(does, values, inputs)


def run(items: Items, cache: dict[str, int]) -> tuple[dict[str, int], int]:
    """Every node's result, and how many nodes were run rather than found in `cache`."""
    return asyncio.run(_run(items, cache))


async def _run(items: Items, cache: dict[str, int]) -> tuple[dict[str, int], int]:
    sorter = TopologicalSorter({name: item.reads for name, item in items.items()})
    sorter.prepare()
    results: dict[str, int] = {}
    keys: dict[str, str] = {}
    ran = 0
    ready: asyncio.Queue[str] = asyncio.Queue()
    done: asyncio.Queue[str] = asyncio.Queue()

    async def worker() -> None:
        nonlocal ran
        while True:
            name = await ready.get()
            does, values, reads = items[name]
            written = json.dumps([does, values, [keys[one] for one in reads]], sort_keys=True)
            keys[name] = key = hashlib.blake2b(written.encode(), digest_size=16).hexdigest()
            if key in cache:
                results[name] = cache[key]
            else:
                results[name] = cache[key] = await _work(does, values, [results[one] for one in reads])
                ran += 1
            done.put_nowait(name)

    workers = [asyncio.create_task(worker()) for _ in range(WORKERS)]
    while sorter.is_active():
        for name in sorter.get_ready():
            ready.put_nowait(name)
        sorter.done(await done.get())
    for one in workers:
        one.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    return results, ran
