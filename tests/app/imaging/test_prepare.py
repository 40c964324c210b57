from __future__ import annotations

import math
import resource
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps, ImageStat

from app.basics.faults import BadInput
from app.imaging.encoding import JPEG, PNG, WEBP
from app.imaging.preparation import Preparation
from app.imaging.prepare import prepare
from tests.app.imaging.pictures import (
    BLUE,
    CORNERS,
    DATA,
    GREEN,
    RED,
    bomb,
    coded,
    corners,
    exif,
    near,
    quadrants,
    seen,
    stored_as,
    written,
)

PLAIN = Preparation(max_side=2048, max_bytes=10_000_000)
GEN4 = Preparation(max_side=64, max_bytes=10_000_000, min_ratio=0.5, max_ratio=2.0)


def _psnr(one: Image.Image, other: Image.Image) -> float:
    rms = ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).rms
    return 20 * math.log10(255 / max(1e-9, math.sqrt(sum(v * v for v in rms) / 3)))


def _photo(width: int, height: int) -> Image.Image:
    """Soft shapes with grain, each corner its own."""
    noise = Image.merge("RGB", [Image.effect_noise((width, height), grain) for grain in (11, 12, 13)])
    return ImageChops.add(quadrants(width, height).resize((width, height)), noise, 1, -128)


# --- upright --------------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("side", [2048, 40])
def test_every_orientation_in_every_format(tmp_path: Path, kind: str, orientation: int, side: int) -> None:
    options = {"quality": 95} if kind in ("JPEG", "WEBP", "AVIF") else {}
    stored = stored_as(quadrants(192, 128), orientation)
    path = written(tmp_path, coded(stored, kind, exif=exif(orientation), **options))
    found = prepare(path, Preparation(max_side=side, max_bytes=10**7))
    assert (found.width, found.height) == ((192, 128) if side == 2048 else (40, 27))
    assert near(corners(seen(found)), CORNERS, within=8)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_against_turning_first(tmp_path: Path, orientation: int) -> None:
    """Turning after shrinking gives what turning at full size gives."""
    stored = stored_as(_photo(1200, 800), orientation)
    path = written(tmp_path, coded(stored, "JPEG", quality=95, exif=exif(orientation)))
    found = seen(prepare(path, Preparation(max_side=300, max_bytes=10**7)))
    with Image.open(path) as photo:
        plain = ImageOps.exif_transpose(photo).resize((300, 200), Image.Resampling.LANCZOS)
    assert _psnr(found, plain) > 36


@pytest.mark.parametrize("name", ["quadrants", "turned"])
def test_heic(name: str) -> None:
    found = prepare(DATA / f"{name}.heic", PLAIN)
    assert (found.width, found.height, found.mime) == (96, 64, JPEG)
    assert near(corners(seen(found)), CORNERS)
    assert b"SecretCam" not in found.data


def test_heic_with_alpha() -> None:
    image = seen(prepare(DATA / "alpha.heic", PLAIN))
    assert image.mode == "RGBA"
    assert image.getpixel((5, 0))[3] < 8
    assert image.getpixel((5, 63))[3] > 247


# --- fitting --------------------------------------------------------------------------------------


def test_bars_have_their_colour_and_the_picture_is_whole(tmp_path: Path) -> None:
    path = written(tmp_path, coded(quadrants(300, 60), "PNG"))
    found = prepare(
        path, Preparation(**{**_told(GEN4), "max_side": 300, "fit": "pad", "pad_color": "#0a141e"})
    )
    image = seen(found)
    assert image.size == (300, 150)
    assert near([image.getpixel((150, 5)), image.getpixel((150, 144))], [(10, 20, 30)] * 2, within=2)
    assert near(corners(image.crop((0, 45, 300, 105))), CORNERS)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_crop_follows_the_focus_of_the_upright_picture(tmp_path: Path, orientation: int) -> None:
    wide = Image.new("RGB", (400, 100), RED)
    wide.paste(BLUE, (200, 0, 400, 100))
    stored = stored_as(wide, orientation)
    path = written(tmp_path, coded(stored, "JPEG", quality=95, subsampling=0, exif=exif(orientation)))
    for focus, colour in ((0.0, RED), (1.0, BLUE)):
        wanted = Preparation(**{**_told(GEN4), "fit": "crop", "focus": (focus, 0.5)})
        image = seen(prepare(path, wanted))
        assert image.size == (64, 32)
        assert near(corners(image), [colour] * 4)


