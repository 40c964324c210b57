"""CSV and TSV as shops write them: delimiters, encodings, quotes, line breaks, and what is wrong in them."""

from __future__ import annotations

import codecs
import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.basics.faults import BadInput
from app.batch import reading, reading_text
from app.batch.table import open_table
from tests.app.batch.tables import cells, refusal, refused, written

ROWS = [["sku", "name", "photo"], ["007", "Shoe, red", "a.jpg"], ["008", 'The "big" one', "b/c.jpg"]]
SHOES = [dict(zip(ROWS[0], one, strict=True)) for one in ROWS[1:]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_recognised(tmp_path: Path, delimiter: str) -> None:
    table = open_table(written(tmp_path / "t.csv", ROWS, delimiter=delimiter))
    assert table.columns == ("sku", "name", "photo")
    assert cells(table) == SHOES
    assert [one.number for one in table.rows()] == [2, 3]
    assert table.count == 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("price;name\n1,50;a\n2,50;b\n", ("price", "name")),
        ("name\tprice\nA, B, C\t1\nD, E\t2\n", ("name", "price")),
        ("sku\n1\n2\n", ("sku",)),
        ("sep=;\r\nsku;name\r\n1;a,b\r\n", ("sku", "name")),
        ('name,words\n"a;b;c","x"\n"d;e;f","y"\n', ("name", "words")),
    ],
)
def test_it_is_the_one_that_gives_even_rows(tmp_path: Path, text: str, names: tuple[str, ...]) -> None:
    (tmp_path / "t.csv").write_text(text, "utf-8", newline="")
    assert open_table(tmp_path / "t.csv").columns == names


def test_one_column_with_tabs_in_its_name_says_so(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text("name\nA, B\n", "utf-8")
    assert cells(open_table(tmp_path / "t.tsv")) == [{"name": "A, B"}]


def test_rows_are_counted_as_a_spreadsheet_does(tmp_path: Path) -> None:
    text = '\n\nsku , name\n1,"two\nlines"\n,\n\n 2 ,  b \n'
    (tmp_path / "t.csv").write_text(text, "utf-8")
    table = open_table(tmp_path / "t.csv")
    assert [(one.number, dict(one.cells)) for one in table.rows()] == [
        (4, {"sku": "1", "name": "two\nlines"}),
        (7, {"sku": "2", "name": "b"}),
    ]
    assert table.count == 2
    assert table.row(7).cells["name"] == "b"
    assert table.first().number == 4


@pytest.mark.parametrize("number", [1, 3, 5, 8, 10_000])
def test_a_row_with_nothing_in_it_is_none(tmp_path: Path, number: int) -> None:
    (tmp_path / "t.csv").write_text("\n\nsku,name\n1,a\n,\n\n2,b\n", "utf-8")
    fault = refused(lambda: open_table(tmp_path / "t.csv").row(number))
    assert fault.code == "table.no-row"
    assert str(number) in fault.title
    assert ("row 7" in fault.advice) is (number > 7)


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("utf-8", "白色运动鞋"),
        ("utf-8-sig", "白色运动鞋"),
        ("utf-16", "白色运动鞋"),
        ("utf-16-le", "shoes and 鞋"),
        ("utf-16-be", "shoes"),
        ("utf-32", "鞋"),
        ("gb18030", "白色运动鞋，红色跑步鞋，咖啡杯，木桌子，春季新品上市"),
        ("big5", "白色運動鞋，紅色跑步鞋，咖啡杯，木桌子，春季新品上市"),
        ("cp932", "白いスニーカー、コーヒーカップ、木のテーブル"),
        ("euc_jp", "白いスニーカー、コーヒーカップ、木のテーブル"),
        ("cp949", "하얀 운동화와 커피 컵, 나무 테이블"),
        ("cp1252", "Weiße Schuhe für Läufer, 19 €"),
        ("cp1252", "Café crème à l’été"),
        ("cp1252", "19 €"),
        ("cp1252", "Zapatos de niño, edición otoño – 20 °C"),
        ("cp1250", "Żółte buty damskie, filiżanka do kawy, drewniany stół"),
        ("cp1250", "Bílé tenisky, hrnek na kávu, dřevěný stůl"),
        ("gb18030", "鞋子"),
        ("gb18030", "蓝色的杯子"),
        ("cp1251", "белые кроссовки и чашка кофе"),
    ],
)
def test_encodings_are_recognised(tmp_path: Path, encoding: str, words: str) -> None:
    rows = [["sku", "words"], *([f"{n}", words] for n in range(5))]
    table = open_table(written(tmp_path / "t.csv", rows, encoding))
    assert {one["words"] for one in cells(table)} == {words}
    assert table.encoding
    assert bool(table.notes) is (encoding not in ("utf-8", "utf-8-sig", "utf-16", "utf-32"))
    assert all(table.encoding in one for one in table.notes)


