"""A studio whose library is elsewhere, over a draft of the sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from app import compose
from app.basics.faults import BadInput
from app.library.shared_store import SharedStore
from tests.app.library.make import download, origin, picture


async def test_it_is_built_over_it(tmp_path: Path) -> None:
    environment = {"TAGLOOM_HOME": str(tmp_path / "home"), "TAGLOOM_LIBRARY": f"memory://{tmp_path.name}"}
    studio = await compose.build(environment, seconds=0.0)
    try:
        assert isinstance(studio.library.store, SharedStore)
        asset = await studio.library.add(download(studio.library, picture()), origin())
        assert asset.path.is_relative_to(tmp_path / "home" / "cache")
        files = MemoryFileSystem()
        assert any(one.endswith(asset.path.name) for one in files.find(f"/{tmp_path.name}"))
    finally:
        await studio.close()
        MemoryFileSystem().rm(f"/{tmp_path.name}", recursive=True)


async def test_an_address_that_is_none_is_said_before_anything_is_opened(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        await compose.build({"TAGLOOM_HOME": str(tmp_path), "TAGLOOM_LIBRARY": "shoes"})
    assert caught.value.code == "library.address"
