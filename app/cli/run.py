"""`tagloom run`: the document, without a window, through the same engine to the same bytes."""

from __future__ import annotations

import argparse
import asyncio
import sys

from app.basics.faults import BadInput, Fault, Refused
from app.basics.money import Money, from_usd, to_usd
from app.basics.words import listed, say, say_many
from app.cli import sets
from app.cli.exits import Exit, exit_for
from app.cli.held import save_held
from app.cli.progress import Progress
from app.cli.speech import Speech, fault_fields, fault_words, problem_words
from app.engine.events import NodeFailed, RunFinished
from app.engine.job import Caps, Estimate, Job
from app.engine.results import Result
from app.nodes.check import errors
from app.studio.studio import Studio


async def run(studio: Studio, args: argparse.Namespace, speech: Speech) -> Exit:
    """Runs a document to its end. Whatever happens, the last event is `finished`."""
    progress = Progress(speech)
    stop_hearing = studio.runs.events.connect(progress.hear)
    try:
        job = await prepared(studio, args, speech)
        if found := errors(studio.checks.problems, studio.needed(job)):
            for one in found:
                speech.say(problem_words(one))
            nothing_done(speech, *(one.as_fault() for one in found))
            return Exit.WRONG
        await _say_elsewhere(studio, speech)
        estimate = await studio.estimate(job)
        _refuse_drafts(args, estimate)
        await _consented(studio, job, args, estimate, speech)
        await studio.balances.note_before(estimate)
        progress.start()
        finished = await studio.run_job(job)
    except Fault as fault:
        progress.stop()
        speech.say(fault_words(fault))
        nothing_done(speech, fault)
        return Exit.CAPPED if isinstance(fault, Refused) else exit_for(fault)
    finally:
        progress.stop()
        stop_hearing()
    await save_held(studio, finished, job.output, speech)
    _report(studio, finished, speech)
    return exit_of(finished)


async def _say_elsewhere(studio: Studio, speech: Speech) -> None:
    """A run goes on with what its own document has under way; of the others it says that they wait."""
    here = studio.document_id
    rows = [one for one in await studio.book.open_entries() if not one.unknown and one.submitted]
    if count := sum(one.document != here for one in rows):
        speech.say(
            say_many(
                count,
                "{n} picture of another document is under way: "
                "`tagloom recover` brings home what no other Tagloom is at, for free.",
                "{n} pictures of other documents are under way: "
                "`tagloom recover` brings home what no other Tagloom is at, for free.",
            )
        )


def nothing_done(speech: Speech, *faults: Fault) -> None:
    """The last event of a run that faults, or else the person, have ended before anything was sent."""
    failures = [fault_fields(one) for one in faults]
    speech.event("finished", images=[], failures=failures, credits=0, usd=0.0, cancelled=not faults)


async def prepared(studio: Studio, args: argparse.Namespace, speech: Speech) -> Job:
    """The document opened, `--set` applied, its photographs looked at: what is to run.

    :raises BadInput: no document, or words of the command that do not fit it
    """
    await opened(studio, args, speech)
    await studio.checks.refresh()
    wanted = tuple(args.only) or None
    for node in wanted or ():
        if node not in studio.editor.document.nodes:
            raise BadInput(
                say("--only names the node {node!r}, which the document does not have.", node=node),
                advice=say("Its nodes are: {list}.", list=listed(sorted(studio.editor.document.nodes))),
                code="cli.only",
            )
    output = (args.output or args.file.resolve().parent / "out").expanduser().resolve()
    return studio.job(
        wanted,
        output=output,
        save_all=True,
        live_only=args.live,
        retry_unknown=args.retry_unknown,
        caps=caps_of(studio.caps(), args),
    )


async def opened(studio: Studio, args: argparse.Namespace, speech: Speech) -> None:
    """:raises BadInput: no document, or a `--set` that cannot be made"""
    for note in await studio.desk.open(args.file, remember=False):
        speech.say(note)
    document = sets.apply(studio.editor.document, studio.kinds, args.sets, studio.desk.trust)
    studio.commit("--set", lambda _: document)


