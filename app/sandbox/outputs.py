"""Finished pictures at signed addresses, as a delivery network serves them: no key, a fixed end."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import math
import time
from pathlib import Path

from aiohttp import web

from app.sandbox.stage import Stage, cut

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"RIFF", "image/webp"),
    (b"GIF8", "image/gif"),
)
_SORRY = "<html><head><title>Please log in</title></head><body><h1>Welcome to this network</h1></body></html>"


def output_address(stage: Stage, task_id: str, *, most: float = math.inf) -> str:
    """A fresh address for a task's picture, good for the `output_seconds` knob, `most` seconds at most."""
    ends = int((time.time() + min(stage.knobs.output_seconds, most)) * 1000)
    told = f"{stage.epoch}.{ends}"
    host = min(stage.hosts)
    task = stage.tasks.find(task_id)
    ending = task.order.form if task is not None else "png"
    return f"http://{host}/_outputs/{task_id}.{ending}?_jwt={told}.{_signature(stage, task_id, told)}"


def routes(stage: Stage) -> list[web.AbstractRouteDef]:
    async def download(request: web.Request) -> web.StreamResponse:
        stage.tally.downloads += request.method == "GET"
        stage.tally.keys_leaked += any(name in request.headers for name in ("Authorization", "x-key"))
        task = stage.tasks.find(request.match_info["task"])
        if task is None or not _good(stage, task.id, request.query.get("_jwt", "")):
            page = "<Error><Code>AccessDenied</Code><Message>Access denied</Message></Error>"
            return web.Response(status=403, text=page, content_type="application/xml")
        return await _served(stage, request, await stage.easel.picture(task.order))

    return [web.get("/_outputs/{task}.{ending:png|jpeg|webp}", download)]


async def _served(stage: Stage, request: web.Request, path: Path) -> web.StreamResponse:
    if stage.board.take("html_downloads_next"):
        return web.Response(text=_SORRY, content_type="text/html")
    if stage.board.take("cut_downloads_next"):
        return await _half(request, await asyncio.to_thread(path.read_bytes))
    mime = _mime(await asyncio.to_thread(_first_bytes, path))
    if stage.board.take("wrong_type_next"):
        mime = "application/octet-stream"
    return web.FileResponse(path, headers={"Content-Type": mime, "Cache-Control": "private"})


async def _half(request: web.Request, content: bytes) -> web.StreamResponse:
    response = web.StreamResponse()
    response.content_type = _mime(content)
    response.content_length = len(content)
    await response.prepare(request)
    await response.write(content[: len(content) // 2])
    await asyncio.sleep(0.05)  # an abort drops what the kernel has not sent; let the half arrive
    cut(request)
    return response


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(16)


def _mime(content: bytes) -> str:
    return next((mime for magic, mime in _MAGIC if content.startswith(magic)), "application/octet-stream")


def _good(stage: Stage, task_id: str, token: str) -> bool:
    told, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(stage, task_id, told).encode()):
        return False
    epoch, _, ends = told.partition(".")
    return int(epoch) == stage.epoch and time.time() * 1000 < int(ends)


def _signature(stage: Stage, task_id: str, told: str) -> str:
    seal = hmac.new(stage.secret, f"{task_id}.{told}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(seal).decode().rstrip("=")
