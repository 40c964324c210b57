"""Leases between machines that share a ledger: advisory locks of PostgreSQL, on a connection of their own.

Such a lock lives as long as its session, so it goes with its process and with its connection. Who loses the
connection takes the locks back as soon as there is another one, and gives all others time for the same before
asking for new ones. Meanwhile somebody else may have been at the operation: so what is known of it has to be
read again, and before anything is sent `confirm` asks the server.
"""

from __future__ import annotations

import asyncio
import contextlib
import selectors
import time
from collections.abc import Callable, Container
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from threading import Event, Thread
from typing import Any, TypeVar

from sqlalchemy import Engine

from app.basics.database_server import (
    fault_of,
    is_gone,
    lock_number,
    server_connection,
    server_engine,
    server_place,
    server_url,
)
from app.basics.faults import Bug, Fault
from app.basics.words import mark, say
from app.journal.leases import Lease

T = TypeVar("T")
_TITLE = mark("The ledger")
_PATIENCE, _FIRST = 30.0, 1.5
_ANSWER = 5.0
"""Seconds that a caller waits who cannot do anything else meanwhile."""
_GOODBYE = 0.25
_GHOST = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid = %s AND backend_start = %s AND usename = current_user
"""
_SESSION = """
SELECT current_schema(), pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()
"""


def place_of(address: str) -> str:
    """Server and database of a ledger's address, for people; without user and password.

    :raises BadInput: `ledger.address`
    """
    return server_place(server_url(address))


class ServerLease:
    """Held until released, until the process ends, or while its connection is lost."""

    __slots__ = ("_leases", "_released", "locked", "name", "session")

    def __init__(self, leases: ServerLeases, name: str, session: object) -> None:
        self._leases = leases
        self._released = False
        self.name = name
        self.locked = True
        """Whether the server has it as ours, as far as we have heard."""
        self.session = session
        """The one in which it was first taken: in a later one somebody else may have had it meanwhile."""

    @property
    def held(self) -> bool:
        return self.locked and not self._released

    @property
    def released(self) -> bool:
        return self._released

    def release(self, *, wait: bool = True) -> None:
        """Others see it when this returns, but where the server does not answer soon. May be called twice."""
        if not self._released:
            self._released = True
            self._leases.let_go(self, wait=wait)


class ServerLeases:
    """`address` is that of the ledger. Connects at the first lease. See `leases.Leases`.

    `quiet`: seconds in which new ones are not given after a connection was lost; `look`: seconds between
    two looks whether it is there.

    :raises BadInput: `ledger.address`
    """

    certain = False

    def __init__(
        self, address: str, *, quiet: float = 2.0, look: float = 0.5, patience: float = _PATIENCE
    ) -> None:
        self._url = server_url(address)
        self._quiet, self._look_every, self._patience = quiet, look, patience
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="tagloom-leases")
        self._closing = Event()
        self._watch: Thread | None = None
        # From here on: the thread's own.
        self._engine: Engine | None = None
        self._raw: Any = None
        self._session: tuple[object, ...] | None = None
        self._schema = ""
        self._held: dict[str, ServerLease] = {}
        self._not_before = 0.0

    def acquire(self, operation: str) -> ServerLease | None:
        """:raises DiskTrouble: `ledger.unreachable` and its like"""
        future = self._ask(lambda: self._acquire(operation))
        try:
            return future.result(_ANSWER)
        except TooLate as error:
            _unwanted(future)
            raise fault_of(self._url, "ledger", _TITLE, TimeoutError("no answer")) from error

    async def take(self, operation: str) -> ServerLease | None:
        future = self._ask(lambda: self._acquire(operation))
        try:
            return await asyncio.shield(asyncio.wrap_future(future))
        except asyncio.CancelledError:
            _unwanted(future)
            raise

    async def confirm(self, lease: Lease) -> bool:
        """Whether the server says that it was ours without a break."""
        return isinstance(lease, ServerLease) and await asyncio.wrap_future(
            self._ask(lambda: self._confirm(lease))
        )

    def tidy(self, keep: Container[str]) -> int:
        """The server does it."""
        return 0

    def let_go(self, lease: ServerLease, *, wait: bool) -> None:
        if self._closing.is_set():
            return
        future = self._ask(lambda: self._release(lease))
        if wait:
            with contextlib.suppress(TooLate):
                future.result(_GOODBYE)

    def close(self) -> None:
        """Ends the connection, and with it all leases."""
        if self._closing.is_set():
            return
        self._closing.set()
        if self._watch is not None:
            self._watch.join()
        self._thread.submit(self._drop)
        self._thread.shutdown()

    def _ask(self, work: Callable[[], T]) -> Future[T]:
        if self._closing.is_set():
            raise Bug(
                say("A lease was asked for after the ledger was closed."),
                advice=say("Please report this."),
                code="ledger.leases-closed",
            )
        return self._thread.submit(work)

    def _keep_looking(self) -> None:
        while not self._closing.wait(self._look_every):
            with contextlib.suppress(Fault, RuntimeError):  # whoever needs it is told; or the program ends
                self._thread.submit(self._look).result()

    # --- in the thread ---------------------------------------------------------------------------

    def _acquire(self, name: str) -> ServerLease | None:
        def work() -> ServerLease | None:
            if name in self._held or time.monotonic() < self._not_before:
                return None
            if not self._lock(name):
                return None
            lease = self._held[name] = ServerLease(self, name, self._session)
            return lease

        return self._patiently(work)

    def _confirm(self, lease: ServerLease) -> bool:
        def work() -> bool:
            self._value("SELECT 1")
            return lease.held and lease.session == self._session

        return self._patiently(work)

    def _release(self, lease: ServerLease) -> None:
        if self._held.get(lease.name) is not lease:
            return
        del self._held[lease.name]
        if self._raw is None or not lease.locked:
            return
        try:
            self._value("SELECT pg_advisory_unlock(%s)", self._number(lease.name))
        except self._errors():
            self._drop()  # with its session it is free too

    def _look(self) -> None:
        """Takes back what was lost with a connection, without waiting for somebody to need it."""
        if self._raw is None and not self._held:
            return
        try:
            if self._raw is not None and _has_news(self._raw):
                self._value("SELECT 1")
            self._connect()
            self._take_back()
        except self._errors():
            self._drop()

    def _patiently(self, work: Callable[[], T]) -> T:
        """Again, on a new connection, until the server is there."""
        begun = time.monotonic()
        deadline = begun + self._patience
        while True:
            known = self._session is not None or time.monotonic() < begun + _FIRST
            try:
                self._connect()
                return work()
            except self._errors() as error:
                self._drop()
                over = time.monotonic() > deadline or self._closing.is_set()
                if over or not (known and is_gone(error)):
                    raise fault_of(self._url, "ledger", _TITLE, error) from error
                time.sleep(0.05)

    def _connect(self) -> None:
        """With all that was held taken back, where nobody else has it now."""
        if self._raw is not None and not self._raw.closed:
            return
        self._drop()
        if self._engine is None:
            self._engine = server_engine(self._url, patience=self._patience)
        raw = self._raw = server_connection(self._engine)
        if self._watch is None:
            self._watch = Thread(target=self._keep_looking, name="tagloom-lease-watch", daemon=True)
            self._watch.start()
        before = self._session
        schema, *session = raw.execute(_SESSION).fetchone()
        self._schema, self._session = schema or "", tuple(session)
        if before is not None:
            raw.execute(_GHOST, before)  # the server may not know yet that it is gone
            self._not_before = time.monotonic() + self._quiet
            self._take_back()

    def _take_back(self) -> None:
        for lease in self._held.values():
            if not lease.locked:
                lease.locked = self._lock(lease.name)

    def _lock(self, name: str) -> bool:
        return bool(self._value("SELECT pg_try_advisory_lock(%s)", self._number(name)))

    def _number(self, name: str) -> int:
        return lock_number("lease", self._schema, name)

    def _value(self, query: str, *values: object) -> Any:
        return self._raw.execute(query, values or None).fetchone()[0]

    def _errors(self) -> tuple[type[Exception], ...]:
        own = () if self._engine is None else (self._engine.dialect.loaded_dbapi.Error,)
        return (OSError, *own)

    def _drop(self) -> None:
        """What was held is lost, until it is taken back."""
        raw, self._raw = self._raw, None
        for lease in self._held.values():
            lease.locked = False
        if raw is not None:
            with contextlib.suppress(*self._errors()):
                raw.close()


def _has_news(raw: Any) -> bool:
    """Nobody has asked: it can only be its end."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(raw.fileno(), selectors.EVENT_READ)
        return bool(waiting.select(0))


def _unwanted(future: Future[ServerLease | None]) -> None:
    """Whoever asked has gone: it must not be held by nobody."""

    def come(done: Future[ServerLease | None]) -> None:
        if not done.cancelled() and done.exception() is None and (lease := done.result()) is not None:
            lease.release(wait=False)

    future.add_done_callback(come)
