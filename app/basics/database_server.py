"""A database on a server, for many machines: PostgreSQL by psycopg 3, which comes with the extra `cluster`.

A connection to it may be lost at any moment. What was not committed then is undone, and done again on a new
one; where the answer to a commit is lost, only who asked for the work can tell whether it is there. No text
of this file holds a password.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from app.basics.database_faults import ServerTrouble, server_fault
from app.basics.faults import BadInput, Fault
from app.basics.logs import REMOVED, redact
from app.basics.words import say

_DRIVER = "postgresql+psycopg"
_NAMES = ("postgres", "postgresql", _DRIVER)
SILENT_SECONDS = 10
"""A connection through which nothing comes for so long is dead, at both its ends."""
_ALIVE = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": SILENT_SECONDS * 1000,
    "application_name": "tagloom",
}
# The server's end, so that it lets go of what a machine held whose network was cut.
_SESSION = """
SET client_min_messages = warning;
SET lock_timeout = {patience};
SET idle_in_transaction_session_timeout = 60000;
SET tcp_keepalives_idle = 4;
SET tcp_keepalives_interval = 2;
SET tcp_keepalives_count = 3;
SET tcp_user_timeout = {silent};
"""
_STARTING = ("is starting up", "is shutting down", "in recovery mode", "not yet accepting connections")
_UNDONE = ("40001", "40P01")
"""Two transactions were in each other's way, and the server has undone ours."""


def is_server(address: str | Path) -> bool:
    """Whether it is an address, and not a file or a URL of SQLite."""
    return isinstance(address, str) and "://" in address and not address.startswith("sqlite")


def server_url(address: str, name: str = "ledger") -> URL:
    """:raises BadInput: `<name>.address`: it is none of a PostgreSQL"""
    url: URL | None = None
    with contextlib.suppress(ArgumentError, ValueError):  # their words repeat the address
        url = make_url(address)
    if url is None or url.drivername not in _NAMES or not url.database:
        raise BadInput(
            say("The address of the shared ledger is not one of a PostgreSQL database."),
            advice=say(
                "Set TAGLOOM_LEDGER to an address like postgresql://user:password@host:5432/tagloom. "
                "In user and password write signs like @ : / % as %40 %3A %2F %25."
            ),
            code=f"{name}.address",
        )
    return url.set(drivername=_DRIVER)


def server_place(url: URL) -> str:
    """Server and database, for people: never user, password or what else the address says."""
    host = url.host or _text(url.query.get("host")) or "localhost"
    port = url.port or _text(url.query.get("port"))
    return f"{host}:{port}/{url.database}" if port else f"{host}/{url.database}"


def without_password(url: URL, text: str) -> str:
    """`text` of a driver or server, if it should repeat what the address holds."""
    for secret in (url.password, *map(_text, (url.query.get("password"), url.query.get("sslpassword")))):
        if secret:
            text = text.replace(str(secret), REMOVED)
    return redact(text)


def server_engine(url: URL, *, patience: float) -> Engine:
    """Connections are not kept by it: each is somebody's own, and begins and commits where its owner says.

    :raises BadInput: `ledger.no-driver`
    """
    chosen = {key: value for key, value in _ALIVE.items() if key not in url.query}
    try:
        engine = create_engine(
            url,
            poolclass=NullPool,
            pool_reset_on_return=None,  # what begins a transaction ends it
            use_native_hstore=False,
            hide_parameters=True,
            connect_args={**chosen, "autocommit": True},
        )
    except ImportError as error:  # the package, or the library of C that it needs
        raise BadInput(
            say("The ledger is on a PostgreSQL server, and the package that speaks with it is missing."),
            advice=say("Install it with pip install 'tagloom[cluster]', or take TAGLOOM_LEDGER away."),
            code="ledger.no-driver",
            detail=str(error),
        ) from error

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _record: object) -> None:
        raw.execute(_SESSION.format(patience=int(patience * 1000), silent=SILENT_SECONDS * 1000))

    return engine


def server_connection(engine: Engine) -> Any:
    """The driver's own, which belongs to the caller."""
    pooled = engine.raw_connection()
    raw = pooled.driver_connection
    pooled.detach()
    return raw


