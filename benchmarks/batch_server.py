"""A server as small as Runway's contract allows, in a process of its own, for measuring clients.

`python -m benchmarks.batch_server SECONDS [SIDE]` prints its address as JSON, then serves until its input
ends. Each task takes SECONDS and answers one fixed picture of SIDE² px (912, about 2.5 MB, if
not said); `GET /count` says what was received.
"""

from __future__ import annotations

import asyncio
import io
import json
import random
import struct
import sys
import time
import uuid
import zlib

from aiohttp import web
from PIL import Image

SIDE = 912
COST = 8


def picture(side: int) -> bytes:
    """A PNG that does not compress: at 912 as heavy as a real one of 1080p."""
    noise = random.Random(1).randbytes(side * side * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), noise).save(out, "PNG", compress_level=1)
    return out.getvalue()


class Server:
    def __init__(self, seconds: float, side: int = SIDE) -> None:
        self._seconds = seconds
        whole = picture(side)
        # Before the last chunk goes a comment of its own, so that no two pictures are the same.
        self._front, self._end = whole[:-12], whole[-12:]
        self._made: dict[str, float] = {}
        self._url = ""
        self.received = 0
        self.creates = 0
        self.looks = 0
        self.late: list[float] = []
        self._told: set[str] = set()

    async def serve(self) -> None:
        app = web.Application(client_max_size=1 << 28, middlewares=[self._counted])
        app.add_routes(
            [
                web.post("/v1/text_to_image", self._create),
                web.get("/v1/tasks/{id}", self._task),
                web.post("/v1/uploads", self._upload),
                web.post("/store", self._store),
                web.get("/picture/{id}", self._fetch),
                web.get("/count", self._count),
            ]
        )
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=256)
        await site.start()
        self._url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        print(json.dumps({"url": self._url, "picture": len(self._front)}), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        await runner.cleanup()

    @web.middleware
    async def _counted(self, request: web.Request, handler: web.RequestHandler) -> web.StreamResponse:
        body = await request.read()
        self.received += len(body) + sum(len(key) + len(value) + 4 for key, value in request.raw_headers)
        return await handler(request)

    async def _create(self, request: web.Request) -> web.Response:
        self.creates += 1
        id = str(uuid.uuid4())
        self._made[id] = time.monotonic()
        return web.json_response({"id": id, "estimatedCost": {"credits": COST}})

    async def _task(self, request: web.Request) -> web.Response:
        self.looks += 1
        id = request.match_info["id"]
        age = time.monotonic() - self._made[id]
        told = {"id": id, "createdAt": "2026-11-23T12:00:00.000Z"}
        if age < self._seconds:
            running = {"status": "RUNNING", "progress": age / self._seconds}
            return web.json_response({**told, **running, "estimatedCost": {"credits": COST}})
        if id not in self._told:
            self._told.add(id)
            self.late.append(age - self._seconds)
        done = {"status": "SUCCEEDED", "output": [f"{self._url}/picture/{id}?_jwt=x"]}
        return web.json_response({**told, **done, "cost": {"credits": COST}})

    async def _upload(self, request: web.Request) -> web.Response:
        uri = f"runway://{uuid.uuid4()}"
        return web.json_response({"uploadUrl": f"{self._url}/store", "fields": {"a": "b"}, "runwayUri": uri})

    async def _store(self, request: web.Request) -> web.Response:
        return web.Response(status=204)

    async def _fetch(self, request: web.Request) -> web.Response:
        comment = b"tEXtComment\0" + request.match_info["id"].encode()
        chunk = struct.pack(">I", len(comment) - 4) + comment + struct.pack(">I", zlib.crc32(comment))
        return web.Response(body=b"".join((self._front, chunk, self._end)), content_type="image/png")

    async def _count(self, request: web.Request) -> web.Response:
        return web.json_response(
            {
                "received": self.received,
                "creates": self.creates,
                "looks": self.looks,
                "late": sum(self.late) / len(self.late) if self.late else 0.0,
            }
        )


if __name__ == "__main__":
    asyncio.run(Server(float(sys.argv[1]), *map(int, sys.argv[2:3])).serve())
