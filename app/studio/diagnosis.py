"""A look at what a run stands on: versions, folders, keyring, keys, proxies, the way to each vendor.

The terminal (`tagloom doctor`) and the window (*Help, Diagnostics…*) show the same; `stock` looks at ledger
and library."""

from __future__ import annotations

import asyncio
import platform
import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from app.basics.about import tagloom_version
from app.basics.faults import Fault
from app.basics.places import Places
from app.basics.words import say
from app.document.copies import left_copies
from app.journal.server_leases import place_of
from app.library.address import VARIABLE, library_at
from app.preferences.keys import SOURCE_WORDS, Keys
from app.providers.probe import Probe
from app.providers.registry import Registry
from app.studio.findings import Finding, findings_of

PACKAGES = ("PySide6-Essentials", "NodeGraphQt", "qasync", "httpx", "Pillow", "SQLAlchemy", "keyring")
PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
LITTLE = 500_000_000
"""Bytes of free space below which a folder is worth a word."""


class Diagnosis:
    """Nothing here shows a key, and no vendor without one is asked."""

    def __init__(
        self, home: Places, keys: Keys, registry: Registry, probe: Probe, environment: Mapping[str, str]
    ) -> None:
        self._home, self._keys, self._registry, self._probe = home, keys, registry, probe
        self._environment = environment

    async def look(self, *, offline: bool = False) -> AsyncIterator[Finding]:
        """One after the other, as they are found; what blocks is done in threads."""
        for finding in (self._versions(), *await asyncio.to_thread(self._folders)):
            yield finding
        yield await asyncio.to_thread(self._copies)
        yield await asyncio.to_thread(self._keyring)
        yield self._proxies()
        for kind in self._registry.kinds:
            source = await asyncio.to_thread(self._keys.source, kind.id)
            words = (
                say("from the {source}", source=SOURCE_WORDS[source])
                if source
                else say("none: free drafts from the sandbox")
            )
            yield Finding(what=say("key for {title}", title=kind.title), words=words)
            if source and not offline:  # a vendor without a key is none of the artist's
                for finding in findings_of(await self._probe.test(kind.id), kind.title):
                    yield finding

    def _versions(self) -> Finding:
        found = [f"Tagloom {tagloom_version()}", f"Python {platform.python_version()}", platform.platform()]
        for package in PACKAGES:
            try:
                found.append(f"{package} {version(package)}")
            except PackageNotFoundError:
                found.append(say("{package} not installed", package=package))
        return Finding(what=say("versions"), well=sys.version_info >= (3, 11), words=say(", ").join(found))

    def _folders(self) -> list[Finding]:
        home = self._home
        try:
            home.ensure()
        except Fault as fault:
            return [Finding(what=say("folders"), well=False, words=fault.title, advice=fault.advice)]
        portable = (
            [Finding(what=say("portable: everything in"), words=str(home.portable))] if home.portable else []
        )
        return [
            *portable,
            _folder(say("settings folder"), home.settings),
            self._ledger(),
            *self._library(),
            _folder(say("cache folder"), home.cache),
            _folder(say("logs folder"), home.logs),
        ]

    def elsewhere(self) -> tuple[str, str]:
        """Where the ledger and the library are that machines share, without secrets; each empty where it is a
        place of this machine. What is asked for and wrong is not told here: `look` says it."""
        ledger = self._environment.get("TAGLOOM_LEDGER", "").strip()
        try:
            kept = library_at(self._environment.get(VARIABLE, ""), self._home)
            return place_of(ledger) if ledger else "", kept.words if kept.shared else ""
        except Fault:
            return "", ""

    def _library(self) -> list[Finding]:
        """The folder, or where the shared one is; what it answers is seen where it is opened."""
        try:
            kept = library_at(self._environment.get(VARIABLE, ""), self._home)
        except Fault as fault:
            return [Finding(what=say("library"), well=False, words=fault.title, advice=fault.advice)]
        if not kept.shared:
            return [_folder(say("library folder"), self._home.library)]
        return [
            Finding(what=say("library shared with other machines"), words=kept.words),
            _folder(say("index of the library"), kept.index.parent),
        ]

    def _ledger(self) -> Finding:
        """Server and database alone: an address may hold a password."""
        shared = self._environment.get("TAGLOOM_LEDGER", "").strip()
        if not shared:
            return _folder(say("ledger file"), self._home.ledger)
        try:
            place = place_of(shared)
        except Fault as fault:
            return Finding(what=say("ledger server"), well=False, words=fault.title, advice=fault.advice)
        return Finding(what=say("ledger server"), words=say("PostgreSQL, {place}", place=place))

    def _copies(self) -> Finding:
        """What windows that died had not saved, and nobody has decided on."""
        copies = left_copies(self._home.recovery)
        names = ", ".join(f"{one.name} of {one.kept.astimezone():%Y-%m-%d %H:%M}" for one in copies)
        for one in copies:
            one.let_go()
        words = (
            say("{names}: the window offers them at its next start", names=names)
            if copies
            else say("none is waiting")
        )
        return Finding(what=say("recovery copies"), note=bool(copies), words=words)

    def _keyring(self) -> Finding:
        name = self._keys.keyring
        if name:
            return Finding(what=say("keyring"), words=name)
        return Finding(
            what=say("keyring"),
            note=True,
            words=" ".join(self._keys.notes),
            advice=say("Keys are taken from the environment, or kept until you close Tagloom."),
        )

    def _proxies(self) -> Finding:
        """Hosts alone: an address of a proxy may hold a password."""
        found = []
        for name in PROXIES:
            given = self._environment.get(name) or self._environment.get(name.lower())
            if given:
                found.append(f"{name} {given if name == 'NO_PROXY' else _host(given)}")
        return Finding(what=say("proxies"), words=say(", ").join(found) or say("none in the environment"))


def _folder(what: str, path: Path) -> Finding:
    try:
        free = shutil.disk_usage(path if path.is_dir() else path.parent).free
    except OSError as error:
        return Finding(what=what, well=False, words=f"{path}: {error.strerror}")
    little = free < LITTLE
    return Finding(
        what=what,
        note=little,
        words=say("{path} ({free:.1f} GB free)", path=path, free=free / 1e9),
        advice=say("Make room: pictures that are paid for need some.") if little else say(""),
    )


def _host(proxy: str) -> str:
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    try:
        port = parts.port
    except ValueError:
        port = None
    return f"{parts.scheme}://{parts.hostname or '?'}" + (f":{port}" if port else "")
