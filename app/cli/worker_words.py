"""The words of `tagloom worker`."""

from __future__ import annotations

import argparse
from typing import Any

from app.basics.words import say

THREADS = 16
"""Rows at once in one process: a row waits for a vendor most of its time."""


def add_worker(commands: Any) -> None:
    text = say("Works for `tagloom batch --scheduler`: a Dask worker with this machine's Tagloom.")
    worker = commands.add_parser("worker", help=text, description=text)
    worker.add_argument(
        "address", metavar="ADDRESS", help=say("Of the Dask scheduler: tcp://192.168.1.20:8786.")
    )
    worker.add_argument(
        "--threads",
        type=_threads,
        default=THREADS,
        metavar="N",
        help=say("Rows at once in this process (default {n}).", n=THREADS),
    )
    worker.add_argument("--name", default="", metavar="NAME", help=say("Its name at the scheduler."))
    worker.add_argument(
        "--host",
        default="",
        metavar="ADDRESS",
        help=say("Listen at this address of this machine (default: this machine only)."),
    )


def _threads(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:6]) <= 1000):
        raise argparse.ArgumentTypeError(say("{text!r} is not between 1 and 1000", text=text))
    return int(text)
