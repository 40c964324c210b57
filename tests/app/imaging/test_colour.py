from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from app.imaging.colour import is_srgb, to_srgb
from app.imaging.preparation import Preparation
from app.imaging.prepare import prepare
from app.imaging.thumbnails import thumbnail
from tests.app.imaging.pictures import (
    ADOBE_TO_XYZ_D50,
    P3_TO_XYZ_D50,
    coded,
    gray_profile,
    matrix_profile,
    near,
    press_profile,
    seen_in_srgb,
)

WIDE = {"Display P3": (P3_TO_XYZ_D50, 2.2), "Adobe RGB": (ADOBE_TO_XYZ_D50, 563 / 256)}
COLOURS = [
    (200, 100, 50),
    (60, 160, 90),
    (128, 128, 128),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 255),
    (20, 30, 90),
]
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PLAIN = Preparation(max_side=2048, max_bytes=10**7)


@pytest.mark.parametrize("name", WIDE)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "AVIF"])
def test_wide_colours_are_seen_as_they_were_meant(tmp_path: Path, name: str, kind: str) -> None:
    matrix, gamma = WIDE[name]
    options = {"PNG": {}, "TIFF": {}, "WEBP": {"lossless": True}}.get(
        kind, {"quality": 100, "subsampling": "4:4:4"}
    )
    for colour in COLOURS:
        path = tmp_path / "wide"
        image = Image.new("RGB", (64, 64), colour)
        path.write_bytes(coded(image, kind, icc_profile=matrix_profile(matrix, gamma), **options))
        found = prepare(path, PLAIN)
        seen = Image.open(BytesIO(found.data))
        wanted = seen_in_srgb(colour, matrix, gamma)
        assert near([seen.convert("RGB").getpixel((32, 32))], [wanted], within=5), (colour, wanted)
        assert "icc_profile" not in seen.info
        small = thumbnail(path, 64)
        assert near([small.data[:3]], [wanted], within=5)


def test_the_conversion_changes_what_is_seen() -> None:
    """Guards the test above: without it a wide colour would be off by far."""
    assert not near([seen_in_srgb((60, 160, 90), *WIDE["Adobe RGB"])], [(60, 160, 90)], within=20)


def test_alpha_comes_through_a_profile(tmp_path: Path) -> None:
    matrix, gamma = WIDE["Adobe RGB"]
    path = tmp_path / "clear.png"
    image = Image.new("RGBA", (8, 8), (60, 160, 90, 77))
    path.write_bytes(coded(image, "PNG", icc_profile=matrix_profile(matrix, gamma)))
    pixel = Image.open(BytesIO(prepare(path, PLAIN).data)).getpixel((0, 0))
    assert pixel[3] == 77
    assert near([pixel[:3]], [seen_in_srgb((60, 160, 90), matrix, gamma)], within=2)


def test_palette_with_a_profile(tmp_path: Path) -> None:
    matrix, gamma = WIDE["Adobe RGB"]
    image = Image.new("P", (8, 8), 0)
    image.putpalette([60, 160, 90])
    path = tmp_path / "palette.png"
    path.write_bytes(coded(image, "PNG", icc_profile=matrix_profile(matrix, gamma)))
    pixel = Image.open(BytesIO(prepare(path, PLAIN).data)).convert("RGB").getpixel((0, 0))
    assert near([pixel], [seen_in_srgb((60, 160, 90), matrix, gamma)], within=2)


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_grey_with_a_grey_profile(tmp_path: Path, mode: str) -> None:
    image = Image.new(mode, (8, 8), 128 if mode == "L" else (128, 90))
    path = tmp_path / "grey.png"
    path.write_bytes(coded(image, "PNG", icc_profile=gray_profile(1.0)))
    pixel = Image.open(BytesIO(prepare(path, PLAIN).data)).convert("RGBA").getpixel((0, 0))
    assert near([pixel[:3]], [(188, 188, 188)], within=3)  # linear one half in sRGB's curve
    assert pixel[3] == (255 if mode == "L" else 90)


def test_grey_with_a_colour_profile() -> None:
    found = to_srgb(Image.new("L", (2, 2), 128), matrix_profile(P3_TO_XYZ_D50, 1.0))
    assert near([found.getpixel((0, 0))], [(188, 188, 188)], within=3)


@pytest.mark.parametrize(
    "profile",
    [
        b"",
        b"junk",
        bytes(200),
        SRGB[: len(SRGB) // 2],
        gray_profile(1.0),
        matrix_profile(P3_TO_XYZ_D50, 2.2, space=b"CMYK"),
    ],
)
def test_a_profile_that_does_not_fit_counts_as_none(tmp_path: Path, profile: bytes) -> None:
    image = Image.new("RGB", (64, 64), (60, 160, 90))
    assert to_srgb(image, profile).getpixel((0, 0)) == (60, 160, 90)
    path = tmp_path / "odd.jpg"
    path.write_bytes(coded(image, "JPEG", icc_profile=profile, quality=95))
    seen = Image.open(BytesIO(prepare(path, PLAIN).data))
    assert near([seen.getpixel((0, 0))], [(60, 160, 90)], within=2)


def test_srgb_is_known_by_what_it_does_not_by_its_name() -> None:
    assert is_srgb(SRGB)
    assert is_srgb(None)
    assert not is_srgb(matrix_profile(P3_TO_XYZ_D50, 2.2))


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
@pytest.mark.parametrize(("ink", "grey"), [((255, 0, 0, 0), 119), ((0, 0, 0, 0), 255), ((0, 0, 0, 255), 0)])
def test_cmyk_is_seen_as_its_press_prints_it(
    tmp_path: Path, kind: str, ink: tuple[int, ...], grey: int
) -> None:
    path = tmp_path / "printed"
    options = {"quality": 100} if kind == "JPEG" else {}
    path.write_bytes(coded(Image.new("CMYK", (64, 64), ink), kind, icc_profile=press_profile(), **options))
    pixel = Image.open(BytesIO(prepare(path, PLAIN).data)).convert("RGB").getpixel((9, 9))
    assert near([pixel], [(grey,) * 3], within=4)


def test_cmyk_with_a_profile_for_screens_goes_by_the_plain_formula() -> None:
    image = Image.new("CMYK", (2, 2), (0, 255, 255, 0))
    assert near([to_srgb(image, SRGB).getpixel((0, 0))], [(255, 0, 0)], within=1)


def test_lab() -> None:
    grey = Image.merge("LAB", (Image.new("L", (2, 2), 136), *(Image.new("L", (2, 2), 128) for _ in "ab")))
    assert near([to_srgb(grey, None).getpixel((0, 0))], [(127, 127, 127)], within=3)  # L* 53.4 is half grey
