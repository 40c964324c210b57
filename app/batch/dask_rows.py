"""What a worker of the cluster does: rows out of their JSON, with the one engine of its process."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from app.basics.about import tagloom_version
from app.basics.faults import BadInput, Fault
from app.basics.ids import new_id
from app.basics.words import say
from app.batch.dask_package import dask_package
from app.batch.orders import RowOrder, RowOutcome
from app.batch.runner import LocalRunner, failure_of, resolve_file
from app.batch.shipping import Answer, Photograph, Shipped, caps_of, unpacked
from app.engine.engine import Engine
from app.imaging.photographs import Photographs
from app.library.shared_store import SharedStore
from app.library.store import Store

PLUGIN = "tagloom"
"""Under this name a worker knows its `WorkerRows`; also the resource of which it has one for each row."""
TOPIC = "tagloom-rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What a worker works with. `ledger` and `library` name them without secrets, as in `Shipped`; `scratch`
    is a folder that may be deleted while no worker runs."""

    engine: Engine
    photographs: Photographs
    store: Store
    ledger: str
    library: str
    scratch: Path
    is_live: Callable[[str], Awaitable[bool]]
    heard: Callable[[str], None] = field(default=lambda words: None)


class WorkerRows:
    """The rows of this process. A row that comes twice under one token is joined; every other doubling is
    decided by the leases of the ledger: whoever has no lease waits, and gets the same picture as reused."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._rows: dict[str, asyncio.Task[Answer]] = {}
        self._leaving = False

    def setup(self, worker: Any) -> None:
        """As Dask wants it of a plug-in."""

    def teardown(self, worker: Any) -> None:
        """The rows go on where the scheduler is lost: what a vendor is at comes home all the same."""

    @property
    def photographs(self) -> Photographs:
        return self._machine.photographs

    async def run(self, text: bytes, tell: Callable[[str], None]) -> bytes:
        shipped = unpacked(text)
        row = self._rows.get(shipped.token)
        if row is None:
            row = asyncio.create_task(self._work(shipped, tell))
            self._rows[shipped.token] = row
            row.add_done_callback(lambda _: self._rows.pop(shipped.token, None))
        await asyncio.wait({row})
        return msgspec.json.encode(_left(shipped.order) if row.cancelled() else row.result())

    def leave(self, tokens: list[str]) -> int:
        """What is under way at a vendor goes on there; how many were here."""
        rows = [self._rows[one] for one in tokens if one in self._rows]
        for row in rows:
            row.cancel()
        return len(rows)

    async def close(self) -> None:
        self._leaving = True
        rows = tuple(self._rows.values())
        for row in rows:
            row.cancel()
        if rows:
            await asyncio.wait(rows)

    async def _work(self, shipped: Shipped, tell: Callable[[str], None]) -> Answer:
        order = shipped.order
        if self._leaving:
            return _left(order)
        folder = self._machine.scratch / new_id()
        try:
            await self._check(shipped)
            with ExitStack() as held:
                files = await self._files(shipped, held)
                for name, most in shipped.places.items():
                    vendor, model = name.split(" ", 1)
                    self._machine.engine.lanes.allow(vendor, model, most)
                runner = LocalRunner(
                    self._machine.engine,
                    at_once=1,
                    caps=lambda: caps_of(shipped),
                    resolve=lambda one, file: files.get(file) or resolve_file(one, file),
                )
                outcome = await runner.run(msgspec.structs.replace(order, output=str(folder)), tell)
        except Fault as fault:
            outcome = _failed(order, fault)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        self._machine.heard(_said(outcome))
        return Answer(outcome=outcome)

    async def _check(self, shipped: Shipped) -> None:
        """:raises BadInput: two ledgers would buy twice; other keys would buy what is meant as a draft"""
        for ours, theirs, what in (
            (self._machine.ledger, shipped.ledger, "TAGLOOM_LEDGER"),
            (self._machine.library, shipped.library, "TAGLOOM_LIBRARY"),
        ):
            if ours != theirs:
                raise BadInput(
                    say("This worker has {ours}, and the batch has {theirs}.", ours=ours, theirs=theirs),
                    advice=say("Start it with the same {what} as the batch.", what=what),
                    code="cluster.other-stores",
                )
        if shipped.version != tagloom_version():
            raise BadInput(
                say(
                    "This worker is Tagloom {ours}, and the batch {theirs}.",
                    ours=tagloom_version(),
                    theirs=shipped.version,
                ),
                advice=say("Install the same version on every machine."),
                code="cluster.other-version",
            )
        for vendor, live in shipped.vendors.items():
            if await self._machine.is_live(vendor) is not live:
                raise _other_keys(vendor, live)

    async def _files(self, shipped: Shipped, held: ExitStack) -> dict[str, Path]:
        """The photographs on a disk of this machine, as long as `held` is open."""
        return {file: await self._photograph(one, held) for file, one in shipped.photographs.items()}

    async def _photograph(self, one: Photograph, held: ExitStack) -> Path:
        given = Path(one.path)
        if not one.shared or await self._is_it(given, one):
            return given
        store = self._machine.store
        if isinstance(store, SharedStore):
            path = await asyncio.to_thread(held.enter_context, store.using(one.sha256, one.suffix))
        else:
            path = await asyncio.to_thread(store.bring, one.sha256, one.suffix)
        if path is None:
            raise _no_photograph(one)
        return await asyncio.to_thread(self._named, path, one)

    async def _is_it(self, path: Path, one: Photograph) -> bool:
        """Whether this machine sees the file of the one that sent it."""
        try:
            return await self._machine.photographs.content_hash(path) == one.sha256
        except Fault:
            return False

    def _named(self, path: Path, one: Photograph) -> Path:
        """Under its own name, of which files are named: a link, where those are to be had."""
        folder = self._machine.scratch / "photographs" / one.sha256
        link = folder / Path(one.name).name
        if link.exists():
            return link
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f".{new_id()}"
        try:
            fresh.symlink_to(path)
        except OSError:
            shutil.copyfile(path, fresh)
        os.replace(fresh, link)
        return link


async def run_row(text: bytes) -> bytes:
    """What Dask is asked to do, in one of our workers: a `Shipped` in, an `Answer` out."""
    worker = dask_package().get_worker()
    token = msgspec.json.decode(text, type=_Token).token

    def tell(word: str) -> None:
        worker.log_event(TOPIC, [token, word])

    answer: bytes = await worker.plugins[PLUGIN].run(text, tell)
    return answer


async def leave_rows(tokens: list[str], dask_worker: Any = None) -> int:
    """Asked of all workers when somebody stops."""
    rows = dask_worker.plugins.get(PLUGIN) if dask_worker is not None else None
    return rows.leave(tokens) if isinstance(rows, WorkerRows) else 0


class _Token(msgspec.Struct, frozen=True):
    token: str


def _left(order: RowOrder) -> Answer:
    return Answer(outcome=RowOutcome(key=order.key, number=order.number, cancelled=True), busy=True)


def _failed(order: RowOrder, fault: Fault) -> RowOutcome:
    return RowOutcome(key=order.key, number=order.number, failures=(failure_of(fault),))


def _said(outcome: RowOutcome) -> str:
    if outcome.failures:
        return say("Row {number}: {title}", number=outcome.number, title=outcome.failures[0].title)
    return say("Row {number}: done in {seconds:.1f} s", number=outcome.number, seconds=outcome.seconds)


def _other_keys(vendor: str, live: bool) -> BadInput:
    """`live`: as the batch has it."""
    return BadInput(
        say("This worker has no key for {vendor}, and the batch has one.", vendor=vendor)
        if live
        else say(
            "This worker has a key for {vendor}, and the batch has none: it is for drafts.", vendor=vendor
        ),
        advice=say("Give every machine the same keys, in its own environment or keyring."),
        code="cluster.other-keys",
    )


def _no_photograph(one: Photograph) -> BadInput:
    return BadInput(
        say("The photograph {name} is not in the library, where the batch has put it.", name=one.name),
        advice=say("Run the row again: the batch puts it there anew."),
        code="cluster.photograph",
    )
