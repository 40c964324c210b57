"""Pictures that are in the library while the ledger does not say so yet: their process was killed between the
two. The picture itself proves that it came."""

from __future__ import annotations

from collections.abc import Iterable

from app.basics.faults import DiskTrouble
from app.engine.inline import InlinePictures
from app.engine.outcome import charged_by
from app.journal.ledger import Ledger
from app.journal.operations import Operation, State
from app.library.assets import Asset

_NOT_SAID = (State.SUBMITTED, State.RUNNING, State.DELIVERED, State.UNKNOWN)
"""Where the row of such a picture may stand."""

_FEW = 4


class Homecoming:
    """One for a process."""

    def __init__(self, ledger: Ledger, inline: InlinePictures) -> None:
        self._ledger = ledger
        self._inline = inline

    async def settle_all(self, assets: Iterable[Asset]) -> None:
        """As `settle`, for a whole plan: of many, the ledger is asked once which have no end."""
        by_operation = {asset.origin.operation: asset for asset in assets}
        if len(by_operation) > _FEW:
            open_ones = (*await self._ledger.unsettled(), *await self._ledger.unknown())
            by_operation = {one.id: by_operation[one.id] for one in open_ones if one.id in by_operation}
        for asset in by_operation.values():
            await self.settle(asset)

    async def settle(self, asset: Asset) -> None:
        """Ends the row of a picture that is used again. What somebody is at is left to them, and what cannot
        be written now to the next time."""
        id = asset.origin.operation
        now = await self._ledger.get(id)
        if now is None or now.state not in _NOT_SAID or (lease := await self._ledger.acquire(id)) is None:
            return
        try:
            now = await self._ledger.get(id)  # its owner may have gone on before it let go
            if now is not None and now.state in _NOT_SAID:
                await self._end(now, asset)
        except DiskTrouble:
            return
        finally:
            lease.release()

    async def _end(self, now: Operation, asset: Asset) -> None:
        if self._inline.waits(now):
            await self._inline.take_in(now, None)
        elif now.state is State.DELIVERED:
            await self._ledger.advance(now.id, State.SETTLED)
        else:
            await self._ledger.settle(
                now.id,
                asset=asset.sha256,
                ended=max(asset.made, now.submitted or asset.made),
                **charged_by(now, asset.origin),
            )
