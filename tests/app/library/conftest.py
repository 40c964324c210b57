from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.library.library import Library
from tests.app.basics.disks import read_only, tiny_disk
from tests.app.library.make import library_in
from tests.support.keeping import kept_in, postgres, pytest_generate_tests

__all__ = ["kept_in", "library", "postgres", "pytest_generate_tests", "read_only", "tiny_disk"]


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    made = library_in(tmp_path)
    yield made
    await made.close()
