"""An S3 server on this machine (moto), for as long as a block lasts."""

from __future__ import annotations

import importlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

BEGIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class S3:
    """`environment` is what a client needs. The key is made up: the server takes any."""

    url: str

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def bucket(self) -> str:
        """A new one, by name."""
        name = f"shoes-{uuid4().hex[:12]}"
        asked = urllib.request.Request(f"{self.url}/{name}", method="PUT", headers=_SIGNED)
        with urllib.request.urlopen(asked, timeout=BEGIN_SECONDS) as answer:
            assert answer.status == 200
        return name


_SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/s3/aws4_request, "
    "SignedHeaders=host, Signature=0"
}


def settle_threads() -> None:
    """fsspec has one loop in a thread of its own, and that loop one thread for what blocks. They are there
    until the process ends; begun here, no test is taken to have left them."""
    fsspec_asyn: Any = importlib.import_module("fsspec.asyn")  # published without types
    loop = fsspec_asyn.get_loop()
    executor = ThreadPoolExecutor(1, "fsspec")
    loop.call_soon_threadsafe(loop.set_default_executor, executor)
    executor.submit(int).result()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@contextmanager
def s3_server() -> Iterator[S3]:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, server)
        yield S3(url=f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(port: int, server: subprocess.Popen[Any]) -> None:
    deadline = time.monotonic() + BEGIN_SECONDS
    while True:
        assert server.poll() is None, "moto_server ended before it served"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "moto_server did not begin"
            time.sleep(0.05)
