"""What the workers of a cluster are asked to do while they are measured."""

from __future__ import annotations

import time
from pathlib import Path

import distributed

from app.batch.dask_rows import PLUGIN
from app.imaging.preparation import Preparation

WANTED = Preparation(max_side=2048, max_bytes=16_000_000, min_ratio=0.5, max_ratio=2.0)


async def prepare(path: str) -> float:
    """Seconds from the file to what is sent: hashed, decoded, made small, encoded, in the cache of the
    machine."""
    photographs = distributed.get_worker().plugins[PLUGIN].photographs
    began = time.perf_counter()
    await photographs.prepare(Path(path), await photographs.content_hash(Path(path)), WANTED)
    return time.perf_counter() - began


async def answer(text: bytes) -> bytes:
    """A row that costs nothing."""
    return text
