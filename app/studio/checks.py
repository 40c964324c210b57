"""What is wrong in the document, kept up to date while it is edited. Photographs are read in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
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
"""A node's `file` value → the photograph's path; raises BadInput where it may not be read."""


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
        editor.changed.connect(self._on_change)

    async def refresh(self) -> Problems:
        """Everything anew, photographs included: for a document just opened, and before a run."""
        files = _files(self._editor.document)
        found = dict(await asyncio.gather(*(self._read(id, file) for id, file in files.items() if file)))
        document = self._editor.document
        now = _files(document)  # what was edited meanwhile is read by `_on_change`
        read = {id: fact for id, fact in found.items() if now.get(id) == files[id]}
        kept = {id: fact for id, fact in self.facts.items() if id in now}
        self.facts = MappingProxyType({**kept, **read})
        self._recheck(document, document.nodes.keys())
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
        dirty = after.nodes.keys() if another else dirtied(change.before, after, self.rules.shapes)
        if another:
            self.problems = MappingProxyType({})
        self._recheck(after, dirty, told=another)
        for id, file in changed.items():
            self._read_later(id, file)

    def _recheck(self, document: Document, dirty: Iterable[str], *, told: bool = False) -> None:
        """`told`: also where nothing is dirty, since the problems of another document are gone."""
        nodes = frozenset(dirty)
        if nodes or told:
            self.problems = checked(document, self.rules, self.facts, nodes, self.problems)
            self.changed.emit(self.problems)

    def _read_later(self, id: str, file: str) -> None:
        before = self._reading.pop(id, None)
        if before is not None:
            before.cancel()
        if not file:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # no loop (a script at work on a document): `refresh` reads it when asked
        task = loop.create_task(self._read_one(id, file))
        self._reading[id] = task
        task.add_done_callback(lambda done: self._drop(id, done))

    def _drop(self, id: str, done: asyncio.Task[None]) -> None:
        if self._reading.get(id) is done:
            del self._reading[id]

    async def _read_one(self, id: str, file: str) -> None:
        _, fact = await self._read(id, file)
        document = self._editor.document
        if id not in document.nodes or file_of(document.nodes[id]) != file:
            return  # the node is gone
        self.facts = MappingProxyType({**self.facts, id: fact})
        self._recheck(document, above(document, below(document, {id})))

    async def _read(self, id: str, file: str) -> tuple[str, ImageFacts | Fault]:
        try:
            path = self._resolve(file)
            return id, await asyncio.to_thread(read_facts, path)
        except Fault as fault:
            return id, fault.at(Where(node=id, parameter="file"))

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
        reading = tuple(self._reading.values())
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)


def _files(document: Document) -> dict[str, str]:
    """Reference Image → its `file`, which may be empty."""
    return {id: file_of(node) for id, node in document.nodes.items() if node.kind == PHOTOGRAPH}
