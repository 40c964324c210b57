"""A small Runway on loopback that keeps all it was sent: create bodies and the bytes of every upload.

It answers as Runway's contract says where all goes well; the sandbox is where refusals are tested. With a key
in `RUNWAYML_API_SECRET` and `RUNWAYML_BASE_URL` at `Capturing.url`, the program takes it for the paid one.
"""

from __future__ import annotations

import asyncio
import io
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from PIL import Image

KEY = "key_0123456789abcdef"
VERSION = "2024-11-06"


@dataclass(frozen=True, slots=True)
class Sent:
    """One reference of a create as it arrived: its tag, and the bytes that its address stands for."""

    tag: str
    data: bytes

    def picture(self) -> Image.Image:
        image = Image.open(io.BytesIO(self.data))
        image.load()
        return image


@dataclass(slots=True)
class Capturing:
    """`seconds` is how long a task runs; `holding` keeps every task running until it is cleared."""

    url: str = ""
    seconds: float = 0.0
    holding: bool = False
    creates: list[dict[str, Any]] = field(default_factory=list)
    uploads: dict[str, bytes] = field(default_factory=dict)
    filenames: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """What did not keep to the contract, in words; a test asserts that this is empty."""
    _tasks: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        return {"RUNWAYML_API_SECRET": KEY, "RUNWAYML_BASE_URL": self.url}

    def references(self, create: int = -1) -> list[Sent]:
        """What the create with this number showed, in order."""
        return [
            Sent(one.get("tag", ""), self.uploads[one["uri"]])
            for one in self.creates[create].get("referenceImages", [])
        ]

    # --- the contract ----------------------------------------------------------------------------

    @web.middleware
    async def watch(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.requests.append(f"{request.method} {request.path}")
        if request.path.startswith("/v1/"):
            if request.headers.get("Authorization") != f"Bearer {KEY}":
                return self._refuse(401, "another key")
            if request.headers.get("X-Runway-Version") != VERSION:
                return self._refuse(400, "another version")
        elif "Authorization" in request.headers:
            return self._refuse(400, f"the key was sent to {request.path}")
        answer: web.StreamResponse = await handler(request)
        return answer

    async def begin(self, request: web.Request) -> web.Response:
        body = await request.json()
        uri = f"runway://{uuid.uuid4()}"
        self.filenames.append(body["filename"])
        return web.json_response(
            {"uploadUrl": f"{self.url}/store", "fields": {"key": uri, "policy": "p"}, "runwayUri": uri}
        )

    async def store(self, request: web.Request) -> web.Response:
        if request.content_length is None:
            return self._refuse(411, "an upload without its length")
        form = await request.post()
        file = form["file"]
        if not isinstance(file, web.FileField) or list(form)[-1] != "file":
            return self._refuse(400, "a form whose last field is not the file")
        self.uploads[str(form["key"])] = file.file.read()
        file.file.close()
        return web.Response(status=204)

    async def create(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.creates.append(body)
        task = str(uuid.uuid4())
        self._tasks[task] = (time.monotonic(), body)
        return web.json_response({"id": task, "estimatedCost": {"credits": _credits(body)}})

    async def look(self, request: web.Request) -> web.Response:
        task = request.match_info["task"]
        if task not in self._tasks:
            return web.json_response({"error": "Could not find Task"}, status=404)
        begun, body = self._tasks[task]
        told: dict[str, Any] = {"id": task, "createdAt": "2026-11-23T10:00:00.000Z"}
        if self.holding or time.monotonic() - begun < self.seconds:
            told |= {"status": "RUNNING", "progress": 0.5, "estimatedCost": {"credits": _credits(body)}}
        else:
            output = [f"{self.url}/out/{task}.png"]
            told |= {"status": "SUCCEEDED", "output": output, "cost": {"credits": _credits(body)}}
        return web.json_response(told)

    async def delete(self, request: web.Request) -> web.Response:
        self.deleted.append(request.match_info["task"])
        self._tasks.pop(request.match_info["task"], None)
        return web.Response(status=204)

    async def output(self, request: web.Request) -> web.Response:
        _, body = self._tasks[request.match_info["task"]]
        width, height = (int(side) for side in body["ratio"].split(":"))
        seed = int(body.get("seed", 0))
        out = io.BytesIO()
        Image.new("RGB", (width, height), (seed % 251, seed // 251 % 251, 90)).save(out, "PNG")
        return web.Response(body=out.getvalue(), content_type="image/png")

    async def organization(self, request: web.Request) -> web.Response:
        return web.json_response(
            {
                "creditBalance": 500,
                "tier": {"maxMonthlyCreditSpend": 1000, "models": {}},
                "usage": {"models": {}},
            }
        )

    def _refuse(self, status: int, why: str) -> web.Response:
        self.refused.append(why)
        return web.json_response({"error": why}, status=status)

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self.watch], client_max_size=64 * 1024 * 1024)
        application.add_routes(
            [
                web.post("/v1/uploads", self.begin),
                web.post("/store", self.store),
                web.post("/v1/text_to_image", self.create),
                web.get("/v1/tasks/{task}", self.look),
                web.delete("/v1/tasks/{task}", self.delete),
                web.get("/v1/organization", self.organization),
                web.get("/out/{task}.png", self.output),
            ]
        )
        return application


@contextmanager
def capturing(seconds: float = 0.0) -> Iterator[Capturing]:
    """A server that answers until the block ends. It lives in a thread, so that tests may block."""
    server = Capturing(seconds=seconds)
    ready, ended = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await ended.wait()
        await runner.cleanup()

    def work() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=work, name="capturing")
    thread.start()
    if not ready.wait(10):
        raise TimeoutError("the capturing server did not start")
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()


def _credits(body: dict[str, Any]) -> int:
    return 8 if str(1080) in body["ratio"] or body["ratio"] == "2112:912" else 5