def caps_of(settings: Caps, args: argparse.Namespace) -> Caps:
    """The caps of the settings; those of the command hold for this run instead of the settings' own."""
    return Caps(
        run_credits=args.max_credits if args.max_credits is not None else settings.run_credits,
        run_money=from_usd(args.max_usd) if args.max_usd is not None else settings.run_money,
        day_credits=settings.day_credits,
        day_money=settings.day_money,
        document_credits=settings.document_credits,
        document_money=settings.document_money,
    )


def _refuse_drafts(args: argparse.Namespace, estimate: Estimate) -> None:
    kept = [step.id for step in estimate.plan.models() if step.asset and step.asset.origin.draft]
    if args.live and (estimate.drafts or kept):
        raise BadInput(
            say(
                "--live was asked for, but there is no key for the models of these nodes: {list}.",
                list=listed((*estimate.drafts, *kept)),
            ),
            advice=say("Store a key with `tagloom keys set VENDOR`, or leave --live out for free drafts."),
            code="cli.live",
        )


async def _consented(
    studio: Studio, job: Job, args: argparse.Namespace, estimate: Estimate, speech: Speech
) -> None:
    """:raises Refused: a cap, a no, or nobody to ask; nothing was sent"""
    consent = studio.consent(estimate)
    speech.event(
        "estimate",
        credits=estimate.credits,
        usd=_usd(estimate.money),
        bought=list(estimate.bought),
        drafts=list(estimate.drafts),
        reused=list(estimate.reused),
    )
    if estimate.drafts:
        speech.say(say("No key: the pictures are free drafts from the sandbox."))
    if estimate.free:
        return
    await studio.afford(job, estimate)
    for upload in consent.uploads:
        speech.say(upload)
    if not args.yes and not await said_yes(consent.question, speech):
        raise Refused(
            say("Nothing was sent."),
            advice=say("Give --yes to spend without being asked."),
            code="run.declined",
        )
    studio.told(estimate)


async def said_yes(question: str, speech: Speech) -> bool:
    if not (sys.stdin.isatty() and speech.terminal):
        speech.say(say("{question} There is no terminal to ask at.", question=question))
        return False
    speech.say(f"{question} [y/N] ")
    answer = await _line()
    return answer.strip().lower() in ("y", "yes")


async def _line() -> str:
    """What the person types. Where the system allows, without a thread that Ctrl+C would have to wait for."""
    if sys.platform == "win32":
        return await asyncio.to_thread(sys.stdin.readline)
    loop = asyncio.get_running_loop()
    typed = asyncio.Event()
    loop.add_reader(sys.stdin, typed.set)
    try:
        await typed.wait()
    finally:
        loop.remove_reader(sys.stdin)
    return sys.stdin.readline()


def _report(studio: Studio, finished: RunFinished, speech: Speech) -> None:
    for failure in finished.failures:
        if not failure.because:
            speech.say(fault_words(failure.fault))
    for result in finished.results:
        if result.saved is not None:
            kind = say("draft") if result.draft else say("picture")
            seed = say(", seed {seed}", seed=result.seed) if result.seed is not None else ""
            how = say(", reused") if result.reused else seed
            speech.say(f"{result.node}: {kind} {result.saved} ({result.width} × {result.height}{how})")
    speech.event(
        "finished",
        images=[image_fields(studio, result) for result in finished.results],
        failures=[_failure_fields(one) for one in finished.failures],
        credits=finished.credits,
        usd=_usd(finished.money),
        cancelled=finished.cancelled,
    )


def image_fields(studio: Studio, result: Result) -> dict[str, object]:
    return {
        "node": result.node,
        "path": str(result.saved or result.path),
        "sha256": result.sha256,
        "seed": result.seed,
        "width": result.width,
        "height": result.height,
        "credits": result.credits,
        "usd": _usd(result.money),
        "reused": result.reused,
        "draft": result.draft,
    }


def _failure_fields(failure: NodeFailed) -> dict[str, object]:
    return {
        **fault_fields(failure.fault),
        "node": failure.node,
        "because": failure.because or None,
        "operation": failure.operation or None,
    }


def exit_of(finished: RunFinished) -> Exit:
    faults = [one.fault for one in finished.failures]
    if any(fault.kind == "lost" for fault in faults):
        return Exit.UNKNOWN
    if finished.cancelled:
        return Exit.STOPPED
    return Exit.STEP_FAILED if faults else Exit.DONE


def _usd(money: Money | None) -> float | None:
    return None if money is None else to_usd(money)
