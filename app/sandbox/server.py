"""The sandbox as a server: one port on loopback, every vendor's contract at its own paths.

Nothing here ever speaks to another machine, and nobody but a program on this one is answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from app.basics.faults import BadInput, Where
from app.sandbox import bfl, byteplus, google, outputs, replicate, runway
from app.sandbox.knobs import Knobs, knobs_from_words
from app.sandbox.order import Order
from app.sandbox.painter import paint_draft
from app.sandbox.stage import LARGEST_JSON, BadJson, Stage, build_stage, read_json

HOST = "127.0.0.1"
_HEARD = 1.0
"""Seconds."""
CONTRACTS: tuple[Callable[[Stage], list[web.AbstractRouteDef]], ...] = (
    runway.routes,
    replicate.routes,
    bfl.routes,
    google.routes,
    byteplus.routes,
)
"""One file a vendor. A new vendor is its `routes` added here."""


@dataclass(slots=True, kw_only=True)
class Sandbox:
    """A server that answers. `close` frees the port and removes every file."""

    url: str
    stage: Stage
    _runner: web.AppRunner
    _folder: tempfile.TemporaryDirectory[str]

    async def close(self) -> None:
        await self._runner.cleanup()
        await self.stage.close()
        await asyncio.to_thread(self._folder.cleanup)


async def serve(
    port: int = 0,
    seconds: float | None = None,
    *,
    knobs: Knobs | None = None,
    paint: Callable[[Order], bytes] = paint_draft,
) -> Sandbox:
    """Listen on 127.0.0.1; port 0 takes a free one. `seconds` wins over the knob of that name."""
    start = knobs or Knobs()
    if seconds is not None:
        start = msgspec.structs.replace(start, seconds=float(seconds))
    folder = tempfile.TemporaryDirectory(prefix="tagloom-sandbox-", ignore_cleanup_errors=True)
    stage = build_stage(Path(folder.name), start, paint)
    runner = web.AppRunner(_application(stage), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    sandbox = Sandbox(url="", stage=stage, _runner=runner, _folder=folder)
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError as trouble:
        await sandbox.close()
        raise BadInput(
            f"The sandbox cannot listen on port {port}: {trouble.strerror or trouble}.",
            advice="Choose another port, or 0 for any free one.",
            code="sandbox.port",
            where=Where(parameter="port"),
        ) from trouble
    bound = runner.addresses[0][1]
    stage.hosts = frozenset({f"{HOST}:{bound}", f"localhost:{bound}"})
    sandbox.url = f"http://{HOST}:{bound}"
    return sandbox


def _application(stage: Stage) -> web.Application:
    application = web.Application(middlewares=[_heard_out, _gate(stage)], client_max_size=LARGEST_JSON)
    for routes in (*CONTRACTS, outputs.routes, _control):
        application.add_routes(routes(stage))
    return application


@web.middleware
async def _heard_out(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The rest of a body is heard before its refusal, as the gateways of vendors do; not for ever."""
    answer = await handler(request)
    with contextlib.suppress(TimeoutError, ConnectionError, web.RequestPayloadError):
        async with asyncio.timeout(_HEARD):
            await request.release()
    return answer


def _gate(stage: Stage) -> Middleware:
    """Only our own address and no foreign site: a web page must not reach us through DNS or a form."""

    @web.middleware
    async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
        stage.tally.requests += 1
        if request.headers.get("Host", "").lower() not in stage.hosts:
            return web.json_response({"error": "This host name is not served here."}, status=403)
        origin = request.headers.get("Origin")
        if origin is not None and origin.removeprefix("http://").lower() not in stage.hosts:
            return web.json_response({"error": "Requests from web sites are not answered."}, status=403)
        if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            return web.json_response({"error": "Requests from web sites are not answered."}, status=403)
        try:
            return await handler(request)
        except web.HTTPException as plain:
            headers = {name: value for name, value in plain.headers.items() if name == "Allow"}
            return web.json_response({"error": plain.reason}, status=plain.status, headers=headers)

    return gate


def _control(stage: Stage) -> list[web.AbstractRouteDef]:
    """Our own two addresses: turn the knobs, read the tally."""

    async def turn(request: web.Request) -> web.StreamResponse:
        try:
            patch = await read_json(request, stage.tally)
            if not isinstance(patch, dict):
                return web.json_response({"error": "Send one JSON object of knobs."}, status=400)
            stage.board.turn({name: patch[name] for name in patch if name not in ACTIONS})
        except BadJson as wrong:
            return web.json_response({"error": wrong.message}, status=wrong.status)
        except BadInput as wrong:
            return web.json_response({"error": wrong.sentence()}, status=400)
        for name, act in ACTIONS.items():
            if patch.get(name):
                act(stage)
        return web.json_response(_plain(stage.knobs))

    async def knobs(request: web.Request) -> web.StreamResponse:
        return web.json_response(_plain(stage.knobs))

    async def tally(request: web.Request) -> web.StreamResponse:
        return web.json_response(stage.tally.as_json())

    return [
        web.post("/_sandbox/knobs", turn),
        web.get("/_sandbox/knobs", knobs),
        web.get("/_sandbox/tally", tally),
    ]


def _expire_outputs(stage: Stage) -> None:
    stage.epoch += 1


ACTIONS: Mapping[str, Callable[[Stage], None]] = {
    "expire_outputs": _expire_outputs,
    "expire_uploads": lambda stage: stage.uploads.expire(),
    "forget_tasks": lambda stage: stage.tasks.forget(),
}
"""Not states but deeds: `{"forget_tasks": true}` does it once."""


def _plain(knobs: Knobs) -> dict[str, object]:
    told: dict[str, object] = msgspec.to_builtins(knobs)
    return told | {"picture_base64": bool(knobs.picture_base64)}


def knobs_from(words: Iterable[str]) -> Knobs:
    """Knobs from a command line, each word NAME=VALUE; raises BadInput that lists them."""
    return knobs_from_words(words)


def announce_on_stdout(url: str) -> None:
    print(json.dumps({"url": url}), flush=True)


def run_server(
    port: int = 0,
    seconds: float | None = None,
    knobs: Knobs | None = None,
    announce: Callable[[str], None] = announce_on_stdout,
    *,
    with_parent: bool = False,
) -> int:
    """Serve until SIGTERM, SIGINT or, with `with_parent`, the end of standard input. The exit code."""
    return asyncio.run(_run(port, seconds, knobs, announce, with_parent))


async def _run(
    port: int,
    seconds: float | None,
    knobs: Knobs | None,
    announce: Callable[[str], None],
    with_parent: bool,
) -> int:
    stop = asyncio.Event()
    _stop_on_signals(stop)
    if with_parent:
        _stop_with_parent(stop)
    sandbox = await serve(port, seconds, knobs=knobs)
    try:
        announce(sandbox.url)
        await stop.wait()
    finally:
        await sandbox.close()
    return 0


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        if sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
        else:
            loop.add_signal_handler(number, stop.set)


def _stop_with_parent(stop: asyncio.Event) -> None:
    """The parent holds the other end of our standard input; when it dies, however it dies, we read the end.

    `os.read` on the bare descriptor: a thread inside `sys.stdin` would hold its lock at exit.
    """
    loop = asyncio.get_running_loop()

    def watch() -> None:
        try:
            while os.read(0, 4096):
                pass
        except OSError:
            pass
        if not loop.is_closed():
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, name="parent", daemon=True).start()