def test_padding_takes_the_alpha_along(tmp_path: Path) -> None:
    image = Image.new("RGBA", (90, 10), (255, 0, 0, 0))
    path = written(tmp_path, coded(image, "PNG"))
    found = seen(prepare(path, Preparation(**{**_told(GEN4), "fit": "pad", "pad_color": "#00ff00"})))
    assert found.mode == "RGB"
    assert near(corners(found), [(0, 255, 0)] * 4, within=2)


def test_inside_the_bounds_nothing_is_fitted(tmp_path: Path) -> None:
    path = written(tmp_path, coded(quadrants(60, 40), "PNG"))
    for fit in ("none", "pad", "crop"):
        found = prepare(path, Preparation(**{**_told(GEN4), "fit": fit}))
        assert (found.width, found.height) == (60, 40)
        assert near(corners(seen(found)), CORNERS)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    size=st.tuples(st.integers(1, 300), st.integers(1, 300)),
    fit=st.sampled_from(["pad", "crop"]),
    focus=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    orientation=st.integers(1, 8),
    kind=st.sampled_from(["JPEG", "PNG"]),
    side=st.integers(1, 200),
)
def test_any_picture_arrives_within_every_limit(tmp_path, size, fit, focus, orientation, kind, side) -> None:
    path = written(tmp_path, coded(Image.new("RGB", size, BLUE), kind, exif=exif(orientation)))
    wanted = Preparation(
        **{**_told(GEN4), "max_side": side, "fit": fit, "focus": focus, "pad_color": "#1e3cdc"}
    )
    image = seen(prepare(path, wanted))
    assert max(image.size) <= side
    assert 0.5 <= image.width / image.height <= 2 or 1 in image.size
    assert near(corners(image), [BLUE] * 4, within=3)


def _told(preparation: Preparation) -> dict[str, object]:
    return {name: getattr(preparation, name) for name in preparation.__dataclass_fields__}


# --- sizes ----------------------------------------------------------------------------------------


def test_24_megapixels(tmp_path: Path) -> None:
    path = written(tmp_path, coded(stored_as(quadrants(6000, 4000), 6), "JPEG", exif=exif(6)))
    found = prepare(path, PLAIN)
    assert (found.width, found.height) == (2048, 1365)
    assert near(corners(seen(found)), CORNERS)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (65_000, 2), (7, 5000)])
@pytest.mark.parametrize("fit", ["none", "pad", "crop"])
def test_extreme_shapes(tmp_path: Path, size: tuple[int, int], fit: str) -> None:
    path = written(tmp_path, coded(Image.new("RGB", size, GREEN), "PNG"))
    wanted = Preparation(**{**_told(GEN4), "max_side": 512, "fit": fit, "pad_color": "#1ec828"})
    image = seen(prepare(path, wanted))
    assert max(image.size) <= 512
    if fit != "none":
        assert 0.5 <= image.width / image.height <= 2
    assert near([image.getpixel((0, 0))], [GREEN], within=2)


