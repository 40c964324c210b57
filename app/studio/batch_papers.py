"""What lies in a batch's folder beside its pictures: a table of results, a report, contact sheets. Written
again, whole or not at all, whenever the batch has gone on."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import html
import io
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import msgspec

from app.basics.about import tagloom_version
from app.basics.money import Money, exact_usd, show_credits, show_usd
from app.basics.sheet_cells import safe, safe_value
from app.basics.unsaid import spoken_again
from app.basics.words import listed, mark, say, spoken
from app.batch.batch import Batch
from app.batch.orders import RowResult
from app.batch.views import ROW_WORDS, BatchState, RowState, RowView
from app.document.disk import written_whole
from app.imaging.sheet_layout import Entry, SheetSettings, laid_out, paper_of
from app.imaging.sheet_pdf import pdf_bytes
from app.studio.contact_sheet import sheet_fonts

RESULTS, REPORT, SHEET = "results.csv", "report.html", "contact-sheet"
ON_A_SHEET = 96
"""Pictures of one file: eight pages of twelve, so that no batch is ever in memory."""
_BETWEEN = "; "
_COLUMNS = ("row", "state", "files", "seeds", "credits", "usd", "failure")
_HEADINGS = (mark("Row"), mark("Product"), mark("State"), mark("Pictures"), mark("Credits"), mark("Cost"))


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    results: Path
    report: Path
    sheets: tuple[Path, ...]


async def write_papers(batch: Batch, made: datetime, *, sheets: bool = True) -> Papers:
    """All of them, after the sums were held against the ledger. `made` is the time that stands on them.

    :raises DiskTrouble: one cannot be written; it is as it was
    """
    state = await batch.recount()
    output = batch.setting.output
    await _results(batch, output / RESULTS)
    await _report(batch, state, output / REPORT, made)
    written = await _sheets(batch, made) if sheets else ()
    return Papers(results=output / RESULTS, report=output / REPORT, sheets=written)


# --- the table of results --------------------------------------------------------------------------


async def _results(batch: Batch, path: Path) -> None:
    columns = batch.setting.table.columns
    taken = {name.casefold() for name in columns}
    own = [f"tagloom {name}" if name in taken else name for name in _COLUMNS]
    with written_whole(path) as file:
        file.write(b"\xef\xbb\xbf")  # or a spreadsheet takes UTF-8 for something else
        file.write(_lines([[*map(safe, columns), *own]]))
        async for page in batch.pages():
            file.write(_lines(_cells(row, columns) for row in page))


def _cells(row: RowView, columns: Sequence[str]) -> list[str]:
    return [
        *(safe_value(row.cells.get(name, "")) for name in columns),
        str(row.number),
        str(row.state),
        safe(_BETWEEN.join(_file(row, one) for one in row.results)),
        _BETWEEN.join("" if one.seed is None else str(one.seed) for one in row.results),
        str(row.credits),
        "" if row.money is None else exact_usd(row.money),
        safe(_BETWEEN.join(spoken_again(one.title) for one in row.failures)),
    ]


def _file(row: RowView, one: RowResult) -> str:
    """As seen from the batch's folder."""
    return f"{row.folder}/{one.saved}" if one.saved else one.sha256


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


# --- the report ------------------------------------------------------------------------------------

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;"
    "border-bottom:1px solid #8884;vertical-align:top}td.n,th.n{text-align:right;white-space:nowrap}"
    "small{opacity:.75}tfoot td{font-weight:600}"
)


async def _report(batch: Batch, state: BatchState, path: Path, made: datetime) -> None:
    setting = batch.setting
    title = say("Batch of {name}", name=Path(setting.document_id).name)
    with written_whole(path) as file:

        def write(text: str) -> None:
            file.write(text.encode("utf-8", "replace"))

        write(f'<!doctype html><html><meta charset="utf-8"><title>{_text(title)}</title>')
        write(f"<style>{_STYLE}</style><h1>{_text(title)}</h1>")
        for line in _head(batch, state, made):
            write(f"<p>{_text(line)}</p>")
        head = "".join(f"<th{_right(at)}>{_text(spoken(one))}</th>" for at, one in enumerate(_HEADINGS))
        write(f"<table><thead><tr>{head}</tr></thead><tbody>\n")
        async for page in batch.pages():
            write("".join(_line(row) for row in page))
        total = (
            str(say("Together")),
            "",
            "",
            str(state.pictures),
            show_credits(state.credits),
            _money(state.money),
        )
        foot = "".join(f"<td{_right(at)}>{_text(one)}</td>" for at, one in enumerate(total))
        write(f"</tbody><tfoot><tr>{foot}</tr></tfoot></table></html>\n")