def lock_number(*names: str) -> int:
    """What an advisory lock of PostgreSQL is known by: a signed number of 64 bits."""
    digest = hashlib.blake2b("\0".join(names).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


class OnServer:
    """See `database_backing.Backing`."""

    file: Path | None = None
    writes, reads = "BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    shares_commits = False

    def __init__(self, url: URL, *, durable: bool, patience: float) -> None:
        self.place = server_place(url)
        self.errors: tuple[type[Exception], ...] = ()
        self._url, self._durable, self._patience = url, durable, patience

    @contextlib.contextmanager
    def opening(self) -> Iterator[None]:
        """`alone` keeps the others out."""
        yield

    def engine(self, title: str, notes: list[str]) -> Engine:
        engine = server_engine(self._url, patience=self._patience)
        self.errors = (engine.dialect.loaded_dbapi.Error,)

        @event.listens_for(engine, "connect")
        def connected(raw: Any, _record: object) -> None:
            if self._durable:
                raw.execute(
                    "SELECT set_config('synchronous_commit', 'on', false) "
                    "WHERE current_setting('synchronous_commit') = 'off'"
                )
                if raw.execute("SHOW fsync").fetchone()[0] == "off":
                    notes.append(_unsafe(title, self.place))
            else:
                raw.execute("SET synchronous_commit = off")

        return engine

    def check(self, raw: Any) -> None:
        """The server looks after its files."""

    def alone(self, raw: Any, name: str) -> None:
        """Until the end of the transaction."""
        schema = raw.execute("SELECT current_schema()").fetchone()[0]
        raw.execute(f"SELECT pg_advisory_xact_lock({lock_number('schema', schema or '', name)})")

    def opened(self, raw: Any) -> None:
        """Nothing is kept on this disk."""

    def is_lost(self, raw: Any) -> bool:
        return bool(raw.closed)

    def may_pass(self, error: Exception, *, known: bool) -> bool:
        """Whether the same may be asked again: it was surely undone, and a server that goes away is soon
        there again, as it does to be upgraded. Who was never there (`known`) is not waited for."""
        if _code(error) in _UNDONE:
            return True
        if _code(error) == "55P03":  # a transaction of ours whose connection was lost may still hold it
            return True
        if not _is_starting(error):
            refused = ServerTrouble.told(str(error)) is not ServerTrouble.GONE
            if not known or not is_gone(error) or (refused and not _code(error)):
                return False
        time.sleep(0.1)
        return True

    def wrong(self, raw: Any, thorough: bool) -> tuple[str, ...]:
        return ()

    def mend(self, raw: Any) -> None:
        """The server's own affair."""

    def fault(self, name: str, title: str, error: Exception) -> Fault:
        return fault_of(self._url, name, title, error)


def fault_of(url: URL, name: str, title: str, error: Exception) -> Fault:
    """What a server or driver says, in words for people. `name` begins the code."""
    detail = without_password(url, _told(error)).strip()
    code = _code(error)
    if code:
        trouble = ServerTrouble.GONE if is_gone(error) else ServerTrouble.of(code)
    else:
        trouble = ServerTrouble.told(detail) if is_gone(error) else ServerTrouble.OTHER
    return server_fault(name, title, server_place(url), trouble, detail)


def is_gone(error: Exception) -> bool:
    """The server could not be reached, or the connection to it has ended."""
    code = _code(error)
    if code:
        return code.startswith(("08", "57P"))
    # Neither the driver nor the system give what happens to a connection a number.
    kind = type(getattr(error, "orig", None) or error).__name__
    return kind in ("OperationalError", "ConnectionTimeout")


def _is_starting(error: Exception) -> bool:
    return _code(error) == "57P03" or any(words in str(error) for words in _STARTING)


def _told(error: Exception) -> str:
    """A server adds the row that was wrong, with all that is in it."""
    own = getattr(error, "orig", None) or error
    return getattr(getattr(own, "diag", None), "message_primary", None) or str(own)


def _code(error: Exception) -> str:
    return getattr(getattr(error, "orig", None) or error, "sqlstate", None) or ""


def _text(value: tuple[str, ...] | str | None) -> str:
    return "" if value is None else value if isinstance(value, str) else ",".join(value)


def _unsafe(title: str, place: str) -> str:
    return say(
        "{title} is on {place}, where fsync is off: a power cut there may lose what was paid for.",
        title=title,
        place=place,
    )
