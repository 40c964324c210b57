"""The words of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NoReturn

from app.basics.faults import BadInput
from app.basics.words import joined, say
from app.cli import export_words
from app.cli.batch_words import add_batch
from app.cli.handover_words import add_handover, by_ending
from app.cli.mistyped import said
from app.sandbox.words import add_arguments
from app.studio.entries import Decision

MOST_SECONDS = 3600


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, say("usage: ") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Errors are faults, so that they are said in the same way as all others, with exit code 2."""

    def __init__(self, **words: Any) -> None:
        super().__init__(formatter_class=_Formatter, add_help=False, **words)
        self._positionals.title = say("positional arguments")
        self._optionals.title = say("options")
        self.add_argument(
            "-h", "--help", action="help", default=argparse.SUPPRESS,
            help=say("show this help message and exit"),
        )  # fmt: skip

    def error(self, message: str) -> NoReturn:
        raise BadInput(
            say("The command cannot be understood: {message}.", message=said(message)),
            advice=say("`{prog} --help` lists what it takes.", prog=self.prog),
            code="cli.arguments",
        )


def language_of(words: Sequence[str]) -> str:
    """The language that the words ask for, before the parser is built in it; empty where they do not."""
    for place, word in enumerate(words):
        if word.startswith("--language="):
            return word.partition("=")[2]
        if word == "--language" and place + 1 < len(words):
            return words[place + 1]
        if not word.startswith("-"):
            break
    return ""


def parse(words: Sequence[str]) -> argparse.Namespace:
    """:raises BadInput: unknown words; SystemExit(0) for --help and --version"""
    return build().parse_args(by_ending(words))


def build() -> Parser:
    parser = Parser(
        prog="tagloom",
        description=say(
            "A node editor for product shots. With no command, opens the window; with documents, "
            "those. A window that is open already takes them where it can; --new-window does not ask it."
        ),
    )
    parser.add_argument(
        "--language", metavar="CODE", help=say("Speak this language: en or zh_CN (default: the system's).")
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    _run(commands)
    add_batch(commands, _count, _dollars, _seconds)
    for name, text in (
        ("check", say("Says what is wrong in a document, where, and the fix.")),
        ("estimate", say("Says what a run would cost, and what is already in the library.")),
    ):
        command = commands.add_parser(name, help=text, description=text)
        _document(command)
        _sets(command)
    _json(commands.add_parser("models", help=say("The image models: limits, prices, parameters.")))
    _history(commands)
    _recover(commands)
    _pictures(commands)
    add_handover(commands)
    _sandbox(commands)
    doctor = commands.add_parser(
        "doctor", help=say("Versions, folders, keys present (never shown), network, library.")
    )
    doctor.add_argument(
        "--repair", action="store_true", help=say("Check every picture and both databases; mend what can be.")
    )
    doctor.add_argument(
        "--vendor", metavar="VENDOR", help=say("Only go to this vendor, step by step, with a key or without.")
    )
    doctor.add_argument("--offline", action="store_true", help=say("Leave the network out."))
    _json(doctor)
    _keys(commands)
    licences = say("The licences of Tagloom and of everything in it, with their texts.")
    _json(commands.add_parser("licences", help=licences, description=licences))
    return parser


def _run(commands: argparse._SubParsersAction[Parser]) -> None:
    run = commands.add_parser(
        "run",
        help=say("Runs a document without a window."),
        description=say("Runs a document without a window. A vendor without a key makes free drafts."),
    )
    _document(run)
    _sets(run)
    run.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="DIR",
        help=say("Folder for the pictures (default: beside the document, in out/)."),
    )
    run.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NODE",
        help=say("Run this node and what it needs; may be repeated."),
    )
    run.add_argument(
        "--max-credits", type=_count, metavar="N", help=say("Refuse to spend more credits than this.")
    )
    run.add_argument(
        "--max-usd", type=_dollars, metavar="N", help=say("Refuse to spend more dollars than this.")
    )
    run.add_argument("--yes", action="store_true", help=say("Spend without asking."))
    run.add_argument(
        "--live", action="store_true", help=say("Refuse the sandbox: fail where a key is missing.")
    )
    run.add_argument(
        "--retry-unknown",
        action="store_true",
        help=say("Send again what was sent before and never answered. It may be charged twice."),
    )
    run.add_argument(
        "--seconds",
        type=_seconds,
        metavar="S",
        help=say("How long a draft of the sandbox takes (default: as in the settings, 1)."),
    )


