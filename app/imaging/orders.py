"""What may be asked of a picture: another format, size, resolution or profile. `developing` does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.imaging.measures import PrintSize
from app.imaging.profiles import Profile

QUALITY = 92


class Format(StrEnum):
    """`KEEP`: as the file is."""

    KEEP = "keep"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    TIFF = "tiff"


KINDS: Mapping[Format, str] = MappingProxyType(
    {Format.PNG: "PNG", Format.JPEG: "JPEG", Format.WEBP: "WEBP", Format.TIFF: "TIFF"}
)
"""As `sniffing` names them."""


class Compression(StrEnum):
    """Of PNG and TIFF, without loss: in a TIFF, `FAST` is LZW, which everything opens, `SMALL` Deflate."""

    NONE = "none"
    FAST = "fast"
    SMALL = "small"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`quality` is JPEG's and WebP's, 1 to 100; `lossless` is WebP's. `dpi` None: as the file says."""

    format: Format = Format.KEEP
    quality: int = QUALITY
    lossless: bool = False
    compression: Compression = Compression.SMALL
    size: PrintSize | None = None
    dpi: float | None = None
    profile: Profile = Profile.KEEP

    def changes(self, kind: str) -> bool:
        """Whether a file of a kind (`sniffing`) has to be coded anew for it."""
        other = self.format is not Format.KEEP and KINDS[self.format] != kind
        return other or self.size is not None or self.dpi is not None or self.profile is not Profile.KEEP

    def kind(self, kind: str) -> str:
        """What comes of a file of a kind."""
        return kind if self.format is Format.KEEP else KINDS[self.format]


AS_IT_IS = Order()
