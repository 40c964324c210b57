"""`tagloom` in a terminal, as a real process under the guard: what it says, its events, its exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.leaks import secret_in
from tests.support.loopback import command

REPOSITORY = Path(__file__).parents[2]
EXAMPLE = REPOSITORY / "resources" / "examples" / "first-run.tagloom"
LONGEST = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """`err` is what people read, `out` what programs do."""

    code: int
    out: str
    err: str
    events: tuple[dict[str, Any], ...] = field(default=())

    @property
    def finished(self) -> dict[str, Any]:
        """The last event, which must be `finished`."""
        assert self.events, f"no events; {self}"
        assert self.events[-1]["event"] == "finished", f"{self.events[-1]}; {self}"
        return self.events[-1]

    @property
    def value(self) -> Any:
        """The one JSON value of a command that lists."""
        return json.loads(self.out)

    def named(self, event: str) -> list[dict[str, Any]]:
        return [one for one in self.events if one["event"] == event]

    def __str__(self) -> str:
        return f"exit {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


def start(*words: str | os.PathLike[str], environment: Mapping[str, str] | None = None, **how: Any) -> Any:
    """The process, its three streams piped as text unless `how` says otherwise."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(
        command("app", *words),
        cwd=REPOSITORY,
        env={**os.environ, **(environment or {})},
        text=True,
        encoding="utf-8",
        **{**pipes, **how},
    )


def tagloom(
    *words: str | os.PathLike[str], environment: Mapping[str, str] | None = None, stdin: str | None = None
) -> Ran:
    """A whole command. No terminal, and nothing on standard input unless given."""
    process = start(*words, environment=environment, stdin=subprocess.PIPE)
    return ended(process, "--json" in words, stdin or "")


def ended(process: Any, with_json: bool = True, stdin: str | None = None) -> Ran:
    """Waits for the end; kills what does not end."""
    try:
        out, err = process.communicate(stdin, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"did not end in {LONGEST} s\n{out}\n{err}") from None
    secret = secret_in(f"{out}\n{err}".encode())
    assert not secret, f"the program said a secret ({secret}) in {process.args}"
    return Ran(code=process.returncode, out=out, err=err, events=_events(out) if with_json else ())


def stop(process: Any, number: int = signal.SIGINT) -> None:
    process.send_signal(number)


def until(seen: Callable[[], object], what: str, seconds: float = 30.0) -> None:
    """Returns when it is seen."""
    deadline = time.monotonic() + seconds
    while not seen():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} was not seen within {seconds} s")
        time.sleep(0.01)


def line_with(process: Any, event: str) -> list[dict[str, Any]]:
    """Reads events until one of this name has come; all that were read."""
    read: list[dict[str, Any]] = []
    for line in process.stdout:
        read.append(json.loads(line))
        if read[-1]["event"] == event:
            return read
    raise AssertionError(f"{event} never came; {read}; {process.stderr.read()}")


def _events(out: str) -> tuple[dict[str, Any], ...]:
    found = tuple(json.loads(line) for line in out.splitlines())
    return tuple(one for one in found if isinstance(one, dict) and "event" in one)


@dataclass(frozen=True, slots=True)
class Served:
    """A `tagloom sandbox` in a process of its own. With a key at its address it is a paid Runway."""

    url: str

    def environment(self) -> dict[str, str]:
        return {"RUNWAYML_API_SECRET": "key_test", "RUNWAYML_BASE_URL": self.url}

    def tally(self) -> dict[str, Any]:
        """What it has seen (`app.sandbox.tally`)."""
        with urllib.request.urlopen(f"{self.url}/_sandbox/tally", timeout=10) as answer:
            told: dict[str, Any] = json.load(answer)
        return told


@contextmanager
def sandbox(*words: str) -> Iterator[Served]:
    """`tagloom sandbox` with these words, until the block ends."""
    process = start("sandbox", *words)
    try:
        yield Served(json.loads(process.stdout.readline())["url"])
    finally:
        process.terminate()
        process.communicate(timeout=LONGEST)
