from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.basics.faults import BadInput, DiskTrouble
from app.imaging.facts import read_facts
from app.imaging.opening import MOST_PIXELS, opened
from tests.app.imaging.pictures import DATA, bomb, chunk, coded, exif, png, quadrants, stored_as


def _written(tmp_path: Path, data: bytes, name: str = "picture") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("kind", "format", "mode"),
    [
        ("JPEG", "JPEG", "RGB"),
        ("PNG", "PNG", "RGB"),
        ("WEBP", "WEBP", "RGB"),
        ("TIFF", "TIFF", "RGB"),
        ("BMP", "BMP", "RGB"),
        ("GIF", "GIF", "P"),
        ("AVIF", "AVIF", "RGB"),
    ],
)
def test_each_format_is_known_by_its_content(tmp_path: Path, kind: str, format: str, mode: str) -> None:
    data = coded(quadrants(), kind)
    facts = read_facts(_written(tmp_path, data, "wrong.txt"))
    assert (facts.width, facts.height, facts.format, facts.mode) == (96, 64, format, mode)
    assert facts.bytes == len(data)
    assert facts.ratio == 1.5
    assert not facts.has_alpha
    assert facts.frames == 1


@pytest.mark.parametrize(("name", "alpha"), [("quadrants", False), ("turned", False), ("alpha", True)])
def test_heic(name: str, alpha: bool) -> None:
    facts = read_facts(DATA / f"{name}.heic")
    assert (facts.width, facts.height, facts.format, facts.has_alpha) == (96, 64, "HEIC", alpha)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_size_is_as_the_eye_sees_it(tmp_path: Path, kind: str, orientation: int) -> None:
    stored = stored_as(quadrants(), orientation)
    facts = read_facts(_written(tmp_path, coded(stored, kind, exif=exif(orientation))))
    assert (facts.width, facts.height) == (96, 64)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_upright(tmp_path: Path, orientation: int) -> None:
    facts = read_facts(_written(tmp_path, coded(quadrants(), "JPEG", exif=exif(orientation))))
    assert (facts.width, facts.height) == (96, 64)


def test_exif_behind_the_pixels_of_a_png(tmp_path: Path) -> None:
    plain = coded(stored_as(quadrants(), 6), "PNG")
    tail = len(chunk(b"IEND", b""))
    late = plain[:-tail] + chunk(b"eXIf", exif(6).removeprefix(b"Exif\0\0")) + plain[-tail:]
    facts = read_facts(_written(tmp_path, late))
    assert (facts.width, facts.height) == (96, 64)


def test_orientation_in_xmp_alone(tmp_path: Path) -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    facts = read_facts(_written(tmp_path, coded(stored_as(quadrants(), 6), "JPEG", xmp=xmp)))
    assert (facts.width, facts.height) == (96, 64)


def test_alpha_frames_and_dpi(tmp_path: Path) -> None:
    clear = quadrants().convert("RGBA")
    assert read_facts(_written(tmp_path, coded(clear, "PNG"))).has_alpha
    keyed = png(2, 1, bits=8, colour=2, rows=bytes(6), extra=chunk(b"tRNS", bytes(6)))
    assert read_facts(_written(tmp_path, keyed)).has_alpha
    film = coded(
        quadrants(), "GIF", save_all=True, append_images=[Image.new("RGB", (96, 64), n) for n in (1, 200)]
    )
    assert read_facts(_written(tmp_path, film)).frames == 3
    assert read_facts(_written(tmp_path, coded(quadrants(), "JPEG", dpi=(300, 300)))).dpi == 300
    assert read_facts(_written(tmp_path, coded(quadrants(), "JPEG"))).dpi is None


