"""A sandbox of its own for each test; its painter takes no time unless the test wants the real one."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from PIL import Image

from app.sandbox.knobs import Knobs
from app.sandbox.order import Order
from app.sandbox.server import Sandbox, serve

HERE = Path(__file__).parent
PHOTOGRAPHS = HERE.parents[2] / "resources" / "examples" / "refs"
SCHEMA = json.loads((HERE / "data" / "runway_text_to_image.schema.json").read_text("utf-8"))
HEADERS = {"Authorization": "Bearer key_test", "X-Runway-Version": "2024-11-06"}
BODY: dict[str, Any] = {"model": "gen4_image", "promptText": "A cup", "ratio": "1280:720", "seed": 7}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "node: runs the official JavaScript SDK; needs Node and npm")


def flat_picture(order: Order) -> bytes:
    """The right pixels in one colour, at once."""
    out = io.BytesIO()
    red, green, blue = order.digest()[:3]
    Image.new("RGB", (order.width, order.height), (red, green, blue)).save(out, "PNG")
    return out.getvalue()


def photograph(width: int, height: int, form: str = "JPEG", mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.radial_gradient("L").resize((width, height)).convert(mode).save(out, form)
    return out.getvalue()


def assert_valid(name: str, value: object) -> None:
    """`value` is what the vendor's schema calls `name`."""
    Draft202012Validator(
        {"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    ).validate(value)


@dataclass(slots=True)
class Wire:
    """A sandbox and a client that speaks to it with a key and the version."""

    sandbox: Sandbox
    http: httpx.AsyncClient

    @property
    def url(self) -> str:
        return self.sandbox.url

    async def knobs(self, **patch: object) -> dict[str, Any]:
        answer = await self.http.post("/_sandbox/knobs", json=patch)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def tally(self) -> dict[str, Any]:
        told: dict[str, Any] = (await self.http.get("/_sandbox/tally")).json()
        return told

    async def create(self, **changes: object) -> httpx.Response:
        body = {name: value for name, value in (BODY | changes).items() if value is not ...}
        return await self.http.post("/v1/text_to_image", json=body)

    async def made(self, **changes: object) -> str:
        answer = await self.create(**changes)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    async def task(self, task_id: str) -> dict[str, Any]:
        answer = await self.http.get(f"/v1/tasks/{task_id}")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        assert_valid("Task", told)
        return told

    async def ended(self, task_id: str) -> dict[str, Any]:
        for _ in range(4000):
            told = await self.task(task_id)
            if told["status"] not in ("THROTTLED", "PENDING", "RUNNING"):
                return told
            await asyncio.sleep(0.005)
        raise AssertionError(f"task {task_id} never ended: {told}")

    async def picture(self, task_id: str) -> httpx.Response:
        told = await self.ended(task_id)
        async with httpx.AsyncClient() as anyone:
            return await anyone.get(told["output"][0])

    async def begin(self, filename: str = "cup.jpg") -> dict[str, Any]:
        answer = await self.http.post("/v1/uploads", json={"filename": filename, "type": "ephemeral"})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        assert_valid("UploadCreated", told)
        return told

    async def upload(self, content: bytes, filename: str = "cup.jpg") -> str:
        begun = await self.begin(filename)
        async with httpx.AsyncClient() as anyone:
            answer = await anyone.post(
                begun["uploadUrl"], data=begun["fields"], files={"file": (filename, content)}
            )
        assert answer.status_code == 204, answer.text
        return str(begun["runwayUri"])


Open = Callable[..., Awaitable[Wire]]


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    """`await opened(seconds=…, paint=…)` gives a Wire; all are closed at the end."""
    wires: list[Wire] = []

    async def make(paint: Callable[[Order], bytes] = flat_picture, **knobs: Any) -> Wire:
        sandbox = await serve(knobs=Knobs(**({"seconds": 0.0} | knobs)), paint=paint)
        wires.append(Wire(sandbox, httpx.AsyncClient(base_url=sandbox.url, headers=HEADERS, timeout=20)))
        return wires[-1]

    yield make
    for wire in wires:
        await wire.http.aclose()
        await wire.sandbox.close()


@pytest.fixture
async def wire(opened: Open) -> Wire:
    return await opened()
