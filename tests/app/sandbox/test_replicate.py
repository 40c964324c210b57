"""Replicate's official Python SDK against the sandbox, over real sockets: what works and what is refused."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from PIL import Image
from replicate.client import Client
from replicate.exceptions import ReplicateError
from replicate.prediction import Prediction

from app.sandbox.knobs import Knobs
from app.sandbox.server import Sandbox, serve
from tests.app.sandbox.conftest import flat_picture, photograph

MODEL = "runwayml/gen4-image"
CUP: dict[str, Any] = {"prompt": "A cup", "seed": 7}
Open = Callable[..., Awaitable[tuple[Sandbox, Client]]]


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    made: list[tuple[Sandbox, Client]] = []

    async def make(token: str = "r8_test", **knobs: Any) -> tuple[Sandbox, Client]:
        sandbox = await serve(knobs=Knobs(**({"seconds": 0.0} | knobs)), paint=flat_picture)
        client = Client(api_token=token, base_url=sandbox.url)
        made.append((sandbox, client))
        client.poll_interval = 0.01
        return sandbox, client

    yield make
    for sandbox, client in made:
        await client._async_client.aclose()  # it has no close of its own
        await sandbox.close()


async def create(client: Client, **given: Any) -> Prediction:
    asked = {name: value for name, value in (CUP | given).items() if value is not ...}
    return await client.models.predictions.async_create(model=MODEL, input=asked)


async def test_a_picture_with_three_references_by_the_files_api(opened: Open) -> None:
    sandbox, client = await opened()
    photographs = [io.BytesIO(photograph(800, 600 + item)) for item in range(3)]
    made = await create(
        client,
        reference_images=photographs,
        reference_tags=["cup", "table", "window"],
        aspect_ratio="4:3",
        resolution="1080p",
    )
    assert (made.status, made.model, made.output) == ("starting", MODEL, None)
    assert made.urls is not None
    assert made.urls["get"] == f"{sandbox.url}/v1/predictions/{made.id}"
    await made.async_wait()
    assert (made.status, made.error) == ("succeeded", None)
    assert isinstance(made.output, str)
    async with httpx.AsyncClient() as anyone:
        picture = Image.open(io.BytesIO((await anyone.get(made.output)).content))
    assert picture.size == (1440, 1080)
    await made.async_reload()
    first = made.output
    await made.async_reload()
    assert made.output == first  # there is one address, and no fresh one
    tally = sandbox.stage.tally
    assert (tally.creates, tally.accepted, tally.uploads_stored, tally.keys_leaked) == (1, 1, 3, 0)


async def test_the_log_tells_the_progress(opened: Open) -> None:
    _, client = await opened(seconds=2.0)
    made = await create(client)
    for _ in range(400):
        await made.async_reload()
        if made.status == "processing":
            break
        await asyncio.sleep(0.01)
    assert made.status == "processing"
    assert "%" in (made.logs or "")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"prompt": ...}, "input"),
        ({"prompt": " "}, "input.prompt"),
        ({"prompt": 7}, "input.prompt"),
        ({"aspect_ratio": "5:4"}, "input.aspect_ratio"),
        ({"resolution": "4K"}, "input.resolution"),
        ({"seed": "7"}, "input.seed"),
        ({"reference_images": ["https://x.example/a.png"] * 4}, "input.reference_images"),
        ({"reference_images": "https://x.example/a.png"}, "input.reference_images"),
        ({"reference_images": ["a.png"]}, "input.reference_images.0"),
        ({"reference_images": ["data:image/png;base64,aGk="]}, "input.reference_images.0"),
        (
            {"reference_images": ["https://x.example/a.png"], "reference_tags": ["1cup"]},
            "input.reference_tags.0",
        ),
        ({"reference_tags": ["cup"]}, "input.reference_tags"),
        ({"content_moderation": "low"}, "input"),
    ],
)
async def test_a_field_that_is_wrong(opened: Open, given: dict[str, Any], field: str) -> None:
    sandbox, client = await opened()
    with pytest.raises(ReplicateError) as caught:
        await create(client, **given)
    assert (caught.value.status, caught.value.title) == (422, "Input validation failed")
    assert (caught.value.detail or "").startswith(f"- {field}: ")
    assert (sandbox.stage.tally.refused, sandbox.stage.tally.accepted) == (1, 0)


async def test_a_photograph_of_a_shape_that_is_not_taken(opened: Open) -> None:
    _, client = await opened()
    with pytest.raises(ReplicateError) as caught:
        await create(client, reference_images=[io.BytesIO(photograph(100, 300))])
    assert caught.value.status == 422


async def test_a_token_is_demanded(opened: Open) -> None:
    sandbox, _ = await opened()
    async with httpx.AsyncClient(base_url=sandbox.url) as anyone:
        answer = await anyone.post(f"/v1/models/{MODEL}/predictions", json={"input": CUP})
    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthenticated")
    _, client = await opened(keys_refused=True)
    with pytest.raises(ReplicateError) as caught:
        await create(client)
    assert caught.value.status == 401


async def test_too_little_credit_and_another_model(opened: Open) -> None:
    _, client = await opened(credit_balance=7)
    with pytest.raises(ReplicateError) as caught:
        await create(client)
    assert caught.value.status == 402
    with pytest.raises(ReplicateError) as caught:
        await client.models.predictions.async_create(model="someone/else", input=CUP)
    assert caught.value.status == 404


@pytest.mark.parametrize(("seconds", "status"), [(60.0, "aborted"), (1.0, "canceled")])
async def test_a_cancel(opened: Open, seconds: float, status: str) -> None:
    """Before its start it is `aborted` and free; the SDK's type does not know that word, so plain HTTP."""
    sandbox, client = await opened(seconds=seconds)
    made = await create(client)
    if status == "canceled":
        await asyncio.sleep(0.4)
    async with httpx.AsyncClient(base_url=sandbox.url, headers={"Authorization": "Bearer r8_test"}) as http:
        answer = await http.post(f"/v1/predictions/{made.id}/cancel")
        again = await http.get(f"/v1/predictions/{made.id}")
    assert answer.json()["status"] == again.json()["status"] == status
    assert sandbox.stage.account.spent == (0 if status == "aborted" else 8)


async def test_moderation_and_failure(opened: Open) -> None:
    _, client = await opened(moderated_words=("cup",))
    made = await create(client)
    await made.async_wait()
    assert made.status == "failed"
    assert "flagged as sensitive" in (made.error or "")


async def test_after_its_time_everything_is_removed(opened: Open) -> None:
    sandbox, client = await opened(output_seconds=0.0)
    made = await create(client)
    await made.async_wait()
    async with httpx.AsyncClient(base_url=sandbox.url, headers={"Authorization": "Bearer r8_test"}) as http:
        told = (await http.get(f"/v1/predictions/{made.id}")).json()
    assert (told["status"], told["output"], told["data_removed"]) == ("succeeded", None, True)


async def test_the_account(opened: Open) -> None:
    _, client = await opened()
    assert (await client.accounts.async_current()).username == "sandbox"