def _head(batch: Batch, state: BatchState, made: datetime) -> Iterator[str]:
    setting = batch.setting
    yield say(
        "Table: {name}. Written {when}.", name=setting.table.name, when=f"{made.astimezone():%Y-%m-%d %H:%M}"
    )
    yield listed(
        say("{count} {state}", count=state.count(one), state=spoken(ROW_WORDS[one]))
        for one in RowState
        if state.count(one)
    )
    if state.drafts:
        yield say("{count} of the pictures are drafts from the sandbox, free.", count=state.drafts)
    yield say("What a row cost is what the ledger counts for it.")
    if state.stopped:
        yield state.stopped


def _line(row: RowView) -> str:
    pictures = " ".join(
        f'<a href="{html.escape(quote(_file(row, one)))}">{_text(Path(one.saved).name)}</a>'
        for one in row.results
        if one.saved
    )
    why = f"<br><small>{_text(row.words)}</small>" if row.words else ""
    cells = (
        str(row.number),
        _text(row.title),
        f"{_text(spoken(ROW_WORDS[row.state]))}{why}",
        pictures,
        str(row.credits),
        _text(_money(row.money)),
    )
    return "<tr>" + "".join(f"<td{_right(at)}>{one}</td>" for at, one in enumerate(cells)) + "</tr>\n"


def _right(column: int) -> str:
    return ' class="n"' if column in (0, 4, 5) else ""


def _text(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")


def _money(money: Money | None) -> str:
    return say("not known") if money is None else show_usd(money)


# --- contact sheets --------------------------------------------------------------------------------


async def _sheets(batch: Batch, made: datetime) -> tuple[Path, ...]:
    """A file for each `ON_A_SHEET` pictures; one whose pictures are the same as last time stays."""
    book, output = batch.opened.book, batch.setting.output
    facts = await book.facts()
    known: dict[str, str] = msgspec.json.decode(facts.get("sheets", "{}"), type=dict[str, str])
    many = (batch.state.pictures + ON_A_SHEET - 1) // ON_A_SHEET > 1
    done: dict[str, str] = {}
    async for number, entries in _numbered(batch):
        name = f"{SHEET}-{number:03d}.pdf" if many else f"{SHEET}.pdf"
        done[name] = _print_of(entries)
        if known.get(name) != done[name] or not (output / name).exists():
            settings = _settings(batch, number if many else 0)
            await asyncio.to_thread(_save, entries, settings, output / name, made)
    for name in known.keys() - done.keys():
        with suppress(OSError):
            (output / name).unlink(missing_ok=True)
    await book.note(sheets=msgspec.json.encode(done).decode())
    return tuple(output / name for name in done)


async def _numbered(batch: Batch) -> AsyncIterator[tuple[int, list[Entry]]]:
    held: list[Entry] = []
    number = 1
    async for page in batch.pages():
        for row in page:
            held += _entries(row, batch.setting.output)
        while len(held) >= ON_A_SHEET:
            yield number, held[:ON_A_SHEET]
            held, number = held[ON_A_SHEET:], number + 1
    if held:
        yield number, held


def _entries(row: RowView, output: Path) -> list[Entry]:
    return [
        Entry(
            path=output / row.folder / one.saved,
            width=max(1, one.width),
            height=max(1, one.height),
            title=row.title,
            facts=listed(
                (
                    say("row {number}", number=row.number),
                    *([say("seed {seed}", seed=one.seed)] if one.seed is not None else []),
                    *([say("draft")] if one.draft else []),
                ),
                sep=spoken(mark("  ·  ")),
            ),
        )
        for one in row.results
        if one.saved
    ]


def _print_of(entries: Sequence[Entry]) -> str:
    told = "\n".join(f"{one.path} {one.title} {one.facts}" for one in entries)
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


def _settings(batch: Batch, number: int) -> SheetSettings:
    name = Path(batch.setting.document_id).stem
    heading = say("{name}, sheet {number}", name=name, number=number) if number else name
    return SheetSettings(columns=3, rows=4, paper=paper_of("a4"), heading=heading)


def _save(entries: Sequence[Entry], settings: SheetSettings, path: Path, made: datetime) -> None:
    fonts = sheet_fonts()
    pages = laid_out(settings, entries, fonts)
    data = pdf_bytes(
        pages, fonts, title=settings.heading, author=f"Tagloom {tagloom_version()}", made=made,
        unread=lambda _: None,
    )  # fmt: skip
    with written_whole(path) as file:
        file.write(data)
