"""Recovery copies: what is not saved yet, apart from the named file, for the case that the program dies.

A copy is `<id>.tagloom`, with what is known of it in `<id>.json`, and `<id>.lock`, which its window holds: a
copy whose lock is free was left by a process that ended without putting it away. `aside/` keeps for 30 days
the copies that were decided on.
"""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.basics.faults import DiskTrouble, Fault
from app.basics.ids import new_id
from app.basics.process_lock import ProcessLock, try_lock
from app.basics.words import say
from app.document import project_file
from app.document.disk import read_bytes, written_whole
from app.document.values import Document

SUFFIX = ".tagloom"
ASIDE_SECONDS = 30 * 86_400
_TORN_SECONDS = 86_400
_MOST_STORY = 1 << 20


class Story(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What is known of a copy. `path` is empty for a document that was never saved; `known` is the hash of
    the file when it was read or written last; `trusted` the photographs that were chosen by hand; `begun`
    and `kept` are seconds since 1970."""

    path: str = ""
    name: str = ""
    known: str = ""
    trusted: tuple[str, ...] = ()
    begun: float = 0.0
    kept: float = 0.0
    format: str = "tagloom-recovery/1"


class OwnCopy:
    """The copy of one document of this process. Its calls block: they are made in threads, one at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._id = new_id()
        self._begun = time.time()
        self._lock: ProcessLock | None = None

    def write(self, document: Document, story: Story) -> None:
        """Whole or as it was. :raises Fault: it could not be written"""
        text = project_file.write_text(document).encode("utf-8")
        told = msgspec.structs.replace(story, begun=self._begun, kept=time.time())
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._lock is None:
                self._lock = try_lock(self._folder / f"{self._id}.lock")
            with written_whole(self._folder / f"{self._id}.json") as file:
                file.write(msgspec.json.encode(told))
            with written_whole(self._folder / f"{self._id}{SUFFIX}") as file:
                file.write(text)
        except (OSError, DiskTrouble) as error:
            raise _unkept(self._folder, error) from error

    def drop(self) -> None:
        """What it held is saved, or given up by the artist."""
        with contextlib.suppress(OSError):
            (self._folder / f"{self._id}{SUFFIX}").unlink(missing_ok=True)
            (self._folder / f"{self._id}.json").unlink(missing_ok=True)
        self.let_go()

    def let_go(self) -> None:
        """Leaves it for the next start."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftCopy:
    """A copy that a dead process left. `path` is its document's file, None where it had none; `saved` when
    that was written last, None where it is gone. Held by us until `let_go`."""

    file: Path
    story: Story
    path: Path | None
    name: str
    kept: datetime
    saved: datetime | None
    lock: ProcessLock

    def load(self) -> Document:
        """:raises BadInput: it is damaged  :raises DiskTrouble: it cannot be read"""
        return project_file.load(self.file).document

    def put_aside(self) -> Path:
        """It is decided on: kept for 30 days, and not offered again. Where it is now.

        :raises DiskTrouble: it stays where it is
        """
        aside = self.file.parent / "aside"
        target = aside / self.file.name
        try:
            aside.mkdir(mode=0o700, exist_ok=True)
            os.utime(self.file)  # its days begin now
            with contextlib.suppress(FileNotFoundError):
                os.replace(self.file.with_suffix(".json"), target.with_suffix(".json"))
            os.replace(self.file, target)
        except OSError as error:
            raise _unkept(aside, error) from error
        self.let_go()
        return target

    def let_go(self) -> None:
        """It is offered again at the next start. May be called twice."""
        self.lock.release()


def left_copies(folder: Path) -> tuple[LeftCopy, ...]:
    """The copies of processes that are no more, newest first, each held by us. A copy of just what stands in
    its document's file has nothing to give, and is put aside. Old ones are tidied away."""
    found: list[LeftCopy] = []
    with contextlib.suppress(OSError):
        _tidy(folder / "aside", f"*{SUFFIX}", ASIDE_SECONDS)
        _tidy(folder, ".*.part", _TORN_SECONDS)
        for file in sorted(folder.glob(f"*{SUFFIX}")):
            with contextlib.suppress(DiskTrouble):  # its lock cannot be used: for another time
                copy = _left(file)
                if copy is not None and _says_more(copy):
                    found.append(copy)
    return tuple(sorted(found, key=lambda one: one.kept, reverse=True))


def _left(file: Path) -> LeftCopy | None:
    lock = try_lock(file.with_suffix(".lock"))
    if lock is None:
        return None
    if not file.exists():  # put away by its window while we looked
        lock.release()
        return None
    story = _story(file.with_suffix(".json"))
    path = Path(story.path) if story.path and "\0" not in story.path else None
    return LeftCopy(
        file=file,
        story=story,
        path=path,
        name=path.name if path else story.name or "Untitled",
        kept=_time_of(file) or datetime.fromtimestamp(0, UTC),
        saved=_time_of(path) if path else None,
        lock=lock,
    )


def _says_more(copy: LeftCopy) -> bool:
    """Whether it differs from its document's file."""
    with contextlib.suppress(OSError):
        if copy.path is not None and copy.path.is_file() and _same(copy.path, copy.file):
            copy.put_aside()
            return False
    return True


def _same(one: Path, other: Path) -> bool:
    return one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()


def _story(file: Path) -> Story:
    """What is known of a copy; nothing where that is lost, which is no reason to lose the copy."""
    with contextlib.suppress(OSError, Fault, msgspec.MsgspecError):
        if file.exists():
            return msgspec.json.decode(read_bytes(file, _MOST_STORY), type=Story)
    return Story()


def _time_of(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        return None


def _tidy(folder: Path, pattern: str, seconds: float) -> None:
    oldest = time.time() - seconds
    for file in folder.glob(pattern):
        with contextlib.suppress(OSError):
            if file.stat().st_mtime < oldest:
                file.unlink()
                file.with_suffix(".json").unlink(missing_ok=True)


def _unkept(folder: Path, error: Exception) -> DiskTrouble:
    return DiskTrouble(
        say(
            "What you change is not kept for the case that Tagloom ends: the recovery copy cannot be written."
        ),
        advice=say(
            "Save the document often, and make room in {folder} or make it writable. "
            "Your document itself is untouched.",
            folder=folder,
        ),
        code="recovery.unkept",
        detail=str(getattr(error, "detail", "") or error),
    )
