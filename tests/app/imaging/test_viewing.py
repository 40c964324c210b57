"""Pictures for being looked at: their size, their own pixels, the colours of the screen."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from app.basics.faults import BadInput
from app.imaging.colour import is_of_a_screen, to_srgb
from app.imaging.screen import screen_profile
from app.imaging.viewing import halved, looked_at, raster, size_of
from tests.app.imaging.pictures import (
    ADOBE_TO_XYZ_D50,
    P3_TO_XYZ_D50,
    coded,
    corners,
    exif,
    gray_profile,
    matrix_profile,
    near,
    press_profile,
    quadrants,
    stored_as,
    written,
)

ADOBE, P3 = matrix_profile(ADOBE_TO_XYZ_D50, 563 / 256), matrix_profile(P3_TO_XYZ_D50, 2.2)
FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION
RELATIVE = ImageCms.Intent.RELATIVE_COLORIMETRIC


def opened(profile: bytes) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(BytesIO(profile))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_size_and_pixels_are_as_it_is_seen(tmp_path: Path, orientation: int) -> None:
    image = quadrants(90, 60)
    path = written(tmp_path, coded(stored_as(image, orientation), "PNG", exif=exif(orientation)))
    assert size_of(path) == (90, 60)
    assert looked_at(path).tobytes() == image.tobytes()
    half = looked_at(path, 1)
    assert half.size == halved((90, 60), 1) == (45, 30)
    assert near(corners(half), corners(image))


def test_a_file_that_is_no_picture_is_a_fault(tmp_path: Path) -> None:
    for asked in (size_of, looked_at):
        with pytest.raises(BadInput):
            asked(written(tmp_path, b"no picture"))


def test_pixels_are_handed_on_whole() -> None:
    pixels = raster(Image.new("RGBA", (5, 3), (1, 2, 3, 4)))
    assert (pixels.width, pixels.height, pixels.stride, pixels.mode) == (5, 3, 20, "RGBA")
    assert pixels.data == bytes((1, 2, 3, 4)) * 15


def test_on_a_screen_of_its_own_colours_it_is_pillows_own_conversion(tmp_path: Path) -> None:
    """From the picture's profile straight to the screen's, without sRGB between, which would cut colours."""
    image = Image.merge("RGB", [Image.effect_noise((64, 48), sigma) for sigma in (60, 80, 100)])
    path = written(tmp_path, coded(image, "PNG", icc_profile=ADOBE))
    wanted = ImageCms.profileToProfile(
        image, opened(ADOBE), opened(P3), renderingIntent=RELATIVE, outputMode="RGB", flags=FLAGS
    )
    assert wanted is not None
    assert looked_at(path, 0, P3).tobytes() == wanted.tobytes()
    assert looked_at(path, 0, P3).tobytes() != looked_at(path).tobytes()


def test_a_picture_without_a_profile_is_meant_in_srgb(tmp_path: Path) -> None:
    for mode, colour in (("RGB", (200, 60, 20)), ("L", 77), ("RGBA", (200, 60, 20, 128))):
        image = Image.new(mode, (4, 4), colour)
        shown = to_srgb(image, None, P3)
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
        plain = image.convert("RGB") if mode != "RGBA" else Image.new("RGB", (4, 4), (200, 60, 20))
        wanted = ImageCms.profileToProfile(
            plain, srgb, opened(P3), renderingIntent=RELATIVE, outputMode="RGB", flags=FLAGS
        )
        assert wanted is not None
        assert shown.convert("RGB").tobytes() == wanted.tobytes()
        assert shown.mode == ("RGBA" if mode == "RGBA" else "RGB")
        assert to_srgb(image, None).convert("RGB").tobytes() == plain.tobytes()


def test_only_profiles_of_screens_are_taken(tmp_path: Path) -> None:
    good = tmp_path / "screen.icc"
    good.write_bytes(P3)
    assert screen_profile(str(good)) == P3
    for name, data in (("grey", gray_profile(2.2)), ("press", press_profile()), ("junk", b"junk" * 99)):
        bad = tmp_path / f"{name}.icc"
        bad.write_bytes(data)
        assert screen_profile(str(bad)) is None, name
        assert not is_of_a_screen(data)
    assert screen_profile(str(tmp_path / "gone.icc")) is None
    assert screen_profile(str(tmp_path)) is None
