"""What vendors are given in tests, and a request with photographs."""

from __future__ import annotations

import hashlib
import io
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image

from app.catalogue.request import ImageRequest, Photograph, RequestReference


class StillClock:
    """Time passes only in `sleep`, at once."""

    def __init__(self) -> None:
        self.time = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 12, 0, tzinfo=UTC) + timedelta(seconds=self.time)

    def monotonic(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


class MemoryUploads:
    """An upload memory in memory, as the journal's is on disk."""

    def __init__(self, clock: StillClock) -> None:
        self.clock = clock
        self.known: dict[tuple[str, str], tuple[str, datetime]] = {}

    async def recall(self, address: str, sha256: str) -> str | None:
        uri, expires = self.known.get((address, sha256), (None, self.clock.now()))
        return uri if expires > self.clock.now() else None

    async def remember(self, address: str, sha256: str, uri: str, expires: datetime) -> None:
        self.known[address, sha256] = (uri, expires)

    async def forget(self, address: str, sha256: str) -> None:
        self.known.pop((address, sha256), None)


def photograph(folder: Path, name: str = "shoe", *, content: bytes | None = None) -> Photograph:
    if content is None:
        out = io.BytesIO()
        pixels = random.Random(name).randbytes(96 * 96 * 3)
        Image.frombytes("RGB", (96, 96), pixels).save(out, "JPEG", quality=90)
        content = out.getvalue()
    path = folder / f"{name}.jpg"
    path.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return Photograph(
        path=path,
        mime="image/jpeg",
        width=96,
        height=96,
        bytes=len(content),
        sha256=sha256,
        original=sha256,
        name=f"{name}.jpg",
    )


def gen4_request(folder: Path, *, references: int = 2, **changes: object) -> ImageRequest:
    tags = ("sneaker", "model", "studio")[:references]
    request = ImageRequest(
        card="gen4-image",
        vendor="runway",
        model="gen4_image",
        prompt="Product photo of @sneaker worn by @model 放在, “quotes” and 😀.",
        references=tuple(
            RequestReference(tag=tag, photograph=photograph(folder, f"{tag}-photo")) for tag in tags
        ),
        parameters={"aspect_ratio": "16:9", "resolution": "1080p", "content_moderation": "auto"},
        settings={"path": "/v1/text_to_image", "moderation": "publicFigureThreshold"},
        width=1920,
        height=1080,
        seed=42,
    )
    return replace(request, **changes)  # type: ignore[arg-type]
