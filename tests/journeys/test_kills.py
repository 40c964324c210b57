"""Killed at random moments, over and over, on one home: nothing is bought twice, nothing that was paid for is
lost, and the ledger counts what was taken: at vendors that are followed, and at one whose answer is the
picture. The short form runs with all tests, five hundred kills of each with `make soak`."""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.counting import Counted, counting
from tests.support.laws import Judged, document, judged
from tests.support.lives import UNFINISHED, Nursery

NODES = 6
LIVES = 2
"""A document is killed so often, then the next one begins: what became unknown is not gone on with."""

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform != "linux", reason="the lives are ended through Linux's pidfd"),
]


@pytest.fixture
def server() -> Iterator[Counted]:
    with counting() as one:
        yield one


@pytest.fixture
def nursery(server: Counted, tmp_path: Path) -> Iterator[Nursery]:
    one = Nursery(server.environment(), tmp_path / "nursery.log")
    yield one
    one.close()


def killed(nursery: Nursery, folder: Path, kills: int, dice: random.Random, card: str) -> int:
    """Lives until so many of them were killed; how many ended by themselves before that."""
    home, done, ended, number = folder / "home", 0, 0, 0
    assert nursery.live(home, document(folder / "first.tagloom", NODES, card=card)) == 0
    began = time.monotonic()
    assert nursery.live(home, document(folder / "second.tagloom", NODES, card=card)) == 0
    longest = 0.9 * (time.monotonic() - began)
    while done < kills:
        at = document(folder / f"d{number // LIVES}.tagloom", NODES, card=card)
        number += 1
        life = nursery.born(home, at)
        life.go()
        time.sleep(dice.uniform(0, longest))
        life.kill()
        code = life.end()
        assert code in (0, UNFINISHED, -9), (folder / "nursery.log").read_text("utf-8")[-2000:]
        done += code == -9
        ended += code != -9
    return ended


async def loop(server: Counted, nursery: Nursery, folder: Path, kills: int, card: str) -> Judged:
    dice = random.Random(kills)
    ended = killed(nursery, folder, kills, dice, card)
    assert nursery.live(folder / "home") == 0, "recovery ends by itself"
    found = await judged(folder / "home", server.taken())
    print(f"{kills} kills, {ended} lives that ended before: {found}")
    return found


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("card", "kills"), [("gen4-image", 12), ("flux-2-pro", 6), ("nano-banana-pro", 6)])
async def test_a_few_kills(server: Counted, nursery: Nursery, tmp_path: Path, card: str, kills: int) -> None:
    found = await loop(server, nursery, tmp_path, kills, card)
    assert not found.broken, str(found)
    assert found.pictures >= NODES


@pytest.mark.soak
@pytest.mark.parametrize(("card", "most"), [("gen4-image", 3), ("flux-2-pro", 3), ("nano-banana-pro", 6)])
async def test_five_hundred_kills(
    server: Counted, nursery: Nursery, tmp_path: Path, card: str, most: int
) -> None:
    """`most`: kills for a picture; where the answer is the picture, most of them lose one."""
    kills = int(os.environ.get("SOAK_KILLS", "500"))
    found = await loop(server, nursery, tmp_path, kills, card)
    assert not found.broken, str(found)
    assert found.pictures > kills // most
    assert found.unknown > 0, "no kill fell between the sending and the answer: the loop proves too little"
