"""What a kind of database is to `basics.database`: a file, or a server."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine

from app.basics.faults import Fault


class Backing(Protocol):
    """What one kind of database does in its own way. `raw` is the driver's connection; all of it is called
    in the database's thread."""

    @property
    def file(self) -> Path | None: ...
    @property
    def place(self) -> str:
        """For people."""
        ...

    @property
    def writes(self) -> str:
        """How a transaction begins that writes; `reads`: one that does not."""
        ...

    @property
    def reads(self) -> str: ...
    @property
    def shares_commits(self) -> bool:
        """Whether a commit that failed is surely undone, so that several jobs may share one."""
        ...

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """The driver's own."""
        ...

    def opening(self) -> AbstractContextManager[None]:
        """While it is opened, upgraded or put aside."""
        ...

    def engine(self, title: str, notes: list[str]) -> Engine:
        """What should be told of it is added to `notes` at its first connection."""
        ...

    def check(self, raw: Any) -> None: ...
    def alone(self, raw: Any, name: str) -> None:
        """Keeps other writers of the schema `name` out until the transaction ends."""
        ...

    def opened(self, raw: Any) -> None: ...
    def is_lost(self, raw: Any) -> bool: ...
    def may_pass(self, error: Exception, *, known: bool) -> bool:
        """Whether it may go well if tried again; `known`: it was open before, or has just been asked."""
        ...

    def wrong(self, raw: Any, thorough: bool) -> tuple[str, ...]: ...
    def mend(self, raw: Any) -> None: ...
    def fault(self, name: str, title: str, error: Exception) -> Fault: ...
