"""Where the bytes of results live. A folder by content hash; any other store keeps the same contract."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from app.basics.faults import BadInput, DiskTrouble, Retry
from app.basics.words import say
from app.library.file_names import NOTE_SUFFIX, check_note_name, is_sha256, note_of, to_drop, to_put_back

_ABANDONED_SECONDS = 2 * 86_400
_PIECE = 1 << 18
_SUFFIXES = {
    "PNG": (".png", "image/png"),
    "JPEG": (".jpg", "image/jpeg"),
    "WEBP": (".webp", "image/webp"),
    "TIFF": (".tiff", "image/tiff"),
    "BMP": (".bmp", "image/bmp"),
    "GIF": (".gif", "image/gif"),
    "HEIC": (".heic", "image/heic"),
    "AVIF": (".avif", "image/avif"),
}


def kind_of(format: str) -> tuple[str, str]:
    """Suffix and media type of a picture's format, as Pillow calls it."""
    return _SUFFIXES.get(format, (f".{format.lower()}", f"image/{format.lower()}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What `take` kept. `fresh`: these bytes were not there before."""

    sha256: str
    path: Path
    bytes: int
    fresh: bool


class Store(Protocol):
    """Keeps bytes by their hash, unchanged, with small notes beside them. An asset is named by `sha256` and
    `suffix` (`.png`). Its calls block: they are made in threads."""

    near: bool
    """Whether the pictures are on a disk of this machine, so that `holds` answers at once and what it holds
    is at its `place`. Where they are not, a picture is at its `place` once `bring` has been called."""

    def temp(self) -> Path:
        """A path for a download, on the same disk, so that taking it is a rename."""
        ...

    def place(self, sha256: str, suffix: str) -> Path:
        """Where the asset's local copy is, or will be after `bring`."""
        ...

    def take(self, temp: Path, suffix: str) -> Taken:
        """Moves a finished file in. It is on the disk, under its final name, when this returns. Where it
        cannot be kept the file stays at `temp`.

        :raises DiskTrouble: `library.full`, `library.unwritable`, `library.short`
        """
        ...

    def holds(self, sha256: str, suffix: str) -> bool:
        """Whether it is there, as far as can be said at once."""
        ...

    def bring(self, sha256: str, suffix: str) -> Path | None:
        """The local copy, fetched if need be; None where the store has no such asset (any more)."""
        ...

    def open(self, sha256: str, suffix: str) -> BinaryIO:
        """:raises DiskTrouble: `library.gone`"""
        ...

    def verify(self, sha256: str, suffix: str) -> bool:
        """Whether it is there and its bytes still have this hash."""
        ...

    def write_note(self, sha256: str, name: str, text: bytes) -> None:
        """A small file beside the asset, written whole or not at all, under its final name on return."""
        ...

    def notes(
        self, only: str = "", known: Collection[tuple[str, str]] = ()
    ) -> Iterator[tuple[str, str, Path]]:
        """Notes: hash of the asset, name, file, which is read before the next is asked for. `only`: those of
        this name; those that are `known` by hash and name are left out."""
        ...

    def set_aside(self, sha256: str, suffix: str) -> Path | None:
        """Moves an asset that is damaged, and its notes, out of the way; where it is now, None where it was
        not there any more.

        :raises DiskTrouble: `library.unwritable`
        """
        ...

    def withdraw(self, sha256: str, suffix: str) -> None:
        """Moves an asset and its notes out of the way, to be dropped or put back. What is not there is no
        matter.

        :raises DiskTrouble: `library.unwritable`; it may be withdrawn in part
        """
        ...

    def put_back(self, sha256: str) -> None:
        """All that was withdrawn of an asset; what is there by now stays. What a killed process was dropping
        is dropped.

        :raises DiskTrouble: `library.unwritable`
        """
        ...

    def drop(self, sha256: str) -> None:
        """Deletes what was withdrawn of an asset, for good.

        :raises DiskTrouble: `library.unwritable`; what is left of it is still withdrawn
        """
        ...

    def withdrawn(self) -> frozenset[str]:
        """What a process left that ended between `withdraw` and what had to follow."""
        ...

    def tidy(self) -> int:
        """Removes downloads that were begun long ago and never taken; how many."""
        ...


class FolderStore:
    """`ab/cd/<sha256>.png`, notes as `ab/cd/<sha256>.<name>.json`, downloads in `incoming/`, what was found
    damaged in `damaged/`, what is about to be deleted in `removed/`."""

    near = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = f"{folder}{os.sep}"

    def temp(self) -> Path:
        incoming = self._folder / "incoming"
        with disk_words(incoming):
            _make_folders(incoming)
        return incoming / f"{secrets.token_hex(8)}.part"

    def place(self, sha256: str, suffix: str) -> Path:
        if not is_sha256(sha256):
            raise BadInput(
                say("A picture in the library is named by 64 hexadecimal digits."),
                advice=say("Choose the picture again."),
                code="library.name",
                detail=sha256[:80],
            )
        # Joined as text, since this is done for each row of a page.
        return Path(f"{self._root}{sha256[:2]}{os.sep}{sha256[2:4]}{os.sep}{sha256}{suffix}")

    def take(self, temp: Path, suffix: str) -> Taken:
        with disk_words(self._folder):
            sha256, size = hashed(temp)
            target = self.place(sha256, suffix)
            _make_folders(target.parent)
            if _is_whole(target, sha256, size):
                temp.unlink(missing_ok=True)
                return Taken(sha256=sha256, path=target, bytes=size, fresh=False)
            _sync(temp)
            self._move(temp, target)
            _sync(target.parent)
            _check_size(target, size)
            return Taken(sha256=sha256, path=target, bytes=size, fresh=True)

    def holds(self, sha256: str, suffix: str) -> bool:
        return self.place(sha256, suffix).is_file()

    def bring(self, sha256: str, suffix: str) -> Path | None:
        path = self.place(sha256, suffix)
        return path if path.is_file() else None

    def open(self, sha256: str, suffix: str) -> BinaryIO:
        path = self.place(sha256, suffix)
        try:
            return path.open("rb")
        except OSError as error:
            raise DiskTrouble(
                say("The picture {name} is not in the library any more.", name=path.name),
                advice=say("Put it back, or run its node again."),
                code="library.gone",
                detail=str(error),
            ) from error

    def verify(self, sha256: str, suffix: str) -> bool:
        try:
            return hashed(self.place(sha256, suffix))[0] == sha256
        except OSError:
            return False

    def write_note(self, sha256: str, name: str, text: bytes) -> None:
        check_note_name(name)
        path = self.place(sha256, f".{name}{NOTE_SUFFIX}")
        temp = self.temp()
        with disk_words(self._folder):
            try:
                temp.write_bytes(text)
                _check_size(temp, len(text))
                _sync(temp)
                _make_folders(path.parent)
                os.replace(temp, path)
                _sync(path.parent)
            finally:
                temp.unlink(missing_ok=True)

    def notes(
        self, only: str = "", known: Collection[tuple[str, str]] = ()
    ) -> Iterator[tuple[str, str, Path]]:
        for path in sorted(self._folder.glob(f"??/??/*{f'.{only}' if only else ''}{NOTE_SUFFIX}")):
            found = note_of(path.name)
            if found is not None and found not in known:
                yield *found, path

    def set_aside(self, sha256: str, suffix: str) -> Path | None:
        path = self.place(sha256, suffix)
        damaged = self._folder / "damaged"
        with disk_words(self._folder):
            there = path.is_file()
            if there:
                _make_folders(damaged)
                os.replace(path, damaged / path.name)
            for note in sorted(path.parent.glob(f"{sha256}.*{NOTE_SUFFIX}")):
                _make_folders(damaged)
                os.replace(note, damaged / note.name)
        return damaged / path.name if there else None

    def withdraw(self, sha256: str, suffix: str) -> None:
        path = self.place(sha256, suffix)
        with disk_words(self._folder):
            _make_folders(self._removed)
            # The notes first: a picture without them is found by nobody, notes without it are said missing.
            for one in (*sorted(path.parent.glob(f"{sha256}.*{NOTE_SUFFIX}")), path):
                with contextlib.suppress(FileNotFoundError):
                    os.replace(one, self._removed / one.name)
            _sync(self._removed)

    def put_back(self, sha256: str) -> None:
        with disk_words(self._folder):
            coming = to_put_back(self._withdrawn_of(sha256))
            for name in coming:
                target = self.place(sha256, name[len(sha256) :])
                _make_folders(target.parent)
                if target.exists():
                    (self._removed / name).unlink(missing_ok=True)
                else:
                    os.replace(self._removed / name, target)
                    _sync(target.parent)
            if not coming:
                self.drop(sha256)

    def drop(self, sha256: str) -> None:
        with disk_words(self._folder):
            for name in to_drop(self._withdrawn_of(sha256)):
                (self._removed / name).unlink(missing_ok=True)

    def withdrawn(self) -> frozenset[str]:
        names = {path.name.partition(".")[0] for path in self._removed.glob("*.*")}
        return frozenset(name for name in names if is_sha256(name))

    def tidy(self) -> int:
        """Removes downloads that were begun two days ago and never taken; how many."""
        removed, old = 0, time.time() - _ABANDONED_SECONDS
        for path in (self._folder / "incoming").glob("*.part"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < old:
                    path.unlink()
                    removed += 1
        return removed

    # --- inside ----------------------------------------------------------------------------------

    @property
    def _removed(self) -> Path:
        return self._folder / "removed"

    def _withdrawn_of(self, sha256: str) -> list[str]:
        return [path.name for path in self._removed.glob(f"{sha256}.*")]

    def _move(self, temp: Path, target: Path) -> None:
        try:
            os.replace(temp, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            own = self.temp()  # it came from another disk: copied beside its place first
            try:
                shutil.copyfile(temp, own)
                _check_size(own, temp.stat().st_size)
                _sync(own)
                os.replace(own, target)
            finally:
                own.unlink(missing_ok=True)
            temp.unlink(missing_ok=True)


def hashed(path: Path) -> tuple[str, int]:
    """SHA-256 and bytes of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as handle:
        while piece := handle.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def _is_whole(target: Path, sha256: str, size: int) -> bool:
    """A file of this name may be torn by a power cut; then the new one takes its place."""
    try:
        return target.stat().st_size == size and hashed(target)[0] == sha256
    except OSError:
        return False


def _check_size(path: Path, size: int) -> None:
    """A quota may cut a write short and say nothing."""
    found = path.stat().st_size
    if found != size:
        raise DiskTrouble(
            say(
                "The library could not keep the whole picture: {found} of {size} bytes arrived.",
                found=found,
                size=size,
            ),
            advice=say("Free some space on the disk and try again; the picture can be fetched again."),
            code="library.short",
            retry=Retry.LATER,
        )


def _make_folders(folder: Path) -> None:
    """New folders with their names on the disk, so that a power cut does not take a picture's folder."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir(mode=0o700, exist_ok=True)
        _sync(new.parent)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # Windows has no such call for folders
        return
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def disk_words(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise DiskTrouble(
            say("The library's disk is full.")
            if full
            else say("The library at {folder} cannot be written.", folder=folder),
            advice=say("Free some space on it and try again; nothing that was paid for is lost.")
            if full
            else say("Make the folder writable, or bring its drive back, and try again."),
            code="library.full" if full else "library.unwritable",
            retry=Retry.LATER,
            detail=str(error),
        ) from error
