"""XLSX: what its cells show, formulas with and without a result, sheets, and files that are none."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.basics.faults import BadInput
from app.batch import reading_sheet
from app.batch.table import open_table
from tests.app.batch.tables import cells, refusal, sheet


@pytest.mark.parametrize(
    ("value", "format", "shown"),
    [
        ("007", "", "007"),
        (42.0, "", "42"),
        (0.1 + 0.2, "", "0.3"),
        (4006381333931, "", "4006381333931"),
        (1e20, "", "100000000000000000000"),
        (19.9, "0.00", "19.90"),
        (1234.5, "#,##0.00", "1234.50"),
        (42, "00000", "00042"),
        (-7, "000", "-007"),
        (0.25, "0%", "25%"),
        (3.4, "0", "3"),
        (3.5, "[Red]0.00", "3.5"),
        (True, "", "TRUE"),
        (date(2026, 1, 2), "", "2026-01-02"),
        (datetime(2026, 1, 2, 8, 30), "", "2026-01-02 08:30"),
        (datetime(2026, 1, 2, 8, 30, 5), "", "2026-01-02 08:30:05"),
        (time(8, 30), "", "08:30"),
        (timedelta(hours=30), "", "1 day, 6:00:00"),
        ("  two\nlines ", "", "two\nlines"),
        ("{brace} @tag", "", "{brace} @tag"),
    ],
)
def test_cells_are_as_the_shop_sees_them(tmp_path: Path, value: object, format: str, shown: str) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["sku", "value"])
    page.append(["1", value])
    if format:
        page["B2"].number_format = format
    book.save(tmp_path / "t.xlsx")
    assert cells(open_table(tmp_path / "t.xlsx")) == [{"sku": "1", "value": shown}]


def test_the_first_visible_sheet_or_one_by_its_name(tmp_path: Path) -> None:
    path = sheet(tmp_path / "t.xlsx", [["sku"], ["1"]], Scenes=[["place"], ["wall"]])
    table = open_table(path)
    assert (table.sheet, table.sheets, table.columns) == ("Products", ("Products", "Scenes"), ("sku",))
    assert cells(open_table(path, sheet=" scenes ")) == [{"place": "wall"}]
    assert "Products, Scenes" in refusal(path, "Prices").advice
    book = openpyxl.load_workbook(path)
    book["Products"].sheet_state = "hidden"
    book.active = 1
    book.save(path)
    assert open_table(path).sheet == "Scenes"


def test_rows_keep_their_numbers_and_empty_ones_are_left_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page["B3"], page["C3"], page["B5"], page["C900"] = "sku", "name", "1", "late"
    page["Z5"].number_format = "0.00"  # looked at once, never filled
    book.save(tmp_path / "t.xlsx")
    table = open_table(tmp_path / "t.xlsx")
    assert [(one.number, dict(one.cells)) for one in table.rows()] == [
        (5, {"sku": "1", "name": ""}),
        (900, {"sku": "", "name": "late"}),
    ]


def test_a_formula_is_never_computed(tmp_path: Path) -> None:
    path = sheet(tmp_path / "t.xlsx", [["sku", "price"], ["1", "=1+1"]])
    fault = refusal(path)
    assert (fault.code, fault.row, fault.column) == ("table.formula", 2, "B")
    assert "save" in fault.advice


def _kept(path: Path, cell: str) -> Path:
    """The file with the cell B2 written as `cell`, as a spreadsheet program leaves a formula's result."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.infolist():
            data = old.read(one)
            if one.filename.startswith("xl/worksheets/"):
                data, count = re.subn(rb'<c r="B2".*?</c>', cell.encode(), data)
                assert count == 1
            new.writestr(one.filename, data)
    path.write_bytes(out.getvalue())
    return path


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('<c r="B2"><f>1+1</f><v>2</v></c>', "2"),
        ('<c r="B2" t="str"><f>A2&amp;"!"</f><v>1!</v></c>', "1!"),
        ('<c r="B2" t="str"><f>""</f><v></v></c>', ""),
    ],
)
def test_what_a_formula_came_to_is_taken(tmp_path: Path, cell: str, shown: str) -> None:
    path = _kept(sheet(tmp_path / "t.xlsx", [["sku", "price"], ["1", "=1+1"]]), cell)
    assert cells(open_table(path)) == [{"sku": "1", "price": shown}]


def test_a_formula_that_went_wrong_is_told(tmp_path: Path) -> None:
    cell = '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    fault = refusal(_kept(sheet(tmp_path / "t.xlsx", [["sku", "price"], ["1", "x"]]), cell))
    assert (fault.code, fault.row, fault.column) == ("table.formula", 2, "B")
    assert "#DIV/0!" in fault.title


@pytest.mark.parametrize(
    ("rows", "code", "row", "column"),
    [
        ([], "table.empty", 0, ""),
        ([["sku", "name"]], "table.no-rows", 0, ""),
        ([["sku", "sku"], ["1", "2"]], "table.twice", 1, "B"),
        ([["sku"], ["1", "more"]], "table.no-name", 2, "B"),
    ],
)
def test_bad_sheets(tmp_path: Path, rows: list[list[str]], code: str, row: int, column: str) -> None:
    fault = refusal(sheet(tmp_path / "t.xlsx", rows))
    assert (fault.code, fault.row, fault.column) == (code, row, column)