def _history(commands: argparse._SubParsersAction[Parser]) -> None:
    text = say("What was asked and what it cost: the ledger, newest first.")
    history = commands.add_parser("history", help=text, description=text)
    _json(history)
    history.add_argument(
        "--document", type=Path, metavar="FILE", help=say("Only what this document asked for.")
    )
    ways = history.add_mutually_exclusive_group()
    ways.add_argument(
        "--limit", type=_count, default=50, metavar="N", help=say("At most so many (default 50).")
    )
    ways.add_argument(
        "--totals", choices=("day", "model", "document"), help=say("Sums instead of single calls.")
    )
    ways.add_argument(
        "--csv", type=Path, metavar="FILE", help=say("Write everything into FILE for a spreadsheet.")
    )


def _recover(commands: argparse._SubParsersAction[Parser]) -> None:
    text = say("Brings home what earlier runs left under way, for free. Buys nothing.")
    recover = commands.add_parser("recover", help=text, description=text)
    _json(recover)
    recover.add_argument(
        "--decide",
        action="append",
        type=_decision,
        default=[],
        metavar="OPERATION=arrived|not-charged",
        help=say("Say what became of one whose answer was lost; may be repeated."),
    )


def _pictures(commands: argparse._SubParsersAction[Parser]) -> None:
    text = say("Says what made a picture that was exported re-openable: models, prompts, tags, seeds.")
    inspect = commands.add_parser("inspect", help=text, description=text)
    _image(inspect)
    inspect.add_argument(
        "-o", "--output", type=Path, metavar="DOCUMENT", help=say("Write the document that it carries here.")
    )
    export_words.add_export(commands)
    text = say(
        "Says what changed from one document to another. Exit 0: nothing, 1: something, 2: unreadable."
    )
    diff = commands.add_parser("diff", help=text, description=text)
    for name, help in (("before", say("What was.")), ("after", say("What is."))):
        told = joined(help, say("A .tagloom document, a bundle, or a picture that carries one."))
        diff.add_argument(name, type=Path, metavar=name.upper(), help=told)
    _json(diff)


def _image(command: argparse.ArgumentParser) -> None:
    command.add_argument("image", type=Path, metavar="IMAGE", help=say("A PNG, JPEG, WebP or TIFF."))
    command.add_argument("--force", action="store_true", help=say("Replace a file that is there already."))
    _json(command)


def _document(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help=say("A .tagloom document."))
    _json(command)


def _sets(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NODE.PARAM=VALUE",
        dest="sets",
        help=say("Another value for this run; the file stays as it is."),
    )


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help=say("JSON on stdout, for programs."))


def _sandbox(commands: argparse._SubParsersAction[Parser]) -> None:
    text = say("Serves the sandbox: the vendors' contracts on this machine, free.")
    add_arguments(commands.add_parser("sandbox", help=text, description=text))


def _keys(commands: argparse._SubParsersAction[Parser]) -> None:
    keys = commands.add_parser(
        "keys", help=say("Which vendors have a key; set and remove keys. A key is never shown.")
    )
    _json(keys)
    actions = keys.add_subparsers(dest="action", metavar="ACTION", parser_class=Parser)
    for name, text in (
        ("set", say("Stores a key, read from the terminal or standard input.")),
        ("remove", say("Removes a key.")),
        ("test", say("Goes to the vendor step by step: name, connection, certificate, key, balance.")),
    ):
        action = actions.add_parser(name, help=text, description=text)
        action.add_argument("vendor", metavar="VENDOR")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise argparse.ArgumentTypeError(say("{text!r} is no whole number from 0 up", text=text))
    return int(text)


def _decision(text: str) -> tuple[str, Decision]:
    operation, _, word = text.partition("=")
    try:
        decision = Decision(word)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            say("{text!r} is not OPERATION=arrived or =not-charged", text=text)
        ) from error
    return operation, decision


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(say("{text!r} is no number of seconds", text=text)) from error
    if not 0 <= value <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(
            say("{text!r} is not between 0 and {most}", text=text, most=MOST_SECONDS)
        )
    return value


def _dollars(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError(say("{text!r} is no amount", text=text)) from error
    if not value.is_finite() or not 0 <= value < 10**9:
        raise argparse.ArgumentTypeError(say("{text!r} is no amount", text=text))
    return value
