"""The words of the sandbox's command line, without what it takes to serve."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.basics.words import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=0, help=say("port on 127.0.0.1; 0 takes a free one"))
    parser.add_argument("--seconds", type=float, help=say("how long a task takes (1.0)"))
    parser.add_argument(
        "--knob",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=say("another behaviour, like fail_next=2 or refuse_status=429; may be given again"),
    )
    parser.add_argument(
        "--picture",
        type=Path,
        metavar="FILE",
        help=say("answer with this picture instead of painting drafts"),
    )
    parser.add_argument(
        "--with-parent",
        action="store_true",
        help=say("stop when standard input ends, as it does with its parent"),
    )
