"""A text in a picture: put in without touching a pixel, read back; junk raises nothing but a Fault."""

from __future__ import annotations

import random
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.basics.faults import BadInput, Fault
from app.imaging.carrying_text import MOST_BYTES, MOST_TEXT, put_text, read_picture, text_in, text_in_file
from app.imaging.clean_copy import clean_copy
from tests.app.imaging.carriers import CARRIERS, coded_pixels, decoded, with_chunks
from tests.app.imaging.pictures import DATA, chunk, coded, quadrants

NAME = "tagloom:document"
TEXT = '{"words": "A @shoe on a 桌子 😀\\n"}'
LONG = "".join(random.Random(4).choices("abcdefghijklmnopqrstuvwxyzäöü放", k=300_000))


def carrying(name: str, text: str = TEXT) -> bytes:
    return put_text(CARRIERS[name], NAME, text).data


@pytest.mark.parametrize("text", [TEXT, "", LONG], ids=["short", "empty", "long"])
@pytest.mark.parametrize("name", CARRIERS)
def test_what_is_put_in_is_read_back_and_no_pixel_differs(name: str, text: str) -> None:
    data = CARRIERS[name]
    made = put_text(data, NAME, text)
    assert not made.breaks_credential
    assert text_in(made.data, NAME) == text
    assert text_in(made.data, "other:name") is None
    assert decoded(made.data) == decoded(data)
    assert coded_pixels(made.data) == coded_pixels(data) != b""
    before, after = (Image.open(BytesIO(one)) for one in (data, made.data))
    for key in ("dpi", "exif", "xmp", "comment", "transparency", "duration"):
        assert after.info.get(key) == before.info.get(key), key
    assert getattr(after, "n_frames", 1) == getattr(before, "n_frames", 1)


@pytest.mark.parametrize("name", CARRIERS)
def test_a_second_text_takes_the_place_of_the_first(name: str) -> None:
    first = carrying(name, "the first text, " * 30)
    second = put_text(first, NAME, TEXT).data
    assert text_in(second, NAME) == TEXT
    assert zlib.compress(("the first text, " * 30).encode(), 9) not in second
    if not name.startswith("tiff"):  # a TIFF keeps the old one's room, wiped
        assert second == carrying(name)


@pytest.mark.parametrize("name", CARRIERS)
def test_a_picture_without_a_text_carries_none(name: str) -> None:
    assert text_in(CARRIERS[name], NAME) is None


def test_a_long_text_is_split_over_segments_of_a_jpeg() -> None:
    made = carrying("jpeg", LONG)
    assert made.count(b"tagloom:document\0") > 2
    lost = made.index(b"tagloom:document\0\0\1")
    broken = made[:lost] + b"X" + made[lost + 1 :]
    with pytest.raises(BadInput) as caught:
        text_in(broken, NAME)
    assert caught.value.code == "image.text-damaged"


def test_the_chunk_of_a_png_is_right_and_stands_before_its_end() -> None:
    made = carrying("png")
    at = made.index(b"iTXt")
    size = int.from_bytes(made[at - 4 : at], "big")
    assert zlib.crc32(made[at : at + 4 + size]).to_bytes(4, "big") == made[at + 4 + size : at + 8 + size]
    assert made[at + 8 + size :] == CARRIERS["png"][-12:]
    assert Image.open(BytesIO(made)).text[NAME] == TEXT  # as others read it


def test_a_simple_webp_is_made_an_extended_one() -> None:
    for name, alpha in (("webp", 0), ("webp-lossless", 0), ("webp-clear", 0x10)):
        made = carrying(name)
        assert made[12:16] == b"VP8X"
        assert made[20] == alpha
        assert int.from_bytes(made[24:27], "little") + 1 == 48
        assert int.from_bytes(made[27:30], "little") + 1 == 32
        assert int.from_bytes(made[4:8], "little") == len(made) - 8


def test_a_jpeg_keeps_jfif_and_exif_in_front() -> None:
    made = carrying("jpeg")
    assert made.index(b"JFIF") < made.index(b"Exif") < made.index(b"tagloom") < made.index(b"ICC_PROFILE")


# --- content credentials -------------------------------------------------------------------------


def box(*, label: bytes = b"c2pa") -> bytes:
    """The beginning of a JUMBF box in an APP11 segment."""
    body = b"JP\0\1\0\0\0\1\0\0\0\x40jumb\0\0\0\x20jumd" + label + bytes(20)
    return b"\xff\xeb" + (len(body) + 2).to_bytes(2, "big") + body


def test_a_credential_that_no_longer_holds_is_told() -> None:
    png = with_chunks(CARRIERS["png"], chunk(b"caBX", b"jumb"))
    jpeg = CARRIERS["jpeg"][:2] + box() + CARRIERS["jpeg"][2:]
    webp = CARRIERS["webp-all"] + b"C2PA\4\0\0\0jumb"
    webp = webp[:4] + (len(webp) - 8).to_bytes(4, "little") + webp[8:]
    tags = Image.Exif()
    tags[52545] = b"jumb"
    tiff = coded(quadrants(48, 32), "TIFF", exif=tags)
    for data in (png, jpeg, webp, tiff):
        made = put_text(data, NAME, TEXT)
        assert made.breaks_credential
        assert text_in(made.data, NAME) == TEXT
        assert put_text(made.data, NAME, TEXT).breaks_credential
        clean = clean_copy(data)
        assert b"jumb" not in clean
        assert not put_text(clean, NAME, TEXT).breaks_credential
    other = CARRIERS["jpeg"][:2] + box(label=b"0000") + CARRIERS["jpeg"][2:]
    assert not put_text(other, NAME, TEXT).breaks_credential


