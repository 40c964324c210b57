"""A library that many machines share: any file system that fsspec opens (S3, a network share, …), with a
folder of this machine before it."""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from app.basics.faults import DiskTrouble, Retry
from app.basics.words import say
from app.library.file_names import check_note_name, is_sha256, note_of, to_drop, to_put_back
from app.library.store import FolderStore, Taken, disk_words, hashed
from app.library.store_faults import Place, gone, short

CACHE_BYTES = 10_000_000_000
"""What the folder of this machine may hold. More than that only of what was asked for just now."""
IN_USE_SECONDS = 900.0
"""A picture that was asked for so lately may be open, or about to be."""
_ABANDONED = timedelta(days=2)
_AT_A_TIME = 100
_PIECE = 1 << 18
WHOLE_AT_ONCE = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oci"})
"""Stores in which a file is there under its name only when all of it has come."""


class SharedStore:
    """Keeps the contract of `Store`: in the file system `files` under `root` (as it names paths), laid out as
    `FolderStore` does it. Pictures that came or went are also in `folder`, at most `limit` bytes of them: the
    oldest go first, never one that was asked for within `IN_USE_SECONDS`. What is brought is checked by its
    hash.

    What it has seen in the store it takes to be there: pictures are deleted by `withdraw` alone. Where the
    store cannot be asked, that is a fault and never a no: a no would buy the picture again.

    :raises DiskTrouble: `library.unreachable`, `library.forbidden`, `library.no-store`, `library.full`,
        `library.unwritable`
    """

    near = False

    def __init__(
        self,
        files: Any,
        root: str,
        folder: Path,
        place: Place,
        *,
        limit: int = CACHE_BYTES,
        in_use: float = IN_USE_SECONDS,
    ) -> None:
        self._files, self._root, self._place = files, root.rstrip("/"), place
        self._folder, self._near = folder, FolderStore(folder)
        self._limit, self._in_use = limit, in_use
        protocols = files.protocol if isinstance(files.protocol, tuple | list) else (files.protocol,)
        self._is_s3 = bool({"s3", "s3a"}.intersection(protocols))
        self._whole_at_once = bool(WHOLE_AT_ONCE.intersection(protocols))
        self._seen: set[str] = set()
        self._looking = threading.Lock()
        self._looked = False
        self._moving = tuple(threading.Lock() for _ in range(64))
        self._counting = threading.Lock()
        self._held: int | None = None
        self._used: Counter[str] = Counter()

    def temp(self) -> Path:
        return self._near.temp()

    def place(self, sha256: str, suffix: str) -> Path:
        return self._near.place(sha256, suffix)

    def take(self, temp: Path, suffix: str) -> Taken:
        with disk_words(self._folder):
            sha256, size = hashed(temp)
        key = self._key(sha256, suffix)
        self._look()
        with self._alone(sha256):
            with self._place.words():
                fresh = not self._is_whole(key, sha256, size)
                if fresh:
                    self._send(temp, key, sha256, size)
            self._seen.add(_name(key))
            kept = self._keep(temp, suffix)
        return Taken(sha256=sha256, path=kept, bytes=size, fresh=fresh)

    def holds(self, sha256: str, suffix: str) -> bool:
        key = self._key(sha256, suffix)
        if _name(key) in self._seen:
            return True
        self._look()
        with self._place.words():
            there = self._size(key) is not None
        if there:
            self._seen.add(_name(key))
        return there

    def bring(self, sha256: str, suffix: str) -> Path | None:
        if path := self._here(sha256, suffix):
            return path
        with self._alone(sha256):
            return self._here(sha256, suffix) or self._fetch(sha256, suffix)

    @contextlib.contextmanager
    def using(self, sha256: str, suffix: str) -> Iterator[Path | None]:
        """As `bring`; what it gives stays until the block ends."""
        name = f"{sha256}{suffix}"
        with self._counting:
            self._used[name] += 1
        try:
            yield self.bring(sha256, suffix)
        finally:
            with self._counting:
                self._used[name] -= 1
                if not self._used[name]:
                    del self._used[name]

    def open(self, sha256: str, suffix: str) -> BinaryIO:
        if self.bring(sha256, suffix) is None:
            raise gone(f"{sha256}{suffix}")
        return self._near.open(sha256, suffix)

    def verify(self, sha256: str, suffix: str) -> bool:
        self._look()
        with self._alone(sha256), self._place.words():
            return self._hash(self._key(sha256, suffix)) == sha256

    def write_note(self, sha256: str, name: str, text: bytes) -> None:
        check_note_name(name)
        key = self._key(sha256, f".{name}.json")
        self._look()
        with self._place.words():
            if self._whole_at_once:
                self._files.pipe_file(key, text)
            else:
                part = self._part()
                self._files.pipe_file(part, text)
                self._move(part, key)
            if (size := self._size(key)) != len(text):
                raise short(size or 0, len(text))

    def notes(
        self, only: str = "", known: Collection[tuple[str, str]] = ()
    ) -> Iterator[tuple[str, str, Path]]:
        wanted = []
        for key in self._listed():
            found = note_of(_name(key))
            if found is not None and found not in known and only in ("", found[1]):
                wanted.append((*found, key))
        for begin in range(0, len(wanted), _AT_A_TIME):
            yield from self._read_notes(wanted[begin : begin + _AT_A_TIME])

    def set_aside(self, sha256: str, suffix: str) -> Path | None:
        there = self._put_away(sha256, suffix, "damaged")
        return Path(f"{self._root}/damaged/{sha256}{suffix}") if there else None

    def withdraw(self, sha256: str, suffix: str) -> None:
        self._put_away(sha256, suffix, "removed")

    def put_back(self, sha256: str) -> None:
        with self._place.words():
            coming = to_put_back(self._withdrawn_of(sha256))
            for name in coming:
                key = self._key(sha256, name[len(sha256) :])
                if self._size(key) is None:
                    self._move(f"{self._root}/removed/{name}", key)
                else:
                    self._delete(f"{self._root}/removed/{name}")
                self._seen.add(name)
            if not coming:
                self.drop(sha256)

    def drop(self, sha256: str) -> None:
        with self._place.words():
            for name in to_drop(self._withdrawn_of(sha256)):
                self._delete(f"{self._root}/removed/{name}")

    def withdrawn(self) -> frozenset[str]:
        self._look()
        with self._place.words():
            names = {one.partition(".")[0] for one in self._names("removed")}
        return frozenset(one for one in names if is_sha256(one))

    def tidy(self) -> int:
        removed = self._near.tidy()
        old = datetime.now(UTC) - _ABANDONED
        with self._place.words():
            for name in self._names("incoming"):
                path = f"{self._root}/incoming/{name}"
                with contextlib.suppress(FileNotFoundError, NotImplementedError):
                    when = self._files.modified(path)
                    if (when if when.tzinfo else when.replace(tzinfo=UTC)) < old:
                        self._files.rm_file(path)
                        removed += 1
        return removed

    # --- the store -------------------------------------------------------------------------------

    def _key(self, sha256: str, suffix: str) -> str:
        self._near.place(sha256, suffix)  # says so where that is no hash
        return f"{self._root}/{sha256[:2]}/{sha256[2:4]}/{sha256}{suffix}"

    def _alone(self, sha256: str) -> threading.Lock:
        """One at a time sends or fetches a picture: the others find it there. There are file systems whose
        readers of one file share its position."""
        return self._moving[int(sha256[:2], 16) % len(self._moving)]

    def _look(self) -> None:
        """Once: a store that is not there at all has no pictures either, and that is no answer."""
        if self._looked:
            return
        with self._looking, self._place.words():
            if not self._looked:
                if self._is_s3:
                    self._files.call_s3("head_bucket", Bucket=self._root.partition("/")[0])
                else:
                    self._files.makedirs(self._root, exist_ok=True)
                self._looked = True

    def _size(self, key: str) -> int | None:
        try:
            return int(self._files.info(key)["size"])
        except FileNotFoundError:
            return None

    def _hash(self, key: str) -> str:
        """Empty where there is nothing."""
        temp = self._near.temp()
        try:
            self._files.get_file(key, str(temp))
            return hashed(temp)[0]
        except FileNotFoundError:
            return ""
        finally:
            temp.unlink(missing_ok=True)

    def _is_whole(self, key: str, sha256: str, size: int) -> bool:
        return self._size(key) == size and self._hash(key) == sha256

    def _send(self, temp: Path, key: str, sha256: str, size: int) -> None:
        """Where the store does not check what it gets (S3 does, by a checksum), it is read again."""
        if self._whole_at_once:
            self._files.put_file(str(temp), key)
        else:
            part = self._part()
            self._files.put_file(str(temp), part)
            self._move(part, key)
        if (found := self._size(key)) != size:
            raise short(found or 0, size)
        if not self._is_s3 and self._hash(key) != sha256:
            raise short(size, size)

    def _part(self) -> str:
        self._files.makedirs(f"{self._root}/incoming", exist_ok=True)
        return f"{self._root}/incoming/{secrets.token_hex(8)}.part"

    def _move(self, source: str, target: str) -> None:
        if not self._whole_at_once:
            self._files.makedirs(target.rpartition("/")[0], exist_ok=True)
        self._files.mv(source, target)

    def _delete(self, key: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._files.rm_file(key)

    def _names(self, folder: str) -> list[str]:
        try:
            return [_name(one) for one in self._files.ls(f"{self._root}/{folder}", detail=False)]
        except FileNotFoundError:
            return []

    def _listed(self) -> list[str]:
        self._look()
        with self._place.words():
            keys = [str(one) for one in self._files.find(self._root)]
        keys = [key for key in keys if _is_placed(key)]
        self._seen.update(name for key in keys if not (name := _name(key)).endswith(".json"))
        return sorted(keys, key=_name)

    def _read_notes(self, wanted: list[tuple[str, str, str]]) -> Iterator[tuple[str, str, Path]]:
        with self._place.words():
            texts = self._files.cat([key for _, _, key in wanted], on_error="return")
        for sha256, name, key in wanted:
            text = texts[key]
            if isinstance(text, FileNotFoundError):  # withdrawn meanwhile
                continue
            with self._place.words():
                if isinstance(text, Exception):
                    raise text
            path = self._near.temp()
            path = path.with_name(f"{path.stem}-{_name(key)}")
            try:
                with disk_words(self._folder):
                    path.write_bytes(text)
                yield sha256, name, path
            finally:
                path.unlink(missing_ok=True)

    def _withdrawn_of(self, sha256: str) -> list[str]:
        return [one for one in self._names("removed") if one.startswith(f"{sha256}.")]

    def _put_away(self, sha256: str, suffix: str, folder: str) -> bool:
        """Whether the picture was there. The notes first, as in `FolderStore.withdraw`."""
        key = self._key(sha256, suffix)
        beside = key.removeprefix(f"{self._root}/").rpartition("/")[0]
        self._look()
        there = False
        with self._place.words():
            if not self._whole_at_once:
                self._files.makedirs(f"{self._root}/{folder}", exist_ok=True)
            names = [one for one in self._names(beside) if (note_of(one) or ("",))[0] == sha256]
            for name in (*sorted(names), _name(key)):
                with contextlib.suppress(FileNotFoundError):
                    self._move(f"{self._root}/{beside}/{name}", f"{self._root}/{folder}/{name}")
                    there = name == _name(key)
        self._seen.discard(_name(key))
        self._near.place(sha256, suffix).unlink(missing_ok=True)
        return there

    # --- the folder of this machine --------------------------------------------------------------

    def _here(self, sha256: str, suffix: str) -> Path | None:
        path = self._near.bring(sha256, suffix)
        if path is not None:
            with contextlib.suppress(OSError):
                os.utime(path)  # it is in use
        return path

    def _fetch(self, sha256: str, suffix: str) -> Path | None:
        self._look()
        temp = self._near.temp()
        try:
            with self._place.words(bringing=self._folder):
                self._files.get_file(self._key(sha256, suffix), str(temp))
            if hashed(temp)[0] != sha256:
                raise self._damaged(sha256, suffix)
            return self._keep(temp, suffix)
        except FileNotFoundError:
            self._seen.discard(f"{sha256}{suffix}")
            return None
        finally:
            temp.unlink(missing_ok=True)

    def _damaged(self, sha256: str, suffix: str) -> DiskTrouble:
        return DiskTrouble(
            say("The picture {name} came damaged from the library.", name=f"{sha256[:12]}…{suffix}"),
            advice=say("Try again. If it stays so, `tagloom doctor --repair` moves it aside."),
            code="library.damaged",
            retry=Retry.LATER,
        )

    def _keep(self, temp: Path, suffix: str) -> Path:
        taken = self._near.take(temp, suffix)
        os.utime(taken.path)
        with self._counting:
            self._held = None if self._held is None else self._held + taken.bytes * taken.fresh
            if self._held is None or self._held > self._limit:
                self._held = self._make_room()
        return taken.path

    def _make_room(self) -> int:
        """Down to nine tenths, so that not each picture counts the folder anew; what is held now."""
        found = []
        for path in self._folder.glob("??/??/*"):
            with contextlib.suppress(OSError):
                seen = path.stat()
                found.append((seen.st_mtime, seen.st_size, path))
        held, lately = sum(size for _, size, _ in found), time.time() - self._in_use
        if held > self._limit:
            for when, size, path in sorted(found, key=lambda one: one[0]):
                if held <= self._limit * 0.9 or when > lately:
                    break
                if path.name in self._used:
                    continue
                with contextlib.suppress(OSError):  # Windows keeps what is open
                    path.unlink()
                    held -= size
        return held


def _name(key: str) -> str:
    return key.rpartition("/")[2]


def _is_placed(key: str) -> bool:
    """Not in `incoming`, `removed` or `damaged`."""
    name = _name(key)
    return len(name) > 64 and key.endswith(f"/{name[:2]}/{name[2:4]}/{name}")
