"""Request bodies that are streamed, with their length known before.

httpx 0.28 keeps request and body in a reference cycle until a full collection, so a body given as bytes
stays in memory; a chunked one is refused by upload stores. A generator with Content-Length is neither.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.basics.faults import DiskTrouble
from app.basics.words import say

_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """`chunks` makes a fresh generator of exactly `length` bytes."""

    mime: str
    length: int
    chunks: Callable[[], AsyncGenerator[bytes, None]]


def json_body(value: object) -> Body:
    """Compact JSON in UTF-8."""
    content = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()

    async def chunks() -> AsyncGenerator[bytes, None]:
        view = memoryview(content)
        for start in range(0, len(content), _CHUNK):
            yield bytes(view[start : start + _CHUNK])

    return Body(mime="application/json", length=len(content), chunks=chunks)


def form_body(
    fields: Mapping[str, str], *, file: Path, filename: str, mime: str, field: str = "file"
) -> Body:
    """multipart/form-data: all `fields` in their order, the file last, as upload stores want it. `field` is
    the file's own name in the form."""
    boundary = secrets.token_hex(20)
    head = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    head += (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{_quoted(filename)}"\r\n'
        f"Content-Type: {mime}\r\n\r\n"
    ).encode()
    tail = f"\r\n--{boundary}--\r\n".encode()
    try:
        size = file.stat().st_size
    except OSError as error:
        raise unreadable(file, error) from error

    async def chunks() -> AsyncGenerator[bytes, None]:
        yield head
        async for chunk in _pieces(file, size):
            yield chunk
        yield tail

    return Body(
        mime=f"multipart/form-data; boundary={boundary}", length=len(head) + size + len(tail), chunks=chunks
    )


async def _pieces(file: Path, size: int) -> AsyncGenerator[bytes, None]:
    """`size` bytes of a file, read in a thread; a file that changed on the way is a fault, not a hang. It is
    opened for each piece: a request that is given up in between leaves nothing open."""
    for start in range(0, size, _CHUNK):
        wanted = min(_CHUNK, size - start)
        try:
            piece = await asyncio.to_thread(_piece, file, start, wanted)
        except OSError as error:
            raise unreadable(file, error) from error
        if len(piece) != wanted:
            raise unreadable(file, None)
        yield piece


def _piece(file: Path, start: int, size: int) -> bytes:
    with file.open("rb", buffering=0) as stream:
        stream.seek(start)
        return stream.read(size)


def _quoted(name: str) -> str:
    """As browsers write a name in a form (WHATWG HTML, multipart/form-data)."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def unreadable(file: Path, error: OSError | None) -> DiskTrouble:
    """`error` None: the file is shorter than it was."""
    return DiskTrouble(
        say("A prepared photograph could not be read while it was sent."),
        advice=say("Run again; it is prepared anew from your own file."),
        code="upload.file-unreadable",
        detail=f"{file.name}: {error.strerror if error else 'shorter than before'}",
    )
