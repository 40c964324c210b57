"""The words of `tagloom export`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.basics.faults import BadInput
from app.basics.words import say
from app.document.collisions import Exists
from app.imaging.measures import LEAST_DPI, MOST_DPI, PrintSize, read_size
from app.imaging.orders import QUALITY, Compression, Format
from app.imaging.profiles import Profile
from app.studio.export_kinds import Kind

REFUSE = "refuse"
RULES = (Exists.NUMBER.value, Exists.REPLACE.value, Exists.SKIP.value, REFUSE)


def add_export(commands: Any) -> None:
    text = say(
        "Copies pictures: byte for byte (the default), clean, with their document in them, or signed; in "
        "another format, size or profile where that is asked for."
    )
    export = commands.add_parser("export", help=text, description=text)
    export.add_argument(
        "images", type=Path, nargs="+", metavar="IMAGE", help=say("A PNG, JPEG, WebP or TIFF; or several.")
    )
    export.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="OUT",
        required=True,
        help=say("The file to write; of several pictures, or with --name, the folder."),
    )
    _kinds(export)
    _names(export)
    _pixels(export)
    _signing(export)
    export.add_argument("--json", action="store_true", help=say("JSON on stdout, for programs."))


def _kinds(export: argparse.ArgumentParser) -> None:
    kind = export.add_mutually_exclusive_group()
    kind.add_argument(
        "--kind",
        type=Kind,
        choices=tuple(Kind),
        metavar="KIND",
        help=say(
            "as-it-came: the vendor's bytes, never coded anew. clean: pixels and colour profile alone. "
            "re-openable: with the document that it carries already. signed: clean, with your content "
            "credential (C2PA) and the original as its parent."
        ),
    )
    kind.add_argument(
        "--reopenable",
        type=Path,
        metavar="DOCUMENT",
        help=say("Put this document into it, without notes and paths, so that the picture opens in Tagloom."),
    )
    kind.add_argument(
        "--clean", action="store_true", help=say("Pixels and colour profile alone; no metadata of anybody.")
    )
    export.add_argument("--notes", action="store_true", help=say("With --reopenable: the notes too."))


def _names(export: argparse.ArgumentParser) -> None:
    export.add_argument(
        "--name",
        metavar="TEMPLATE",
        help=say(
            "What the files are called: {fields}; a / makes a folder. {file} is the picture's own name and "
            "the default.",
            fields="{document} {node} {title} {tag:sneaker} {seed} {model} {ratio} {date} {n}",
            file="{file}",
        ),
    )
    rule = export.add_mutually_exclusive_group()
    rule.add_argument(
        "--exists",
        choices=RULES,
        metavar="RULE",
        help=say("What to do where a file is there already: {rules} (the default).", rules=", ".join(RULES)),
    )
    rule.add_argument("--force", action="store_true", help=say("Replace a file that is there already."))


def _pixels(export: argparse.ArgumentParser) -> None:
    export.add_argument(
        "--format",
        type=Format,
        choices=tuple(Format),
        metavar="FORMAT",
        help=say("keep (the default), png, jpeg, webp or tiff."),
    )
    export.add_argument(
        "--quality",
        type=_quality,
        metavar="N",
        help=say("Of a JPEG or WebP, 1 to 100 (default {quality}).", quality=QUALITY),
    )
    export.add_argument("--lossless", action="store_true", help=say("A WebP without loss."))
    export.add_argument(
        "--compression",
        type=Compression,
        choices=tuple(Compression),
        metavar="HOW",
        help=say("Of a PNG or TIFF, without loss: none, fast or small (the default)."),
    )
    export.add_argument(
        "--size",
        type=_size,
        metavar="SIZE",
        help=say(
            "3000px, 30cm (wide), x20cm (high), 30x20cm or 8x10in (fits within); never stretched. It is "
            "averaged in linear light (Lanczos)."
        ),
    )
    export.add_argument(
        "--dpi",
        type=_dpi,
        metavar="N",
        help=say("Pixels an inch, written into the file; needed for a size on paper."),
    )
    export.add_argument(
        "--profile",
        type=Profile,
        choices=tuple(Profile),
        metavar="PROFILE",
        help=say("Colours: keep (the default), srgb, display-p3 or adobe-rgb; the profile is embedded."),
    )


def _signing(export: argparse.ArgumentParser) -> None:
    export.add_argument(
        "--certificate",
        type=Path,
        metavar="FILE",
        help=say(
            "To sign with: PEM, yours first and those above it, or .p12 (default: as in the settings). A "
            "passphrase comes from {variable}, the keyring or the terminal, never from an argument.",
            variable="TAGLOOM_SIGNING_PASSPHRASE",
        ),
    )
    export.add_argument(
        "--key", type=Path, metavar="FILE", help=say("The certificate's key (PEM); not needed with a .p12.")
    )


def _size(text: str) -> PrintSize:
    try:
        return read_size(text)
    except BadInput as fault:
        raise argparse.ArgumentTypeError(fault.sentence()) from fault


def _quality(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:4]) <= 100):
        raise argparse.ArgumentTypeError(say("{text!r} is no whole number from 1 to 100", text=text))
    return int(text)


def _dpi(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(say("{text!r} is no number", text=text)) from error
    if not LEAST_DPI <= value <= MOST_DPI:
        raise argparse.ArgumentTypeError(
            say("{text!r} is not between {least} and {most}", text=text, least=LEAST_DPI, most=MOST_DPI)
        )
    return value
