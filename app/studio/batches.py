"""The batch of the document on the desk, as the window holds it: looked at, priced, asked about, run."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec.structs import replace

from app.basics.faults import Fault
from app.basics.money import NOTHING, Money
from app.basics.signal import Signal
from app.basics.words import joined, say
from app.batch.batch import Batch
from app.batch.own_table import open_own, own_table
from app.batch.row_faults import BadRow
from app.batch.setting import BatchCaps, BatchSetting
from app.batch.views import BatchState, Phase, RowState, RowView, Survey
from app.document.edits import set_value
from app.document.values import Document
from app.preferences import declared
from app.studio.batch_checking import RowCheck
from app.studio.batch_pages import BatchPages
from app.studio.batch_papers import write_papers
from app.studio.batch_shown import dry_of, refused, row_of
from app.studio.batch_values import BatchRow, DryRun, Progress, Stage, Standing, TableProblem
from app.studio.batching import batch_of, setting_of
from app.studio.parts import Consent, declined
from app.studio.studio import Studio

_STAGES = {Phase.RUNNING: Stage.RUNNING, Phase.PAUSED: Stage.PAUSED, Phase.STOPPING: Stage.STOPPING}
EMPTY = Progress()


class Batches:
    """One batch at a time. `look` opens it and says what it would cost; `start` asks before it spends.

    `changed` tells how it stands, `dried` the dry run (None: not known any more), `row_changed` each row that
    has become another.
    """

    def __init__(self, studio: Studio) -> None:
        self.changed: Signal[Progress] = Signal()
        self.dried: Signal[DryRun | None] = Signal()
        self.row_changed: Signal[BatchRow] = Signal()
        self.progress = EMPTY
        self.dry: DryRun | None = None
        self._studio = studio
        self._batch: Batch | None = None
        self.survey: Survey | None = None
        self._wrong: Mapping[int, str] = MappingProxyType({})
        self._spent: Money | None = NOTHING
        self._looking, self._opening = asyncio.Lock(), False
        self._at: asyncio.Task[object] | None = None
        self._pages = BatchPages(self._row_of)
        self._ears = (studio.editor.changed.connect(lambda _: self._edited()),)
        self._running: asyncio.Task[BatchState] | None = None
        self._pricing: asyncio.Task[None] | None = None
        self._leave: list[Callable[[], None]] = []

    # --- the document ---

    @property
    def node(self) -> str:
        """The document's Table node; empty where it has none."""
        own = own_table(self._studio.editor.document)
        return own.node if own is not None else ""

    @property
    def output(self) -> Path | None:
        """Where its pictures go; None of a document that was never saved."""
        desk, table = self._studio.desk, self._table_name()
        return desk.folder / "batch" / Path(table).stem if desk.folder is not None and table else None

    def _table_name(self) -> str:
        own = own_table(self._studio.editor.document)
        return Path(own.file).name if own is not None else ""

    @property
    def left_open(self) -> bool:
        """Whether there was a batch of this document before."""
        output = self.output
        return output is not None and (output / ".tagloom" / "batch.sqlite").is_file()

    def _document(self) -> Document:
        """Which row is looked at is no part of the batch."""
        document = self._studio.editor.document
        return set_value(document, self.node, "row", None)

    def _edited(self) -> None:
        """What the dry run said is about another document."""
        batch = self._batch
        if batch is None or self.dry is None or self.progress.stage is not Stage.READY:
            return
        now = dataclasses.replace(batch.setting, document=self._document()) if self.node else None
        if now is None or now.what != batch.setting.what:
            self._tell_dry(None)
            self._tell(replace(self.progress, why=say("The document has changed. Press Look again.")))

    # --- before ---

    async def look(self) -> None:
        """Reads the table, takes it into the batch's book, and works out what it would cost. Sends nothing.
        What is wrong is told, not raised. Nothing while it runs."""
        if self._opening or self.busy:
            return
        self._opening, self._at = True, asyncio.current_task()
        try:
            async with self._looking:
                await self._look_anew()
        finally:
            self._opening, self._at = False, None

    async def _leave_look(self) -> None:
        """What is being read is for a document that has gone."""
        at = self._at
        if at is not None and at is not asyncio.current_task():
            at.cancel()
            await asyncio.gather(at, return_exceptions=True)

    async def _look_anew(self) -> None:
        await self._close()
        try:
            await self._look()
        except Fault as fault:
            await self._close()
            self._tell_wrong(fault)

    async def _look(self) -> None:
        if not self.node or not self._table_name():
            self._tell_dry(None)
            self._tell(Progress())
            return
        table = self._table_name()
        self._tell_dry(None)
        if self.output is None:
            why = say(
                "Save the document first: its pictures lie beside it, and a batch is found again by it."
            )
            self._tell(Progress(stage=Stage.READY, table=table, why=why))
            return
        self._tell(Progress(stage=Stage.OPENING, table=table))
        setting = await self._setting(self.output)
        checked = await RowCheck(self._studio, self._looked).of(setting)
        batch = self._batch = await batch_of(self._studio, setting)
        await batch.open(self._looked)
        self._leave = [batch.changed.connect(self._moved), batch.row_changed.connect(self._row_moved)]
        if checked.sound:
            self._take(batch, await batch.survey(self._looked))
            return
        self._wrong = MappingProxyType({one.row: one.title for one in reversed(checked.problems)})
        self._moved(batch.state)
        self._tell_dry(refused(checked))

    async def _setting(self, output: Path) -> BatchSetting:
        studio = self._studio
        own = own_table(studio.editor.document)
        assert own is not None, "asked for before"
        table = await asyncio.to_thread(open_own, own, studio.desk.resolve)
        caps = studio.caps()
        most = BatchCaps(credits=caps.run_credits, money=caps.run_money)
        return setting_of(studio, table, caps=most, document=self._document(), output=output)

    def _looked(self, rows: int) -> None:
        self._tell(replace(self.progress, looked=rows))

    def _tell_wrong(self, fault: Fault) -> None:
        """A table that cannot be read is shown with its place."""
        words: str = joined(fault.title, fault.advice)
        if isinstance(fault, BadRow):
            problem = TableProblem(row=fault.row, column=fault.column, words=words)
            self._tell_dry(DryRun(rows=0, pictures=0, here=0, wrong=1, problems=(problem,)))
            words = ""
        self._tell(Progress(stage=Stage.READY, table=self._table_name(), why=words))

    # --- running ---

    @property
    def can_start(self) -> bool:
        dry, waits = self.dry, self.progress.counts.get(Standing.WAITING, 0)
        return self.progress.stage is Stage.READY and dry is not None and not dry.wrong and waits > 0

    async def start(self) -> None:
        """Asks where money is spent, then runs what waits.

        :raises Refused: the artist said no; nothing was sent
        """
        batch, survey = self._batch, self.survey
        if batch is None or survey is None or not self.can_start:
            return
        if not await self._may_spend(survey):
            raise declined()
        told = self._told() | {one.vendor_title for one in survey.keepings}
        if told != self._told():
            self._studio.options.set(declared.TOLD_VENDORS, tuple(sorted(told)))
        await self._studio.safekeeping.before_run()
        self._running = batch.start()
        self._running.add_done_callback(self._ended)

    def _ended(self, running: asyncio.Task[BatchState]) -> None:
        """What is left to do is priced anew; what stopped all rows is told."""
        if running.cancelled() or self._batch is None:
            return
        error = running.exception()
        if isinstance(error, Fault):
            self._studio.faults.emit(error)
        elif error is None:
            self._pricing = asyncio.get_running_loop().create_task(self._price())

    async def _price(self) -> None:
        async with self._looking:
            batch = self._batch
            if batch is None or self.busy:
                return
            try:
                self._take(batch, await batch.survey())
            except Fault as fault:
                self._studio.faults.emit(fault)

    def _take(self, batch: Batch, survey: Survey) -> None:
        self.survey, self._spent = survey, batch.state.money
        self._wrong = MappingProxyType({number: one.title for number, one in survey.problems})
        self._moved(batch.state)
        self._tell_dry(dry_of(survey))

    async def _may_spend(self, survey: Survey) -> bool:
        if survey.free:
            return True
        consent = Consent(
            question=survey.question(),
            uploads=tuple(
                f"{one.uploads} {one.kept}" for one in survey.keepings if one.vendor_title not in self._told()
            ),
            credits=survey.credits or 0,
            money=survey.money,
            count=survey.bought,
        )
        needed = consent.money is None or bool(consent.uploads)
        asked = needed or self._studio.options.get(declared.ASK_BEFORE_SPENDING)
        return not asked or await self._studio.ask(consent)

    def _told(self) -> set[str]:
        """The vendors that the artist was told of: what they are given and keep."""
        told = self._studio.options.get(declared.TOLD_VENDORS)
        return set(told)

    def pause(self) -> None:
        """Nothing more is sent; what a vendor is at comes home."""
        if self._batch is not None:
            self._batch.pause()

    def resume(self) -> None:
        if self._batch is not None:
            self._batch.resume()

    async def stop(self) -> None:
        """What waits stays so; what is under way comes home first."""
        if self._batch is not None:
            self._batch.finish()

    async def retry(self, keys: tuple[str, ...] | None = None, *, unknown: bool = False) -> None:
        """Those of `keys` (None: all) that failed or were cancelled wait again; a batch that does not run
        asks for its price anew and is started, with the question that every start has. `unknown`: also those
        that were sent and never answered, since a person has decided that they may be paid twice."""
        if self._batch is None or not await self._batch.retry(keys, unknown=unknown):
            return
        if not self.busy:
            await (self.look() if self.dry is None else self._price())
            await self.start()

    async def to_front(self, keys: tuple[str, ...]) -> None:
        if self._batch is not None:
            await self._batch.move(keys, to_front=True)

    @property
    def running(self) -> int:
        """Rows that a vendor is at."""
        return self.progress.counts.get(Standing.RUNNING, 0)

    @property
    def waiting(self) -> int:
        """Rows that the batch has yet to send; none where it does not run."""
        return self.progress.counts.get(Standing.WAITING, 0) if self.busy else 0

    @property
    def busy(self) -> bool:
        return self.progress.stage in _STAGES.values()

    async def settled(self) -> None:
        """Returns when it does not run; a paused one goes on."""
        self.resume()
        if self._running is not None:
            await asyncio.wait({self._running})

    async def paper(self, name: str) -> Path:
        """The `report`, or the contact `sheet`, written as the batch stands now.

        :raises DiskTrouble: it cannot be written
        """
        assert self._batch is not None, "asked for by a button of a batch"
        now = self._studio.parts.clock.now().astimezone()
        papers = await write_papers(self._batch, now, sheets=name == "sheet")
        return papers.sheets[0] if name == "sheet" and papers.sheets else papers.report

    # --- rows ---

    async def count(self, standing: Standing | None, words: str) -> int:
        """How many rows are like that; asked anew."""
        return await self._pages.count(self._batch, standing, words) if self._batch is not None else 0

    async def page(self, standing: Standing | None, words: str, first: int, limit: int) -> list[BatchRow]:
        """Rows in the order of the table, from place `first` on, among those that are like that."""
        if self._batch is None:
            return []
        return await self._pages.page(self._batch, standing, words, first, limit)

    async def place_of(self, number: int) -> int:
        """Of a row among all; -1 where there is none of this number."""
        return await self._pages.place_of(self._batch, number) if self._batch is not None else -1

    def _row_of(self, view: RowView) -> BatchRow:
        output = self._batch.setting.output if self._batch is not None else None
        return row_of(view, output, self._wrong.get(view.number, ""))

    # --- telling ---

    def _moved(self, state: BatchState) -> None:
        stage = _STAGES.get(state.phase, Stage.READY)
        counts = {Standing(one): count for one, count in state.counts.items() if count}
        if stage is Stage.READY and state.total and not state.count(RowState.WAITING):
            stage = Stage.ENDED
        self._tell(
            Progress(
                stage=stage,
                table=self._table_name(),
                counts=MappingProxyType(counts),
                spent=state.money if state.money is not None else NOTHING,
                estimate=self._estimate(),
                left=state.seconds_left,
                why=state.stopped or " ".join(state.notes),
            )
        )

    def _estimate(self) -> Money | None:
        """What was spent before this look, and what it would cost."""
        survey = self.survey
        if survey is None or survey.money is None or self._spent is None:
            return None
        return Money(self._spent + survey.money)

    def _row_moved(self, view: RowView) -> None:
        self.row_changed.emit(self._row_of(view))

    def _tell(self, progress: Progress) -> None:
        if progress != self.progress:
            self.progress = progress
            self.changed.emit(progress)

    def _tell_dry(self, dry: DryRun | None) -> None:
        if dry != self.dry:
            self.dry = dry
            self.dried.emit(dry)

    # --- its end ---

    async def forget(self) -> None:
        """Another document is on the desk: what runs is left, and found again when its document is opened."""
        await self._leave_look()
        async with self._looking:
            await self._close()
            self._tell_dry(None)
            self._tell(Progress())

    async def _close(self) -> None:
        for leave in self._leave:
            leave()
        self._leave = []
        self._pages.forget()
        batch, self._batch, self.survey = self._batch, None, None
        self._wrong = MappingProxyType({})
        if batch is not None:
            await batch.close()

    async def close(self) -> None:
        """What is under way goes on at the vendor; the next start brings it home."""
        for end in self._ears:
            end()
        await self._leave_look()
        pricing, self._pricing = self._pricing, None
        if pricing is not None:
            pricing.cancel()
            await asyncio.gather(pricing, return_exceptions=True)
        await self._close()
