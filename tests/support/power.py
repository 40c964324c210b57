"""The power goes: what a disk may hold of a folder, made from the system calls that wrote it (strace).

What is modelled. A write is on the disk when its file was synced after it; a name that was made, moved or
removed is when its folder was synced after it, and a new file's own sync takes its name along (as ext4, XFS
and btrfs do). Of what was not synced, any part may be there: each write kept, lost, or torn at a sector, in
no order; of the names in a folder the first few. Nothing that was synced is lost.

What is not: a drive that lies about its cache, blocks that turn bad, metadata of different folders tied
together by a journal (here they are freer than in truth), and memory that is mapped (SQLite's `-shm`, which
it makes anew).
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
CALLS = (
    "openat", "write", "pwrite64", "ftruncate", "fsync", "fdatasync", "rename", "unlink", "mkdir", "rmdir",
    "sendto",
)  # fmt: skip
_LINE = re.compile(r"(\d+)\s+(.*)", re.DOTALL)
_WHOLE = re.compile(r"(\w+)\((.*)\)\s+= (\d+)", re.DOTALL)
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_HANDLE = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that went well; `texts` are its strings as bytes, `result` what it gave."""

    name: str
    handle: int
    texts: tuple[bytes, ...]
    rest: str
    result: int


def words(log: Path) -> list[str]:
    """For strace: everything that is written, whole."""
    return ["-y", "-xx", "-s", "8000000", "-o", str(log), "-e", f"trace={','.join(CALLS)}"]


def calls(log: Path) -> Iterator[Call]:
    """What strace wrote down, each call at the moment of its end."""
    begun: dict[str, str] = {}
    for line in log.read_text("ascii").splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            continue
        thread, text = found.groups()
        if text.endswith("<unfinished ...>"):
            begun[thread] = text.removesuffix("<unfinished ...>")
            continue
        if text.startswith("<... "):
            text = begun.pop(thread, "") + text.partition("resumed>")[2]
        whole = _WHOLE.match(text)
        if whole is None:
            continue
        name, inside, result = whole.groups()
        handle = _HANDLE.match(inside)
        yield Call(
            name=name,
            handle=int(handle.group()) if handle else -1,
            texts=tuple(bytes.fromhex(one.replace("\\x", "")) for one in _TEXT.findall(inside)),
            rest=inside.rpartition('"')[2],
            result=int(result),
        )


@dataclass(slots=True)
class _File:
    """`writes` are (offset, bytes), or (length, None) for a cut; the first `safe` are on the disk."""

    writes: list[tuple[int, bytes | None]] = field(default_factory=list)
    safe: int = 0
    size: int = 0


@dataclass(slots=True)
class _Folder:
    """`steps` give names a file, or none; a rename within the folder is one step. The first `safe` are on
    the disk."""

    steps: list[dict[str, int | None]] = field(default_factory=list)
    safe: int = 0


