"""`python -m benchmarks [NAME…]`: runs every `bench_*.py` of this folder, or those named, in turn.

Each has `def run(report: Report) -> None`. One that breaks is reported and makes the exit code 1;
what the others measured is kept. A missed target is marked, and makes the exit code 1 only with
`--strict`, since a busy machine misses targets that the code does not.
"""

from __future__ import annotations

import argparse
import importlib
import platform
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.report import Report, Row, peers_wanted, write

FOLDER = Path(__file__).parent
WIDE = 150
"""Columns of a table that goes to a file or another program."""
BUILD = FOLDER.parent / "build"
Say = Callable[[str], None]


def known(folder: Path = FOLDER) -> list[str]:
    """Names of the benchmarks at hand: `bench_start.py` is `start`."""
    return sorted(file.stem.removeprefix("bench_") for file in folder.glob("bench_*.py"))


def run_one(name: str, report: Report, package: str = "benchmarks") -> str | None:
    """Runs one benchmark into the report; the traceback when it broke.

    A benchmark may fail in any way and must not take the others' figures along.
    """
    try:
        importlib.import_module(f"{package}.bench_{name}").run(report)
    except Exception:
        return traceback.format_exc()
    return None


def run_all(names: Sequence[str], report: Report, say: Say, package: str = "benchmarks") -> dict[str, str]:
    """Runs benchmarks in turn; name → traceback of those that broke."""
    broken: dict[str, str] = {}
    for number, name in enumerate(names, 1):
        say(f"[{number}/{len(names)}] {name} …")
        start = time.perf_counter()
        trouble = run_one(name, report, package)
        if trouble is not None:
            broken[name] = trouble
        outcome = "broke" if trouble else "done"
        say(f"[{number}/{len(names)}] {name} {outcome} in {time.perf_counter() - start:.1f} s")
    return broken


def table(rows: Sequence[Row]) -> Table:
    """The rows for people, the missed targets marked."""
    drawn = Table(title=f"Tagloom on Python {platform.python_version()}, {platform.machine()}")
    drawn.add_column("measurement")
    for heading in ("value", "floor", "ratio", "target"):
        drawn.add_column(heading, justify="right")
    drawn.add_column("")
    drawn.add_column("against")
    for row in rows:
        figures = (f"{row.value:.4g} {row.unit}", f"{row.floor:.4g} {row.unit}", f"{row.ratio:.3f}")
        verdict, style = ("ok", None) if row.met else ("MISSED", "bold red")
        drawn.add_row(row.name, *figures, f"≤ {row.target:g}", verdict, row.against, style=style)
    return drawn


def main(words: Sequence[str] | None = None, folder: Path = FOLDER, build: Path = BUILD) -> int:
    """0: all ran · 1: a benchmark broke, or a target was missed under --strict · 2: no such benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures Tagloom.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of: {', '.join(known(folder)) or 'none yet'}"
    )
    parser.add_argument("--strict", action="store_true", help="a missed target is a failure")
    given = parser.parse_args(words)
    console = Console(width=None if sys.stdout.isatty() else WIDE)
    names = given.names or known(folder)
    if strange := sorted(set(names) - set(known(folder))):
        console.print(
            f"There is no benchmark called {', '.join(strange)}. There are: {', '.join(known(folder))}."
        )
        return 2
    report = Report(peers=peers_wanted())
    broken = run_all(names, report, lambda line: console.print(line, markup=False), folder.name)
    write(report.rows, build / "bench.json", keep=bool(given.names))
    return _told(console, report, broken, given.strict, build / "bench.json")


def _told(console: Console, report: Report, broken: dict[str, str], strict: bool, file: Path) -> int:
    console.print(table(report.rows))
    for name, trouble in broken.items():
        console.print(f"{name} broke:\n{trouble}", markup=False, style="red")
    missed = [row.name for row in report.rows if not row.met]
    counts = f"{len(report.rows)} measured, {len(missed)} targets missed, {len(broken)} benchmarks broke"
    console.print(f"{counts}; rows in {file}", markup=False)
    return 1 if broken or (strict and missed) else 0


if __name__ == "__main__":
    sys.exit(main())
