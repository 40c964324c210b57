from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from app.basics.faults import BadInput
from app.imaging.thumbnails import STEPS, Thumbnail, step_for, thumbnail
from tests.app.imaging.pictures import CORNERS, DATA, coded, corners, exif, near, quadrants, stored_as


def _shown(small: Thumbnail) -> Image.Image:
    assert small.stride == small.width * len(small.mode)
    assert len(small.data) == small.stride * small.height
    return Image.frombytes(small.mode, (small.width, small.height), small.data)


@pytest.mark.parametrize(
    ("box", "step"), [(1, 64), (64, 64), (65, 128), (200, 256), (512, 512), (1000, 1024), (5000, 1024)]
)
def test_steps(box: int, step: int) -> None:
    assert step_for(box) == step
    assert step in STEPS


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("given_bytes", [True, False])
def test_upright_from_a_file_and_from_bytes(tmp_path: Path, orientation: int, given_bytes: bool) -> None:
    data = coded(stored_as(quadrants(1200, 800), orientation), "JPEG", exif=exif(orientation))
    path = tmp_path / "photo.jpg"
    path.write_bytes(data)
    small = thumbnail(data if given_bytes else path, 100)
    assert (small.width, small.height, small.mode) == (128, 85, "RGB")
    assert near(corners(_shown(small)), CORNERS)


def test_never_enlarged() -> None:
    small = thumbnail(coded(quadrants(30, 20), "PNG"), 512)
    assert (small.width, small.height) == (30, 20)


def test_alpha_stays() -> None:
    small = thumbnail(DATA / "alpha.heic", 64)
    assert (small.width, small.height, small.mode) == (64, 43, "RGBA")
    shown = _shown(small)
    assert shown.getpixel((3, 0))[3] < 10
    assert shown.getpixel((3, 42))[3] > 245


def test_a_sliver_keeps_a_pixel() -> None:
    assert thumbnail(coded(Image.new("RGB", (5000, 3)), "PNG"), 64).height == 1


def test_what_cannot_be_shown_is_a_fault() -> None:
    with pytest.raises(BadInput, match="not a picture"):
        thumbnail(b"nothing", 64)