@dataclass(slots=True)
class Disk:
    """What was written below `root`, and how much of it is safe."""

    root: Path
    _files: list[_File] = field(default_factory=list)
    _folders: dict[str, _Folder] = field(default_factory=dict)
    _names: dict[str, int] = field(default_factory=dict)
    _open: dict[int, tuple[str, int | None]] = field(default_factory=dict)
    _places: dict[int, int] = field(default_factory=dict)

    def take(self, call: Call) -> None:
        match call.name:
            case "openat":
                self._opened(call)
            case "write" | "pwrite64" | "ftruncate":
                self._written(call)
            case "fsync" | "fdatasync":
                self._synced(call.handle)
            case "rename":
                old, new = (os.fsdecode(one) for one in call.texts)
                if self._mine(new):
                    file = self._names.pop(old, None)
                    if file is not None:
                        self._names[new] = file
                    self._step({old: None, new: file})
            case "unlink":
                path = os.fsdecode(call.texts[0])
                if self._names.pop(path, None) is not None:
                    self._step({path: None})
            case _:
                pass

    def _mine(self, path: str) -> bool:
        return path.startswith(f"{self.root}{os.sep}")

    def _step(self, names: Mapping[str, int | None]) -> None:
        for folder in dict.fromkeys(os.path.dirname(path) for path in names):
            here = {
                os.path.basename(path): file
                for path, file in names.items()
                if os.path.dirname(path) == folder
            }
            self._folders.setdefault(folder, _Folder()).steps.append(here)

    def _opened(self, call: Call) -> None:
        path = os.fsdecode(call.texts[0])
        self._open.pop(call.result, None)
        if not (self._mine(path) or path == str(self.root)):
            return
        if "O_CREAT" in call.rest and path not in self._names:
            self._files.append(_File())
            self._names[path] = len(self._files) - 1
            self._step({path: len(self._files) - 1})
        number = self._names.get(path)
        self._open[call.result] = (path, number)
        if number is not None:
            file = self._files[number]
            if "O_TRUNC" in call.rest and file.size:
                file.writes.append((0, None))
                file.size = 0
            self._places[call.result] = file.size if "O_APPEND" in call.rest else 0

    def _written(self, call: Call) -> None:
        _, number = self._open.get(call.handle, ("", None))
        if number is None:
            return
        file = self._files[number]
        if call.name == "ftruncate":
            file.size = int(call.rest.rpartition(",")[2])
            file.writes.append((file.size, None))
            return
        data = call.texts[0][: call.result]
        if call.name == "pwrite64":
            at = int(call.rest.rpartition(",")[2])
        else:
            at = self._places.get(call.handle, 0)
            self._places[call.handle] = at + len(data)
        file.writes.append((at, data))
        file.size = max(file.size, at + len(data))

    def _synced(self, handle: int) -> None:
        path, number = self._open.get(handle, ("", None))
        if number is None:
            if folder := self._folders.get(path):
                folder.safe = len(folder.steps)
            return
        file = self._files[number]
        file.safe = len(file.writes)
        named = [
            (folder, at)
            for folder in self._folders.values()
            for at, step in enumerate(folder.steps)
            if number in step.values()
        ]
        if len(named) == 1:  # new, and never moved: its name goes along
            self._name_safe(*named[0])

    def _name_safe(self, folder: _Folder, place: int) -> None:
        """With all that was done to that name before."""
        if place < folder.safe:
            return
        pending = folder.steps[folder.safe : place + 1]
        same = [one for one in pending if one.keys() & folder.steps[place].keys()]
        others = [one for one in pending if not one.keys() & folder.steps[place].keys()]
        folder.steps[folder.safe : place + 1] = [*same, *others]
        folder.safe += len(same)

    def lost(self, target: Path, dice: random.Random) -> None:
        """Writes one of the folders that may be found when the power is back."""
        for path, folder in self._folders.items():
            kept = dice.randint(folder.safe, len(folder.steps))
            there: dict[str, int | None] = {}
            for step in folder.steps[:kept]:
                there.update(step)
            place = target / os.path.relpath(path, self.root)
            place.mkdir(parents=True, exist_ok=True)
            for name, file in there.items():
                if file is not None and not name.endswith("-shm"):
                    (place / name).write_bytes(_content(self._files[file], dice))


def _content(file: _File, dice: random.Random) -> bytes:
    content = bytearray()
    chance = dice.choice([0.0, 0.5, 1.0])
    for number, (at, data) in enumerate(file.writes):
        if number >= file.safe:
            if dice.random() >= chance:
                continue
            if data is not None and len(data) > SECTOR and dice.random() < 0.3:
                data = data[: SECTOR * dice.randrange(len(data) // SECTOR + 1)]
        if data is None:
            content[at:] = bytes(max(0, at - len(content)))
        else:
            if len(content) < at:
                content += bytes(at - len(content))
            content[at : at + len(data)] = data
    return bytes(content)


def replayed(root: Path, recorded: Sequence[Call], until: int) -> Disk:
    disk = Disk(root)
    for call in recorded[:until]:
        disk.take(call)
    return disk
