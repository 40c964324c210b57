"""`tagloom batch`: a document over every row of a table, resumable after anything."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path

from app.basics.faults import BadInput, Fault, Refused
from app.basics.money import from_usd, show_credits, show_usd, to_usd
from app.basics.unsaid import spoken_again
from app.basics.words import joined, listed, say, say_many, spoken
from app.batch.batch import Batch
from app.batch.checking import CheckedRows, check_rows
from app.batch.orders import RowRunner
from app.batch.own_table import open_own, own_table
from app.batch.setting import BatchCaps, BatchSetting
from app.batch.standing import resolver
from app.batch.table import Table, open_table
from app.batch.table import joined as joined_tables
from app.batch.views import ROW_WORDS, BatchState, RowState, Survey
from app.cli.batch_progress import BatchProgress, failure_fields, image_fields, state_fields
from app.cli.exits import Exit, exit_for
from app.cli.run import nothing_done, said_yes
from app.cli.speech import Speech, fault_words
from app.document.name_template import parsed
from app.nodes.check import Rules
from app.studio.batch_papers import write_papers
from app.studio.batching import batch_of, offers_of, setting_of
from app.studio.studio import Studio

_SHOWN = 20


async def batch(studio: Studio, args: argparse.Namespace, speech: Speech) -> Exit:
    """Runs a batch to its end. Whatever happens, the last event is `finished`."""
    progress = BatchProgress(speech)
    held: Batch | None = None
    try:
        setting = await _setting(studio, args, speech)
        checked = await _checked(studio, setting, progress)
        if not checked.sound:
            progress.stop()
            return _wrong(checked, speech)
        held = await batch_of(
            studio, setting, at_once=args.at_once, runner=await _runner(studio, setting, args)
        )
        return await _held(studio, held, args, speech, progress)
    except Fault as fault:
        progress.stop()
        speech.say(fault_words(fault))
        nothing_done(speech, fault)
        return Exit.CAPPED if isinstance(fault, Refused) else exit_for(fault)
    finally:
        progress.stop()
        if held is not None:
            await held.close()


async def _runner(studio: Studio, setting: BatchSetting, args: argparse.Namespace) -> RowRunner | None:
    """Who runs the rows; None: this process. THE PLACE where `--scheduler` picks the Dask runner.

    :raises BadInput: the cluster's packages are not installed
    """
    if not args.scheduler:
        return None
    raise BadInput(
        say("This Tagloom cannot use a Dask cluster."),
        advice=say("Leave --scheduler out: the rows then run on this machine."),
        code="batch.no-cluster",
    )


# --- before --------------------------------------------------------------------------------------


async def _setting(studio: Studio, args: argparse.Namespace, speech: Speech) -> BatchSetting:
    """:raises BadInput: no document, no table, or words of the command that do not fit them"""
    for note in await studio.desk.open(args.file, remember=False):
        speech.say(note)
    table = await _table(studio, args)
    if args.folders:
        parsed(args.folders).check(table.columns)
    caps = BatchCaps(
        credits=args.max_credits,
        money=from_usd(args.max_usd) if args.max_usd is not None else None,
        failures=args.max_failures,
    )
    beside = args.file.resolve().parent / "batch" / Path(table.name).stem
    return setting_of(
        studio,
        table,
        caps=caps,
        output=(args.output or beside).expanduser().resolve(),
        folders=args.folders,
        live_only=args.live,
        retry_unknown=args.retry_unknown,
        retry_failed=args.retry_failed,
        only=frozenset(args.rows),
    )


async def _table(studio: Studio, args: argparse.Namespace) -> Table:
    """That of the command, else the document's own. :raises BadInput: neither, or it cannot be read"""
    if args.table is None:
        own = own_table(studio.editor.document)
        if own is None or not own.file:
            raise BadInput(
                say("There is no table."),
                advice=say("Give one with --table, or put a Table node with a file into the document."),
                code="batch.no-table",
            )
        return await asyncio.to_thread(open_own, own, studio.desk.resolve)
    return await asyncio.to_thread(_opened, args)


def _opened(args: argparse.Namespace) -> Table:
    table = open_table(args.table.expanduser().resolve(), sheet=args.sheet)
    if args.other is None:
        return table
    return joined_tables(table, open_table(args.other.expanduser().resolve()), args.how)