def test_other_spreadsheets_are_named(tmp_path: Path) -> None:
    (tmp_path / "old.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    fault = refusal(tmp_path / "old.xls")
    assert fault.code == "table.form"
    assert "XLSX" in fault.advice
    with zipfile.ZipFile(tmp_path / "t.ods", "w") as zip:
        zip.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        zip.writestr("content.xml", "<x/>")
    assert refusal(tmp_path / "t.ods").code == "table.form"


def _with_sheet(path: Path, xml: bytes, name: str = "xl/worksheets/sheet1.xml") -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            new.writestr(one.filename, xml if one.filename == name else old.read(one))
    path.write_bytes(out.getvalue())
    return path


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
CELL = b'<row r="%d"><c t="inlineStr"><is><t>%s</t></is></c></row>'


@pytest.mark.parametrize(
    "xml",
    [
        SHEET % (b'<row r="1"/>' * 3_000_000),  # small when packed
        SHEET % (CELL % (1, bytes(range(97, 123)) * 200_000)),  # one cell of five million letters
        SHEET % (b"<x>abcdefghij</x>" * 1_000_000),  # not a row in it
    ],
    ids=["rows", "cell", "no rows"],
)
def test_bombs_are_refused_before_they_are_read(tmp_path: Path, xml: bytes) -> None:
    path = _with_sheet(sheet(tmp_path / "t.xlsx", [["sku"], ["1"]]), xml)
    assert refusal(path).code == "table.large"


def test_a_row_far_below_is_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_sheet, "_LAST_ROW", 5_000)
    xml = SHEET % (CELL % (1, b"sku") + CELL % (900_000, b"late"))
    fault = refusal(_with_sheet(sheet(tmp_path / "t.xlsx", [["sku"], ["1"]]), xml))
    assert (fault.code, fault.row) == ("table.rows", 5_001)


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    + SHEET % (CELL % (1, b"&b;"))
)


@pytest.mark.parametrize(
    "xml", [b"", b"<", SHEET % b"<row r='x'/>", ENTITIES, SHEET % b'<row r="1"><c t="s"><v>99</v></c></row>']
)
def test_damaged_sheets_are_no_tables(tmp_path: Path, xml: bytes) -> None:
    assert refusal(_with_sheet(sheet(tmp_path / "t.xlsx", [["sku"], ["1"]]), xml)).code == "table.form"


WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=8).map(
    str.strip
)
VALUES = st.one_of(
    WORDS.filter(lambda one: not one.startswith("=") and "_x" not in one),
    st.integers(-(10**14), 10**14),
    st.booleans(),
    st.none(),
)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=5))
def test_what_openpyxl_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[object]]
) -> None:
    path = sheet(tmp_path_factory.getbasetemp() / "back.xlsx", [["a", "b", "c"], *rows])

    def shown(value: object) -> str:
        if value is None:
            return ""
        return str(value).upper() if isinstance(value, bool) else str(value).strip()

    expected = [dict(zip("abc", map(shown, one), strict=True)) for one in rows]
    expected = [one for one in expected if any(one.values())]
    if expected:
        assert cells(open_table(path)) == expected
    else:
        assert refusal(path).code == "table.no-rows"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = sheet(tmp_path_factory.mktemp("whole") / "t.xlsx", [["sku", "n"], ["a", 1], ["b", "=A1"]])
    return path.read_bytes()


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_a_table_or_bad_input(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, data: st.DataObject
) -> None:
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(4, len(broken) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "broken.xlsx"
    path.write_bytes(bytes(broken[: data.draw(st.integers(len(broken) // 2, len(broken)))]))
    faults: list[BadInput] = []
    try:
        table = open_table(path)
    except BadInput as fault:
        faults.append(fault)
    assert all(one.code.startswith("table.") and one.advice for one in faults)
    assert faults or table.count


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_damaged_part_is_a_table_or_bad_input(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, data: st.DataObject
) -> None:
    _try_damaged_part(tmp_path_factory.getbasetemp() / "part.xlsx", whole, data)


@pytest.mark.soak
@settings(max_examples=800, deadline=None)
@given(data=st.data())
def test_many_damaged_parts(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, data: st.DataObject
) -> None:
    _try_damaged_part(tmp_path_factory.getbasetemp() / "parts.xlsx", whole, data)


def _try_damaged_part(path: Path, whole: bytes, data: st.DataObject) -> None:
    """The zip is sound, and what is written in it is not."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
        names = [one.filename for one in old.infolist()]
        chosen = data.draw(st.sampled_from(names))
        for name in names:
            content = bytearray(old.read(name))
            if name == chosen:
                for _ in range(data.draw(st.integers(1, 4))):
                    place = data.draw(st.integers(0, len(content) - 1))
                    content[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
            new.writestr(name, bytes(content))
    path.write_bytes(out.getvalue())
    faults: list[BadInput] = []
    try:
        open_table(path)
    except BadInput as fault:
        faults.append(fault)
    assert all(one.code.startswith("table.") and one.advice for one in faults)
