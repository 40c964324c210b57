"""HEIC, opened only where its item names are text.

pi-heif (1.4) makes Python strings of item and content types without asking whether they are UTF-8, and
the whole process dies of a null pointer where one is not; so a file with such a name is refused here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

from pi_heif import HeifImageFile
from PIL.ImageFile import ImageFile


def open_heic(stream: IO[bytes]) -> ImageFile:
    """Raises SyntaxError, as Pillow's plug-ins do, where the file is not to be trusted."""
    data = stream.read()
    stream.seek(0)
    if not all(_is_text(entry) for entry in _item_entries(data)):
        raise SyntaxError("an item's name is not text")
    photo: ImageFile = HeifImageFile(stream)
    return photo


def _item_entries(data: bytes) -> Iterator[bytes]:
    """The rest of every `infe` box (ISO/IEC 14496-12 §8.11.6) behind its fixed fields, wherever it stands.

    Found by its letters, not by walking the boxes around it: their sizes may lie. Coded pixels, in `mdat`,
    are passed over, since any letters may turn up there.
    """
    for start, end in _outside_pixels(data):
        at = start
        while (at := data.find(b"infe", at, end)) >= 4:
            length = int.from_bytes(data[at - 4 : at], "big")
            names = {2: 12, 3: 14}.get(data[at + 4] if at + 4 < end else 0, 12)
            yield data[at + names : max(at + names + 4, at - 4 + min(length, end - at + 4))]
            at += 4


def _outside_pixels(data: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if length == 1 and at + 16 <= len(data):
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        end = len(data) if length < 8 else min(at + length, len(data))
        if kind != b"mdat":
            yield at, end
        at = end


def _is_text(entry: bytes) -> bool:
    try:
        entry.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
