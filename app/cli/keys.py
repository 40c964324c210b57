"""`tagloom keys`: which vendors have a key; set, test, remove one. Never an argument, never shown."""

from __future__ import annotations

import argparse
import getpass
import signal
import sys

from app.basics.faults import BadInput
from app.basics.words import say
from app.cli.exits import Exit
from app.cli.speech import Speech
from app.preferences.keys import Keys, Source
from app.providers.registry import Registry


async def keys(held: Keys, registry: Registry, args: argparse.Namespace, speech: Speech) -> Exit:
    """`registry` names the vendors there are, and asks them."""
    if args.action is None:
        _list(held, registry, speech)
        return Exit.DONE
    kind = registry.kind(args.vendor)
    match args.action:
        case "set":
            stored = held.store(kind.id, _read(kind.title))
            speech.say(stored.words)
            if stored.source is Source.SESSION:  # which ends with this command
                speech.say(
                    say(
                        "This command keeps nothing. Put the key into {key_name} instead.",
                        key_name=kind.key_name,
                    )
                )
                return Exit.STEP_FAILED
        case "remove":
            gone = held.remove(kind.id)
            speech.say(
                say("The key for {title} is removed.", title=kind.title)
                if gone
                else say("There was no key for {title}.", title=kind.title)
            )
        case _:
            await _test(registry, kind.id, kind.title, speech)
    return Exit.DONE


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
            say("key from the {source}", source=source)
            if source
            else say("no key: free drafts from the sandbox")
        )
        speech.answer(f"{kind.id:<12} {kind.title:<24} {where}")


async def _test(registry: Registry, vendor: str, title: str, speech: Speech) -> None:
    if not await registry.is_live(vendor):
        raise BadInput(
            say("There is no key for {title}.", title=title),
            advice=say("Store one: tagloom keys set {vendor}", vendor=vendor),
            code="keys.none",
        )
    speech.say((await (await registry.vendor(vendor)).account()).words)


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
