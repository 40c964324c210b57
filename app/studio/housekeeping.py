"""Deleting for good what the artist has removed from the library and nothing uses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.basics.places import Places
from app.document.editor import Editor
from app.document.values import Document
from app.journal.ledger import Ledger
from app.library.collecting import Collected, InUse
from app.library.library import Library
from app.preferences import declared
from app.preferences.options import Options
from app.studio.desk import Desk
from app.studio.in_use import Gathered, Sources, hashes_in
from app.studio.runs import Runs


class Housekeeping:
    """`name` is what the ledger calls the document on the desk. What is used is gathered anew each time:
    from the documents that were opened or saved lately and their kept versions, from those that the pictures
    were made for, from recovery copies, the artist's own templates and what undo still knows, from the desk,
    and from what the ledger has not settled."""

    def __init__(
        self,
        *,
        editor: Editor,
        desk: Desk,
        runs: Runs,
        library: Library,
        ledger: Ledger,
        options: Options,
        home: Places,
        name: Callable[[], str],
    ) -> None:
        self._editor, self._desk, self._runs = editor, desk, runs
        self._library, self._ledger = library, ledger
        self._options, self._home, self._name = options, home, name
        self._looked_at: tuple[Document, frozenset[str]] | None = None

    async def collect(self, *, drafts_before: datetime | None = None) -> Collected:
        """Deletes what was removed; drafts made before then too, where that is given.

        :raises DiskTrouble: `library.unread`: a document cannot be read, so nothing was deleted
        """
        in_use = await self.in_use(drafts_before)
        return await self._library.collect(in_use, used_now=self._is_used_now, drafts_before=drafts_before)

    async def in_use(self, drafts_before: datetime | None = None) -> InUse:
        """:raises DiskTrouble: as `collect`"""
        gathered = Gathered()
        made_for = await self._library.made_for(drafts_before)
        await asyncio.to_thread(gathered.read, self._sources(made_for))
        for operation in (*(await self._ledger.unsettled()), *(await self._ledger.unknown())):
            gathered.operation(operation)
        gathered.states(self._name(), self._editor.past.states)
        gathered.hashes |= self._shown()
        return gathered.whole

    def _sources(self, made_for: tuple[str, ...]) -> Sources:
        home, path = self._home, self._desk.path
        open_then: tuple[str, ...] = self._options.get(declared.OPEN_DOCUMENTS)
        opened = {*self._desk.recent(), *(Path(one) for one in open_then)}
        made = {Path(one) for one in made_for if "\0" not in one and Path(one).is_absolute()}
        if path is not None:  # what was not saved since is in memory, and it may have been deleted
            opened.discard(path)
            made.add(path)
        return Sources(
            documents=tuple(sorted(opened)),
            others=tuple(sorted(made - opened)),
            copies=(home.recovery, home.recovery / "aside"),
            loose=(home.templates, home.state / "examples"),
            steps=(home.steps,),
        )

    def _shown(self) -> set[str]:
        return {one.result.sha256 for one in self._runs.state.nodes.values() if one.result is not None}

    def _is_used_now(self, sha256: str) -> bool:
        document = self._editor.document
        if self._looked_at is None or self._looked_at[0] is not document:
            values = [(one.pick, one.lock, one.values, one.extras) for one in document.nodes.values()]
            self._looked_at = (document, frozenset(hashes_in(values)))
        return sha256 in self._looked_at[1] or sha256 in self._shown()
