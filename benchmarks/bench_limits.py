"""Every model at its limits on the sandbox: as many photographs of 24 megapixels as it takes, and its largest
picture. `tagloom run` as a program of its own, against the same picture from words alone and the least that
the photographs need: plain Pillow, one after another.

Processor time is Tagloom's own, without the sandbox, which is another program and paints all the photographs
into the draft. The whole time has the sandbox in it, so it is told and has no target.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import psutil
from PIL import Image, ImageOps

from app.catalogue.cards import Card
from app.catalogue.reader import read_cards
from benchmarks.keyless import keyless
from benchmarks.report import Report
from benchmarks.stall_window import photographs

SMALL = "small.png"
"""For a model that takes no words alone."""
SPARE_MB = 450.0
"""Two photographs of 24 megapixels being turned, brought to sRGB, fitted and coded at a time: so much."""


class Ended(NamedTuple):
    seconds: float
    """From its start to its end, the sandbox's painting with it."""
    processor: float
    """Seconds of its own, in all its threads."""
    megabytes: float
    """The most of the program's own memory; the sandbox, which paints, is another program."""
    size: tuple[int, int]


def run(report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="tagloom-limits-") as place:
        folder = Path(place)
        cards = list(read_cards().values())
        files = photographs(folder, max(card.references.most for card in cards))
        Image.new("RGB", (320, 240), "teal").save(folder / SMALL)
        for card in cards:
            _measure(report, card, files[: card.references.most], folder)


def _measure(report: Report, card: Card, files: Sequence[Path], folder: Path) -> None:
    few = [folder / SMALL] * card.references.least
    words, whole = _ended(card, few, folder), _ended(card, files, folder)
    least = words.processor + _least(files, card.references.max_side or 10_000)
    name = f"{card.title} at its limits: {len(files)} photographs of 24 MP, {whole.size[0]} × {whole.size[1]}"
    report.add(
        f"{name}, processor", whole.processor, "s",
        against="words alone, and Pillow one photograph after another", floor=least, target=1.3,
        seconds=round(whole.seconds, 2), seconds_of_words_alone=round(words.seconds, 2),
    )  # fmt: skip
    report.add(
        f"{name}, memory", whole.megabytes, "MB", against=f"words alone; it and {SPARE_MB:.0f} MB",
        floor=words.megabytes, target=1 + SPARE_MB / words.megabytes,
    )  # fmt: skip


def _largest(card: Card) -> dict[str, str]:
    """The values of the picture with the most pixels."""
    most = max(card.sizes, key=lambda one: one.width * one.height)
    return dict(most.choices)


def _document(card: Card, files: Sequence[Path], folder: Path) -> Path:
    nodes: dict[str, object] = {
        "words": {"kind": "prompt", "values": {"text": "A cup on a table"}},
        "hero": {"kind": card.id, "values": _largest(card)},
    }
    links = [{"from": "words.text", "to": "hero.prompt"}]
    for number, file in enumerate(files):
        nodes[f"p{number}"] = {"kind": "reference-image", "values": {"file": file.name}}
        link = {"from": f"p{number}.image", "to": "hero.reference_images", "tag": f"shot{number}"}
        links.append(link)
    path = folder / f"{card.id}-{len(files)}.tagloom"
    path.write_text(json.dumps({"format": "tagloom/1", "nodes": nodes, "links": links}), "utf-8")
    return path


def _ended(card: Card, files: Sequence[Path], folder: Path) -> Ended:
    """In a home of its own: nothing is remembered, nothing is in the library."""
    path = _document(card, files, folder)
    with tempfile.TemporaryDirectory(prefix="tagloom-limits-home-") as home:
        environment = keyless(TAGLOOM_HOME=home)
        out = str(Path(home) / "out")
        command = [sys.executable, "-m", "app", "run", str(path), "--json", "--seconds", "0.1", "-o", out]
        begun = time.perf_counter()
        program = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        most, busy, process = 0, 0.0, psutil.Process(program.pid)
        while program.poll() is None:
            try:
                most = max(most, process.memory_info().rss)
                busy = sum(process.cpu_times()[:2])
            except psutil.Error:
                break
            time.sleep(0.01)
        said, _ = program.communicate()
        seconds = time.perf_counter() - begun
    ended = json.loads(said.splitlines()[-1])
    if ended["failures"]:
        raise RuntimeError(f"{card.title}: {ended['failures']}")
    (picture,) = ended["images"]
    return Ended(seconds, busy, most / 1e6, (picture["width"], picture["height"]))


def _least(files: Sequence[Path], side: int) -> float:
    """Decoded, shrunk as finely as ours, coded once each, one after another; seconds of the processor."""
    begun = time.process_time()
    for file in files:
        with Image.open(file) as photograph:
            photograph.draft("RGB", (side, side))
            turned = ImageOps.exif_transpose(photograph)
            turned.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
            turned.save(BytesIO(), "JPEG", quality=85, subsampling=0)
    return time.process_time() - begun
