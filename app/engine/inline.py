"""Pictures that come inside the answer to the create, as synchronous vendors send them.

There is no second copy of such a picture and nobody to ask for it again. So it is on the disk, under the
name of its operation, before the ledger says that the vendor has answered, and stays there until the library
has it and the operation is settled. A crash before that leaves the operation `unknown`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path

from app.basics.clock import Clock
from app.basics.faults import Charged, DiskTrouble, Refused, Retry
from app.basics.words import say
from app.engine.outcome import charged_of, origin_of
from app.engine.rescued import RescuedPictures, unpack
from app.engine.shelf import Shelf
from app.imaging.verify import verify_result
from app.journal.ledger import Ledger
from app.journal.operations import Operation, State
from app.library.assets import Asset
from app.providers.contract import Ready

CAME = "came"
"""In a row's ticket: its picture came with the answer."""


def came_whole(operation: Operation) -> bool:
    return operation.ticket is not None and bool(operation.ticket.get(CAME))


class InlinePictures:
    def __init__(self, *, ledger: Ledger, shelf: Shelf, rescued: RescuedPictures, clock: Clock) -> None:
        self._ledger = ledger
        self._shelf = shelf
        self._rescued = rescued
        self._clock = clock

    def waits(self, operation: Operation) -> bool:
        """Whether it lies here and is not in the library yet: also one whose receipt was never written."""
        mine = came_whole(operation) or operation.state is State.UNKNOWN
        return mine and self._rescued.has(operation.id)

    async def take_in(self, operation: Operation, ready: Ready | None) -> Asset:
        """From `submitted`, or from the `unknown` that a crash left, to `settled`.

        :raises PictureHeld: the library's disk takes it not now
        :raises Refused: what came is no picture; the row is `failed`
        """
        whole, path = self._rescued.lying(operation.id), self._rescued.place()
        charge = ready.charge if ready else None
        try:
            if whole is not None:
                await asyncio.to_thread(_second_name, whole, path)
            elif not await self._rescued.bring(operation.id, path) and ready is not None:
                await asyncio.to_thread(unpack, ready, path)
            asset = await self._shelf.add(path, origin_of(operation, charge), verify_result)
        except Refused as fault:
            if whole is not None:
                await asyncio.to_thread(_remove, path)
            raise await self._no_picture(operation, ready, fault, whole or path) from fault
        except DiskTrouble as fault:
            raise await self._rescued.hold(operation, whole or path, fault) from fault
        await self._ledger.settle(
            operation.id, asset=asset.sha256, ended=self._clock.now(), **charged_of(operation, charge)
        )
        self._rescued.forget(operation.id)
        if whole is not None:
            await asyncio.to_thread(_remove, whole)
        return asset

    async def _no_picture(
        self, operation: Operation, ready: Ready | None, fault: Refused, path: Path
    ) -> Refused:
        """It cannot be asked for again: the job has ended, and what came is left where it is."""
        end = Refused(
            fault.title,
            advice=say(
                "It came inside the answer and cannot be fetched again. It was a draft and free. What came "
                "lies at {path}. Run again to have it made anew.",
                path=path,
            )
            if operation.draft
            else say(
                "It came inside the answer and cannot be fetched again; it may have been charged. What came "
                "lies at {path}. Run again to have it made anew, at its price.",
                path=path,
            ),
            code=fault.code,
            charged=Charged.NO if operation.draft else Charged.UNKNOWN,
            retry=Retry.ASK,
            detail=fault.detail,
        )
        if operation.state is not State.UNKNOWN:
            await self._ledger.advance(
                operation.id,
                State.FAILED,
                fault_code=end.code,
                fault_title=end.title,
                fault_advice=end.advice,
                **charged_of(operation, ready.charge if ready else None),
            )
        return end


def _second_name(whole: Path, path: Path) -> None:
    """The library moves what it takes in; with one name the picture would be nowhere for a moment."""
    try:
        os.link(whole, path)
    except OSError:  # a file system without links
        unpack(Ready(outputs=(), charge=None, inline=whole.read_bytes()), path)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
