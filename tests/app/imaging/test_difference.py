"""Where two pictures differ, in pixels and in numbers."""

from __future__ import annotations

from PIL import Image

from app.imaging.difference import amplified, difference, halved_by_most, placed

GREY = (100, 110, 120)


def noise(width: int, height: int) -> Image.Image:
    bands = [Image.effect_noise((width, height), sigma) for sigma in (40, 60, 80)]
    return Image.merge("RGB", bands)


def test_equal_pictures_are_identical_and_black() -> None:
    one = noise(37, 21)
    found = difference(one, one.copy())
    assert (found.identical, found.differing, found.all, found.most) == (True, 0, 37 * 21, 0)
    assert found.image.getextrema() == ((0, 0), (0, 0), (0, 0))
    assert amplified(found.image, 64).getextrema() == ((0, 0), (0, 0), (0, 0))


def test_each_pixel_that_differs_is_counted_and_told() -> None:
    one = Image.new("RGB", (40, 30), GREY)
    other = one.copy()
    other.putpixel((3, 4), (101, 110, 120))
    other.putpixel((39, 29), (100, 70, 125))
    found = difference(one, other)
    assert (found.differing, found.most) == (2, 40)
    assert found.image.getpixel((3, 4)) == (1, 0, 0)
    assert found.image.getpixel((39, 29)) == (0, 40, 5)
    assert found.image.getpixel((0, 0)) == (0, 0, 0)
    strong = amplified(found.image, 8)
    assert strong.getpixel((3, 4)) == (8, 0, 0)
    assert strong.getpixel((39, 29)) == (0, 255, 40), "at most white"


def test_what_nobody_sees_does_not_differ() -> None:
    """Colours under full transparency; a different transparency is seen."""
    one, other = Image.new("RGBA", (4, 4), (255, 0, 0, 0)), Image.new("RGBA", (4, 4), (0, 0, 255, 0))
    assert difference(one, other).identical
    other.putpixel((0, 0), (0, 0, 0, 90))
    found = difference(one, other)
    assert (found.differing, found.image.getpixel((0, 0))) == (1, (90, 90, 90))


def test_one_pixel_is_seen_from_any_distance() -> None:
    for width, height, at in ((64, 64, (13, 50)), (37, 21, (36, 20)), (1, 9, (0, 8))):
        lone = Image.new("RGB", (width, height))
        lone.putpixel(at, (7, 200, 3))
        while lone.size != (1, 1):
            lone = halved_by_most(lone)
            assert lone.getextrema() == ((0, 7), (0, 200), (0, 3)) or lone.size == (1, 1)
        assert lone.getpixel((0, 0)) == (7, 200, 3)


def test_halving_takes_the_lightest_of_four() -> None:
    whole = noise(32, 32)
    half = halved_by_most(whole)
    for x in range(16):
        for y in range(16):
            four = [whole.getpixel((2 * x + i, 2 * y + j)) for i in (0, 1) for j in (0, 1)]
            assert half.getpixel((x, y)) == tuple(max(band) for band in zip(*four, strict=True))


def test_another_size_is_fitted_whole_into_the_middle() -> None:
    tall = placed(Image.new("RGB", (10, 20), GREY), (40, 40))
    assert (tall.size, tall.mode) == ((40, 40), "RGBA")
    assert tall.getchannel("A").getbbox() == (10, 0, 30, 40)
    assert placed(Image.new("RGB", (20, 20), GREY), (40, 40)).getpixel((39, 39)) == GREY
