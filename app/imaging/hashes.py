"""The hash of a file's content, remembered while the file stays the same."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections import OrderedDict
from pathlib import Path

from app.imaging.opening import decoding, name_of

_FRESH = 2.0
"""Seconds. A younger file may be written again within the same time stamp, so it is not remembered."""
_MOST = 20_000

Signature = tuple[int, int, int]


class HashMemory:
    """SHA-256 by path, size, mtime and inode, kept as one JSON line each in `file`; safe between threads.

    Lines are only added, so that two processes may share the file; it is written anew when it has grown to
    twice what is remembered. A line that cannot be read, and a file that cannot be written, cost a hash more.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[Signature, str]] | None = None

    def content_hash(self, path: Path) -> str:
        """Lower-case hexadecimal. Raises BadInput (image.missing, …) or DiskTrouble."""
        with decoding(name_of(path)):
            place = str(path.absolute())
            signature = _signature(path)
            remembered = self._find(place)
            if remembered is not None and remembered[0] == signature:
                return remembered[1]
            with path.open("rb") as stream:
                sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            settled = time.time() - signature[1] / 1e9 > _FRESH
            if settled and _signature(path) == signature:
                self._remember(place, signature, sha256)
            return sha256

    def _find(self, place: str) -> tuple[Signature, str] | None:
        with self._lock:
            if self._known is None:
                self._known = self._read()
            return self._known.get(place)

    def _remember(self, place: str, signature: Signature, sha256: str) -> None:
        with self._lock:
            assert self._known is not None
            self._known[place] = (signature, sha256)
            self._known.move_to_end(place)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                with self._file.open("a", encoding="utf-8") as stream:
                    stream.write(_line(place, signature, sha256))
            except OSError:
                return  # a full disk or a read-only home: the next start hashes again

    def _read(self) -> OrderedDict[str, tuple[Signature, str]]:
        known: OrderedDict[str, tuple[Signature, str]] = OrderedDict()
        try:
            lines = self._file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return known
        for line in lines:
            entry = _entry(line)
            if entry is not None:
                known[entry[0]] = (entry[1], entry[2])
                known.move_to_end(entry[0])
        while len(known) > _MOST:
            known.popitem(last=False)
        if len(lines) > 2 * max(len(known), 100):
            self._compact(known)
        return known

    def _compact(self, known: OrderedDict[str, tuple[Signature, str]]) -> None:
        fresh = self._file.with_name(f"{self._file.name}.{os.getpid()}.tmp")
        try:
            lines = (_line(place, *value) for place, value in known.items())
            fresh.write_text("".join(lines), encoding="utf-8")
            fresh.replace(self._file)
        except OSError:
            fresh.unlink(missing_ok=True)


def _signature(path: Path) -> Signature:
    found = path.stat()
    return (found.st_size, found.st_mtime_ns, found.st_ino)


def _line(place: str, signature: Signature, sha256: str) -> str:
    return json.dumps([place, *signature, sha256]) + "\n"


def _entry(line: str) -> tuple[str, Signature, str] | None:
    try:
        place, size, mtime, inode, sha256 = json.loads(line)
    except (ValueError, TypeError):
        return None
    if not (isinstance(place, str) and isinstance(sha256, str) and len(sha256) == 64):
        return None
    if not all(type(number) is int for number in (size, mtime, inode)):
        return None
    return (place, (size, mtime, inode), sha256)
