"""The one tree of faults: what went wrong, in words for people, with what they need to decide.

A fault is born at a border (a file, a socket, a vendor, a disk) and travels up unchanged, except
that a caller who knows the place adds it with :meth:`Fault.at`. It never carries a key, a token or
a signed address: whoever makes one is responsible for what `detail` says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from app.basics.words import joined, spoken


class Charged(StrEnum):
    """Whether money left the artist's account."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


class Retry(StrEnum):
    """Whether the same thing may be tried again, and by whom."""

    NOW = "now"
    LATER = "later"
    ASK = "ask"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The place a fault or a problem belongs to; every part is optional.

    `item` counts from 0 within an input that takes many (the second reference is item 1).
    """

    node: str | None = None
    socket: str | None = None
    parameter: str | None = None
    item: int | None = None

    def filled_by(self, other: Where) -> Where:
        """This place, its gaps filled from `other`."""
        return Where(
            node=self.node if self.node is not None else other.node,
            socket=self.socket if self.socket is not None else other.socket,
            parameter=self.parameter if self.parameter is not None else other.parameter,
            item=self.item if self.item is not None else other.item,
        )


NOWHERE = Where()


class Fault(Exception):
    """Something went wrong. `title` says what, `advice` what to do next.

    `code` is a stable name for programs and translations (`runway.safety.input.text`);
    `detail` is what a support person would ask for and may be empty.
    """

    kind = "fault"

    def __init__(
        self,
        title: str,
        *,
        advice: str,
        code: str,
        charged: Charged = Charged.NO,
        retry: Retry = Retry.NEVER,
        where: Where = NOWHERE,
        detail: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(title)
        self._title = title
        self._advice = advice
        self.code = code
        self.charged = charged
        self.retry = retry
        self.where = where
        self.detail = detail
        self.retry_after = retry_after

    @property
    def title(self) -> str:
        """In the language of now, whenever the fault was made; so is `advice`."""
        return spoken(self._title)

    @title.setter
    def title(self, title: str) -> None:
        self._title = title

    @property
    def advice(self) -> str:
        return spoken(self._advice)

    @advice.setter
    def advice(self, advice: str) -> None:
        self._advice = advice

    def at(self, where: Where) -> Self:
        """The same fault at a place; what it knew already wins. Keeps the traceback."""
        self.where = self.where.filled_by(where)
        return self

    def sentence(self) -> str:
        """Title and advice as one paragraph."""
        return joined(self.title, self.advice)


class BadInput(Fault):
    """The document, command or file is wrong: nothing was sent."""

    kind = "bad-input"


class Refused(Fault):
    """A vendor or a cap said no."""

    kind = "refused"


class Unreachable(Fault):
    """The other side could not be reached; nothing arrived there."""

    kind = "unreachable"


class Late(Fault):
    """A deadline passed."""

    kind = "late"


class Lost(Fault):
    """Sent, and the answer was lost: only a person can decide what to do."""

    kind = "lost"


class DiskTrouble(Fault):
    """A file or a database could not be read or written."""

    kind = "disk"


class Bug(Fault):
    """Our own mistake."""

    kind = "bug"


TREE: tuple[type[Fault], ...] = (BadInput, Refused, Unreachable, Late, Lost, DiskTrouble, Bug)


def place_of(where: Where, **changes: str | int | None) -> Where:
    """`where` with some parts replaced."""
    return replace(where, **changes)  # type: ignore[arg-type]
