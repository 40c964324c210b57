"""What artists keep for themselves, as plain files in their own folder: pieces of prompts and templates. The
title is the file's name, so that they can be looked at, mailed and put there by hand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
MOST_TITLE = 60
_MOST_BYTES = 180


def title_of(text: str, otherwise: str) -> str:
    """A title that may be a file's name everywhere: one line, bounded, of the first words of `text`."""
    plain = " ".join(_NOT_IN_NAMES.sub(" ", unicodedata.normalize("NFC", text)).split())
    short = plain if len(plain) <= MOST_TITLE else plain[:MOST_TITLE].rpartition(" ")[0] or plain[:MOST_TITLE]
    while len(short.encode("utf-8", "replace")) > _MOST_BYTES:
        short = short[:-1]
    short = short.encode("utf-8", "ignore").decode("utf-8").strip(". ")
    if not short:
        return otherwise
    return f"{short} 1" if _RESERVED.fullmatch(short) else short


def free_title(title: str, taken: Iterable[str]) -> str:
    """The title, numbered where another has it; without regard to case, as some disks see names."""
    known = {one.casefold() for one in taken}
    number, free = 2, title
    while free.casefold() in known:
        free, number = f"{title} {number}", number + 1
    return free


def files_in(folder: Path, suffix: str) -> tuple[Path, ...]:
    """The visible files of a folder with this ending, by title; none where the folder is not there.

    :raises OSError: it cannot be listed
    """
    if not folder.is_dir():
        return ()
    found = [one for one in folder.iterdir() if one.suffix.lower() == suffix and not one.name.startswith(".")]
    return tuple(sorted((one for one in found if one.is_file()), key=lambda one: one.stem.casefold()))
