"""JSON that carries photographs in itself. They are read and encoded piece by piece while they leave, in
threads: fourteen of them are never in memory at once, and never hold up the loop that draws the window."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from base64 import b64encode
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import BinaryIO

from app.catalogue.request import Photograph
from app.providers.bodies import Body, unreadable
from app.providers.contract import inline_size

_PIECE = 3 * 256 * 1024
"""Whole groups of three bytes, so that the pieces of base64 join without a seam."""

Stand = Callable[[Photograph], str]
"""The text that stands in a JSON value for the photograph's data URI."""


def inlined_body(write: Callable[[Stand], object], *, bare: bool = False) -> Body:
    """Compact JSON of what `write` makes, the data URI of each photograph where its stand-in was put; `bare`:
    its base64 alone."""
    held: list[Photograph] = []
    seal = secrets.token_hex(16)  # drawn for each body: no prompt can hold it

    def stand(photograph: Photograph) -> str:
        held.append(photograph)
        return seal

    text = json.dumps(write(stand), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    parts = [part.encode() for part in re.split(seal, text)]

    async def chunks() -> AsyncGenerator[bytes, None]:
        yield parts[0]
        for photograph, part in zip(held, parts[1:], strict=True):
            yield b"" if bare else _head(photograph)
            async with aclosing(_encoded(photograph)) as pieces:
                async for piece in pieces:
                    yield piece
            yield part

    length = sum(len(part) for part in parts) + sum(inline_size(one) for one in held)
    length -= sum(len(_head(one)) for one in held) if bare else 0
    return Body(mime="application/json", length=length, chunks=chunks)


async def data_uri(photograph: Photograph) -> str:
    """All of it at once, for a small photograph.

    :raises DiskTrouble: it cannot be read
    """
    try:
        return await asyncio.to_thread(_whole, photograph)
    except OSError as error:
        raise unreadable(photograph.path, error) from error


def _whole(photograph: Photograph) -> str:
    return (_head(photograph) + b64encode(photograph.path.read_bytes())).decode("ascii")


def _head(photograph: Photograph) -> bytes:
    return f"data:{photograph.mime};base64,".encode()


async def _encoded(photograph: Photograph) -> AsyncGenerator[bytes, None]:
    """:raises DiskTrouble: gone, or not as long as it was; the request is then cut short, and is none"""
    left = photograph.bytes
    try:
        with photograph.path.open("rb") as stream:  # here: a thread's file is nobody's when we are cancelled
            while left:
                piece = await asyncio.to_thread(_piece, stream, min(_PIECE, left))
                if not piece:
                    raise unreadable(photograph.path, None)
                left -= min(_PIECE, left)
                yield piece
    except OSError as error:
        raise unreadable(photograph.path, error) from error


def _piece(stream: BinaryIO, size: int) -> bytes:
    """Base64 of the next `size` bytes; nothing where the file ends before them."""
    raw = stream.read(size)
    return b64encode(raw) if len(raw) == size else b""
