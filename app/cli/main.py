"""Runs one command: builds what it needs, speaks, and turns every fault into words and an exit code."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from app import compose
from app.basics.faults import Fault
from app.basics.logs import start_logs
from app.cli import arguments, doctor, inspecting, keys, models, run
from app.cli.exits import Exit
from app.cli.speech import Speech, fault_fields, fault_words
from app.sandbox import arguments as sandbox_words

STUDIO_COMMANDS = {"run": run.run, "check": inspecting.check, "estimate": inspecting.estimate}


def run_command(words: Sequence[str]) -> int:
    """A whole command, from its words to its exit code. Nothing of it needs Qt."""
    if "--version" in words[:1]:
        print(f"tagloom {compose.tagloom_version()}")
        return Exit.DONE
    speech = Speech(json_wanted="--json" in words)
    try:
        args = arguments.parse(words)
        return asyncio.run(_command(args, speech)) if args.command != "sandbox" else sandbox_words.run(args)
    except Fault as fault:
        speech.say(fault_words(fault))
        if words[:1] == ["run"]:
            speech.event("finished", images=[], failures=[fault_fields(fault)], credits=0, usd=0.0)
        return Exit.WRONG
    except KeyboardInterrupt:
        speech.say("Stopped.")
        return Exit.STOPPED


async def _command(args: argparse.Namespace, speech: Speech) -> int:
    if args.command == "models":
        models.list_models(compose.cards(), speech)
        return Exit.DONE
    places = compose.places(os.environ)
    start_logs(places.logs)
    if args.command == "keys":
        async with compose.vendors(os.environ) as (held, registry):
            return await keys.keys(held, registry, args, speech)
    if args.command == "doctor":
        return await doctor.doctor(places, args, speech)
    studio = await compose.build(os.environ, seconds=getattr(args, "seconds", 1.0))
    for note in studio.notes:
        speech.say(note)
    _cancel_on_signals(studio.cancel)
    try:
        return await STUDIO_COMMANDS[args.command](studio, args, speech)
    finally:
        await studio.close()


def _cancel_on_signals(cancel: object) -> None:
    """The first Ctrl+C cancels in an orderly way; the second ends the process."""
    if sys.platform == "win32":
        return
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        if callable(cancel):
            cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
