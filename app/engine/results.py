"""What a run gives: pictures, and words that are no failure."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from app.basics.faults import DiskTrouble
from app.basics.money import NOTHING, Money


class Result(Struct, frozen=True, kw_only=True):
    """A picture that a node has. `draft`: from the sandbox. `reused`: from the library, nothing paid now.
    `credits` and `money` are what was paid by this run for it (0 when reused or a draft); `money` None where
    the vendor tells no price."""

    node: str
    path: Path
    sha256: str
    width: int
    height: int
    seed: int | None = None
    credits: int = 0
    money: Money | None = NOTHING
    reused: bool = False
    draft: bool = False
    operation: str = ""
    fingerprint: str = ""
    """The content key of what was asked, the seed included."""
    saved: Path | None = None
    """Where a Save Image node or the command line's output folder put it."""


class Notice(Struct, frozen=True, kw_only=True):
    """Something to tell that is not a failure: "No key for Runway: drafts from the sandbox"."""

    run: str
    code: str
    text: str


class PictureHeld(DiskTrouble):
    """The library could not take the picture, and it is held. The code is that of what went wrong."""