def test_what_is_nearly_utf8_is_told_with_its_row(tmp_path: Path) -> None:
    good = "".join(f"{n},белые кроссовки\n" for n in range(2, 40))
    (tmp_path / "t.csv").write_bytes(f"sku,words\n{good}40,".encode() + b"\xff\n41,b\n")
    fault = refusal(tmp_path / "t.csv")
    assert (fault.code, fault.row, fault.column) == ("table.encoding", 40, "B")
    assert "UTF-8" in fault.advice


def test_a_letter_between_two_pieces_is_whole(tmp_path: Path) -> None:
    text = "sku,words\n" + "".join(f"{n},{'鞋' * 1000}\n" for n in range(800))
    (tmp_path / "t.csv").write_text(text, "utf-8")
    table = open_table(tmp_path / "t.csv")
    assert (table.count, table.notes) == (800, ())


@pytest.mark.parametrize(
    ("text", "code", "row", "column"),
    [
        ("", "table.empty", 0, ""),
        ("\n \n,,\n", "table.empty", 0, ""),
        ("sku,name\n", "table.no-rows", 0, ""),
        ("sku,name\n,\n", "table.no-rows", 0, ""),
        ("sku,Name, name \n1,a,b\n", "table.twice", 1, "C"),
        ("sku,name\n1,a\n2,a,b\n", "table.no-name", 3, "C"),
        ("sku,,name\n1,x,a\n", "table.no-name", 2, "B"),
        (f"sku,{'n' * 300}\n1,x\n", "table.header", 1, "B"),
        (",".join(f"c{n}" for n in range(1100)) + "\n1\n", "table.columns", 1, ""),
        (f"sku,name\n1,a\n2,{'x' * 40_000}\n", "table.cell", 3, "name"),
        ('sku,name\n1,"a\n2,b\n', "table.quote", 2, ""),
        ('sku,name\n1,a\n2,"a" b\n', "table.quote", 3, ""),
        (f'sku,name\n1,"{"x" * 200_000}\n', "table.quote", 2, ""),
        ("sku,name\n1,a\0b\n", "table.form", 0, ""),
    ],
)
def test_bad_tables_are_told_with_row_and_column(
    tmp_path: Path, text: str, code: str, row: int, column: str
) -> None:
    (tmp_path / "t.csv").write_text(text, "utf-8")
    fault = refusal(tmp_path / "t.csv")
    assert (fault.code, fault.row, fault.column) == (code, row, column)
    assert not row or f"Row {row}" in fault.title
    assert not column or f"“{column}”" in fault.title


