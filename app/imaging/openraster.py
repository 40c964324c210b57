"""Layers as OpenRaster (`.ora`), which Krita, GIMP and MyPaint open: a zip of PNG files and their order.
https://www.openraster.org"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree import ElementTree

from PIL import Image

from app.basics.zips import Member, write_zip
from app.imaging.layers import Stack, blank, upwards

MIME = b"image/openraster"
_THUMBNAIL = 256


def write_ora(file: BinaryIO, stack: Stack, dpi: float) -> None:
    """Raises what `layers.pixels` raises.

    :raises BadInput: `zip.too-large`  :raises OSError: it cannot be written
    """
    write_zip(file, _members(stack, dpi))


def _members(stack: Stack, dpi: float) -> Iterator[Member]:
    """Made one at a time, while they are written."""
    yield Member(name="mimetype", content=MIME)
    yield Member(name="stack.xml", content=_order(stack, dpi), packed=True)
    merged, number = blank(stack), len(stack.layers)
    for lying, image in upwards(stack):
        number -= 1
        yield Member(name=_place(number), content=_png(image, stack, dpi))
        merged.alpha_composite(image, (lying.left, lying.top))
    yield Member(name="mergedimage.png", content=_png(merged, stack, dpi))
    merged.thumbnail((_THUMBNAIL, _THUMBNAIL), Image.Resampling.LANCZOS)
    yield Member(name="Thumbnails/thumbnail.png", content=_png(merged, stack, None))


def _place(number: int) -> str:
    return f"data/layer{number:03}.png"


def _order(stack: Stack, dpi: float) -> bytes:
    resolution = str(round(dpi))
    image = ElementTree.Element(
        "image",
        {"version": "0.0.3", "w": str(stack.width), "h": str(stack.height),
         "xres": resolution, "yres": resolution},
    )  # fmt: skip
    layers = ElementTree.SubElement(image, "stack")
    for number, lying in enumerate(stack.layers):
        ElementTree.SubElement(
            layers,
            "layer",
            {"name": _named(lying.layer.name), "src": _place(number), "x": str(lying.left),
             "y": str(lying.top), "opacity": "1.0", "visibility": "visible", "composite-op": "svg:src-over"},
        )  # fmt: skip
    return bytes(ElementTree.tostring(image, encoding="UTF-8", xml_declaration=True))


def _named(name: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in name)[:255].strip() or "Layer"


def _png(image: Image.Image, stack: Stack, dpi: float | None) -> bytes:
    held = io.BytesIO()
    extra = {"dpi": (dpi, dpi)} if dpi else {}
    image.save(held, "PNG", compress_level=1, icc_profile=stack.profile, **extra)
    return held.getvalue()
