"""Which pictures of the library documents use: read from the files themselves, so that nothing that an artist
may open again loses a picture. What cannot be read may use anything, and is a fault."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from app.basics.faults import DiskTrouble, Fault, Retry
from app.basics.words import say
from app.document.copies import Story
from app.document.disk import read_bytes
from app.document.file_reader import read_text
from app.document.plain import MOST_BYTES, decoded
from app.document.values import Document, Node
from app.document.versions import FOLDER
from app.journal.operations import Operation
from app.library.collecting import InUse

SUFFIX = ".tagloom"
_RUN = re.compile(r"[0-9a-f]{64,}", re.IGNORECASE)
_MOST_STEPS = 64 << 20


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """`documents` have to be there; `others` count if they are. `copies` and `loose` are folders of
    documents, `steps` one of what undo needs."""

    documents: tuple[Path, ...] = ()
    others: tuple[Path, ...] = ()
    copies: tuple[Path, ...] = ()
    loose: tuple[Path, ...] = ()
    steps: tuple[Path, ...] = ()


class Gathered:
    """Grows while it reads; its calls block."""

    def __init__(self) -> None:
        self.hashes: set[str] = set()
        self.operations: set[str] = set()
        self.fingerprints: set[str] = set()
        self.asked: set[tuple[str, int | None]] = set()
        self.nodes: set[tuple[str, str]] = set()
        self._read: set[Path] = set()

    @property
    def whole(self) -> InUse:
        return InUse(
            hashes=frozenset(self.hashes),
            operations=frozenset(self.operations),
            fingerprints=frozenset(self.fingerprints),
            asked=frozenset(self.asked),
            nodes=frozenset(self.nodes),
        )

    def read(self, sources: Sources) -> None:
        """:raises DiskTrouble: `library.unread`: something is there, or should be, and cannot be read"""
        known = list(sources.others)
        for folder in sources.steps:
            known += self._steps(folder)
        for path in sources.documents:
            self._with_versions(path)
        for path in known:
            if _is_there(path):
                self._with_versions(path)
            else:
                self._versions(path)
        for folder in sources.copies:
            for file in _files(folder, SUFFIX):
                self._file(file, _story_path(file))
        for folder in sources.loose:
            for file in _files(folder, SUFFIX):
                self._with_versions(file)

    def states(self, name: str, states: Iterable[Document]) -> None:
        """Documents in memory, which share most of their nodes; `name` is what the ledger calls them."""
        kept, seen = tuple(states), set[int]()
        for document in kept:
            for key, node in document.nodes.items():
                if id(node) not in seen:
                    seen.add(id(node))
                    self._node(name, key, node)
            self.hashes |= hashes_in(document.extras)

    def operation(self, operation: Operation) -> None:
        """What is not settled yet: its picture, and those it was made of."""
        self.operations.add(operation.id)
        self.fingerprints.add(operation.fingerprint)
        self.hashes |= hashes_in((operation.asset, operation.request, operation.ticket))

    # --- inside ----------------------------------------------------------------------------------

    def _with_versions(self, path: Path) -> None:
        if path not in self._read:
            self._read.add(path)
            self._file(path, str(path))
            self._versions(path)

    def _versions(self, path: Path) -> None:
        for version in _files(path.parent / FOLDER / path.name, path.suffix):
            self._file(version, str(path))

    def _file(self, file: Path, name: str) -> None:
        try:
            text = decoded(read_bytes(file, MOST_BYTES))
            self.hashes |= hashes_in(text)
            document = read_text(text).document
        except Fault as fault:
            raise _unread(file, fault.detail or fault.title) from fault
        for id, node in document.nodes.items():
            self._node(name, id, node)

    def _node(self, name: str, id: str, node: Node) -> None:
        self.hashes |= hashes_in((node.pick, node.lock, node.values, node.extras))
        seed = node.values.get("seed")
        self.asked.add((node.kind, seed if isinstance(seed, int) else None))
        if name:
            self.nodes.add((name, id))

    def _steps(self, folder: Path) -> list[Path]:
        """The documents that they are of."""
        found: list[Path] = []
        for file in _files(folder, ".json"):
            try:
                data = read_bytes(file, _MOST_STEPS)
            except Fault as fault:
                raise _unread(file, fault.detail or fault.title) from fault
            self.hashes |= hashes_in(data.decode("utf-8", "replace"))
            try:
                path = msgspec.json.decode(data, type=_Named).path
            except (msgspec.MsgspecError, UnicodeDecodeError):
                continue  # nothing of it can be undone any more
            if path and "\0" not in path:
                found.append(Path(path))
        return found


class _Named(msgspec.Struct):
    path: str = ""


def hashes_in(value: object) -> set[str]:
    """Everything in it that may be a content hash, in lower case: also in the midst of a path, and in values
    that only a newer Tagloom knows."""
    found: set[str] = set()
    for text in _texts(value):
        for run in _RUN.findall(text):
            found.update(run[begin : begin + 64].lower() for begin in range(len(run) - 63))
    return found


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield str(key)
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


def _files(folder: Path, suffix: str) -> list[Path]:
    """Those of a folder, which need not be there. Not `glob`, to which what may not be read is empty."""
    try:
        with os.scandir(folder) as entries:
            return sorted(Path(one.path) for one in entries if one.name.endswith(suffix) and one.is_file())
    except (FileNotFoundError, NotADirectoryError, ValueError):  # the last for what is no path
        return []
    except OSError as error:
        raise _unread(folder, str(error)) from error


def _is_there(path: Path) -> bool:
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError as error:
        raise _unread(path, str(error)) from error
    return True


def _story_path(file: Path) -> str:
    """The document that a recovery copy is of; empty where that is not known."""
    story = file.with_suffix(".json")
    try:
        return msgspec.json.decode(story.read_bytes(), type=Story).path if story.exists() else ""
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return ""


def _unread(path: Path, detail: str) -> DiskTrouble:
    return DiskTrouble(
        say("“{name}” cannot be read, so no picture was deleted.", name=path.name),
        advice=say(
            "It may use any of them. Put it back as {path}, or make it readable; or take it off the list of "
            "recent documents, if it is gone for good. Then delete again.",
            path=path,
        ),
        code="library.unread",
        retry=Retry.LATER,
        detail=detail,
    )
