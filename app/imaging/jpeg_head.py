"""Whether the segments in front of a JPEG's pixels can be walked at all (ITU-T T.81 §B.1).

Pillow walks them byte by byte where they are padded, so that ten megabytes of padding hold it for 18 seconds.
"""

from __future__ import annotations

from typing import IO

MOST_PADDING = 65_536
"""Bytes of 0xFF between segments, in all. Real writers use a handful."""
MOST_SEGMENTS = 10_000
_PIECE = 4096
_LAST = (0xDA, 0xD9)
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


def check_head(stream: IO[bytes]) -> None:
    """Leaves the stream at its beginning. What is only unusual is left to the decoder.

    :raises SyntaxError: more padding or more segments than any picture has
    """
    try:
        _walk(stream)
    finally:
        stream.seek(0)


def _walk(stream: IO[bytes]) -> None:
    at, padding = 2, 0
    for _ in range(MOST_SEGMENTS):
        stream.seek(at)
        head = stream.read(_PIECE)
        filled = len(head) - len(head.lstrip(b"\xff"))
        while filled == len(head) and head:
            padding += filled
            if padding > MOST_PADDING:
                raise SyntaxError("the JPEG's header is nothing but padding")
            at += filled
            head = stream.read(_PIECE)
            filled = len(head) - len(head.lstrip(b"\xff"))
        padding += max(0, filled - 1)
        if padding > MOST_PADDING:
            raise SyntaxError("the JPEG's header is nothing but padding")
        marker = head[filled : filled + 1]
        if not filled or not marker or marker[0] in _LAST:
            return
        at += filled + 1
        if marker[0] in _ALONE:
            continue
        stream.seek(at)
        at += max(2, int.from_bytes(stream.read(2), "big"))
    raise SyntaxError("the JPEG has more segments than any picture")
