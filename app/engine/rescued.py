"""Pictures that were paid for, have arrived, and that the library's disk does not take.

A whole file stays where it is, under the name of its operation; what no disk took is held in memory, for as
long as the program runs. The artist may save it elsewhere, and whoever follows the operation next (a run, a
recovery) takes it from here before the vendor is asked again.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.basics.faults import BadInput, Charged, DiskTrouble, Retry
from app.basics.words import say
from app.document.disk import copy_into, sync_folder, written_whole
from app.engine.results import PictureHeld
from app.engine.shelf import Shelf
from app.imaging.sniffing import HEAD_BYTES, sniff
from app.journal.operations import Operation
from app.providers.contract import Ready
from app.providers.new_file import NewFile, Unsaved

MOST_BYTES = 64 * 1024 * 1024
"""In memory, in all."""
ROOM_BYTES = 64_000_000
"""More than a 4K picture as PNG."""
_WHOLE = ".whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """`picture` in memory, or a whole file at `path`; `format` as `imaging.sniffing` names it."""

    operation: str
    node: str
    title: str
    format: str
    picture: bytes = b""
    path: Path | None = None


class RescuedPictures:
    """One for a process. `shelf` is the library."""

    def __init__(self, shelf: Shelf, most: int = MOST_BYTES) -> None:
        self._shelf = shelf
        self._most = most
        self._held: dict[str, Held] = {}
        self._saved: set[str] = set()

    @property
    def only_in_memory(self) -> tuple[Held, ...]:
        """What is lost when this program ends: on no disk, and not saved elsewhere."""
        return tuple(one for id, one in self._held.items() if one.picture and id not in self._saved)

    def get(self, operation: str) -> Held | None:
        return self._held.get(operation)

    def place(self) -> Path:
        """Where a picture is fetched to. Where the library gives no place it is a path that cannot be
        written, so that the picture goes into memory."""
        try:
            return self._shelf.temp()
        except DiskTrouble:
            return Path(tempfile.gettempdir()) / f"tagloom-none-{secrets.token_hex(8)}" / "picture.part"

    def require_room(self) -> None:
        """For a picture that comes inside an answer and nowhere else: memory would end with this process.

        :raises DiskTrouble: better not bought
        """
        try:
            if shutil.disk_usage(self.place().parent).free >= ROOM_BYTES:
                return
            detail = ""
        except OSError as error:
            detail = error.strerror or type(error).__name__
        raise DiskTrouble(
            say("The library's disk has no room for the picture that would come with the answer."),
            advice=say(
                "Make {room} MB of room, then run again. Nothing was sent, nothing is charged.",
                room=ROOM_BYTES // 1_000_000,
            ),
            code="disk.no-room",
            retry=Retry.ASK,
            detail=detail,
        )

    def has(self, operation: str) -> bool:
        held = self._held.get(operation)
        return (held is not None and bool(held.picture)) or self.lying(operation) is not None

    def lying(self, operation: str) -> Path | None:
        """The whole file of an operation, where there is one on the library's disk."""
        whole = _whole(self.place(), operation)
        return whole if whole.is_file() else None

    async def keep(self, operation: Operation, ready: Ready) -> None:
        """Puts a picture that came with an answer on the disk, under its operation's name; where no disk
        takes it, it is held in memory."""
        path = self.place()
        try:
            await asyncio.to_thread(_put, ready, path, _whole(path, operation.id))
        except DiskTrouble as fault:
            await self.hold(operation, path, fault)

    async def bring(self, operation: str, path: Path) -> bool:
        """Puts at `path` what is held of an operation; False: there is nothing.

        :raises DiskTrouble: the disk still does not take it; it is held as before
        """
        held = self._held.get(operation)
        if held is not None and held.picture:
            await asyncio.to_thread(write_new, path, held.picture)
            return True
        return _moved(_whole(path, operation), path)  # at once: a step to a thread takes ten times as long

    async def hold(self, operation: Operation, path: Path, fault: DiskTrouble) -> DiskTrouble:
        """Keeps what there is of a picture that could not be taken in; the fault that says so, or the same
        fault where there is nothing to keep. `path` is where it was fetched to."""
        picture = b""
        if isinstance(fault, Unsaved):
            picture, fault.picture = fault.picture, b""
        held = await asyncio.to_thread(_look, operation, path, picture)
        if held is None or not self._has_room(held):
            return fault
        self._held[operation.id] = held
        return _told(fault, held, draft=operation.draft)

    def forget(self, operation: str) -> None:
        """It is in the library, or turned out to be no picture."""
        self._held.pop(operation, None)
        self._saved.discard(operation)

    async def save(self, operation: str, target: Path) -> None:
        """Writes a held picture where the artist says; it stays held.

        :raises BadInput: it is not held any more
        :raises DiskTrouble: `target` is as it was
        """
        held = self._held.get(operation)
        if held is None:
            raise BadInput(
                say("The picture is not held any more."),
                advice=say(
                    "It is in the library by now; otherwise run its node again: it is fetched for free."
                ),
                code="picture.not-held",
            )
        await asyncio.to_thread(_save, held, target)
        self._saved.add(operation)

    def _has_room(self, held: Held) -> bool:
        others = sum(len(one.picture) for id, one in self._held.items() if id != held.operation)
        return others + len(held.picture) <= self._most


