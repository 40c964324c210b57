"""Whether there is a newer Tagloom: never asked for before the artist has said yes, and only ever told.

`to_ask` is true at the third start, not at the first. What was heard is remembered, so that an unchanged
answer costs no body and a version is told of once by itself.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from app.basics.about import tagloom_version
from app.basics.clock import Clock
from app.basics.faults import DiskTrouble, Fault
from app.preferences import declared
from app.preferences.options import Options
from app.providers.news import News

ASK_AT_START = 3
EVERY = timedelta(days=1)
_SHAPE = re.compile(
    r"v?(\d{1,9}(?:\.\d{1,9}){0,5})(?:[-._]?(dev|alpha|a|beta|b|preview|pre|rc|c)[-._]?(\d{0,9}))?(?:\+[\w.-]*)?",
    re.IGNORECASE,
)
_EARLY = {"dev": -4, "alpha": -3, "a": -3, "beta": -2, "b": -2, "preview": -1, "pre": -1, "rc": -1, "c": -1}
Order = tuple[tuple[int, ...], int, int]


def order_of(version: str) -> Order | None:
    """What versions are sorted by: 1.0.dev1 < 1.0a1 < 1.0b1 < 1.0rc1 < 1.0 = 1.0.0 = v1.0+local. None for
    what is no version."""
    found = _SHAPE.fullmatch(version.strip())
    if found is None:
        return None
    numbers = [int(one) for one in found.group(1).split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    early = found.group(2)
    return tuple(numbers), _EARLY[early.lower()] if early else 0, int(found.group(3) or 0)


class Update(Struct, frozen=True, kw_only=True):
    """A newer version, where to read of it, and what has changed; the last two may be empty."""

    version: str
    page: str = ""
    words: str = ""


class _Memory(Struct, frozen=True, kw_only=True):
    """What was heard last, and when; `told` is the version that was told of by itself."""

    asked: str = ""
    mark: str = ""
    version: str = ""
    page: str = ""
    words: str = ""
    told: str = ""


class Updates:
    def __init__(self, news: News, options: Options, clock: Clock, version: str = "") -> None:
        self._news, self._options, self._clock = news, options, clock
        self.version = version or tagloom_version()

    def count_start(self) -> None:
        """The window was opened."""
        if self._wish == "ask":
            self._set_starts(self._options.get(declared.STARTS) + 1)

    @property
    def to_ask(self) -> bool:
        """Whether it is time to ask whether to look."""
        return self._wish == "ask" and self._options.get(declared.STARTS) >= ASK_AT_START

    def answer(self, *, yes: bool) -> None:
        """The artist has decided. :raises DiskTrouble: it holds until the end of this session"""
        self._options.set(declared.UPDATE_CHECKS, "daily" if yes else "never")

    def not_now(self) -> None:
        """Asked again at the third start from here."""
        self._set_starts(0)

    @property
    def due(self) -> bool:
        """Whether it was agreed to look, and a day has gone by."""
        if self._wish != "daily":
            return False
        try:
            asked = datetime.fromisoformat(self._memory.asked)
            return not timedelta(0) <= self._clock.now() - asked < EVERY
        except (ValueError, TypeError):  # never asked, or kept by another Tagloom
            return True

    async def look_by_itself(self) -> Update | None:
        """Once a day, if it was agreed to; silent about all that goes wrong, and about what was told."""
        if not self.due:
            return None
        self._keep(replace(self._memory, asked=self._clock.now().isoformat()))  # also where it fails
        try:
            found = await self.look()
        except Fault:
            return None
        if found is None or found.version == self._memory.told:
            return None
        self._keep(replace(self._memory, told=found.version))
        return found

    async def look(self) -> Update | None:
        """A newer version, if there is one. :raises Unreachable: it could not be learned"""
        before = self._memory
        heard = await self._news.ask(before.mark if before.version else "")
        memory = replace(before, asked=self._clock.now().isoformat(), mark=heard.mark)
        if (new := heard.release) is not None:
            early = new.early and order_of(self.version) is not None and not self._early
            version = "" if early else new.version
            memory = replace(memory, version=version, page=new.page, words=new.words)
        self._keep(memory)
        wanted, ours = order_of(memory.version), order_of(self.version)
        if wanted is None or ours is None or wanted <= ours:
            return None
        return Update(version=memory.version.removeprefix("v"), page=memory.page, words=memory.words)

    @property
    def _early(self) -> bool:
        """Whether this is itself a try-out."""
        ours = order_of(self.version)
        return ours is not None and ours[1] < 0

    @property
    def _wish(self) -> str:
        return self._options.get(declared.UPDATE_CHECKS)

    @property
    def _memory(self) -> _Memory:
        names = _Memory.__struct_fields__
        held = self._options.get(declared.UPDATE_HEARD)
        return _Memory(**dict(zip(names, held, strict=True))) if len(held) == len(names) else _Memory()

    def _keep(self, memory: _Memory) -> None:
        with suppress(DiskTrouble):  # it holds for this session all the same
            texts = tuple(getattr(memory, name) for name in _Memory.__struct_fields__)
            self._options.set(declared.UPDATE_HEARD, texts)

    def _set_starts(self, count: int) -> None:
        with suppress(DiskTrouble):
            self._options.set(declared.STARTS, count)
