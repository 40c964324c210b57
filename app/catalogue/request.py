"""One frozen value tells a vendor everything about a job: it can be printed, hashed, stored, replayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.document.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Photograph:
    """A prepared photograph, ready to leave: upright, sRGB, without metadata, within the limits.

    `sha256` is the hash of the prepared bytes at `path`; `original` that of the artist's file.
    """

    path: Path
    mime: str
    width: int
    height: int
    bytes: int
    sha256: str
    original: str
    name: str
    """A file name for people and for the vendor's upload form; never a path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReference:
    tag: str
    """Lower case; empty for a model without tags."""
    photograph: Photograph


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRequest:
    """`prompt` is the text that leaves. `parameters` holds the card's values with defaults filled in;
    `width` and `height` are output pixels (0 where the vendor decides)."""

    card: str
    vendor: str
    model: str
    prompt: str
    references: tuple[RequestReference, ...]
    parameters: Mapping[str, Value]
    settings: Mapping[str, Value]
    width: int
    height: int
    seed: int | None

    def without_pixels(self) -> dict[str, object]:
        """What the ledger keeps: everything but the photographs, which stand by their hashes."""
        return {
            "card": self.card,
            "vendor": self.vendor,
            "model": self.model,
            "prompt": self.prompt,
            "seed": self.seed,
            "width": self.width,
            "height": self.height,
            "parameters": {key: value for key, value in self.parameters.items() if value is not None},
            "references": [
                {"tag": one.tag, "sha256": one.photograph.sha256, "original": one.photograph.original}
                for one in self.references
            ],
        }