def test_columns_without_a_name_are_nothing_where_nothing_is_in_them(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("sku,,name,,\n1,,a,,\n2\n", "utf-8")
    assert cells(open_table(tmp_path / "t.csv")) == [{"sku": "1", "name": "a"}, {"sku": "2", "name": ""}]


def test_a_formula_in_a_csv_is_only_text(tmp_path: Path) -> None:
    words = '=HYPERLINK("http://example.com","x")'
    table = open_table(written(tmp_path / "t.csv", [["sku", "words"], ["1", words], ["+1", "@SUM(A1)"]]))
    assert cells(table) == [{"sku": "1", "words": words}, {"sku": "+1", "words": "@SUM(A1)"}]


@pytest.mark.parametrize("name", ["gone.csv", "folder", "a\0b"])
def test_no_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    assert refusal(tmp_path / name).code in ("table.missing", "table.unreadable")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "t.csv")
    assert refusal(tmp_path / "t.csv").code == "table.unreadable"


def test_sizes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "t.csv", [["sku"], *([f"{n}"] for n in range(50))])
    monkeypatch.setattr(reading, "MOST_ROWS", 20)
    assert (refusal(path).code, refusal(path).row) == ("table.rows", 22)
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    assert refusal(path).code == "table.large"
    monkeypatch.setattr(reading_text, "_MOST_LINE", 8)
    path = written(tmp_path / "u.csv", [["sku", "a long name"], ["1", "2"]])
    assert refusal(path).code == "table.form"


def test_a_table_that_changes_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", ROWS)
    table = open_table(path)
    written(path, [["sku", "title", "photo"], *ROWS[1:]])
    assert refused(lambda: list(table.rows())).code == "table.changed"
    assert open_table(path).sha256 != table.sha256
    path.unlink()
    assert refused(lambda: list(table.rows())).code == "table.missing"


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=12)
NAMES = st.lists(
    st.from_regex(r"[a-z][a-z0-9 ]{0,8}[a-z0-9]", fullmatch=True), min_size=1, max_size=4, unique=True
)


@settings(max_examples=30, deadline=None)
@given(
    names=NAMES,
    values=st.lists(st.lists(TEXT, min_size=4, max_size=4), min_size=1, max_size=6),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_python_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    names: list[str],
    values: list[list[str]],
    encoding: str,
    delimiter: str,
    quoting: int,
) -> None:
    """The header in quotes tells the delimiter, whatever stands in the cells."""
    names = [" ".join(one.split()) for one in names]
    rows = [one[: len(names)] for one in values]
    path = tmp_path_factory.getbasetemp() / "back.csv"
    head = io.StringIO(newline="")
    csv.writer(head, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerow(names)
    body = io.StringIO(newline="")
    csv.writer(body, delimiter=delimiter, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    path.write_text(f"sep={delimiter}\n{head.getvalue()}{body.getvalue()}", encoding, newline="")
    expected = [dict(zip(names, map(str.strip, one), strict=True)) for one in rows]
    expected = [one for one in expected if any(one.values())]
    if expected:
        assert cells(open_table(path)) == expected
    else:
        assert refusal(path).code == "table.no-rows"


JUNK = st.one_of(
    st.binary(max_size=400),
    st.binary(max_size=300).map(lambda one: codecs.BOM_UTF16_LE + one),
    st.text(st.sampled_from('a,;\t"\n\r\0=é{}鞋 '), max_size=200).map(lambda one: one.encode()),
    st.binary(max_size=300).map(lambda one: b"PK\3\4" + one),
)


@settings(max_examples=100, deadline=None)
@given(JUNK)
def test_junk_is_a_table_or_bad_input(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    _try_junk(tmp_path_factory.getbasetemp() / "junk.csv", junk)


@pytest.mark.soak
@settings(max_examples=4_000, deadline=None)
@given(JUNK)
def test_much_junk(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    _try_junk(tmp_path_factory.getbasetemp() / "much.csv", junk)


def _try_junk(path: Path, junk: bytes) -> None:
    path.write_bytes(junk)
    faults: list[BadInput] = []
    try:
        table = open_table(path)
    except BadInput as fault:
        faults.append(fault)
    assert all(one.code.startswith("table.") and one.advice for one in faults)
    assert faults or table.count == sum(1 for _ in table.rows())
