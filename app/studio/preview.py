"""The row that stands for all: the document on the desk with one product of its own table filled in."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from msgspec.structs import replace

from app.basics.faults import BadInput, Where
from app.basics.signal import Signal
from app.basics.words import say
from app.batch.filling import attempted, places
from app.batch.own_table import OwnTable, further_tables, open_own, own_table, shown_row, table_paths
from app.batch.standing import Resolve, Standing, resolver
from app.batch.table import Row, Table
from app.document.editor import Change, Editor
from app.document.problems import Problem, Severity
from app.document.values import Document, Links
from app.nodes.check import Problems, file_of
from app.nodes.declare import Kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A document as it is checked, shown and run. `filled` are the nodes that differ from those of the
    document itself; `problems` are those of the table and of what it fills in, by node;
    `columns` those of the table. `pending`: it has a table, which is being read. Of `unfilled` nodes nothing
    else can be said: their columns are not there."""

    document: Document
    filled: frozenset[str] = frozenset()
    columns: tuple[str, ...] = ()
    pending: bool = False
    unfilled: frozenset[str] = frozenset()
    problems: Problems = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What became of reading a table. `stamps` tell whether its files have changed since."""

    own: OwnTable | None = None
    table: Table | None = None
    row: Row | None = None
    fault: BadInput | None = None
    stamps: tuple[object, ...] = ()
    paths: tuple[Path, ...] = ()
    folder: Path | None = None
    cells: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


_UNREAD = _Read()


class Preview:
    """Follows the document's Table node. The table is read in a thread: until then the document is shown as
    it is written. `changed` tells that another row, or another table, is shown."""

    def __init__(
        self, editor: Editor, kinds: Kinds, resolve: Resolve, folder: Callable[[], Path | None]
    ) -> None:
        """`resolve` and `folder` are the desk's: which files may be read, and where relative ones begin."""
        self.changed: Signal[None] = Signal()
        self._editor, self._kinds, self._desk_resolve, self._folder = editor, kinds, resolve, folder
        self._read = _UNREAD
        self._task: asyncio.Task[None] | None = None
        self._last: tuple[Document, _Read, Seen] | None = None
        editor.changed.connect(self._on_change)

    @property
    def table(self) -> Table | None:
        """None where the document has none, or it is not read (yet)."""
        return self._read.table

    @property
    def row(self) -> Row | None:
        return self._read.row

    @property
    def cells(self) -> Mapping[str, str]:
        """The row's, for names of files; empty without a table."""
        return self._read.cells

    @property
    def columns(self) -> tuple[str, ...]:
        return self._read.table.columns if self._read.table else ()

    @property
    def standing(self) -> Standing | None:
        table = self._read.table
        return Standing(table=table, home=self._read.folder) if table else None

    def resolve(self, file: str) -> Path:
        """The path of a `file` value, also one that the table has filled in. For threads.

        :raises BadInput: as `Desk.resolve`
        """
        standing = self.standing
        found = resolver(self._desk_resolve, standing.elsewhere) if standing else self._desk_resolve
        return found(file)

    def seen(self, document: Document) -> Seen:
        """The document with the row filled in; what cannot be filled in stays as it is written."""
        if self._last is None or self._last[0] is not document or self._last[1] is not self._read:
            self._last = (document, self._read, self._seen(document))
        return self._last[2]

    def photograph_path(self, node: str) -> Path | None:
        """As `Studio.photograph_path`."""
        known = self.seen(self._editor.document).document.nodes.get(node)
        file = file_of(known) if known else ""
        try:
            return self.resolve(file) if file else None
        except BadInput:
            return None

    async def refresh(self) -> None:
        """The table anew, where its file has changed or nobody has read it yet."""
        if self._task is not None:
            await asyncio.wait({self._task})
        own = own_table(self._editor.document)
        if own is None and self._read.own is None:
            return
        if own != self._read.own or await asyncio.to_thread(self._is_old, self._read):
            await self._load(own)

    async def close(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    # -- reading

    def _on_change(self, change: Change) -> None:
        another = change.way == "replace"
        if not another and change.before.nodes is change.after.nodes:
            return
        own = own_table(change.after)
        if another:
            self._read = _UNREAD  # whoever listens hears of another document anyway
        if own == self._read.own:
            return
        if own is None or not own.file:
            self._read = _Read(own=own)
            if not another:
                self.changed.emit(None)
        elif _has_loop():
            if self._task is not None:
                self._task.cancel()
            self._task = asyncio.get_running_loop().create_task(self._load(own))

    async def _load(self, own: OwnTable | None) -> None:
        before, folder = self._read, self._folder()
        read = await asyncio.to_thread(self._reading, own, before, folder)
        if own_table(self._editor.document) == own:  # else the next one is being read
            self._take(read)

    def _take(self, read: _Read) -> None:
        self._read = read
        self.changed.emit(None)

    def _is_old(self, read: _Read) -> bool:
        return bool(read.own and read.own.file) and (
            read.stamps != _stamps(read.paths) or read.folder != self._folder()
        )

    def _reading(self, own: OwnTable | None, before: _Read, folder: Path | None) -> _Read:
        """Where only another row is wanted, the table is not read through again."""
        if own is None or not own.file:
            return _Read(own=own)
        paths: tuple[Path, ...] = ()
        table: Table | None = None
        try:
            paths = table_paths(own, self._desk_resolve)
            stamps = _stamps(paths)
            same = before.own is not None and before.own.source() == own.source()
            table = before.table if same and before.stamps == stamps and before.paths == paths else None
            table = table or open_own(own, self._desk_resolve)
            row = shown_row(own, table)
        except BadInput as fault:
            return _Read(own=own, table=table, fault=fault, stamps=_stamps(paths), paths=paths, folder=folder)
        return _Read(
            own=own, table=table, row=row, stamps=stamps, paths=paths, folder=folder, cells=row.cells
        )

    # -- filling

    def _seen(self, document: Document) -> Seen:
        row, own = self._read.row, own_table(document)
        if (
            own is not None
            and own.file
            and (self._read.own is None or self._read.own.source() != own.source())
        ):
            return Seen(document=document, pending=True)
        problems: dict[str, list[Problem]] = {}
        for problem in _of_tables(document, own, self._read):
            problems.setdefault(problem.where.node or "", []).append(problem)
        if row is None or own is None:
            missing = self._read.fault is not None and own is not None
            unfilled = {one.where.node or "" for one in places(document, self._kinds)} if missing else ()
            return Seen(
                document=document,
                columns=self.columns,
                problems=_frozen(problems),
                unfilled=frozenset(unfilled),
            )
        attempt = attempted(document, row, self._kinds, self.standing)
        for fault in attempt.faults:
            problems.setdefault(fault.where.node or "", []).append(_of_fault(fault))
        shown = self._shared(document, attempt.document)
        filled = frozenset(id for id, node in shown.nodes.items() if node is not document.nodes[id])
        return Seen(
            document=shown,
            filled=filled,
            columns=self.columns,
            problems=_frozen(problems),
            unfilled=frozenset(fault.where.node or "" for fault in attempt.faults),
        )

    def _shared(self, written: Document, filled: Document) -> Document:
        """With the nodes and links that were shown before, where they are the same: who follows the document
        sees by identity what is new."""
        if self._last is None:
            return filled
        before = self._last[2].document
        if filled.nodes is not written.nodes:
            nodes = {
                id: old if node is not written.nodes[id] and (old := before.nodes.get(id)) == node else node
                for id, node in filled.nodes.items()
            }
            filled = replace(filled, nodes=MappingProxyType(nodes))
        if filled.links is not written.links:
            held = {(one.source, one.target): one for one in before.links}
            links = (
                twin if (twin := held.get((one.source, one.target))) == one else one for one in filled.links
            )
            filled = replace(filled, links=Links(tuple(links)))
        return filled


def _of_tables(document: Document, own: OwnTable | None, read: _Read) -> Iterable[Problem]:
    if own is None:
        return
    if read.fault is not None:
        yield _of_fault(read.fault)
    if not own.file:
        yield Problem(
            code="table.none",
            severity=Severity.HINT,
            where=Where(node=own.node, parameter="file"),
            title=say("No table is chosen yet."),
            advice=say("Choose a CSV, TSV or XLSX file."),
        )
    for id in further_tables(document):
        yield Problem(
            code="table.second",
            severity=Severity.ERROR,
            where=Where(node=id, parameter="file"),
            title=say("The document has another table already."),
            advice=say("Name the second one under “With” of the first, or skip this node."),
        )


def _of_fault(fault: BadInput) -> Problem:
    return Problem(
        code=fault.code,
        severity=Severity.ERROR,
        where=fault.where,
        title=fault.title,
        advice=fault.advice,
    )


def _stamps(paths: Iterable[Path]) -> tuple[object, ...]:
    found: list[object] = []
    for path in paths:
        try:
            known = os.stat(path)
            found.append((known.st_size, known.st_mtime_ns))
        except (OSError, ValueError):
            found.append(None)
    return tuple(found)


def _frozen(problems: Mapping[str, list[Problem]]) -> Problems:
    return MappingProxyType({id: tuple(found) for id, found in problems.items()})


def _has_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
