"""The life of a task on the wire: states in their order, costs, places, deletion, outputs."""

from __future__ import annotations

import asyncio
import io
import time
import uuid
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from PIL import Image

from app.sandbox.order import Order
from app.sandbox.runway_models import runway_models
from tests.app.sandbox.conftest import Open, Wire, assert_valid

CARD = {
    "1920:1080": 8,
    "1080:1920": 8,
    "1440:1080": 8,
    "1080:1440": 8,
    "1080:1080": 8,
    "2112:912": 8,
    "1280:720": 5,
    "720:1280": 5,
    "960:720": 5,
    "720:960": 5,
    "720:720": 5,
    "1680:720": 5,
}
"""The twelve ratio and resolution pairs of Gen4 Image, and what Runway bills for each."""

RATIOS = runway_models()["gen4_image"].ratios


async def test_states_come_in_their_order(opened: Open) -> None:
    wire = await opened(seconds=0.6)
    began = time.monotonic()
    made = (await wire.create()).json()
    assert uuid.UUID(made["id"]).version == 4
    assert made["estimatedCost"] == {"credits": 5}
    seen: list[str] = []
    progress: list[float] = []
    while True:
        told = await wire.task(made["id"])
        if told["status"] not in seen:
            seen.append(told["status"])
        if told["status"] == "RUNNING":
            progress.append(told["progress"])
        if told["status"] == "SUCCEEDED":
            break
        await asyncio.sleep(0.02)
    assert seen == ["PENDING", "RUNNING", "SUCCEEDED"]
    assert progress == sorted(progress)
    assert progress[0] < progress[-1] < 1
    assert 0.55 < time.monotonic() - began < 10
    assert told["cost"] == {"credits": 5}
    created = datetime.fromisoformat(told["createdAt"])
    assert abs(datetime.now(UTC) - created) < timedelta(seconds=10)


@pytest.mark.parametrize(("ratio", "credits"), CARD.items())
async def test_every_pair_gives_its_pixels_and_its_price(wire: Wire, ratio: str, credits: int) -> None:
    answer = await wire.create(ratio=ratio)
    assert answer.json()["estimatedCost"] == {"credits": credits}
    picture = await wire.picture(answer.json()["id"])
    with Image.open(io.BytesIO(picture.content)) as opened:
        assert f"{opened.width}:{opened.height}" == ratio
    assert (await wire.task(answer.json()["id"]))["cost"] == {"credits": credits}


async def test_the_remaining_ratios_and_turbo(wire: Wire) -> None:
    assert len(RATIOS) == 16
    for ratio in set(RATIOS) - set(CARD):
        picture = await wire.picture(await wire.made(ratio=ratio))
        with Image.open(io.BytesIO(picture.content)) as opened:
            assert f"{opened.width}:{opened.height}" == ratio
    turbo = await wire.create(
        model="gen4_image_turbo", referenceImages=[{"uri": "https://example.com/a.png"}]
    )
    assert turbo.json()["estimatedCost"] == {"credits": 2}


async def test_an_output_is_served_whole_with_its_type(wire: Wire) -> None:
    task = await wire.made()
    told = await wire.ended(task)
    picture = await wire.picture(task)
    assert picture.status_code == 200
    assert picture.headers["Content-Type"] == "image/png"
    assert int(picture.headers["Content-Length"]) == len(picture.content)
    assert "_jwt=" in told["output"][0]
    async with httpx.AsyncClient() as anyone:
        head = await anyone.head(told["output"][0])
        forged = await anyone.get(told["output"][0] + "x")
        bare = await anyone.get(told["output"][0].partition("?")[0])
    assert (head.status_code, head.content) == (200, b"")
    assert (forged.status_code, bare.status_code) == (403, 403)


