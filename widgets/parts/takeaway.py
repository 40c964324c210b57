"""The studio's side of a picture that is dragged into another program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.basics.threads import give_way
from app.studio.outgoing import Leaving, Outgoing, Parcel
from app.studio.studio import Studio
from widgets.parts.drag_out import OutgoingData, drag_out
from widgets.tasks import Tasks


class Takeaway:
    """Files are made in a thread from the moment that a picture leaves. `close` waits for them."""

    def __init__(self, studio: Studio, tasks: Tasks, folder: Path, title_of: Callable[[str], str]) -> None:
        self._studio, self._tasks = studio, tasks
        self._title_of = title_of
        self._outgoing = Outgoing(folder)
        self._thread = ThreadPoolExecutor(1, "outgoing", initializer=give_way)

    def sweep(self) -> None:
        """Copies of earlier days are removed, in the thread."""
        self._thread.submit(self._outgoing.sweep)

    def nodes(self, nodes: Sequence[str], clean: bool) -> QMimeData | None:
        """The pictures that nodes have; None where none has one."""
        state = self._studio.runs.state
        results = [(node, state.node(node).result) for node in nodes]
        leaving = [
            Leaving(path=result.path, name=self._title_of(node), seed=result.seed)
            for node, result in results
            if result is not None
        ]
        return self.data(leaving, clean) if leaving else None

    def data(self, leaving: Sequence[Leaving], clean: bool) -> QMimeData:
        """What a drag carries. A picture that could not be copied is told as a fault."""
        name = Path(self._studio.desk.name).stem
        parcel = self._thread.submit(self._outgoing.make, name, leaving, clean=clean)
        self._tasks.start(_told(parcel))
        return OutgoingData(parcel, [one.path for one in leaving])

    def drag(self, source: QWidget, leaving: Leaving, image: QImage | None, clean: bool) -> None:
        """One picture, out of a panel; returns when it was let go."""
        drag_out(source, self.data([leaving], clean), [image] if image is not None else [], 1)

    def close(self) -> None:
        self._thread.shutdown(wait=True)


async def _told(parcel: Future[Parcel]) -> None:
    for fault in (await asyncio.wrap_future(parcel)).faults[:1]:
        raise fault
