"""The doors of one person's windows: each window listens at one, and a later start knocks at those before it.

A door is a socket in a folder that only this person can enter; on Windows a loopback port, named with a
secret in a file there. It is opened before anything heavy is imported: who knocks while the window is still
being built waits in the socket's queue. Names tell the age of doors, so that two starts at one moment never
wait for each other: a start knocks only at older ones.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import stat
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

ENDING = ".door"
MOST_BYTES = 1 << 20
BACKLOG = 32
LOOPBACK = "127.0.0.1"
WINDOWS = sys.platform == "win32"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """An open door of this process. `secret` is empty where the folder keeps strangers away."""

    path: Path
    socket: socket.socket
    secret: str

    def close(self) -> None:
        """May be called twice."""
        self.socket.close()
        with contextlib.suppress(OSError):
            self.path.unlink()

    def used(self) -> None:
        """Its window was in front just now: it is asked before others."""
        with contextlib.suppress(OSError):
            os.utime(self.path)


def place_of(environment: Mapping[str, str]) -> Path | None:
    """The folder of the doors of this person, home and screen, made private; None where there is none that
    is ours alone."""
    if WINDOWS:
        base = Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "tagloom"
    else:
        base = _runtime(environment)
    folder = base / _home_of(environment)
    try:
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder if _is_private(base) and _is_private(folder) else None
    except OSError:
        return None


def _runtime(environment: Mapping[str, str]) -> Path:
    given = environment.get("XDG_RUNTIME_DIR", "")
    if given and os.path.isdir(given) and os.access(given, os.W_OK):
        return Path(given) / "tagloom"
    temporary = environment.get("TMPDIR", "") or "/tmp"
    return Path(temporary) / f"tagloom-{os.getuid()}" if sys.platform != "win32" else Path(temporary)


def _home_of(environment: Mapping[str, str]) -> str:
    """A short name for what makes two starts belong together."""
    home = environment.get("TAGLOOM_HOME", "").strip()
    names = ("TAGLOOM_HOME",) if home else ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    shown = environment.get("WAYLAND_DISPLAY") or environment.get("DISPLAY", "")
    frozen = sys.executable if getattr(sys, "frozen", False) else ""
    told = [environment.get(name, "") for name in names]
    said = json.dumps([*told, shown, environment.get("QT_QPA_PLATFORM", ""), frozen])
    data = said.encode("utf-8", "surrogatepass")
    return f"{crc32(data):08x}{crc32(data[::-1]):08x}"  # hashlib alone would cost a start 5 ms


def _is_private(folder: Path) -> bool:
    """Nobody else may enter, and nobody else has laid it there."""
    if sys.platform == "win32":
        return True  # within the person's own profile
    found = os.lstat(folder)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def open_door(folder: Path, *, loopback: bool = WINDOWS) -> Door | None:
    """None where the system gives none: the window then stands alone. A folder whose path is too long for a
    socket gets a loopback port."""
    path = folder / f"{time.time_ns():020d}-{os.getpid()}{ENDING}"
    for make in (_loopback_door,) if loopback else (_own_door, _loopback_door):
        with contextlib.suppress(OSError):
            return make(path)
    return None


def _own_door(path: Path) -> Door:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.bind(str(path))
        os.chmod(path, 0o600)
        made.listen(BACKLOG)
    except OSError:
        made.close()
        raise
    return Door(path=path, socket=made, secret="")


def _loopback_door(path: Path) -> Door:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.bind((LOOPBACK, 0))
        made.listen(BACKLOG)
        secret = os.urandom(16).hex()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="ascii") as file:
            json.dump({"port": made.getsockname()[1], "secret": secret}, file)
    except OSError:
        made.close()
        raise
    return Door(path=path, socket=made, secret=secret)


def others(folder: Path, own: Door | None) -> tuple[Path, ...]:
    """The doors that are older than ours, the one whose window was in front last first."""
    mine = own.path.name if own is not None else "~"
    try:
        older = [one for one in folder.glob(f"*{ENDING}") if one.name < mine]
    except OSError:
        return ()
    return tuple(sorted(older, key=_last_used, reverse=True))


def age_of(path: Path) -> float:
    """Seconds since a door was opened."""
    opened = path.name.partition("-")[0]
    return time.time() - int(opened) / 1e9 if opened.isdigit() else 0.0


def _last_used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def knock(path: Path, words: Mapping[str, Any], *, seconds: float) -> dict[str, Any] | None:
    """What a window answers; None where nobody is behind the door, whose name then goes.

    :raises TimeoutError: somebody is there and does not answer
    """
    try:
        with _reach(path, seconds) as line:
            secret = _secret_of(path)
            line.sendall(json.dumps({**words, "secret": secret}).encode("utf-8", "surrogatepass") + b"\n")
            return _answer(line, time.monotonic() + seconds)
    except TimeoutError:
        raise
    except (ConnectionRefusedError, FileNotFoundError):
        with contextlib.suppress(OSError):
            path.unlink()  # its process died without closing it
        return None
    except (OSError, ValueError):
        return None


def _reach(path: Path, seconds: float) -> socket.socket:
    own = path.is_socket()
    where: Any = str(path) if own else (LOOPBACK, int(_said_in(path)["port"]) % 65536)
    line = socket.socket(socket.AF_UNIX if own else socket.AF_INET, socket.SOCK_STREAM)
    line.settimeout(seconds)
    try:
        line.connect(where)
    except OSError:
        line.close()
        raise
    return line


def _secret_of(path: Path) -> str:
    return "" if path.is_socket() else str(_said_in(path)["secret"])


def _said_in(path: Path) -> dict[str, Any]:
    """:raises ValueError: not what a door's file says"""
    said = json.loads(path.read_text("ascii"))
    if not isinstance(said, dict) or not {"port", "secret"} <= said.keys():
        raise ValueError("not a door")
    return said


def _answer(line: socket.socket, deadline: float) -> dict[str, Any] | None:
    data = b""
    while not data.endswith(b"\n") and len(data) < MOST_BYTES:
        line.settimeout(max(deadline - time.monotonic(), 0.001))
        more = line.recv(1 << 16)
        if not more:
            return None  # it is just being closed
        data += more
    said = json.loads(data)
    return said if isinstance(said, dict) else None