async def _checked(studio: Studio, setting: BatchSetting, progress: BatchProgress) -> CheckedRows:
    """Every row that is wanted, before anything is sent."""
    standing, table, only = setting.standing, setting.table, setting.only
    if only:
        whole = table.source
        table = replace(table, source=lambda: (one for one in whole() if one[0] in only))
    total = len(only) or table.count
    loop = asyncio.get_running_loop()

    def tell(rows: int) -> None:
        loop.call_soon_threadsafe(progress.looked, "rows", rows, total)

    stopping = False
    work = asyncio.ensure_future(
        asyncio.to_thread(
            partial(
                check_rows,
                table,
                setting.document,
                Rules(kinds=studio.kinds, shapes=studio.shapes),
                resolver(studio.desk.resolve, standing.elsewhere),
                standing=standing,
                tell=tell,
                stop=lambda: stopping,
            )
        )
    )
    try:
        return await asyncio.shield(work)
    finally:
        stopping = True


def _wrong(checked: CheckedRows, speech: Speech) -> Exit:
    """Nothing was sent, and nothing will be."""
    for one in checked.problems[:_SHOWN]:
        speech.say(joined(spoken(one.title), spoken(one.advice)))
    if checked.total > _SHOWN:
        speech.say(say("… and {count} more problems.", count=checked.total - _SHOWN))
    speech.say(
        say_many(
            checked.wrong,
            "{n} row of {rows} is wrong, or the document is. Nothing was sent.",
            "{n} rows of {rows} are wrong. Nothing was sent.",
            rows=checked.rows,
        )
    )
    failures = [
        {
            "row": one.row or None, "column": one.column or None, "node": one.node or None,
            "field": one.parameter or None, "fault": one.code, "kind": "bad-input", "title": one.title,
            "advice": one.advice, "charged": "no", "retry": "never",
        }
        for one in checked.problems
    ]  # fmt: skip
    speech.event(
        "finished", images=[], failures=failures, wrong=checked.wrong, credits=0, usd=0.0, cancelled=False
    )
    return Exit.WRONG


# --- the batch, held -----------------------------------------------------------------------------


async def _held(
    studio: Studio, held: Batch, args: argparse.Namespace, speech: Speech, progress: BatchProgress
) -> Exit:
    total = held.setting.table.count
    state = await held.open(lambda rows: progress.looked("table", rows, total))
    for note in state.notes:
        speech.say(note)
    survey = await held.survey(lambda rows: progress.looked("prices", rows, total))
    progress.stop()
    _tell_survey(survey, speech)
    if args.live and (survey.drafts or survey.kept_drafts):
        raise _no_drafts(survey)
    if args.dry_run:
        return _dry(survey, speech)
    await _consented(studio, held, survey, args, speech)
    return await _run(studio, held, speech, BatchProgress(speech, held.setting.output))


def _tell_survey(survey: Survey, speech: Speech) -> None:
    speech.event(
        "estimate",
        rows=survey.rows,
        finished=survey.finished,
        credits=survey.credits,
        usd=None if survey.money is None else to_usd(survey.money),
        bought=survey.bought,
        drafts=survey.drafts,
        reused=survey.reused,
        followed=survey.followed,
        wrong=survey.wrong,
    )
    rows = say_many(survey.rows, "{n} row to make", "{n} rows to make")
    done = say_many(survey.finished, "{n} done already", "{n} done already") if survey.finished else ""
    speech.say(joined(say("{list}.", list=listed([rows, done] if done else [rows])), survey.told()))
    for number, problem in survey.problems[:_SHOWN]:
        words = joined(spoken_again(problem.title), spoken_again(problem.advice))
        speech.say(say("Row {number}: {words}", number=number, words=words))


def _no_drafts(survey: Survey) -> BadInput:
    return BadInput(
        say_many(
            survey.drafts + survey.kept_drafts,
            "--live was asked for, but there is no key for {n} of the pictures.",
            "--live was asked for, but there is no key for {n} of the pictures.",
        ),
        advice=say("Store a key with `tagloom keys set VENDOR`, or leave --live out for free drafts."),
        code="cli.live",
    )


