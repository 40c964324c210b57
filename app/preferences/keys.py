"""Vendors' keys: from the environment, the system's keyring, or for this session only. Never in a file."""

from __future__ import annotations

import asyncio
import importlib
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol, cast

from app.basics.faults import BadInput, DiskTrouble, Retry
from app.basics.secret import Secret
from app.basics.words import listed, mark, say, spoken

SERVICE = "tagloom"
PATIENCE = 20.0
"""Seconds: as long as somebody may need to unlock a keyring."""
MOMENT = 0.3
_MUTE = mark("Your system's keyring does not answer.")
_NONE = mark("This system has no keyring that Tagloom may use.")
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


DRAFTS_ONLY = "TAGLOOM_DRAFTS_ONLY"
"""Set: no key is used or stored, whatever the environment and the keyring hold."""


class Source(StrEnum):
    """Where a key comes from."""

    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    SESSION = "session"


SOURCE_WORDS: Mapping[Source, str] = {
    Source.ENVIRONMENT: mark("environment"),
    Source.KEYRING: mark("keyring"),
    Source.SESSION: mark("session"),
}
"""As people read them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Where a key went, in words for people; `failed` is why it is in no keyring."""

    source: Source
    words: str
    failed: str = ""


class Backend(Protocol):
    """As much of a `keyring` backend as is used."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


class Keys:
    """Asked in this order: `environment`, the keyring, this session. A keyring that is missing or locked is
    no fault while reading: `notes` says so.

    A keyring may ask the artist to unlock it, so its first answer can take long: in the window, `load` first,
    or call these from a thread. What was read is remembered until it is stored or removed here. Nobody waits
    longer than `patience` seconds (`source`: a moment) for one that does not answer; from then on it is asked
    no more until it has, and the answer that comes late counts.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        names: Mapping[str, str] = ENVIRONMENT,
        backend: Backend | None = None,
        patience: float = PATIENCE,
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
        self._patience = patience
        self._line = _Line()

    @property
    def keyring(self) -> str:
        """What the system's keyring is called; empty where there is none, or none that answers."""
        names: list[str] = []
        failed = self._ask(
            lambda backend: names.append(str(getattr(backend, "name", "")) or type(backend).__name__),
            self._patience,
        )
        return "" if failed else names[0]

    @property
    def vendors(self) -> tuple[str, ...]:
        return tuple(self._names)

    @property
    def notes(self) -> tuple[str, ...]:
        """Why the keyring could not be asked, if so."""
        return (self._note,) if self._note else ()

    @property
    def trouble(self) -> str:
        """What is wrong with a keyring that there is; empty where there is none."""
        return "" if self._none else self._note

    async def load(self, vendors: Iterable[str] | None = None) -> None:
        """Asks the keyring in a thread, so that `get` answers at once."""
        wanted = self.vendors if vendors is None else tuple(vendors)
        await asyncio.to_thread(lambda: [self.get(vendor) for vendor in wanted])

    def get(self, vendor: str) -> Secret | None:
        """:raises BadInput: `keys.shape`: what stands in the environment is no key"""
        given = self._from_environment(vendor)
        return given or self._from_keyring(vendor, self._patience) or self._session.get(vendor)

    def source(self, vendor: str) -> Source | None:
        """Where `get` has it from, as far as the keyring says so in a moment."""
        if vendor in self._environment:
            return Source.ENVIRONMENT
        if self._from_keyring(vendor, MOMENT) is not None:
            return Source.KEYRING
        return Source.SESSION if vendor in self._session else None

    def store(self, vendor: str, text: str) -> Stored:
        """Into the keyring; where there is none, for this session.

        :raises BadInput: `keys.vendor`, `keys.shape`
        """
        self._check(vendor)
        secret = Secret(clean(text))
        failed = self._ask(
            lambda backend: backend.set_password(SERVICE, vendor, secret.reveal()), self._patience
        )
        if failed:
            self._session[vendor] = secret
            words = say("{failed} The key is kept until you close Tagloom, and nowhere else.", failed=failed)
            return self._stored(vendor, Source.SESSION, words, failed)
        self._kept[vendor] = secret
        self._session.pop(vendor, None)
        return self._stored(vendor, Source.KEYRING, say("The key is in your system's keyring."))

    def remove(self, vendor: str) -> bool:
        """From the keyring and this session; whether there was one. A key in the environment stays.

        :raises BadInput: `keys.vendor` :raises DiskTrouble: `keys.locked`: it is there and cannot be removed
        """
        self._check(vendor)
        was_here = self._session.pop(vendor, None) is not None
        if self._from_keyring(vendor, self._patience) is None:
            return was_here
        if failed := self._ask(lambda backend: backend.delete_password(SERVICE, vendor), self._patience):
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
        if not self._names:
            raise BadInput(
                say("This session makes free drafts only: no key is used or stored."),
                advice=say("Start Tagloom again with a folder that can be written."),
                code="keys.drafts-only",
            )
        if vendor not in self._names:
            raise BadInput(
                say("There is no vendor {vendor!r}.", vendor=vendor),
                advice=say("Choose one of: {list}.", list=listed(self._names)),
                code="keys.vendor",
            )

    def _stored(self, vendor: str, source: Source, words: str, failed: str = "") -> Stored:
        if vendor in self._environment:
            words += say(" {names} in the environment still goes before it.", names=self._names[vendor])
        return Stored(source=source, words=words, failed=failed)

    def _from_keyring(self, vendor: str, seconds: float) -> Secret | None:
        if vendor in self._kept:
            return self._kept[vendor]
        if vendor not in self._names:
            return None

        def read(backend: Backend) -> None:
            text = (backend.get_password(SERVICE, vendor) or "").strip()
            self._kept[vendor] = Secret(text) if text else None

        if self._none:
            return None
        self._ask(read, seconds)
        return self._kept.get(vendor)

    def _ask(self, work: Callable[[Backend], object], seconds: float) -> str:
        """What went wrong, or nothing."""
        failed = [spoken(_MUTE)]

        def asked() -> None:
            failed[0] = _attempt(lambda: self._with_backend(work)) or (spoken(_NONE) if self._none else "")
            self._note = failed[0]

        if self._line.ask(asked, seconds):
            return failed[0]
        self._note = spoken(_MUTE)
        return self._note

    def _with_backend(self, work: Callable[[Backend], object]) -> None:
        if not self._looked:
            self._backend = _safe_backend()
            self._looked = True
        if self._backend is not None:
            work(self._backend)

    @property
    def _none(self) -> bool:
        return self._looked and self._backend is None


