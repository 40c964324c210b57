"""Pictures that become the layers of one file: which lies where, in which colours, and their pixels.

The canvas is as wide as the widest and as high as the highest; each picture lies unscaled in its middle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms

from app.basics.faults import BadInput
from app.basics.words import say
from app.imaging.colour import is_srgb, resizable
from app.imaging.opening import decoding, load, name_of, opened
from app.imaging.orientation import orientation_of, turned, turned_size
from app.imaging.prepare import upright_srgb

MOST_LAYERS = 100
MOST_PIXELS = 160_000_000
"""Of all layers and the merged picture together, held in memory as they are written: 4 bytes each."""
MOST_SIDE = 30_000
"""Of a PSD."""
_OWN_COLOURS = ("RGB", "RGBA")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """`path` of its picture, and what it is called."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """A layer on the canvas: its size as the eye sees it, and where its top left corner is."""

    layer: Layer
    width: int
    height: int
    left: int
    top: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """`layers` from the top down. `profile` is the ICC profile of all of them; `converted`: they had
    different ones, and are now in sRGB. `unequal`: not all are as large as the canvas."""

    width: int
    height: int
    layers: tuple[Lying, ...]
    profile: bytes
    converted: bool
    unequal: bool


def stacked(layers: Sequence[Layer]) -> Stack:
    """What the layers will be; headers alone are read. `layers`: the top one first.

    :raises BadInput: none, too many, too large together, or one that cannot be read
    """
    if not layers:
        raise BadInput(
            say("There is no picture for the layers."),
            advice=say("Run a node, or select one that has a picture."),
            code="layers.empty",
        )
    if len(layers) > MOST_LAYERS:
        raise BadInput(
            say("{count} pictures are too many layers.", count=len(layers)),
            advice=say("Choose at most {most}.", most=MOST_LAYERS),
            code="layers.too-many",
        )
    seen = [_seen(one.path) for one in layers]
    width, height = max(one[0] for one in seen), max(one[1] for one in seen)
    if sum(one[0] * one[1] for one in seen) + width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise BadInput(
            say("The layers are too large together."),
            advice=say(
                "Choose fewer of them: {most} million pixels are the most.", most=MOST_PIXELS // 10**6
            ),
            code="layers.too-large",
        )
    profiles = {one[2] for one in seen}
    if len(profiles) > 1:  # several that look the same are one
        profiles = {b"" if is_srgb(one) else one for one in profiles}
    profile = next(iter(profiles)) if len(profiles) == 1 else b""
    lying = tuple(
        Lying(layer=layer, width=w, height=h, left=(width - w) // 2, top=(height - h) // 2)
        for layer, (w, h, _) in zip(layers, seen, strict=True)
    )
    return Stack(
        width=width,
        height=height,
        layers=lying,
        profile=profile or _srgb(),
        converted=len(profiles) > 1,
        unequal=any((w, h) != (width, height) for w, h, _ in seen),
    )


def pixels(stack: Stack, lying: Lying) -> Image.Image:
    """RGBA, upright, in the colours of the stack. Raises what `opened` raises."""
    path = lying.layer.path
    with opened(path) as photo:
        with decoding(name_of(path)):
            orientation = orientation_of(photo)
        upright = turned_size(photo.size, orientation)
        if stack.converted or photo.mode not in _OWN_COLOURS:
            image = upright_srgb(photo, path, orientation, upright, (0, 0, *upright))
        else:
            load(photo, path)
            with decoding(name_of(path)):
                image = turned(resizable(photo), orientation)
        with decoding(name_of(path)):
            return image.convert("RGBA")


def upwards(stack: Stack) -> Iterator[tuple[Lying, Image.Image]]:
    """From the bottom to the top, one decoded at a time."""
    for lying in reversed(stack.layers):
        yield lying, pixels(stack, lying)


def blank(stack: Stack) -> Image.Image:
    return Image.new("RGBA", (stack.width, stack.height), (0, 0, 0, 0))


def _seen(path: Path) -> tuple[int, int, bytes]:
    """Width, height, and the profile of pictures that keep their own colours; empty is sRGB."""
    with opened(path) as photo:
        with decoding(name_of(path)):
            width, height = turned_size(photo.size, orientation_of(photo))
            given = photo.info.get("icc_profile")
        profile = given if isinstance(given, bytes) and photo.mode in _OWN_COLOURS else b""
        return width, height, profile


def _srgb() -> bytes:
    return bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
