"""Zip files: written to the same bytes each time, and read from strangers within bounds.

Nothing is unpacked by the names in it: a reader asks for the members it knows, each with its own bound.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from app.basics.faults import BadInput, DiskTrouble
from app.basics.words import say

MOST_BYTES = (1 << 31) - 1 - (1 << 20)
"""Of a zip without the 64-bit fields, which many programs cannot read, with room for its list."""
MOST_MEMBERS = 20_000
MOST_RATIO = 250
"""How many times larger a packed member may be than it lies there: text of ours is below 40."""
_SMALL = 1 << 20
_NAME = re.compile(r"[A-Za-z0-9_+-][A-Za-z0-9_.+-]*(/[A-Za-z0-9_+-][A-Za-z0-9_.+-]*)*")
_FIRST = (1980, 1, 1, 0, 0, 0)
_END = struct.Struct("<4s4H2LH")
_ZIP64_FIELD = 1
_PIECE = 1 << 20
_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    UnicodeError,
    ValueError,
    LookupError,
)
"""What `zipfile` raises on junk."""


class Member(Struct, frozen=True, kw_only=True):
    """What is to be written: bytes, or a file whose bytes they are. `packed`: smaller, for text."""

    name: str
    content: bytes | Path
    packed: bool = False


def write_zip(file: BinaryIO, members: Iterable[Member]) -> dict[str, str]:
    """Writes members in their order, with one date for all; name → SHA-256 of what was written.

    :raises BadInput: `zip.too-large`  :raises OSError: either side fails
    """
    hashes: dict[str, str] = {}
    try:
        with zipfile.ZipFile(file, "w", allowZip64=False) as zip:
            for one in members:
                hashes[one.name] = _written(zip, one)
    except (zipfile.LargeZipFile, RuntimeError) as error:
        raise too_large() from error
    return hashes


def _written(zip: zipfile.ZipFile, member: Member) -> str:
    info = zipfile.ZipInfo(member.name, date_time=_FIRST)
    info.create_system = 3
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    info.compress_type = zipfile.ZIP_DEFLATED if member.packed else zipfile.ZIP_STORED
    digest = hashlib.sha256()
    if isinstance(member.content, bytes):
        digest.update(member.content)
        zip.writestr(info, member.content)
        return digest.hexdigest()
    info.file_size = member.content.stat().st_size
    with member.content.open("rb") as source, zip.open(info, "w") as target:
        while piece := source.read(_PIECE):
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()


def too_large() -> BadInput:
    return BadInput(
        say("It would be larger than {most} GB.", most=2),
        advice=say("Leave out older versions, or divide it into several documents."),
        code="zip.too-large",
    )


class Zip:
    """An open zip whose list has been checked (`opened_zip`)."""

    def __init__(self, zip: zipfile.ZipFile, name: str) -> None:
        self._zip, self._called = zip, name
        self._infos = {one.filename: one for one in zip.infolist()}

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def size(self, name: str) -> int:
        """Bytes of a member as its list says; `read` and `copy` hold it to that."""
        return self._infos[name].file_size if name in self._infos else 0

    def read(self, name: str, most: int) -> bytes:
        """:raises BadInput: missing, larger than `most`, damaged"""
        return b"".join(self._pieces(name, most))

    def copy(self, name: str, target: BinaryIO, most: int) -> str:
        """Writes a member into a file and gives its SHA-256.

        :raises BadInput: missing, larger than `most`, damaged  :raises OSError: it cannot be written
        """
        digest = hashlib.sha256()
        for piece in self._pieces(name, most):
            digest.update(piece)
            target.write(piece)
        return digest.hexdigest()

    def _pieces(self, name: str, most: int) -> Iterator[bytes]:
        info = self._infos.get(name)
        if info is None:
            raise damaged(self._called, f"{name} is missing")
        if info.file_size > most:
            raise damaged(self._called, f"{name} has {info.file_size} bytes")
        with _reading(self._called):
            source = self._zip.open(info)
        with source:
            while True:
                with _reading(self._called):
                    piece = source.read(_PIECE)
                if not piece:
                    return
                yield piece


@contextmanager
def opened_zip(path: Path, *, most_members: int = MOST_MEMBERS) -> Iterator[Zip]:
    """A zip whose list is sound: so many members, sizes that fit into the file, names that stay inside, each
    once, no links, nothing encrypted, no 64-bit fields.

    :raises BadInput: `zip.damaged` and its like  :raises DiskTrouble: it cannot be read
    """
    name = f"“{path.name}”"
    with _file(path, name) as file:
        size = os.fstat(file.fileno()).st_size
        _check_end(file, size, most_members, name)
        with _reading(name):
            zip = zipfile.ZipFile(file)
        with zip:
            _check_list(zip.infolist(), size, name)
            yield Zip(zip, name)


@contextmanager
def _file(path: Path, name: str) -> Iterator[BinaryIO]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadInput(say("{name} is no file.", name=name), advice=_again(), code="zip.no-file")
        file = path.open("rb")
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise BadInput(
            say("There is no file {path}.", path=path),
            advice=say("Check its name and folder."),
            code="zip.missing",
        ) from error
    except OSError as error:
        raise _unread(name, error) from error
    with file:
        yield file


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except _ERRORS as error:
        raise damaged(name, f"{type(error).__name__}: {error}"[:200]) from error
    except OSError as error:
        if error.errno is None:
            raise damaged(name, str(error)) from error
        raise _unread(name, error) from error


def _check_end(file: BinaryIO, size: int, most_members: int, name: str) -> None:
    """The record at the end, before `zipfile` reads a list as long as it says."""
    tail_size = min(size, _END.size + 0xFFFF)
    file.seek(size - tail_size)
    tail = file.read(tail_size)
    file.seek(0)
    place = tail.rfind(b"PK\5\6")
    if place < 0 or len(tail) - place < _END.size:
        raise damaged(name, "no end record")
    _, disk, first, here, count, length, offset, comment = _END.unpack_from(tail, place)
    long = 0xFFFF in (disk, first, here, count) or 0xFFFFFFFF in (length, offset)
    if long or tail[max(0, place - 20) : place].startswith(b"PK\6\7"):
        raise BadInput(
            say("{name} is a zip of the 64-bit kind, which is not read.", name=name),
            advice=_again(),
            code="zip.zip64",
        )
    end = size - tail_size + place
    if disk or first or here != count or offset + length != end or end + _END.size + comment != size:
        raise damaged(name, "the end record does not fit the file")
    if count > most_members:
        raise BadInput(
            say("{name} holds {count} files; the most is {most}.", name=name, count=count, most=most_members),
            advice=_again(),
            code="zip.too-many",
        )


def _check_list(infos: list[zipfile.ZipInfo], size: int, name: str) -> None:
    seen: set[str] = set()
    for info in infos:
        _check_member(info, name)
        if info.filename.lower() in seen:
            raise BadInput(
                say("{name} holds “{member}” twice.", name=name, member=info.filename[:80]),
                advice=_again(),
                code="zip.twice",
            )
        seen.add(info.filename.lower())
    if sum(info.compress_size for info in infos) > size:
        raise damaged(name, "its members lie over one another")


def _check_member(info: zipfile.ZipInfo, name: str) -> None:
    shown = "".join(sign if sign.isprintable() else "�" for sign in info.orig_filename[:80])
    kind = stat.S_IFMT(info.external_attr >> 16)
    if not _NAME.fullmatch(info.orig_filename) or len(info.orig_filename) > 255:
        raise BadInput(
            say("{name} holds a file that would lie elsewhere: “{member}”.", name=name, member=shown),
            advice=_again(),
            code="zip.outside",
        )
    if kind not in (0, stat.S_IFREG):
        raise BadInput(
            say("{name} holds something that is no file: “{member}”.", name=name, member=shown),
            advice=_again(),
            code="zip.link",
        )
    if info.flag_bits & 0x41:
        raise BadInput(
            say("{name} is encrypted.", name=name),
            advice=say("Unpack it with its password and pack it again without one, or ask for it anew."),
            code="zip.encrypted",
        )
    if _has_zip64(info.extra):
        raise BadInput(
            say("{name} is a zip of the 64-bit kind, which is not read.", name=name),
            advice=_again(),
            code="zip.zip64",
        )
    if info.compress_type == zipfile.ZIP_STORED:
        sound = info.compress_size == info.file_size
    else:
        most = max(_SMALL, info.compress_size * MOST_RATIO)
        sound = info.compress_type == zipfile.ZIP_DEFLATED and info.file_size <= most
    if not sound:
        raise damaged(name, f"{shown} is packed in a strange way")


def _has_zip64(extra: bytes) -> bool:
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == _ZIP64_FIELD:
            return True
        extra = extra[4 + length :]
    return False


def damaged(name: str, detail: str) -> BadInput:
    return BadInput(
        say("{name} is damaged or was cut short.", name=name),
        advice=_again(),
        code="zip.damaged",
        detail=detail,
    )


def _again() -> str:
    return say("Copy it again from where it came from, or ask for it anew.")


def _unread(name: str, error: OSError) -> DiskTrouble:
    return DiskTrouble(
        say("{name} could not be read from the disk.", name=name),
        advice=say("Check that the file may be read and that its disk is connected, then try again."),
        code="disk.read",
        detail=str(error),
    )
