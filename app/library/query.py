"""What the library is asked for, and how the words of a picture are written down to be found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import PurePosixPath

from msgspec import Struct

# Scripts that are written without spaces: each letter is a word of its own.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_UNSPACED}]+|[^{_UNSPACED}\s]+")
_LETTER = re.compile(rf"[{_UNSPACED}]")
_TAG = re.compile(r"(?<![A-Za-z0-9])[@＠]([A-Za-z][A-Za-z0-9]{2,14})(?![A-Za-z0-9])")
MOST_TAG = 32


class Query(Struct, frozen=True, kw_only=True):
    """All of it has to be so. `words` are looked for in prompts, tags, models, vendors and documents; one
    that begins with @ in the tags alone. None: either way."""

    words: str = ""
    cards: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    colours: tuple[str, ...] = ()
    """Names of `imaging.palette`; any of them."""
    swatch: tuple[int, int, int] | None = None
    """A colour in sRGB, from 0 to 255, that a good part of the picture is close to."""
    drafts: bool | None = None
    starred: bool | None = None
    rejected: bool | None = None
    removed: bool = False
    """Those that were removed, instead of those that were not."""


class Hit(Struct, frozen=True):
    """A picture of the library as a grid shows it: light, since there are ten thousand of them. `made` is
    microseconds since 1970 in UTC; `draft`: it was never bought."""

    sha256: str
    suffix: str
    width: int
    height: int
    made: int
    draft: bool
    star: bool
    rejected: bool


class DiskUse(Struct, frozen=True, kw_only=True):
    """Pictures and bytes; `removed` and `freed` are those of them that a collection may delete."""

    pictures: int
    bytes: int
    removed: int
    freed: int


def normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def searchable(texts: Iterable[str]) -> str:
    """The words as they are kept: without case, Chinese and its like letter by letter."""
    return " ".join(_spaced(run) for text in texts for run in _RUN.findall(normal(text)))


def asked(words: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is looked for in the words, each as `searchable` writes it, and in the tags. A sign alone is
    nothing to look for."""
    runs: list[str] = []
    tags: list[str] = []
    for word in normal(words).split():
        if word.startswith("@") and word[1:].isalnum():
            tags.append(word[1:])
        else:
            runs += [_spaced(run) for run in _RUN.findall(word) if any(map(str.isalnum, run))]
    return tuple(dict.fromkeys(runs)), tuple(dict.fromkeys(tags))


def packed(names: Iterable[str]) -> str:
    """`|one|two|`, so that each is found whole."""
    return "".join(f"|{name}" for name in names) + "|"


def tags_of(prompt: str, request: Mapping[str, object]) -> tuple[str, ...]:
    """The tags of the references that were sent, and those that the prompt calls; in lower case."""
    found = [tag.lower() for tag in _TAG.findall(prompt)]
    references = request.get("references")
    for one in references if isinstance(references, list | tuple) else ():
        tag = one.get("tag") if isinstance(one, Mapping) else None
        if isinstance(tag, str) and tag:
            found.append(normal(tag)[:MOST_TAG])
    return tuple(dict.fromkeys(found))


def words_of(prompt: str, tags: Iterable[str], card: str, vendor: str, document: str) -> str:
    """The text of one origin, as `finds` keeps it."""
    stem = PurePosixPath(document.replace("\\", "/")).stem
    return searchable((prompt, " ".join(tags), card, vendor, stem))


def _spaced(run: str) -> str:
    return " ".join(run) if _LETTER.match(run) else run
