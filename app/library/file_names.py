"""What the files of an asset are called: `<sha256>.png` the picture, `<sha256>.<name>.json` its notes. And
what their names tell of an asset that a process was moving or deleting when it was killed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.basics.faults import Bug
from app.basics.words import say

NOTE_SUFFIX = ".json"
MARKS = "marks"
"""The note that is no origin: what a person says of a picture. No operation is called so: their ids are
longer."""
_HEX = frozenset("0123456789abcdef")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


def is_sha256(text: str) -> bool:
    return len(text) == 64 and _HEX.issuperset(text)


def note_of(name: str) -> tuple[str, str] | None:
    """Hash of the asset and name of a note, from the name of its file; None for any other file."""
    sha256, _, called = name.removesuffix(NOTE_SUFFIX).partition(".")
    return (sha256, called) if name.endswith(NOTE_SUFFIX) and called and is_sha256(sha256) else None


def check_note_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise Bug(
            say("{name!r} cannot name a note.", name=name),
            advice=say("Please report this."),
            code="library.note-name",
        )


def to_put_back(names: Iterable[str]) -> list[str]:
    """The withdrawn files of an asset in the order in which they come back: the picture first, for notes
    without it are said missing. None where it was being dropped: its origins had gone before it."""
    ordered = sorted(names, key=_rank)
    ranks = {_rank(one) for one in ordered}
    return [] if 0 in ranks and 2 not in ranks else ordered


def to_drop(names: Iterable[str]) -> list[str]:
    """In the order in which they are deleted: the origins first, and the picture last. So what is left of
    them tells `to_put_back` what was being done."""
    return sorted(names, key=_rank, reverse=True)


def _rank(name: str) -> int:
    """0 the picture, 1 its marks, 2 an origin."""
    note = note_of(name)
    return 0 if note is None else 1 if note[1] == MARKS else 2
