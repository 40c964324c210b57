"""Google's official SDK for Python against the sandbox, on both versions of the API."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from typing import Any

import pytest
from google import genai
from google.genai import errors, types
from PIL import Image

from app.sandbox.google_rules import PIXELS, SIZES
from tests.app.sandbox.conftest import Open, Wire, photograph

MODEL = "gemini-3-pro-image"
VERSIONS = ("v1", "v1beta")
PHOTO = photograph(64, 48)


@pytest.fixture(params=VERSIONS)
def ask(request: pytest.FixtureRequest, wire: Wire) -> Callable[..., Any]:
    async def asked(prompt: str = "A cup", photographs: int = 0, key: str = "key_test", **config: Any) -> Any:
        options = types.HttpOptions(base_url=wire.url, api_version=request.param)
        image = types.ImageConfig(
            aspect_ratio=config.pop("aspect_ratio", "16:9"), image_size=config.pop("image_size", "1K")
        )
        parts = [types.Part.from_bytes(data=PHOTO, mime_type="image/jpeg") for _ in range(photographs)]
        with genai.Client(api_key=key, http_options=options) as client:
            return await asyncio.to_thread(
                client.models.generate_content,
                model=config.pop("model", MODEL),
                contents=[prompt, *parts],
                config=types.GenerateContentConfig(
                    response_modalities=["TEXT", "IMAGE"], image_config=image, **config
                ),
            )

    return asked


async def test_a_picture_of_fourteen_photographs(ask: Callable[..., Any], wire: Wire) -> None:
    answer = await ask(photographs=14, aspect_ratio="21:9", image_size="4K", seed=-(2**31))
    (content,) = [part.inline_data.data for part in answer.parts if part.inline_data and not part.thought]
    with Image.open(io.BytesIO(content)) as opened:
        assert opened.size == (6336, 2688)
    assert answer.response_id
    tally = await wire.tally()
    assert (tally["creates"], tally["accepted"]) == (1, 1)


@pytest.mark.parametrize(
    ("wrong", "code", "says"),
    [
        ({"photographs": 15}, 400, "at most 14"),
        ({"image_size": "8K"}, 400, "image_size"),
        ({"image_size": "4k"}, 400, "image_size"),
        ({"aspect_ratio": "1:8"}, 400, "aspect_ratio"),
        ({"prompt": " "}, 400, "text"),
        ({"seed": 2**31}, 400, "INT32"),
        ({"model": "gemini-3-pro-image-preview"}, 404, "not found"),
    ],
)
async def test_refusals(
    ask: Callable[..., Any], wire: Wire, wrong: dict[str, Any], code: int, says: str
) -> None:
    with pytest.raises(errors.ClientError) as raised:
        await ask(**wrong)
    assert raised.value.code == code
    assert says in str(raised.value.message)
    assert (await wire.tally())["accepted"] == 0


async def test_a_bad_key_and_none(ask: Callable[..., Any], wire: Wire) -> None:
    bare = await wire.http.post(f"/v1/models/{MODEL}:generateContent", json={})
    assert (bare.status_code, bare.json()["error"]["status"]) == (403, "PERMISSION_DENIED")
    await wire.knobs(keys_refused=True)
    with pytest.raises(errors.ClientError) as raised:
        await ask()
    assert (raised.value.code, raised.value.status) == (400, "INVALID_ARGUMENT")
    assert "API_KEY_INVALID" in str(raised.value.details)


async def test_a_blocked_prompt_is_no_error(ask: Callable[..., Any], wire: Wire) -> None:
    await wire.knobs(moderated_words=["forbidden"])
    answer = await ask("Something forbidden")
    assert answer.candidates is None
    assert answer.prompt_feedback.block_reason.name == "PROHIBITED_CONTENT"


async def test_an_end_without_a_picture(ask: Callable[..., Any], wire: Wire) -> None:
    await wire.knobs(fail_next=2, fail_code="NO_IMAGE")
    assert (await ask()).candidates[0].finish_reason.name == "NO_IMAGE"
    await wire.knobs(fail_code="INTERNAL.BAD_OUTPUT.CODE01")
    assert (await ask()).candidates[0].finish_reason.name == "IMAGE_SAFETY"


@pytest.mark.parametrize("status", [429, 500, 503, 504])
async def test_trouble(ask: Callable[..., Any], wire: Wire, status: int) -> None:
    await wire.knobs(refuse_next=1, refuse_status=status)
    with pytest.raises(errors.APIError) as raised:
        await ask()
    assert raised.value.code == status
    assert (await wire.tally())["creates"] == 1


async def test_both_spellings_and_unknown_names(opened: Open) -> None:
    one = await opened()
    one.http.headers["x-goog-api-key"] = "key_test"
    path = f"/v1beta/models/{MODEL}:generateContent"
    body: dict[str, Any] = {
        "contents": [{"parts": [{"text": "A cup"}]}],
        "generation_config": {"image_config": {"aspect_ratio": "1:1", "image_size": "1K"}},
    }
    assert (await one.http.post(path, json=body)).status_code == 200
    body["generation_config"]["size"] = "big"
    answer = await one.http.post(path, json=body)
    assert answer.status_code == 400
    assert 'Unknown name "size"' in answer.json()["error"]["message"]


def test_the_table_of_pixels() -> None:
    assert (len(PIXELS), len(SIZES)) == (10, 3)
    assert PIXELS["21:9"][2] == (6336, 2688)
    for sizes in PIXELS.values():
        (width, height) = sizes[0]
        assert sizes[1:] == ((2 * width, 2 * height), (4 * width, 4 * height))
