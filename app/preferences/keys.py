"""Vendors' keys: from the environment, the system's keyring, or for this session only. Never in a file."""

from __future__ import annotations

import asyncio
import importlib
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol, cast

from app.basics.faults import BadInput, DiskTrouble, Retry
from app.basics.secret import Secret
from app.basics.words import say

SERVICE = "tagloom"
ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {
        "runway": "RUNWAYML_API_SECRET",
        "replicate": "REPLICATE_API_TOKEN",
        "bfl": "BFL_API_KEY",
        "google": "GEMINI_API_KEY",
        "byteplus": "ARK_API_KEY",
    }
)
"""Which variable holds a vendor's key."""

FIRST: Mapping[str, str] = MappingProxyType({"google": "GOOGLE_API_KEY"})
"""A second variable of a vendor, which its own tools put first."""

_OTHER_NAMES = ("GOOGLE_API_KEY", "RUNWAY_API_KEY", "REPLICATE_API_KEY", "BYTEPLUS_API_KEY")
"""Other names that vendors' own tools read; a child of ours gets these as little."""
_MOST = 4096
_UNSAFE = ("keyring.backends.fail", "keyring.backends.null", "keyring.backends.chainer", "keyrings.alt")


class Source(StrEnum):
    """Where a key comes from."""

    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    SESSION = "session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Where a key went, in words for people."""

    source: Source
    words: str


class Backend(Protocol):
    """As much of a `keyring` backend as is used."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


class Keys:
    """Asked in this order: `environment`, the keyring, this session. A keyring that is missing or locked is
    no fault while reading: `notes` says so.

    A keyring may ask the artist to unlock it, so its first answer can take long: in the window, `load` first,
    or call these from a thread. What was read is remembered until it is stored or removed here.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        names: Mapping[str, str] = ENVIRONMENT,
        backend: Backend | None = None,
    ) -> None:
        self._names = {
            vendor: FIRST[vendor] if _filled(environment, FIRST.get(vendor, "")) else name
            for vendor, name in names.items()
        }
        self._hidden = (*names.values(), *FIRST.values(), *_OTHER_NAMES)
        self._environment = {
            vendor: Secret(environment[name])
            for vendor, name in self._names.items()
            if _filled(environment, name)
        }
        self._given = backend
        self._backend: Backend | None = backend
        self._looked = backend is not None
        self._session: dict[str, Secret] = {}
        self._kept: dict[str, Secret | None] = {}
        self._note = ""

    @property
    def vendors(self) -> tuple[str, ...]:
        return tuple(self._names)

    @property
    def notes(self) -> tuple[str, ...]:
        """Why the keyring could not be asked, if so."""
        return (self._note,) if self._note else ()

    async def load(self, vendors: Iterable[str] | None = None) -> None:
        """Asks the keyring in a thread, so that `get` answers at once."""
        wanted = self.vendors if vendors is None else tuple(vendors)
        await asyncio.to_thread(lambda: [self.get(vendor) for vendor in wanted])

    def get(self, vendor: str) -> Secret | None:
        """:raises BadInput: `keys.shape`: what stands in the environment is no key"""
        return self._from_environment(vendor) or self._from_keyring(vendor) or self._session.get(vendor)

    def source(self, vendor: str) -> Source | None:
        """Where `get` has it from."""
        if vendor in self._environment:
            return Source.ENVIRONMENT
        if self._from_keyring(vendor) is not None:
            return Source.KEYRING
        return Source.SESSION if vendor in self._session else None

    def store(self, vendor: str, text: str) -> Stored:
        """Into the keyring; where there is none, for this session.

        :raises BadInput: `keys.vendor`, `keys.shape`
        """
        self._check(vendor)
        secret = Secret(clean(text))
        backend = self._keyring()
        failed = self._note
        if backend is not None:
            failed = _attempt(lambda: backend.set_password(SERVICE, vendor, secret.reveal()))
        if failed:
            self._session[vendor] = secret
            return self._stored(
                vendor,
                Source.SESSION,
                say("{failed} The key is kept until you close Tagloom, and nowhere else.", failed=failed),
            )
        self._kept[vendor] = secret
        self._session.pop(vendor, None)
        return self._stored(vendor, Source.KEYRING, say("The key is in your system's keyring."))

    def remove(self, vendor: str) -> bool:
        """From the keyring and this session; whether there was one. A key in the environment stays.

        :raises BadInput: `keys.vendor` :raises DiskTrouble: `keys.locked`: it is there and cannot be removed
        """
        self._check(vendor)
        was_here = self._session.pop(vendor, None) is not None
        if self._from_keyring(vendor) is None:
            return was_here
        backend = self._keyring()
        if backend is not None and (failed := _attempt(lambda: backend.delete_password(SERVICE, vendor))):
            raise DiskTrouble(
                failed,
                advice=say("Unlock the keyring and try again, or remove the entry “tagloom” in it by hand."),
                code="keys.locked",
                retry=Retry.ASK,
            )
        self._kept[vendor] = None
        return True

    def without_keys(self, environment: Mapping[str, str]) -> dict[str, str]:
        """`environment` for a child process, which gets no vendor's key."""
        hidden = {name.upper() for name in self._hidden}
        return {name: value for name, value in environment.items() if name.upper() not in hidden}

    # --- inside ----------------------------------------------------------------------------------

    def _from_environment(self, vendor: str) -> Secret | None:
        given = self._environment.get(vendor)
        if given is None:
            return None
        try:
            return Secret(clean(given.reveal()))
        except BadInput as fault:
            fault.title = say(
                "{names} in the environment is no key. {title}", names=self._names[vendor], title=fault.title
            )
            raise

    def _check(self, vendor: str) -> None:
        if vendor not in self._names:
            raise BadInput(
                say("There is no vendor {vendor!r}.", vendor=vendor),
                advice=say("Choose one of: {list}.", list=", ".join(self._names)),
                code="keys.vendor",
            )

    def _stored(self, vendor: str, source: Source, words: str) -> Stored:
        if vendor in self._environment:
            words += say(" {names} in the environment still goes before it.", names=self._names[vendor])
        return Stored(source=source, words=words)

    def _from_keyring(self, vendor: str) -> Secret | None:
        if vendor in self._kept:
            return self._kept[vendor]
        backend = self._keyring()
        if backend is None or vendor not in self._names:
            return None
        found: list[str | None] = []
        failed = _attempt(lambda: found.append(backend.get_password(SERVICE, vendor)))
        if failed:
            self._note = failed
            return None
        text = (found[0] or "").strip()
        self._kept[vendor] = Secret(text) if text else None
        return self._kept[vendor]

    def _keyring(self) -> Backend | None:
        if not self._looked:
            self._looked = True
            self._backend = _safe_backend()
            if self._backend is None:
                self._note = say("This system has no keyring that Tagloom may use.")
        return self._backend


