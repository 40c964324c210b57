"""Runs one command: builds what it needs, speaks, and turns every fault into words and an exit code."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from app import compose
from app.basics.faults import Fault
from app.basics.logs import start_logs
from app.cli import arguments, doctor, inspecting, keys, models, run
from app.cli.exits import Exit
from app.cli.speech import Speech, fault_fields, fault_words
from app.sandbox import server

STUDIO_COMMANDS = {"run": run.run, "check": inspecting.check, "estimate": inspecting.estimate}


def run_command(words: Sequence[str]) -> int:
    """A whole command, from its words to its exit code. Nothing of it needs Qt."""
    if "--version" in words[:1]:
        print(f"tagloom {tagloom_version()}")
        return Exit.DONE
    speech = Speech(json_wanted="--json" in words)
    try:
        args = arguments.parse(words)
        return asyncio.run(_command(args, speech)) if args.command != "sandbox" else _sandbox(args)
    except Fault as fault:
        speech.say(fault_words(fault))
        if words[:1] == ["run"]:
            speech.event("finished", images=[], failures=[fault_fields(fault)], credits=0, usd=0.0)
        return Exit.WRONG
    except KeyboardInterrupt:
        speech.say("Stopped.")
        return Exit.STOPPED


def tagloom_version() -> str:
    try:
        return version("tagloom")
    except PackageNotFoundError:  # started from a folder that nobody installed
        return "0 (not installed)"


async def _command(args: argparse.Namespace, speech: Speech) -> int:
    if args.command == "models":
        models.list_models(compose.cards(), speech)
        return Exit.DONE
    places = compose.places(os.environ)
    start_logs(places.logs)
    if args.command == "keys":
        return await keys.keys(compose.keys(os.environ), args, speech, compose.registry_for_keys)
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


def _sandbox(args: argparse.Namespace) -> int:
    server.run_server(
        port=args.port,
        seconds=args.seconds,
        knobs=server.knobs_from(args.knob),
        announce=server.announce_on_stdout,
    )
    return Exit.DONE
