"""Every row of a batch held against the document in a thread, while the window listens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.batch.checking import CheckedRows, check_rows
from app.batch.setting import BatchSetting
from app.batch.standing import resolver
from app.nodes.check import Rules
from app.studio.studio import Studio


class RowCheck:
    """`tell` hears, on the loop, how many rows are done."""

    def __init__(self, studio: Studio, tell: Callable[[int], None]) -> None:
        self._studio, self._tell = studio, tell
        self._stopping = False

    async def of(self, setting: BatchSetting) -> CheckedRows:
        """Sends nothing. Cancelled it leaves the thread at its next row.

        :raises BadInput: the table cannot be read any more
        """
        loop = asyncio.get_running_loop()
        work = asyncio.to_thread(self._check, setting, loop)
        try:
            return await work
        finally:
            self._stopping = True

    def _check(self, setting: BatchSetting, loop: asyncio.AbstractEventLoop) -> CheckedRows:
        standing = setting.standing
        return check_rows(
            setting.table,
            setting.document,
            Rules(kinds=self._studio.kinds, shapes=self._studio.shapes),
            resolver(self._studio.desk.resolve, standing.elsewhere),
            standing=standing,
            tell=lambda rows: loop.call_soon_threadsafe(self._heard, rows),
            stop=lambda: self._stopping,
        )

    def _heard(self, rows: int) -> None:
        if not self._stopping:
            self._tell(rows)