def test_names_in_any_script(tmp_path: Path) -> None:
    path = _written(tmp_path, coded(quadrants(), "PNG"), "写真 – “été” \u202e👟.png")
    assert read_facts(path).width == 96


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "image.unreadable", "is empty"),
        (b"hello world", "image.unsupported", "not a picture that Tagloom knows"),
        (b"<!DOCTYPE html><html>", "image.unsupported", "a web page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image.unsupported", "an SVG drawing"),
        (b"8BPS\0\1", "image.unsupported", "a Photoshop document"),
        (b"%PDF-1.7", "image.unsupported", "a PDF document"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomiso2", "image.unsupported", "a film"),
        (b"\xff\xd8\xff\xe0", "image.unreadable", "damaged or was cut short"),
        (b"\x89PNG\r\n\x1a\n", "image.unreadable", "damaged or was cut short"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image.unreadable", "damaged or was cut short"),
        (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", "image.unreadable", "damaged or was cut short"),
        (b"RIFF\0\0\0\0WEBP", "image.unreadable", "damaged or was cut short"),
        (b"II*\0\xff\xff\xff\xff", "image.unreadable", "damaged or was cut short"),
        (b"BM", "image.unreadable", "damaged or was cut short"),
        (b"GIF89a", "image.unreadable", "damaged or was cut short"),
    ],
)
def test_what_is_no_picture_is_said(tmp_path: Path, data: bytes, code: str, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_facts(_written(tmp_path, data, "shoe.jpg"))
    assert caught.value.code == code
    assert words in caught.value.title
    assert "“shoe.jpg”" in caught.value.title
    assert caught.value.advice


@pytest.mark.parametrize("name", ["gone.jpg", "no\0such.jpg", "x" * 300, "file/inside.jpg"])
def test_missing(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(BadInput) as caught:
        read_facts(tmp_path / name)
    assert caught.value.code == "image.missing"


def test_a_folder_and_a_pipe_are_not_opened(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is a folder"):
        read_facts(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadInput, match="not an ordinary file"):
        read_facts(tmp_path / "pipe")


@pytest.fixture
def guarded() -> Iterator[Path]:
    """A folder that everybody may enter, since root's own temporary ones hide more than the file."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_permission(guarded: Path) -> None:
    path = _written(guarded, coded(quadrants(), "PNG"))
    path.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        with pytest.raises(DiskTrouble) as caught:
            read_facts(path)
    finally:
        if root:
            os.seteuid(0)
    assert caught.value.code == "image.unreadable"


def test_a_bomb_is_refused_at_once(tmp_path: Path) -> None:
    path = _written(tmp_path, bomb(13_300), "bomb.png")
    assert path.stat().st_size < 600_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    with pytest.raises(BadInput) as caught:
        read_facts(path)
    assert time.perf_counter() - started < 0.5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # KiB; decoded it is 880 MB
    assert caught.value.code == "image.too-large"
    assert "13300 × 13300" in caught.value.title


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF"])
def test_the_pixel_limit_is_ours_and_exact(tmp_path: Path, kind: str) -> None:
    path = _written(tmp_path, coded(quadrants(10, 10), kind))
    with opened(path, most_pixels=100) as photo:
        assert photo.size == (10, 10)
    with pytest.raises(BadInput) as caught, opened(path, most_pixels=99):
        pytest.fail("opened")
    assert caught.value.code == "image.too-large"


def test_no_warning_leaks_below_the_limit(tmp_path: Path) -> None:
    """Pillow's own limit (89 megapixels, a warning) lies above ours: it is never heard."""
    assert MOST_PIXELS == 80_000_000
    header = png(9400, 9400, bits=8, colour=2, rows=b"\0" * 9400)
    with pytest.raises(BadInput, match=r"88\.4 million"):
        read_facts(_written(tmp_path, header))


def test_imaging_knows_neither_qt_nor_documents() -> None:
    code = (
        "import sys, app.imaging.photographs, app.imaging.verify\n"
        "bad = [m for m in sys.modules if m.startswith(('PySide6', 'app.')) and not m.startswith("
        "('app.imaging', 'app.basics'))]\n"
        "print(bad)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
