"""Copies of pictures for other programs, which are handed files: each with a name that can be read, in a
folder of the cache.

They are copies and never links to the library's files: another program may write into what it was given.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.basics.faults import BadInput, DiskTrouble, Fault
from app.basics.ids import new_id
from app.basics.words import say
from app.document.name_template import Facts, parsed
from app.preferences.pieces import free_title, title_of
from app.studio import exporting


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """`name` says which picture it is ("Gen4 Image"), the seed apart: it is never cut off. `stem`: what the
    file is called instead, where somebody has chosen names."""

    path: Path
    name: str
    seed: int | None = None
    stem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What could be copied, and what was in the way of the others."""

    files: tuple[Path, ...]
    faults: tuple[Fault, ...] = ()


class Outgoing:
    """Files of earlier days go with `sweep`; those of today stay, since nobody knows who still reads them."""

    def __init__(self, folder: Path, today: Callable[[], date] = date.today) -> None:
        self._folder = folder
        self._today = today

    def make(self, document: str, pictures: Sequence[Leaving], *, clean: bool) -> Parcel:
        """Copies in a folder of their own, called after the document. `clean`: with nothing but the picture,
        else the bytes as they came. Works on the disk: for a thread."""
        folder = self._folder / self._today().isoformat() / new_id()
        copied = exporting.copy_clean if clean else exporting.copy_as_it_came
        files: list[Path] = []
        faults: list[Fault] = []
        for picture in pictures:
            name = _name(document, picture, [one.stem for one in files])
            try:
                _make(folder)
                files.append(copied(picture.path, folder / f"{name}{picture.path.suffix}").path)
            except Fault as fault:
                faults.append(fault)
        return Parcel(files=tuple(files), faults=tuple(faults))

    def sweep(self) -> None:
        """Removes what was made before today. What cannot be removed waits for the next time."""
        today = self._today().isoformat()
        with contextlib.suppress(OSError):
            for day in [one for one in self._folder.iterdir() if one.name < today]:
                shutil.rmtree(day, ignore_errors=True)


def _name(document: str, picture: Leaving, taken: Sequence[str]) -> str:
    """A file's name on every system."""
    if picture.stem:
        return free_title(picture.stem, taken)
    name = title_of(f"{document} {picture.name}", "picture")
    return free_title(name if picture.seed is None else f"{name} {picture.seed}", taken)


def stem_of(template: str, facts: Facts, number: int) -> str:
    """By the template of exports; empty where there is none, or it does not fit this picture."""
    try:
        return parsed(template).stem(facts, str(number)) if template else ""
    except BadInput:
        return ""


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DiskTrouble(
            say("The picture could not be copied for the other program."),
            advice=say("Free some space on the disk of the cache folder, and drag it again."),
            code="outgoing.folder",
            detail=str(error),
        ) from error