def _dry(survey: Survey, speech: Speech) -> Exit:
    speech.say(say("This was only a look: nothing was sent."))
    failures = [
        {"row": number, "node": one.node or None, "fault": one.code, "title": one.title, "advice": one.advice}
        for number, one in survey.problems
    ]
    speech.event("finished", images=[], failures=failures, credits=0, usd=0.0, cancelled=False, dry_run=True)
    return Exit.WRONG if survey.wrong else Exit.DONE


async def _consented(
    studio: Studio, held: Batch, survey: Survey, args: argparse.Namespace, speech: Speech
) -> None:
    """:raises Refused: a price that no cap can hold, a no, or nobody to ask; nothing was sent"""
    if survey.drafts:
        speech.say(say("No key: the pictures are free drafts from the sandbox."))
    if survey.free:
        return
    purse = held.opened.purse
    purse.check(survey.credits, survey.money, survey.bought)
    if not purse.fits(survey.credits, survey.money):
        speech.say(say("That is over the cap: the batch will stop when it is reached."))
    if not args.yes and not await said_yes(survey.question(), speech):
        raise Refused(
            say("Nothing was sent."),
            advice=say("Give --yes to spend without being asked."),
            code="run.declined",
        )
    studio.told(survey)
    for vendor in sorted({one.vendor for one in offers_of(held.setting.document, studio)}):
        await studio.balances.note(vendor)


async def _run(studio: Studio, held: Batch, speech: Speech, progress: BatchProgress) -> Exit:
    before = held.state
    ends = [held.changed.connect(progress.moved), held.row_changed.connect(progress.row)]
    new: set[str] = set()
    ends.append(held.row_changed.connect(lambda row: new.add(row.key)))
    cancelled = False
    try:
        state = await held.start()
    except asyncio.CancelledError:
        cancelled = True
        if (task := asyncio.current_task()) is not None:
            task.uncancel()
        state = held.state
    finally:
        progress.stop()
        for end in ends:
            end()
    papers = await write_papers(held, studio.parts.clock.now())
    state = await held.recount() if not cancelled else held.state
    _say_end(state, held, cancelled, speech)
    images, failures = await _all_rows(held, new)
    speech.event(
        "finished",
        images=images,
        failures=failures,
        credits=max(0, state.credits - before.credits),
        usd=_spent(before, state),
        cancelled=cancelled,
        stopped=state.stopped or None,
        results=str(papers.results),
        report=str(papers.report),
        sheets=[str(one) for one in papers.sheets],
        **state_fields(state),
    )
    return _exit(state, held, cancelled)


async def _all_rows(held: Batch, new: set[str]) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """All pictures that the batch has, and what failed."""
    images: list[dict[str, object]] = []
    failures: list[dict[str, object]] = []
    async for page in held.pages():
        for row in page:
            images += [
                image_fields(row, one, held.setting.output, earlier=row.key not in new) for one in row.results
            ]
            failures += [failure_fields(row, one) for one in row.failures]
    return images, failures


def _spent(before: BatchState, state: BatchState) -> float | None:
    if before.money is None or state.money is None:
        return None
    return max(0, state.money - before.money) / 1_000_000


def _say_end(state: BatchState, held: Batch, cancelled: bool, speech: Speech) -> None:
    if state.stopped:
        speech.say(state.stopped)
    if cancelled:
        speech.say(
            say("Stopped. What is under way is collected with the next start, for free: start it again.")
        )
    counts = [
        say("{count} {state}", count=state.count(one), state=spoken(ROW_WORDS[one]))
        for one in RowState
        if state.count(one)
    ]
    money = say("not known") if state.money is None else show_usd(state.money)
    speech.say(
        say(
            "Rows: {counts}. The batch has cost {money} ({credits}) in all.",
            counts=listed(counts),
            money=money,
            credits=show_credits(state.credits),
        )
    )
    speech.say(say("Everything lies in {folder}.", folder=held.setting.output))


def _exit(state: BatchState, held: Batch, cancelled: bool) -> Exit:
    if state.count(RowState.UNKNOWN):
        return Exit.UNKNOWN
    if cancelled:
        return Exit.STOPPED
    if state.stopped and held.capped:
        return Exit.CAPPED
    return Exit.STEP_FAILED if state.count(RowState.FAILED) else Exit.DONE
