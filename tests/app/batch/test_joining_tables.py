"""Two tables as one: every row with every row, or the first with the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.batch import joining_tables
from app.batch.table import Table, joined, open_table
from tests.app.batch.tables import cells, refused, sheet, written


def two(tmp_path: Path) -> tuple[Table, Table]:
    (tmp_path / "sets").mkdir(exist_ok=True)
    shoes = written(tmp_path / "shoes.csv", [["sku", "photo"], ["1", "a"], ["2", "b"], ["3", "c"]])
    sets = sheet(tmp_path / "sets" / "sets.xlsx", [["set", "place"], ["A", "x"], ["B", "y"]])
    return open_table(shoes), open_table(sets)


@pytest.mark.parametrize("held", [10**6, 1], ids=["held", "read again"])
def test_cross(tmp_path: Path, held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining_tables, "_HELD", held)
    table = joined(*two(tmp_path), "cross")
    assert table.columns == ("sku", "photo", "set", "place")
    assert [(one["sku"], one["set"]) for one in cells(table)] == [(n, s) for n in "123" for s in "AB"]
    assert [one.number for one in table.rows()] == [2, 3, 4, 5, 6, 7]
    assert table.count == 6
    assert table.row(5).cells["place"] == "y"
    assert table.folder_of("photo") == tmp_path
    assert table.folder_of("place") == tmp_path / "sets"
    assert table.name == "shoes.csv × sets.xlsx"


def test_zip(tmp_path: Path) -> None:
    one, other = two(tmp_path)
    assert refused(lambda: joined(one, other, "zip")).code == "table.unequal"
    third = open_table(written(tmp_path / "x.csv", [["set"], ["A"], [""], ["B"], ["C"]]))
    table = joined(one, third, "zip")
    assert [(row.number, row.cells["sku"], row.cells["set"]) for row in table.rows()] == [
        (2, "1", "A"), (3, "2", "B"), (4, "3", "C"),
    ]  # fmt: skip
    assert table.sha256 != joined(one, third, "cross").sha256 != one.sha256
    written(third.path, [["set"], ["A"]])
    assert refused(lambda: list(table.rows())).code == "table.changed"
    written(third.path, [["set"], *(["A"] for _ in range(9))])
    assert refused(lambda: list(table.rows())).code == "table.changed"


def test_columns_of_the_same_name_and_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, _ = two(tmp_path)
    other = open_table(written(tmp_path / "y.csv", [["SKU", "set"], ["1", "A"]]))
    fault = refused(lambda: joined(one, other, "cross"))
    assert fault.code == "table.same-columns"
    assert "“SKU”" in fault.title
    assert "shoes.csv" in fault.title
    monkeypatch.setattr(joining_tables, "MOST_ROWS", 5)
    assert refused(lambda: joined(*two(tmp_path), "cross")).code == "table.rows"
    monkeypatch.setattr(joining_tables, "MOST_COLUMNS", 3)
    assert refused(lambda: joined(*two(tmp_path), "cross")).code == "table.columns"
