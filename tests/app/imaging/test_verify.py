from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from PIL import Image

from app.basics.faults import Charged, DiskTrouble, Refused, Retry
from app.imaging.verify import verify_result
from tests.app.imaging.pictures import bomb, coded, png, quadrants


def _picture(kind: str) -> bytes:
    noise = Image.merge("RGB", [Image.effect_noise((160, 90), sigma) for sigma in (20, 40, 60)])
    return coded(noise, kind)


def _result(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "result.part"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF"])
def test_whole_pictures_pass_whatever_they_are_called(tmp_path: Path, kind: str) -> None:
    facts = verify_result(_result(tmp_path, _picture(kind)))
    assert (facts.width, facts.height, facts.format) == (160, 90, kind)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_every_cut_is_found(tmp_path: Path, kind: str) -> None:
    data = _picture(kind)
    for keep in (1, 10, 40, len(data) // 3, len(data) // 2, len(data) * 9 // 10, len(data) - 40):
        with pytest.raises(Refused) as caught:
            verify_result(_result(tmp_path, data[:keep]))
        assert caught.value.code in ("image.result-damaged", "image.result-not-an-image")
        assert caught.value.retry is Retry.NOW
        assert caught.value.charged is Charged.UNKNOWN
    with pytest.raises(Refused) as caught:
        verify_result(_result(tmp_path, b""))
    assert caught.value.code == "image.result-damaged"


def test_every_flipped_bit_of_a_png_is_found(tmp_path: Path) -> None:
    data = _picture("PNG")
    dice = random.Random(5)
    for _ in range(200):
        broken = bytearray(data)
        broken[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        with pytest.raises(Refused):
            verify_result(_result(tmp_path, bytes(broken)))


def test_a_zeroed_block_is_found(tmp_path: Path) -> None:
    data = _picture("PNG")
    for start in range(100, len(data) - 4096, 4096):
        broken = data[:start] + bytes(4096) + data[start + 4096 :]
        with pytest.raises(Refused, match="damaged"):
            verify_result(_result(tmp_path, broken))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "a web page"),
        (b"\xef\xbb\xbf\n  <HTML>", "a web page"),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "a web page"),
        (b'{"error": "expired"}', "a message for programs"),
        (b"\0" * 100, "something else"),
    ],
)
def test_what_came_instead_is_said(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(Refused) as caught:
        verify_result(_result(tmp_path, data))
    assert caught.value.code == "image.result-not-an-image"
    assert words in caught.value.title


def test_too_large(tmp_path: Path) -> None:
    started = time.perf_counter()
    with pytest.raises(Refused) as caught:
        verify_result(_result(tmp_path, bomb(8001)))
    assert caught.value.code == "image.result-too-large"
    assert caught.value.retry is Retry.NEVER
    just = png(8000, 8000, bits=1, colour=0, rows=bytes(1000 * 8000))
    assert verify_result(_result(tmp_path, just)).pixels == 64_000_000
    assert time.perf_counter() - started < 5


def test_gone_meanwhile(tmp_path: Path) -> None:
    path = _result(tmp_path, coded(quadrants(1920, 1080), "PNG"))
    verify_result(path)
    path.unlink()
    with pytest.raises(DiskTrouble) as caught:
        verify_result(path)
    assert caught.value.code == "image.result-missing"
