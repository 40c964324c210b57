"""Tables and documents to fill from them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import openpyxl
import pytest

from app.basics.faults import BadInput
from app.batch.row_faults import BadRow
from app.batch.table import Row, Table, open_table
from app.catalogue.reader import read_cards
from app.document.values import Document, End, Link, Links, Node, Value
from app.nodes.check import Rules
from app.nodes.registry import build_kinds, shapes_of

KINDS = build_kinds(read_cards())
RULES = Rules(kinds=KINDS, shapes=shapes_of(KINDS))
Cells = Sequence[Sequence[str]]


def written(path: Path, rows: Iterable[Sequence[object]], encoding: str = "utf-8", **dialect: object) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, **dialect).writerows(rows)  # type: ignore[arg-type]
    return path


def sheet(path: Path, rows: Iterable[Sequence[object]], **more: Iterable[Sequence[object]]) -> Path:
    book = openpyxl.Workbook(write_only=True)
    for name, content in {"Products": rows, **more}.items():
        page = book.create_sheet(name)
        for row in content:
            page.append(list(row))
    book.save(path)
    return path


def cells(table: Table) -> list[dict[str, str]]:
    return [dict(one.cells) for one in table.rows()]


def refused(what: Callable[[], object]) -> BadInput:
    with pytest.raises(BadInput) as caught:
        what()
    assert caught.value.title
    assert caught.value.advice
    return caught.value


def refusal(path: Path, sheet: str = "") -> BadRow:
    fault = refused(lambda: open_table(path, sheet=sheet))
    assert isinstance(fault, BadRow)
    return fault


def row(number: int = 2, **cells: str) -> Row:
    return Row(number=number, cells=MappingProxyType(cells))


def node(kind: str, title: str = "", **values: Value) -> Node:
    return Node(kind=kind, title=title, values=MappingProxyType(values))


def linked(nodes: Mapping[str, Node], *links: tuple[str, str, str]) -> Document:
    """Each link is from, to and its tag."""

    def end(text: str) -> End:
        return End(*text.split("."))

    made = tuple(Link(source=end(one), target=end(other), tag=tag) for one, other, tag in links)
    return Document(nodes=MappingProxyType(dict(nodes)), links=Links(made))


def shot(**changes: Node) -> Document:
    """A product shot whose words, photograph, tag, seed and name come from a table."""
    return linked(
        {
            "words": node("prompt", text="A {colour} @{tag} on a table"),
            "photo": node("reference-image", file="{photo}", sha256="a" * 64),
            "hero": node("gen4-image", aspect_ratio="16:9", resolution="1080p", seed="{seed}"),
            "keep": node("save-image", name="{sku}-{seed}"),
            **changes,
        },
        ("words.text", "hero.prompt", ""),
        ("photo.image", "hero.reference_images", "{tag}"),
        ("hero.image", "keep.image", ""),
    )


SHOT_ROW = {"sku": "A1", "colour": "red", "tag": "shoe", "photo": "shoe.png", "seed": "7"}
