"""What happens to a name that a file has already, on the disk or among those that are written with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from app.basics.faults import DiskTrouble
from app.basics.words import say
from app.document.disk import words


class Exists(StrEnum):
    """The rule for a name that is taken on the disk. Two of one list are numbered under any rule."""

    NUMBER = "number"
    REPLACE = "replace"
    SKIP = "skip"
    ASK = "ask"


class Fate(StrEnum):
    NEW = "new"
    NUMBERED = "numbered"
    REPLACES = "replaces"
    SKIPPED = "skipped"
    TAKEN = "taken"
    """Somebody has to decide first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """`name` is a path below the folder, with its ending."""

    name: PurePosixPath
    fate: Fate


Taken = Callable[[PurePosixPath], bool]
"""Whether something has this path below the folder, or one that some disk takes for the same."""


def placed(names: Iterable[PurePosixPath], rule: Exists, taken: Taken) -> tuple[Placed, ...]:
    """In their order."""
    given: set[str] = set()
    counts: dict[str, int] = {}
    found: list[Placed] = []
    for name in names:
        there, twin = taken(name), same(name) in given
        if not there and not twin:
            found.append(Placed(name=name, fate=Fate.NEW))
        elif there and not twin and rule is not Exists.NUMBER:
            found.append(Placed(name=name, fate=_FATES[rule]))
        else:
            found.append(Placed(name=_numbered(name, given, counts, taken), fate=Fate.NUMBERED))
        given.add(same(found[-1].name))
    return tuple(found)


def same(name: PurePosixPath) -> str:
    """Equal for names that some disk takes for one."""
    return unicodedata.normalize("NFC", str(name)).casefold()


def on_disk(folder: Path) -> Taken:
    """Looks at each folder once, so that ten thousand names are no ten thousand questions.

    :raises DiskTrouble: from the answer: it cannot be listed
    """
    seen: dict[PurePosixPath, frozenset[str]] = {}

    def taken(name: PurePosixPath) -> bool:
        if name.parent not in seen:
            seen[name.parent] = _names_in(folder / name.parent)
        return same(PurePosixPath(name.name)) in seen[name.parent]

    return taken


def _names_in(folder: Path) -> frozenset[str]:
    try:
        return frozenset(same(PurePosixPath(one.name)) for one in folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
    except OSError as error:
        raise DiskTrouble(
            say("The folder {folder} cannot be read: {words}.", folder=folder, words=words(error)),
            advice=say("Choose another folder."),
            code="export.folder-unreadable",
            detail=str(error),
        ) from error


def _numbered(name: PurePosixPath, given: set[str], counts: dict[str, int], taken: Taken) -> PurePosixPath:
    number = counts.get(same(name), 1)
    while True:
        number += 1
        other = name.with_name(f"{name.stem}-{number}{name.suffix}")
        if same(other) not in given and not taken(other):
            counts[same(name)] = number
            return other


_FATES = {Exists.REPLACE: Fate.REPLACES, Exists.SKIP: Fate.SKIPPED, Exists.ASK: Fate.TAKEN}
