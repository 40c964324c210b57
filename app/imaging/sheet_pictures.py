"""The pictures of a contact sheet in the size that they are shown in: upright, sRGB, on white."""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image

from app.imaging.fitting import Bounds, Limits, shrink
from app.imaging.opening import decoding, name_of, opened
from app.imaging.orientation import orientation_of, turned_size
from app.imaging.prepare import upright_srgb

INK, MUTED, RULE, EMPTY = "#1b1c1f", "#6a6d75", "#c9ccd2", "#eceef1"


def picture_within(path: Path, width: float, height: float) -> Image.Image:
    """RGB, at most so many pixels across and down, never enlarged. Raises what `opened` raises."""
    with opened(path) as photo:
        with decoding(name_of(path)):
            orientation = orientation_of(photo)
        upright = turned_size(photo.size, orientation)
        share = min(width / upright[0], height / upright[1], 1.0)
        longest = max(1, math.ceil(max(upright) * share))
        size = shrink(upright, bounds=Bounds(), limits=Limits(max_side=longest))
        image = upright_srgb(photo, path, orientation, size, (0, 0, *upright))
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper
