"""Parts of a file taken out and put in; every other byte stays as it is."""

from __future__ import annotations

from collections.abc import Sequence


def spliced(data: bytes, cuts: Sequence[tuple[int, int]], at: int, new: bytes) -> bytes:
    """`data` without the ranges in `cuts`, and with `new` at `at` (as counted before), which lies in none."""
    view = memoryview(data)
    pieces: list[bytes | memoryview] = []
    begin = 0
    for start, end, piece in sorted([*((*cut, b"") for cut in cuts), (at, at, new)]):
        pieces += [view[begin:start], piece]
        begin = end
    return b"".join([*pieces, view[begin:]])
