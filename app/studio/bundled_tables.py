"""A document's own table in a bundle: its files, and the photographs that its rows name."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct

from app.basics.faults import BadInput, Fault
from app.batch.filling import attempted
from app.batch.own_table import open_own, own_table, table_paths
from app.batch.standing import Resolve
from app.batch.table import Table
from app.document.edits import set_values
from app.document.paths import relative_to
from app.document.values import Document
from app.nodes.check import PHOTOGRAPH, file_of
from app.nodes.declare import Kinds

MOST_PHOTOGRAPHS = 2000
MOST_BYTES = 1 << 30
"""Of the photographs of all rows together: a bundle is for handing a document over, not a catalogue."""


class TableFiles(Struct, frozen=True, kw_only=True):
    """`tables` and `photographs`: where each lies beside the document → the file. `document` names the tables
    as they lie there. `left_out`: photographs that are not there, or for which there was no room."""

    document: Document
    tables: dict[str, Path]
    photographs: dict[str, Path]
    left_out: int = 0


def table_files(document: Document, kinds: Kinds, folder: Path | None, resolve: Resolve) -> TableFiles:
    """Blocks. What cannot be read is left out."""
    own = own_table(document)
    if own is None or not own.file:
        return TableFiles(document=document, tables={}, photographs={})
    try:
        paths, table = table_paths(own, resolve), open_own(own, resolve)
    except BadInput:
        return TableFiles(document=document, tables={}, photographs={}, left_out=1)
    names = _names(paths, folder)
    for parameter, name in zip(("file", "with"), names, strict=False):
        document = set_values(document, own.node, {parameter: name})
    photographs, left_out = _photographs(document, kinds, table, dict(zip(paths, names, strict=True)))
    return TableFiles(
        document=document,
        tables=dict(zip(names, paths, strict=True)),
        photographs=photographs,
        left_out=left_out,
    )


def _names(paths: tuple[Path, ...], folder: Path | None) -> list[str]:
    """Where it is inside the document's folder, else beside the document."""
    names: list[str] = []
    for path in paths:
        inside = relative_to(folder, path) if folder is not None else None
        name = inside or path.name
        while name in names:
            name = f"2-{name}"
        names.append(name)
    return names


def _photographs(
    document: Document, kinds: Kinds, table: Table, names: dict[Path, str]
) -> tuple[dict[str, Path], int]:
    homes = {path.parent: PurePosixPath(name).parent for path, name in names.items()}
    found: dict[str, Path] = {}
    seen: set[str] = set()
    left_out, room = 0, MOST_BYTES
    for name, path in _named(document, kinds, table, homes):
        if name in seen:
            continue
        seen.add(name)
        size = _size(path)
        if size is None or size > room or len(found) >= MOST_PHOTOGRAPHS:
            left_out += 1
            continue
        room -= size
        found[name] = path
    return found, left_out


def _named(
    document: Document, kinds: Kinds, table: Table, homes: dict[Path, PurePosixPath]
) -> Iterator[tuple[str, Path]]:
    """As each lies beside the document in the bundle, and here."""
    ids = [id for id, node in document.nodes.items() if node.kind == PHOTOGRAPH]
    try:
        for row in table.rows():
            filled = attempted(document, row, kinds).document
            for id in ids:
                node = filled.nodes[id]
                if node is not document.nodes[id] and (file := file_of(node)):
                    yield _place(file, homes)
    except (Fault, OSError, RuntimeError, ValueError):
        return


def _place(file: str, homes: dict[Path, PurePosixPath]) -> tuple[str, Path]:
    """In the folder of either table; what is in none, or leads out of it, has no place."""
    for folder, home in homes.items():
        path = (folder / file).resolve()
        if path.is_file() and path.is_relative_to(folder.resolve()):
            return posixpath.normpath(str(home / file)), path
    return file, Path()


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return None
