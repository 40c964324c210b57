"""A Dask scheduler and `tagloom worker`s on this machine, each a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.support.loopback import command
from tests.support.s3 import free_port
from tests.support.terminal import LONGEST, REPOSITORY

QUIET = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "20s", "PYTHONWARNINGS": "ignore"}


class Worker:
    """`said` is what it said so far, line by line."""

    def __init__(self, process: Any) -> None:
        self.process = process
        self.said: list[str] = []
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        for line in self.process.stderr:
            self.said.append(line.rstrip("\n"))

    def kill(self) -> None:
        self.process.kill()
        self.wait()

    def stop(self) -> int:
        """Its exit code after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> int:
        try:
            code: int = self.process.wait(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the worker did not end; it said {self.said}") from None
        finally:
            self._reading.join(5)
        self.process.stderr.close()
        return code


@dataclass(slots=True, kw_only=True)
class Cluster:
    """`environment` is that of every worker."""

    port: int
    environment: Mapping[str, str]
    host: str = "127.0.0.1"
    scheduler: Any = None
    workers: list[Worker] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def begin_scheduler(self) -> None:
        words = ["--host", self.host, "--port", str(self.port), "--no-dashboard", "--no-show"]
        self.scheduler = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_scheduler", *words],
            env={**os.environ, **QUIET},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + LONGEST
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                assert self.scheduler.poll() is None, "the scheduler ended"
                assert time.monotonic() < deadline, "no scheduler came"
                time.sleep(0.05)

    def kill_scheduler(self) -> None:
        self.scheduler.kill()
        self.scheduler.wait()

    def begin_worker(
        self, *words: str, at: Callable[..., list[str]] | None = None, **environment: str
    ) -> Worker:
        """`at`: makes a command of another machine out of one of this."""
        here = ("app", "worker", self.address, *words)
        process = subprocess.Popen(
            command(*here) if at is None else at(sys.executable, "-m", *here),
            cwd=REPOSITORY,
            env={**os.environ, **self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        worker = Worker(process)
        self.workers.append(worker)
        return worker

    def close(self) -> None:
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.kill()
        if self.scheduler is not None and self.scheduler.poll() is None:
            self.kill_scheduler()


@contextmanager
def cluster(environment: Mapping[str, str], *, host: str = "127.0.0.1") -> Iterator[Cluster]:
    made = Cluster(port=free_port(), environment=environment, host=host)
    try:
        made.begin_scheduler()
        yield made
    finally:
        made.close()
