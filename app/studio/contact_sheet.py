"""Contact sheets: chosen results with their captions, as PDF or as PNG."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

from app.basics.about import tagloom_version
from app.basics.money import show_usd
from app.basics.words import listed, mark, say, say_many
from app.document.disk import written_whole
from app.imaging.sheet_fonts import SheetFonts, chinese_font, font_folders
from app.imaging.sheet_layout import Entry, Page, SheetSettings, laid_out
from app.imaging.sheet_pdf import pdf_bytes
from app.imaging.sheet_png import DPI, page_image
from app.studio.chosen import Chosen
from app.studio.targets import free_target

PDF, PNG = ".pdf", ".png"
_BETWEEN = mark("  ·  ")
_PREVIEW_PIXELS = 900


class Captions(Struct, frozen=True, kw_only=True):
    """What stands below each picture."""

    title: bool = True
    prompt: bool = True
    seed: bool = True
    model: bool = True
    price: bool = False


class SavedSheet(Struct, frozen=True, kw_only=True):
    """A PDF is one file, pixels are one for each page. `notes`: what people should know, in sentences."""

    paths: tuple[Path, ...]
    pages: int
    notes: tuple[str, ...] = ()


class Preview(Struct, frozen=True, kw_only=True):
    """The first page as PNG, and how many there are."""

    png: bytes
    pages: int


def entries_of(chosen: Sequence[Chosen], captions: Captions) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            path=one.path,
            width=one.width,
            height=one.height,
            title=one.title if captions.title else "",
            words=one.prompt if captions.prompt else "",
            facts=_facts(one, captions),
        )
        for one in chosen
    )


def _facts(one: Chosen, captions: Captions) -> str:
    parts = [one.model] if captions.model else []
    if captions.seed and one.seed is not None:
        parts.append(say("seed {seed}", seed=one.seed))
    if one.draft:
        parts.append(say("draft"))
    elif captions.price and one.money is not None:
        parts.append(show_usd(one.money))
    return listed(parts, sep=_BETWEEN)


async def preview(chosen: Sequence[Chosen], captions: Captions, settings: SheetSettings) -> Preview:
    """:raises BadInput: as `laid_out`"""

    def work() -> Preview:
        fonts = sheet_fonts()
        pages = laid_out(settings, entries_of(chosen, captions), fonts)
        longest = max(settings.paper.width, settings.paper.height)
        image = page_image(pages[0], fonts, _PREVIEW_PIXELS / longest, lambda path: None)
        held = io.BytesIO()
        image.save(held, "PNG", compress_level=1)
        return Preview(png=held.getvalue(), pages=len(pages))

    return await asyncio.to_thread(work)


async def save_sheet(
    chosen: Sequence[Chosen],
    captions: Captions,
    settings: SheetSettings,
    target: Path,
    *,
    made: datetime,
    over: bool = False,
    over_pages: bool = False,
) -> SavedSheet:
    """Written as what its name ends in; each file whole or not at all. `over`: a file called `target` may be
    replaced, `over_pages`: also those that get numbers, one for each page of pixels.

    :raises BadInput: as `laid_out`, another ending, or a name is taken  :raises DiskTrouble: not written
    """

    def work() -> SavedSheet:
        fonts = sheet_fonts()
        pages = laid_out(settings, entries_of(chosen, captions), fonts)
        keep = [one.path for one in chosen]
        named = _named(target, len(pages))
        replace = over if len(named) == 1 else over_pages
        paths = tuple(free_target(one, (PDF, PNG), over=replace, keep=keep) for one in named)
        unread: list[Path] = []
        if paths[0].suffix.lower() == PDF:
            data = pdf_bytes(
                pages, fonts, title=settings.heading, author=f"Tagloom {tagloom_version()}",
                made=made, unread=unread.append,
            )  # fmt: skip
            with written_whole(paths[0]) as file:
                file.write(data)
        else:
            for page, path in zip(pages, paths, strict=True):
                _save_pixels(page, path, fonts, unread)
        return SavedSheet(paths=paths, pages=len(pages), notes=_notes(fonts, len(unread)))

    return await asyncio.to_thread(work)


def _named(target: Path, pages: int) -> list[Path]:
    if target.suffix.lower() != PNG or pages == 1:
        return [target]
    return [target.with_name(f"{target.stem}-{number}{target.suffix}") for number in range(1, pages + 1)]


def _save_pixels(page: Page, path: Path, fonts: SheetFonts, unread: list[Path]) -> None:
    pixels = page.paper.pixels
    image = page_image(page, fonts, 1.0 if pixels else DPI / 72, unread.append)
    with written_whole(path) as file:
        image.save(file, "PNG", dpi=(72, 72) if pixels else (DPI, DPI))


def _notes(fonts: SheetFonts, unread: int) -> tuple[str, ...]:
    notes: list[str] = []
    if fonts.lacking:
        notes.append(
            say(
                "No font with Chinese characters was found on this system: boxes stand for them. "
                "Install one, such as Noto Sans CJK."
            )
        )
    if unread:
        notes.append(
            say_many(
                unread, "A picture could not be read: an empty place stands for it.",
                "{n} pictures could not be read: empty places stand for them.",
            )
        )  # fmt: skip
    return tuple(notes)


def sheet_fonts() -> SheetFonts:
    return SheetFonts(Path(str(files("resources") / "fonts")), chinese_font(font_folders()))
