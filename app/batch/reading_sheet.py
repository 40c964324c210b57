"""XLSX: what stands in its cells, as a spreadsheet shows it. Formulas are never computed."""

from __future__ import annotations

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from app.basics.faults import BadInput
from app.basics.words import listed, say
from app.batch.reading_source import MOST_COLUMNS, MOST_ROWS, Raw, Source, no_table, unreadable
from app.batch.row_faults import bad_row, letter, shown
from app.imaging.opening import QUIET

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

BEGINS = b"PK\3\4"
_PIECE = 1 << 20
_MOST_SHEET = 1 << 29
_MOST_PART = 1 << 26
"""Bytes of any other part: the words that cells share are held in memory."""
_MOST_WORDS = 2_000_000
_MOST_BETWEEN = 8
"""Pieces without a row."""
_MOST_MEMBERS = 2_000
_MOST_RATIO = 250
_LAST_ROW = 1_048_576
_ROW = re.compile(rb"<(?:\w+:)?row[ />]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_WORD = re.compile(rb"<(?:\w+:)?si[ />]")
_SHEETS = re.compile(r"xl/worksheets/[^/]*\.xml", re.IGNORECASE)
_STRINGS = "xl/sharedstrings.xml"
_ZEROS = re.compile(r"(?:#,##)?(0+)(?:\.(0+))?(%?)", re.ASCII)
_ERRORS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, ParseError, EOFError, ArithmeticError,
    AttributeError, LookupError, NotImplementedError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
"""What openpyxl and `zipfile` raise on junk; each is an answer about the file, not a bug of ours."""


def sheet_source(path: Path, sheet: str) -> Source:
    """:raises BadInput: no XLSX, too large, or it has no sheet of that name"""
    with _reading(path):
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        formulas = _weighed(path)
        with _opened(path, values=True) as book:
            names = tuple(one.title for one in book.worksheets)
            visible = [one.title for one in book.worksheets if one.sheet_state == "visible"]
    chosen = _chosen(names, visible, sheet, path)
    return Source(
        raw=partial(_rows, path, chosen, formulas), sha256=sha256, sheet=chosen, sheets=names, notes=()
    )


def _chosen(names: Sequence[str], visible: Sequence[str], sheet: str, path: Path) -> str:
    if not names:
        raise no_table(path)
    if not sheet:
        return (*visible, *names)[0]
    wanted = sheet.strip().casefold()
    found = next((one for one in names if one.strip().casefold() == wanted), None)
    if found is not None:
        return found
    raise bad_row(
        say("{name} has no sheet called “{sheet}”.", name=shown(path.name), sheet=shown(sheet)),
        advice=say("Its sheets are: {list}.", list=listed(shown(one) for one in names[:24])),
        code="table.no-sheet",
    )


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        with QUIET:
            yield
    except BadInput:
        raise
    except OSError as error:
        raise (no_table(path) if error.errno is None else unreadable(path, error)) from error
    except _ERRORS as error:
        raise no_table(path) from error


@contextmanager
def _opened(path: Path, *, values: bool) -> Iterator[Workbook]:
    """`values`: what formulas came to when the file was saved, instead of the formulas."""
    from openpyxl import load_workbook

    with path.open("rb") as file:
        book = load_workbook(file, read_only=True, data_only=values, keep_links=False)
        try:
            yield book
        finally:
            book.close()


def _weighed(path: Path) -> bool:
    """Whether any cell has a formula.

    :raises BadInput: what is packed in it is larger than a table can be
    """
    with zipfile.ZipFile(path) as zip:
        members = zip.infolist()
        if len(members) > _MOST_MEMBERS:
            raise _heavy(path)
        formulas = False
        for one in members:
            is_sheet = _SHEETS.fullmatch(one.filename) is not None
            strange = one.file_size > max(_PIECE, one.compress_size * _MOST_RATIO)
            if strange or one.file_size > (_MOST_SHEET if is_sheet else _MOST_PART):
                raise _heavy(path)
            if is_sheet:
                formulas = _weigh_sheet(zip, one, path) or formulas
            elif one.filename.lower() == _STRINGS:
                _weigh_words(zip, one, path)
    return formulas


def _pieces(zip: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> Iterator[bytes]:
    """Each begins with the last signs of the one before, so that no tag is cut in two; a cell is never so
    long that a piece has no tag in it."""
    end = b""
    with zip.open(member) as file:
        while piece := file.read(_PIECE):
            if len(piece) == _PIECE and b"<" not in piece:
                raise _heavy(path)
            yield end + piece
            end = piece[-16:]


def _weigh_sheet(zip: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> bool:
    rows = between = 0
    formulas = False
    for piece in _pieces(zip, member, path):
        found = len(_ROW.findall(piece))
        rows += found
        between = 0 if found else between + 1
        if rows > _LAST_ROW + _LAST_ROW // 8 or between > _MOST_BETWEEN:
            raise _heavy(path)
        formulas = formulas or _FORMULA.search(piece) is not None
    return formulas


def _weigh_words(zip: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> None:
    if sum(len(_WORD.findall(piece)) for piece in _pieces(zip, member, path)) > _MOST_WORDS:
        raise _heavy(path)


def _heavy(path: Path) -> BadInput:
    return bad_row(
        say("{name} holds more than a table of products can.", name=shown(path.name)),
        advice=say("Save the sheet that you need as CSV in UTF-8, or divide it into several tables."),
        code="table.large",
    )


def _rows(path: Path, sheet: str, formulas: bool) -> Raw:
    with ExitStack() as stack:
        with _reading(path):
            book = stack.enter_context(_opened(path, values=True))
            seen: Iterator[Any] = iter(_plain(book, sheet).iter_rows())
            asked: Iterator[Any] = repeat(())
            if formulas:
                written = stack.enter_context(_opened(path, values=False))
                asked = iter(_plain(written, sheet).iter_rows())
        number = 0
        while True:
            number += 1
            with _reading(path):
                cells = next(seen, None)
                if cells is None:
                    return
                row = _row(number, cells, next(asked, ()))
            yield number, row


def _plain(book: Workbook, sheet: str) -> Any:
    """The sheet by what is in it, whatever it says of its size."""
    found: Any = book[sheet]
    found.reset_dimensions()
    return found


def _row(number: int, cells: Sequence[Any], written: Sequence[Any]) -> list[str]:
    if number > _LAST_ROW:
        raise bad_row(
            say("The table has more than {most} rows.", most=MOST_ROWS),
            advice=say("Divide it into several tables."),
            code="table.rows",
            row=number,
        )
    row = [_text(number, place, cell, written) for place, cell in enumerate(cells)]
    while len(row) > MOST_COLUMNS and not row[-1]:
        row.pop()
    return row


def _text(row: int, place: int, cell: Any, written: Sequence[Any]) -> str:
    value = cell.value
    if value is None:
        if place < len(written) and written[place].data_type == "f" and cell.data_type != "str":
            raise _not_computed(row, place)
        return ""
    if isinstance(value, str):
        if cell.data_type == "e":
            raise _went_wrong(row, place, value)
        return value
    return _seen(value, cell)


def _not_computed(row: int, place: int) -> BadInput:
    return bad_row(
        say("There is a formula whose result is not in the file."),
        advice=say("Open the table in a spreadsheet program and save it there, or paste the values."),
        code="table.formula",
        row=row,
        column=letter(place),
    )


def _went_wrong(row: int, place: int, value: str) -> BadInput:
    return bad_row(
        say("The cell holds the error {value}.", value=shown(value)),
        advice=say("Mend the formula in a spreadsheet program and save the table again."),
        code="table.formula",
        row=row,
        column=letter(place),
    )


def _seen(value: object, cell: Any) -> str:
    """Numbers without what only a computer adds: 42, not 42.0; 0.3, not 0.30000000000000004."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(value, str(cell.number_format))
        case datetime():
            whole = value.time() == time.min
            return value.date().isoformat() if whole else _without_zeros(value.isoformat(sep=" "))
        case date():
            return value.isoformat()
        case time():
            return _without_zeros(value.isoformat())
        case timedelta():
            return str(value)
        case _:
            return str(value)


def _without_zeros(text: str) -> str:
    """Seconds only where there are any."""
    return text.partition(".")[0].removesuffix(":00")


def _number(value: float, format: str) -> str:
    found = _ZEROS.fullmatch(format)
    if found is None:
        return _shortest(value)
    whole, decimals, percent = found[1], found[2] or "", found[3]
    text = f"{value * 100 if percent else value:.{len(decimals)}f}"
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    width = len(whole) + (len(decimals) + 1 if decimals else 0)
    return f"{sign}{digits.rjust(width, '0')}{percent}"


def _shortest(value: float) -> str:
    """As spreadsheets: at most 15 digits."""
    if isinstance(value, int):
        return str(value)
    text = f"{value:.15g}"
    if "e" in text and abs(value) < 1e21 and float(value).is_integer():
        return str(int(value))
    return text
