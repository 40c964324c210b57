"""What the engine lends to node kinds: photographs by their `file`, and the run's output folder."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from app.basics.faults import DiskTrouble, Retry
from app.basics.words import say
from app.document.name_template import Facts, Template, parsed
from app.imaging.facts import ImageFacts
from app.nodes.declare import Picture


class PhotographReader(Protocol):
    """`imaging.photographs.Photographs`, as far as reading goes; both work in threads."""

    async def content_hash(self, path: Path) -> str: ...

    async def facts(self, path: Path) -> ImageFacts: ...


class FolderBench:
    """One for a run. `facts` tells what is known of a picture for its name."""

    def __init__(
        self,
        *,
        resolve: Callable[[str], Path],
        photographs: PhotographReader,
        output: Path,
        facts: Callable[[Picture], Facts],
    ) -> None:
        self.saved: dict[str, Path] = {}
        """Content hash → where this run has saved it first."""
        self._resolve = resolve
        self._photographs = photographs
        self._output = output
        self._facts = facts
        self._one_at_a_time = asyncio.Lock()

    async def photograph(self, file: str) -> Picture:
        path = await asyncio.to_thread(self._resolve, file)
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
            shutil.copyfileobj(stream, out, 1 << 20)
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


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
