"""A picture in another format, size, resolution or profile. What is asked to stay is not coded anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType
from typing import Any

from PIL import ExifTags, Image
from PIL.ImageFile import ImageFile
from PIL.TiffImagePlugin import IFDRational

from app.basics.faults import BadInput
from app.basics.words import mark, say
from app.imaging.colour import resizable, to_srgb
from app.imaging.fitting import Size
from app.imaging.opening import decoding, load, opened
from app.imaging.orders import KINDS, Order
from app.imaging.orientation import orientation_of, turned, turned_size
from app.imaging.profiles import Profile, icc_of
from app.imaging.resizing import resized

_MOST_SIDE: Mapping[str, int] = MappingProxyType({"WEBP": 16_383})
_DEEP = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")


FLATTENED = mark("A JPEG has no transparency: white was put behind the picture.")
SHALLOW = mark("The picture has more than eight bits a channel; the export has eight.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Developed:
    """`notes`: what people should know, in sentences."""

    data: bytes
    size: Size
    notes: tuple[str, ...] = ()


def size_after(size: Size, order: Order, dpi: float | None = None) -> Size:
    """In px, for a picture of `size` px that stands upright and says `dpi` of itself.

    :raises BadInput: as `PrintSize.pixels`
    """
    return size if order.size is None else order.size.pixels(size, order.dpi or dpi)


def enlarged(before: Size, after: Size) -> str:
    """Where there are more pixels than there were, in a sentence; else empty."""
    if after[0] <= before[0] and after[1] <= before[1]:
        return ""
    return say(
        "Enlarged from {width} × {height} pixels to {percent} %: no detail comes from that.",
        width=before[0],
        height=before[1],
        percent=round(100 * max(after[0] / before[0], after[1] / before[1])),
    )


def developed(data: bytes, order: Order, *, called: str = mark("The picture")) -> Developed:
    """Upright, with its profile and its resolution, and nothing else of the file.

    :raises BadInput: it is damaged or too large, or the format does not take such a picture
    """
    with opened(data) as photo:
        kind = order.kind(str(photo.format))
        if kind not in KINDS.values():
            raise BadInput(
                say("{called} cannot be written as {kind}.", called=called, kind=kind),
                advice=say("Choose PNG, JPEG, WebP or TIFF."),
                code="export.format",
            )
        with decoding(called):
            orientation = orientation_of(photo)
        before = turned_size(photo.size, orientation)
        dpi = order.dpi or _dpi_of(photo)
        size = size_after(before, order, dpi)
        if max(size) > _MOST_SIDE.get(kind, max(size)):
            raise BadInput(
                say("A {kind} has at most {most:,} pixels a side.", kind=kind, most=_MOST_SIDE[kind]),
                advice=say("Choose another format, or a smaller size."),
                code="export.format-size",
            )
        load(photo, data)
        notes = [enlarged(before, size), SHALLOW if photo.mode in _DEEP else ""]
        with decoding(called):
            image = resized(turned(resizable(photo), orientation), size)
            own = photo.info.get("icc_profile")
            image, profile = _coloured(image, own if isinstance(own, bytes) else None, order.profile, kind)
            if kind == "JPEG" and image.mode in ("RGBA", "LA"):
                image = _flattened(image)
                notes.append(FLATTENED)
            made = _written(image, kind, order, profile, dpi)
    return Developed(data=made, size=size, notes=tuple(one for one in notes if one))


def _coloured(
    image: Image.Image, own: bytes | None, wanted: Profile, kind: str
) -> tuple[Image.Image, bytes | None]:
    """The pixels and the profile that they are in."""
    if wanted is not Profile.KEEP:
        target = icc_of(wanted)
        return to_srgb(image, own, target), target
    taken = {"L", "LA", "RGB", "RGBA"} | ({"CMYK"} if kind in ("JPEG", "TIFF") else set())
    if image.mode not in taken or (kind == "WEBP" and image.mode in ("L", "LA") and own):
        return to_srgb(image, own), None
    return image, own


def _flattened(image: Image.Image) -> Image.Image:
    bare = "L" if image.mode == "LA" else "RGB"
    ground = Image.new(bare, image.size, "white")
    ground.paste(image.convert(bare), mask=image.getchannel("A"))
    return ground


def _written(image: Image.Image, kind: str, order: Order, profile: bytes | None, dpi: float | None) -> bytes:
    image.info = {}  # Pillow would write comments and profiles from here
    words: dict[str, Any] = {}
    if profile:
        words["icc_profile"] = profile
    if dpi and kind != "WEBP":
        words["dpi"] = (dpi, dpi)
    match kind:
        case "PNG":
            words["compress_level"] = {"none": 0, "fast": 1, "small": 9}[order.compression]
        case "JPEG":
            words |= {"quality": order.quality, "subsampling": 0, "optimize": True}
        case "WEBP":
            words |= {"quality": order.quality, "lossless": order.lossless, "method": 4}
            if dpi:
                words["exif"] = _resolution(dpi)
        case _:
            packed = {"none": None, "fast": "tiff_lzw", "small": "tiff_adobe_deflate"}
            words["compression"] = packed[order.compression]
    into_bytes = BytesIO()
    image.save(into_bytes, kind, **words)
    return into_bytes.getvalue()


def _resolution(dpi: float) -> bytes:
    """EXIF with nothing but the resolution: a WebP has no field of its own."""
    tags = Image.Exif()
    tags[ExifTags.Base.XResolution] = tags[ExifTags.Base.YResolution] = IFDRational(round(dpi * 100), 100)
    tags[ExifTags.Base.ResolutionUnit] = 2
    return tags.tobytes()


def _dpi_of(photo: ImageFile) -> float | None:
    """What the file says of itself, where that can be true."""
    given = photo.info.get("dpi")
    if not isinstance(given, tuple) or not given:
        return None
    try:
        across = float(given[0])
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return across if 10 <= across <= 4800 else None
