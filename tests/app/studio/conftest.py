"""A whole studio in a home of its own: on the sandbox, or with a key at a server that keeps all it gets."""

from __future__ import annotations

import base64
import io
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from pathlib import Path

import pytest
from PIL import Image

from app import compose
from app.studio.studio import Studio
from tests.support.capturing import Capturing, capturing
from tests.support.terminal import EXAMPLE

Open = Callable[..., Awaitable[Studio]]


def flat_knob() -> str:
    """A sandbox that answers with one small picture at once, instead of painting."""
    out = io.BytesIO()
    Image.new("RGB", (32, 18), (90, 120, 60)).save(out, "PNG")
    return f'picture_base64="{base64.b64encode(out.getvalue()).decode()}"'


@pytest.fixture
async def opened(tagloom_home: Path) -> AsyncIterator[Open]:
    """`await opened(environment)` gives a studio over this test's home; all are closed at the end."""
    studios: list[Studio] = []

    async def make(environment: Mapping[str, str] | None = None, *knobs: str) -> Studio:
        home = {"TAGLOOM_HOME": str(tagloom_home), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
        whole = {**home, **(environment or {})}
        studio = await compose.build(whole, seconds=0.0, knobs=[flat_knob(), *knobs])
        studios.append(studio)
        return studio

    yield make
    for studio in studios:
        await studio.close()


@pytest.fixture
async def studio(opened: Open) -> Studio:
    return await opened()


@pytest.fixture
def runway() -> Iterator[Capturing]:
    with capturing() as server:
        yield server
        assert server.refused == []


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The first-run example with its photographs, to be changed."""
    shutil.copytree(EXAMPLE.parent / "refs", tmp_path / "refs")
    return Path(shutil.copyfile(EXAMPLE, tmp_path / "shoes.tagloom"))
