"""Long texts of a JSON answer go to files, however the answer is cut into pieces."""

from __future__ import annotations

import base64
import itertools
import json
import random
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.providers.spill import LONG, Spill

PICTURE = random.Random(1).randbytes(LONG + 1234)
TEXT = base64.b64encode(PICTURE).decode()


def spill_in(folder: Path) -> Spill:
    numbers = itertools.count()
    return Spill(lambda: folder / f"{next(numbers)}.part")


def pieces(data: bytes, dice: random.Random) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        size = dice.choice((1, 2, 3, 5, 700, 40_000))
        yield data[at : at + size]
        at += size


@pytest.mark.parametrize("seed", range(6))
def test_the_json_is_the_same_but_for_the_long_text(tmp_path: Path, seed: int) -> None:
    value = {"a": 'short "quoted" \\ \n 放', "data": TEXT, "list": [TEXT, 1, None], "": ""}
    said = json.dumps(value).replace("=", "\\u003d").replace("/", "\\/").encode()
    spill = spill_in(tmp_path)
    for piece in pieces(said, random.Random(seed)):
        spill.feed(piece)
    told = json.loads(spill.finish())
    assert (told["a"], told[""], told["list"][1:]) == (value["a"], "", [1, None])
    one = spill.take(told["data"])
    assert one is not None
    assert one.file is not None
    assert one.file.read_bytes() == PICTURE
    assert spill.take(told["data"]) is None, "taken once"
    spill.close()
    assert list(tmp_path.iterdir()) == [one.file], "what nobody takes is removed"


def test_a_long_text_that_is_no_base64_is_none(tmp_path: Path) -> None:
    spill = spill_in(tmp_path)
    told = json.loads(spill.finish(json.dumps({"words": "not base64! " * LONG}).encode()))
    assert spill.take(told["words"]) is None
    assert list(tmp_path.iterdir()) == []


def test_what_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    spill = spill_in(tmp_path)
    spill.feed(b'{"data": "' + TEXT[: LONG + 400].encode())
    spill.close()
    assert list(tmp_path.iterdir()) == []


def test_where_no_disk_takes_it_memory_does(tmp_path: Path) -> None:
    spill = Spill(lambda: tmp_path / "nowhere" / "a.part")
    told = json.loads(spill.finish(json.dumps({"data": TEXT}).encode()))
    one = spill.take(told["data"])
    assert one is not None
    assert (one.file, one.picture) == (None, PICTURE)


def test_thirty_megabytes_take_no_memory(tmp_path: Path) -> None:
    piece = base64.b64encode(random.Random(2).randbytes(3 * 64 * 1024))
    spill = spill_in(tmp_path)
    tracemalloc.start()
    spill.feed(b'{"data": "')
    for _ in range(160):
        spill.feed(piece)
    told = json.loads(spill.finish(b'"}'))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    one = spill.take(told["data"])
    assert one is not None
    assert one.file is not None
    assert one.file.stat().st_size == 160 * 3 * 64 * 1024
    assert most < 3_000_000
