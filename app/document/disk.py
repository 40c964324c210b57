"""Writing a file so that it is whole or not there: temporary file beside it, fsync, replace, fsync folder."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from app.basics.faults import BadInput, DiskTrouble, Retry
from app.basics.words import say

_PIECE = 1024 * 1024


@contextmanager
def written_whole(target: Path) -> Iterator[BinaryIO]:
    """A file to write that takes the place of `target` when the block ends well, and leaves no trace when
    it does not. An existing file's permissions are kept.

    :raises DiskTrouble: nothing was changed
    """
    temp = target.with_name(f".{target.name[:80]}.{secrets.token_hex(6)}.part")
    try:
        handle = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        with os.fdopen(handle, "wb") as file:
            if target.exists():
                os.chmod(temp, stat.S_IMODE(target.stat().st_mode))
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temp, target)
        sync_folder(target.parent)
    except OSError as error:
        raise trouble(target, error) from error
    finally:
        with suppress(OSError):
            temp.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Makes a rename in a folder last through a power cut; Windows does that by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_bytes(path: Path, most: int) -> bytes:
    """:raises BadInput: missing, no file, or larger than `most`  :raises DiskTrouble: unreadable"""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadInput(
                say("{name} is no file.", name=path.name),
                advice=say("Choose a .tagloom file."),
                code="document.no-file",
            )
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise BadInput(
            say("There is no file {path}.", path=path),
            advice=say("Check its name and folder."),
            code="document.missing",
        ) from error
    except OSError as error:
        raise DiskTrouble(
            say("{path} cannot be read: {words}.", path=path, words=words(error)),
            advice=say("Check the name and whether you may read it."),
            code="disk.read",
            detail=str(error),
        ) from error
    if len(data) > most:
        raise BadInput(
            say("{name} is larger than {most} MB.", name=path.name, most=most // 1024 // 1024),
            advice=say("This is no document of ours; choose another file."),
            code="document.too-large",
        )
    return data


def sha256_of(path: Path) -> str:
    """:raises OSError: unreadable"""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def copy_into(source: Path, file: BinaryIO) -> str:
    """Copies a file's bytes and gives their SHA-256. :raises OSError: either side fails"""
    digest = hashlib.sha256()
    with source.open("rb") as original:
        while piece := original.read(_PIECE):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def trouble(target: Path, error: OSError) -> DiskTrouble:
    return DiskTrouble(
        say(
            "{name} cannot be written in {parent}: {words}.",
            name=target.name,
            parent=target.parent,
            words=words(error),
        ),
        advice=say("Free some space or choose another folder, and save again. The file there is as it was."),
        code="disk.write",
        retry=Retry.ASK,
        detail=str(error),
    )


def words(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
