"""A contact sheet as PDF: its faces embedded with the letters that are used, pictures as JPEG in sRGB."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.basics.faults import Fault
from app.imaging.sheet_fonts import SheetFonts
from app.imaging.sheet_layout import Page, Placed, Words
from app.imaging.sheet_pictures import EMPTY, INK, MUTED, RULE, picture_within
from app.imaging.sheet_png import Unread

DPI = 220
_QUALITY = 88


def pdf_bytes(
    pages: Sequence[Page], fonts: SheetFonts, *, title: str, author: str, made: datetime, unread: Unread
) -> bytes:
    """The same pages give the same bytes. `made` has a time zone; on a sheet in pixels one is a point."""
    from fpdf import FPDF  # a second and a half to import, with numpy and fontTools

    logging.getLogger("fpdf").setLevel(logging.ERROR)  # it tells of each letter that a face has not
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    paper = pages[0].paper
    pdf = FPDF(unit="pt", format=(paper.width, paper.height))
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.set_title(title)
    pdf.set_creator(author)
    pdf.set_creation_date(made)
    for face in sorted({run.face for page in pages for words in page.words for run in words.runs}):
        file = fonts.files[face]
        pdf.add_font(str(face), "", str(file.path), collection_font_number=file.number)
    for page in pages:
        pdf.add_page()
        if page.rule is not None:
            x, y, width = page.rule
            pdf.set_draw_color(RULE)
            pdf.set_line_width(0.6)
            pdf.line(x, y, x + width, y)
        for placed in page.pictures:
            _put(pdf, placed, unread, paper.pixels)
        for words in page.words:
            _write(pdf, words)
    return bytes(pdf.output())


def _put(pdf: Any, placed: Placed, unread: Unread, pixels: bool) -> None:
    scale = 2.0 if pixels else DPI / 72
    try:
        image = picture_within(placed.entry.path, placed.width * scale, placed.height * scale)
    except Fault:
        unread(placed.entry.path)
        pdf.set_fill_color(EMPTY)
        pdf.rect(placed.x, placed.y, placed.width, placed.height, style="F")
        return
    held = io.BytesIO()
    image.save(held, "JPEG", quality=_QUALITY, subsampling=0)
    held.seek(0)
    pdf.image(held, placed.x, placed.y, w=placed.width, h=placed.height)


def _write(pdf: Any, words: Words) -> None:
    pdf.set_text_color(MUTED if words.muted else INK)
    x = words.x
    for run in words.runs:
        pdf.set_font(str(run.face), size=words.size)
        pdf.text(x, words.y, run.text)
        x += run.width
