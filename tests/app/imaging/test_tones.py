"""How often each tone is in a picture."""

from __future__ import annotations

from PIL import Image

from app.imaging.tones import tones_of


def test_every_pixel_is_counted_once_in_each_curve() -> None:
    image = Image.new("RGB", (10, 10), (200, 100, 50))
    image.paste((0, 255, 0), (0, 0, 5, 10))
    tones = tones_of(image)
    assert (tones.red[200], tones.green[100], tones.blue[50]) == (50, 50, 50)
    assert (tones.red[0], tones.green[255], tones.blue[0]) == (50, 50, 50)
    assert tones.pixels == sum(tones.green) == sum(tones.blue) == sum(tones.luminance) == 100


def test_luminance_weighs_as_rec_709() -> None:
    for colour, level in (((255, 0, 0), 54), ((0, 255, 0), 182), ((0, 0, 255), 18), ((90, 90, 90), 90)):
        counts = tones_of(Image.new("RGB", (3, 3), colour)).luminance
        assert counts.index(9) in (level, level + 1)


def test_what_is_transparent_is_not_counted() -> None:
    image = Image.new("RGBA", (4, 1), (10, 10, 10, 0))
    image.putpixel((0, 0), (20, 20, 20, 1))
    tones = tones_of(image)
    assert (tones.pixels, tones.red[20], tones.red[10]) == (1, 1, 0)
