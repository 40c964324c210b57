"""A picture's pixels and its colour profile, and nothing else of its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from PIL import ExifTags, Image

from app.basics.faults import BadInput
from app.basics.words import mark, say
from app.imaging import jpeg_segments, png_chunks, tiff_tags, webp_chunks
from app.imaging.carrying_text import unusual
from app.imaging.opening import decoding, opened
from app.imaging.orientation import UPRIGHT, orientation_of

_CLEANERS: Mapping[str, Callable[[bytes, bytes], bytes]] = MappingProxyType(
    {
        "PNG": png_chunks.clean,
        "JPEG": jpeg_segments.clean,
        "WEBP": webp_chunks.clean,
        "TIFF": tiff_tags.clean,
    }
)
_BEHIND_NAME = len(b"Exif\0\0")


def clean_copy(data: bytes, *, called: str = mark("The picture")) -> bytes:
    """No text, EXIF, XMP, comment, time, credential, second picture, nor a trace of Tagloom or the vendor.
    No pixel is coded anew. What changes how it looks stays: colour, transparency, the shape of its pixels,
    and where it is stored lying, one EXIF tag that says which way is up.

    :raises BadInput: another format, damaged, or built in a way that we do not know
    """
    with opened(data) as photo:
        kind = str(photo.format)
        with decoding(called):
            orientation = orientation_of(photo)
    if kind not in _CLEANERS:
        raise BadInput(
            say("{called} is no PNG, JPEG, WebP or TIFF.", called=called),
            advice=say("Clean copies are made of these; save it as one of them in a picture editor."),
            code="image.no-clean-copy",
        )
    try:
        return _CLEANERS[kind](data, _which_way(orientation, kind))
    except ValueError as error:
        raise unusual(called, error) from error


def _which_way(orientation: int, kind: str) -> bytes:
    """EXIF with nothing but the turning; nothing where the picture stands upright."""
    if orientation == UPRIGHT:
        return b""
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = orientation
    made = tags.tobytes()
    return made if kind == "JPEG" else made[_BEHIND_NAME:]
