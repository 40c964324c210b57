"""A table over a document, with a runner that does as it is told. Book, ledger and folder are real."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from app.basics.money import Money
from app.batch.batch import Batch
from app.batch.orders import RowFailure, RowOrder, RowOutcome, RowResult
from app.batch.setting import BatchSetting
from app.batch.table import open_table
from app.batch.views import RowEstimate
from app.document.values import Document, End, Link, Links, Node
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from tests.app.engine.scripted import KINDS

FAILED = RowFailure(node="shot", title="It went wrong.", advice="Try again.", code="test.wrong")


@dataclass(slots=True)
class Scripted:
    """`fails` are numbers of rows; with `holding` no row goes on before it is released."""

    at_once: int = 4
    fails: set[int] = field(default_factory=set)
    unknown: set[int] = field(default_factory=set)
    orders: list[RowOrder] = field(default_factory=list)
    most: int = 0
    flying: int = 0
    places: asyncio.Semaphore | None = None
    """Who has none waits, as at a vendor's lane."""
    seconds: float = 0.0
    code: str = "test.wrong"
    """Of what fails."""

    async def run(self, order: RowOrder, tell: Callable[[str], None]) -> RowOutcome:
        self.flying += 1
        self.most = max(self.most, self.flying)
        try:
            tell("waiting")
            if self.places is not None:
                await self.places.acquire()
            tell("sending")
            self.orders.append(order)
            tell("running")
            await asyncio.sleep(self.seconds)
        finally:
            self.flying -= 1
        return self._outcome(order)

    def _outcome(self, order: RowOrder) -> RowOutcome:
        if order.number in self.unknown and not order.retry_unknown:
            failures = (msgspec.structs.replace(FAILED, unknown=True),)
        else:
            fails = order.number in self.fails
            failures = (msgspec.structs.replace(FAILED, code=self.code),) if fails else ()
        result = RowResult(node="shot", sha256="a" * 64, suffix=".png", saved="shot.png", seed=1, draft=True)
        return RowOutcome(
            key=order.key, number=order.number, results=() if failures else (result,), failures=failures
        )

    async def close(self) -> None: ...


def document() -> Document:
    return Document(
        nodes={
            "words": Node(kind="prompt", values={"text": "A photo of {name}"}),
            "shot": Node(kind="gen4-image"),
        },
        links=Links((Link(source=End("words", "text"), target=End("shot", "prompt")),)),
    )


def write_table(path: Path, *lines: str, header: str = "sku,name,remark") -> Path:
    path.write_text("\n".join((header, *lines)) + "\n", "utf-8")
    return path


def rows(count: int) -> list[str]:
    return [f"S{number},shoe {number},x" for number in range(count)]


@dataclass(slots=True, kw_only=True)
class Shop:
    folder: Path
    ledger: Ledger
    runner: Scripted

    @property
    def table(self) -> Path:
        return self.folder / "products.csv"

    def setting(self, **changes: object) -> BatchSetting:
        setting = BatchSetting(
            document=document(),
            document_id=str(self.folder / "shop.tagloom"),
            folder=self.folder,
            table=open_table(self.table),
            kinds=KINDS,
            output=self.folder / "out",
        )
        return replace(setting, **changes)  # type: ignore[arg-type]

    def batch(self, price: int | None = 80_000, **changes: object) -> Batch:
        async def estimate(order: RowOrder) -> RowEstimate:
            return RowEstimate(credits=100, money=None if price is None else Money(price), bought=1)

        return Batch(self.setting(**changes), self.runner, estimate, self.ledger)

    @asynccontextmanager
    async def opened(self, **changes: object) -> AsyncIterator[Batch]:
        batch = self.batch(**changes)
        await batch.open()
        try:
            yield batch
        finally:
            await batch.close()


@asynccontextmanager
async def shop(folder: Path, count: int = 6, **runner: object) -> AsyncIterator[Shop]:
    ledger = Ledger(folder / "ledger.sqlite", FolderLeases(folder / "leases"))
    made = Shop(folder=folder, ledger=ledger, runner=Scripted(**runner))  # type: ignore[arg-type]
    write_table(made.table, *rows(count))
    try:
        yield made
    finally:
        await ledger.close()
