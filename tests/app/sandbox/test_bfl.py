"""BFL's contract at the sandbox: every answer by the published schema, every refusal as FastAPI gives it."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from PIL import Image

from app.sandbox.knobs import Knobs
from app.sandbox.server import Sandbox, serve
from tests.app.sandbox.conftest import flat_picture, photograph
from tests.support.bfl_schema import assert_valid

KEY = {"x-key": "bfl_test"}
MEGA = photograph(1024, 1024)


class Wire:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.http = httpx.AsyncClient(base_url=sandbox.url, headers=KEY, timeout=20)

    async def create(self, **changes: object) -> httpx.Response:
        body = {"prompt": "A cup", "width": 1024, "height": 1024, "seed": 7} | changes
        return await self.http.post("/v1/flux-2-pro", json={k: v for k, v in body.items() if v is not ...})

    async def made(self, **changes: object) -> dict[str, Any]:
        answer = await self.create(**changes)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        assert_valid("AsyncResponse", told)
        return told

    async def ended(self, made: dict[str, Any]) -> dict[str, Any]:
        for _ in range(2000):
            answer = await self.http.get(made["polling_url"])
            assert answer.status_code == 200
            told: dict[str, Any] = answer.json()
            assert_valid("ResultResponse", told)
            assert set(told) == {"id", "status", "result", "progress", "details", "preview"}
            if told["status"] != "Pending":
                return told
            assert "Retry-After" in answer.headers
            await asyncio.sleep(0.005)
        raise AssertionError("it never ended")


Open = Callable[..., Awaitable[Wire]]


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    wires: list[Wire] = []

    async def make(**knobs: Any) -> Wire:
        wires.append(Wire(await serve(knobs=Knobs(**({"seconds": 0.0} | knobs)), paint=flat_picture)))
        return wires[-1]

    yield make
    for wire in wires:
        await wire.http.aclose()
        await wire.sandbox.close()


def inline(content: bytes = MEGA) -> str:
    return base64.b64encode(content).decode()


async def test_the_price_of_the_recorded_request(opened: Open) -> None:
    """256 × 256 without references: cost 3.0, input_mp 0.0, output_mp 0.06, as recorded 2025-12-17."""
    wire = await opened()
    made = await wire.made(width=256, height=256)
    assert (made["cost"], made["input_mp"], made["output_mp"]) == (3.0, 0.0, 0.06)
    assert made["polling_url"] == f"{wire.sandbox.url}/v1/get_result?id={made['id']}"


async def test_at_the_models_limits(opened: Open) -> None:
    wire = await opened()
    names = ["input_image", *(f"input_image_{number}" for number in range(2, 9))]
    made = await wire.made(width=2048, height=2048, **dict.fromkeys(names, inline()))
    assert (made["cost"], made["input_mp"], made["output_mp"]) == (19.5, 8.0, 4.0)
    told = await wire.ended(made)
    assert told["status"] == "Ready"
    assert (told["result"]["seed"], told["result"]["prompt"]) == (7, "A cup")
    async with httpx.AsyncClient() as anyone:
        picture = Image.open(io.BytesIO((await anyone.get(told["result"]["sample"])).content))
    assert (picture.size, picture.format) == ((2048, 2048), "JPEG")  # the vendor's own default
    assert (await wire.http.get("/v1/credits")).json() == {"credits": 1_000_000 - 19.5}


@pytest.mark.parametrize("form", ["png", "webp", "jpeg"])
async def test_the_file_type_that_was_asked_for(opened: Open, form: str) -> None:
    wire = await opened()
    told = await wire.ended(await wire.made(output_format=form))
    async with httpx.AsyncClient() as anyone:
        picture = Image.open(io.BytesIO((await anyone.get(told["result"]["sample"])).content))
    assert picture.format == form.upper()


@pytest.mark.parametrize(
    ("changes", "field", "kind"),
    [
        ({"prompt": ...}, "prompt", "missing"),
        ({"prompt": 7}, "prompt", "string_type"),
        ({"prompt": " "}, "prompt", "string_too_short"),
        ({"width": 1000}, "width", "multiple_of"),
        ({"width": 48}, "width", "greater_than_equal"),
        ({"width": 0}, "width", "greater_than_equal"),
        ({"height": "1024"}, "height", "int_type"),
        ({"width": 2064, "height": 2048}, "width", "value_error"),
        ({"width": 1024, "height": ...}, "width", "value_error"),
        ({"seed": 1.5}, "seed", "int_type"),
        ({"seed": True}, "seed", "int_type"),
        ({"safety_tolerance": 6}, "safety_tolerance", "less_than_equal"),
        ({"safety_tolerance": -1}, "safety_tolerance", "greater_than_equal"),
        ({"safety_tolerance": None}, "safety_tolerance", "int_type"),
        ({"output_format": "gif"}, "output_format", "enum"),
        ({"aspect_ratio": "16:9"}, "aspect_ratio", "extra_forbidden"),
        ({"prompt_upsampling": True}, "prompt_upsampling", "extra_forbidden"),
        ({"input_image_9": "aGk="}, "input_image_9", "extra_forbidden"),
        ({"input_image": ["aGk="]}, "input_image", "string_type"),
        ({"input_image": "not base64!"}, "input_image", "value_error"),
        ({"input_image_2": inline(b"no picture")}, "input_image_2", "value_error"),
        ({"input_image": inline(photograph(63, 80))}, "input_image", "value_error"),
        ({"input_image": inline(photograph(80, 80, "GIF"))}, "input_image", "value_error"),
    ],
)
async def test_a_field_that_is_wrong(opened: Open, changes: dict[str, object], field: str, kind: str) -> None:
    wire = await opened()
    answer = await wire.create(**changes)
    assert answer.status_code == 422, answer.text
    assert_valid("HTTPValidationError", answer.json())
    assert [(one["loc"], one["type"]) for one in answer.json()["detail"]] == [(["body", field], kind)]
    assert wire.sandbox.stage.tally.accepted == 0


async def test_null_is_as_good_as_nothing(opened: Open) -> None:
    wire = await opened()
    nothing = dict.fromkeys(("seed", "width", "height", "input_image", "output_format", "webhook_url"))
    assert (await wire.made(**nothing))["output_mp"] == 1.0


async def test_without_a_size_the_picture_follows_the_first_reference(opened: Open) -> None:
    wire = await opened()
    made = await wire.made(width=..., height=..., input_image=inline(photograph(640, 330)))
    told = await wire.ended(made)
    async with httpx.AsyncClient() as anyone:
        picture = Image.open(io.BytesIO((await anyone.get(told["result"]["sample"])).content))
    assert picture.size == (640, 320)


async def test_keys(opened: Open) -> None:
    wire = await opened(keys_refused=True)
    refused = await wire.create()
    assert (refused.status_code, refused.json()) == (
        403,
        {"detail": "Not authenticated - Invalid Authentication"},
    )
    missing = await wire.http.get("/v1/credits", headers={"x-key": ""})
    assert (missing.status_code, missing.json()) == (403, {"detail": "Not authenticated"})


async def test_what_is_not_there(opened: Open) -> None:
    wire = await opened()
    other = await wire.http.post("/v1/flux-9", json={"prompt": "A cup"})
    assert (other.status_code, other.json()) == (404, {"detail": "Not Found"})
    told = (await wire.http.get("/v1/get_result", params={"id": "nobody"})).json()
    assert_valid("ResultResponse", told)
    assert told["status"] == "Task not found"


async def test_no_more_than_24_at_once(opened: Open) -> None:
    wire = await opened(seconds=60, retry_after=9)
    for seed in range(24):
        await wire.made(seed=seed)
    answer = await wire.create(seed=24)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "9")


async def test_without_credits(opened: Open) -> None:
    wire = await opened(credit_balance=4)
    await wire.made()
    assert (await wire.create()).status_code == 402


async def test_moderation_and_errors(opened: Open) -> None:
    wire = await opened(moderated_words=("weapon",))
    told = await wire.ended(await wire.made(prompt="A weapon"))
    assert (told["status"], told["details"]) == (
        "Request Moderated",
        {"Moderation Reasons": ["Derivative Works Filter"]},
    )
    wire.sandbox.stage.board.turn({"fail_next": 1, "fail_code": "Content Moderated"})
    assert (await wire.ended(await wire.made()))["status"] == "Content Moderated"
    wire.sandbox.stage.board.turn({"fail_next": 1, "fail_code": None})
    assert (await wire.ended(await wire.made()))["status"] == "Error"
    assert wire.sandbox.stage.account.spent == 0


async def test_broken_json(opened: Open) -> None:
    wire = await opened()
    answer = await wire.http.post(
        "/v1/flux-2-pro", content=b'{"prompt":', headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert_valid("HTTPValidationError", answer.json())
