"""A library full of pictures, for screenshots and for measuring: crops of the example's photographs in many
colours, with prompts that tell of them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path

from PIL import Image, ImageEnhance, ImageOps

from app.basics.ids import new_id
from app.basics.money import Money
from app.library.assets import Asset, Origin
from app.library.library import Library
from widgets.workbench import Workbench

_NAMES = ("astronaut.png", "brick.png", "cat.png", "coffee.png", "temple.jpg")
_SIZES = ((640, 360), (360, 640), (480, 480), (560, 420), (630, 270))
_CARDS = ("gen4-image", "flux-2-pro", "nano-banana-pro", "seedream-4-5")
_WORDS = ["morning", "marble", "studio", "linen", "window", "shadow", "walnut", "neon", "film", "soft"]


async def library(bench: Workbench) -> None:
    """Some of many pictures; one is chosen, others are starred, rejected and just removed."""
    await stock(bench.studio.library, 90)
    bench.shelving.open()
    await asyncio.sleep(2.0)
    panel = bench.shelving.panel
    assert panel is not None
    hits = [hit.sha256 for hit in panel.grid.hits.hits]
    await bench.studio.library.mark(hits[2:9:3], star=True)
    await bench.studio.library.mark(hits[4:12:5], rejected=True)
    panel.enter()
    panel.grid.setCurrentIndex(panel.grid.hits.index(7, 0))
    panel.doing.emit("remove")
    await asyncio.sleep(2.0)


async def stock(library: Library, count: int) -> tuple[Asset, ...]:
    """Puts that many pictures into a library."""
    chance = random.Random(8)
    with as_file(files("resources") / "examples" / "refs") as folder:
        photographs = [Image.open(folder / name).convert("RGB") for name in _NAMES]
    made = []
    for number in range(count):
        temp = library.temp()
        await asyncio.to_thread(_paint, temp, photographs, chance)
        made.append(await library.add(temp, _origin(number, chance)))
    return tuple(made)


def _paint(target: Path, photographs: Sequence[Image.Image], chance: random.Random) -> None:
    width, height = chance.choice(_SIZES)
    whole = chance.choice(photographs)
    picture = ImageOps.fit(whole, (width, height), centering=(chance.random(), chance.random()))
    if chance.random() < 0.4:
        dark, light = (f"hsl({chance.randrange(360)}, 70%, {level}%)" for level in (15, 90))
        picture = ImageOps.colorize(picture.convert("L"), dark, light)
    picture = ImageEnhance.Color(picture).enhance(chance.uniform(0.6, 1.6))
    picture.save(target, "PNG", compress_level=1)


def _origin(number: int, chance: random.Random) -> Origin:
    tag = chance.choice(("cup", "sneaker", "cat"))
    words = ", ".join(chance.sample(_WORDS, 4))
    return Origin(
        operation=new_id(),
        fingerprint=f"{chance.getrandbits(256):064x}",
        document=f"/home/ana/campaign/{chance.choice(('spring', 'sneakers', 'coffee bar'))}.tagloom",
        node="hero",
        card=chance.choice(_CARDS),
        vendor="runway",
        draft=number % 4 == 0,
        prompt=f"Product photo of @{tag} on {words}, dramatic light from the left, commercial quality",
        seed=chance.randrange(1 << 31),
        credits=100,
        money=Money(80_000),
        request={"references": [{"tag": tag}]},
    )