async def test_unknown_deleted_and_forgotten_tasks_are_404(wire: Wire) -> None:
    for strange in (str(uuid.uuid4()), "nonsense", "..%2f"):
        answer = await wire.http.get(f"/v1/tasks/{strange}")
        assert (answer.status_code, answer.json()) == (404, {"error": "Could not find Task"})
    task = await wire.made()
    told = await wire.ended(task)
    gone = await wire.http.delete(f"/v1/tasks/{task}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await wire.http.delete(f"/v1/tasks/{task}")).status_code == 404
    assert (await wire.http.get(f"/v1/tasks/{task}")).json() == {"error": "Could not find Task"}
    async with httpx.AsyncClient() as anyone:
        assert (await anyone.get(told["output"][0])).status_code == 403
    other = await wire.made()
    await wire.knobs(forget_tasks=True)
    assert (await wire.http.get(f"/v1/tasks/{other}")).status_code == 404


async def test_deleting_early_refunds_and_late_does_not(opened: Open) -> None:
    wire = await opened(seconds=4, credit_balance=1000)

    async def balance() -> int:
        answer = await wire.http.get("/v1/organization")
        left: int = answer.json()["creditBalance"]
        return left

    early = await wire.made()
    assert await balance() == 995
    assert (await wire.task(early))["status"] == "PENDING"
    await wire.http.delete(f"/v1/tasks/{early}")
    assert await balance() == 1000
    late = await wire.made()
    await asyncio.sleep(0.75)
    assert (await wire.task(late))["status"] == "RUNNING"
    await wire.http.delete(f"/v1/tasks/{late}")
    assert await balance() == 995


async def test_beyond_the_tier_tasks_are_throttled_and_follow_in_order(opened: Open) -> None:
    wire = await opened(seconds=0.5, concurrency=2)
    made = [await wire.made(seed=seed) for seed in range(5)]
    states = [(await wire.task(one))["status"] for one in made]
    assert states[2:] == ["THROTTLED"] * 3
    assert {"THROTTLED", "SUCCEEDED"}.isdisjoint(states[:2])
    ended: list[str] = []
    while len(ended) < 5:
        for one in made:
            if one not in ended and (await wire.task(one))["status"] == "SUCCEEDED":
                ended.append(one)
        await asyncio.sleep(0.01)
    pairs = [set(ended[at : at + 2]) for at in (0, 2, 4)]
    assert pairs == [set(made[at : at + 2]) for at in (0, 2, 4)], "two at once may end in either order"
    assert (await wire.tally())["most_running"] == 2


async def test_a_throttled_task_may_be_deleted_and_a_place_given_on(opened: Open) -> None:
    wire = await opened(seconds=60, concurrency=1)
    first, second, third = [await wire.made(seed=seed) for seed in range(3)]
    await wire.http.delete(f"/v1/tasks/{second}")
    await wire.http.delete(f"/v1/tasks/{first}")
    await asyncio.sleep(0.05)
    assert (await wire.task(third))["status"] == "PENDING"


async def test_two_models_have_their_own_places(opened: Open) -> None:
    wire = await opened(seconds=60, concurrency=1)
    await wire.made()
    turbo = await wire.made(model="gen4_image_turbo", referenceImages=[{"uri": "https://example.com/a.png"}])
    assert (await wire.task(turbo))["status"] == "PENDING"


async def test_the_same_order_is_painted_once(wire: Wire) -> None:
    first, second = await asyncio.gather(wire.made(), wire.made())
    one, two = await wire.picture(first), await wire.picture(second)
    assert first != second
    assert one.content == two.content
    assert (await wire.tally())["painted"] == 1


async def test_without_a_seed_every_task_draws_its_own(wire: Wire) -> None:
    one, two = await wire.picture(await wire.made(seed=...)), await wire.picture(await wire.made(seed=...))
    assert one.content != two.content


async def test_a_draft_that_cannot_be_painted_is_a_failed_task(
    opened: Open, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(order: Order) -> bytes:
        raise RuntimeError("no paint left")

    wire = await opened(paint=broken)
    told = await wire.ended(await wire.made())
    assert (told["status"], told["failureCode"], told["cost"]) == ("FAILED", "INTERNAL", {"credits": 0})
    assert "could not be painted" in caplog.text
    second = await wire.ended(await wire.made())
    assert second["status"] == "FAILED", "the place of the first was given on"


async def test_the_organization_counts(wire: Wire) -> None:
    for seed in range(3):
        await wire.ended(await wire.made(seed=seed, ratio="1920:1080"))
    told = (await wire.http.get("/v1/organization")).json()
    assert told["creditBalance"] == 1_000_000 - 24
    assert told["usage"]["models"]["gen4_image"] == {"dailyGenerations": 3}
    assert told["tier"]["models"]["gen4_image"] == {
        "maxConcurrentGenerations": 20,
        "maxDailyGenerations": 25_000,
    }
    today = datetime.now(UTC).date()
    span = {"startDate": str(today - timedelta(days=1)), "beforeDate": str(today + timedelta(days=1))}
    usage = (await wire.http.post("/v1/organization/usage", json=span)).json()
    assert usage["results"] == [
        {"date": str(today - timedelta(days=1)), "usedCredits": []},
        {"date": str(today), "usedCredits": [{"model": "gen4_image", "amount": 24}]},
    ]


@pytest.mark.parametrize(
    ("span", "days"),
    [
        ({}, 30),
        ({"startDate": "2026-01-01"}, 30),
        ({"startDate": "2026-01-01", "beforeDate": "2026-04-01"}, 90),
        ({"startDate": "2026-01-01", "beforeDate": "2026-01-01"}, 0),
        ({"startDate": "2026-01-01", "beforeDate": "2026-04-02"}, None),
        ({"startDate": "2026-01-02", "beforeDate": "2026-01-01"}, None),
        ({"startDate": "01.01.2026"}, None),
        ({"startDate": 5}, None),
    ],
)
async def test_usage_takes_at_most_ninety_days(wire: Wire, span: dict[str, object], days: int | None) -> None:
    answer = await wire.http.post("/v1/organization/usage", json=span)
    if days is None:
        assert answer.status_code == 400
        assert_valid("ValidationErrorBody", answer.json())
    else:
        assert len(answer.json()["results"]) == days
