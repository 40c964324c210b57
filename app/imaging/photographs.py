"""Photographs, prepared once for each content and vendor, off the event loop and remembered on disk."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from app.basics.faults import BadInput, DiskTrouble, Retry
from app.basics.threads import give_way
from app.basics.words import say
from app.imaging.encoding import SUFFIXES
from app.imaging.facts import ImageFacts, read_facts
from app.imaging.hashes import HashMemory
from app.imaging.preparation import Preparation
from app.imaging.prepare import Prepared, prepare
from app.imaging.thumbnails import Thumbnail, thumbnail

_REMEMBERED = 1000
_DAY = 24 * 3600.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedFile:
    """`path` lies in the cache and is whole; its bytes have `sha256` (hexadecimal) and `size` bytes."""

    path: Path
    mime: str
    width: int
    height: int
    sha256: str
    size: int


class Photographs:
    """`cache_folder` may be deleted at any time; what is missing is made again. Call `close` at the end."""

    def __init__(self, cache_folder: Path, *, workers: int = 2) -> None:
        self._folder = cache_folder / "prepared"
        self._hashes = HashMemory(cache_folder / "hashes.jsonl")
        self._pool = ThreadPoolExecutor(workers, "imaging", initializer=give_way)
        self._lock = threading.Lock()
        self._running: dict[str, Future[PreparedFile]] = {}
        self._done: OrderedDict[str, PreparedFile] = OrderedDict()

    async def content_hash(self, path: Path) -> str:
        """SHA-256 of the file, hexadecimal. Raises BadInput or DiskTrouble."""
        return await self._in_thread(lambda: self._hashes.content_hash(path))

    async def facts(self, path: Path) -> ImageFacts:
        return await self._in_thread(lambda: read_facts(path))

    async def thumbnail(self, path: Path, box: int) -> Thumbnail:
        return await self._in_thread(lambda: thumbnail(path, box))

    async def prepare(self, path: Path, sha256: str, preparation: Preparation) -> PreparedFile:
        """Once for each content and preparation, even when asked for many times at once.

        `sha256` is the content that the caller planned with; a file that has changed since then, or changes
        while it is read, is refused (image.changed). Raises as `prepare`, and DiskTrouble (image.cache).
        """
        key = preparation.key(sha256)
        with self._lock:
            future = self._running.get(key)
            if future is None:
                future = self._pool.submit(self._find_or_make, key, path, sha256, preparation)
                self._running[key] = future
        # Outside the lock: a future that is done calls back at once.
        future.add_done_callback(lambda done: self._forget(key, done))
        # Shielded: one who stops waiting does not take the photograph from the others.
        return await asyncio.shield(asyncio.wrap_future(future))

    def sweep(self, keep_bytes: int) -> int:
        """Deletes what was used longest ago until `keep_bytes` are left, and gives the bytes freed.

        Nothing that was used in the last day goes. Blocking: call it in a thread.
        """
        found = []
        for path in self._folder.glob("*/*"):
            try:
                found.append((path.stat(), path))
            except OSError:
                continue  # another process sweeps too
        found.sort(key=lambda pair: pair[0].st_mtime)
        total = sum(stat.st_size for stat, _ in found)
        freed = 0
        for stat, path in found:
            if total - freed <= keep_bytes or time.time() - stat.st_mtime < _DAY:
                break
            path.unlink(missing_ok=True)
            freed += stat.st_size
        return freed

    def close(self) -> None:
        """Waits for what is being decoded, drops what has not begun."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.wrap_future(self._pool.submit(work))

    def _forget(self, key: str, future: Future[PreparedFile]) -> None:
        with self._lock:
            if self._running.get(key) is future:
                del self._running[key]

    def _find_or_make(self, key: str, path: Path, sha256: str, preparation: Preparation) -> PreparedFile:
        found = self._in_memory(key) or self._on_disk(key)
        if found is None:
            self._check_content(path, sha256)
            made = prepare(path, preparation)
            self._check_content(path, sha256)
            found = self._store(key, made)
        with self._lock:
            self._done[key] = found
            self._done.move_to_end(key)
            while len(self._done) > _REMEMBERED:
                self._done.popitem(last=False)
        return found

    def _check_content(self, path: Path, sha256: str) -> None:
        if self._hashes.content_hash(path) != sha256:
            raise BadInput(
                say("“{name}” has changed while it was being used.", name=path.name),
                advice=say("Run again with the photograph as it is now."),
                code="image.changed",
                retry=Retry.NOW,
            )

    def _in_memory(self, key: str) -> PreparedFile | None:
        with self._lock:
            found = self._done.get(key)
        try:
            return found if found is not None and found.path.stat().st_size == found.size else None
        except OSError:
            return None

    def _on_disk(self, key: str) -> PreparedFile | None:
        """Checked by its hash, once in a process: a damaged cache must not be sent."""
        note = self._note(key)
        try:
            told = json.loads(note.read_text(encoding="utf-8"))
            path = note.with_name(told.pop("name"))
            found = PreparedFile(path=path, **told)
            with path.open("rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != found.sha256:
                    return None
            for used in (note, path):
                os.utime(used)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        return found

    def _store(self, key: str, made: Prepared) -> PreparedFile:
        note = self._note(key)
        found = PreparedFile(
            path=note.with_suffix(SUFFIXES[made.mime]),
            mime=made.mime,
            width=made.width,
            height=made.height,
            sha256=made.sha256,
            size=len(made.data),
        )
        told = {name: value for name, value in asdict(found).items() if name != "path"}
        try:
            note.parent.mkdir(parents=True, exist_ok=True)
            _write(found.path, made.data)
            _write(note, json.dumps({**told, "name": found.path.name}, sort_keys=True).encode())
        except OSError as error:
            raise DiskTrouble(
                say("A prepared photograph could not be kept."),
                advice=say("Free some space on the disk of the cache folder and run again."),
                code="image.cache",
                retry=Retry.LATER,
                detail=f"{type(error).__name__}: {error.strerror}",
            ) from error
        return found

    def _note(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"


def _write(path: Path, data: bytes) -> None:
    """All or nothing for a reader; not fsynced, since the note's hash finds what a power cut leaves."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
