"""A picture that is looked at, as panels hand it over."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shown:
    """`words` stand with it ("Hero  ·  seed 42  ·  Gen4 Image"); with `name` and `seed` a copy of it is
    called."""

    path: Path
    words: str
    name: str = ""
    seed: int | None = None
