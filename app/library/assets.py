"""What the library keeps, as values; `store.py` keeps the bytes, `index.py` what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from app.basics.money import Money


class Origin(Struct, frozen=True, kw_only=True):
    """Where a result came from: the operation, what was asked, what it cost."""

    operation: str
    fingerprint: str
    document: str
    node: str
    card: str
    vendor: str
    draft: bool
    prompt: str
    seed: int | None
    credits: int | None
    money: Money | None
    request: Mapping[str, object]


class Asset(Struct, frozen=True, kw_only=True):
    """A result: `sha256` of the vendor's bytes as they came, kept at `path`."""

    sha256: str
    path: Path
    mime: str
    width: int
    height: int
    bytes: int
    made: datetime
    origin: Origin


class Marks(Struct, frozen=True, kw_only=True):
    """What a person thinks of a result. A star protects it from being collected; `removed` since when it is
    hidden, until it is put back or collected."""

    star: bool = False
    rejected: bool = False
    removed: datetime | None = None
