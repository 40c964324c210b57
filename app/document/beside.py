"""Photographs live beside their document: on saving they are copied to `refs/`, by content."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from app.basics.faults import BadInput, DiskTrouble, Where
from app.basics.words import say
from app.document.disk import copy_into, sha256_of, trouble, words, written_whole
from app.document.edits import set_values
from app.document.paths import relative_to, resolve
from app.document.values import Document

FOLDER = "refs"
HOLDS_PHOTOGRAPH = frozenset({"reference-image"})
"""Kinds whose `file` is a photograph."""
TABLE_FILES: Mapping[str, tuple[str, ...]] = MappingProxyType({"table": ("file", "with")})
"""Kinds that name tables, and where: those stay where they are, since photographs are seen from there."""
FILES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {**dict.fromkeys(HOLDS_PHOTOGRAPH, ("file",)), **TABLE_FILES}
)
"""Kinds that name any file, and where."""


def brought_beside(
    document: Document, folder: Path, *, came_from: Path | None, trusted: Collection[Path]
) -> Document:
    """The document with every photograph inside `folder`: those outside are copied to `refs/` once per
    content, `file` becomes relative, `sha256` is noted.

    A photograph that is missing, or that may not be read, keeps its `file`: the checks name it. A table is
    not copied: where it lies inside `folder` it is named as seen from there, else by its whole path.

    :raises DiskTrouble: a copy failed; the copies made before it stay, and harm nothing
    """
    copied: dict[Path, tuple[str, str]] = {}
    for id, node in document.nodes.items():
        file = node.values.get("file")
        if node.kind not in HOLDS_PHOTOGRAPH or not isinstance(file, str) or not file:
            continue
        source = _readable(file, came_from, trusted)
        if source is None:
            continue
        inside = relative_to(folder, source)
        if inside is not None:
            if Path(file).is_absolute() or (came_from is not None and not _same(came_from, folder)):
                document = set_values(document, id, {"file": inside})
            continue
        if source not in copied:
            try:
                copied[source] = _copied(source, folder)
            except DiskTrouble as fault:
                raise fault.at(Where(node=id, parameter="file")) from fault.__cause__
        name, sha256 = copied[source]
        document = set_values(document, id, {"file": name, "sha256": sha256})
    for id, name, source in tables_named(document, came_from, trusted):
        document = set_values(document, id, {name: relative_to(folder, source) or str(source)})
    return document


def tables_named(
    document: Document, folder: Path | None, trusted: Collection[Path]
) -> Iterator[tuple[str, str, Path]]:
    """Node, parameter and real path of every table that is there and may be read."""
    for id, node in document.nodes.items():
        for name in TABLE_FILES.get(node.kind, ()):
            file = node.values.get(name)
            source = _readable(file, folder, trusted) if isinstance(file, str) and file else None
            if source is not None:
                yield id, name, source


def _readable(file: str, came_from: Path | None, trusted: Collection[Path]) -> Path | None:
    try:
        source = resolve(came_from, file, trusted)
    except BadInput:
        # Absolute, but inside the document's own folder: the same photograph as by its relative path.
        inside = relative_to(came_from, Path(file)) if came_from and Path(file).is_absolute() else None
        if inside is None or came_from is None:
            return None
        source = (came_from / inside).resolve()
    try:
        return source if stat.S_ISREG(os.stat(source).st_mode) else None
    except OSError:
        return None


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _copied(source: Path, folder: Path) -> tuple[str, str]:
    """A photograph's name in the document's folder, copied there unless that content is there already,
    and its hash."""
    refs = folder / FOLDER
    try:
        refs.mkdir(parents=True, exist_ok=True)
        sha256 = sha256_of(source)
        there = _with_content(refs, source, sha256)
    except OSError as error:
        raise _unread(source, error) from error
    if there is not None:
        return f"{FOLDER}/{there.name}", sha256
    target = _free(refs, source.name)
    with written_whole(target) as file:
        if copy_into(source, file) != sha256:
            raise trouble(target, OSError(0, "the photograph changed while it was copied"))
    return f"{FOLDER}/{target.name}", sha256


def _with_content(refs: Path, source: Path, sha256: str) -> Path | None:
    size = source.stat().st_size
    for one in sorted(refs.iterdir()):
        known = one.lstat()
        if stat.S_ISREG(known.st_mode) and known.st_size == size and sha256_of(one) == sha256:
            return one
    return None


def _free(refs: Path, name: str) -> Path:
    """`name`, or `name-2` and so on while another photograph is called so (in any case of letters: a folder
    may travel to a disk that does not tell them apart)."""
    taken = {one.name.lower() for one in refs.iterdir()}
    stem, suffix = Path(name).stem[:120], Path(name).suffix[:16]
    count, free = 1, f"{stem}{suffix}"
    while free.lower() in taken:
        count += 1
        free = f"{stem}-{count}{suffix}"
    return refs / free


def _unread(source: Path, error: OSError) -> DiskTrouble:
    return DiskTrouble(
        say("{name} cannot be copied beside the document: {words}.", name=source.name, words=words(error)),
        advice=say("Check that the photograph can be read and that the document's folder has space."),
        code="disk.photograph",
        detail=str(error),
    )
