"""One picture, its create taken by the vendor and its answer lost: how many tasks are paid for?

The official SDK and `tagloom run` ask the same counting server in the same run. A create is counted when its
whole body has arrived, as a vendor would bill it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from aiohttp import web
from runwayml import APIConnectionError, APIStatusError, AsyncRunwayML

from benchmarks.report import Report

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "resources" / "examples" / "first-run.tagloom"
CASES = ("connection cut", "502 once", "no answer in time, once")
SHORT = 1.0
"""Seconds that the SDK waits for an answer here, instead of its 60."""


class Vendor:
    """Takes every create; loses answers as `case` says."""

    def __init__(self, case: str) -> None:
        self.creates = 0
        self._case = case

    async def create(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        self.creates += 1
        first = self.creates == 1
        if self._case == "connection cut":
            transport = request.transport
            assert transport is not None
            sock: socket.socket = transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        elif self._case == "502 once" and first:
            return web.Response(status=502, text="<html>Bad gateway</html>", content_type="text/html")
        elif first:
            await asyncio.sleep(3 * SHORT)
        return web.json_response({"id": str(uuid.uuid4()), "estimatedCost": {"credits": 8}})

    async def upload(self, request: web.Request) -> web.Response:
        url = f"http://{request.host}/store"
        return web.json_response({"uploadUrl": url, "fields": {}, "runwayUri": f"runway://{uuid.uuid4()}"})

    async def store(self, request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=204)

    async def task(self, request: web.Request) -> web.Response:
        told = {"id": request.match_info["id"], "createdAt": "2026-11-25T12:00:00.000Z"}
        failed = {"status": "FAILED", "failure": "It was only counted.", "cost": {"credits": 0}}
        return web.json_response({**told, **failed})


@asynccontextmanager
async def vendor(case: str) -> AsyncIterator[tuple[Vendor, str]]:
    one = Vendor(case)
    app = web.Application(client_max_size=1 << 26)
    app.add_routes(
        [
            web.post("/v1/text_to_image", one.create),
            web.post("/v1/uploads", one.upload),
            web.post("/store", one.store),
            web.get("/v1/tasks/{id}", one.task),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield one, f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def by_sdk(case: str) -> int:
    async with vendor(case) as (counted, url):
        timeout = SHORT if case.startswith("no answer") else 60.0
        client = AsyncRunwayML(api_key="key_" + "0" * 128, base_url=url, timeout=timeout)
        with contextlib.suppress(APIConnectionError, APIStatusError):  # it is counted all the same
            await client.text_to_image.create(
                model="gen4_image", prompt_text="A shoe", ratio="1920:1080", seed=1
            )
        await client.close()
        return counted.creates


async def by_tagloom(case: str) -> tuple[int, int]:
    """Creates, and the exit code: 4 says that the answer was lost; then it is run again, as people do."""
    with tempfile.TemporaryDirectory(prefix="tagloom-bench-") as folder:
        async with vendor(case) as (counted, url):
            environment = {
                **os.environ, "TAGLOOM_HOME": folder, "RUNWAYML_API_SECRET": "key_bench",
                "RUNWAYML_BASE_URL": url, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            }  # fmt: skip
            words = ("-m", "app", "run", str(EXAMPLE), "-o", f"{folder}/out", "--yes", "--json")
            told, code = await _ran(words, environment)
            if code == 4:
                told, _ = await _ran(words, environment)
            if json.loads(told.splitlines()[-1])["event"] != "finished":
                raise AssertionError("the last event was not finished")
            return counted.creates, code


async def _ran(words: tuple[str, ...], environment: dict[str, str]) -> tuple[bytes, int]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    told, _ = await process.communicate()
    return told, process.returncode or 0


def run(report: Report) -> None:
    for case in CASES:
        theirs = asyncio.run(by_sdk(case))
        ours, code = asyncio.run(by_tagloom(case))
        report.add(
            f"paid tasks for one picture, {case}", float(ours), "creates",
            against=f"runwayml {version('runwayml')}, AsyncRunwayML as shipped", floor=float(theirs),
            target=1.0 / theirs, exit_code=code,
        )  # fmt: skip
