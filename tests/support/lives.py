"""Lives of a worker that can be ended at any moment: the real engine in a process that starts in no time.

`python -m tests.support.lives` imports Tagloom once and then forks a child for each life that it is told on
standard input, so a life is as good as a process of its own: no lock, file or connection is shared. A child
recovers, and runs a document to its end if one is named, as window and terminal do; with a table, its batch.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import compose
from app.basics.faults import Fault
from app.batch.table import open_table
from app.batch.views import RowState
from app.studio.batch_papers import write_papers
from app.studio.batching import batch_of, setting_of
from app.studio.studio import Studio

_ROOT = Path(__file__).parents[2]
FAULT, BROKE, UNFINISHED = 3, 4, 5
"""Exit codes: a fault in words ended it; something that nobody has foreseen; not every picture was made."""


class Life:
    """One child. It lives as soon as `go` is called."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.pid = pid
        self._nursery = nursery
        self._handle = os.pidfd_open(pid)  # a number may be given to another process, a handle never

    def go(self) -> None:
        self._nursery.say("go")

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):  # it has ended by itself
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def end(self) -> int:
        """Waits; the exit code, or the number of the signal that ended it as a negative."""
        code = int(self._nursery.hear()["ended"])
        os.close(self._handle)
        return code


class Nursery:
    """`log` takes what a child says that broke."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._log = log.open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.lives"],
            cwd=_ROOT,
            env={**os.environ, **environment, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def born(self, home: Path, document: Path | None = None, **batch: object) -> Life:
        """`document` None: it recovers alone. `batch`: `table`, `output`, and fields of a `BatchSetting`."""
        told = {"home": str(home), "document": str(document) if document else None, "batch": batch}
        self.say(json.dumps(told, default=str))
        return Life(self, int(self.hear()["pid"]))

    def live(self, home: Path, document: Path | None = None, **batch: object) -> int:
        """A whole life; its exit code."""
        life = self.born(home, document, **batch)
        life.go()
        return life.end()

    def say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the nursery has ended: {Path(self._log.name).read_text('utf-8', 'replace')[-2000:]}"
        heard: dict[str, Any] = json.loads(line)
        return heard

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()
        self._log.close()


# --- in the nursery ------------------------------------------------------------------------------


async def _live(home: str, document: str | None, batch: Mapping[str, Any]) -> int:
    studio = await compose.build({**os.environ, "TAGLOOM_HOME": home})
    try:
        if document is not None and batch:
            await studio.desk.open(Path(document), remember=False)
            return await _batch(studio, dict(batch))
        await studio.recover()
        if document is not None:
            await studio.desk.open(Path(document), remember=False)
            job = studio.job(output=Path(document).parent / "out", save_all=True)
            return UNFINISHED if (await studio.run_job(job)).failures else 0
        return 0
    finally:
        await studio.close()


async def _batch(studio: Studio, given: dict[str, Any]) -> int:
    table, output = open_table(Path(given.pop("table"))), Path(given.pop("output"))
    one = await batch_of(studio, setting_of(studio, table, output=output, **given))
    try:
        await one.open()
        state = await one.start()
        await write_papers(one, datetime.now(UTC), sheets=False)
        return 0 if state.count(RowState.DONE) == state.total else UNFINISHED
    finally:
        await one.close()


def _child(told: Mapping[str, Any], gate: int) -> int:
    os.read(gate, 1)
    try:
        return asyncio.run(_live(told["home"], told["document"], told["batch"]))
    except Fault as fault:
        print(f"{fault.code}: {fault.sentence()} {fault.detail}", file=sys.stderr, flush=True)
        return FAULT
    except BaseException:
        traceback.print_exc()
        return BROKE


def _fork(told: Mapping[str, Any]) -> tuple[int, int]:
    gate, opener = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(opener)
        code = _child(told, gate)
        sys.stderr.flush()
        os._exit(code)
    os.close(gate)
    return pid, opener


def _say(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


def main() -> None:
    while line := sys.stdin.readline():
        pid, opener = _fork(json.loads(line))
        _say(pid=pid)
        if sys.stdin.readline():
            with contextlib.suppress(BrokenPipeError):  # killed before it lived
                os.write(opener, b"g")
        os.close(opener)
        _, status = os.waitpid(pid, 0)
        _say(ended=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
