"""Every mode that a picture can be stored in arrives as plain RGB, or RGBA where alpha says something."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from app.imaging.encoding import JPEG, PNG, WEBP
from app.imaging.preparation import Preparation
from app.imaging.prepare import prepare
from tests.app.imaging.pictures import (
    BLUE,
    CORNERS,
    GREEN,
    RED,
    chunk,
    coded,
    corners,
    near,
    png,
    quadrants,
    seen,
    written,
)

PLAIN = Preparation(max_side=2048, max_bytes=10_000_000)


def test_cmyk_jpeg(tmp_path: Path) -> None:
    path = written(tmp_path, coded(quadrants().convert("CMYK"), "JPEG", quality=95))
    image = seen(prepare(path, PLAIN))
    assert image.mode == "RGB"
    assert near(corners(image), CORNERS, within=8)


def test_sixteen_bit_grey(tmp_path: Path) -> None:
    levels = [0, 128, 255, 256, 12_850, 32_768, 65_407, 65_535]
    rows = b"".join(level.to_bytes(2, "big") for level in levels)
    image = seen(prepare(written(tmp_path, png(8, 1, bits=16, colour=0, rows=rows)), PLAIN))
    assert image.mode == "RGB"
    assert [image.getpixel((x, 0)) for x in range(8)] == [(round(v / 257),) * 3 for v in levels]


@pytest.mark.parametrize("colour", [2, 6])
def test_sixteen_bit_colour(tmp_path: Path, colour: int) -> None:
    pixel = (56_000, 7_000, 300) + ((65_535,) if colour == 6 else ())
    rows = b"".join(v.to_bytes(2, "big") for v in pixel) * 4
    image = seen(prepare(written(tmp_path, png(2, 2, bits=16, colour=colour, rows=rows)), PLAIN))
    assert image.mode == "RGB"
    assert near([image.getpixel((0, 0))], [(218, 27, 1)], within=1)


@pytest.mark.parametrize("mode", ["I", "F", "I;16"])
def test_tiffs_of_numbers(tmp_path: Path, mode: str) -> None:
    half, white = {"I": (32_767, 65_535), "F": (0.5, 1.0), "I;16": (32_767, 65_535)}[mode]
    image = Image.new(mode, (4, 2))
    for x in range(4):
        for y in range(2):
            image.putpixel((x, y), half if x < 2 else white)
    found = seen(prepare(written(tmp_path, coded(image, "TIFF")), PLAIN))
    assert near([found.getpixel((0, 0)), found.getpixel((3, 0))], [(128,) * 3, (255,) * 3], within=1)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBX", "YCbCr", "LAB"])
def test_other_modes_of_tiff(tmp_path: Path, mode: str) -> None:
    grey = Image.new("RGB", (16, 16), (255, 255, 255))
    grey.paste((0, 0, 0), (0, 0, 8, 16))
    if mode == "LAB":
        source = Image.merge("LAB", (grey.convert("L"), *(Image.new("L", (16, 16), 128) for _ in "ab")))
    else:
        source = grey.convert(mode)
    found = seen(prepare(written(tmp_path, coded(source, "TIFF")), PLAIN))
    assert near([found.getpixel((2, 8)), found.getpixel((13, 8))], [(0,) * 3, (255,) * 3], within=3)


def test_palette_with_transparency(tmp_path: Path) -> None:
    image = Image.new("P", (4, 2), 1)
    image.putpalette([*RED, *GREEN, *BLUE])
    image.paste(0, (0, 0, 2, 2))
    path = written(tmp_path, coded(image, "PNG", transparency=0))
    kept = seen(prepare(path, PLAIN))
    assert kept.getpixel((0, 0))[3] == 0
    assert kept.getpixel((3, 0)) == (*GREEN, 255)
    flat = seen(prepare(path, Preparation(max_side=9, max_bytes=9999, keep_alpha=False, pad_color="#102030")))
    assert near([flat.getpixel((0, 0)), flat.getpixel((3, 0))], [(16, 32, 48), GREEN], within=2)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_alpha_is_kept_flattened_or_dropped(tmp_path: Path, mode: str) -> None:
    image = Image.new(mode, (8, 8), (200, 128) if mode == "LA" else (200, 200, 200, 128))
    path = written(tmp_path, coded(image, "PNG"))
    kept = prepare(path, PLAIN)
    assert (kept.mime, seen(kept).getpixel((0, 0))) == (PNG, (200, 200, 200, 128))
    only_jpeg = prepare(path, Preparation(max_side=99, max_bytes=99999, formats=(JPEG,)))
    assert only_jpeg.mime == JPEG
    assert near([seen(only_jpeg).getpixel((0, 0))], [(227, 227, 227)], within=2)
    webp = prepare(path, Preparation(max_side=99, max_bytes=99999, formats=(JPEG, WEBP)))
    assert (webp.mime, seen(webp).mode) == (WEBP, "RGBA")
    image.putalpha(255)
    opaque = prepare(written(tmp_path, coded(image.resize((600, 600)), "PNG")), PLAIN)
    assert seen(opaque).mode == "RGB"


def test_colour_key_becomes_alpha_and_survives_shrinking(tmp_path: Path) -> None:
    key = b"".join(v.to_bytes(2, "big") for v in RED)
    rows = (bytes(RED) * 32 + bytes(BLUE) * 32) * 64
    path = written(tmp_path, png(64, 64, bits=8, colour=2, rows=rows, extra=chunk(b"tRNS", key)))
    image = seen(prepare(path, Preparation(max_side=16, max_bytes=99999)))
    assert (image.getpixel((2, 8))[3], image.getpixel((13, 8))) == (0, (*BLUE, 255))


def test_transparent_pixels_do_not_bleed(tmp_path: Path) -> None:
    """The hidden colour under full transparency never tints the edge when it is shrunk."""
    image = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (33, 0, 64, 64))
    found = seen(prepare(written(tmp_path, coded(image, "PNG")), Preparation(max_side=16, max_bytes=99999)))
    edge = [pixel for x in range(16) if (pixel := found.getpixel((x, 8)))[3] > 8]
    assert all(red <= 2 for red, _, _, _ in edge)


def test_the_first_frame_of_a_gif(tmp_path: Path) -> None:
    later = [Image.new("RGB", (96, 64), (n, n, n)) for n in (0, 90)]
    path = written(tmp_path, coded(quadrants(), "GIF", save_all=True, append_images=later, duration=40))
    found = prepare(path, PLAIN)
    assert near(corners(seen(found)), CORNERS)
    assert getattr(seen(found), "n_frames", 1) == 1
