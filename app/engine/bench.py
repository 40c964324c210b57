"""What the engine lends to node kinds: photographs by their `file`, and the run's output folder."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

from app.basics.faults import DiskTrouble, Fault, Retry
from app.basics.words import say
from app.document.name_template import Facts, Template, parsed
from app.imaging.facts import ImageFacts
from app.nodes.declare import Picture

_AT_A_TIME = 256 * 1024
"""Bytes. In one piece of megabytes a copy costs twice as much: the system first finds memory in one piece."""


class PhotographReader(Protocol):
    """`imaging.photographs.Photographs`, as far as reading goes; both work in threads."""

    async def content_hash(self, path: Path) -> str: ...

    async def facts(self, path: Path) -> ImageFacts: ...


_Seen = tuple[Path, int, int, int]
"""Path, size, time of change, inode."""


class SeenLately:
    """Photographs that were looked into, by their path and what the disk says of it. Rows of a table share
    them, and to open one takes longer than all else that a row is planned with."""

    def __init__(self, most: int = 4096) -> None:
        self._known: OrderedDict[_Seen, Picture] = OrderedDict()
        self._looking: dict[_Seen, asyncio.Task[Picture]] = {}
        self._most = most

    async def of(self, key: _Seen, look: Callable[[], Coroutine[object, object, Picture]]) -> Picture:
        """What is known, else what `look` says. Asked by many at once, one looks: hundreds of rows are begun
        together. Whoever is cancelled does not take it from the others."""
        if (known := self._known.get(key)) is not None:
            return known
        looking = self._looking.get(key)
        if looking is None:
            looking = self._looking[key] = asyncio.get_running_loop().create_task(look())
            looking.add_done_callback(partial(self._seen, key))
        return await asyncio.shield(looking)

    def _seen(self, key: _Seen, looking: asyncio.Task[Picture]) -> None:
        del self._looking[key]
        if looking.cancelled() or looking.exception() is not None:
            return  # told to those who waited, and looked into again by the next
        self._known[key] = looking.result()
        if len(self._known) > self._most:
            self._known.popitem(last=False)


_Found = tuple[Path, _Seen | None]
"""Where a file lies, and by what it is known again."""


class _Places:
    """Where files lie. What is asked together is looked up in one step to a thread, which takes longer than
    the look itself."""

    def __init__(self, resolve: Callable[[str], Path]) -> None:
        self._resolve = resolve
        self._files: list[str] = []
        self._task: asyncio.Task[dict[str, _Found | None]] | None = None

    async def of(self, file: str) -> _Found:
        """:raises Fault: as `resolve`"""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._look())
        self._files.append(file)
        found = (await asyncio.shield(self._task))[file]
        if found is None:  # each who asks for a bad one gets a fault of his own
            return await asyncio.to_thread(self._found, file)
        return found

    async def _look(self) -> dict[str, _Found | None]:
        await asyncio.sleep(0)  # whoever asks in the same moment
        files, self._files, self._task = self._files, [], None
        return await asyncio.to_thread(lambda: {file: self._found_or_none(file) for file in files})

    def _found_or_none(self, file: str) -> _Found | None:
        try:
            return self._found(file)
        except Fault:
            return None

    def _found(self, file: str) -> _Found:
        path = self._resolve(file)
        try:
            stat = path.stat()
        except OSError:  # whoever reads it says so better
            return path, None
        return path, (path, stat.st_size, stat.st_mtime_ns, stat.st_ino)


class FolderBench:
    """One for a run. `facts` tells what is known of a picture for its name; runs may share `lately`."""

    def __init__(
        self,
        *,
        resolve: Callable[[str], Path],
        photographs: PhotographReader,
        output: Path,
        facts: Callable[[Picture], Facts],
        lately: SeenLately | None = None,
    ) -> None:
        self.saved: dict[str, Path] = {}
        """Content hash → where this run has saved it first."""
        self._places = _Places(resolve)
        self._photographs = photographs
        self._output = output
        self._facts = facts
        self._lately = lately or SeenLately()
        self._one_at_a_time = asyncio.Lock()

    async def photograph(self, file: str) -> Picture:
        path, key = await self._places.of(file)
        if key is None:
            return await self._looked(path)
        return await self._lately.of(key, lambda: self._looked(path))

    async def _looked(self, path: Path) -> Picture:
        sha256 = await self._photographs.content_hash(path)
        facts = await self._photographs.facts(path)
        return Picture(path=path, sha256=sha256, name=path.name, width=facts.width, height=facts.height)

    async def save(self, picture: Picture, name: str) -> Path:
        """A picture that is there already, with the same bytes, is not written again."""
        template = parsed(name)
        async with self._one_at_a_time:  # two of the same name choose their numbers one after the other
            path = await asyncio.to_thread(self._save, picture, template)
        self.saved.setdefault(picture.sha256, path)
        return path

    def _save(self, picture: Picture, template: Template) -> Path:
        try:
            self._output.mkdir(parents=True, exist_ok=True)
            suffix = _suffix(picture.path)
            number = 1
            while True:
                target = self._output / f"{self._name(picture, template, number)}{suffix}"
                if not target.exists():
                    with contextlib.suppress(FileExistsError):  # another process was quicker: looked at below
                        return _place(picture.path, target)
                if _hash(target) == picture.sha256:
                    return target
                number += 1
        except OSError as error:
            raise DiskTrouble(
                say("The picture could not be saved in {output}.", output=self._output),
                advice=say(
                    "Make the folder writable or free some space, then run again: "
                    "the picture is in the library, and is not paid for anew."
                ),
                code="engine.save",
                retry=Retry.LATER,
                detail=str(error),
            ) from error

    def _name(self, picture: Picture, template: Template, number: int) -> str:
        """The file's stem. Where the template has no `{n}`, the second of a name gets a number behind it."""
        facts = self._facts(picture)
        stem = template.stem(facts, str(number))
        if number == 1 or template.numbered:
            return stem
        return parsed(f"{template.text}-{{n}}").stem(facts, str(number))


def _suffix(path: Path) -> str:
    """The ending of the bytes that are there, whatever the file is called."""
    with path.open("rb") as stream:
        head = stream.read(16)
    if head.startswith(b"\x89PNG"):
        return ".png"
    if head.startswith(b"\xff\xd8"):
        return ".jpg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ".webp"
    return path.suffix.lower() or ".png"


def _place(source: Path, target: Path) -> Path:
    """All or nothing, and never over another file."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".saving-")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as out, source.open("rb") as stream:
            _copy(stream, out)
            out.flush()
            os.fsync(out.fileno())
        fresh.chmod(0o644)
        os.link(fresh, target)
    except FileExistsError:
        raise
    except OSError:
        if target.exists() or not fresh.exists():
            raise
        os.replace(fresh, target)  # a file system without hard links
    finally:
        fresh.unlink(missing_ok=True)
    return target


def _copy(source: BinaryIO, out: BinaryIO) -> None:
    """In the kernel, or by no copying at all, where the file system can."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # two file systems, or one that cannot: the rest is copied below
            while os.copy_file_range(source.fileno(), out.fileno(), _AT_A_TIME):
                pass
            return
        source.seek(os.lseek(source.fileno(), 0, os.SEEK_CUR))
    shutil.copyfileobj(source, out, _AT_A_TIME)


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
