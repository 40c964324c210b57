"""The table that a document brings with it: its Table node."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.basics.faults import BadInput, Where
from app.basics.words import say
from app.batch.filling import TABLE
from app.batch.row_faults import bad_row
from app.batch.standing import Resolve
from app.batch.table import Row, Table, joined, open_table
from app.document.edits import remove_nodes
from app.document.values import Document, Node, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTable:
    """`file` may be empty: nothing is chosen yet. `other` is the second table's file; `row` the number of the
    row that is shown, 0 for the first."""

    node: str
    file: str
    sheet: str = ""
    other: str = ""
    how: Literal["cross", "zip"] = "cross"
    row: int = 0

    def source(self) -> tuple[str, str, str, str]:
        """What decides which rows there are."""
        return (self.file, self.sheet, self.other, self.how)


def own_table(document: Document) -> OwnTable | None:
    """Of the first Table node that is not skipped; one with a file before one without."""
    nodes = [(id, node) for id, node in document.nodes.items() if node.kind == TABLE and not node.skip]
    nodes.sort(key=lambda one: not _text(one[1], "file"))
    return _own(*nodes[0]) if nodes else None


def further_tables(document: Document) -> tuple[str, ...]:
    """Table nodes besides it that have a file, and are not used."""
    own = own_table(document)
    return tuple(
        id
        for id, node in document.nodes.items()
        if node.kind == TABLE and not node.skip and _text(node, "file") and own is not None and id != own.node
    )


def table_nodes(document: Document) -> frozenset[str]:
    return frozenset(id for id, node in document.nodes.items() if node.kind == TABLE)


def without_tables(document: Document) -> Document:
    """A document that was filled in, as one without a table."""
    return remove_nodes(document, table_nodes(document))


def open_own(own: OwnTable, resolve: Resolve) -> Table:
    """The table that it names. Blocks: call it in a thread.

    :raises BadInput: it cannot be read, with the node and the parameter
    """
    table = _opened(own, resolve, own.file, own.sheet, "file")
    if not own.other:
        return table
    other = _opened(own, resolve, own.other, "", "with")
    try:
        return joined(table, other, own.how)
    except BadInput as fault:
        raise fault.at(Where(node=own.node, parameter="with")) from fault.__cause__


def shown_row(own: OwnTable, table: Table) -> Row:
    """The row that stands for all. Blocks.

    :raises BadInput: there is no such row, with the node
    """
    try:
        return table.row(own.row) if own.row else table.first()
    except BadInput as fault:
        raise fault.at(Where(node=own.node, parameter="row")) from fault.__cause__


def table_paths(own: OwnTable, resolve: Resolve) -> tuple[Path, ...]:
    """Where its files lie, one or two.

    :raises BadInput: as `open_own`
    """
    named = (("file", own.file), ("with", own.other))
    return tuple(_path(own, resolve, file, parameter) for parameter, file in named if file)


def _path(own: OwnTable, resolve: Resolve, file: str, parameter: str) -> Path:
    """

    :raises BadInput: it lies outside the document's folder and was not chosen by hand
    """
    try:
        return resolve(file)
    except BadInput as fault:
        raise bad_row(
            fault.title,
            advice=say(
                "Choose the table by hand, or put it into the document's folder with its photographs."
            ),
            code="table.outside",
            where=Where(node=own.node, parameter=parameter),
        ) from fault


def _opened(own: OwnTable, resolve: Resolve, file: str, sheet: str, parameter: str) -> Table:
    path = _path(own, resolve, file, parameter)
    try:
        return open_table(path, sheet=sheet)
    except BadInput as fault:
        named = "sheet" if fault.code == "table.no-sheet" else parameter
        raise fault.at(Where(node=own.node, parameter=named)) from fault.__cause__


def _own(id: str, node: Node) -> OwnTable:
    row: Value = node.values.get("row")
    return OwnTable(
        node=id,
        file=_text(node, "file"),
        sheet=_text(node, "sheet"),
        other=_text(node, "with"),
        how="zip" if node.values.get("how") == "zip" else "cross",
        row=row if isinstance(row, int) and not isinstance(row, bool) and row > 0 else 0,
    )


def _text(node: Node, name: str) -> str:
    held = node.values.get(name)
    return held.strip() if isinstance(held, str) else ""
