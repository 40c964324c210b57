"""The studio's side of a picture that is dragged into another program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from app.basics.threads import give_way
from app.imaging.looks import Look, look
from app.studio.export_choices import subjects_of, template_of
from app.studio.outgoing import Leaving, Outgoing, Parcel, stem_of
from app.studio.studio import Studio
from widgets.parts.drag_out import LIBRARY_MIME, OutgoingData, drag_out, lasting_data
from widgets.tasks import Tasks

_GNOME = "x-special/gnome-copied-files"
"""What the file managers of GNOME and its kin paste from."""


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
        leaving = self._leaving(nodes)
        return self.data(leaving, clean) if leaving else None

    async def copy(self, nodes: Sequence[str]) -> None:
        """To the clipboard: the first one as a picture, all of them as files that were made for it.

        :raises Fault: one could not be copied
        """
        leaving = self._leaving(nodes)
        parcel = await asyncio.wrap_future(self._parcel(leaving, False))
        for fault in parcel.faults[:1]:
            raise fault
        if not parcel.files:
            return
        data = await asyncio.to_thread(parcel.files[0].read_bytes)
        seen = await asyncio.to_thread(look, data)
        QGuiApplication.clipboard().setMimeData(copied_data(parcel.files, leaving, seen))

    def _leaving(self, nodes: Sequence[str]) -> list[Leaving]:
        """With the names of exports, where somebody chose them."""
        template = template_of(self._studio.options)
        subjects = subjects_of(self._studio, nodes, self._title_of)
        return [
            Leaving(
                path=one.path,
                name=self._title_of(one.facts.node),
                seed=one.facts.seed,
                stem=stem_of(template, one.facts, number),
            )
            for number, one in enumerate(subjects, 1)
        ]

    def data(self, leaving: Sequence[Leaving], clean: bool) -> QMimeData:
        """What a drag carries. A picture that could not be copied is told as a fault."""
        parcel = self._parcel(leaving, clean)
        self._tasks.start(_told(parcel))
        return OutgoingData(parcel, [one.path for one in leaving])

    def _parcel(self, leaving: Sequence[Leaving], clean: bool) -> Future[Parcel]:
        name = Path(self._studio.desk.name).stem
        return self._thread.submit(self._outgoing.make, name, leaving, clean=clean)

    def drag(self, source: QWidget, leaving: Leaving, image: QImage | None, clean: bool) -> None:
        """One picture, out of a panel; returns when it was let go."""
        state = self._studio.runs.state
        nodes = [id for id in state.nodes if (made := state.node(id).result) and made.path == leaving.path]
        named = self._leaving(nodes[:1]) or [leaving]
        drag_out(source, self.data(named, clean), [image] if image is not None else [], 1)

    def close(self) -> None:
        self._thread.shutdown(wait=True)


def copied_data(files: Sequence[Path], leaving: Sequence[Leaving], seen: Look) -> QMimeData:
    """Pixels for picture editors, files for everything else, and where they lie for good for ourselves."""
    data = QMimeData()
    width, height = seen.size
    data.setImageData(QImage(seen.pixels, width, height, width * 4, QImage.Format.Format_RGBA8888).copy())
    urls = [QUrl.fromLocalFile(str(file)) for file in files]
    data.setUrls(urls)
    data.setData(LIBRARY_MIME, lasting_data([one.path for one in leaving]))
    lines = ["copy", *(bytes(url.toEncoded().data()).decode("ascii") for url in urls)]
    data.setData(_GNOME, "\n".join(lines).encode())
    return data


async def _told(parcel: Future[Parcel]) -> None:
    for fault in (await asyncio.wrap_future(parcel)).faults[:1]:
        raise fault
