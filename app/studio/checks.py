"""What is wrong in the document, kept up to date while it is edited. Photographs are read in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from msgspec.structs import replace as changed

from app.basics.faults import Fault, Where
from app.basics.signal import Signal
from app.document.editor import Editor
from app.document.problems import Problem
from app.document.values import BLANK
from app.imaging.facts import ImageFacts, read_facts
from app.nodes.check import (
    PHOTOGRAPH,
    Facts,
    Problems,
    Rules,
    above,
    asked_of,
    below,
    checked,
    dirtied,
    file_of,
)
from app.studio.preview import Preview, Seen

Resolve = Callable[[str], Path]
"""A node's `file` value → the photograph's path; raises BadInput where it may not be read. For threads."""
MANY = 300
"""Nodes that are checked at once, while somebody waits; more are checked in a thread."""
_AT_ONCE = 4
_TRIES = 4


class Checks:
    """`changed` tells the problems whenever they differ. Facts of photographs follow a little later. With a
    `preview` the document is checked with the row of its table filled in."""

    def __init__(
        self, editor: Editor, rules: Rules, resolve: Resolve, preview: Preview | None = None
    ) -> None:
        self.problems: Problems = MappingProxyType({})
        self.facts: Facts = MappingProxyType({})
        self.changed: Signal[Problems] = Signal()
        self._editor = editor
        self.rules = rules
        self._resolve = resolve
        self._preview = preview
        self._seen = Seen(document=editor.document)
        """What was checked last."""
        self._own: Problems = MappingProxyType({})
        """Those of the document as it is seen, without the table's."""
        self._reading: dict[str, asyncio.Task[None]] = {}
        """Reference Image → the task that reads it, among others."""
        self._tasks: set[asyncio.Task[None]] = set()
        if preview is not None:
            preview.changed.connect(lambda _: self._follow())
        editor.changed.connect(lambda change: self._follow(another=change.way == "replace"))

    async def refresh(self) -> Problems:
        """Everything anew, table and photographs included: for a document just opened, and before a run. What
        is being read at this moment is waited for instead."""
        if self._preview is not None:
            await self._preview.refresh()
            self._look()
        reading = dict(self._reading)
        files = {id: file for id, file in _files(self._seen).items() if file}
        found = await self._read([(id, file) for id, file in files.items() if id not in reading])
        if reading:
            await asyncio.wait(set(reading.values()))
        now = _files(self._seen)  # what was edited meanwhile is read by `_follow`
        read = {id: fact for id, fact in found.items() if now.get(id) == files[id]}
        kept = {id: fact for id, fact in self.facts.items() if id in now}
        self.facts = MappingProxyType({**kept, **read})
        await self._recheck_apart(None)
        return self.problems

    def _look(self) -> Seen:
        document = self._editor.document
        seen = self._preview.seen(document) if self._preview is not None else Seen(document=document)
        self._seen = seen
        if seen.columns != self.rules.columns:
            self.rules = replace(self.rules, columns=seen.columns)
        return seen

    def _follow(self, *, another: bool = False) -> None:
        """`another` document: its files lie in another folder, whatever they are called."""
        before, columns = self._seen, self.rules.columns
        after = self._look()
        if after.pending:
            self._wait_for_table(before, another=another)
            return
        same = before.document.nodes is after.document.nodes and before.document.links is after.document.links
        same = same and columns == self.rules.columns and before.problems == after.problems
        if same and not another:
            return  # a node was moved
        old, files = _files(before), _files(after)
        changed = {id: file for id, file in files.items() if another or old.get(id) != file}
        gone = [id for id in self.facts if id not in files or id in changed]
        if gone:
            self.facts = MappingProxyType({id: fact for id, fact in self.facts.items() if id not in gone})
        if another:
            self._own = self.problems = MappingProxyType({})
            self._stop_reading()
        if another and len(after.document.nodes) > MANY and _has_loop():
            self.changed.emit(self.problems)
            self._read_later(changed, whole=True)
            return
        whole = another or columns != self.rules.columns
        shapes = self.rules.shapes
        dirty = after.document.nodes if whole else dirtied(before.document, after.document, shapes)
        self._recheck(dirty, told=another or after.problems != before.problems)
        if changed and _has_loop():  # else a script is at work on a document: `refresh` reads it when asked
            self._read_later(changed)

    def _wait_for_table(self, before: Seen, *, another: bool) -> None:
        """Nothing is said of a document whose table is being read; of another one all is forgotten."""
        self._seen = before
        if another:
            self._seen, self.facts = Seen(document=BLANK), MappingProxyType({})
            self._own = self.problems = MappingProxyType({})
            self._stop_reading()
            self.changed.emit(self.problems)

    def _recheck(self, dirty: Iterable[str], *, told: bool = False) -> None:
        """`told`: also where nothing is dirty, since other problems are gone."""
        nodes = frozenset(dirty)
        if nodes or told:
            self._own = checked(self._seen.document, self.rules, self.facts, nodes, self._own)
            self._tell()

    def _tell(self) -> None:
        self.problems = _with_table(self._own, self._seen)
        self.changed.emit(self.problems)

    async def _recheck_apart(self, dirty: Set[str] | None) -> None:
        """As `_recheck` (None: all nodes), many in a thread. Where the document is edited meanwhile, anew; at
        last at once."""
        for _ in range(_TRIES):
            seen, before, facts = self._seen, self._own, self.facts
            nodes = frozenset(seen.document.nodes if dirty is None else dirty)
            if len(nodes) <= MANY:
                break
            found = await asyncio.to_thread(checked, seen.document, self.rules, facts, nodes, before)
            if self._seen is seen and self._own is before and self.facts is facts:
                self._own = found
                self._tell()
                return
        self._recheck(self._seen.document.nodes if dirty is None else dirty)

    def _read_later(self, files: Mapping[str, str], *, whole: bool = False) -> None:
        """`whole`: all is checked when they are read, whatever is in them."""
        task = asyncio.get_running_loop().create_task(self._read_many(files, whole=whole))
        self._reading |= dict.fromkeys(files, task)
        self._tasks.add(task)
        task.add_done_callback(self._drop)

    def _drop(self, done: asyncio.Task[None]) -> None:
        self._tasks.discard(done)
        for id in [id for id, task in self._reading.items() if task is done]:
            del self._reading[id]

    async def _read_many(self, files: Mapping[str, str], *, whole: bool) -> None:
        mine = asyncio.current_task()
        found = await self._read([(id, file) for id, file in files.items() if file])
        document, now = self._seen.document, _files(self._seen)
        facts = {
            id: fact
            for id, fact in found.items()
            if self._reading.get(id) is mine  # else it is read anew
            and now.get(id) == files[id]
        }
        if facts:
            self.facts = MappingProxyType({**self.facts, **facts})
        if whole or facts:
            await self._recheck_apart(None if whole else above(document, below(document, facts)))

    async def _read(self, files: Sequence[tuple[str, str]]) -> dict[str, ImageFacts | Fault]:
        """In a few threads: a task for each of thousands is work for the loop that draws the window."""
        parts = [part for start in range(_AT_ONCE) if (part := files[start::_AT_ONCE])]
        read = await asyncio.gather(*(asyncio.to_thread(self._read_part, part) for part in parts))
        return {id: fact for part in read for id, fact in part.items()}

    def _read_part(self, files: Sequence[tuple[str, str]]) -> dict[str, ImageFacts | Fault]:
        return {id: self._read_one(id, file) for id, file in files}

    def _read_one(self, id: str, file: str) -> ImageFacts | Fault:
        try:
            return read_facts(self._resolve(file))
        except Fault as fault:
            return fault.at(Where(node=id, parameter="file"))

    def _stop_reading(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._reading.clear()

    def sent(self, node: str) -> str:
        """The words that a model's vendor would be sent; empty where they leave as they are written."""
        document = self._seen.document
        kind = self.rules.kinds.get(document.nodes[node].kind) if node in document.nodes else None
        if kind is None or kind.card is None:
            return ""
        asked = asked_of(document, self.rules, self.facts, node)
        sent = asked.sent(kind.card)
        return sent if sent != asked.prompt else ""

    async def close(self) -> None:
        """Ends what is being read."""
        reading = tuple(self._tasks)
        self._stop_reading()
        await asyncio.gather(*reading, return_exceptions=True)


def _has_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _files(seen: Seen) -> dict[str, str]:
    """Reference Image → its `file`, which may be empty; without those that the table cannot fill in."""
    return {
        id: file_of(node)
        for id, node in seen.document.nodes.items()
        if node.kind == PHOTOGRAPH and id not in seen.unfilled
    }


def _with_table(own: Problems, seen: Seen) -> Problems:
    """With what is wrong in the table. A fix is offered only where it changes what the artist wrote, not what
    the row has filled in there."""
    if not seen.problems and not seen.filled:
        return own
    merged: dict[str, tuple[Problem, ...]] = {}
    for id, found in own.items():
        kept = tuple(_unfixed(one, seen.filled) for one in found if one.where.node not in seen.unfilled)
        if kept:
            merged[id] = kept
    for id, found in seen.problems.items():
        merged[id] = (*found, *merged.get(id, ()))
    return MappingProxyType(merged)


def _unfixed(problem: Problem, filled: Set[str]) -> Problem:
    return changed(problem, fixes=(), span=None) if problem.where.node in filled else problem
