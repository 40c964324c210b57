"""A row as plain data: what is to be run, and what came of it. It travels to another machine as JSON.

An order holds no key and nothing that could be executed; whoever runs it has vendors, ledger and library of
its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from app.document import project_file
from app.document.values import Document
from app.journal.operations import row_of


class RowDocument:
    """The filled and seeded document of a row: as it is where it was made, as text where it travels. Written
    or read only when it is asked for: for a row that stays here that would cost as much as planning it."""

    __slots__ = ("_text", "_whole")

    def __init__(self, document: Document | str) -> None:
        self._whole = None if isinstance(document, str) else document
        self._text = document if isinstance(document, str) else None

    @property
    def whole(self) -> Document:
        """:raises BadInput: it came as text, and that is no document"""
        if self._whole is None:
            self._whole = project_file.read_text(self.text).document
        return self._whole

    @property
    def text(self) -> str:
        """As `project_file` writes it."""
        if self._text is None:
            self._text = project_file.write_text(self.whole)
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RowDocument) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


class RowOrder(msgspec.Struct, frozen=True, kw_only=True):
    """`key` is the row's name for ever (`keys.keyed`), `number` its place as a spreadsheet counts.

    `document_id` is the name of the document without the row; `folder` the folder that the document's `file`
    values are relative to, `elsewhere` the folders that hold photographs of the table beside it; `columns`
    the row's cells, for the names of files; `output` the folder of this row's pictures. `front`: before all
    that waits.
    """

    batch: str
    key: str
    number: int
    document: RowDocument
    document_id: str
    folder: str
    columns: dict[str, str]
    output: str
    live_only: bool = False
    retry_unknown: bool = False
    front: bool = False
    elsewhere: tuple[str, ...] = ()

    @property
    def ledger_id(self) -> str:
        """The name of the row in the ledger."""
        return row_of(self.document_id, self.key)


class RowResult(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of a row. `saved` is its path as seen from the row's output folder, with `/`, empty where it
    was not written there. `credits` and `micros` (micro-dollars) are what this run paid for it: nothing for
    what is reused, followed or a draft; `micros` None where no price is known."""

    node: str
    sha256: str
    suffix: str
    saved: str = ""
    seed: int | None = None
    credits: int = 0
    micros: int | None = 0
    reused: bool = False
    draft: bool = False
    width: int = 0
    height: int = 0
    operation: str = ""


_SHARED = (
    *(".key", ".no-key", ".no-credits", ".full", ".no-room"),
    *("library.unwritable", "library.unreachable", "library.forbidden", "library.no-store"),
)


class RowFailure(msgspec.Struct, frozen=True, kw_only=True):
    """A fault, in words. `charged` is no, yes or unknown, `retry` now, later, ask or never. `unknown`: it was
    sent and never answered, and only a person may decide to send it again."""

    node: str
    title: str
    advice: str
    code: str
    charged: str = "no"
    retry: str = "never"
    operation: str = ""
    unknown: bool = False

    @property
    def of_all(self) -> bool:
        """A cap, or a cluster that is gone: it is not the row's fault, which waits, and the batch ends."""
        return self.code.startswith(("budget.", "cluster.scheduler"))

    @property
    def shared(self) -> bool:
        """Every further row would have it too: no key, no credits, or no place to keep a picture in, which is
        no reason to buy the next one."""
        return self.code.endswith(_SHARED)


class RowOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an order. `seconds` from the moment it was begun here, waiting for a place included."""

    key: str
    number: int
    results: tuple[RowResult, ...] = ()
    failures: tuple[RowFailure, ...] = ()
    cancelled: bool = False
    seconds: float = 0.0

    @property
    def unknown(self) -> bool:
        return any(one.unknown for one in self.failures)


class RowRunner(Protocol):
    """Who runs orders: this process (`runner.LocalRunner`), or a cluster."""

    @property
    def at_once(self) -> int:
        """How many orders it wants in flight, at most."""
        ...

    async def run(self, order: RowOrder, tell: Callable[[str], None]) -> RowOutcome:
        """One row to its end; what goes wrong with it is in the outcome. `tell` hears a short state word
        (`waiting`, `sending`, `running`, …).

        Cancelled it leaves, and raises CancelledError: what is under way at a vendor goes on there.
        """
        ...

    async def close(self) -> None: ...
