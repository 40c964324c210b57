from __future__ import annotations

import hashlib
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
from app.imaging.prepare import Prepared, prepare
from tests.app.imaging.pictures import (
    BLUE,
    CORNERS,
    DATA,
    GREEN,
    RED,
    bomb,
    chunk,
    coded,
    corners,
    exif,
    near,
    png,
    quadrants,
    stored_as,
)

PLAIN = Preparation(max_side=2048, max_bytes=10_000_000)
GEN4 = Preparation(max_side=64, max_bytes=10_000_000, min_ratio=0.5, max_ratio=2.0)


def _written(folder: Path, data: bytes, name: str = "picture") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _opened(prepared: Prepared) -> Image.Image:
    image = Image.open(BytesIO(prepared.data))
    image.load()
    assert image.size == (prepared.width, prepared.height)
    assert Image.MIME[image.format] == prepared.mime
    assert hashlib.sha256(prepared.data).hexdigest() == prepared.sha256
    return image


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
    path = _written(tmp_path, coded(stored, kind, exif=exif(orientation), **options))
    found = prepare(path, Preparation(max_side=side, max_bytes=10**7))
    assert (found.width, found.height) == ((192, 128) if side == 2048 else (40, 27))
    assert near(corners(_opened(found)), CORNERS, within=8)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_against_turning_first(tmp_path: Path, orientation: int) -> None:
    """Turning after shrinking gives what turning at full size gives."""
    stored = stored_as(_photo(1200, 800), orientation)
    path = _written(tmp_path, coded(stored, "JPEG", quality=95, exif=exif(orientation)))
    found = _opened(prepare(path, Preparation(max_side=300, max_bytes=10**7)))
    with Image.open(path) as photo:
        plain = ImageOps.exif_transpose(photo).resize((300, 200), Image.Resampling.LANCZOS)
    assert _psnr(found, plain) > 36


@pytest.mark.parametrize("name", ["quadrants", "turned"])
def test_heic(name: str) -> None:
    found = prepare(DATA / f"{name}.heic", PLAIN)
    assert (found.width, found.height, found.mime) == (96, 64, JPEG)
    assert near(corners(_opened(found)), CORNERS)
    assert b"SecretCam" not in found.data


def test_heic_with_alpha() -> None:
    image = _opened(prepare(DATA / "alpha.heic", PLAIN))
    assert image.mode == "RGBA"
    assert image.getpixel((5, 0))[3] < 8
    assert image.getpixel((5, 63))[3] > 247


# --- modes ----------------------------------------------------------------------------------------


def test_cmyk_jpeg(tmp_path: Path) -> None:
    path = _written(tmp_path, coded(quadrants().convert("CMYK"), "JPEG", quality=95))
    image = _opened(prepare(path, PLAIN))
    assert image.mode == "RGB"
    assert near(corners(image), CORNERS, within=8)


def test_sixteen_bit_grey(tmp_path: Path) -> None:
    levels = [0, 128, 255, 256, 12_850, 32_768, 65_407, 65_535]
    rows = b"".join(level.to_bytes(2, "big") for level in levels)
    image = _opened(prepare(_written(tmp_path, png(8, 1, bits=16, colour=0, rows=rows)), PLAIN))
    assert image.mode == "RGB"
    assert [image.getpixel((x, 0)) for x in range(8)] == [(round(v / 257),) * 3 for v in levels]


@pytest.mark.parametrize("colour", [2, 6])
def test_sixteen_bit_colour(tmp_path: Path, colour: int) -> None:
    pixel = (56_000, 7_000, 300) + ((65_535,) if colour == 6 else ())
    rows = b"".join(v.to_bytes(2, "big") for v in pixel) * 4
    image = _opened(prepare(_written(tmp_path, png(2, 2, bits=16, colour=colour, rows=rows)), PLAIN))
    assert image.mode == "RGB"
    assert near([image.getpixel((0, 0))], [(218, 27, 1)], within=1)


@pytest.mark.parametrize("mode", ["I", "F", "I;16"])
def test_tiffs_of_numbers(tmp_path: Path, mode: str) -> None:
    half, white = {"I": (32_767, 65_535), "F": (0.5, 1.0), "I;16": (32_767, 65_535)}[mode]
    image = Image.new(mode, (4, 2))
    for x in range(4):
        for y in range(2):
            image.putpixel((x, y), half if x < 2 else white)
    found = _opened(prepare(_written(tmp_path, coded(image, "TIFF")), PLAIN))
    assert near([found.getpixel((0, 0)), found.getpixel((3, 0))], [(128,) * 3, (255,) * 3], within=1)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBX", "YCbCr", "LAB"])
