"""Junk never raises anything but a Fault, and says nothing on the side (warnings fail a test)."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.basics.faults import Fault
from app.imaging.facts import ImageFacts, read_facts
from app.imaging.preparation import Preparation
from app.imaging.prepare import prepare
from app.imaging.thumbnails import thumbnail
from app.imaging.verify import verify_result
from tests.app.imaging.pictures import DATA, P3_TO_XYZ_D50, coded, exif, matrix_profile, quadrants

_FILM = [Image.new("RGB", (24, 16), (n, n, n)) for n in (9, 99)]
_P3 = matrix_profile(P3_TO_XYZ_D50, 2.2)
_SMALL = quadrants(24, 16)
SEEDS = {
    "jpeg": coded(_SMALL, "JPEG", exif=exif(6), icc_profile=_P3, comment=b"x"),
    "progressive": coded(_SMALL, "JPEG", progressive=True),
    "cmyk": coded(_SMALL.convert("CMYK"), "JPEG"),
    "png": coded(_SMALL, "PNG", exif=exif(6), icc_profile=_P3),
    "palette": coded(_SMALL.convert("P"), "PNG", transparency=0),
    "apng": coded(_SMALL, "PNG", save_all=True, append_images=_FILM),
    "webp": coded(_SMALL, "WEBP", exif=exif(6), icc_profile=_P3),
    "gif": coded(_SMALL, "GIF", save_all=True, append_images=_FILM),
    "bmp": coded(_SMALL, "BMP"),
    "tiff": coded(_SMALL, "TIFF", exif=exif(6), icc_profile=_P3),
    "tiff-lzw": coded(_SMALL, "TIFF", compression="tiff_lzw", save_all=True, append_images=_FILM),
    "tiff-jpeg": coded(_SMALL, "TIFF", compression="jpeg"),
    "avif": coded(_SMALL, "AVIF", exif=exif(6)),
    "heic": (DATA / "turned.heic").read_bytes(),
    "heic-alpha": (DATA / "alpha.heic").read_bytes(),
}
WANTED = Preparation(max_side=20, max_bytes=100_000, fit="pad", min_ratio=0.5, max_ratio=2.0)


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    data = bytearray(SEEDS[draw(st.sampled_from(sorted(SEEDS)))])
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.sampled_from(["flip", "set", "cut", "drop", "twice", "insert", "word"])):
            case "flip" if data:
                data[at] ^= 1 << draw(st.integers(0, 7))
            case "set" if data:
                data[at] = draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]))
            case "cut":
                del data[at:]
            case "drop":
                del data[at : at + draw(st.integers(1, 40))]
            case "twice":
                data[at:at] = data[at : at + draw(st.integers(1, 40))]
            case "insert":
                data[at:at] = draw(st.binary(min_size=1, max_size=8))
            case "word":
                data[at : at + 4] = draw(
                    st.sampled_from([b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", bytes(4)])
                )
    return bytes(data)


def _try_all(path: Path, data: bytes) -> int:
    """Everything that opens a picture, on these bytes; gives how many of the four refused."""
    path.write_bytes(data)
    refused = 0
    for work in (
        lambda: read_facts(path),
        lambda: prepare(path, WANTED),
        lambda: thumbnail(data, 64),
        lambda: verify_result(path),
    ):
        try:
            found = work()
        except Fault as fault:
            told = bool(fault.title and fault.advice and fault.code.startswith("image."))
            refused += 1
        else:
            told = not isinstance(found, ImageFacts) or (found.width > 0 and found.height > 0)
        assert told
    return refused


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_the_seeds_are_whole(tmp_path: Path, name: str) -> None:
    assert _try_all(tmp_path / "picture", SEEDS[name]) == 0


_FUZZ = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_FUZZ
@given(broken())
def test_mutated_pictures(tmp_path: Path, data: bytes) -> None:
    _try_all(tmp_path / "picture", data)


@_FUZZ
@given(st.sampled_from(sorted(SEEDS)), st.binary(max_size=200))
@example("jpeg", b"\xff\xd8\xff\xff\xff\xff")
def test_a_right_beginning_and_then_junk(tmp_path: Path, name: str, junk: bytes) -> None:
    assert _try_all(tmp_path / "picture", SEEDS[name][:12] + junk) >= 1


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_cut_everywhere(tmp_path: Path, name: str) -> None:
    data = SEEDS[name]
    step = max(1, len(data) // 150)
    refused = [_try_all(tmp_path / "picture", data[:keep]) for keep in range(0, len(data), step)]
    assert all(count == 4 for count in refused[:3])
    first = 0.3 if name in ("gif", "apng", "tiff-lzw") else 0.5  # whole up to its first frame is enough
    assert sum(1 for count in refused if count) > len(refused) * first


@pytest.mark.parametrize("letter", range(4))
def test_a_heic_whose_item_has_no_readable_name(tmp_path: Path, letter: int) -> None:
    """Such a file killed the process in pi-heif 1.4."""
    data = bytearray(SEEDS["heic"])
    at = data.index(b"Exif")
    assert data[at - 12 : at - 8] == b"infe"
    data[at + letter] = 0xF8
    assert _try_all(tmp_path / "picture", bytes(data)) == 4


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(SEEDS))
def test_bits_flipped_for_long(tmp_path: Path, name: str) -> None:
    dice, data = random.Random(name), SEEDS[name]
    for _ in range(3000):
        bits = bytearray(data)
        for _ in range(dice.randint(1, 6)):
            bits[dice.randrange(len(bits))] ^= 1 << dice.randrange(8)
        _try_all(tmp_path / "picture", bytes(bits))
