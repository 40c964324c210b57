"""`tagloom doctor`: versions, folders, keys present, network step by step. `stores` has the rest."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import socket
import ssl
import sys
from collections.abc import Awaitable, Callable
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit

from app import compose
from app.basics.faults import Fault
from app.basics.places import Places
from app.basics.words import say
from app.cli.exits import Exit
from app.cli.findings import Finding
from app.cli.speech import Speech
from app.cli.stores import look_at_stores
from app.document.copies import left_copies
from app.providers.registry import Registry, VendorKind

PACKAGES = ("PySide6-Essentials", "NodeGraphQt", "qasync", "httpx", "Pillow", "SQLAlchemy", "keyring")
SECONDS = 8.0


async def doctor(places: Places, args: argparse.Namespace, speech: Speech) -> Exit:
    """Looks at everything that a run stands on. 0 when all is well, 1 when something is not."""
    findings = [_versions(), *_folders(places), _copies(places), *(await look_at_stores(args.repair))]
    async with compose.vendors(os.environ) as (held, registry):
        for kind in registry.kinds:
            source = held.source(kind.id)
            words = (
                say("from the {source}", source=source)
                if source
                else say("none: free drafts from the sandbox")
            )
            findings.append(Finding(what=say("key for {title}", title=kind.title), well=True, words=words))
            if source and not args.offline:  # a vendor without a key is none of the artist's
                findings.extend(await _network(registry, kind))
    speech.value([{"what": one.what, "well": one.well, "words": one.words} for one in findings])
    for one in findings:
        speech.answer(f"{say('ok ') if one.well else say('BAD')}  {one.what}: {one.words}")
    return Exit.DONE if all(one.well for one in findings) else Exit.STEP_FAILED


def _versions() -> Finding:
    found = [say("Python {python_version}", python_version=platform.python_version()), platform.platform()]
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(say("{package} not installed", package=package))
    return Finding(what=say("versions"), well=sys.version_info >= (3, 11), words=", ".join(found))


def _folders(places: Places) -> list[Finding]:
    try:
        places.ensure()
    except Fault as fault:
        return [Finding(what=say("folders"), well=False, words=fault.sentence())]
    return [
        Finding(what=name, well=True, words=str(path))
        for name, path in (
            (say("settings folder"), places.settings),
            (say("ledger file"), places.ledger),
            (say("library folder"), places.library),
            (say("cache folder"), places.cache),
            (say("logs folder"), places.logs),
        )
    ]


def _copies(places: Places) -> Finding:
    """What windows that died had not saved, and nobody has decided on."""
    copies = left_copies(places.recovery)
    names = ", ".join(
        say("{name} of {kept:%Y-%m-%d %H:%M}", name=one.name, kept=one.kept.astimezone()) for one in copies
    )
    for one in copies:
        one.let_go()
    words = (
        say("{names}: the window offers them at its next start", names=names)
        if copies
        else say("none is waiting")
    )
    return Finding(what=say("recovery copies"), well=True, words=words)


async def _network(registry: Registry, kind: VendorKind) -> list[Finding]:
    """Name, connection, certificate, key: each step that works is said, and the first that does not."""
    address = registry.address(kind.id)
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    steps: list[tuple[str, Callable[[], Awaitable[str]]]] = [
        (say("name"), lambda: _name(host)),
        (say("connection"), lambda: _connection(host, port)),
    ]
    if parts.scheme == "https":
        steps.append((say("certificate"), lambda: _certificate(host, port)))
    steps.append((say("key"), lambda: _account(registry, kind.id)))
    findings = []
    for name, step in steps:
        what = f"{kind.title} {name}"
        try:
            words = await asyncio.wait_for(step(), SECONDS)
        except Fault as fault:
            findings.append(Finding(what=what, well=False, words=fault.sentence()))
            break
        except (OSError, TimeoutError) as error:
            why = str(error) or say("no answer in time")
            words = say("{host} does not answer: {why}", host=host, why=why)
            findings.append(Finding(what=what, well=False, words=words))
            break
        findings.append(Finding(what=what, well=True, words=words))
    return findings


async def _name(host: str) -> str:
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return say("{host} is {found}", host=host, found=found[0][4][0])


async def _connection(host: str, port: int) -> str:
    _, writer = await asyncio.open_connection(host, port)
    writer.close()
    await writer.wait_closed()
    return say("{host}:{port} answers", host=host, port=port)


async def _certificate(host: str, port: int) -> str:
    _, writer = await asyncio.open_connection(host, port, ssl=ssl.create_default_context())
    peer = writer.get_extra_info("peercert") or {}
    writer.close()
    await writer.wait_closed()
    issuer = dict(part[0] for part in peer.get("issuer", ()))
    named = issuer.get("organizationName") or issuer.get("commonName")
    return say("issued by {name}", name=named or say("an unnamed issuer"))


async def _account(registry: Registry, vendor: str) -> str:
    return (await (await registry.vendor(vendor)).account()).words
