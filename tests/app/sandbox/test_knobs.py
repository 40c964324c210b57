"""Each knob does what it says, as many times as it says, and the tally tells what really happened."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from app.basics.faults import BadInput
from app.sandbox.knobs import KnobBoard, Knobs, knobs_from_words, knobs_told
from tests.app.sandbox.conftest import HEADERS, Open, Wire, photograph


def test_words_become_knobs() -> None:
    knobs = knobs_from_words(
        ["fail_next=2", "refuse-status=502", "fail_code=null", 'moderated_words=["gun"]']
    )
    assert (knobs.fail_next, knobs.refuse_status, knobs.fail_code) == (2, 502, None)
    assert knobs.moderated_words == ("gun",)
    assert knobs_from_words(["fail_code=THIRD_PARTY.UNAVAILABLE"]).fail_code == "THIRD_PARTY.UNAVAILABLE"


@pytest.mark.parametrize(
    "word",
    ["help", "fail_next", "nothing=1", "fail_next=-1", "fail_next=many", "refuse_status=200", "seconds=-1"],
)
def test_bad_words_are_refused_with_the_list(word: str) -> None:
    with pytest.raises(BadInput) as caught:
        knobs_from_words([word])
    assert caught.value.code == "sandbox.knobs"
    assert "refuse_status" in caught.value.advice


def test_every_knob_is_told() -> None:
    assert {line.partition("=")[0] for line in knobs_told().splitlines()} == set(Knobs.__struct_fields__)


def test_a_board_counts_down_and_tells() -> None:
    board, heard = KnobBoard(Knobs(fail_next=2)), []
    board.on_turn(lambda: heard.append(board.now.seconds))
    assert [board.take("fail_next") for _ in range(3)] == [True, True, False]
    board.turn({"seconds": 3})
    assert heard == [3.0]
    with pytest.raises(BadInput):
        board.turn({"seconds": 4, "nonsense": 1})
    assert board.now.seconds == 3.0


@pytest.mark.parametrize("patch", [{"nonsense": 1}, {"fail_next": "x"}, {"seconds": None}, [1], "x"])
async def test_bad_patches_change_nothing(wire: Wire, patch: object) -> None:
    before = wire.sandbox.stage.knobs
    answer = await wire.http.post("/_sandbox/knobs", json=patch)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert wire.sandbox.stage.knobs == before


async def test_a_patch_that_is_half_wrong_does_no_deed(wire: Wire) -> None:
    task = await wire.made()
    await wire.http.post("/_sandbox/knobs", json={"forget_tasks": True, "nonsense": 1})
    assert (await wire.ended(task))["status"] == "SUCCEEDED"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("html", [False, True])
async def test_creates_are_refused_before_they_count(wire: Wire, status: int, html: bool) -> None:
    await wire.knobs(refuse_next=2, refuse_status=status, refuse_html=html, retry_after=1.5)
    for _ in range(2):
        answer = await wire.create()
        assert answer.status_code == status
        assert answer.headers["Retry-After"] == "1.5"
        assert answer.headers["Content-Type"].startswith("text/html" if html else "application/json")
    assert (await wire.create()).status_code == 200
    tally = await wire.tally()
    assert (tally["creates"], tally["accepted"]) == (3, 1)
    assert tally["asks"] == [{"prompt": "A cup", "seed": 7, "received": 3, "accepted": 1}]


async def test_without_a_wait_no_retry_after(wire: Wire) -> None:
    await wire.knobs(refuse_next=1, refuse_status=429)
    answer = await wire.create()
    assert answer.status_code == 429
    assert "Retry-After" not in answer.headers
    assert set(answer.json()) == {"error"}


async def test_a_gateway_may_refuse_what_was_accepted(wire: Wire) -> None:
    await wire.knobs(refuse_next=1, refuse_status=502, refuse_html=True, refuse_accepts=True)
    assert (await wire.create()).status_code == 502
    assert (await wire.tally())["accepted"] == 1


async def test_a_lost_answer_was_accepted(wire: Wire) -> None:
    await wire.knobs(lose_next=1)
    with pytest.raises(httpx.TransportError):
        await wire.create(seed=11)
    tally = await wire.tally()
    assert tally["asks"] == [{"prompt": "A cup", "seed": 11, "received": 1, "accepted": 1}]
    assert (await wire.create(seed=12)).status_code == 200


async def test_a_reset_create_was_not(wire: Wire) -> None:
    await wire.knobs(reset_next=1)
    with pytest.raises(httpx.TransportError):
        await wire.create()
    tally = await wire.tally()
    assert (tally["creates"], tally["accepted"]) == (1, 0)


async def test_a_garbled_answer_was_accepted(wire: Wire) -> None:
    await wire.knobs(garble_next=1)
    answer = await wire.create()
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="Unterminated"):
        answer.json()
    assert (await wire.tally())["accepted"] == 1


async def test_a_slow_answer_is_accepted_at_once(wire: Wire) -> None:
    await wire.knobs(answer_delay=0.4)
    waiting = asyncio.create_task(wire.create())
    await asyncio.sleep(0.15)
    assert (await wire.tally())["accepted"] == 1
    assert not waiting.done()
    assert (await waiting).status_code == 200


async def test_keys_can_be_refused(wire: Wire) -> None:
    await wire.knobs(keys_refused=True)
    assert (await wire.create()).status_code == 401
    await wire.knobs(keys_refused=False)
    assert (await wire.create()).status_code == 200


async def test_polls_are_refused_and_lost(wire: Wire) -> None:
    task = await wire.made()
    await wire.knobs(refuse_polls_next=2, polls_status=502, lose_polls_next=1)
    with pytest.raises(httpx.TransportError):
        await wire.http.get(f"/v1/tasks/{task}")
    statuses = [(await wire.http.get(f"/v1/tasks/{task}")).status_code for _ in range(3)]
    assert statuses == [502, 502, 200]


async def test_tasks_are_throttled_for_a_while(opened: Open) -> None:
    wire = await opened(throttle_next=1, throttle_seconds=0.3)
    began = time.monotonic()
    held, free = await wire.made(seed=1), await wire.made(seed=2)
    assert (await wire.task(held))["status"] == "THROTTLED"
    assert (await wire.ended(free))["status"] == "SUCCEEDED"
    assert (await wire.task(held))["status"] == "THROTTLED"
    assert (await wire.ended(held))["status"] == "SUCCEEDED"
    assert 0.25 < time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("knobs", "expected"),
    [
        ({}, {"failureCode": "INTERNAL.BAD_OUTPUT.CODE01", "cost": {"credits": 0}}),
        ({"fail_code": "SAFETY.OUTPUT.IMAGE", "fail_charged": True}, {"cost": {"credits": 5}}),
        ({"fail_code": None}, {"failure": "An unexpected error occurred."}),
    ],
)
async def test_tasks_fail_with_a_code(
    wire: Wire, knobs: Mapping[str, Any], expected: Mapping[str, Any]
) -> None:
    await wire.knobs(fail_next=1, **knobs)
    failed = await wire.ended(await wire.made())
    assert failed["status"] == "FAILED"
    assert expected.items() <= failed.items()
    assert ("failureCode" in failed) == (knobs.get("fail_code", "") is not None)
    assert (await wire.ended(await wire.made()))["status"] == "SUCCEEDED"
    left = (await wire.http.get("/v1/organization")).json()["creditBalance"]
    assert left == 1_000_000 - 5 - failed["cost"]["credits"]


async def test_words_are_moderated(wire: Wire) -> None:
    await wire.knobs(moderated_words=["Weapon"])
    told = await wire.ended(await wire.made(promptText="a WEAPON on a table"))
    assert (told["status"], told["failureCode"]) == ("FAILED", "SAFETY.INPUT.TEXT")
    assert (await wire.ended(await wire.made()))["status"] == "SUCCEEDED"


async def test_a_download_is_cut_in_half_once(wire: Wire) -> None:
    task = await wire.made(ratio="1920:1080")
    whole = await wire.picture(task)
    await wire.knobs(cut_downloads_next=1)
    url = (await wire.task(task))["output"][0]
    got = bytearray()

    async def read() -> None:
        async with anyone.stream("GET", url) as answer:
            assert int(answer.headers["Content-Length"]) == len(whole.content)
            async for piece in answer.aiter_bytes():
                got.extend(piece)

    async with httpx.AsyncClient() as anyone:
        with pytest.raises(httpx.TransportError):
            await read()
        assert 0 < len(got) < len(whole.content)
        assert whole.content.startswith(got)
        assert (await anyone.get(url)).content == whole.content


async def test_html_and_wrong_types_in_place_of_the_picture(wire: Wire) -> None:
    task = await wire.made()
    await wire.knobs(html_downloads_next=1, wrong_type_next=1)
    page = await wire.picture(task)
    assert page.headers["Content-Type"].startswith("text/html")
    odd = await wire.picture(task)
    assert odd.headers["Content-Type"] == "application/octet-stream"
    assert odd.content.startswith(b"\x89PNG")
    assert (await wire.picture(task)).headers["Content-Type"] == "image/png"


async def test_addresses_expire_until_asked_again(wire: Wire) -> None:
    task = await wire.made()
    old = (await wire.ended(task))["output"][0]
    await wire.knobs(expire_outputs=True)
    async with httpx.AsyncClient() as anyone:
        assert (await anyone.get(old)).status_code == 403
    assert (await wire.picture(task)).status_code == 200


async def test_addresses_expire_with_time(opened: Open) -> None:
    wire = await opened(output_seconds=1.0)
    task = await wire.made()
    old = (await wire.ended(task))["output"][0]
    await asyncio.sleep(1.1)
    async with httpx.AsyncClient() as anyone:
        assert (await anyone.get(old)).status_code == 403
    assert (await wire.picture(task)).status_code == 200


@pytest.mark.parametrize(
    ("form", "mime"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
async def test_a_fixed_picture_is_served_as_it_is(opened: Open, form: str, mime: str) -> None:
    content = photograph(64, 48, form)
    wire = await opened(picture_base64=base64.b64encode(content).decode())
    for seed in range(3):
        picture = await wire.picture(await wire.made(seed=seed))
        assert (picture.content, picture.headers["Content-Type"]) == (content, mime)
    assert (await wire.tally())["painted"] == 0
    assert (await wire.http.get("/_sandbox/knobs")).json()["picture_base64"] is True


async def test_the_tally_of_a_quiet_sandbox_is_zero(wire: Wire) -> None:
    tally = await wire.tally()
    assert tally.pop("requests") == 1
    assert tally.pop("asks") == []
    assert set(tally.values()) == {0}


async def test_leaked_keys_are_counted_at_downloads(wire: Wire) -> None:
    told = await wire.ended(await wire.made())
    async with httpx.AsyncClient(headers=HEADERS) as careless:
        await careless.get(told["output"][0])
    tally = await wire.tally()
    assert (tally["keys_leaked"], tally["downloads"]) == (1, 1)
