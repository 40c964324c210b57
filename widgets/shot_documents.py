"""What screenshots are taken of: the first-run example, grown in one way or another, and what was made of it
compared."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from types import MappingProxyType

from msgspec.structs import replace

from app.document import edits
from app.document.values import Document, End, Frame, Link, Links, Node, Spot
from app.engine.run_state import RunState
from widgets.compare.comparison import Mode
from widgets.workbench import Workbench

MODEL = "picture"
"""The model node of the first-run example."""
COLOURS = ("#3b6ea5", "#7a5195", "#2f7f5f", "#a5673b")


PATIENCE = 60.0


async def until(bench: Workbench, there: Callable[..., bool]) -> None:
    """Waits for a state of the model. :raises TimeoutError: it did not come"""
    seen = asyncio.Event()

    def look(state: RunState) -> None:
        if there(state.node(MODEL)):
            seen.set()

    stop = bench.studio.runs.changed.connect(look)
    look(bench.studio.runs.state)
    try:
        await asyncio.wait_for(seen.wait(), PATIENCE)
    finally:
        stop()


async def seen(there: Callable[[], bool]) -> None:
    """Waits for what is looked at, not told. :raises TimeoutError: it did not come"""
    async with asyncio.timeout(PATIENCE):
        for _ in iter(there, True):
            await asyncio.sleep(0.1)


def many(count: int) -> Document:
    """Models in rows under one prompt a row, with a frame around every hundred."""
    wide = 90
    spots = {f"n{number}": Spot(number % wide * 330.0, number // wide * 330.0) for number in range(count)}
    prompts = {f"p{row}": Spot(-400.0, row * 330.0) for row in range(count // wide + 1)}
    links = [
        Link(source=End(f"p{number // wide}", "text"), target=End(f"n{number}", "prompt"))
        for number in range(count)
    ]
    words = Node(kind="prompt", values={"text": "A shoe on white linen, soft morning light from the left"})
    frames = {
        f"f{row}{column}": Frame(
            title=f"Look {row * 9 + column + 1}",
            rect=(column * 3300.0 - 30, row * 3300.0 - 70, 3270.0, 3290.0),
            color=COLOURS[(row + column) % len(COLOURS)],
        )
        for row in range(count // wide // 10 + 1)
        for column in range(9)
    }
    return Document(
        nodes=MappingProxyType({id: Node(kind="gen4-image") for id in spots} | dict.fromkeys(prompts, words)),
        links=Links(tuple(links)),
        frames=MappingProxyType(frames),
        layout=MappingProxyType(spots | prompts),
    )


def twins(document: Document) -> Document:
    """Four more models over the same words and photographs."""
    links = list(document.links)
    for number in range(4):
        id = f"shot{number}"
        values = {**document.nodes[MODEL].values, "seed": 100 + number}
        document = edits.add_node(document, id, "gen4-image", values, (1180.0, 340.0 * number))
        document = edits.change_node(document, id, title=f"Hero shot {number + 1}")
        links += [replace(one, target=End(id, one.target.socket)) for one in document.links.into(MODEL)]
    return edits.with_links(document, links)


def crowded(document: Document) -> Document:
    """Nano Banana Pro in the place of Gen4 Image, with five photographs."""
    document = edits.change_node(document, MODEL, kind="nano-banana-pro", values={"seed": 42})
    shots = [id for id, node in document.nodes.items() if node.kind == "reference-image"]
    for number, id in enumerate(shots[:2]):
        again, values = f"again{number}", document.nodes[id].values
        document = edits.add_node(document, again, "reference-image", values, (60.0, 900.0 + 160.0 * number))
        link = Link(source=End(again, "image"), target=End(MODEL, "reference_images"), tag=f"side{number}")
        document = edits.with_links(document, [*document.links, link])
    return document


async def compared(mode: Mode, bench: Workbench) -> None:
    """Four takes of one shot, the first two of them A and B."""
    for seed in (4, 3, 2, 1):
        bench.studio.commit("Seed", partial(edits.set_value, id=MODEL, parameter="seed", value=seed))
        await bench.studio.run((MODEL,))
        await bench.studio.runs.settled()
    await seen(lambda: len(bench.strip.pictures()) >= 4)
    comparer = bench.comparing.comparer
    comparer.compare(bench.strip.pictures(), mode)
    await asyncio.sleep(0.5)
    told = comparer.surface.told
    await seen(lambda: not comparer.gallery.at_work and (mode is not Mode.DIFFERENCE or bool(told())))


COMPARED: Mapping[str, Callable[[Workbench], Awaitable[None]]] = MappingProxyType(
    {f"compare-{mode}": partial(compared, mode) for mode in Mode}
)
