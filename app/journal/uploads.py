"""Which photographs a vendor already has, so that each is sent once a day. In the ledger's database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from app.basics.clock import Clock, SystemClock
from app.basics.database import Database, alone
from app.journal.tables import LEDGER, instant, uploads

_c = uploads.c


class UploadMemory:
    """`providers.contract.UploadMemory`, kept. What has expired is not recalled, and goes with the next
    `remember`."""

    def __init__(self, database: Database, *, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    async def recall(self, address: str, sha256: str) -> str | None:
        query = select(_c.uri).where(_this(address, sha256), _c.expires > instant(self._clock.now()))
        return await self._database.read(lambda connection: connection.execute(query).scalar_one_or_none())

    async def remember(self, address: str, sha256: str, uri: str, expires: datetime) -> None:
        now = instant(self._clock.now())
        row = {"address": address, "sha256": sha256, "uri": uri, "expires": instant(expires)}

        def work(connection: Connection) -> None:
            alone(connection, LEDGER)  # another machine may have sent the same
            connection.execute(delete(uploads).where(_this(address, sha256) | (_c.expires <= now)))
            connection.execute(insert(uploads), row)

        await self._database.run(work, work)

    async def tidy(self) -> int:
        """Drops what has expired; how much."""
        statement = delete(uploads).where(_c.expires <= instant(self._clock.now()))
        return await self._database.run(lambda connection: int(connection.execute(statement).rowcount))

    async def forget(self, address: str, sha256: str) -> None:
        statement = delete(uploads).where(_this(address, sha256))
        await self._database.run(lambda connection: connection.execute(statement).close())


def _this(address: str, sha256: str) -> Any:
    return (_c.address == address) & (_c.sha256 == sha256)
