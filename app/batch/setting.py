"""What a batch is to do: the document, the table, where its pictures go, what it may spend."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from msgspec.structs import replace

from app.basics.money import Money
from app.batch.filling import NOTE, TABLE, columns_used
from app.batch.standing import Standing
from app.batch.table import Table
from app.document import project_file
from app.document.values import Document
from app.nodes.declare import Kinds

NAMES = ("sku", "id", "name", "title", "product")
"""Columns by which a shop calls its products, the first that is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCaps:
    """Upper bounds on all that this batch ever buys, over all its starts; None for none. `failures`: so many
    in one start, and it stops."""

    credits: int | None = None
    money: Money | None = None
    failures: int | None = None


NO_BATCH_CAPS = BatchCaps()


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSetting:
    """`document_id` is the document's name in the ledger, `folder` where its `file` values begin; `output`
    the folder that the rows' folders are made in; `folders` the name template of those, empty for the shop's
    own names. `retry_unknown` and `retry_failed` are about what an earlier start left."""

    document: Document
    document_id: str
    folder: Path
    table: Table
    kinds: Kinds
    output: Path
    folders: str = ""
    live_only: bool = False
    retry_unknown: bool = False
    retry_failed: bool = False
    caps: BatchCaps = NO_BATCH_CAPS
    only: frozenset[int] = field(default=frozenset())
    """Numbers of the rows that are wanted; empty for all."""

    @property
    def used(self) -> tuple[str, ...]:
        """The columns that stand in the document."""
        return columns_used(self.document, self.table.columns, self.kinds)

    @property
    def standing(self) -> Standing:
        """Where the files that the table names stand."""
        return Standing(table=self.table, home=self.folder)

    @property
    def name_column(self) -> str:
        """By which the shop calls its products; empty: by none."""
        by_name = {name.casefold().strip(): name for name in reversed(self.table.columns)}
        return next((by_name[name] for name in NAMES if name in by_name), "")

    @property
    def bare(self) -> Document:
        """The document without what no row needs: the Table node, notes, places, frames."""
        nodes = {id: node for id, node in self.document.nodes.items() if node.kind not in (TABLE, NOTE)}
        return replace(
            self.document,
            nodes=MappingProxyType(nodes),
            layout=MappingProxyType({}),
            frames=MappingProxyType({}),
        )

    @property
    def what(self) -> str:
        """A hash of all in the document that a picture can depend on: not of where its nodes lie."""
        return hashlib.sha256(project_file.write_text(self.bare).encode()).hexdigest()
