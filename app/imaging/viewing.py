"""Pictures for being looked at: at their own size or halved, upright, in the colours of the screen.

The same road as thumbnails and what is sent to vendors (`prepare.upright_srgb`): colours never differ.
"""

from __future__ import annotations

from typing import Literal

from PIL import Image

from app.imaging.opening import Source, decoding, name_of, opened
from app.imaging.orientation import orientation_of, turned_size
from app.imaging.prepare import upright_srgb
from app.imaging.thumbnails import Thumbnail

Size = tuple[int, int]


def size_of(source: Source) -> Size:
    """Width and height in pixels as the picture is seen, read without decoding. Raises what `opened` does."""
    with opened(source) as photo:
        with decoding(name_of(source)):
            orientation = orientation_of(photo)
        return turned_size(photo.size, orientation)


def halved(size: Size, times: int) -> Size:
    """Each side halved so often, at least 1."""
    return (max(1, round(size[0] / 2**times)), max(1, round(size[1] / 2**times)))


def looked_at(source: Source, halvings: int = 0, screen: bytes | None = None) -> Image.Image:
    """RGB or RGBA in sRGB, or in the colours of `screen`, an RGB profile; 0 halvings are its own pixels.

    :raises BadInput, DiskTrouble: as `opened` does
    """
    with opened(source) as photo:
        with decoding(name_of(source)):
            orientation = orientation_of(photo)
        upright = turned_size(photo.size, orientation)
        size = halved(upright, halvings)
        return upright_srgb(photo, source, orientation, size, (0, 0, *upright), screen)


def raster(image: Image.Image) -> Thumbnail:
    """The pixels of an RGB or RGBA picture for a toolkit."""
    mode: Literal["RGB", "RGBA"] = "RGBA" if image.mode == "RGBA" else "RGB"
    width, height = image.size
    return Thumbnail(width=width, height=height, stride=width * len(mode), mode=mode, data=image.tobytes())