def _filled(environment: Mapping[str, str], name: str) -> bool:
    return bool(environment.get(name, "").strip(" \t\"'"))


def clean(text: str) -> str:
    """A key as it was meant: without the blanks and quotes that copying brings along.

    :raises BadInput: `keys.shape`; the words never repeat the key
    """
    key = text.strip().strip("\"'“”").strip()
    if not key:
        raise _bad_key(say("The key is empty."))
    if len(key) > _MOST:
        raise _bad_key(say("This is far too long for a key."))
    if not re.fullmatch(r"[\x21-\x7e]+", key):
        raise _bad_key(
            say("A key is one word of plain letters, digits and signs; this has something else in it.")
        )
    return key


def _bad_key(title: str) -> BadInput:
    return BadInput(
        title, advice=say("Copy it again from the vendor's page, the whole key alone."), code="keys.shape"
    )


def _attempt(work: Callable[[], object]) -> str:
    """What went wrong, or nothing. Only the kind of the error is told: its text may hold the key."""
    try:
        work()
    except _keyring_errors() as error:
        kind = type(error).__name__
        if "lock" in kind.lower() or "dismiss" in kind.lower():
            return say("Your system's keyring is locked.")
        return say("Your system's keyring did not work ({kind}).", kind=kind)
    return ""


def _keyring_errors() -> tuple[type[Exception], ...]:
    """Keyring's own, and what its backends let through from the system's message bus."""
    errors: list[type[Exception]] = [OSError, RuntimeError, ValueError, TypeError, LookupError]
    for module, name in (
        ("keyring.errors", "KeyringError"),
        ("secretstorage.exceptions", "SecretStorageException"),
        ("jeepney.wrappers", "DBusErrorResponse"),
    ):
        known = getattr(sys.modules.get(module), name, None)
        if isinstance(known, type) and issubclass(known, Exception):
            errors.append(known)
    return tuple(errors)


def _safe_backend() -> Backend | None:
    """The system's keyring, if it is one that keeps secrets: never a plain file, nor the one that fails."""
    try:
        keyring: Any = importlib.import_module("keyring")  # late: it searches all installed packages
        chosen: Any = keyring.get_keyring()
    except ImportError:
        return None
    except _keyring_errors():
        return None
    for backend in getattr(chosen, "backends", None) or [chosen]:
        module = type(backend).__module__
        if not module.startswith(_UNSAFE):
            return cast(Backend, backend)
    return None
