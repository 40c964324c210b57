"""What the library keeps, as values; `store.py` keeps the bytes, `index.py` what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.basics.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A result: `sha256` of the vendor's bytes as they came, kept at `path`."""

    sha256: str
    path: Path
    mime: str
    width: int
    height: int
    bytes: int
    made: datetime
    origin: Origin
