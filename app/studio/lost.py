"""Photographs that are not where the document says: looked for by their content, and offered as one edit."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path, PurePosixPath

from msgspec import Struct

from app.basics.faults import BadInput
from app.document.beside import FOLDER, HOLDS_PHOTOGRAPH
from app.document.disk import sha256_of
from app.document.edits import set_values
from app.document.paths import relative_to
from app.document.problems import Edit
from app.document.reach import giver, references
from app.document.values import Document
from app.studio.desk import CARRIERS
from app.studio.studio import Studio

PICTURES = CARRIERS | {".bmp", ".gif", ".heic", ".heif", ".avif"}
MOST_FILES = 200_000
"""Names that are looked at in a folder that somebody pointed at, and below it."""
MOST_DEPTH = 16
MOST_HASHED = 64 * 1024**3
"""Bytes that are read there."""
_NEAR_FILES, _NEAR_DEPTH, _NEAR_BYTES = 4000, 2, 4 * 1024**3
_MOST_RECENT = 8

Tell = Callable[[int], object]
"""Hears how many files were looked at."""


class LostPhotograph(Struct, frozen=True, kw_only=True):
    """A Reference Image whose photograph is gone. `sha256` empty: nobody knows what was in it."""

    node: str
    file: str
    sha256: str

    @property
    def name(self) -> str:
        return PurePosixPath(self.file.replace("\\", "/")).name


async def lost_photographs(studio: Studio) -> tuple[LostPhotograph, ...]:
    """Of the document on the desk. A hash that it does not note is taken from the last result that was made
    from the photograph."""
    document = studio.editor.document
    seen = studio.preview.seen(document)

    def work() -> list[LostPhotograph]:
        found = []
        for id, node in document.nodes.items():
            if id in seen.filled or id in seen.unfilled:
                continue  # its name comes from a table
            file = node.values.get("file")
            if node.kind in HOLDS_PHOTOGRAPH and isinstance(file, str) and file and not _there(studio, file):
                found.append(LostPhotograph(node=id, file=file, sha256=str(node.values.get("sha256") or "")))
        return found

    missing = await asyncio.to_thread(work)
    return tuple([one if one.sha256 else await _remembered(studio, document, one) for one in missing])


def _there(studio: Studio, file: str) -> bool:
    try:
        return studio.desk.resolve(file).is_file()
    except (BadInput, OSError):
        return False


async def _remembered(studio: Studio, document: Document, lost: LostPhotograph) -> LostPhotograph:
    for link in document.links.out_of(lost.node):
        node = link.target.node
        place = [giver(document, one) for one in references(document, node)]
        if lost.node not in place:
            continue
        for asset in await studio.library.for_node(studio.document_id, node):
            asked = asset.origin.request.get("references")
            if isinstance(asked, list) and len(asked) == len(place):
                one = asked[place.index(lost.node)]
                sha256 = one.get("original") if isinstance(one, dict) else None
                if isinstance(sha256, str) and len(sha256) == 64:
                    return LostPhotograph(node=lost.node, file=lost.file, sha256=sha256)
    return lost


class Search:
    """One search, in a thread; `stop` ends it soon. Each place is looked through once."""

    def __init__(self, lost: Sequence[LostPhotograph], tell: Tell = lambda count: None) -> None:
        self._wanted = {one.sha256 for one in lost if one.sha256}
        self._names = {one.name.casefold() for one in lost}
        self._lost, self._tell = tuple(lost), tell
        self._stopped = threading.Event()
        self._found: dict[str, Path] = {}
        self._seen = 0

    def begin(self) -> None:
        """After `stop`, what is looked through next is looked through."""
        self._stopped.clear()

    def stop(self) -> None:
        self._stopped.set()

    @property
    def found(self) -> Mapping[str, Path]:
        """Node → where its photograph lies."""
        paths = {one.node: self._found.get(one.sha256) for one in self._lost}
        return {node: path for node, path in paths.items() if path is not None}

    async def near(self, studio: Studio) -> Mapping[str, Path]:
        """Beside the document, in `refs/`, in the library, and in the folders of recent documents."""
        for sha256 in sorted(self._wanted):
            asset = await studio.library.get(sha256)
            if asset is not None:
                self._found[sha256] = asset.path
        places = await asyncio.to_thread(_near, studio.desk.folder, studio.desk.recent())
        for folder in places:
            await asyncio.to_thread(self._walk, folder, _NEAR_FILES, _NEAR_DEPTH, _NEAR_BYTES)
        return self.found

    async def within(self, folder: Path) -> Mapping[str, Path]:
        """In a folder that somebody pointed at, and below it."""
        await asyncio.to_thread(self._walk, folder, MOST_FILES, MOST_DEPTH, MOST_HASHED)
        return self.found

    def _walk(self, folder: Path, most: int, depth: int, most_bytes: int) -> None:
        """Files that are called alike first: they are nearly always it."""
        left = self._wanted - self._found.keys()
        if not left or self._stopped.is_set():
            return
        likely: list[Path] = []
        others: list[Path] = []
        for path in _pictures(folder, most, depth, self._stopped):
            self._seen += 1
            (likely if path.name.casefold() in self._names else others).append(path)
        self._tell(self._seen)
        for path in chain(likely, others):
            if self._stopped.is_set() or not left or most_bytes < 0:
                return
            try:
                most_bytes -= path.stat().st_size
                sha256 = sha256_of(path)
            except OSError:
                continue
            if sha256 in left:
                left.discard(sha256)
                self._found[sha256] = path.resolve()


def _near(folder: Path | None, recent: Sequence[Path]) -> list[Path]:
    places = [folder] if folder else []
    places += [one.parent for one in recent[:_MOST_RECENT]]
    places += [one / FOLDER for one in places]
    return [one for one in dict.fromkeys(places) if one.is_dir()]


def _pictures(folder: Path, most: int, depth: int, stopped: threading.Event) -> Iterator[Path]:
    """Links to other folders are not followed, and hidden folders not opened."""
    base = len(folder.parts)
    for root, folders, names in os.walk(folder):
        deep = len(Path(root).parts) - base
        folders[:] = sorted(one for one in folders if not one.startswith(".")) if deep < depth else []
        for name in sorted(names):
            most -= 1
            if most < 0 or stopped.is_set():
                return
            path = Path(root) / name
            if path.suffix.lower() in PICTURES and path.is_file():
                yield path


def put_back(studio: Studio, lost: Sequence[LostPhotograph], found: Mapping[str, Path]) -> Edit:
    """The edit that names them where they lie now: relative inside the document's folder, else by their whole
    path, which is trusted since the artist took the offer; saving copies those to `refs/`."""
    folder = studio.desk.folder
    files: dict[str, str] = {}
    for node, path in found.items():
        inside = relative_to(folder, path) if folder else None
        if inside is None:
            studio.desk.trust(path)
        files[node] = inside or str(path)
    hashes = {one.node: one.sha256 for one in lost}

    def edit(document: Document) -> Document:
        for node, file in files.items():
            if node in document.nodes:
                document = set_values(document, node, {"file": file, "sha256": hashes[node]})
        return document

    return edit
