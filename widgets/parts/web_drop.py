"""Pictures that were dropped or pasted as addresses: fetched while the window is used, placed as one step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QPointF

from app.basics.faults import Fault
from app.studio.studio import Studio
from widgets.tasks import Tasks

AT_ONCE = 4


class Place(Protocol):
    """Puts photographs at a point, or gives them to a card."""

    def __call__(self, files: list[Path], at: QPointF, target: str = "", *, select: bool = True) -> None: ...


class WebDrop(QObject):
    """`chosen` is what is selected: where that has changed meanwhile, it stays so. `say` is told what could
    not be fetched (title, advice), `show` what is being fetched: words, empty when nothing is. Another
    document on the desk ends it."""

    def __init__(
        self,
        studio: Studio,
        tasks: Tasks,
        *,
        place: Place,
        chosen: Callable[[], tuple[str, ...]],
        say: Callable[[str, str], None],
        show: Callable[[str], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._studio, self._tasks = studio, tasks
        self._place, self._chosen = place, chosen
        self._say, self._show = say, show
        self._under_way: dict[asyncio.Task[None], tuple[str, ...]] = {}
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self.stop = studio.desk.opened.connect(lambda _: self.give_up())

    def take(self, addresses: tuple[str, ...], at: QPointF, target: str = "") -> None:
        """They are placed at a point, or given to a card, when all are there or have failed."""
        task = self._tasks.start(self._take(addresses, QPointF(at), target))
        self._under_way[task] = addresses
        task.add_done_callback(self._ended)
        self._tell()

    def give_up(self) -> None:
        for task in tuple(self._under_way):
            task.cancel()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.pop(task, None)
        self._tell()

    def _tell(self) -> None:
        addresses = [one for many in self._under_way.values() for one in many]
        hosts = list(dict.fromkeys(self._studio.web.host(one) for one in addresses))
        if not addresses:
            self._show("")
            return
        one, many = self.tr("Fetching a picture from {host}…"), self.tr("Fetching {n} pictures from {host}…")
        host = hosts[0] if len(hosts) == 1 else self.tr("{n} places").format(n=len(hosts))
        self._show((one if len(addresses) == 1 else many).format(n=len(addresses), host=host))

    async def _take(self, addresses: Sequence[str], at: QPointF, target: str) -> None:
        chosen = self._chosen()
        fetched = await asyncio.gather(*(self._one(address) for address in addresses))
        files = [one for one in fetched if isinstance(one, Path)]
        faults = [one for one in fetched if isinstance(one, Fault)]
        if files:
            self._place(files, at, target, select=self._chosen() == chosen)
        if len(addresses) == 1 and faults:
            raise faults[0]
        if faults:
            self._list(faults, len(addresses))

    async def _one(self, address: str) -> Path | Fault:
        async with self._at_once:
            try:
                picture = await self._studio.web.fetch(address)
                return await self._studio.desk.keep_picture(picture.data, picture.name)
            except Fault as fault:
                return fault

    def _list(self, faults: Sequence[Fault], asked: int) -> None:
        one = self.tr("One of {asked} pictures could not be fetched.")
        many = self.tr("{n} of {asked} pictures could not be fetched.")
        title = (one if len(faults) == 1 else many).format(n=len(faults), asked=asked)
        self._say(title, " ".join(dict.fromkeys(fault.title for fault in faults)))
