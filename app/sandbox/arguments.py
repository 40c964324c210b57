"""The sandbox's command line, shared by `tagloom sandbox` and `python -m app.sandbox`."""

from __future__ import annotations

import argparse
import base64

import msgspec

from app.basics.faults import BadInput, Where
from app.basics.words import say
from app.sandbox.knobs import Knobs, knobs_from_words, knobs_told
from app.sandbox.server import run_server
from app.sandbox.words import add_arguments as add_arguments


def knobs_from(arguments: argparse.Namespace) -> Knobs:
    """Raises BadInput for a knob that does not exist or a value that it does not take."""
    seconds = [] if arguments.seconds is None else [f"seconds={arguments.seconds}"]
    knobs = knobs_from_words([*seconds, *arguments.knob])
    if arguments.picture is None:
        return knobs
    try:
        content = arguments.picture.read_bytes()
    except OSError as trouble:
        raise BadInput(
            say(
                "The picture {picture} cannot be read: {strerror}.",
                picture=arguments.picture,
                strerror=trouble.strerror,
            ),
            advice=say("Give the path of a PNG, JPEG or WebP file."),
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
