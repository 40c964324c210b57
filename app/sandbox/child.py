"""The sandbox as a child process of the app, without a single vendor's key in its environment."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import app
from app.basics.faults import Bug, Retry

START_SECONDS = 30.0
STOP_SECONDS = 5.0


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALLOWED = _words(
    "PATH HOME USER LOGNAME LANG LANGUAGE TZ TMPDIR TEMP TMP SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC "
    "PATHEXT APPDATA LOCALAPPDATA USERPROFILE PROGRAMDATA LD_LIBRARY_PATH DYLD_LIBRARY_PATH VIRTUAL_ENV "
    "XDG_RUNTIME_DIR XDG_CACHE_HOME XDG_DATA_DIRS FONTCONFIG_PATH"
)
"""What the child may know of our environment; keys and addresses of vendors are not in it."""


def plain_environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in environment.items()
        if name.upper() in ALLOWED or name.startswith("LC_")
    }


def own_command() -> tuple[str, ...]:
    """How to start the sandbox: with this Python, or in the packaged program with its command that has a
    terminal (on Windows the other one has no streams)."""
    if getattr(sys, "frozen", False):
        program = Path(sys.executable)
        return (str(program.with_name(f"tagloom{program.suffix}")), "sandbox")
    return (sys.executable, "-P", "-m", "app.sandbox")


class SandboxChild:
    """One child at most. `start` again after it died gives a new one, at a new address.

    `command` is what to run before `--port 0 --seconds S --with-parent`; the child stops by itself
    when our process ends, since its standard input ends with us.
    """

    def __init__(
        self, command: Sequence[str] | None = None, seconds: float = 1.0, extra: Sequence[str] = ()
    ) -> None:
        self._command = (*(command or own_command()), "--port", "0", "--seconds", str(seconds))
        self._command += ("--with-parent", *extra)
        self._process: subprocess.Popen[bytes] | None = None
        self._url = ""
        self._one_at_a_time = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """Of the living child, None when there is none."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    @property
    def url(self) -> str | None:
        return self._url if self.pid is not None else None

    async def start(self) -> str:
        """The address of a child that answers; the same one while it lives."""
        async with self._one_at_a_time:
            if self.pid is not None:
                return self._url
            await asyncio.to_thread(self._reap)
            self._url = ""
            with tempfile.TemporaryFile() as complaints:
                self._process = process = self._spawn(complaints)
                try:
                    first = await asyncio.wait_for(asyncio.to_thread(_first_line, process), START_SECONDS)
                    self._url = _address(first)
                except (TimeoutError, ValueError) as trouble:
                    self._reap()
                    raise _did_not_start(complaints) from trouble
                finally:  # cancelled while waiting, for one
                    if not self._url:
                        self._reap()
            return self._url

    async def stop(self) -> None:
        """Ask it to end, and make sure; quiet when there is none."""
        async with self._one_at_a_time:
            await asyncio.to_thread(self._end)

    def _spawn(self, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
        environment = plain_environment(os.environ)
        environment["PYTHONPATH"] = str(Path(app.__file__).resolve().parents[1])
        environment["PYTHONUNBUFFERED"] = "1"
        return subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=environment,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def _end(self) -> None:
        process = self._process
        if process is not None and process.poll() is None:
            if process.stdin is not None:
                process.stdin.close()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.terminate()
        self._reap()

    def _reap(self) -> None:
        """End a child that is left, at once, and close our ends of its pipes."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    return process.stdout.readline() if process.stdout is not None else b""


def _address(line: bytes) -> str:
    told = json.loads(line)
    if not isinstance(told, dict) or not str(told.get("url", "")).startswith("http://127.0.0.1:"):
        raise ValueError("no address")
    return str(told["url"])


def _did_not_start(complaints: IO[bytes]) -> Bug:
    complaints.seek(0)
    return Bug(
        "The sandbox did not start.",
        advice="Run “tagloom sandbox” in a terminal to see why, or add a vendor's key to work without it.",
        code="sandbox.did-not-start",
        retry=Retry.LATER,
        detail=complaints.read()[-2000:].decode("utf-8", "replace").strip(),
    )
