"""What is wrong in the document, kept up to date while it is edited. Photographs are read in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from types import MappingProxyType

from app.basics.faults import Fault, Where
from app.basics.signal import Signal
from app.document.editor import Change, Editor
from app.document.values import Document, Node
from app.imaging.facts import ImageFacts, read_facts
from app.nodes.check import Facts, Problems, Rules, checked, dirtied

Resolve = Callable[[str], Path]
"""A node's `file` value → the photograph's path; raises BadInput where it may not be read."""


class Checks:
    """`changed` tells the problems whenever they differ. Facts of photographs follow a little later."""

    def __init__(self, editor: Editor, rules: Rules, resolve: Resolve) -> None:
        self.problems: Problems = MappingProxyType({})
        self.facts: Facts = MappingProxyType({})
        self.changed: Signal[Problems] = Signal()
        self._editor = editor
        self._rules = rules
        self._resolve = resolve
        self._reading: dict[str, tuple[str, asyncio.Task[None]]] = {}
        editor.changed.connect(self._on_change)

    async def refresh(self) -> Problems:
        """Everything anew, photographs included: for a document just opened, and before a run."""
        document = self._editor.document
        files = {id: str(node.values.get("file", "")) for id, node in _photographs(document).items()}
        found = await asyncio.gather(*(self._read(id, file) for id, file in files.items() if file))
        self.facts = MappingProxyType({id: fact for id, fact in found if fact is not None})
        self._recheck(self._editor.document, self._editor.document.nodes.keys())
        return self.problems

    def _on_change(self, change: Change) -> None:
        self._recheck(change.after, dirtied(change.before, change.after))
        for id, node in _photographs(change.after).items():
            old = change.before.nodes.get(id)
            if old is not node and (old is None or old.values.get("file") != node.values.get("file")):
                self._read_later(id, str(node.values.get("file", "")))

    def _recheck(self, document: Document, dirty: Iterable[str]) -> None:
        nodes = frozenset(dirty)
        if nodes:
            self.problems = checked(document, self._rules, self.facts, nodes, self.problems)
            self.changed.emit(self.problems)

    def _read_later(self, id: str, file: str) -> None:
        facts = {known: fact for known, fact in self.facts.items() if known != id}
        self.facts = MappingProxyType(facts)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # no loop (a script at work on a document): `refresh` reads it when asked
        task = loop.create_task(self._read_one(id, file))
        self._reading[id] = (file, task)
        task.add_done_callback(lambda done: self._drop(id, done))

    def _drop(self, id: str, done: asyncio.Task[None]) -> None:
        if self._reading.get(id, ("", None))[1] is done:
            del self._reading[id]

    async def _read_one(self, id: str, file: str) -> None:
        _, fact = await self._read(id, file) if file else (id, None)
        node = self._editor.document.nodes.get(id)
        if node is None or str(node.values.get("file", "")) != file:
            return  # the artist was faster: a newer reading is under way
        if fact is not None:
            self.facts = MappingProxyType({**self.facts, id: fact})
        dirty = {id, *(link.target.node for link in self._editor.document.links.out_of(id))}
        self._recheck(self._editor.document, dirty)

    async def _read(self, id: str, file: str) -> tuple[str, ImageFacts | Fault | None]:
        try:
            path = self._resolve(file)
            return id, await asyncio.to_thread(read_facts, path)
        except Fault as fault:
            return id, fault.at(Where(node=id, parameter="file"))

    async def close(self) -> None:
        for _, task in tuple(self._reading.values()):
            task.cancel()
        await asyncio.gather(*(task for _, task in self._reading.values()), return_exceptions=True)


def _photographs(document: Document) -> dict[str, Node]:
    return {id: node for id, node in document.nodes.items() if node.kind == "reference-image"}
