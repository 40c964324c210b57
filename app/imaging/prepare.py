"""A photograph as a vendor takes it: upright, sRGB, fitted, small enough, nothing in it but pixels."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageColor
from PIL.ImageFile import ImageFile

from app.imaging.colour import is_srgb, resizable, to_srgb
from app.imaging.encoding import JPEG, PNG, WEBP, Encoded, choose_type, encode_within
from app.imaging.fitting import Fitted, fit
from app.imaging.jpeg_strip import stripped
from app.imaging.opening import decoding, load, name_of, opened
from app.imaging.orientation import UPRIGHT, Box, orientation_of, turned, turned_size, unturned_box
from app.imaging.preparation import Preparation

_LOSSLESS = frozenset({"PNG", "GIF", "BMP", "TIFF"})
_GAP = 3.0
"""Pillow's `reducing_gap`: box averages down to three times the target first; no eye sees the difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """`sha256` is of `data`, hexadecimal; width and height in pixels."""

    data: bytes
    mime: str
    width: int
    height: int
    sha256: str


def prepare(path: Path, preparation: Preparation) -> Prepared:
    """Depends on the file's content and on `preparation` alone; the file is only read.

    Raises BadInput or DiskTrouble, codes as in `opened`, and image.limit-too-low.
    """
    with opened(path) as photo:
        with decoding(name_of(path)):
            orientation = orientation_of(photo)
        fitted = fit(
            turned_size(photo.size, orientation),
            mode=preparation.fit,
            focus=preparation.focus,
            bounds=preparation.bounds,
            limits=preparation.limits,
        )
        kept = _kept_as_it_is(photo, path, orientation, fitted, preparation)
        if kept is not None:
            return _prepared(kept)
        lossless_source = photo.format in _LOSSLESS
        image = upright_srgb(photo, path, orientation, fitted.inner, fitted.box)
    image = _on_canvas(image, fitted, preparation)
    mime = choose_type(image, lossless_source=lossless_source, accepted=preparation.formats)
    return _prepared(encode_within(image, mime, max_bytes=preparation.max_bytes, bounds=preparation.bounds))


def upright_srgb(
    photo: ImageFile,
    path: Path | bytes,
    orientation: int,
    size: tuple[int, int],
    box: Box,
    screen: bytes | None = None,
) -> Image.Image:
    """The upright `box` of an opened picture at `size`, RGB or RGBA; in the colours of `screen`, an RGB
    profile, where one is given.

    Shrunk while decoding, then turned, then coloured: the costly steps come last, on the fewest pixels.
    """
    stored = photo.size
    upright = turned_size(stored, orientation)
    raw_box = unturned_box(box, upright, orientation)
    raw_size = turned_size(size, orientation)
    share = (raw_size[0] / (raw_box[2] - raw_box[0]), raw_size[1] / (raw_box[3] - raw_box[1]))
    profile = photo.info.get("icc_profile")
    with decoding(name_of(path)):
        # JPEG alone: decodes at 1/2, 1/4 or 1/8 where that is still no smaller than what is wanted.
        wanted = (max(1, math.ceil(stored[0] * share[0])), max(1, math.ceil(stored[1] * share[1])))
        drafted = photo.draft(None, wanted)
    load(photo, path)
    with decoding(name_of(path)):
        image = resizable(photo)
        # What was decoded: a reduced JPEG may end in half a pixel, so the size of the image is not asked.
        decoded = drafted[1][2:] if drafted else image.size
        found = _scaled(raw_box, decoded[0] / stored[0], decoded[1] / stored[1], image.size)
        if image.size != raw_size or found != (0, 0, *image.size):
            image = image.resize(raw_size, Image.Resampling.LANCZOS, box=found, reducing_gap=_GAP)
        image = to_srgb(turned(image, orientation), profile if isinstance(profile, bytes) else None, screen)
        return image.copy() if image is photo else image  # `photo` is closed soon, and its pixels with it


def _scaled(box: Box, across: float, down: float, size: tuple[int, int]) -> Box:
    """Within `size`: floating point may put an edge a hair outside, which Pillow refuses."""
    left, top, right, bottom = box
    return (left * across, top * down, min(right * across, size[0]), min(bottom * down, size[1]))


def _kept_as_it_is(
    photo: ImageFile, path: Path, orientation: int, fitted: Fitted, preparation: Preparation
) -> Encoded | None:
    """The JPEG's own pixels without its metadata, where nothing has to change: coding again only loses."""
    if (
        photo.format != "JPEG"
        or photo.mode != "RGB"
        or orientation != UPRIGHT
        or JPEG not in preparation.formats
        or not fitted.leaves(photo.size)
        or not is_srgb(photo.info.get("icc_profile"))
    ):
        return None
    with decoding(name_of(path)):
        data = stripped(path.read_bytes())
    if data is None or len(data) > preparation.max_bytes:
        return None
    with opened(data) as copy:
        copy.draft(None, (1, 1))  # reads every byte, computes few pixels: finds a file that was cut short
        load(copy, path)
    return Encoded(data=data, mime=JPEG, size=photo.size)


def _on_canvas(image: Image.Image, fitted: Fitted, preparation: Preparation) -> Image.Image:
    """Alpha is kept only where it says something and nothing is padded, since bars would show a seam."""
    colour = ImageColor.getrgb(preparation.pad_color)
    can_keep = preparation.keep_alpha and not fitted.padded and {PNG, WEBP} & set(preparation.formats)
    if image.mode == "RGBA" and not (can_keep and image.getchannel("A").getextrema()[0] != 255):
        image = Image.alpha_composite(Image.new("RGBA", image.size, (*colour[:3], 255)), image).convert("RGB")
    if not fitted.padded:
        return image
    canvas = Image.new("RGB", fitted.canvas, colour)
    canvas.paste(image, fitted.offset)
    return canvas


def _prepared(encoded: Encoded) -> Prepared:
    return Prepared(
        data=encoded.data,
        mime=encoded.mime,
        width=encoded.size[0],
        height=encoded.size[1],
        sha256=hashlib.sha256(encoded.data).hexdigest(),
    )
