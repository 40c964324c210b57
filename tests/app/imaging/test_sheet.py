"""Contact sheets: one layout, drawn twice; words that fit, pages that are counted, letters that are there."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from app.basics.faults import BadInput
from app.imaging.sheet_fonts import Face, SheetFonts, chinese_font, font_folders
from app.imaging.sheet_layout import Entry, Page, SheetSettings, laid_out, paper_of
from app.imaging.sheet_pdf import pdf_bytes
from app.imaging.sheet_png import page_image

FONTS = Path(__file__).parents[3] / "resources" / "fonts"
CHINESE = chinese_font(font_folders())
LONG = "A @sneaker worn by @model in a @studio, soft light from the left, shallow depth of field. " * 4
WHEN = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def fonts() -> SheetFonts:
    return SheetFonts(FONTS, CHINESE)


def entries(folder: Path, count: int, words: str = LONG) -> list[Entry]:
    made = []
    for number in range(count):
        size = ((160, 90), (90, 160), (100, 100))[number % 3]
        path = folder / f"{number}.png"
        Image.new("RGB", size, ("red", "green", "blue")[number % 3]).save(path)
        made.append(
            Entry(
                path=path, width=size[0], height=size[1], title=f"Shot {number}", words=words, facts="seed 42"
            )
        )
    return made


def settings(paper: str = "a4", **changes: object) -> SheetSettings:
    given = {"paper": paper_of(paper), "heading": "Spring shoes", "date": "26 Nov 2026", **changes}
    return SheetSettings(**given)  # type: ignore[arg-type]


def text_of(page: Page) -> list[str]:
    return ["".join(run.text for run in words.runs) for words in page.words]


@pytest.mark.parametrize("paper", ["a4", "letter", "1920x1080", "1080×1920", "640x640"])
def test_nothing_lies_over_anything_else_or_outside(fonts: SheetFonts, tmp_path: Path, paper: str) -> None:
    pages = laid_out(settings(paper, columns=3, rows=2), entries(tmp_path, 8), fonts)
    assert [len(one.pictures) for one in pages] == [6, 2]
    for page in pages:
        boxes = [(one.x, one.y, one.x + one.width, one.y + one.height) for one in page.pictures]
        for words in page.words:
            right = words.x + sum(run.width for run in words.runs)
            boxes.append((words.x, words.y - words.size * 0.75, right, words.y))
        for box in boxes:
            assert box[0] >= 0
            assert box[1] >= 0
            assert box[2] <= page.paper.width
            assert box[3] <= page.paper.height
        for number, one in enumerate(boxes):
            for other in boxes[number + 1 :]:
                apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
                assert apart, (one, other)


def test_pictures_keep_their_shape_and_pages_their_number(fonts: SheetFonts, tmp_path: Path) -> None:
    pages = laid_out(settings(columns=2, rows=1), entries(tmp_path, 3), fonts)
    for placed in (one for page in pages for one in page.pictures):
        assert placed.width / placed.height == pytest.approx(placed.entry.width / placed.entry.height)
    assert [text_of(page)[2] for page in pages] == ["1 / 2", "2 / 2"]
    assert text_of(pages[0])[:2] == ["Spring shoes", "26 Nov 2026"]
    assert "Shot 0" in text_of(pages[0])


def test_long_words_end_in_dots_and_chinese_is_broken_anywhere(fonts: SheetFonts) -> None:
    lines = fonts.folded(LONG, 8.0, 150.0, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert not lines[0].endswith(" ")
    assert all(fonts.width(one, 8.0) <= 150.0 for one in lines)
    words = "@sneaker放在木桌上柔和的侧光背景干净产品摄影浅景深细节清晰"
    broken = fonts.folded(words, 8.0, 100.0, 2)
    assert len(broken) == 2
    assert all(fonts.width(one, 8.0) <= 100.0 for one in broken)
    assert fonts.folded("x" * 400, 8.0, 60.0, 2)[0] != ""
    assert fonts.cut("short", 8.0, 150.0) == "short"


def test_without_a_chinese_font_boxes_stand_for_it_and_it_is_known(tmp_path: Path) -> None:
    bare = SheetFonts(FONTS, chinese_font((tmp_path,)))
    (run,) = bare.runs("鞋", 8.0)
    assert (run.text, run.face, bare.lacking) == ("□", Face.REGULAR, True)
    latin = SheetFonts(FONTS, None)
    latin.runs("shoe é ß —", 8.0)
    assert not latin.lacking


@pytest.mark.skipif(CHINESE is None, reason="no Chinese font on this system")
def test_the_simplified_face_is_chosen(fonts: SheetFonts) -> None:
    assert re.search(r"SC|CN|GB|YaHei|WenQuan|Droid", fonts.of(Face.CHINESE, 12).getname()[0] or "")


def test_a_pdf_has_its_pages_its_letters_and_nothing_from_outside(fonts: SheetFonts, tmp_path: Path) -> None:
    pages = laid_out(settings(columns=2, rows=2), entries(tmp_path, 5, "@sneaker 放在木桌上"), fonts)
    given = {"title": "Spring shoes", "author": "Tagloom", "made": WHEN, "unread": lambda path: None}
    data = pdf_bytes(pages, fonts, **given)  # type: ignore[arg-type]
    assert data.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b(?!s)", data)) == 2
    embedded = set(re.findall(rb"/BaseFont /MPDFA[A-Z]\+([A-Za-z]+)", data))
    assert {b"Inter", b"InterSemiBold"} <= embedded
    assert (any(b"CJK" in one or b"Hei" in one for one in embedded)) == (CHINESE is not None)
    assert b"/URI" not in data
    assert len(data) < 400_000  # parts of the faces, not all of them
    assert data == pdf_bytes(pages, fonts, **given)  # type: ignore[arg-type]
    assert len(re.findall(rb"/Subtype /Image", data)) >= 3


def test_pixels_lie_where_the_layout_says(fonts: SheetFonts, tmp_path: Path) -> None:
    (page,) = laid_out(settings("1200x800", columns=3, rows=1), entries(tmp_path, 3), fonts)
    image = page_image(page, fonts, 1.0, lambda path: None)
    assert image.size == (1200, 800)
    for placed, colour in zip(page.pictures, ((255, 0, 0), (0, 128, 0), (0, 0, 255)), strict=True):
        middle = (round(placed.x + placed.width / 2), round(placed.y + placed.height / 2))
        assert image.getpixel(middle) == colour
        assert image.getpixel((round(placed.x - 4), middle[1])) == (255, 255, 255)


def test_a_picture_that_is_gone_leaves_an_empty_place(fonts: SheetFonts, tmp_path: Path) -> None:
    made = entries(tmp_path, 2)
    made[1].path.unlink()
    pages = laid_out(settings(), made, fonts)
    gone: list[Path] = []
    page_image(pages[0], fonts, 1.0, gone.append)
    pdf_bytes(pages, fonts, title="", author="", made=WHEN, unread=gone.append)
    assert gone == [made[1].path] * 2


def test_transparent_pictures_lie_on_white(fonts: SheetFonts, tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(path)
    (page,) = laid_out(settings(columns=1, rows=1), [Entry(path=path, width=50, height=50)], fonts)
    image = page_image(page, fonts, 1.0, lambda path: None)
    placed = page.pictures[0]
    assert image.getpixel((round(placed.x + 9), round(placed.y + 9))) == (255, 255, 255)
    held = io.BytesIO()
    image.save(held, "PNG")
    assert held.tell() > 0


def test_what_cannot_be(fonts: SheetFonts, tmp_path: Path) -> None:
    made = entries(tmp_path, 3)

    def code(given: SheetSettings, list_: list[Entry]) -> str:
        with pytest.raises(BadInput) as raised:
            laid_out(given, list_, fonts)
        assert raised.value.advice
        return raised.value.code

    assert code(settings(), []) == "sheet.empty"
    assert code(settings(), made * 1000) == "sheet.too-many"
    assert code(settings(columns=0), made) == "sheet.cells"
    assert code(settings(rows=12, columns=12, margin=60.0), made) == "sheet.too-small"
    for paper in ("a5", "10x10", "99999x99999", "1920 by 1080", ""):
        with pytest.raises(BadInput) as raised:
            paper_of(paper)
        assert raised.value.code == "sheet.paper"
