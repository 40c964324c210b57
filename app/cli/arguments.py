"""The words of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NoReturn

from app.basics.faults import BadInput
from app.sandbox.words import add_arguments
from app.studio.entries import Decision

MOST_SECONDS = 3600


class Parser(argparse.ArgumentParser):
    """Errors are faults, so that they are said in the same way as all others, with exit code 2."""

    def error(self, message: str) -> NoReturn:
        raise BadInput(
            f"The command cannot be understood: {message}.",
            advice=f"`{self.prog} --help` lists what it takes.",
            code="cli.arguments",
        )


def parse(words: Sequence[str]) -> argparse.Namespace:
    """:raises BadInput: unknown words; SystemExit(0) for --help and --version"""
    return build().parse_args(words)


def build() -> Parser:
    parser = Parser(
        prog="tagloom",
        description="A node editor for product shots. With no command, opens the window.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    _run(commands)
    for name, text in (
        ("check", "Says what is wrong in a document, where, and the fix."),
        ("estimate", "Says what a run would cost, and what is already in the library."),
    ):
        command = commands.add_parser(name, help=text, description=text)
        _document(command)
        _sets(command)
    _json(commands.add_parser("models", help="The image models: limits, prices, parameters."))
    _history(commands)
    _recover(commands)
    _pictures(commands)
    _sandbox(commands)
    doctor = commands.add_parser(
        "doctor", help="Versions, folders, keys present (never shown), network, library."
    )
    doctor.add_argument(
        "--repair", action="store_true", help="Check every picture and both databases; mend what can be."
    )
    doctor.add_argument("--offline", action="store_true", help="Leave the network out.")
    _json(doctor)
    _keys(commands)
    text = "The licences of Tagloom and of everything in it, with their texts."
    _json(commands.add_parser("licences", help=text, description=text))
    return parser


def _run(commands: argparse._SubParsersAction[Parser]) -> None:
    run = commands.add_parser(
        "run",
        help="Runs a document without a window.",
        description="Runs a document without a window. A vendor without a key makes free drafts.",
    )
    _document(run)
    _sets(run)
    run.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="DIR",
        help="Folder for the pictures (default: beside the document, in out/).",
    )
    run.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NODE",
        help="Run this node and what it needs; may be repeated.",
    )
    run.add_argument(
        "--max-credits", type=_count, metavar="N", help="Refuse to spend more credits than this."
    )
    run.add_argument("--max-usd", type=_dollars, metavar="N", help="Refuse to spend more dollars than this.")
    run.add_argument("--yes", action="store_true", help="Spend without asking.")
    run.add_argument("--live", action="store_true", help="Refuse the sandbox: fail where a key is missing.")
    run.add_argument(
        "--retry-unknown",
        action="store_true",
        help="Send again what was sent before and never answered. It may be charged twice.",
    )
    run.add_argument(
        "--seconds",
        type=_seconds,
        default=1.0,
        metavar="S",
        help="How long a draft of the sandbox takes (default 1).",
    )


def _history(commands: argparse._SubParsersAction[Parser]) -> None:
    text = "What was asked and what it cost: the ledger, newest first."
    history = commands.add_parser("history", help=text, description=text)
    _json(history)
    history.add_argument("--document", type=Path, metavar="FILE", help="Only what this document asked for.")
    ways = history.add_mutually_exclusive_group()
    ways.add_argument("--limit", type=_count, default=50, metavar="N", help="At most so many (default 50).")
    ways.add_argument("--totals", choices=("day", "model", "document"), help="Sums instead of single calls.")
    ways.add_argument(
        "--csv", type=Path, metavar="FILE", help="Write everything into FILE for a spreadsheet."
    )


def _recover(commands: argparse._SubParsersAction[Parser]) -> None:
    text = "Brings home what earlier runs left under way, for free. Buys nothing."
    recover = commands.add_parser("recover", help=text, description=text)
    _json(recover)
    recover.add_argument(
        "--decide",
        action="append",
        type=_decision,
        default=[],
        metavar="OPERATION=arrived|not-charged",
        help="Say what became of one whose answer was lost; may be repeated.",
    )


def _pictures(commands: argparse._SubParsersAction[Parser]) -> None:
    text = "Says what made a picture that was exported re-openable: models, prompts, tags, seeds."
    inspect = commands.add_parser("inspect", help=text, description=text)
    _image(inspect)
    inspect.add_argument(
        "-o", "--output", type=Path, metavar="DOCUMENT", help="Write the document that it carries here."
    )
    text = "Copies a picture: with its document in it, clean, or (by default) byte for byte."
    export = commands.add_parser("export", help=text, description=text)
    _image(export)
    export.add_argument("-o", "--output", type=Path, metavar="OUT", required=True, help="The file to write.")
    kind = export.add_mutually_exclusive_group()
    kind.add_argument(
        "--reopenable",
        type=Path,
        metavar="DOCUMENT",
        help="Put this document into it, without notes and paths, so that the picture opens in Tagloom.",
    )
    kind.add_argument(
        "--clean", action="store_true", help="Pixels and colour profile alone; no metadata of anybody."
    )
    export.add_argument("--notes", action="store_true", help="With --reopenable: the notes too.")


def _image(command: argparse.ArgumentParser) -> None:
    command.add_argument("image", type=Path, metavar="IMAGE", help="A PNG, JPEG, WebP or TIFF.")
    command.add_argument("--force", action="store_true", help="Replace a file that is there already.")
    _json(command)


def _document(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="A .tagloom document.")
    _json(command)


def _sets(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NODE.PARAM=VALUE",
        dest="sets",
        help="Another value for this run; the file stays as it is.",
    )


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="JSON on stdout, for programs.")


def _sandbox(commands: argparse._SubParsersAction[Parser]) -> None:
    text = "Serves the sandbox: the vendors' contracts on this machine, free."
    add_arguments(commands.add_parser("sandbox", help=text, description=text))


def _keys(commands: argparse._SubParsersAction[Parser]) -> None:
    keys = commands.add_parser(
        "keys", help="Which vendors have a key; set and remove keys. A key is never shown."
    )
    _json(keys)
    actions = keys.add_subparsers(dest="action", metavar="ACTION", parser_class=Parser)
    for name, text in (
        ("set", "Stores a key, read from the terminal or standard input."),
        ("remove", "Removes a key."),
        ("test", "Asks the vendor whether the key works."),
    ):
        action = actions.add_parser(name, help=text, description=text)
        action.add_argument("vendor", metavar="VENDOR")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 up")
    return int(text)


def _decision(text: str) -> tuple[str, Decision]:
    operation, _, word = text.partition("=")
    try:
        decision = Decision(word)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not OPERATION=arrived or =not-charged") from error
    return operation, decision


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds") from error
    if not 0 <= value <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0 and {MOST_SECONDS}")
    return value


def _dollars(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount") from error
    if not value.is_finite() or not 0 <= value < 10**9:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount")
    return value
