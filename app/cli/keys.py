"""`tagloom keys`: which vendors have a key; set, test, remove one. Never an argument, never shown."""

from __future__ import annotations

import argparse
import getpass
import signal
import sys
from collections.abc import Mapping

from app.basics.faults import BadInput
from app.basics.words import joined, say, spoken
from app.cli.exits import Exit
from app.cli.speech import Speech
from app.preferences.keys import SOURCE_WORDS, Keys, Source
from app.providers.probe import Probe
from app.providers.registry import Registry, VendorKind
from app.providers.steps import STEP_WORDS, Step, StepState
from app.studio.findings import findings_of

_MARKS: Mapping[StepState, str] = {StepState.BAD: "BAD", StepState.WARNING: "!  ", StepState.NONE: "-  "}


async def keys(
    held: Keys, registry: Registry, probe: Probe, args: argparse.Namespace, speech: Speech
) -> Exit:
    """`registry` names the vendors there are, `probe` asks them."""
    if args.action is None:
        _list(held, registry, speech)
        return Exit.DONE
    kind = registry.kind(args.vendor)
    match args.action:
        case "set":
            stored = held.store(kind.id, _read(kind.title))
            speech.say(stored.failed or stored.words)
            if stored.source is Source.SESSION:  # which ends with this command
                speech.say(
                    say(
                        "This command keeps nothing. Put the key into {key_name} instead.",
                        key_name=kind.key_name,
                    )
                )
                return Exit.STEP_FAILED
        case "remove":
            speech.say(_removed(held, kind))
        case _:
            if not await registry.is_live(kind.id):
                raise BadInput(
                    say("There is no key for {title}.", title=kind.title),
                    advice=say(
                        "Store one: tagloom keys set {vendor}. Whether the way there is free without one: "
                        "tagloom doctor --vendor {vendor}",
                        vendor=kind.id,
                    ),
                    code="keys.none",
                )
            return await test(probe, kind, speech)
    return Exit.DONE


def _removed(held: Keys, kind: VendorKind) -> str:
    """Takes the key away and says so, and which key is still there."""
    gone = held.remove(kind.id)
    kept = held.source(kind.id) is Source.ENVIRONMENT
    if gone:
        still = say("{key_name} in the environment is still used.", key_name=kind.key_name) if kept else ""
        return joined(say("The key for {title} is removed.", title=kind.title), still)
    if kept:
        return say(
            "The key for {title} comes from {key_name} in the environment; take it out there.",
            title=kind.title,
            key_name=kind.key_name,
        )
    return say("There was no key for {title}.", title=kind.title)


def _list(held: Keys, registry: Registry, speech: Speech) -> None:
    rows = [(kind, held.source(kind.id)) for kind in registry.kinds]
    speech.value(
        [
            {"vendor": kind.id, "title": kind.title, "source": source or None, "live": bool(source)}
            for kind, source in rows
        ]
    )
    for kind, source in rows:
        where = (
            say("key from the {source}", source=SOURCE_WORDS[source])
            if source
            else say("no key: free drafts from the sandbox")
        )
        speech.answer(f"{kind.id:<12} {kind.title:<24} {where}")


async def test(probe: Probe, kind: VendorKind, speech: Speech) -> Exit:
    """The way to a vendor, each step as it is taken."""
    report = await probe.test(kind.id, lambda step: _tell(step, speech))
    speech.value([one.fields for one in findings_of(report, kind.title)])
    return Exit.DONE if report.well else Exit.STEP_FAILED


def _tell(step: Step, speech: Speech) -> None:
    if step.state is not StepState.WORKING and step.words:
        speech.answer(step_line(step))


def _read(title: str) -> str:
    """From the terminal without echo, else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline()
    # asyncio's own handler would only take note of Ctrl+C, and go on waiting for the key.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return getpass.getpass(say("Key for {title}: ", title=title))
    finally:
        signal.signal(signal.SIGINT, before)


def step_line(step: Step) -> str:
    """`ok   certificate  TLS 1.3; …  (12 ms)`."""
    words = " ".join(part for part in (step.words, step.advice) if part)
    took = f"  ({step.seconds * 1000:.0f} ms)" if step.seconds else ""
    return f"{_MARKS.get(step.state, 'ok ')}  {spoken(STEP_WORDS[step.name]):<11}  {words}{took}"
