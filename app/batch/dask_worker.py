"""`tagloom worker`: a Dask worker with our set-up, in this process and on its event loop."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.basics.faults import BadInput
from app.basics.words import say
from app.batch.dask_package import dask_package
from app.batch.dask_rows import PLUGIN, WorkerRows

_TRY_SECONDS = 10.0
_AGAIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where a worker works: the scheduler's address, how many rows at once, its name there (empty: Dask
    makes one), and the address of this machine that it listens at."""

    scheduler: str
    threads: int
    name: str = ""
    host: str = "127.0.0.1"


class ClusterWorker:
    """Serves until it is cancelled. Where the scheduler is lost, what is under way comes home, and the worker
    asks for the scheduler again until it is back. `say_so` hears what happens, in words."""

    def __init__(self, post: Post, rows: WorkerRows, folder: Path, say_so: Callable[[str], None]) -> None:
        self._post, self._rows, self._folder, self._say = post, rows, folder, say_so

    async def serve(self) -> None:
        package = dask_package()
        lost = False
        try:
            while True:
                worker = await self._begun(package)
                if worker is not None:
                    self._say(say("Works for {address}. Ctrl+C ends it.", address=self._post.scheduler))
                    await self._until_gone(worker)
                    lost = False
                if not lost:
                    self._say(
                        say("There is no scheduler at {address}; waits for it.", address=self._post.scheduler)
                    )
                lost = True
                await asyncio.sleep(_AGAIN_SECONDS)
        finally:
            await self._rows.close()

    async def _begun(self, package: Any) -> Any:
        """None where there is no scheduler."""
        worker = package.Worker(
            self._post.scheduler,
            nthreads=self._post.threads,
            name=self._post.name or None,
            host=self._post.host,
            resources={PLUGIN: self._post.threads},
            memory_limit=0,
            local_directory=str(self._folder),
            dashboard=False,
        )
        worker.plugins[PLUGIN] = self._rows  # the scheduler gives it rows at once
        beginning = asyncio.ensure_future(worker.start())
        try:
            await asyncio.wait_for(beginning, _TRY_SECONDS)
        except (OSError, TimeoutError, RuntimeError):  # the last is Dask's word for both
            await worker.close(timeout=1, nanny=False)
            return None
        except asyncio.CancelledError:
            await worker.close(timeout=1, nanny=False)
            raise
        return worker

    async def _until_gone(self, worker: Any) -> None:
        try:
            await worker.finished()
        except asyncio.CancelledError:
            await self._rows.close()  # their answers go out before the worker does
            await worker.close(timeout=5, nanny=False)
            raise


def post_of(scheduler: str, threads: int, name: str, host: str) -> Post:
    """:raises BadInput: `cluster.address`, `cluster.host`"""
    near = is_near(scheduler)
    if not near and not host:
        raise BadInput(
            say("A worker listens on its own machine only, and {address} is another.", address=scheduler),
            advice=say("Say where the others reach this machine: --host ADDRESS, in a network you trust."),
            code="cluster.host",
        )
    return Post(scheduler=scheduler, threads=threads, name=name, host=host or "127.0.0.1")


def is_near(scheduler: str) -> bool:
    """Whether all of the cluster is on this machine, as far as the address tells.

    :raises BadInput: `cluster.address`: it is none
    """
    parts = urlsplit(scheduler if "://" in scheduler else f"tcp://{scheduler}")
    try:
        good = bool(parts.scheme in ("tcp", "tls", "ws", "wss") and parts.hostname and parts.port)
    except ValueError:
        good = False
    if not good or parts.hostname is None:
        raise BadInput(
            say("{address!r} is no address of a Dask scheduler.", address=scheduler),
            advice=say("It looks like tcp://192.168.1.20:8786; `dask scheduler` says its own."),
            code="cluster.address",
        )
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False


def demand_shared(scheduler: str, ledger: str, library: str) -> None:
    """`ledger`, `library`: what the environment names, empty for this machine's own.

    :raises BadInput: `cluster.own-stores`: machines that do not share both would buy twice
    """
    named = {"TAGLOOM_LEDGER": ledger, "TAGLOOM_LIBRARY": library}
    missing = [name for name, given in named.items() if not given.strip()]
    if missing and not is_near(scheduler):
        raise BadInput(
            say("A cluster of several machines needs one ledger and one library that all of them share."),
            advice=say(
                "Set {missing}, the same on every machine: a PostgreSQL address for the ledger, a shared "
                "folder or s3://bucket/prefix for the library.",
                missing=" ".join(missing),
            ),
            code="cluster.own-stores",
        )