def test_other_modes_of_tiff(tmp_path: Path, mode: str) -> None:
    grey = Image.new("RGB", (16, 16), (255, 255, 255))
    grey.paste((0, 0, 0), (0, 0, 8, 16))
    if mode == "LAB":
        source = Image.merge("LAB", (grey.convert("L"), *(Image.new("L", (16, 16), 128) for _ in "ab")))
    else:
        source = grey.convert(mode)
    found = _opened(prepare(_written(tmp_path, coded(source, "TIFF")), PLAIN))
    assert near([found.getpixel((2, 8)), found.getpixel((13, 8))], [(0,) * 3, (255,) * 3], within=3)


def test_palette_with_transparency(tmp_path: Path) -> None:
    image = Image.new("P", (4, 2), 1)
    image.putpalette([*RED, *GREEN, *BLUE])
    image.paste(0, (0, 0, 2, 2))
    path = _written(tmp_path, coded(image, "PNG", transparency=0))
    kept = _opened(prepare(path, PLAIN))
    assert kept.getpixel((0, 0))[3] == 0
    assert kept.getpixel((3, 0)) == (*GREEN, 255)
    flat = _opened(
        prepare(path, Preparation(max_side=9, max_bytes=9999, keep_alpha=False, pad_color="#102030"))
    )
    assert near([flat.getpixel((0, 0)), flat.getpixel((3, 0))], [(16, 32, 48), GREEN], within=2)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_alpha_is_kept_flattened_or_dropped(tmp_path: Path, mode: str) -> None:
    image = Image.new(mode, (8, 8), (200, 128) if mode == "LA" else (200, 200, 200, 128))
    path = _written(tmp_path, coded(image, "PNG"))
    kept = prepare(path, PLAIN)
    assert (kept.mime, _opened(kept).getpixel((0, 0))) == (PNG, (200, 200, 200, 128))
    only_jpeg = prepare(path, Preparation(max_side=99, max_bytes=99999, formats=(JPEG,)))
    assert only_jpeg.mime == JPEG
    assert near([_opened(only_jpeg).getpixel((0, 0))], [(227, 227, 227)], within=2)
    webp = prepare(path, Preparation(max_side=99, max_bytes=99999, formats=(JPEG, WEBP)))
    assert (webp.mime, _opened(webp).mode) == (WEBP, "RGBA")
    image.putalpha(255)
    opaque = prepare(_written(tmp_path, coded(image.resize((600, 600)), "PNG")), PLAIN)
    assert _opened(opaque).mode == "RGB"


def test_colour_key_becomes_alpha_and_survives_shrinking(tmp_path: Path) -> None:
    key = b"".join(v.to_bytes(2, "big") for v in RED)
    rows = (bytes(RED) * 32 + bytes(BLUE) * 32) * 64
    path = _written(tmp_path, png(64, 64, bits=8, colour=2, rows=rows, extra=chunk(b"tRNS", key)))
    image = _opened(prepare(path, Preparation(max_side=16, max_bytes=99999)))
    assert (image.getpixel((2, 8))[3], image.getpixel((13, 8))) == (0, (*BLUE, 255))


def test_transparent_pixels_do_not_bleed(tmp_path: Path) -> None:
    """The hidden colour under full transparency never tints the edge when it is shrunk."""
    image = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (33, 0, 64, 64))
    found = _opened(
        prepare(_written(tmp_path, coded(image, "PNG")), Preparation(max_side=16, max_bytes=99999))
    )
    edge = [pixel for x in range(16) if (pixel := found.getpixel((x, 8)))[3] > 8]
    assert all(red <= 2 for red, _, _, _ in edge)


def test_the_first_frame_of_a_gif(tmp_path: Path) -> None:
    later = [Image.new("RGB", (96, 64), (n, n, n)) for n in (0, 90)]
    path = _written(tmp_path, coded(quadrants(), "GIF", save_all=True, append_images=later, duration=40))
    found = prepare(path, PLAIN)
    assert near(corners(_opened(found)), CORNERS)
    assert getattr(_opened(found), "n_frames", 1) == 1


# --- fitting --------------------------------------------------------------------------------------


