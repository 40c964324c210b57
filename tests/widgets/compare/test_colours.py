"""What stands on the screen is Pillow's own conversion of the picture's profile, pixel for pixel."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.app.imaging.pictures import (
    ADOBE_TO_XYZ_D50,
    P3_TO_XYZ_D50,
    gray_profile,
    matrix_profile,
    press_profile,
)
from tests.widgets.compare.conftest import Table, noise, part, pixels, saved
from tests.widgets.conftest import Pictures, comes
from widgets.compare.comparison import Mode
from widgets.compare.viewer import Viewer
from widgets.parts.shown import Shown
from widgets.theme import Themes

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
PROFILES = {
    "Display P3": ("RGB", "png", matrix_profile(P3_TO_XYZ_D50, 2.2)),
    "Adobe RGB": ("RGB", "tiff", matrix_profile(ADOBE_TO_XYZ_D50, 563 / 256)),
    "grey": ("L", "png", gray_profile(1.8)),
    "CMYK": ("CMYK", "tiff", press_profile()),
}


def pictured(mode: str) -> Image.Image:
    return noise(320, 200).convert(mode)


def as_pillow_shows(image: Image.Image, profile: bytes, screen: ImageCms.ImageCmsProfile) -> Image.Image:
    made = ImageCms.profileToProfile(
        image,
        ImageCms.ImageCmsProfile(BytesIO(profile)),
        screen,
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    assert made is not None
    return made


@pytest.fixture
def screen() -> list[bytes | None]:
    return [None]


@pytest.fixture
def viewer(
    stage: QWidget, pictures: Pictures, themes: Themes, screen: list[bytes | None]
) -> Iterator[Viewer]:
    stage.resize(1000, 700)
    made = Viewer(pictures, themes, stage, profile=lambda: screen[0])
    yield made
    made.close_down()


def seen(viewer: Viewer, path: Path) -> Image.Image:
    """At its own size, in the middle."""
    viewer.look(path, "")
    assert comes(lambda: viewer.gallery.size(path) is not None)
    viewer.grab()
    assert comes(lambda: viewer.gallery.bytes > 0 and not viewer.gallery.at_work)
    shown = part(pixels(viewer.grab().toImage()), viewer.camera.box(viewer.room()))
    assert shown.size == (320, 200)
    return shown


@pytest.mark.parametrize("name", PROFILES)
def test_pixels_of_the_viewer_equal_pillows(viewer: Viewer, tmp_path: Path, name: str) -> None:
    mode, kind, profile = PROFILES[name]
    image = pictured(mode)
    path = saved(tmp_path, f"picture.{kind}", image, icc_profile=profile)
    wanted = as_pillow_shows(image, profile, SRGB)
    assert wanted.tobytes() != image.convert("RGB").tobytes(), "the profile changes what is seen"
    assert seen(viewer, path).tobytes() == wanted.tobytes()


@pytest.mark.parametrize("name", PROFILES)
def test_on_a_screen_with_a_profile_too(
    viewer: Viewer, screen: list[bytes | None], tmp_path: Path, name: str
) -> None:
    mode, kind, profile = PROFILES[name]
    screen[0] = matrix_profile(ADOBE_TO_XYZ_D50, 1.9)
    image = pictured(mode)
    path = saved(tmp_path, f"picture.{kind}", image, icc_profile=profile)
    wanted = as_pillow_shows(image, profile, ImageCms.ImageCmsProfile(BytesIO(screen[0])))
    assert seen(viewer, path).tobytes() == wanted.tobytes()


def test_the_loupe_tells_srgb_on_any_screen(
    viewer: Viewer, screen: list[bytes | None], tmp_path: Path
) -> None:
    screen[0] = matrix_profile(ADOBE_TO_XYZ_D50, 1.9)
    path = saved(tmp_path, "flat.png", Image.new("RGB", (320, 200), (200, 60, 20)))
    seen(viewer, path)
    level = viewer.gallery.finest_at_hand(path)
    assert level is not None
    assert level.plain.pixelColor(5, 5).name() == "#c83c14"
    assert level.image.pixelColor(5, 5).name() != "#c83c14"


def test_a_profile_within_a_level_of_srgb_is_left_alone(viewer: Viewer, tmp_path: Path) -> None:
    """The one tolerance: nothing is converted where the most that could change is 1 of 255."""
    image = pictured("RGB")
    path = saved(tmp_path, "srgb.png", image, icc_profile=SRGB.tobytes())
    assert seen(viewer, path).tobytes() == image.tobytes()


def test_the_comparison_shows_the_same_pixels(table: Table, tmp_path: Path) -> None:
    _, _, profile = PROFILES["Display P3"]
    image = pictured("RGB")
    paths = [saved(tmp_path, f"{name}.png", image, icc_profile=profile) for name in "ab"]
    wanted = as_pillow_shows(image, profile, SRGB)
    for mode in (Mode.SIDE, Mode.BLINK):
        table.compare([Shown(path, "") for path in paths], mode)
        QTest.qWait(30)
        picture = table.picture()
        for pane in table.surface.panes():
            shown = part(picture, table.surface.camera.box(pane))
            below = (0, 50, 320, 200)  # without the label
            assert shown.crop(below).tobytes() == wanted.crop(below).tobytes()
