"""Runs one command: builds what it needs, speaks, and turns every fault into words and an exit code."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence

from app import compose
from app.basics.about import tagloom_version
from app.basics.faults import Bug, Charged, Fault
from app.basics.heaps import share_heaps
from app.basics.languages import speak_language
from app.basics.logs import start_logs
from app.basics.places import Places
from app.basics.threads import take_short_turns
from app.basics.words import say
from app.cli import (
    arguments,
    batch,
    diff,
    doctor,
    export,
    handover,
    history,
    inspecting,
    keys,
    licences,
    models,
    pictures,
    recover,
    run,
    worker,
)
from app.cli.commands import COMMANDS
from app.cli.exits import Exit, exit_for
from app.cli.speech import Speech, fault_words
from app.sandbox import arguments as sandbox_words

STUDIO_COMMANDS = {
    "run": run.run,
    "batch": batch.batch,
    "check": inspecting.check,
    "estimate": inspecting.estimate,
    "history": history.history,
    "recover": recover.recover,
    "worker": worker.worker,
    **handover.COMMANDS,
}


def run_command(words: Sequence[str]) -> int:
    """A whole command, from its words to its exit code. Nothing of it needs Qt."""
    if "--version" in words[:1]:
        print(f"tagloom {tagloom_version()}")
        return Exit.DONE
    share_heaps()
    take_short_turns()
    speak_language(arguments.language_of(words) or compose.language(os.environ))
    speech = Speech(json_wanted="--json" in words)
    try:
        args = arguments.parse(words)
        return asyncio.run(_command(args, speech)) if args.command != "sandbox" else sandbox_words.run(args)
    except Fault as fault:
        speech.say(fault_words(fault))
        if _runs(words):
            run.nothing_done(speech, fault)
        return exit_for(fault)
    except Exception as error:  # a mistake of ours: words, and for programs the last event all the same
        logging.getLogger(__name__).exception("a command broke")
        bug = _bug(error)
        speech.say(fault_words(bug))
        if _runs(words):
            run.nothing_done(speech, bug)
        return Exit.STEP_FAILED
    except (KeyboardInterrupt, asyncio.CancelledError):
        speech.say(say("Stopped."))
        if _runs(words):
            run.nothing_done(speech)
        return Exit.STOPPED


def _runs(words: Sequence[str]) -> bool:
    """Whether a program waits for the last event of a run."""
    return next((one for one in words if one in COMMANDS), "") in ("run", "batch")


def _bug(error: Exception) -> Bug:
    """What no part of the program has foreseen."""
    return Bug(
        say("Something in Tagloom went wrong."),
        advice=say(
            "Nothing that was sent is lost: it stands in the ledger and is collected at the next start. "
            "Please report this with the log (`tagloom doctor` says where it is)."
        ),
        code="cli.bug",
        charged=Charged.UNKNOWN,
        detail=f"{type(error).__name__}: {error}",
    )


async def _command(args: argparse.Namespace, speech: Speech) -> int:
    if args.command in ("models", "inspect", "diff"):
        cards, notes = compose.cards(os.environ)
        for note in notes:
            speech.say(note)
        if args.command == "inspect":
            return await pictures.inspect(cards, args, speech)
        if args.command == "diff":
            return await diff.diff(cards, args, speech)
        models.list_models(cards, speech)
        return Exit.DONE
    if args.command == "licences":
        licences.list_licences(speech)
        return Exit.DONE
    if args.command == "export":
        return await export.export(compose.places(os.environ).options, args, speech)
    places = compose.places(os.environ)
    end_logs = start_logs(places.logs)
    try:
        return await _with_logs(args, places, speech)
    finally:
        end_logs()


async def _with_logs(args: argparse.Namespace, places: Places, speech: Speech) -> int:
    if args.command == "keys":
        async with compose.vendors(os.environ) as (held, registry, probe):
            return await keys.keys(held, registry, probe, args, speech)
    if args.command == "doctor":
        return await doctor.doctor(places, args, speech)
    studio = await compose.build(os.environ, seconds=getattr(args, "seconds", None))
    for note in studio.notes:
        speech.say(note)
    # A batch leaves what its vendors are at, for the next start; a run asks them to stop.
    _stop_on_signals(studio.cancel if args.command != "batch" else lambda: False)
    try:
        return await STUDIO_COMMANDS[args.command](studio, args, speech)
    finally:
        await studio.close()


def _stop_on_signals(cancel: Callable[[], bool]) -> None:
    """The first Ctrl+C stops in an orderly way: what runs is cancelled and told of; before anything runs the
    command ends. The second ends the process."""
    if sys.platform == "win32":
        return
    loop = asyncio.get_running_loop()
    command = asyncio.current_task()

    def stop() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        if not cancel() and command is not None:
            command.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