def test_bars_have_their_colour_and_the_picture_is_whole(tmp_path: Path) -> None:
    path = _written(tmp_path, coded(quadrants(300, 60), "PNG"))
    found = prepare(
        path, Preparation(**{**_told(GEN4), "max_side": 300, "fit": "pad", "pad_color": "#0a141e"})
    )
    image = _opened(found)
    assert image.size == (300, 150)
    assert near([image.getpixel((150, 5)), image.getpixel((150, 144))], [(10, 20, 30)] * 2, within=2)
    assert near(corners(image.crop((0, 45, 300, 105))), CORNERS)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_crop_follows_the_focus_of_the_upright_picture(tmp_path: Path, orientation: int) -> None:
    wide = Image.new("RGB", (400, 100), RED)
    wide.paste(BLUE, (200, 0, 400, 100))
    stored = stored_as(wide, orientation)
    path = _written(tmp_path, coded(stored, "JPEG", quality=95, subsampling=0, exif=exif(orientation)))
    for focus, colour in ((0.0, RED), (1.0, BLUE)):
        wanted = Preparation(**{**_told(GEN4), "fit": "crop", "focus": (focus, 0.5)})
        image = _opened(prepare(path, wanted))
        assert image.size == (64, 32)
        assert near(corners(image), [colour] * 4)


def test_padding_takes_the_alpha_along(tmp_path: Path) -> None:
    image = Image.new("RGBA", (90, 10), (255, 0, 0, 0))
    path = _written(tmp_path, coded(image, "PNG"))
    found = _opened(prepare(path, Preparation(**{**_told(GEN4), "fit": "pad", "pad_color": "#00ff00"})))
    assert found.mode == "RGB"
    assert near(corners(found), [(0, 255, 0)] * 4, within=2)


def test_inside_the_bounds_nothing_is_fitted(tmp_path: Path) -> None:
    path = _written(tmp_path, coded(quadrants(60, 40), "PNG"))
    for fit in ("none", "pad", "crop"):
        found = prepare(path, Preparation(**{**_told(GEN4), "fit": fit}))
        assert (found.width, found.height) == (60, 40)
        assert near(corners(_opened(found)), CORNERS)


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
    path = _written(tmp_path, coded(Image.new("RGB", size, BLUE), kind, exif=exif(orientation)))
    wanted = Preparation(
        **{**_told(GEN4), "max_side": side, "fit": fit, "focus": focus, "pad_color": "#1e3cdc"}
    )
    image = _opened(prepare(path, wanted))
    assert max(image.size) <= side
    assert 0.5 <= image.width / image.height <= 2 or 1 in image.size
    assert near(corners(image), [BLUE] * 4, within=3)


def _told(preparation: Preparation) -> dict[str, object]:
    return {name: getattr(preparation, name) for name in preparation.__dataclass_fields__}


# --- sizes ----------------------------------------------------------------------------------------


def test_24_megapixels(tmp_path: Path) -> None:
    path = _written(tmp_path, coded(stored_as(quadrants(6000, 4000), 6), "JPEG", exif=exif(6)))
    found = prepare(path, PLAIN)
    assert (found.width, found.height) == (2048, 1365)
    assert near(corners(_opened(found)), CORNERS)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (65_000, 2), (7, 5000)])
@pytest.mark.parametrize("fit", ["none", "pad", "crop"])
def test_extreme_shapes(tmp_path: Path, size: tuple[int, int], fit: str) -> None:
    path = _written(tmp_path, coded(Image.new("RGB", size, GREEN), "PNG"))
    wanted = Preparation(**{**_told(GEN4), "max_side": 512, "fit": fit, "pad_color": "#1ec828"})
    image = _opened(prepare(path, wanted))
    assert max(image.size) <= 512
    if fit != "none":
        assert 0.5 <= image.width / image.height <= 2
    assert near([image.getpixel((0, 0))], [GREEN], within=2)


def test_a_bomb_costs_no_memory(tmp_path: Path) -> None:
    path = _written(tmp_path, bomb(13_300))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadInput) as caught:
        prepare(path, PLAIN)
    assert caught.value.code == "image.too-large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_pixels_are_limited(tmp_path: Path) -> None:
    path = _written(tmp_path, coded(quadrants(900, 600), "PNG"))
    found = prepare(path, Preparation(max_side=2048, max_bytes=10**7, max_pixels=100_000))
    assert 99_000 <= found.width * found.height <= 100_000
    assert abs(found.width / found.height - 1.5) < 0.01


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("limit", [200_000, 60_000, 8_000, 1_200])
def test_bytes_are_limited_and_the_ratio_stays(tmp_path: Path, alpha: bool, limit: int) -> None:
    image = _photo(600, 300)
    if alpha:
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    path = _written(tmp_path, coded(image, "PNG"))
    found = prepare(path, Preparation(max_side=600, max_bytes=limit, min_ratio=0.5, max_ratio=2.0))
    assert len(found.data) <= limit
    assert len(found.data) > limit / 6 or found.width == 600
    assert abs(found.width / found.height - 2) < 0.1
    assert found.width <= 2 * found.height
    assert _opened(found).mode == ("RGBA" if alpha else "RGB")


