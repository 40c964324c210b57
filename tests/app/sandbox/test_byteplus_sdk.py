"""ByteDance's official Python SDK against the sandbox, over real sockets: what works and what is refused."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import volcenginesdkarkruntime as ark
from PIL import Image
from volcenginesdkarkruntime import Ark
from volcenginesdkarkruntime.types.images import SequentialImageGenerationOptions

from tests.app.sandbox.conftest import Open, Wire, photograph

WANTED: dict[str, Any] = {
    "model": "seedream-4-5-251128",
    "prompt": "Image 1 on a table, dramatic lighting",
    "watermark": False,
}
PHOTO = f"data:image/jpeg;base64,{base64.b64encode(photograph(96, 64)).decode()}"


@pytest.fixture
def client(wire: Wire) -> Iterator[Ark]:
    made = Ark(api_key="key_test", base_url=f"{wire.url}/api/v3", max_retries=0)
    yield made
    made.close()


async def inside(call: Callable[..., Any], *args: object, **kwargs: object) -> Any:
    return await asyncio.to_thread(call, *args, **kwargs)


async def pixels(url: str) -> tuple[int, int]:
    async with httpx.AsyncClient() as anyone:
        with Image.open(io.BytesIO((await anyone.get(url)).content)) as picture:
            return picture.size


async def test_a_picture_by_its_address(wire: Wire, client: Ark) -> None:
    told = await inside(client.images.generate, **WANTED, image=[PHOTO] * 14, size="2560x1440")
    assert (told.model, told.error, len(told.data)) == (WANTED["model"], None, 1)
    assert (told.data[0].size, told.data[0].b64_json) == ("2560x1440", None)
    assert (told.usage.generated_images, told.usage.output_tokens) == (1, 14_400)
    assert await pixels(told.data[0].url) == (2560, 1440)
    tally = await wire.tally()
    assert (tally["creates"], tally["accepted"], tally["keys_leaked"]) == (1, 1, 0)


async def test_a_picture_inline_and_one_reference_as_a_text(client: Ark) -> None:
    told = await inside(client.images.generate, **WANTED, image=PHOTO, size="2K", response_format="b64_json")
    assert told.data[0].url is None
    with Image.open(io.BytesIO(base64.b64decode(told.data[0].b64_json))) as picture:
        assert picture.size == (2048, 2048)


async def test_a_stream(client: Ark) -> None:
    def all_events() -> list[Any]:
        return list(client.images.generate(**WANTED, size="2K", stream=True))

    first, last = await inside(all_events)
    assert (first.type, first.image_index, first.size) == (
        "image_generation.partial_succeeded",
        0,
        "2048x2048",
    )
    assert await pixels(first.url) == (2048, 2048)
    assert (last.type, last.usage["generated_images"]) == ("image_generation.completed", 1)


async def test_a_set_of_which_one_is_held_back(wire: Wire, client: Ark) -> None:
    """The SDK ends a stream at the first picture that is held back; on the wire the others go on."""
    more: dict[str, Any] = {"sequential_image_generation": "auto"}
    two = SequentialImageGenerationOptions(max_images=2)
    await wire.knobs(fail_next=1)
    told = await inside(client.images.generate, **WANTED, **more, sequential_image_generation_options=two)
    assert [one.url is None for one in told.data] == [True, False]
    assert told.data[0].error["code"] == "OutputImageSensitiveContentDetected"
    await wire.knobs(fail_next=1)
    with pytest.raises(ark._exceptions.ArkAPIError, match="sensitive"):
        await inside(lambda: list(client.images.generate(**WANTED, **more, stream=True)))
    await wire.knobs(fail_next=1)
    body = WANTED | more | {"stream": True, "sequential_image_generation_options": {"max_images": 2}}
    answer = await wire.http.post("/api/v3/images/generations", json=body)
    assert answer.headers["Content-Type"] == "text/event-stream"
    *events, done, end = answer.text.split("\n\n")
    assert (done, end) == ("data: [DONE]", "")
    names, lines = zip(*(event.split("\n") for event in events), strict=True)
    assert names == (
        "event: image_generation.partial_failed",
        "event: image_generation.partial_succeeded",
        "event: image_generation.completed",
    )
    held, made, last = (json.loads(line.removeprefix("data: ")) for line in lines)
    assert held["error"]["code"] == "OutputImageSensitiveContentDetected"
    assert (made["image_index"], last["usage"]["generated_images"]) == (1, 1)


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"image": [PHOTO] * 15}, "image"),
        ({"size": "1K"}, "size"),
        ({"size": "1024x1024"}, "size"),
        ({"size": "8192x4096"}, "size"),
        ({"size": "65536x64"}, "size"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": "  "}, "prompt"),
        ({"seed": 42}, "seed"),
        ({"guidance_scale": 5.0}, "guidance_scale"),
        ({"output_format": "png"}, "output_format"),
        ({"response_format": "png"}, "response_format"),
        ({"sequential_image_generation": "yes"}, "sequential_image_generation"),
        ({"image": PHOTO.replace("jpeg", "JPEG", 1)}, "image[0]"),
        ({"image": [PHOTO, "photo.jpg"]}, "image[1]"),
    ],
)
async def test_bad_requests(wire: Wire, client: Ark, wrong: dict[str, Any], param: str) -> None:
    with pytest.raises(ark._exceptions.ArkBadRequestError) as refused:
        await inside(client.images.generate, **WANTED | wrong)
    assert (refused.value.code, refused.value.param) == ("InvalidParameter", param)
    assert (await wire.tally())["accepted"] == 0


async def test_a_missing_key_and_a_wrong_one(wire: Wire, client: Ark) -> None:
    async with httpx.AsyncClient() as anyone:
        answer = await anyone.post(f"{wire.url}/api/v3/images/generations", json=WANTED)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AuthenticationError")
    await wire.knobs(keys_refused=True)
    with pytest.raises(ark._exceptions.ArkAuthenticationError):
        await inside(client.images.generate, **WANTED)
    assert (await wire.tally())["creates"] == 0


async def test_a_model_that_is_not_there(client: Ark) -> None:
    with pytest.raises(ark._exceptions.ArkNotFoundError):
        await inside(client.images.generate, **WANTED | {"model": "seedream-9-9"})


async def test_moderation_is_a_bad_request(wire: Wire, client: Ark) -> None:
    await wire.knobs(moderated_words=["dramatic"])
    with pytest.raises(ark._exceptions.ArkBadRequestError) as refused:
        await inside(client.images.generate, **WANTED)
    assert refused.value.code == "InputTextSensitiveContentDetected"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (429, ark._exceptions.ArkRateLimitError),
        (500, ark._exceptions.ArkInternalServerError),
        (503, ark._exceptions.ArkInternalServerError),
    ],
)
async def test_trouble_has_its_exception(
    wire: Wire, client: Ark, status: int, kind: type[ark._exceptions.ArkAPIStatusError]
) -> None:
    await wire.knobs(refuse_next=1, refuse_status=status)
    with pytest.raises(kind):
        await inside(client.images.generate, **WANTED)


async def test_the_sdk_as_shipped_pays_three_times_for_lost_answers(opened: Open) -> None:
    """Why Tagloom does not use it: it sends again what was made and paid."""
    wire = await opened(lose_next=2)
    eager = Ark(api_key="key_test", base_url=f"{wire.url}/api/v3")
    await inside(eager.images.generate, **WANTED)
    eager.close()
    assert [one["accepted"] for one in (await wire.tally())["asks"]] == [3]
