"""A start that may be handed to a window that is there already: which files it takes, and which are left."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from app.basics.doors import Door, age_of, knock, open_door, others, place_of
from app.basics.words import say

APART = "--new-window"
PATIENCE = 4.0
"""Seconds for a window that is there to answer."""
YOUNG = 30.0
STARTING = 15.0
"""Seconds for one that is no older than `YOUNG` seconds: it may still be starting itself."""
TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
"""What a desktop gives a program that it starts, to be let in front."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A start as it goes on in this process. `files` are full paths; `apart`: a window of its own was asked
    for; `note` is what people should know about it."""

    files: tuple[str, ...]
    door: Door | None
    apart: bool = False
    note: str = ""


def starting(words: Sequence[str], environment: Mapping[str, str]) -> Start | None:
    """The start of a window with these words, or None where a window that is there has taken all of it."""
    apart = APART in words
    files = tuple(full_path(word) for word in words if word != APART)
    place = place_of(environment)
    door = open_door(place) if place is not None else None
    start = Start(files=files, door=door, apart=apart)
    if apart or place is None:
        return start
    handing = _Handing(others(place, door), {name: environment.get(name, "") for name in TOKENS})
    left = handing.front() if not files else handing.files(files)
    if left is not None:
        return replace(start, files=left, note=handing.note)
    if door is not None:
        door.close()
    return None


def full_path(word: str) -> str:
    """Of a path, or of a `file:` address as desktops give them; whether it is there is not asked."""
    if word[:5].lower() == "file:":
        word = unquote(urlsplit(word).path, errors="surrogateescape")
        if sys.platform == "win32":
            word = word.lstrip("/")
    return os.path.abspath(os.path.expanduser(word))


class _Handing:
    """Knocks at every older door. One that has kept us waiting is not asked again."""

    def __init__(self, doors: Sequence[Path], tokens: Mapping[str, str]) -> None:
        self._doors, self._tokens = doors, tokens
        self._silent: set[Path] = set()

    @property
    def note(self) -> str:
        if not self._silent:
            return ""
        return say(
            "Tagloom is open already, but that window does not answer; so this is a window of its own."
        )

    def front(self) -> tuple[str, ...] | None:
        """The window that was used last comes to front. None where one did."""
        return None if self._ask("front", (), lambda said: said.get("front") is True) else ()

    def files(self, files: tuple[str, ...]) -> tuple[str, ...] | None:
        """First the windows that have them open, then one that nobody has worked in yet. What is left of
        them, or None."""
        left = list(files)

        def taken(said: Mapping[str, Any]) -> bool:
            for one in said.get("taken", ()):
                if one in left:
                    left.remove(one)
            return not left

        for what in ("has", "free"):
            if self._ask(what, left, taken):
                return None
        return tuple(left)

    def _ask(self, what: str, files: Sequence[str], enough: Callable[[dict[str, Any]], bool]) -> bool:
        for door in self._doors:
            said = self._knock(door, {"ask": what, "files": list(files), "tokens": dict(self._tokens)})
            if said is not None and enough(said):
                return True
        return False

    def _knock(self, door: Path, words: Mapping[str, Any]) -> dict[str, Any] | None:
        if door in self._silent:
            return None
        try:
            return knock(door, words, seconds=STARTING if age_of(door) < YOUNG else PATIENCE)
        except TimeoutError:
            self._silent.add(door)
            return None
