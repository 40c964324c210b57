"""`python -m tests.support.counting`: a Runway, a BFL and a Google in a process of their own
that count what was bought.

It outlives every worker that is killed, speaks their contracts quickly, and answers a create some
milliseconds after it has taken it, so that answers can be lost. Its first line on stdout is
`{"url": "http://127.0.0.1:PORT"}`; `GET /_truth` gives what it has taken, for tests alone.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import random
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from PIL import Image

KEY = "key_c0unt1ngserver0123456789"
TASK_SECONDS = 0.05
LATEST_ANSWER = 0.03
"""Seconds from taking a create to the latest answer."""
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A create that was taken, and so is billed."""

    id: str
    prompt: str
    seed: int | None


class Counting:
    def __init__(self) -> None:
        self.url = ""
        self._taken: list[Taken] = []
        self._done: dict[str, float] = {}
        self._dice = random.Random(1)

    def application(self) -> web.Application:
        application = web.Application()
        application.add_routes(
            [
                web.post("/v1/text_to_image", self.create),
                web.post("/v1/models/{model}:generateContent", self.generate),
                web.post("/v1/flux-2-pro", self.create_flux),
                web.get("/v1/tasks/{task}", self.look),
                web.get("/v1/get_result", self.look_flux),
                web.delete("/v1/tasks/{task}", self.delete),
                web.get("/out/{task}.png", self.output),
                web.get("/_truth", self.truth),
            ]
        )
        return application

    async def create(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return web.json_response({"error": "another key"}, status=401)
        body = await request.json()
        one = await self._take(body["promptText"], body.get("seed"))
        return web.json_response({"id": one.id, "estimatedCost": {"credits": 8}})

    async def create_flux(self, request: web.Request) -> web.Response:
        if request.headers.get("x-key") != KEY:
            return web.json_response({"detail": "Not authenticated"}, status=403)
        body = await request.json()
        one = await self._take(body["prompt"], body.get("seed"))
        polling = f"{self.url}/v1/get_result?id={one.id}"
        return web.json_response({"id": one.id, "polling_url": polling, "cost": 4.5})

    async def _take(self, prompt: str, seed: int | None) -> Taken:
        one = Taken(id=str(uuid.uuid4()), prompt=prompt, seed=seed)
        self._taken.append(one)
        self._done[one.id] = time.monotonic() + TASK_SECONDS
        await asyncio.sleep(self._dice.uniform(0, LATEST_ANSWER))
        return one

    async def generate(self, request: web.Request) -> web.Response:
        """Google's: the picture is in the answer, and there is no other way to it."""
        if request.headers.get("x-goog-api-key") != KEY:
            return web.json_response({"error": {"code": 403, "status": "PERMISSION_DENIED"}}, status=403)
        body = await request.json()
        prompt, seed = body["contents"][0]["parts"][0]["text"], body["generationConfig"].get("seed")
        one = Taken(id=str(uuid.uuid4()), prompt=prompt, seed=seed)
        self._taken.append(one)
        await asyncio.sleep(TASK_SECONDS + self._dice.uniform(0, LATEST_ANSWER))
        part = {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(picture(one.id)).decode()}}
        candidate = {"content": {"role": "model", "parts": [part]}, "finishReason": "STOP"}
        return web.json_response({"candidates": [candidate], "responseId": one.id})

    async def look(self, request: web.Request) -> web.Response:
        task = request.match_info["task"]
        if task not in self._done:
            return web.json_response({"error": "Could not find Task"}, status=404)
        told: dict[str, Any] = {"id": task, "createdAt": "2026-11-23T10:00:00.000Z"}
        if time.monotonic() < self._done[task]:
            told |= {"status": "RUNNING", "progress": 0.5}
        else:
            output = [f"{self.url}/out/{task}.png?_jwt=c0untingsignature"]
            told |= {"status": "SUCCEEDED", "output": output, "cost": {"credits": 8}}
        return web.json_response(told)

    async def look_flux(self, request: web.Request) -> web.Response:
        task = request.query["id"]
        if task not in self._done:
            return web.json_response({"id": task, "status": "Task not found"}, status=404)
        if time.monotonic() < self._done[task]:
            return web.json_response({"id": task, "status": "Pending"})
        result = {"sample": f"{self.url}/out/{task}.png?sig=c0untingsignature"}
        return web.json_response({"id": task, "status": "Ready", "result": result})

    async def delete(self, request: web.Request) -> web.Response:
        return web.Response(status=204)

    async def output(self, request: web.Request) -> web.Response:
        return web.Response(body=picture(request.match_info["task"]), content_type="image/png")

    async def truth(self, request: web.Request) -> web.Response:
        told = [{"id": one.id, "prompt": one.prompt, "seed": one.seed} for one in self._taken]
        return web.json_response(told)


def picture(task: str) -> bytes:
    """The picture of a task: its own, and of several pieces on the line."""
    pixels = random.Random(task).randbytes(96 * 54 * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (96, 54), pixels).save(out, "PNG", compress_level=1)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Counted:
    """The server as tests hold it."""

    url: str

    def environment(self) -> dict[str, str]:
        return {
            "RUNWAYML_API_SECRET": KEY,
            "RUNWAYML_BASE_URL": self.url,
            "BFL_API_KEY": KEY,
            "BFL_BASE_URL": self.url,
            "GEMINI_API_KEY": KEY,
            "GOOGLE_GEMINI_BASE_URL": self.url,
        }

    def taken(self) -> list[Taken]:
        """Every create that was taken since it started, oldest first."""
        with urllib.request.urlopen(f"{self.url}/_truth", timeout=30) as answer:
            return [Taken(**one) for one in json.load(answer)]


@contextmanager
def counting() -> Iterator[Counted]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.counting"],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield Counted(json.loads(process.stdout.readline())["url"])
    finally:
        process.terminate()
        process.communicate(timeout=30)


async def _serve() -> None:
    server = Counting()
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    print(json.dumps({"url": server.url}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
