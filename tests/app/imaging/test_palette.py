from __future__ import annotations

import io

import pytest
from PIL import Image

from app.imaging.palette import NAMES, SWATCHES, name_of, oklab, palette_of
from app.imaging.thumbnails import thumbnail


def seen(*parts: tuple[tuple[int, ...], int], mode: str = "RGB") -> list[tuple[str, int]]:
    """Stripes of colours, each as wide as its number."""
    image = Image.new(mode, (sum(width for _, width in parts), 40))
    left = 0
    for color, width in parts:
        image.paste(color, (left, 0, left + width, 40))
        left += width
    to = io.BytesIO()
    image.save(to, "PNG")
    return [(one.name, one.share) for one in palette_of(thumbnail(to.getvalue(), 64))]


def test_every_swatch_has_the_name_of_its_own() -> None:
    assert set(SWATCHES) == set(NAMES)
    assert {name: name_of(oklab(rgb)) for name, rgb in SWATCHES.items()} == {name: name for name in NAMES}


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((111, 78, 55), "brown"),
        ((0, 0, 80), "blue"),
        ((100, 10, 30), "red"),
        ((245, 240, 225), "white"),
        ((135, 206, 235), "blue"),
        ((250, 128, 114), "pink"),
        ((255, 215, 0), "yellow"),
        ((20, 60, 20), "green"),
        ((255, 105, 180), "pink"),
        ((70, 80, 95), "grey"),
    ],
)
def test_colours_are_called_as_people_call_them(rgb: tuple[int, int, int], name: str) -> None:
    assert name_of(oklab(rgb)) == name


def test_white_and_black_are_where_the_source_says() -> None:
    assert oklab((255, 255, 255)) == (1000, 0, 0)
    assert oklab((0, 0, 0)) == (0, 0, 0)
    assert oklab((255, 0, 0)) == (628, 225, 126)


def test_the_largest_comes_first_and_specks_are_left_out() -> None:
    assert seen(((44, 104, 220), 40), ((240, 240, 240), 18), ((214, 40, 40), 1)) == [
        ("blue", 68),
        ("white", 31),
    ]
    assert seen(((44, 104, 220), 20), ((46, 108, 224), 20)) == [("blue", 100)], "one blue"


def test_what_is_transparent_has_no_colour() -> None:
    assert seen(((214, 40, 40, 0), 30), ((64, 160, 70, 255), 10), mode="RGBA") == [("green", 100)]
    assert seen(((214, 40, 40, 0), 30), mode="RGBA") == []
