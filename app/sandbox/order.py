"""One job as the painter sees it: the request after every check, and nothing of HTTP."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """`path` is the checked file, or None for an address on the web, which a loopback server cannot
    fetch: then `label` says what to write on the placeholder. `sha256` is of the file or the address."""

    tag: str
    path: Path | None
    label: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Pixels are `width` × `height`. `seed` is the one used; `seed_given` tells whether it was asked for."""

    vendor: str
    model: str
    prompt: str
    width: int
    height: int
    seed: int
    seed_given: bool
    references: tuple[Reference, ...] = ()
    form: str = "png"
    """The kind of file, `png` or `jpeg`: what its vendor gives."""

    @property
    def ask(self) -> tuple[str, int | None]:
        """How the tally tells orders apart."""
        return self.prompt, self.seed if self.seed_given else None

    def digest(self) -> bytes:
        """32 bytes, the same for the same order: the only chance in a draft."""
        told = hashlib.sha256()
        for part in (self.model, self.prompt, f"{self.width}:{self.height}", str(self.seed)):
            told.update(part.encode("utf-8", "replace") + b"\0")
        for one in self.references:
            told.update(f"{one.tag}={one.sha256}\0".encode())
        return told.digest()