def write_new(path: Path, data: bytes) -> None:
    """:raises Unsaved: with the data in it"""
    with NewFile(path) as file:
        file.write(data)
        file.finish()


def unpack(ready: Ready, path: Path) -> None:
    """What came with an answer, as a new file, fsynced.

    :raises Unsaved: with the data in it
    """
    if ready.inline is not None:
        write_new(path, ready.inline)
    elif ready.file is not None and not _moved(ready.file, path):  # from another disk
        write_new(path, ready.file.read_bytes())
        ready.file.unlink(missing_ok=True)


def _put(ready: Ready, path: Path, whole: Path) -> None:
    try:
        unpack(ready, path)
        os.replace(path, whole)
        sync_folder(whole.parent)
    except OSError as error:
        raise DiskTrouble(
            say("The picture could not be put in its place on the disk."),
            advice=say("Look at the folder's rights and the drive."),
            code="disk.write",
            charged=Charged.YES,
            retry=Retry.ASK,
            detail=f"{whole.parent}: {error.strerror or type(error).__name__}",
        ) from error


def _whole(path: Path, operation: str) -> Path:
    return path.with_name(f"{operation}{_WHOLE}")


def _moved(whole: Path, path: Path) -> bool:
    try:
        os.replace(whole, path)
    except OSError:
        return False
    return True


def _look(operation: Operation, path: Path, picture: bytes) -> Held | None:
    """None: there is no picture."""
    where: Path | None = None
    head = picture[:HEAD_BYTES]
    if not picture:
        where = path
        with contextlib.suppress(OSError), path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    format = sniff(head) if head else None
    if format is None:
        return None
    if where is not None:
        with contextlib.suppress(OSError):
            os.replace(path, _whole(path, operation.id))  # under a name that is found after a crash
            where = _whole(path, operation.id)
    name = operation.title or operation.node
    return Held(
        operation=operation.id, node=operation.node, title=name, format=format, picture=picture, path=where
    )


def _told(fault: DiskTrouble, held: Held, *, draft: bool) -> PictureHeld:
    where = (
        say("It lies whole at {path}", path=held.path)
        if held.path
        else say("It is held in memory until Tagloom is closed")
    )
    return PictureHeld(
        fault.title,
        advice=say(
            "The picture has arrived. {where}: save it elsewhere now, or make room "
            "and run again. It is not made or paid for anew.",
            where=where,
        ),
        code=fault.code,
        charged=Charged.NO if draft else Charged.YES,
        retry=Retry.ASK,
        where=fault.where,
        detail=fault.detail,
    )


def _save(held: Held, target: Path) -> None:
    with written_whole(target) as file:
        if held.path is None:
            file.write(held.picture)
        else:
            copy_into(held.path, file)
