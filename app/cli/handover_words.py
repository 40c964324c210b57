"""The words of `tagloom bundle`, `unbundle`, `contact-sheet` and `layers`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.basics.words import say

MOST_CELLS, DPI = 12, 300.0
"""As in `imaging.sheet_layout` and `studio.layering`, which load what no `--help` needs."""
_BY_ENDING = {".tagloomz": "bundle", ".pdf": "contact-sheet", ".psd": "layers", ".ora": "layers"}


def by_ending(words: Sequence[str]) -> list[str]:
    """`export DOCUMENT.tagloom -o X.tagloomz` is said as `bundle …`, and so with .pdf, .psd and .ora: what a
    document is exported to stands in the name."""
    given = list(words)
    place = next((n for n, word in enumerate(given) if word == "export"), None)
    if place is None or not any(word.lower().endswith(".tagloom") for word in given[place + 1 : place + 2]):
        return given
    for word, value in zip(given, [*given[1:], ""], strict=True):
        target = value if word in ("-o", "--output") else word.partition("--output=")[2]
        command = _BY_ENDING.get(Path(target).suffix.lower()) if target else None
        if command is not None:
            given[place] = command
    return given


def add_handover(commands: Any) -> None:
    text = say("Writes a document with its photographs and results into one file (.tagloomz).")
    bundle = commands.add_parser("bundle", help=text, description=text)
    _from_document(bundle, say("The bundle to write."))
    bundle.add_argument(
        "--shown-only", action="store_true", help=say("Leave out versions that no node shows or keeps.")
    )
    text = say("Lays a bundle out as a document with its photographs; its results go into the library.")
    unbundle = commands.add_parser("unbundle", help=text, description=text)
    unbundle.add_argument("file", type=Path, metavar="BUNDLE", help=say("A .tagloomz file."))
    unbundle.add_argument(
        "-o", "--output", type=Path, metavar="FOLDER", help=say("The new folder lies in this one.")
    )
    _json(unbundle)
    _add_sheet(commands)
    text = say(
        "The pictures of a document as layers of one file, for Photoshop (.psd), Krita or GIMP (.ora)."
    )
    layers = commands.add_parser("layers", help=text, description=text)
    _from_document(layers, say("The .psd or .ora to write."))
    _only(layers, say("The first one named is on top."))
    layers.add_argument(
        "--references", action="store_true", help=say("Below each picture what it was made from, too.")
    )
    layers.add_argument(
        "--dpi", type=_number, default=DPI, metavar="N", help=say("Dots per inch; 300 without it.")
    )


def _add_sheet(commands: Any) -> None:
    text = say("The pictures of a document on pages, with their captions (.pdf, .png).")
    sheet = commands.add_parser("contact-sheet", help=text, description=text)
    _from_document(sheet, say("The .pdf or .png to write; of several pages each .png gets a number."))
    _only(sheet, say("In this order."))
    sheet.add_argument("--versions", action="store_true", help=say("All that a node has made, newest first."))
    sheet.add_argument(
        "--paper", default="a4", metavar="PAPER", help=say("a4, letter, or a size in pixels: 1920x1080.")
    )
    sheet.add_argument("--landscape", action="store_true", help=say("The paper lies on its long side."))
    sheet.add_argument(
        "--columns", type=_cells, default=3, metavar="N", help=say("Pictures beside one another.")
    )
    sheet.add_argument("--rows", type=_cells, default=4, metavar="N", help=say("Pictures below one another."))
    sheet.add_argument("--margin", type=_number, default=12.0, metavar="MM", help=say("In millimetres."))
    sheet.add_argument("--title", metavar="TEXT", help=say("The heading; without it, the document's name."))
    sheet.add_argument("--prices", action="store_true", help=say("What each picture cost, too."))
    sheet.add_argument("--no-prompts", action="store_true", help=say("Leave the prompts out."))


def _from_document(command: argparse.ArgumentParser, help: str) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help=say("A .tagloom document."))
    command.add_argument("-o", "--output", type=Path, metavar="OUT", required=True, help=help)
    command.add_argument("--force", action="store_true", help=say("Replace a file that is there already."))
    _json(command)


def _only(command: argparse.ArgumentParser, help: str) -> None:
    command.add_argument("--only", action="append", default=[], metavar="NODE", help=help)


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help=say("JSON on stdout, for programs."))


def _cells(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:4]) <= MOST_CELLS):
        raise argparse.ArgumentTypeError(
            say("{text!r} is no whole number from 1 to {most}", text=text, most=MOST_CELLS)
        )
    return int(text)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(say("{text!r} is no number", text=text)) from error
    if not 0 <= value <= 10_000:
        raise argparse.ArgumentTypeError(say("{text!r} is no number", text=text))
    return value
