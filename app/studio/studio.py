"""What the window and the command line hold: the document, its checks, its runs, and what they would cost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from app.basics.faults import BadInput, Fault
from app.basics.ids import new_id
from app.basics.money import Money
from app.basics.signal import Signal
from app.batch.own_table import table_nodes
from app.batch.views import Survey
from app.document.editor import Change
from app.document.problems import Edit, Problem
from app.document.reach import models_reached, prompts_reaching
from app.document.values import Document
from app.engine.events import Event, RunFinished
from app.engine.job import Caps, Estimate, Job
from app.engine.plan import needed_by
from app.engine.recovery import Recovered
from app.engine.rescued import Held
from app.nodes.check import errors
from app.preferences import declared
from app.studio.balances import Balances
from app.studio.book import Book, Decision, Seller
from app.studio.housekeeping import Housekeeping
from app.studio.limits import caps_of
from app.studio.lineup import Lineup
from app.studio.outlook import Gallery, drafts_of, fresh_results, outlook_of, shown_by
from app.studio.parts import Consent, Outlook, Parts, VendorStatus, declined, never_asked
from app.studio.reach import Reach
from app.studio.runs import Runs

OUTLOOK_DELAY = 0.15
"""Seconds of quiet after an edit before the estimate is made anew."""


class Studio:
    """One document on the desk, and everything that can be done with it."""

    def __init__(self, parts: Parts) -> None:
        self.editor, self.desk, self.checks = parts.editor, parts.desk, parts.checks
        self.preview = parts.preview
        self.safekeeping, self.upkeep = parts.safekeeping, parts.upkeep
        self.kinds, self.shapes = parts.kinds, parts.shapes
        self.cards = MappingProxyType(
            {id: one.card for id, one in parts.kinds.items() if one.card is not None}
        )
        stores = parts.stores
        self.options, self.keys = stores.options, stores.keys
        self.library, self.ledger, self.photographs = stores.library, stores.ledger, stores.photographs
        self.snippets, self.templates = stores.snippets, stores.templates
        self.notes, self.web, self.home = stores.notes, parts.web, parts.home
        self.runs = Runs()
        self.outlook = Outlook()
        self.outlook_changed: Signal[Outlook] = Signal()
        self.faults: Signal[Fault] = Signal()
        self.ask: Callable[[Consent], Awaitable[bool]] = never_asked
        self.lineup = Lineup(parts.engine, stores.ledger, stores.waiting, parts.clock)
        self.parts = parts
        self._engine, self._registry = parts.engine, parts.registry
        pages = self._pages = {id: one.usage_page for id, one in parts.keepings.items()}
        sellers = {
            one.id: Seller(title=one.title, usage_page=pages.get(one.id, "")) for one in parts.registry.kinds
        }
        self.balances = Balances(self.ledger, self.options, parts.registry, self.keys, parts.clock)
        self.reach = Reach(parts.probe, self.balances, parts.keepings, parts.clock)
        self.book = Book(self.ledger, parts.clock, sellers=sellers, cards=self.cards, hint=self.balances.hint)
        self._unsaved = f"untitled-{new_id()}"
        self.housekeeping = Housekeeping(
            editor=self.editor, desk=self.desk, runs=self.runs, library=self.library, ledger=self.ledger,
            options=self.options, home=self.home, name=lambda: self.document_id,
        )  # fmt: skip
        self._gallery = Gallery(self.library)
        self._looking: asyncio.Task[None] | None = None
        self.editor.changed.connect(self._on_change)
        self.desk.opened.connect(self._on_opened)
        self.preview.changed.connect(lambda _: self._look_soon())
        self.safekeeping.faults.connect(self.faults.emit)

    # -- the document

    def commit(self, label: str, edit: Edit, merge: str | None = None) -> bool:
        """One step of the document; an edit that cannot be made is told as a fault, and changes nothing."""
        try:
            return self.editor.commit(label, edit, merge)
        except Fault as fault:
            self.faults.emit(fault)
            return False

    @property
    def shown(self) -> Document:
        """The document as it is checked and run: with a table, its chosen row is filled in."""
        return self.preview.seen(self.editor.document).document

    def photograph_path(self, node: str) -> Path | None:
        """Where a Reference Image's photograph lies, or None where there is none that may be read."""
        return self.preview.photograph_path(node)

    def problems_of(self, node: str) -> tuple[Problem, ...]:
        """A node's own problems, and those of the prompts that reach it."""
        document = self.editor.document
        places = (node, *(one for one in prompts_reaching(document, node) if one != node))
        seen: dict[tuple[str, object, str], Problem] = {}
        for place in places:
            for problem in self.checks.problems.get(place, ()):
                seen.setdefault((problem.code, problem.where, problem.title), problem)
        for model in models_reached(document, node):  # what is wrong in a prompt's words is kept there
            for problem in self.checks.problems.get(model, ()):
                if problem.where.node == node:
                    seen.setdefault((problem.code, problem.where, problem.title), problem)
        return tuple(seen.values())

    def prompts_of(self, node: str) -> tuple[str, ...]:
        return prompts_reaching(self.editor.document, node)

    @property
    def document_id(self) -> str:
        """The document's name in the ledger: its path, the same in window and terminal."""
        return str(self.desk.path) if self.desk.path else self._unsaved

    # -- running

    def job(
        self, nodes: tuple[str, ...] | None = None, *, document: Document | None = None, **changes: object
    ) -> Job:
        """`document` is as it is written, by default that on the desk; a table's row is filled in."""
        base: dict[str, object] = {
            "document": self.preview.seen(document or self.editor.document).document,
            "document_id": self.document_id,
            "resolve": self.preview.resolve,
            "output": self._output(self.desk.folder),
            "wanted": nodes,
            "caps": self.caps(),
            "columns": self.preview.cells,
        }
        return Job(**{**base, **changes})  # type: ignore[arg-type]

    def _output(self, folder: Path | None) -> Path:
        chosen = self.options.get(declared.OUTPUT_FOLDER)
        return Path(chosen) if chosen else folder / "out" if folder else self.parts.output

    def caps(self) -> Caps:
        return caps_of(self.options)

    def run(self, nodes: tuple[str, ...] | None = None, *, front: bool = False) -> asyncio.Task[RunFinished]:
        """Checks, asks where money is spent, runs; `front`: before all that waits. What stops it before that
        is raised from the task.

        :raises BadInput: an error in what is to run; nothing was sent
        :raises Refused: a cap, or the artist said no; nothing was sent
        """
        written = self.editor.document
        return self.runs.start(lambda tell: self._run(self.job(nodes, front=front), tell, written))

    def _heard(self, job: Job, tell: Callable[[Event], None]) -> Callable[[Event], None]:
        """The queue hears of the runs of every document, also when another one is on the desk by then."""

        def hear(event: Event) -> None:
            tell(event)
            self.lineup.hear(event, job.document_id)

        return hear

    async def _run(self, job: Job, tell: Callable[[Event], None], written: Document) -> RunFinished:
        await self.stop_on_errors(job)
        filled = self.preview.seen(written).document  # the table may have been read only now
        job = replace(job, document=filled, columns=self.preview.cells)
        estimate = await self._engine.estimate(job)
        await self.afford(job, estimate)
        if not await self._may_spend(estimate):
            raise declined()
        self.told(estimate)
        await self.safekeeping.before_run()
        await self.balances.note_before(estimate)
        finished = await self._engine.run(job, self._heard(job, tell))
        self._look_soon()
        return finished

    async def _may_spend(self, estimate: Estimate) -> bool:
        """Without the question, where the settings say so, only what has a price, at vendors whose notice
        about uploads was read, and in place of no version that the artist picked."""
        if estimate.free:
            return True
        consent = self.consent(estimate)
        needed = consent.money is None or bool(consent.uploads or estimate.over_picks)
        asked = needed or self.options.get(declared.ASK_BEFORE_SPENDING)
        return not asked or await self.ask(consent)

    async def run_job(self, job: Job) -> RunFinished:
        """A run that was consented to elsewhere (the command line)."""
        return await self.runs.start(lambda tell: self._engine.run(job, tell))

    async def estimate(self, job: Job) -> Estimate:
        return await self._engine.estimate(job)

    async def afford(self, job: Job, estimate: Estimate) -> None:
        """Whether it fits under every cap. :raises Refused: it does not; nothing was sent"""
        await self._engine.afford(job, estimate)

    async def stop_on_errors(self, job: Job) -> None:
        """:raises BadInput: the first error among what would run, with its place"""
        await self.checks.refresh()
        found = errors(self.checks.problems, self.needed(job))
        if found:
            raise found[0].as_fault()

    def needed(self, job: Job) -> frozenset[str] | None:
        """The wanted nodes and all above them, and tables; None for the whole document."""
        wanted = job.wanted
        return None if wanted is None else table_nodes(job.document) | needed_by(job.document, wanted)

    def consent(self, estimate: Estimate) -> Consent:
        told = self._told()
        return Consent(
            question=estimate.question(),
            uploads=tuple(
                f"{one.uploads} {one.kept}" for one in estimate.keepings if one.vendor_title not in told
            ),
            credits=estimate.credits,
            money=estimate.money,
            count=len(estimate.bought),
        )

    def told(self, estimate: Estimate | Survey) -> None:
        """The artist has been told once what these vendors keep."""
        new = {one.vendor_title for one in estimate.keepings} - self._told()
        if new:
            self.options.set(declared.TOLD_VENDORS, tuple(sorted(self._told() | new)))

    def _told(self) -> set[str]:
        told = self.options.get(declared.TOLD_VENDORS)
        return set(told)

    def cancel(self) -> bool:
        """Everything that runs; whether there was anything. What the vendor makes of it follows as events."""
        return any([self._engine.cancel(run) for run in self._engine.running])

    @property
    def at_work(self) -> int:
        """How many pictures of the document on the desk a vendor is at."""
        return self.runs.at_work

    def cancel_node(self, node: str) -> None:
        for run in self._engine.running:
            self._engine.cancel_node(run, node)

    # -- what was sent and never answered

    async def recover(self) -> Recovered:
        """Brings home what earlier sessions left under way, for free; buys nothing."""
        recovered = await self._engine.recover()
        if recovered.brought:
            self._gallery.forget()
            self._look_soon()
        return recovered

    async def send_again(self, node: str) -> RunFinished:
        """The artist has decided that what is `unknown` at a node may be sent again, and maybe paid twice."""
        job, written = self.job((node,), retry_unknown=True), self.editor.document
        return await self.runs.start(lambda tell: self._run(job, tell, written))

    async def give_up(self, node: str) -> None:
        """The artist has decided that what is `unknown` at a node was not charged: its row says so.

        :raises BadInput: it has been decided elsewhere
        """
        operation = self.runs.state.node(node).operation
        if operation:
            try:
                await self.book.decide(operation, Decision.NOT_CHARGED)
            except BadInput:
                self.runs.clear(node)
                raise
            self.runs.clear(node)

    def usage_page(self, node: str) -> str:
        """Where the vendor of a model node shows what it billed."""
        known = self.shown.nodes.get(node)
        card = self.cards.get(known.kind) if known else None
        offer = card.offer(str(card.value(known.values, "vendor") or "auto")) if card and known else None
        return self._pages.get(offer.vendor, "") if offer else ""

    # -- what the library's disk does not take

    def held_picture(self, node: str) -> Held | None:
        """The picture of a node that has arrived and could not be kept."""
        operation = self.runs.state.node(node).operation
        return self._engine.rescued.get(operation) if operation else None

    @property
    def only_in_memory(self) -> tuple[Held, ...]:
        """Pictures that are lost with this program: see `RescuedPictures`."""
        return self._engine.rescued.only_in_memory

    async def save_held(self, held: Held, target: Path) -> None:
        """:raises DiskTrouble: it could not be written there either; it stays held"""
        await self._engine.rescued.save(held.operation, target)

    # -- money and vendors

    async def spent_today(self) -> tuple[int, Money]:
        """Credits and money of live operations since midnight."""
        now = self.parts.clock.now().astimezone()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        counted = await self.ledger.counted(midnight)
        return counted.credits, counted.money

    def vendors(self) -> tuple[VendorStatus, ...]:
        return tuple(
            VendorStatus(id=kind.id, title=kind.title, source=self.keys.source(kind.id) or "")
            for kind in self._registry.kinds
        )

    def key_changed(self) -> None:
        """A key came or went: drafts and bought pictures change places with the next look and run."""
        self._gallery.forget()
        self._look_soon()

    # -- the outlook

    def _on_change(self, change: Change) -> None:
        if change.before.nodes is not change.after.nodes or change.before.links is not change.after.links:
            self._look_soon()

    def _on_opened(self, path: Path | None) -> None:
        self._unsaved = f"untitled-{new_id()}"
        self.runs.forget()
        self._gallery.forget()
        self.outlook = Outlook()

    def _look_soon(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
        try:
            self._looking = asyncio.get_running_loop().create_task(self._look_later())
        except RuntimeError:
            self._looking = None  # no loop: a script asks for `look` itself

    async def _look_later(self) -> None:
        await asyncio.sleep(OUTLOOK_DELAY)
        try:
            await self.look()
        except BadInput:
            return  # the checks say what is wrong; the last outlook stays
        except Fault as fault:
            self.faults.emit(fault)

    async def look(self) -> Outlook:
        """The estimate of everything, and the pictures that its nodes have: what exactly matches, else what
        they show already, else the last they made.

        :raises BadInput: the graph cannot run as it is
        """
        document, name = self.editor.document, self.document_id
        drafts = await drafts_of(self.shown, self.kinds, self._registry)
        try:
            estimate = await self._engine.estimate(self.job(None))
        except BadInput:  # pictures are there all the same
            last = await self._gallery.shown(name, document, drafts, self.runs.state)
            if self.editor.document is document:
                self.runs.show(last)
                self.outlook = replace(self.outlook, blocked=True)
                self.outlook_changed.emit(self.outlook)
            raise
        fresh = fresh_results(estimate)
        last = await self._gallery.shown(name, document, drafts, self.runs.state, fresh)
        if self.editor.document is not document:
            return self.outlook  # another look follows that edit
        self.runs.show({**last, **fresh})
        shown = shown_by(self.runs.state, drafts)
        self.outlook = outlook_of(estimate, shown, drafts, draft=not any(one.live for one in self.vendors()))
        self.outlook_changed.emit(self.outlook)
        return self.outlook

    async def close(self) -> None:
        """Puts everything away, the ledger last. What a vendor has under way goes on there, and is collected
        next time: only `cancel` stops it."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        await self.lineup.freeze()
        await self.runs.leave()
        await self.preview.close()
        await self.checks.close()
        self.lineup.close()
        await self.safekeeping.close()
        self.desk.close()
        await asyncio.to_thread(self.options.settle)
        await self.parts.close()