def test_quality_falls_before_size(tmp_path: Path) -> None:
    path = _written(tmp_path, coded(_photo(600, 400), "BMP"))
    best = prepare(path, PLAIN)
    less = prepare(path, Preparation(max_side=2048, max_bytes=len(best.data) * 3 // 4))
    assert (less.width, less.height) == (600, 400)


def test_a_limit_below_any_picture(tmp_path: Path) -> None:
    path = _written(tmp_path, coded(quadrants(), "PNG"))
    with pytest.raises(BadInput) as caught:
        prepare(path, Preparation(max_side=100, max_bytes=20))
    assert caught.value.code == "image.limit-too-low"


# --- type and metadata ----------------------------------------------------------------------------


def test_photographs_go_as_jpeg_and_graphics_as_png(tmp_path: Path) -> None:
    photo = _written(tmp_path, coded(_photo(400, 300), "PNG"), "photo.png")
    logo = _written(tmp_path, coded(quadrants(400, 300), "PNG"), "logo.png")
    assert prepare(photo, PLAIN).mime == JPEG
    assert prepare(logo, PLAIN).mime == PNG
    assert prepare(photo, Preparation(max_side=9, max_bytes=9999, formats=(PNG,))).mime == PNG
    assert prepare(logo, Preparation(max_side=9, max_bytes=9999, formats=(WEBP,))).mime == WEBP


def test_colour_is_not_halved(tmp_path: Path) -> None:
    found = prepare(_written(tmp_path, coded(_photo(300, 300), "BMP")), PLAIN)
    assert _opened(found).layer[0][1:3] == (1, 1)  # 4:4:4


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
    path = _written(tmp_path, coded(_photo(80, 60), kind, **options) + b"SecretTail")
    for wanted in (PLAIN, Preparation(max_side=40, max_bytes=9999)):
        found = prepare(path, wanted)
        assert b"Secret" not in found.data
        assert b"Exif" not in found.data
        image = _opened(found)
        assert not image.getexif()
        assert not {"icc_profile", "xmp", "exif", "comment", "XML:com.adobe.xmp"} & set(image.info)


def test_a_fitting_jpeg_keeps_its_very_pixels(tmp_path: Path) -> None:
    for options in ({"quality": 80}, {"quality": 80, "progressive": True}, {"restart_marker_rows": 1}):
        data = coded(_photo(300, 200), "JPEG", exif=exif(1), comment=b"Secret", **options)
        path = _written(tmp_path, data)
        found = prepare(path, PLAIN)
        assert len(found.data) < len(data)
        assert _opened(found).tobytes() == Image.open(BytesIO(data)).tobytes()
        assert b"Secret" not in found.data


def test_an_adobe_rgb_coded_jpeg_keeps_its_colours(tmp_path: Path) -> None:
    data = coded(quadrants(), "JPEG", quality=95, keep_rgb=True)
    found = prepare(_written(tmp_path, data), PLAIN)
    assert near(corners(_opened(found)), CORNERS, within=3)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"])
def test_a_picture_that_was_cut_short_is_refused(tmp_path: Path, kind: str) -> None:
    data = coded(_photo(200, 150), kind)
    for keep in (0.3, 0.6, 0.9):
        path = _written(tmp_path, data[: int(len(data) * keep)], "shoe")
        for wanted in (PLAIN, Preparation(max_side=50, max_bytes=9999)):
            with pytest.raises(BadInput, match="“shoe” is damaged or was cut short"):
                prepare(path, wanted)


def test_the_same_bytes_every_time_and_the_original_untouched(tmp_path: Path) -> None:
    sources = {kind: coded(_photo(200, 150), kind) for kind in ("JPEG", "PNG", "WEBP", "AVIF")}
    for kind, data in sources.items():
        path, other = _written(tmp_path, data, kind), _written(tmp_path, data, f"other {kind}")
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
