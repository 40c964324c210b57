"""What a picture is, from its header alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from PIL.ImageFile import ImageFile

from app.imaging.opening import DECODER_ERRORS, Source, decoding, name_of, opened, size_in_bytes
from app.imaging.orientation import orientation_of, turned_size


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    """`width` and `height` in pixels as the eye sees them, after EXIF turning.

    `format` is one of sniffing.KNOWN_FORMATS, `mode` Pillow's, `bytes` the size of the file,
    `dpi` what the file claims, if anything.
    """

    width: int
    height: int
    format: str
    mode: str
    bytes: int
    has_alpha: bool
    frames: int = 1
    dpi: float | None = None

    @property
    def ratio(self) -> float:
        return self.width / self.height

    @property
    def pixels(self) -> int:
        return self.width * self.height


def read_facts(path: Path) -> ImageFacts:
    """Reads the header, decodes nothing.

    Raises BadInput (image.missing, image.unreadable, image.unsupported, image.too-large)
    or DiskTrouble (image.unreadable).
    """
    with opened(path) as photo:
        return facts_of(photo, path)


def facts_of(photo: ImageFile, source: Source) -> ImageFacts:
    """Of a picture that is opened and not loaded yet."""
    with decoding(name_of(source)):
        width, height = turned_size(photo.size, orientation_of(photo))
        return ImageFacts(
            width=width,
            height=height,
            format=str(photo.format),
            mode=photo.mode,
            bytes=size_in_bytes(source),
            has_alpha=has_alpha(photo),
            frames=_frames(photo),
            dpi=_dpi(photo),
        )


def has_alpha(photo: ImageFile) -> bool:
    """Whether it can hold transparency; whether any pixel uses it is known only after decoding."""
    if photo.mode in ("1", "L", "RGB", "P"):
        return "transparency" in photo.info
    return photo.mode in ("RGBA", "LA", "PA", "RGBa", "La")


def _frames(photo: ImageFile) -> int:
    """Counting may walk into damage behind the first frame, which alone is used: then 1."""
    try:
        return max(1, int(getattr(photo, "n_frames", 1)))
    except DECODER_ERRORS:
        return 1


def _dpi(photo: ImageFile) -> float | None:
    given = photo.info.get("dpi")
    try:
        value = float(given[0] if isinstance(given, tuple) else given)  # type: ignore[arg-type]
    except (TypeError, ValueError, ArithmeticError, LookupError):
        return None
    return value if math.isfinite(value) and value > 0 else None
