"""`tagloom keys`: which vendors have a key; set, test and remove one. A key is never an argument, never shown."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Callable

from app.basics.faults import BadInput
from app.cli.exits import Exit
from app.cli.speech import Speech
from app.preferences.keys import Keys
from app.providers.registry import Registry


async def keys(
    held: Keys, args: argparse.Namespace, speech: Speech, registry_of: Callable[[Keys], Registry]
) -> Exit:
    """`registry_of` gives the vendors there are, to name and to ask."""
    registry = registry_of(held)
    try:
        if args.action is None:
            _list(held, registry, speech)
            return Exit.DONE
        kind = registry.kind(args.vendor)
        match args.action:
            case "set":
                note = held.store(kind.id, await asyncio.to_thread(_read, kind.title))
                speech.say(note or f"The key for {kind.title} is in the system's keyring.")
            case "remove":
                held.remove(kind.id)
                speech.say(f"The key for {kind.title} is removed.")
            case _:
                await _test(registry, kind.id, kind.title, speech)
        return Exit.DONE
    finally:
        await registry.close()


def _list(held: Keys, registry: Registry, speech: Speech) -> None:
    rows = [(kind, held.source(kind.id)) for kind in registry.kinds]
    speech.value(
        [
            {"vendor": kind.id, "title": kind.title, "source": source or None, "live": bool(source)}
            for kind, source in rows
        ]
    )
    for kind, source in rows:
        where = f"key from the {source}" if source else "no key: free drafts from the sandbox"
        speech.answer(f"{kind.id:<12} {kind.title:<24} {where}")


async def _test(registry: Registry, vendor: str, title: str, speech: Speech) -> None:
    if not await registry.is_live(vendor):
        raise BadInput(
            f"There is no key for {title}.", advice=f"Store one: tagloom keys set {vendor}", code="keys.none"
        )
    speech.say((await (await registry.vendor(vendor)).account()).words)


def _read(title: str) -> str:
    """From the terminal without echo, else the first line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(f"Key for {title}: ")
    return sys.stdin.readline()
