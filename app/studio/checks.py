"""What is wrong in the document, kept up to date while it is edited. Photographs are read in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from pathlib import Path
from types import MappingProxyType

from app.basics.faults import Fault, Where
from app.basics.signal import Signal
from app.document.editor import Change, Editor
from app.document.values import Document
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

Resolve = Callable[[str], Path]
"""A node's `file` value → the photograph's path; raises BadInput where it may not be read. For threads."""
MANY = 300
"""Nodes that are checked at once, while somebody waits; more are checked in a thread."""
_AT_ONCE = 4
_TRIES = 4


class Checks:
    """`changed` tells the problems whenever they differ. Facts of photographs follow a little later."""

    def __init__(self, editor: Editor, rules: Rules, resolve: Resolve) -> None:
        self.problems: Problems = MappingProxyType({})
        self.facts: Facts = MappingProxyType({})
        self.changed: Signal[Problems] = Signal()
        self._editor = editor
        self.rules = rules
        self._resolve = resolve
        self._reading: dict[str, asyncio.Task[None]] = {}
        """Reference Image → the task that reads it, among others."""
        self._tasks: set[asyncio.Task[None]] = set()
        editor.changed.connect(self._on_change)

    async def refresh(self) -> Problems:
        """Everything anew, photographs included: for a document just opened, and before a run. What is being
        read at this moment is waited for instead."""
        reading = dict(self._reading)
        files = {id: file for id, file in _files(self._editor.document).items() if file}
        found = await self._read([(id, file) for id, file in files.items() if id not in reading])
        if reading:
            await asyncio.wait(set(reading.values()))
        now = _files(self._editor.document)  # what was edited meanwhile is read by `_on_change`
        read = {id: fact for id, fact in found.items() if now.get(id) == files[id]}
        kept = {id: fact for id, fact in self.facts.items() if id in now}
        self.facts = MappingProxyType({**kept, **read})
        await self._recheck_apart(None)
        return self.problems

    def _on_change(self, change: Change) -> None:
        after = change.after
        another = change.way == "replace"  # its files lie in another folder, whatever they are called
        changed = {
            id: file
            for id, file in _files(after).items()
            if another or (old := change.before.nodes.get(id)) is None or file_of(old) != file
        }
        gone = [id for id in self.facts if id not in after.nodes or id in changed]
        if gone:
            facts = {id: fact for id, fact in self.facts.items() if id not in gone}
            self.facts = MappingProxyType(facts)
        if another:
            self.problems = MappingProxyType({})
            self._stop_reading()
        if another and len(after.nodes) > MANY and _has_loop():
            self.changed.emit(self.problems)
            self._read_later(changed, whole=True)
            return
        dirty = after.nodes.keys() if another else dirtied(change.before, after, self.rules.shapes)
        self._recheck(after, dirty, told=another)
        if changed and _has_loop():  # else a script is at work on a document: `refresh` reads it when asked
            self._read_later(changed)

    def _recheck(self, document: Document, dirty: Iterable[str], *, told: bool = False) -> None:
        """`told`: also where nothing is dirty, since the problems of another document are gone."""
        nodes = frozenset(dirty)
        if nodes or told:
            self.problems = checked(document, self.rules, self.facts, nodes, self.problems)
            self.changed.emit(self.problems)

    async def _recheck_apart(self, dirty: Set[str] | None) -> None:
        """As `_recheck` (None: all nodes), many in a thread. Where the document is edited meanwhile, anew; at
        last at once."""
        for _ in range(_TRIES):
            document, before, facts = self._editor.document, self.problems, self.facts
            nodes = frozenset(document.nodes if dirty is None else dirty)
            if len(nodes) <= MANY:
                break
            found = await asyncio.to_thread(checked, document, self.rules, facts, nodes, before)
            if self._editor.document is document and self.problems is before and self.facts is facts:
                self.problems = found
                self.changed.emit(found)
                return
        document = self._editor.document
        self._recheck(document, document.nodes if dirty is None else dirty)

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
        document = self._editor.document
        facts = {
            id: fact
            for id, fact in found.items()
            if self._reading.get(id) is mine  # else it is read anew
            and id in document.nodes
            and file_of(document.nodes[id]) == files[id]
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
        document = self._editor.document
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


def _files(document: Document) -> dict[str, str]:
    """Reference Image → its `file`, which may be empty."""
    return {id: file_of(node) for id, node in document.nodes.items() if node.kind == PHOTOGRAPH}
