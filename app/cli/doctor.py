"""`tagloom doctor`: versions, folders, keys present, network step by step. `stores` has the rest."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from app import compose
from app.basics.faults import Fault
from app.basics.places import Places
from app.cli import keys
from app.cli.exits import Exit
from app.cli.findings import Finding, findings_of
from app.cli.speech import Speech
from app.cli.stores import look_at_stores
from app.document.copies import left_copies

PACKAGES = ("PySide6-Essentials", "NodeGraphQt", "qasync", "httpx", "Pillow", "SQLAlchemy", "keyring")


async def doctor(places: Places, args: argparse.Namespace, speech: Speech) -> Exit:
    """Looks at everything that a run stands on. 0 when all is well, 1 when something is not."""
    if args.vendor:
        async with compose.vendors(os.environ) as (_, registry, probe):
            return await keys.test(probe, registry.kind(args.vendor), speech)
    findings = [_versions(), *_folders(places), _copies(places), *(await look_at_stores(args.repair))]
    async with compose.vendors(os.environ) as (held, registry, probe):
        for kind in registry.kinds:
            source = held.source(kind.id)
            words = f"from the {source}" if source else "none: free drafts from the sandbox"
            findings.append(Finding(what=f"key for {kind.title}", well=True, words=words))
            if source and not args.offline:  # a vendor without a key is none of the artist's
                findings.extend(findings_of(await probe.test(kind.id), kind.title))
    speech.value([one.fields for one in findings])
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
    portable = ("portable: everything in", places.portable)
    return [
        Finding(what=name, well=True, words=str(path))
        for name, path in (
            *((portable,) if places.portable else ()),
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
