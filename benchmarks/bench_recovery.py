"""What a killed program takes up again: a thousand unsettled pictures, and how soon it looks after the first.

The batch's own server answers; a raw httpx loop over the same looks and pictures is the floor.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
from msgspec.structs import replace

from app.basics.ids import new_id
from app.basics.money import Money
from app.engine.recovery import AT_ONCE
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.journal.operations import Operation, State
from benchmarks.batch_engine import opened
from benchmarks.bench_batch import count, server
from benchmarks.report import Report

UNSETTLED = 1000
PATIENCE = 30.0
ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "resources" / "examples" / "first-run.tagloom"


def run(report: Report) -> None:
    with server(0.0) as url, tempfile.TemporaryDirectory(prefix="tagloom-bench-") as folder:
        asyncio.run(_thousand(report, url, Path(folder)))
    with server(3.0) as url, tempfile.TemporaryDirectory(prefix="tagloom-bench-") as folder:
        _followed_again(report, url, Path(folder))


async def _thousand(report: Report, url: str, folder: Path) -> None:
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
        tickets = [await _created(client) for _ in range(UNSETTLED)]
        began = time.perf_counter()
        await _raw(client, tickets, folder)
        floor = time.perf_counter() - began
    await _left(folder, url, tickets)
    async with opened(url, folder) as engine:
        began = time.perf_counter()
        recovered = await engine.recover()
        took = time.perf_counter() - began
    if len(recovered.brought) != UNSETTLED:
        raise AssertionError(f"{len(recovered.brought)} of {UNSETTLED} came home")
    report.add(
        f"recovery of {UNSETTLED:,} unsettled pictures", took, "s",
        against=f"a raw httpx loop over the same looks and pictures, {AT_ONCE} at a time",
        floor=floor, target=3.0, creates=count(url)["creates"] - UNSETTLED,
    )  # fmt: skip


async def _created(client: httpx.AsyncClient) -> str:
    return str((await client.post("/v1/text_to_image", json={})).json()["id"])


async def _raw(client: httpx.AsyncClient, tickets: list[str], folder: Path) -> None:
    places = asyncio.Semaphore(AT_ONCE)

    async def one(id: str) -> None:
        async with places:
            task = (await client.get(f"/v1/tasks/{id}")).json()
            async with client.stream("GET", task["output"][0]) as picture:
                with (folder / "raw.png").open("wb") as out:
                    async for chunk in picture.aiter_bytes():
                        out.write(chunk)

    await asyncio.gather(*(one(id) for id in tickets))


async def _left(folder: Path, url: str, tickets: list[str]) -> None:
    """Rows as a killed process leaves them: submitted, with their tickets."""
    ledger = Ledger(folder / "ledger.sqlite", FolderLeases(folder / "leases"))
    now = datetime.now(UTC)
    plain = Operation(
        id="", state=State.INTENDED, document="bench", node="", title="Shot", card="gen4-image",
        vendor="runway", model="gen4_image", draft=False, address=url, fingerprint="", node_key="",
        seed=1, request={}, estimate=Money(80_000), credits=100, made=now, changed=now,
    )  # fmt: skip
    for number, id in enumerate(tickets):
        row = replace(plain, id=new_id(), node=f"n{number}", fingerprint=f"f{number}", node_key=f"k{number}")
        await ledger.intend(row)
        await ledger.advance(row.id, State.SENDING)
        ticket = {"vendor": "runway", "id": id, "address": url, "draft": False}
        await ledger.advance(row.id, State.SUBMITTED, ticket=ticket)
    await ledger.close()


def _followed_again(report: Report, url: str, folder: Path) -> None:
    """Killed once its create was taken; from the next start to the first look at the task."""
    environment = {
        **os.environ, "TAGLOOM_HOME": str(folder / "home"), "RUNWAYML_API_SECRET": "key_bench",
        "RUNWAYML_BASE_URL": url, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }  # fmt: skip
    words = [sys.executable, "-m", "app", "run", str(EXAMPLE), "-o", str(folder / "out"), "--yes", "--json"]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "cwd": ROOT, "env": environment}
    first = subprocess.Popen(words, text=True, **quiet)  # type: ignore[call-overload]
    _until(url, "creates", 1)
    _until(url, "looks", 1)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    before = count(url)["looks"]
    began = time.perf_counter()
    second = subprocess.Popen(words, text=True, **quiet)  # type: ignore[call-overload]
    _until(url, "looks", before + 1)
    took = time.perf_counter() - began
    said = [json.loads(line) for line in second.communicate(timeout=PATIENCE)[0].splitlines()]
    if count(url)["creates"] != 1 or len(said[-1]["images"]) != 1:
        raise AssertionError(f"{count(url)['creates']} creates, and {said[-1]}")
    report.limit(
        "killed, started, following again", took, "s", limit=2.0, against="2 s from the second start"
    )


def _until(url: str, what: str, least: float) -> None:
    deadline = time.monotonic() + PATIENCE
    while count(url)[what] < least:
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} stayed below {least}")
        time.sleep(0.01)
