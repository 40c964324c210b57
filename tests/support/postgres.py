"""A PostgreSQL of the tests' own: from Debian's package, in a temporary folder, on the loopback alone."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import make_url

if sys.platform != "win32":
    import pwd

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
MISSING = "PostgreSQL is not installed here: sudo apt-get install postgresql"
PASSWORD = "pass-of-the-tests"
_MEMORY = Path("/dev/shm")
_ROOM = 400_000_000
_numbers = count(1)
# Where the files lie in memory an fsync costs nothing, so that all is as it is elsewhere, but fast.
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = '{folder}'
port = {port}
max_connections = 200
shared_buffers = 32MB
min_wal_size = 32MB
max_wal_size = 64MB
autovacuum = off
jit = off
logging_collector = off
"""
_DOORS = """
host  all  stranger  127.0.0.1/32  scram-sha-256
host  all  all       127.0.0.1/32  trust
local all  all                     trust
"""


class Server:
    """`fast`: on a disk in memory, where there is room for one."""

    def __init__(self, *, fast: bool = True) -> None:
        self._ids = _somebody_else()
        self._folder = Path(tempfile.mkdtemp(prefix="tagloom-pg-", dir=_place(fast)))
        self._data = self._folder / "data"
        self.port = _free_port()
        if self._ids:
            shutil.chown(self._folder, *self._ids)

    def start(self) -> None:
        self._do("initdb", "-D", str(self._data), "-U", "tagloom", "-E", "UTF8", "--locale=C.UTF-8", "-A",
                 "trust", "-N", "--wal-segsize=4")  # fmt: skip
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS.format(folder=self._folder, port=self.port))
        (self._data / "pg_hba.conf").write_text(_DOORS)
        self._control("start")
        self.ask("CREATE ROLE stranger LOGIN PASSWORD 'another'", "CREATE EXTENSION pg_trgm")

    def restart(self, mode: str = "immediate") -> None:
        """As after a power cut, or `fast`, as for an upgrade."""
        self._control("restart", mode)

    def set(self, setting: str) -> None:
        """Of its configuration, and starts anew with it."""
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(f"{setting}\n")
        self._control("restart", "fast")

    def stop(self, mode: str = "immediate") -> None:
        self._control("stop", mode)

    def go_on(self) -> None:
        self._control("start")

    def remove(self) -> None:
        if (self._data / "postmaster.pid").exists():
            self._do("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, schema: str = "", *, port: int | None = None) -> str:
        """`port`: of something that stands between."""
        within = f"?options=-csearch_path%3D{schema},public" if schema else ""
        return f"postgresql://tagloom:{PASSWORD}@127.0.0.1:{port or self.port}/postgres{within}"

    def fresh(self) -> str:
        """The address of a place with nothing in it: a schema, since a database takes longer to make."""
        schema = f"t{os.getpid()}_{next(_numbers)}"
        self.ask(f"CREATE SCHEMA {schema}")
        return self.url(schema)

    def ask(self, *statements: str) -> list[tuple[object, ...]]:
        """What the last one gives, as the server's owner."""
        return asked(self.url(), *statements)

    def _control(self, *what: str) -> None:
        action, *mode = what
        modes = ("-m", mode[0]) if mode else ()
        self._do("pg_ctl", "-D", str(self._data), "-l", str(self._folder / "log"), "-w", *modes, action)

    def _do(self, name: str, *words: str) -> None:
        command: Sequence[str] = (str(BINARIES[-1] / name), *words)
        if self._ids:  # it does not run as root
            ids = (f"--reuid={self._ids[0]}", f"--regid={self._ids[1]}")
            command = ("setpriv", *ids, "--clear-groups", *command)
        done = subprocess.run(
            command,
            cwd=self._folder,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if name == "initdb" else subprocess.DEVNULL,  # a server keeps it open
            stderr=subprocess.STDOUT if name == "initdb" else subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
        if done.returncode:
            log = self._folder / "log"
            told = log.read_text()[-2000:] if log.exists() else ""
            raise RuntimeError(f"{name} {words}: {(done.stdout or b'').decode()} {told}")


@contextlib.contextmanager
def server(*, fast: bool = True) -> Iterator[Server]:
    made = Server(fast=fast)
    try:
        made.start()
        yield made
    finally:
        made.remove()


def asked(address: str, *statements: str) -> list[tuple[object, ...]]:
    """What the last of them gives, in a transaction that is committed."""
    url = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def _somebody_else() -> tuple[int, int] | None:
    """User and group that a server may run as, where we are root."""
    if sys.platform == "win32" or os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            found = pwd.getpwnam(name)
            return found.pw_uid, found.pw_gid
    raise RuntimeError("PostgreSQL does not run as root, and there is nobody else here")


def _place(fast: bool) -> Path | None:
    if not fast or not os.access(_MEMORY, os.W_OK):
        return None
    return _MEMORY if shutil.disk_usage(_MEMORY).free > _ROOM else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
