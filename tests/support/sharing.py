"""Machines that share a ledger in PostgreSQL, a library in S3 and a vendor that counts; and what must hold of
them, whatever happened."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.batch.batch import Batch
from app.batch.views import BatchState, Phase, RowState
from app.journal.operations import State
from app.studio.studio import Studio
from tests.support import postgres
from tests.support.cluster import Cluster
from tests.support.counting import Counted, Taken, counting
from tests.support.rows import Shop
from tests.support.s3 import s3_server


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """`environment` of every machine but for its home."""

    environment: Mapping[str, str]
    vendor: Counted

    @property
    def ports(self) -> list[int]:
        """Of the ledger, the library and the vendor, on the loopback of this machine."""
        given = (self.environment["TAGLOOM_LEDGER"], self.environment["AWS_ENDPOINT_URL"], self.vendor.url)
        return [port for one in given if (port := urlsplit(one).port)]

    def of(self, home: Path) -> dict[str, str]:
        return {**self.environment, "TAGLOOM_HOME": str(home)}


@contextmanager
def shared() -> Iterator[Shared]:
    with ExitStack() as stack:
        server = stack.enter_context(postgres.server())
        s3 = stack.enter_context(s3_server())
        vendor = stack.enter_context(counting())
        environment = {
            **os.environ,
            **vendor.environment(),
            **s3.environment,
            "TAGLOOM_LEDGER": server.fresh(),
            "TAGLOOM_LIBRARY": f"s3://{s3.bucket()}/shoes",
        }
        yield Shared(environment=environment, vendor=vendor)


def begin(made: Cluster, number: int, home: Path) -> None:
    name = f"worker-{number}-{time.monotonic_ns()}"
    made.begin_worker("--name", name, TAGLOOM_HOME=str(home / f"w{number}"))


async def done(batch: Batch, rows: int) -> None:
    """Returns when so many rows are done, or it has ended."""
    seen = asyncio.Event()

    def look(state: BatchState) -> None:
        if state.counts.get(RowState.DONE, 0) >= rows or state.phase is Phase.READY:
            seen.set()

    end = batch.changed.connect(look)
    await seen.wait()
    end()


async def judged(studio: Studio, cups: Shop, taken: Sequence[Taken], rows: int | None) -> None:
    """Each row at most once at the vendor, in the ledger, in the library and in its folder; all of them where
    `rows` says how many there are. Of what a killed worker had just sent nobody can know: it is unknown and
    not sent again."""
    operations = await studio.ledger.list(100_000)
    unknown = [one for one in operations if one.state is State.UNKNOWN]
    settled = [one for one in operations if one.state is State.SETTLED]
    assert len({one.prompt for one in taken}) == len(taken), "a row was bought twice"
    assert len({one.document for one in settled}) == len(settled)
    for one in settled:
        asset = await studio.library.get(one.asset)
        assert asset is not None
        assert await studio.library.verify(asset)
    if rows is not None:
        assert len(settled) + len(unknown) == rows
        assert len({one.parent.name for one in cups.output.glob("cup-*/*.png")}) == len(settled)
