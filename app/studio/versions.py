"""Every picture that a node has made: what was asked for it, when, and what it cost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from app.basics.faults import BadInput, Fault, Where
from app.basics.money import NOTHING, Money
from app.basics.signal import Signal
from app.basics.words import say
from app.document import edits
from app.document.beside import HOLDS_PHOTOGRAPH
from app.document.problems import Edit
from app.document.values import Document
from app.engine.events import Event, NodeDone
from app.journal.operations import Operation
from app.library.assets import Asset, Marks, Origin
from app.studio.lineage import Lineage
from app.studio.studio import Studio

MOST = 500
"""Rows of the ledger that are read for a node."""
_REFERENCES = 200
"""Photographs of a document that are looked through for those of a version."""


class Reference(Struct, frozen=True, kw_only=True):
    """A photograph as it was sent; `path` where it still is, None where nobody knows."""

    tag: str
    sha256: str
    path: Path | None = None


class Version(Struct, frozen=True, kw_only=True):
    """A picture of a node. `made` is in UTC; `seconds` from the request to the picture. `money` None: a price
    that is not known. `reused`: another node or document has made it, and nothing was paid here."""

    sha256: str
    path: Path
    operation: str
    fingerprint: str
    made: datetime
    seconds: float | None
    width: int
    height: int
    prompt: str
    seed: int | None
    card: str
    vendor: str
    draft: bool
    reused: bool
    credits: int | None
    money: Money | None
    values: Mapping[str, object]
    references: tuple[Reference, ...]
    marks: Marks = Marks()


class Versions:
    """Of the nodes of the document on the desk, also from when it had another name. `changed` carries a node
    whose versions are others now; empty: any. `close` before the studio is closed."""

    def __init__(self, studio: Studio) -> None:
        self.changed: Signal[str] = Signal()
        self._studio = studio
        self._lineage = Lineage(studio.home.state / "lineage.json")
        self._name = studio.document_id
        self._noting: set[asyncio.Task[None]] = set()
        self._ends = (
            studio.desk.saved.connect(self._on_saved),
            studio.desk.opened.connect(self._on_opened),
            studio.runs.events.connect(self._on_event),
            studio.library.marked.connect(lambda _: self.changed.emit("")),
        )

    async def close(self) -> None:
        for end in self._ends:
            end()
        await asyncio.gather(*self._noting, return_exceptions=True)

    async def of(self, node: str) -> tuple[Version, ...]:
        """Newest first; what was removed from the library is not among them."""
        studio = self._studio
        name, document = studio.document_id, studio.editor.document
        earlier = await asyncio.to_thread(self._lineage.earlier, name)
        rows: dict[str, tuple[Asset, Operation | None, bool]] = {}
        for called, until in ((name, None), *((one.document, one.until) for one in earlier)):
            operations = {one.id: one for one in await studio.ledger.latest(called, node, MOST)}
            for asset in await studio.library.for_node(called, node):
                operation = operations.get(asset.origin.operation)
                if until is None or _when(asset, operation) <= until:
                    rows.setdefault(asset.origin.operation, (asset, operation, False))
        for asset in await self._shown(node, document):
            if all(asset.sha256 != one.sha256 for one, _, _ in rows.values()):
                operation = await studio.ledger.get(asset.origin.operation)
                rows[asset.origin.operation] = (asset, operation, True)
        hashes = [asset.sha256 for asset, _, _ in rows.values()]
        marks = await studio.library.marks(hashes)
        kept = [row for row in rows.values() if marks.get(row[0].sha256, Marks()).removed is None]
        places = await self._places(document, [asset.origin for asset, _, _ in kept])
        found = [_version(*row, places, marks) for row in kept]
        return tuple(sorted(found, key=lambda one: (one.made, one.operation), reverse=True))

    async def _shown(self, node: str, document: Document) -> list[Asset]:
        """What the node shows, has picked or keeps, whoever has made it."""
        known = document.nodes.get(node)
        result = self._studio.runs.state.node(node).result
        wanted = {result.sha256} if result and result.operation else set()
        if known is not None:
            wanted |= {known.pick, known.lock} - {""}
        found = [await self._studio.library.get(one) for one in sorted(wanted)]
        return [one for one in found if one is not None]

    async def _places(self, document: Document, origins: Iterable[Origin]) -> Mapping[str, Path]:
        """Content hash → where that photograph still is: in the library or beside the document."""
        wanted = {one.sha256 for origin in origins for one in _references(origin, {})}
        found: dict[str, Path] = {}
        for sha256 in sorted(wanted):
            if (asset := await self._studio.library.get(sha256)) is not None:
                found[sha256] = asset.path
        nodes = [id for id, node in document.nodes.items() if node.kind in HOLDS_PHOTOGRAPH]
        for id in nodes[:_REFERENCES] if wanted - found.keys() else ():
            path = self._studio.photograph_path(id)
            try:
                sha256 = await self._studio.photographs.content_hash(path) if path else ""
            except Fault:  # the checks say so
                continue
            if path is not None and sha256 in wanted:
                found.setdefault(sha256, path)
        return found

    # -- choosing

    async def use(self, node: str, version: Version) -> bool:
        """A version as the node's output, from now on. One that was made from other inputs than those of now
        would give way to a new one at the next run, so it is kept (locked) as well. One step of the document.

        :raises BadInput: a draft, where the node's pictures are bought; nothing was changed
        """
        sha256 = version.sha256
        picked = await self._gives(node, sha256, lambda one: edits.set_pick(one, node, sha256))
        if not picked and await self._gives(node, sha256, lambda one: _kept(one, node, sha256)) is False:
            raise BadInput(
                say("A draft cannot be the output of a node whose pictures are bought."),
                advice=say("Run the node, or remove the key to go on with drafts."),
                code="versions.draft",
                where=Where(node=node),
            )
        if picked is False:
            return self._studio.commit(say("Use and keep version"), lambda one: _kept(one, node, sha256))
        return self._studio.commit(say("Use version"), lambda one: edits.set_pick(one, node, sha256))

    async def _gives(self, node: str, sha256: str, edit: Edit) -> bool | None:
        """Whether a run after this edit would take the picture from the library; None: nothing can run."""
        studio = self._studio
        try:
            job = studio.job((node,), document=edit(studio.editor.document))
            plan = (await studio.estimate(job)).plan
        except BadInput:
            return None
        return any(step.id == node and step.asset and step.asset.sha256 == sha256 for step in plan.steps)

    def follow_newest(self, node: str) -> bool:
        """No version is chosen: the node shows the newest, and a run may make another."""

        def edit(document: Document) -> Document:
            return edits.set_lock(edits.set_pick(document, node, ""), node, "")

        return self._studio.commit(say("Show the newest version"), edit)

    def lock(self, node: str, version: Version | None) -> bool:
        """A version kept, whatever changes; None: none is."""
        label = say("Keep this picture") if version else say("Let the picture go")
        sha256 = version.sha256 if version else ""
        return self._studio.commit(label, lambda document: edits.set_lock(document, node, sha256))

    async def star(self, versions: Iterable[Version], star: bool) -> None:
        """:raises DiskTrouble: as `Library.mark`"""
        await self._studio.library.mark([one.sha256 for one in versions], star=star)

    async def reject(self, versions: Iterable[Version], rejected: bool) -> None:
        """:raises DiskTrouble: as `Library.mark`"""
        await self._studio.library.mark([one.sha256 for one in versions], rejected=rejected)

    # -- listening

    def _on_event(self, event: Event) -> None:
        if not isinstance(event, NodeDone) or event.result is None:
            return
        node, result = self._studio.editor.document.nodes.get(event.node), event.result
        if node is not None and node.pick and not result.reused and result.sha256 != node.pick:
            self.follow_newest(event.node)  # the artist has agreed to a new one: it is the output now
        self.changed.emit(event.node)

    def _on_saved(self, path: Path) -> None:
        before, self._name = self._name, self._studio.document_id
        self._note(self._lineage.saved, self._name, before, self._studio.desk.known)

    def _on_opened(self, path: Path | None) -> None:
        self._name = self._studio.document_id
        if path is not None:
            self._note(self._lineage.opened, self._name, self._studio.desk.known)
        self.changed.emit("")

    def _note(self, work: Callable[..., None], *words: str) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no loop: a script
            work(*words)
            return
        task: asyncio.Task[None] = loop.create_task(asyncio.to_thread(work, *words))
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)


def current(versions: Iterable[Version], sha256: str, operation: str = "") -> int | None:
    """The place of the version that a node shows: of that operation, else of that content."""
    row = list(versions)
    for place, one in enumerate(row):
        if operation and (one.operation, one.sha256) == (operation, sha256):
            return place
    return next((place for place, one in enumerate(row) if one.sha256 == sha256), None)


def _kept(document: Document, node: str, sha256: str) -> Document:
    return edits.set_lock(edits.set_pick(document, node, sha256), node, sha256)


def _when(asset: Asset, operation: Operation | None) -> datetime:
    return operation.made if operation else asset.made


def _version(
    asset: Asset,
    operation: Operation | None,
    reused: bool,
    places: Mapping[str, Path],
    marks: Mapping[str, Marks],
) -> Version:
    origin = asset.origin
    money = operation.charged if operation and operation.charged is not None else origin.money
    begun = (operation.sent or operation.submitted) if operation else None
    ended = operation.ended if operation else None
    values = origin.request.get("values")
    return Version(
        sha256=asset.sha256,
        path=asset.path,
        operation=origin.operation,
        fingerprint=origin.fingerprint,
        made=_when(asset, operation),
        seconds=(ended - begun).total_seconds() if begun and ended and ended > begun else None,
        width=asset.width,
        height=asset.height,
        prompt=origin.prompt,
        seed=origin.seed,
        card=origin.card,
        vendor=origin.vendor,
        draft=origin.draft,
        reused=reused,
        credits=0 if origin.draft or reused else origin.credits,
        money=NOTHING if origin.draft or reused else money,
        values=values if isinstance(values, Mapping) else {},
        references=_references(origin, places),
        marks=marks.get(asset.sha256, Marks()),
    )


def _references(origin: Origin, places: Mapping[str, Path]) -> tuple[Reference, ...]:
    """From what the ledger kept of the request, which another Tagloom may have written otherwise."""
    rows = origin.request.get("references")
    found: list[Reference] = []
    for row in rows if isinstance(rows, list | tuple) else ():
        if isinstance(row, Mapping):
            sha256 = str(row.get("original") or "")
            found.append(Reference(tag=str(row.get("tag") or ""), sha256=sha256, path=places.get(sha256)))
    return tuple(found)