def test_a_bomb_costs_no_memory(tmp_path: Path) -> None:
    path = written(tmp_path, bomb(13_300))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadInput) as caught:
        prepare(path, PLAIN)
    assert caught.value.code == "image.too-large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_pixels_are_limited(tmp_path: Path) -> None:
    path = written(tmp_path, coded(quadrants(900, 600), "PNG"))
    found = prepare(path, Preparation(max_side=2048, max_bytes=10**7, max_pixels=100_000))
    assert 99_000 <= found.width * found.height <= 100_000
    assert abs(found.width / found.height - 1.5) < 0.01


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("limit", [200_000, 60_000, 8_000, 1_200])
def test_bytes_are_limited_and_the_ratio_stays(tmp_path: Path, alpha: bool, limit: int) -> None:
    image = _photo(600, 300)
    if alpha:
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    path = written(tmp_path, coded(image, "PNG"))
    found = prepare(path, Preparation(max_side=600, max_bytes=limit, min_ratio=0.5, max_ratio=2.0))
    assert len(found.data) <= limit
    assert len(found.data) > limit / 6 or found.width == 600
    assert abs(found.width / found.height - 2) < 0.1
    assert found.width <= 2 * found.height
    assert seen(found).mode == ("RGBA" if alpha else "RGB")


def test_quality_falls_before_size(tmp_path: Path) -> None:
    path = written(tmp_path, coded(_photo(600, 400), "BMP"))
    best = prepare(path, PLAIN)
    less = prepare(path, Preparation(max_side=2048, max_bytes=len(best.data) * 3 // 4))
    assert (less.width, less.height) == (600, 400)


def test_a_limit_below_any_picture(tmp_path: Path) -> None:
    path = written(tmp_path, coded(quadrants(), "PNG"))
    with pytest.raises(BadInput) as caught:
        prepare(path, Preparation(max_side=100, max_bytes=20))
    assert caught.value.code == "image.limit-too-low"


# --- type and metadata ----------------------------------------------------------------------------


def test_photographs_go_as_jpeg_and_graphics_as_png(tmp_path: Path) -> None:
    photo = written(tmp_path, coded(_photo(400, 300), "PNG"), "photo.png")
    logo = written(tmp_path, coded(quadrants(400, 300), "PNG"), "logo.png")
    assert prepare(photo, PLAIN).mime == JPEG
    assert prepare(logo, PLAIN).mime == PNG
    assert prepare(photo, Preparation(max_side=9, max_bytes=9999, formats=(PNG,))).mime == PNG
    assert prepare(logo, Preparation(max_side=9, max_bytes=9999, formats=(WEBP,))).mime == WEBP


def test_colour_is_not_halved(tmp_path: Path) -> None:
    found = prepare(written(tmp_path, coded(_photo(300, 300), "BMP")), PLAIN)
    assert seen(found).layer[0][1:3] == (1, 1)  # 4:4:4


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_nothing_but_pixels_is_sent(tmp_path: Path, kind: str, orientation: int) -> None:
    told = Image.Exif()
    told[0x0112], told[0x010F] = orientation, "SecretCam"
    told.get_ifd(0x8825)[1] = "N"
    told.get_ifd(0x8825)[2] = (48.0, 8.0, 14.0)
    options: dict[str, object] = {"exif": told.tobytes(), "dpi": (72, 72)}
    if kind in ("JPEG", "WEBP"):
        options["xmp"] = b"<x:xmpmeta>SecretName</x:xmpmeta>"
    if kind == "JPEG":
        options["comment"] = b"SecretWords"
    path = written(tmp_path, coded(_photo(80, 60), kind, **options) + b"SecretTail")
    for wanted in (PLAIN, Preparation(max_side=40, max_bytes=9999)):
        found = prepare(path, wanted)
        assert b"Secret" not in found.data
        assert b"Exif" not in found.data
        image = seen(found)
        assert not image.getexif()
        assert not {"icc_profile", "xmp", "exif", "comment", "XML:com.adobe.xmp"} & set(image.info)


def test_a_fitting_jpeg_keeps_its_very_pixels(tmp_path: Path) -> None:
    for options in ({"quality": 80}, {"quality": 80, "progressive": True}, {"restart_marker_rows": 1}):
        data = coded(_photo(300, 200), "JPEG", exif=exif(1), comment=b"Secret", **options)
        path = written(tmp_path, data)
        found = prepare(path, PLAIN)
        assert len(found.data) < len(data)
        assert seen(found).tobytes() == Image.open(BytesIO(data)).tobytes()
        assert b"Secret" not in found.data


def test_an_adobe_rgb_coded_jpeg_keeps_its_colours(tmp_path: Path) -> None:
    data = coded(quadrants(), "JPEG", quality=95, keep_rgb=True)
    found = prepare(written(tmp_path, data), PLAIN)
    assert near(corners(seen(found)), CORNERS, within=3)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"])
def test_a_picture_that_was_cut_short_is_refused(tmp_path: Path, kind: str) -> None:
    data = coded(_photo(200, 150), kind)
    for keep in (0.3, 0.6, 0.9):
        path = written(tmp_path, data[: int(len(data) * keep)], "shoe")
        for wanted in (PLAIN, Preparation(max_side=50, max_bytes=9999)):
            with pytest.raises(BadInput, match="“shoe” is damaged or was cut short"):
                prepare(path, wanted)


def test_the_same_bytes_every_time_and_the_original_untouched(tmp_path: Path) -> None:
    sources = {kind: coded(_photo(200, 150), kind) for kind in ("JPEG", "PNG", "WEBP", "AVIF")}
    for kind, data in sources.items():
        path, other = written(tmp_path, data, kind), written(tmp_path, data, f"other {kind}")
        before = path.stat()
        wanted = Preparation(max_side=77, max_bytes=99_999)
        assert prepare(path, wanted) == prepare(path, wanted) == prepare(other, wanted)
        after = path.stat()
        assert (after.st_mtime_ns, after.st_size) == (before.st_mtime_ns, before.st_size)
        assert path.read_bytes() == data


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"max_side": 0}, "image.bad-limit"),
        ({"max_bytes": 0}, "image.bad-limit"),
        ({"max_pixels": 0}, "image.bad-limit"),
        ({"fit": "stretch"}, "image.bad-fit"),
        ({"pad_color": "white"}, "image.bad-pad-color"),
        ({"pad_color": "#fff"}, "image.bad-pad-color"),
        ({"focus": (0.5, 1.1)}, "image.bad-focus"),
        ({"focus": (math.nan, 0.5)}, "image.bad-focus"),
        ({"min_ratio": 2.0, "max_ratio": 1.0}, "image.bad-ratio"),
        ({"min_ratio": -1.0}, "image.bad-ratio"),
        ({"max_ratio": math.inf}, "image.bad-ratio"),
        ({"formats": ()}, "image.bad-formats"),
        ({"formats": ("image/gif",)}, "image.bad-formats"),
    ],
)
def test_a_senseless_preparation(change: dict[str, object], code: str) -> None:
    with pytest.raises(BadInput) as caught:
        Preparation(**{**_told(PLAIN), **change})
    assert caught.value.code == code


