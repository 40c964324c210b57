"""Photographs that arrive: looked at as the vendor looks at them, then kept by content.

A picture is decoded once per content; `Refusal` carries the words that the vendor's answer needs.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import ipaddress
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image, UnidentifiedImageError

LARGEST_PIXELS = 64_000_000
LARGEST_SIDE = 8000
FORMATS = ("JPEG", "PNG", "WEBP")
MIMES = {"image/jpeg": "JPEG", "image/jpg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_DATA_URI = re.compile(r"data:(image/[\w.+-]+)((?:;[\w-]+=[\w.-]+)*);base64,(.*)", re.DOTALL)


class Refusal(Exception):
    """The vendor does not take this picture; the text says why in the vendor's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    path: Path
    sha256: str
    form: str
    width: int
    height: int


class AssetShelf:
    """Checked pictures in one folder; safe to call from several threads."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._checked: dict[str, Asset] = {}

    def from_data_uri(self, uri: str) -> Asset:
        found = _DATA_URI.fullmatch(uri)
        if found is None:
            raise Refusal("Invalid data URI.")
        mime, _, encoded = found.groups()
        if mime.lower() not in MIMES:
            raise Refusal(
                f"Unsupported asset type {mime}. Use image/jpeg, image/png or image/webp "
                "as the content type of the data URI."
            )
        try:
            content = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as wrong:
            raise Refusal("Invalid data URI.") from wrong
        sha256 = hashlib.sha256(content).hexdigest()
        asset = self._checked.get(sha256) or self._keep(content, sha256)
        if asset.form != MIMES[mime.lower()]:
            raise Refusal(f"The data URI says {mime}, but the asset is {asset.form}.")
        return asset

    def from_file(self, path: Path, sha256: str, megabytes: float) -> Asset:
        """A stored upload. `megabytes` is the largest the vendor takes as a reference."""
        if path.stat().st_size > megabytes * 1024 * 1024:
            raise Refusal(f"Asset size exceeds {megabytes:.1f}MB.")
        return self._checked.get(sha256) or self._check(path, sha256)

    def keep_as_it_is(self, content: bytes, sha256: str) -> Path:
        """For a vendor that has looked at it by its own rules."""
        path = self._folder / sha256
        if not path.exists():
            arriving = path.with_suffix(f".{uuid.uuid4().hex}")
            arriving.write_bytes(content)
            arriving.replace(path)
        return path

    def _keep(self, content: bytes, sha256: str) -> Asset:
        return self._check(self.keep_as_it_is(content, sha256), sha256)

    def _check(self, path: Path, sha256: str) -> Asset:
        width, height, form = _decoded(path)
        if max(width, height) > LARGEST_SIDE:
            raise Refusal(f"Invalid asset dimensions. Neither side may exceed {LARGEST_SIDE} pixels.")
        ratio = width / height
        if ratio < 0.5:
            raise Refusal(_aspect("at least 0.5", ratio))
        if ratio > 2:
            raise Refusal(_aspect("at most 2", ratio))
        asset = Asset(path=path, sha256=sha256, form=form, width=width, height=height)
        self._checked[sha256] = asset
        return asset


def _aspect(bound: str, ratio: float) -> str:
    return f"Invalid asset aspect ratio. width / height ratio must be {bound}. Got {ratio:.3f}."


def _decoded(path: Path) -> tuple[int, int, str]:
    """Width, height and format of a picture that decodes to its last pixel."""
    try:
        with Image.open(path, formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > LARGEST_PIXELS:
                raise Refusal(f"Invalid asset dimensions. Got {width} x {height} pixels.")
            picture.load()
            return width, height, str(picture.format)
    except UnidentifiedImageError as wrong:
        raise Refusal("Unsupported asset type. Use image/jpeg, image/png or image/webp.") from wrong
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as wrong:
        raise Refusal("Failed to decode asset. The image may be truncated or corrupt.") from wrong


def web_host(uri: str) -> str:
    """The domain of an https address, checked as Runway checks it without fetching."""
    try:
        host = urlsplit(uri).hostname or ""
    except ValueError as wrong:
        raise Refusal("Invalid URL.") from wrong
    if not host:
        raise Refusal("Invalid URL.")
    if _is_address(host) or "." not in host:
        raise Refusal("URLs must be hosted on a domain.")
    return host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