class _Line:
    """Speaks with the keyring in threads of its own, one at a time. One that never ends keeps neither the
    caller nor the end of the program."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._late: threading.Thread | None = None

    def ask(self, work: Callable[[], object], seconds: float) -> bool:
        """Whether it was done in time. Nothing is begun while an earlier one is late."""
        if not self._lock.acquire(timeout=seconds):
            return False
        try:
            if self._late is not None and self._late.is_alive():
                return False
            self._late = thread = threading.Thread(target=work, name="keyring", daemon=True)
            thread.start()
            thread.join(seconds)
            return not thread.is_alive()
        finally:
            self._lock.release()


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
    """What went wrong, or nothing. Only the kind of the error is told: its text may hold the key. A keyring
    is a plug-in of the system's, and may raise whatever it likes."""
    try:
        work()
    except Exception as error:
        kind = type(error).__name__
        if "lock" in kind.lower() or "dismiss" in kind.lower():
            return say("Your system's keyring is locked.")
        return say("Your system's keyring did not work ({kind}).", kind=kind)
    return ""


def _safe_backend() -> Backend | None:
    """The system's keyring, if it is one that keeps secrets: never a plain file, nor the one that fails."""
    try:
        keyring: Any = importlib.import_module("keyring")  # late: it searches all installed packages
        chosen: Any = keyring.get_keyring()
    except ImportError:
        return None
    for backend in getattr(chosen, "backends", None) or [chosen]:
        module = type(backend).__module__
        if not module.startswith(_UNSAFE):
            return cast(Backend, backend)
    return None
