"""Where drafts are painted: in threads, once per order, kept in a folder that does not grow for ever."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from app.basics.threads import give_way
from app.sandbox.knobs import KnobBoard
from app.sandbox.order import Order
from app.sandbox.tally import Tally

THREADS = 2
LARGEST_FOLDER = 1 << 30
"""Bytes; older drafts are dropped above it, and painted again, the same, when somebody asks."""


class Easel:
    """`paint` gives the bytes of the picture for an order and is called in a thread."""

    def __init__(
        self,
        folder: Path,
        board: KnobBoard,
        tally: Tally,
        paint: Callable[[Order], bytes],
        largest_folder: int = LARGEST_FOLDER,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._board = board
        self._tally = tally
        self._paint = paint
        self._largest = largest_folder
        self._pool = ThreadPoolExecutor(THREADS, "easel", initializer=give_way)
        self._sizes: OrderedDict[Path, int] = OrderedDict()
        self._under_way: dict[Path, asyncio.Future[None]] = {}

    async def picture(self, order: Order) -> Path:
        """The file with the draft; the same order is painted once."""
        if self._board.now.picture_base64:
            return self._fixed(self._board.now.picture_base64)
        path = self._folder / f"{order.digest().hex()}.{order.form}"
        while path not in self._sizes:
            work = self._under_way.get(path)
            if work is None:
                work = asyncio.get_running_loop().run_in_executor(self._pool, self._make, order, path)
                self._under_way[path] = work
                work.add_done_callback(lambda done: self._done(path, done))
            await asyncio.shield(work)
        self._sizes.move_to_end(path)
        return path

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _make(self, order: Order, path: Path) -> None:
        arriving = path.with_suffix(".part")
        arriving.write_bytes(_as_form(self._paint(order), order.form))
        arriving.replace(path)

    def _done(self, path: Path, work: asyncio.Future[None]) -> None:
        del self._under_way[path]
        if work.cancelled() or work.exception() is not None:
            return
        self._tally.painted += 1
        self._sizes[path] = path.stat().st_size
        while sum(self._sizes.values()) > self._largest and len(self._sizes) > 1:
            oldest, _ = self._sizes.popitem(last=False)
            oldest.unlink(missing_ok=True)

    def _fixed(self, encoded: str) -> Path:
        name = hashlib.sha256(encoded.encode()).hexdigest()
        path = self._folder / f"fixed-{name}"
        if not path.exists():
            path.write_bytes(base64.b64decode(encoded))
        return path


def _as_form(content: bytes, form: str) -> bytes:
    """In the type that was asked for, where whoever painted it gave another."""
    if form == "png":
        return content
    with Image.open(io.BytesIO(content)) as picture:
        if picture.format == form.upper():
            return content
        out = io.BytesIO()
        picture.convert("RGB").save(out, form.upper(), quality=90)
    return out.getvalue()
