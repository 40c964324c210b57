"""A contact sheet laid out: which picture and which words lie where. Two writers draw it (`sheet_png`,
`sheet_pdf`); nothing is placed anywhere but here.

Lengths are points (1/72 inch) from the top left corner of the page; on a sheet in pixels, pixels.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from app.basics.faults import BadInput
from app.basics.words import say
from app.imaging.sheet_fonts import Run, SheetFonts

A4, LETTER = (595.28, 841.89), (612.0, 792.0)
PAPERS: Mapping[str, tuple[float, float]] = MappingProxyType({"a4": A4, "letter": LETTER})
MOST_ENTRIES = 2000
MOST_CELLS = 12
MOST_SIDE, LEAST_SIDE = 10_000, 320
POINTS_PER_MM = 72 / 25.4
_PIXELS = re.compile(r"(\d{2,5})\s*[x×]\s*(\d{2,5})")
_LEAST_PICTURE = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One result: its picture, `title` in bold, `words` (the prompt) in two lines, `facts` small in one.
    Empty ones take no room."""

    path: Path
    width: int
    height: int
    title: str = ""
    words: str = ""
    facts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """`pixels`: a sheet for screens, where one unit is one pixel."""

    width: float
    height: float
    pixels: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSettings:
    """`margin` in millimetres of a sheet of paper; on a sheet in pixels in the same proportion."""

    columns: int = 3
    rows: int = 4
    paper: Paper
    margin: float = 12.0
    heading: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """`x`, `y`: where the line of writing begins."""

    x: float
    y: float
    size: float
    runs: tuple[Run, ...]
    muted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a picture lies."""

    entry: Entry
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`rule`: the line below the heading, as x, y and width."""

    paper: Paper
    pictures: tuple[Placed, ...]
    words: tuple[Words, ...]
    rule: tuple[float, float, float] | None


def paper_of(name: str, *, lying: bool = False) -> Paper:
    """`a4`, `letter`, or a size in pixels: `1920x1080`.

    :raises BadInput: none of them
    """
    known = PAPERS.get(name.strip().lower())
    size = _PIXELS.fullmatch(name.strip().lower())
    if known is not None:
        width, height = known
        return Paper(width=height if lying else width, height=width if lying else height)
    if size is None or not all(LEAST_SIDE <= int(one) <= MOST_SIDE for one in size.groups()):
        raise BadInput(
            say("“{name}” is no paper that is known.", name=name[:40]),
            advice=say("Choose a4, letter, or a size in pixels such as 1920x1080."),
            code="sheet.paper",
        )
    return Paper(width=float(size[1]), height=float(size[2]), pixels=True)


def laid_out(settings: SheetSettings, entries: Sequence[Entry], fonts: SheetFonts) -> tuple[Page, ...]:
    """:raises BadInput: nothing to show, too much, or the pictures would be specks"""
    _check(settings, entries)
    return tuple(_Sheet(settings, entries, fonts).pages())


def _check(settings: SheetSettings, entries: Sequence[Entry]) -> None:
    if not entries:
        raise BadInput(
            say("There is no picture for the contact sheet."),
            advice=say("Run a node, or select one that has a picture."),
            code="sheet.empty",
        )
    if len(entries) > MOST_ENTRIES:
        raise BadInput(
            say("{count} pictures are too many for one contact sheet.", count=len(entries)),
            advice=say("Choose at most {most}.", most=MOST_ENTRIES),
            code="sheet.too-many",
        )
    if not (1 <= settings.columns <= MOST_CELLS and 1 <= settings.rows <= MOST_CELLS):
        raise BadInput(
            say("A contact sheet has 1 to {most} columns and rows.", most=MOST_CELLS),
            advice=say("Choose fewer, or more."),
            code="sheet.cells",
        )


