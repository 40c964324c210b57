"""A body with photographs in it is exactly the JSON it stands for, as long as it said, and never whole in
memory."""

from __future__ import annotations

import base64
import json
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from app.basics.faults import Charged, DiskTrouble
from app.catalogue.request import Photograph
from app.providers.bodies import Body
from app.providers.inlining import inlined_body
from tests.app.providers.fakes import photograph

MEGABYTE = 1 << 20


async def whole(body: Body) -> bytes:
    return b"".join([chunk async for chunk in body.chunks()])


def sized(folder: Path, name: str, size: int) -> Photograph:
    return photograph(folder, name, content=(name.encode() * (size // len(name) + 1))[:size])


@pytest.mark.parametrize("size", [1, 2, 3, 786_431, 786_432, 786_433, 3 * MEGABYTE + 1])
async def test_a_body_is_what_it_stands_for(tmp_path: Path, size: int) -> None:
    shots = [sized(tmp_path, f"shot{at}", size) for at in range(3)]
    body = inlined_body(lambda stand: {"prompt": "“放在” 😀\n", "image": [stand(one) for one in shots]})
    sent = await whole(body)
    assert (len(sent), body.mime) == (body.length, "application/json")
    told = json.loads(sent)
    assert told["prompt"] == "“放在” 😀\n"
    for shot, uri in zip(shots, told["image"], strict=True):
        head, _, encoded = uri.partition(",")
        assert head == "data:image/jpeg;base64"
        assert base64.b64decode(encoded, validate=True) == shot.path.read_bytes()
    assert await whole(body) == sent, "a body can be written again"


async def test_a_body_without_photographs_is_plain_json() -> None:
    body = inlined_body(lambda stand: {"prompt": "a cup"})
    assert await whole(body) == b'{"prompt":"a cup"}'


async def test_a_file_that_changed_is_a_fault_and_no_request(tmp_path: Path) -> None:
    shot = sized(tmp_path, "shot", 5000)
    longer = inlined_body(lambda stand: [stand(replace(shot, bytes=5001))])
    gone = inlined_body(lambda stand: [stand(replace(shot, path=tmp_path / "none.jpg"))])
    for body in (longer, gone):
        with pytest.raises(DiskTrouble) as caught:
            await whole(body)
        assert caught.value.charged is Charged.NO


async def test_fourteen_photographs_are_never_in_memory(tmp_path: Path) -> None:
    shots = [sized(tmp_path, f"shot{at}", 8 * MEGABYTE) for at in range(14)]
    tracemalloc.start()
    try:
        body = inlined_body(lambda stand: [stand(one) for one in shots])
        sent = 0
        async for chunk in body.chunks():
            sent += len(chunk)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sent == body.length > 14 * 10 * MEGABYTE
    assert most < 8 * MEGABYTE
