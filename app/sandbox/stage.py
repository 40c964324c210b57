"""What the contracts of all vendors share: knobs, counts, tasks, pictures, and how to answer or break off."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from app.sandbox.account import Account
from app.sandbox.assets import AssetShelf
from app.sandbox.easel import Easel
from app.sandbox.knobs import KnobBoard, Knobs
from app.sandbox.order import Order
from app.sandbox.tally import Tally
from app.sandbox.tasks import TaskBook
from app.sandbox.uploads import UploadShelf

LARGEST_JSON = 32 * 1024 * 1024
_BIG_JSON = 256 * 1024


class BadJson(Exception):
    """The body is not JSON, or is too large; `status` says which."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(slots=True, kw_only=True)
class Stage:
    """`hosts` are the names under which this server may be called; filled once its port is known."""

    board: KnobBoard
    tally: Tally
    account: Account
    assets: AssetShelf
    uploads: UploadShelf
    easel: Easel
    tasks: TaskBook
    secret: bytes
    hosts: frozenset[str] = frozenset()
    epoch: int = 0
    """Raised to make every output address given out so far expire."""

    @property
    def knobs(self) -> Knobs:
        return self.board.now

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def close(self) -> None:
        await self.tasks.close()
        await asyncio.to_thread(self.easel.close)


def build_stage(folder: Path, knobs: Knobs, paint: Callable[[Order], bytes]) -> Stage:
    """Everything in `folder`, which the caller makes and removes. Needs a running loop."""
    loop = asyncio.get_running_loop()
    board, tally = KnobBoard(knobs), Tally()
    account = Account(lambda: datetime.now(UTC))
    easel = Easel(folder / "outputs", board, tally, paint)
    return Stage(
        board=board,
        tally=tally,
        account=account,
        assets=AssetShelf(folder / "assets"),
        uploads=UploadShelf(folder / "uploads", loop.time),
        easel=easel,
        tasks=TaskBook(board, tally, account, easel.picture),
        secret=secrets.token_bytes(32),
    )


async def read_json(request: web.Request, tally: Tally, most: int = LARGEST_JSON) -> object:
    """The body of at most `most` bytes; what is not JSON by its Content-Type counts as an empty object, as it
    does there."""
    raw = await _read(request, tally, most)
    if request.content_type != "application/json":
        return {}
    try:
        if len(raw) > _BIG_JSON:
            return await asyncio.to_thread(_parsed, raw)
        return _parsed(raw)
    except (ValueError, RecursionError) as wrong:
        raise BadJson(400, "Invalid JSON in request body") from wrong


async def _read(request: web.Request, tally: Tally, most: int) -> bytes:
    arrived = bytearray()
    async for chunk in request.content.iter_any():
        tally.bytes_received += len(chunk)
        arrived += chunk
        if len(arrived) > most:
            raise BadJson(413, "Request body is too large")
    return bytes(arrived)


def _parsed(raw: bytes) -> object:
    return json.loads(raw.decode("utf-8"), parse_constant=_no_constant)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def cut(request: web.Request) -> web.Response:
    """Break the connection off; what is returned never arrives."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def proxy_page(status: int) -> web.Response:
    """What a gateway in front of a vendor answers when the vendor does not."""
    reason = web.Response(status=status).reason
    page = (
        f"<html><head><title>{status} {reason}</title></head><body><h1>{status} {reason}</h1></body></html>"
    )
    return web.Response(status=status, text=page, content_type="text/html")
