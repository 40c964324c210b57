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
            words = f"from the {source}" if source else "none: free drafts from the sandbox"
            findings.append(Finding(what=f"key for {kind.title}", well=True, words=words))
            if source and not args.offline:  # a vendor without a key is none of the artist's
                findings.extend(await _network(registry, kind))
    speech.value([{"what": one.what, "well": one.well, "words": one.words} for one in findings])
    for one in findings:
        speech.answer(f"{'ok ' if one.well else 'BAD'}  {one.what}: {one.words}")
    return Exit.DONE if all(one.well for one in findings) else Exit.STEP_FAILED


def _versions() -> Finding:
    found = [f"Python {platform.python_version()}", platform.platform()]
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} not installed")
    return Finding(what="versions", well=sys.version_info >= (3, 11), words=", ".join(found))


def _folders(places: Places) -> list[Finding]:
    try:
        places.ensure()
    except Fault as fault:
        return [Finding(what="folders", well=False, words=fault.sentence())]
    return [
        Finding(what=name, well=True, words=str(path))
        for name, path in (
            ("settings folder", places.settings),
            ("ledger file", places.ledger),
            ("library folder", places.library),
            ("cache folder", places.cache),
            ("logs folder", places.logs),
        )
    ]


def _copies(places: Places) -> Finding:
    """What windows that died had not saved, and nobody has decided on."""
    copies = left_copies(places.recovery)
    names = ", ".join(f"{one.name} of {one.kept.astimezone():%Y-%m-%d %H:%M}" for one in copies)
    for one in copies:
        one.let_go()
    words = f"{names}: the window offers them at its next start" if copies else "none is waiting"
    return Finding(what="recovery copies", well=True, words=words)


async def _network(registry: Registry, kind: VendorKind) -> list[Finding]:
    """Name, connection, certificate, key: each step that works is said, and the first that does not."""
    address = registry.address(kind.id)
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    steps: list[tuple[str, Callable[[], Awaitable[str]]]] = [
        ("name", lambda: _name(host)),
        ("connection", lambda: _connection(host, port)),
    ]
    if parts.scheme == "https":
        steps.append(("certificate", lambda: _certificate(host, port)))
    steps.append(("key", lambda: _account(registry, kind.id)))
    findings = []
    for name, step in steps:
        what = f"{kind.title} {name}"
        try:
            words = await asyncio.wait_for(step(), SECONDS)
        except Fault as fault:
            findings.append(Finding(what=what, well=False, words=fault.sentence()))
            break
        except (OSError, TimeoutError) as error:
            words = f"{host} does not answer: {str(error) or 'no answer in time'}"
            findings.append(Finding(what=what, well=False, words=words))
            break
        findings.append(Finding(what=what, well=True, words=words))
    return findings


async def _name(host: str) -> str:
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return f"{host} is {found[0][4][0]}"


async def _connection(host: str, port: int) -> str:
    _, writer = await asyncio.open_connection(host, port)
    writer.close()
    await writer.wait_closed()
    return f"{host}:{port} answers"


async def _certificate(host: str, port: int) -> str:
    _, writer = await asyncio.open_connection(host, port, ssl=ssl.create_default_context())
    peer = writer.get_extra_info("peercert") or {}
    writer.close()
    await writer.wait_closed()
    issuer = dict(part[0] for part in peer.get("issuer", ()))
    return f"issued by {issuer.get('organizationName') or issuer.get('commonName') or 'an unnamed issuer'}"


async def _account(registry: Registry, vendor: str) -> str:
    return (await (await registry.vendor(vendor)).account()).words