def test_keys_differ_with_everything_that_matters() -> None:
    changes = [
        {},
        {"max_side": 1},
        {"max_bytes": 1},
        {"max_pixels": 1},
        {"keep_alpha": False},
        {"fit": "pad"},
        {"pad_color": "#000000"},
        {"focus": (0.5, 0.4)},
        {"min_ratio": 0.5},
        {"max_ratio": 2.0},
        {"formats": (JPEG,)},
    ]
    assert {name for change in changes for name in change} == set(PLAIN.__dataclass_fields__)
    keys = {Preparation(**{**_told(PLAIN), **change}).key("a" * 64) for change in changes}
    assert len(keys) == len(changes)
    assert PLAIN.key("a" * 64) != PLAIN.key("b" * 64)


@pytest.mark.parametrize(("colours", "mime"), [(1000, "image/png"), (4096, "image/jpeg")])
def test_many_colours_of_few_a_row_make_a_photograph(tmp_path: Path, colours: int, mime: str) -> None:
    rows = Image.new("RGB", (1, 4096))
    rows.putdata([(row % colours % 256, row % colours // 256, 7) for row in range(4096)])
    path = tmp_path / "rows.png"
    rows.resize((64, 4096), Image.Resampling.NEAREST).save(path)
    assert prepare(path, Preparation(max_side=4096, max_bytes=9_000_000)).mime == mime
