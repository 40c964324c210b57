"""The words of `tagloom batch`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.basics.words import say

MOST_AT_ONCE = 1000


def add_batch(
    commands: Any,
    count: Callable[[str], int],
    dollars: Callable[[str], Decimal],
    seconds: Callable[[str], float],
) -> None:
    batch = commands.add_parser(
        "batch",
        help=say("Runs a document over every row of a table."),
        description=say(
            "Runs a document over every row of a table of products. Stopped at any moment, it goes on where "
            "it was when it is started again; what is there already costs nothing."
        ),
    )
    batch.add_argument("file", type=Path, metavar="FILE", help=say("A .tagloom document."))
    _table(batch)
    batch.add_argument(
        "-o", "--output", type=Path, metavar="DIR",
        help=say("Folder for the rows' folders (default: beside the document, in batch/)."),
    )  # fmt: skip
    batch.add_argument(
        "--folders", default="", metavar="TEMPLATE",
        help=say("How a row's folder is called, such as “{example}”.", example="{sku}-{color}"),
    )  # fmt: skip
    batch.add_argument(
        "--row", type=_row, action="append", default=[], dest="rows", metavar="N",
        help=say("Only this row, as a spreadsheet counts; may be repeated."),
    )  # fmt: skip
    batch.add_argument(
        "--dry-run", action="store_true",
        help=say("Only say what it would cost, what is there already, and what is wrong."),
    )  # fmt: skip
    _limits(batch, count, dollars)
    _consent(batch)
    batch.add_argument(
        "--scheduler", default="", metavar="ADDRESS", help=say("Run the rows on this Dask cluster.")
    )
    batch.add_argument(
        "--seconds", type=seconds, metavar="S",
        help=say("How long a draft of the sandbox takes (default: as in the settings, 1)."),
    )  # fmt: skip
    batch.add_argument("--json", action="store_true", help=say("JSON on stdout, for programs."))


def _table(batch: argparse.ArgumentParser) -> None:
    batch.add_argument(
        "--table", type=Path, metavar="TABLE",
        help=say("A CSV, TSV or XLSX file (default: that of the document's Table node)."),
    )  # fmt: skip
    batch.add_argument("--sheet", default="", metavar="NAME", help=say("The sheet of a spreadsheet."))
    batch.add_argument(
        "--with", type=Path, dest="other", metavar="TABLE", help=say("A second table, joined to the first.")
    )
    batch.add_argument(
        "--how", choices=("cross", "zip"), default="cross",
        help=say("cross: each row with every row of the second; zip: the first with the first."),
    )  # fmt: skip


def _consent(batch: argparse.ArgumentParser) -> None:
    batch.add_argument("--yes", action="store_true", help=say("Spend without asking."))
    batch.add_argument(
        "--live", action="store_true", help=say("Refuse the sandbox: fail where a key is missing.")
    )
    batch.add_argument(
        "--retry-unknown", action="store_true",
        help=say("Send again what was sent before and never answered. It may be charged twice."),
    )  # fmt: skip
    batch.add_argument(
        "--retry-failed", action="store_true", help=say("Try the rows again that failed before.")
    )


def _limits(
    batch: argparse.ArgumentParser, count: Callable[[str], int], dollars: Callable[[str], Decimal]
) -> None:
    batch.add_argument(
        "--max-credits", type=count, metavar="N",
        help=say("Stop before the whole batch has spent more credits than this."),
    )  # fmt: skip
    batch.add_argument(
        "--max-usd", type=dollars, metavar="N",
        help=say("Stop before the whole batch has spent more dollars than this."),
    )  # fmt: skip
    batch.add_argument(
        "--max-failures", type=_row, metavar="N", help=say("Stop when so many rows have failed.")
    )
    batch.add_argument(
        "--at-once", type=_at_once, metavar="N",
        help=say("So many pictures at once, whatever the vendor is known to allow."),
    )  # fmt: skip


def _row(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:10]) < 10**9):
        raise argparse.ArgumentTypeError(say("{text!r} is no whole number from 1 up", text=text))
    return int(text)


def _at_once(text: str) -> int:
    number = _row(text)
    if number > MOST_AT_ONCE:
        raise argparse.ArgumentTypeError(
            say("{text!r} is not between {least} and {most}", text=text, least=1, most=MOST_AT_ONCE)
        )
    return number
