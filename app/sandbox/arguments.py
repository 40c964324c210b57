"""The sandbox's command line, shared by `tagloom sandbox` and `python -m app.sandbox`."""

from __future__ import annotations

import argparse
import base64
from pathlib import Path

import msgspec

from app.basics.faults import BadInput, Where
from app.sandbox.knobs import Knobs, knobs_from_words, knobs_told
from app.sandbox.server import run_server


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--seconds", type=float, help="how long a task takes (1.0)")
    parser.add_argument(
        "--knob",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another behaviour, like fail_next=2 or refuse_status=429; may be given again",
    )
    parser.add_argument(
        "--picture", type=Path, metavar="FILE", help="answer with this picture instead of painting drafts"
    )
    parser.add_argument(
        "--with-parent", action="store_true", help="stop when standard input ends, as it does with its parent"
    )


def knobs_from(arguments: argparse.Namespace) -> Knobs:
    """Raises BadInput for a knob that does not exist or a value that it does not take."""
    words = list(arguments.knob)
    if arguments.seconds is not None:
        words.append(f"seconds={arguments.seconds}")
    knobs = knobs_from_words(words)
    if arguments.picture is None:
        return knobs
    try:
        content = arguments.picture.read_bytes()
    except OSError as trouble:
        raise BadInput(
            f"The picture {arguments.picture} cannot be read: {trouble.strerror}.",
            advice="Give the path of a PNG, JPEG or WebP file.",
            code="sandbox.picture",
            where=Where(parameter="picture"),
        ) from trouble
    return msgspec.structs.replace(knobs, picture_base64=base64.b64encode(content).decode())


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop; the exit code. `--knob help` lists the knobs instead."""
    if "help" in arguments.knob:
        print(knobs_told())
        return 0
    return run_server(arguments.port, None, knobs_from(arguments), with_parent=arguments.with_parent)
