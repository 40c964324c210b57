"""Runway's official Python SDK against the sandbox, over real sockets: what works and what is refused."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import runwayml
from PIL import Image
from runwayml import AsyncRunwayML, RunwayML
from runwayml.lib import polling

from tests.app.sandbox.conftest import PHOTOGRAPHS, Open, Wire

WANTED: dict[str, Any] = {
    "model": "gen4_image",
    "prompt_text": "@cup on a table, dramatic lighting",
    "ratio": "1280:720",
    "seed": 42,
}
COFFEE = (PHOTOGRAPHS / "coffee.png").read_bytes()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK's waiter sleeps six seconds before each look."""
    monkeypatch.setattr(polling, "POLL_TIME", 0.05)
    monkeypatch.setattr(polling, "POLL_JITTER", 0.02)


@pytest.fixture
def client(wire: Wire) -> Iterator[RunwayML]:
    with RunwayML(api_key="key_test", base_url=wire.url, max_retries=0) as made:
        yield made


async def inside(call: Callable[..., Any], *args: object, **kwargs: object) -> Any:
    return await asyncio.to_thread(call, *args, **kwargs)


async def test_the_whole_job_with_the_sync_client(wire: Wire, client: RunwayML) -> None:
    upload = await inside(client.uploads.create_ephemeral, file=("cup.png", COFFEE, "image/png"))
    assert upload.uri.startswith("runway://")
    made = await inside(
        client.text_to_image.create, **WANTED, reference_images=[{"uri": upload.uri, "tag": "cup"}]
    )
    done = await inside(made.wait_for_task_output, timeout=20)
    assert (done.status, done.id, done.cost.credits) == ("SUCCEEDED", made.id, 5)
    async with httpx.AsyncClient() as anyone:
        picture = (await anyone.get(done.output[0])).content
    with Image.open(io.BytesIO(picture)) as opened:
        assert opened.size == (1280, 720)
    again = await inside(client.tasks.retrieve, made.id)
    assert again.status == "SUCCEEDED"
    assert await inside(client.tasks.delete, made.id) is None
    with pytest.raises(runwayml.NotFoundError) as gone:
        await inside(client.tasks.retrieve, made.id)
    assert gone.value.body == {"error": "Could not find Task"}
    with pytest.raises(runwayml.NotFoundError):
        await inside(client.tasks.delete, made.id)
    assert (await wire.tally())["keys_leaked"] == 0


async def test_the_whole_job_with_the_async_client(opened: Open) -> None:
    wire = await opened(seconds=0.3)
    async with AsyncRunwayML(api_key="key_test", base_url=wire.url, max_retries=0) as client:
        upload = await client.uploads.create_ephemeral(file=PHOTOGRAPHS / "temple.jpg", file_metadata="{}")
        made = await client.text_to_image.create(
            **WANTED, reference_images=[{"uri": upload.uri, "tag": "cup"}]
        )
        early = await client.tasks.retrieve(made.id)
        assert early.status in ("PENDING", "RUNNING")
        done = await made.wait_for_task_output(timeout=20)
        assert done.status == "SUCCEEDED"
        await client.tasks.delete(made.id)
        with pytest.raises(runwayml.NotFoundError):
            await client.tasks.retrieve(made.id)


async def test_a_failed_task_reaches_the_sdk(wire: Wire, client: RunwayML) -> None:
    await wire.knobs(fail_next=1, fail_code="SAFETY.OUTPUT.IMAGE")
    made = await inside(client.text_to_image.create, **WANTED)
    with pytest.raises(runwayml.TaskFailedError) as failed:
        await inside(made.wait_for_task_output, timeout=20)
    assert failed.value.task_details.failure_code == "SAFETY.OUTPUT.IMAGE"  # type: ignore[union-attr]