class _Sheet:
    def __init__(self, settings: SheetSettings, entries: Sequence[Entry], fonts: SheetFonts) -> None:
        paper = settings.paper
        self._settings, self._entries, self._fonts = settings, entries, fonts
        self._unit = min(paper.width, paper.height) / A4[0] if paper.pixels else 1.0
        self._margin = settings.margin * POINTS_PER_MM * self._unit
        self._title, self._body, self._small = (one * self._unit for one in (8.5, 7.5, 7.0))
        self._gap = 11.0 * self._unit
        self._head = (26.0 if settings.heading or settings.date else 0.0) * self._unit
        self._foot = 16.0 * self._unit
        self._cell = (
            self._share(paper.width, settings.columns, 0.0),
            self._share(paper.height, settings.rows, self._head + self._foot),
        )
        self._caption = self._caption_height()
        if min(self._cell[0], self._cell[1] - self._caption) < _LEAST_PICTURE * self._unit:
            raise BadInput(
                say("So many pictures do not fit on one page."),
                advice=say("Choose fewer columns or rows, larger paper, or leave out captions."),
                code="sheet.too-small",
            )

    def _share(self, whole: float, count: int, taken: float) -> float:
        return (whole - 2 * self._margin - taken - (count - 1) * self._gap) / count

    def _caption_height(self) -> float:
        lines = (
            (self._title, any(one.title for one in self._entries), 1),
            (self._body, any(one.words for one in self._entries), 2),
            (self._small, any(one.facts for one in self._entries), 1),
        )
        height = sum(_leading(size) * count for size, there, count in lines if there)
        return height + (4.0 * self._unit if height else 0.0)

    def pages(self) -> list[Page]:
        each = self._settings.columns * self._settings.rows
        count = math.ceil(len(self._entries) / each)
        return [
            self._page(self._entries[number * each : (number + 1) * each], number + 1, count)
            for number in range(count)
        ]

    def _page(self, entries: Sequence[Entry], number: int, count: int) -> Page:
        pictures, words = [], list(self._around(number, count))
        for place, entry in enumerate(entries):
            row, column = divmod(place, self._settings.columns)
            x = self._margin + column * (self._cell[0] + self._gap)
            y = self._margin + self._head + row * (self._cell[1] + self._gap)
            pictures.append(self._picture(entry, x, y))
            words += self._captions(entry, x, y + self._cell[1] - self._caption)
        y = self._margin + 17.0 * self._unit
        rule = (self._margin, y, self._settings.paper.width - 2 * self._margin) if self._head else None
        return Page(paper=self._settings.paper, pictures=tuple(pictures), words=tuple(words), rule=rule)

    def _picture(self, entry: Entry, x: float, y: float) -> Placed:
        """Whole, in the middle above its words."""
        wide, high = self._cell[0], self._cell[1] - self._caption
        scale = min(wide / max(entry.width, 1), high / max(entry.height, 1))
        width, height = max(1.0, entry.width * scale), max(1.0, entry.height * scale)
        return Placed(
            entry=entry, x=x + (wide - width) / 2, y=y + (high - height) / 2, width=width, height=height
        )

    def _captions(self, entry: Entry, x: float, y: float) -> list[Words]:
        fonts, room, made = self._fonts, self._cell[0], []
        y += 4.0 * self._unit
        if entry.title:
            y += _leading(self._title)
            line = fonts.cut(entry.title, self._title, room, bold=True)
            made.append(self._words(line, x, y, self._title, bold=True))
        for line in fonts.folded(entry.words, self._body, room, 2) if entry.words else ():
            y += _leading(self._body)
            made.append(self._words(line, x, y, self._body))
        if entry.facts:
            y += _leading(self._small)
            line = fonts.cut(entry.facts, self._small, room)
            made.append(self._words(line, x, y, self._small, muted=True))
        return made

    def _around(self, number: int, count: int) -> list[Words]:
        """The heading, the date and the number of the page."""
        settings, unit, made = self._settings, self._unit, []
        right = settings.paper.width - self._margin
        y, small, large = self._margin + 10.0 * unit, 8.0 * unit, 11.0 * unit
        dated = self._fonts.width(settings.date, small)
        if settings.heading:
            line = self._fonts.cut(
                settings.heading, large, right - self._margin - dated - 12 * unit, bold=True
            )
            made.append(self._words(line, self._margin, y, large, bold=True))
        if settings.date:
            made.append(self._words(settings.date, right - dated, y, small, muted=True))
        page = f"{number} / {count}"
        x = right - self._fonts.width(page, small)
        made.append(self._words(page, x, settings.paper.height - self._margin, small, muted=True))
        return made

    def _words(
        self, text: str, x: float, y: float, size: float, *, bold: bool = False, muted: bool = False
    ) -> Words:
        runs = self._fonts.runs(text, size, bold=bold)
        return Words(x=x, y=y, size=size, runs=runs, muted=muted)


def _leading(size: float) -> float:
    return size * 1.32
