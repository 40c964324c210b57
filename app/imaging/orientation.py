"""Which way is up: EXIF orientation, read without decoding, and the geometry of turning after shrinking."""

from __future__ import annotations

import struct
from typing import IO

from PIL import ExifTags, Image
from PIL.ImageFile import ImageFile

Box = tuple[float, float, float, float]
Size = tuple[int, int]

UPRIGHT = 1
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_MOST_EXIF = 1 << 16


def orientation_of(photo: ImageFile) -> int:
    """1 to 8; ask before loading, and inside `decoding`.

    Pillow's TIFF and libheif turn the picture themselves, so there is nothing left to do: 1.
    """
    if photo.format in ("TIFF", "HEIC"):
        return UPRIGHT
    if photo.format == "PNG" and "exif" not in photo.info and photo.fp is not None:
        late = _png_exif(photo.fp)
        if late:
            photo.info["exif"] = late
    # Image.Image's own, since PngImageFile.getexif would decode the whole picture to find it.
    found = Image.Image.getexif(photo).get(ExifTags.Base.Orientation, UPRIGHT)
    return found if isinstance(found, int) and found in _TURNS else UPRIGHT


def turned(image: Image.Image, orientation: int) -> Image.Image:
    method = _TURNS.get(orientation)
    return image if method is None else image.transpose(method)


def turned_size(size: Size, orientation: int) -> Size:
    """The size before turning from the size after, and the other way round."""
    return (size[1], size[0]) if orientation >= 5 else size


def unturned_box(box: Box, upright: Size, orientation: int) -> Box:
    """Where a box of the upright picture lies in the picture as it is stored."""
    left, top, right, bottom = box
    width, height = upright
    match orientation:
        case 2:
            return (width - right, top, width - left, bottom)
        case 3:
            return (width - right, height - bottom, width - left, height - top)
        case 4:
            return (left, height - bottom, right, height - top)
        case 5:
            return (top, left, bottom, right)
        case 6:
            return (top, width - right, bottom, width - left)
        case 7:
            return (height - bottom, width - right, height - top, width - left)
        case 8:
            return (height - bottom, left, height - top, right)
        case _:
            return box


def _png_exif(stream: IO[bytes]) -> bytes:
    """The eXIf chunk, which may stand behind the pixels (PNG 3rd edition §11.3.4.4); the stream stays put."""
    back = stream.tell()
    try:
        stream.seek(8)
        while len(header := stream.read(8)) == 8:
            length, kind = struct.unpack(">I4s", header)
            if kind == b"eXIf" and length <= _MOST_EXIF:
                return b"Exif\x00\x00" + stream.read(length)
            if kind == b"IEND":
                break
            stream.seek(length + 4, 1)
        return b""
    finally:
        stream.seek(back)
