"""Layers, read back by psd-tools and by a plain zip reader: names, order, alpha, profile, resolution."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageCms
from psd_tools import PSDImage
from psd_tools.constants import Resource

from app.basics.faults import BadInput
from app.imaging import layers as subject
from app.imaging.layers import Layer, stacked
from app.imaging.openraster import write_ora
from app.imaging.psd import write_psd

NAMES = ("Hero <& shot>", "一双鞋 @sneaker", "cut out")


@cache
def profile(name: str = "XYZ") -> bytes:
    """One that is not sRGB: every colour is another in it. Made once: it has the time in it."""
    if name == "sRGB":
        return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = made.find(b"rXYZ"), made.find(b"gXYZ")
    made[red : red + 4], made[green : green + 4] = b"gXYZ", b"rXYZ"  # red and green change places
    return bytes(made)


@pytest.fixture
def pictures(tmp_path: Path) -> tuple[Layer, ...]:
    """A half transparent one, a smaller one, a smaller one with a hole; all in one profile."""
    half = Image.new("RGBA", (60, 40), (200, 30, 20, 128))
    small = Image.new("RGB", (30, 20), (10, 200, 60))
    hole = Image.new("RGBA", (20, 30), (20, 40, 220, 255))
    hole.paste((0, 0, 0, 0), (5, 5, 15, 15))
    made = []
    for name, image in zip(NAMES, (half, small, hole), strict=True):
        path = tmp_path / f"{len(made)}.png"
        image.save(path, icc_profile=profile())
        made.append(Layer(path=path, name=name))
    return tuple(made)


def test_a_psd_read_back(pictures: tuple[Layer, ...], tmp_path: Path) -> None:
    target = tmp_path / "x.psd"
    with target.open("wb") as file:
        write_psd(file, stacked(pictures), 300.0)
    back = PSDImage.open(io.BytesIO(target.read_bytes()))
    assert back.size == (60, 40)
    from_the_top = list(reversed(list(back)))
    assert [one.name for one in from_the_top] == list(NAMES)
    assert [one.bbox for one in from_the_top] == [(0, 0, 60, 40), (15, 10, 45, 30), (20, 5, 40, 35)]
    for layer, one in zip(from_the_top, pictures, strict=True):
        image = layer.topil(apply_icc=False)
        assert image is not None
        assert (
            image.convert("RGBA").tobytes()
            == Image.open(io.BytesIO(one.path.read_bytes())).convert("RGBA").tobytes()
        )
    assert back.image_resources.get_data(Resource.ICC_PROFILE) == profile()
    resolution = back.image_resources.get_data(Resource.RESOLUTION_INFO)
    assert resolution is not None
    assert (resolution.horizontal / 65536, resolution.vertical / 65536) == (300.0, 300.0)
    assert resolution.horizontal_unit == 1
    flat = Image.open(
        io.BytesIO(target.read_bytes())
    )  # another reader: Pillow's own, which shows the merged picture
    assert flat.mode == "RGBA"
    assert flat.getpixel((1, 1)) == (200, 30, 20, 128)
    assert flat.info["icc_profile"] == profile()


def test_an_ora_read_back(pictures: tuple[Layer, ...], tmp_path: Path) -> None:
    target = tmp_path / "x.ora"
    with target.open("wb") as file:
        write_ora(file, stacked(pictures), 300.0)
    with zipfile.ZipFile(target) as held:
        assert held.testzip() is None
        first = held.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert target.read_bytes()[30:54] == b"mimetypeimage/openraster"
        image = ElementTree.fromstring(held.read("stack.xml"))
        assert (image.get("w"), image.get("h"), image.get("xres"), image.get("yres")) == (
            *("60", "40"),
            *("300", "300"),
        )
        found = image.findall("stack/layer")
        assert [one.get("name") for one in found] == list(NAMES)
        assert [(one.get("x"), one.get("y")) for one in found] == [("0", "0"), ("15", "10"), ("20", "5")]
        for element, one in zip(found, pictures, strict=True):
            layer = Image.open(io.BytesIO(held.read(element.get("src") or "")))
            assert layer.mode == "RGBA"
            assert layer.tobytes() == Image.open(io.BytesIO(one.path.read_bytes())).convert("RGBA").tobytes()
            assert layer.info["icc_profile"] == profile()
            assert round(layer.info["dpi"][0]) == 300
        merged = Image.open(io.BytesIO(held.read("mergedimage.png")))
        assert (merged.size, merged.getpixel((1, 1))) == ((60, 40), (200, 30, 20, 128))
        assert max(Image.open(io.BytesIO(held.read("Thumbnails/thumbnail.png"))).size) <= 256


def test_the_top_one_covers_the_others(tmp_path: Path) -> None:
    made = []
    for name, colour in (("top", "red"), ("below", "blue")):
        Image.new("RGB", (8, 8), colour).save(tmp_path / f"{name}.png")
        made.append(Layer(path=tmp_path / f"{name}.png", name=name))
    out = io.BytesIO()
    write_psd(out, stacked(made), 72.0)
    out.seek(0)
    assert Image.open(out).convert("RGB").getpixel((4, 4)) == (255, 0, 0)


def test_other_profiles_become_srgb(pictures: tuple[Layer, ...], tmp_path: Path) -> None:
    plain = tmp_path / "plain.jpg"
    Image.new("RGB", (60, 40), "grey").save(plain)
    stack = stacked((*pictures, Layer(path=plain, name="plain")))
    assert stack.converted
    assert subject.is_srgb(stack.profile)
    green = subject.pixels(stack, stack.layers[1]).getpixel((3, 3))
    assert isinstance(green, tuple)
    assert green[0] > 150 > green[1]  # in sRGB it is red, as its profile says


def test_profiles_that_mean_the_same_are_one(tmp_path: Path) -> None:
    for name, given in (("a", profile("sRGB")), ("b", None)):
        Image.new("RGB", (8, 8), "red").save(tmp_path / f"{name}.png", icc_profile=given)
    stack = stacked([Layer(path=tmp_path / f"{one}.png", name=one) for one in "ab"])
    assert not stack.converted
    assert subject.is_srgb(stack.profile)


def test_turned_photographs_lie_upright(tmp_path: Path) -> None:
    image = Image.new("RGB", (40, 20), "red")
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "x.jpg", exif=exif)
    stack = stacked([Layer(path=tmp_path / "x.jpg", name="x")])
    assert (stack.width, stack.height) == (20, 40)
    assert subject.pixels(stack, stack.layers[0]).size == (20, 40)


def test_what_cannot_be(pictures: tuple[Layer, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    def code(layers: tuple[Layer, ...]) -> str:
        with pytest.raises(BadInput) as raised:
            stacked(layers)
        assert raised.value.advice
        return raised.value.code

    assert code(()) == "layers.empty"
    assert code(pictures * 40) == "layers.too-many"
    assert code((Layer(path=Path("gone.png"), name="x"),)) == "image.missing"
    monkeypatch.setattr(subject, "MOST_PIXELS", 5000)
    assert code(pictures) == "layers.too-large"
