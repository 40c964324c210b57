"""A library of ten thousand results: opened, scrolled and held in memory against a plain QListView of the
same thumbnails, all of them decoded beforehand, each in a process of its own; and searched.

The two take turns; of each row the quicker turn counts, since a machine has its moods.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from PIL import Image, ImageEnhance
from sqlalchemy import Connection

from app.basics.database import Database
from app.basics.database_statements import Statements
from app.imaging.palette import Colour, palette
from app.library import index, search, wording
from app.library.library import Library
from app.library.query import Query
from app.library.store import FolderStore
from app.library.tables import INDEX
from benchmarks.library_views import COUNT
from benchmarks.report import Report

KINDS = 64
TURNS = 2
PAGE = 100
PAGE_MS = 10.0
FRAME_MS = 1000 / 60
PLAIN = "a plain QListView of the same thumbnails, decoded beforehand"
WORDS = (
    *("sneaker", "coffee", "studio", "morning", "light", "marble", "wood", "shoe", "model", "hero", "soft"),
    *("shadow", "window", "plant", "鞋子", "木桌"),
)
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
QUESTIONS = {
    "everything": Query(),
    "a common word": Query(words="studio"),
    "a rare word": Query(words="unicorn"),
    "a word that is nowhere": Query(words="zebra"),
    "three beginnings": Query(words="mar sho sof"),
    "Chinese": Query(words="木桌"),
    "a tag": Query(words="@coffee"),
    "a model": Query(cards=("flux-2-pro",)),
    "a document": Query(documents=("/home/ana/d3.tagloom",)),
    "a date": Query(since=BEGAN + timedelta(days=100), until=BEGAN + timedelta(days=101)),
    "a colour": Query(colours=("brown",)),
    "a swatch": Query(swatch=(150, 60, 30)),
    "stars": Query(starred=True),
    "what was removed": Query(removed=True),
    "all of it": Query(words="studio", colours=("grey",), cards=("gen4-image",), drafts=False),
}


def run(report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="tagloom-library-") as place:
        folder = Path(place)
        asyncio.run(_filled(folder))
        asyncio.run(_searched(report, folder))
        turns = [[_told_by(kind, folder) for kind in ("floor", "ours")] for _ in range(TURNS)]
        _report(report, [turn[0] for turn in turns], [turn[1] for turn in turns])


# --- ten thousand pictures ---------------------------------------------------------------------


async def _filled(folder: Path) -> None:
    """So many rows, and as many files, which are links to a few: decoded is a picture of 1280 × 720."""
    kinds, colours = _kinds(folder / "kinds")
    store = FolderStore(folder / "library")
    chance, ready = random.Random(8), Statements()
    entries = [_entry(number, chance) for number in range(COUNT)]
    for number, entry in enumerate(entries):
        target = store.place(entry.sha256, entry.suffix)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(kinds[number % KINDS], target)
    database = Database(folder / "library" / "index.sqlite", INDEX, durable=False)

    def fill(connection: Connection) -> None:
        for number, entry in enumerate(entries):
            index.enter(connection, ready, entry)
            wording.enter(connection, ready, entry.sha256)
            search.enter_colours(connection, entry.sha256, colours[number % KINDS])

    await database.run(fill)
    await database.close()


def _kinds(folder: Path) -> tuple[list[Path], list[tuple[Colour, ...]]]:
    folder.mkdir()
    chance = random.Random(7)
    made = []
    with as_file(files("resources") / "examples" / "refs") as refs:
        photographs = [Image.open(one).convert("RGB").resize((1280, 720)) for one in sorted(refs.iterdir())]
    for number in range(KINDS):
        picture = ImageEnhance.Color(photographs[number % len(photographs)]).enhance(chance.uniform(0.3, 2))
        made.append(folder / f"{number:02}.png")
        picture.save(made[-1], compress_level=1)
    return made, [palette(one) for one in made]


def _entry(number: int, chance: random.Random) -> index.Entry:
    sha256 = hashlib.sha256(str(number).encode()).hexdigest()
    words = " ".join(chance.choices(WORDS, k=30)) + (" unicorn" if number % 997 == 0 else "")
    made = index.micros(BEGAN + timedelta(minutes=30 * number))
    return index.Entry(
        sha256=sha256, suffix=".png", mime="image/png", width=1280, height=720, bytes=2_500_000,
        made=made, entered=made, operation=f"op{number}", fingerprint=sha256,
        document=f"/home/ana/d{number % 40}.tagloom", node="hero", vendor="runway",
        card=chance.choice(("gen4-image", "flux-2-pro", "nano-banana-pro")),
        draft=number % 3 == 0, prompt=f"@{chance.choice(WORDS[:6])} {words}", seed=number, credits=100,
        money=80_000, request={"references": [{"tag": chance.choice(WORDS[:6])}]},
    )  # fmt: skip


# --- asked -------------------------------------------------------------------------------------


async def _searched(report: Report, folder: Path) -> None:
    library = Library(FolderStore(folder / "library"), folder / "library" / "index.sqlite")
    try:
        hits = await library.finder.find(Query())
        await library._database.run(lambda one: _mark(one, [hit.sha256 for hit in hits[::50]], "star"))
        await library._database.run(lambda one: _mark(one, [hit.sha256 for hit in hits[7::500]], "removed"))
        for name, query in QUESTIONS.items():
            times = []
            for _ in range(15):
                begun = time.perf_counter()
                found = await library.finder.find(query, limit=PAGE)
                times.append(time.perf_counter() - begun)
            report.add(
                f"library, search: {name}",
                min(times) * 1e3,
                "ms",
                against=f"a limit of {PAGE_MS:g} ms for a page of {COUNT} results",
                floor=PAGE_MS,
                target=1.0,
                median=statistics.median(times) * 1e3,
                worst=max(times) * 1e3,
                found=await library.finder.count(query),
                page=len(found),
            )
    finally:
        await library.close()


def _mark(connection: Connection, hashes: Sequence[str], name: str) -> None:
    """In the row that searches read: notes beside ten thousand pictures are not what is measured."""
    for sha256 in hashes:
        connection.exec_driver_sql(f"UPDATE finds SET {name} = 1 WHERE sha256 = ?", (sha256,))


# --- on the screen -----------------------------------------------------------------------------


def _told_by(kind: str, folder: Path) -> dict[str, Any]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TAGLOOM_HOME": str(folder / "home")}
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.library_views", kind, str(folder)],
        env=environment, capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    if ended.returncode:
        raise RuntimeError(f"{kind}: {ended.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return told


def _report(report: Report, floors: list[dict[str, Any]], ours: list[dict[str, Any]]) -> None:
    def least(turns: list[dict[str, Any]], *keys: str) -> float:
        values = []
        for told in turns:
            for key in keys:
                told = told[key]
            values.append(told)
        return float(min(values))

    report.add(
        "library, open: first page painted", least(ours, "open") * 1e3, "ms", against=PLAIN,
        floor=least(floors, "open") * 1e3, target=1.0, rest_ms=least(ours, "rest") * 1e3,
        every_picture_seen_ms=least(ours, "seen") * 1e3,
    )  # fmt: skip
    for what, words, target in (("scroll", "a step of the wheel", 2.0), ("leap", "a leap of 170 rows", 2.0)):
        report.add(
            f"library, scroll: {words}", least(ours, what, "mean") * 1e3, "ms", against=PLAIN,
            floor=least(floors, what, "mean") * 1e3, target=target,
            p95=least(ours, what, "p95") * 1e3, floor_p95=least(floors, what, "p95") * 1e3,
        )  # fmt: skip
        report.add(
            f"library, scroll: {words}, 95th percentile", least(ours, what, "p95") * 1e3, "ms",
            against="a frame at 60 Hz", floor=FRAME_MS, target=1.0, worst=least(ours, what, "worst") * 1e3,
        )  # fmt: skip
    report.add(
        "library, memory after the scroll", least(ours, "memory") / 1e6, "MB", against=PLAIN,
        floor=least(floors, "memory") / 1e6, target=0.6,
    )  # fmt: skip
