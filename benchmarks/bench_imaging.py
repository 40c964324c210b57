"""Photographs against plain Pillow, thumbnails against the best library at hand, and what is remembered.

Each pair is measured in turns within one run, so that a busy machine slows both alike.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import math
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageChops, ImageOps, ImageStat
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from app.imaging.photographs import Photographs
from app.imaging.preparation import Preparation
from app.imaging.prepare import prepare
from app.imaging.thumbnails import thumbnail
from benchmarks.report import Report

TURNS = 9
SIDE = 2048
BOX = 256
REMEMBERED_LIMIT_MS = 5.0
WANTED = Preparation(max_side=SIDE, max_bytes=16_000_000, min_ratio=0.5, max_ratio=2.0)
EXAMPLES = Path(__file__).parent.parent / "resources" / "examples" / "refs"


def run(report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="tagloom-bench-") as place:
        folder = Path(place)
        _prepared(report, _photograph(folder / "24.jpg", (6000, 4000), orientation=6))
        _thumbnails(report, _photograph(folder / "12.jpg", (4000, 3000), orientation=1))
        asyncio.run(_remembered(report, folder))


def _photograph(path: Path, size: tuple[int, int], *, orientation: int) -> Path:
    """A shipped photograph enlarged, with a camera's grain, as a camera stores it."""
    with Image.open(EXAMPLES / "coffee.png") as small:
        large = small.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    grain = Image.merge("RGB", [Image.effect_noise(size, 6) for _ in range(3)])
    tags = Image.Exif()
    tags[0x0112] = orientation
    ImageChops.add(large, grain, 1, -128).save(path, quality=92, exif=tags)
    os.utime(path, (1_600_000_000, 1_600_000_000))  # a file of this second is not remembered
    return path


def _in_turns(*works: Callable[[], object]) -> list[float]:
    """Median seconds of each, one call warm-up."""
    spent: list[list[float]] = [[] for _ in works]
    for turn in range(TURNS + 1):
        for work, times in zip(works, spent, strict=True):
            start = time.perf_counter()
            work()
            if turn:
                times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in spent]


def _prepared(report: Report, path: Path) -> None:
    ours, plain = _in_turns(lambda: prepare(path, WANTED), lambda: _plain(path))
    psnr = _psnr(prepare(path, WANTED).data, _plain(path))
    report.add(
        "photograph 6000 × 4000, turned, to 2048",
        ours * 1000,
        "ms",
        against="plain Pillow: turned at full size, LANCZOS, the same JPEG settings",
        floor=plain * 1000,
        target=0.5,
        psnr_db=round(psnr, 1),
        psnr_enough=psnr >= 40,
        turns=TURNS,
    )


def _plain(path: Path) -> bytes:
    with Image.open(path) as photo:
        upright = ImageOps.exif_transpose(photo)
    share = SIDE / max(upright.size)
    small = upright.resize(
        (round(upright.width * share), round(upright.height * share)), Image.Resampling.LANCZOS
    )
    into = io.BytesIO()
    small.save(into, "JPEG", quality=92, subsampling=0)
    return into.getvalue()


def _psnr(one: bytes, other: bytes) -> float:
    with Image.open(io.BytesIO(one)) as a, Image.open(io.BytesIO(other)) as b:
        rms = ImageStat.Stat(ImageChops.difference(a, b)).rms
    return 20 * math.log10(255 / math.sqrt(sum(value * value for value in rms) / len(rms)))


def _thumbnails(report: Report, path: Path) -> None:
    ours, pillow, qt = _in_turns(lambda: thumbnail(path, BOX), lambda: _by_pillow(path), lambda: _by_qt(path))
    report.add(
        "thumbnail of 12 megapixels",
        ours * 1000,
        "ms",
        against="the better of Pillow's draft and thumbnail, and Qt's scaled read",
        floor=min(pillow, qt) * 1000,
        target=1.2,
        pillow_ms=round(pillow * 1000, 2),
        qt_ms=round(qt * 1000, 2),
        turns=TURNS,
    )


def _by_pillow(path: Path) -> bytes:
    with Image.open(path) as photo:
        photo.draft("RGB", (BOX, BOX))
        upright = ImageOps.exif_transpose(photo)
        upright.thumbnail((BOX, BOX), Image.Resampling.LANCZOS)
        return upright.tobytes()


def _by_qt(path: Path) -> QImage:
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    reader.setScaledSize(reader.size().scaled(QSize(BOX, BOX), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise RuntimeError(reader.errorString())
    return image


async def _remembered(report: Report, folder: Path) -> None:
    path = folder / "24.jpg"
    photographs = Photographs(folder / "cache")
    try:
        sha256 = await photographs.content_hash(path)
        start = time.perf_counter()
        first = await photographs.prepare(path, sha256, WANTED)
        anew = time.perf_counter() - start
        times = []
        for _ in range(200):
            start = time.perf_counter()
            again = await photographs.prepare(path, await photographs.content_hash(path), WANTED)
            times.append(time.perf_counter() - start)
        if again != first or hashlib.sha256(first.path.read_bytes()).hexdigest() != first.sha256:
            raise RuntimeError("the remembered photograph is another one")
    finally:
        photographs.close()
    report.limit(
        "photograph prepared before, found again",
        statistics.median(times) * 1000,
        "ms",
        limit=REMEMBERED_LIMIT_MS,
        against="an absolute limit",
        first_ms=round(anew * 1000, 1),
        p95_ms=round(statistics.quantiles(times, n=20)[-1] * 1000, 2),
    )
