"""What is wrong in a document, where, why, and the edit that mends it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from app.basics.faults import BadInput, Where
from app.document.values import Document

Edit = Callable[[Document], Document]
"""A pure change. It gives back the same object when there is nothing to do."""


class Severity(StrEnum):
    ERROR = "error"
    """Stops a run before anything is sent."""
    HINT = "hint"


class Fix(Struct, frozen=True, kw_only=True):
    """`label` is what the button says: "Use @sneaker", "Pad", "Crop"."""

    label: str
    edit: Edit


class Problem(Struct, frozen=True, kw_only=True):
    """`code` is a stable name (`tag.unknown`); `title` says what is wrong with names in it, `advice` what
    to do. `span` is the place in the prompt's own text, start and end in code points, where there is one.
    """

    code: str
    severity: Severity
    where: Where
    title: str
    advice: str
    fixes: tuple[Fix, ...] = ()
    span: tuple[int, int] | None = None

    def as_fault(self) -> BadInput:
        return BadInput(self.title, advice=self.advice, code=self.code, where=self.where)
