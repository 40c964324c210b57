"""A page of a contact sheet as pixels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

from app.basics.faults import Fault
from app.imaging.sheet_fonts import SheetFonts
from app.imaging.sheet_layout import Page, Placed, Words
from app.imaging.sheet_pictures import EMPTY, INK, MUTED, RULE, picture_within

DPI = 200
Unread = Callable[[Path], object]


def page_image(page: Page, fonts: SheetFonts, scale: float, unread: Unread) -> Image.Image:
    """`scale` pixels a point. `unread` hears of pictures that could not be read: an empty place stands for
    them."""
    paper = page.paper
    sheet = Image.new("RGB", (round(paper.width * scale), round(paper.height * scale)), "white")
    draw = ImageDraw.Draw(sheet)
    if page.rule is not None:
        x, y, width = (one * scale for one in page.rule)
        draw.line((x, y, x + width, y), fill=RULE, width=max(1, round(scale * 0.6)))
    for placed in page.pictures:
        _put(sheet, draw, placed, scale, unread)
    for words in page.words:
        _write(draw, words, fonts, scale)
    return sheet


def _put(sheet: Image.Image, draw: ImageDraw.ImageDraw, placed: Placed, scale: float, unread: Unread) -> None:
    left, top = round(placed.x * scale), round(placed.y * scale)
    width, height = max(1, round(placed.width * scale)), max(1, round(placed.height * scale))
    try:
        image = picture_within(placed.entry.path, width, height)
    except Fault:
        unread(placed.entry.path)
        draw.rectangle((left, top, left + width - 1, top + height - 1), fill=EMPTY, outline=RULE)
        return
    if image.size != (width, height):
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    sheet.paste(image, (left, top))


def _write(draw: ImageDraw.ImageDraw, words: Words, fonts: SheetFonts, scale: float) -> None:
    """Letter by letter: small sizes are hinted, and whole lines would be longer than they were measured."""
    x, y, size = words.x * scale, words.y * scale, words.size * scale
    ink = MUTED if words.muted else INK
    for run in words.runs:
        font = fonts.of(run.face, size)
        for letter in run.text:
            draw.text((x, y), letter, fill=ink, font=font, anchor="ls")
            x += fonts.advance(run.face, letter) * size