# --- what cannot be ------------------------------------------------------------------------------


def test_other_formats_carry_nothing() -> None:
    for data in (
        b"",
        b"junk",
        coded(quadrants(), "GIF"),
        coded(quadrants(), "BMP"),
        (DATA / "turned.heic").read_bytes(),
    ):
        assert text_in(data, NAME) is None
        with pytest.raises(BadInput) as caught:
            put_text(data, NAME, TEXT)
        assert caught.value.code == "image.cannot-carry"


def test_a_bomb_is_refused_unread() -> None:
    bomb = zlib.compress(bytes(MOST_TEXT + 1), 9)
    png = with_chunks(CARRIERS["png"], chunk(b"iTXt", NAME.encode() + b"\0\1\0\0\0" + bomb))
    body = NAME.encode() + bytes((0, 0, 0, 0, 1)) + bomb
    jpeg = b"\xff\xd8\xff\xe9" + (len(body) + 2).to_bytes(2, "big") + body + CARRIERS["jpeg"][2:]
    for data in (png, jpeg):
        assert len(data) < 20_000
        with pytest.raises(BadInput) as caught:
            text_in(data, NAME)
        assert caught.value.code == "image.text-too-large"
    for name in ("png", "webp"):
        assert text_in(carrying(name, "a" * MOST_TEXT), NAME) == "a" * MOST_TEXT
        with pytest.raises(BadInput) as caught:
            carrying(name, "a" * MOST_TEXT + "a")
        assert caught.value.code == "image.text-too-large"


@pytest.mark.parametrize(
    "packed",
    [b"", b"junk", zlib.compress(b"cut short" * 9)[:-3], zlib.compress(b"\xff no text")],
)
def test_a_damaged_text_is_said(packed: bytes) -> None:
    png = with_chunks(CARRIERS["png"], chunk(b"iTXt", NAME.encode() + b"\0\1\0\0\0" + packed))
    with pytest.raises(BadInput) as caught:
        text_in(png, NAME, called="“shoe.png”")
    assert caught.value.title == "“shoe.png” carries a text that is damaged."
    flipped = bytearray(carrying("png"))
    flipped[flipped.index(b"tagloom") + 30] ^= 1
    with pytest.raises(BadInput):
        text_in(bytes(flipped), NAME)


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "shoe.png"
    path.write_bytes(carrying("png"))
    assert text_in_file(path, NAME) == TEXT
    (tmp_path / "words.png").write_text("no picture")
    assert text_in_file(tmp_path / "words.png", NAME) is None
    with (tmp_path / "huge.png").open("wb") as file:
        file.write(CARRIERS["png"])
        file.truncate(MOST_BYTES + 1)
    assert read_picture(tmp_path / "huge.png") is None
    for missing in (tmp_path, tmp_path / "none.png", path / "none.png", Path("a\0b")):
        with pytest.raises(BadInput):
            text_in_file(missing, NAME)


# --- junk ----------------------------------------------------------------------------------------

WITH_TEXT = {name: carrying(name) for name in CARRIERS}


def try_all(data: bytes) -> int:
    """Everything that takes a picture apart; gives how many of the three refused."""
    refused: list[Fault] = []
    for work in (
        lambda: text_in(data, NAME),
        lambda: put_text(data, NAME, TEXT),
        lambda: clean_copy(data),
    ):
        try:
            work()
        except Fault as fault:
            refused.append(fault)
    assert all(one.title and one.advice and one.code.startswith("image.") for one in refused)
    return len(refused)


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    data = bytearray(WITH_TEXT[draw(st.sampled_from(sorted(WITH_TEXT)))])
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
                data[at : at + 4] = draw(st.sampled_from([b"\xff" * 4, b"\x7f" + b"\xff" * 3, bytes(4)]))
    return bytes(data)


@settings(max_examples=500, deadline=None)
@given(broken())
def test_mutated_pictures(data: bytes) -> None:
    try_all(data)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(WITH_TEXT)), st.binary(max_size=200))
def test_a_right_beginning_and_then_junk(name: str, junk: bytes) -> None:
    try_all(WITH_TEXT[name][:20] + junk)


@pytest.mark.parametrize("name", CARRIERS)
def test_cut_everywhere(name: str) -> None:
    data = WITH_TEXT[name]
    step = max(1, len(data) // 120)
    refused = [try_all(data[:keep]) for keep in range(0, len(data), step)]
    assert sum(1 for count in refused if count) > len(refused) * 0.3
    for keep in range(0, len(data), step):
        try:
            found = text_in(data[:keep], NAME)
        except BadInput:
            continue
        assert found in (None, TEXT)


@pytest.mark.soak
@pytest.mark.parametrize("name", CARRIERS)
def test_bits_flipped_for_long(name: str) -> None:
    dice, data = random.Random(name), WITH_TEXT[name]
    for _ in range(5000):
        bits = bytearray(data)
        for _ in range(dice.randint(1, 6)):
            bits[dice.randrange(len(bits))] ^= 1 << dice.randrange(8)
        try_all(bytes(bits))
