"""A JPEG's header is walked before Pillow does, so that padding does not hold anybody."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from PIL import Image

from app.basics.faults import BadInput
from app.imaging.facts import read_facts
from app.imaging.jpeg_head import MOST_PADDING, MOST_SEGMENTS, check_head


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 90, 40)).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8" + b"\xff" * 10_000_000,
        jpeg()[:20] + b"\xff" * 10_000_000 + jpeg()[20:],
        b"\xff\xd8" + b"\xff\xe9\x00\x02" * (MOST_SEGMENTS + 1) + jpeg()[2:],
    ],
    ids=["nothing else", "in the middle", "segments"],
)
def test_endless_headers_are_refused_at_once(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "long.jpg"
    file.write_bytes(content)
    began = time.process_time()
    with pytest.raises(BadInput) as caught:
        read_facts(file)
    assert caught.value.code == "image.unreadable"
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize("padding", [0, 1, 7, 5000, MOST_PADDING - 100])
def test_padding_that_a_writer_may_use_is_read(tmp_path: Path, padding: int) -> None:
    whole = jpeg()
    file = tmp_path / "padded.jpg"
    file.write_bytes(whole[:20] + b"\xff" * padding + whole[20:])
    facts = read_facts(file)
    assert (facts.width, facts.height) == (40, 30)


def test_the_stream_is_at_its_beginning_afterwards() -> None:
    stream = io.BytesIO(jpeg())
    stream.seek(7)
    check_head(stream)
    assert stream.tell() == 0