async def test_a_throttled_task_is_a_throttled_task(wire: Wire, client: RunwayML) -> None:
    await wire.knobs(throttle_next=1, throttle_seconds=0.2)
    made = await inside(client.text_to_image.create, **WANTED)
    assert (await inside(client.tasks.retrieve, made.id)).status == "THROTTLED"
    assert (await inside(made.wait_for_task_output, timeout=20)).status == "SUCCEEDED"


async def test_the_organization_and_its_usage(client: RunwayML) -> None:
    await inside(client.text_to_image.create, **WANTED)
    organization = await inside(client.organization.retrieve)
    assert organization.credit_balance == 1_000_000 - 5
    assert organization.tier.models["gen4_image"].max_concurrent_generations == 20
    assert organization.usage.models["gen4_image"].daily_generations == 1
    today = datetime.now(UTC).date()
    usage = await inside(
        client.organization.retrieve_usage,
        start_date=today - timedelta(days=2),
        before_date=today + timedelta(days=1),
    )
    assert {"gen4_image", "gen4_image_turbo"} <= set(usage.models)
    assert [len(row.used_credits) for row in usage.results] == [0, 0, 1]
    with pytest.raises(runwayml.BadRequestError):
        await inside(client.organization.retrieve_usage, start_date="2026-01-01", before_date="2026-12-01")


@pytest.mark.parametrize(
    "wrong",
    [
        {"ratio": "16:9"},
        {"seed": -5},
        {"prompt_text": ""},
        {"prompt_text": "👟" * 501},
        {"model": "gen4_picture"},
        {"reference_images": [{"uri": "https://example.com/a.png"}] * 4},
        {"reference_images": [{"uri": "https://example.com/a.png", "tag": "a-b"}]},
        {"reference_images": [{"uri": "runway://unknown-upload"}]},
        {"content_moderation": {"public_figure_threshold": "none"}},
    ],
)
async def test_bad_requests(wire: Wire, client: RunwayML, wrong: dict[str, Any]) -> None:
    with pytest.raises(runwayml.BadRequestError) as refused:
        await inside(client.text_to_image.create, **WANTED | wrong)
    assert refused.value.body["error"] == "Validation of body failed"  # type: ignore[index]
    assert (await wire.tally())["accepted"] == 0


async def test_a_wrong_key_and_a_wrong_version(wire: Wire, client: RunwayML) -> None:
    with pytest.raises(runwayml.BadRequestError):
        await inside(client.organization.retrieve, extra_headers={"X-Runway-Version": "2020-01-01"})
    await wire.knobs(keys_refused=True)
    with pytest.raises(runwayml.AuthenticationError):
        await inside(client.organization.retrieve)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (429, runwayml.RateLimitError),
        (500, runwayml.InternalServerError),
        (502, runwayml.InternalServerError),
        (503, runwayml.InternalServerError),
        (504, runwayml.InternalServerError),
    ],
)
async def test_trouble_has_its_exception(
    wire: Wire, client: RunwayML, status: int, kind: type[runwayml.APIStatusError]
) -> None:
    await wire.knobs(refuse_next=1, refuse_status=status)
    with pytest.raises(kind):
        await inside(client.text_to_image.create, **WANTED)


async def test_the_sdk_as_shipped_pays_three_times_for_lost_answers(wire: Wire) -> None:
    """Why Tagloom does not use it: it sends again what was accepted, and nothing tells the copies apart."""
    await wire.knobs(lose_next=2)
    with RunwayML(api_key="key_test", base_url=wire.url) as eager:
        await inside(eager.text_to_image.create, **WANTED)
    tally = await wire.tally()
    assert tally["asks"] == [{"prompt": WANTED["prompt_text"], "seed": 42, "received": 3, "accepted": 3}]


async def test_retry_after_is_heard_by_the_sdk(wire: Wire) -> None:
    await wire.knobs(refuse_next=1, refuse_status=429, retry_after=0.2)
    with RunwayML(api_key="key_test", base_url=wire.url, max_retries=1) as patient:
        made = await inside(patient.text_to_image.create, **WANTED)
    assert made.id
    assert (await wire.tally())["accepted"] == 1
