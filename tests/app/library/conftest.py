from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest
from fsspec.implementations.local import LocalFileSystem
from fsspec.implementations.memory import MemoryFileSystem

from app.library.library import Library
from app.library.shared_store import SharedStore
from app.library.store import FolderStore
from app.library.store_faults import Place
from tests.app.basics.disks import read_only, tiny_disk
from tests.app.library.make import library_in
from tests.support.keeping import kept_in, postgres, pytest_generate_tests
from tests.support.s3 import S3, s3_server, settle_threads
from tests.support.stores import Behind

__all__ = ["kept_in", "library", "postgres", "pytest_generate_tests", "read_only", "tiny_disk"]


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    made = library_in(tmp_path)
    yield made
    await made.close()


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    settle_threads()
    with s3_server() as server:
        yield server


@pytest.fixture
def in_folder(tmp_path: Path) -> Behind:
    root = tmp_path / "library"

    def again() -> FolderStore:
        return FolderStore(root)

    return Behind(store=again(), files=LocalFileSystem(), root=str(root), again=again)


def _behind(files: fsspec.AbstractFileSystem, root: str, tmp_path: Path) -> Behind:
    def again() -> SharedStore:
        return SharedStore(files, root, tmp_path / uuid4().hex, Place(address="there"))

    cache = tmp_path / "cache"
    store = SharedStore(files, root, cache, Place(address="there"))
    return Behind(store=store, files=files, root=root, cache=cache, again=again)


@pytest.fixture
def in_local(tmp_path: Path) -> Behind:
    return _behind(LocalFileSystem(), str(tmp_path / "shared"), tmp_path)


@pytest.fixture
def in_memory(tmp_path: Path) -> Iterator[Behind]:
    files = MemoryFileSystem()
    yield _behind(files, f"/{tmp_path.name}", tmp_path)
    if files.exists(f"/{tmp_path.name}"):
        files.rm(f"/{tmp_path.name}", recursive=True)


@pytest.fixture
def in_s3(s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Behind:
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    files = fsspec.filesystem("s3", use_listings_cache=False, skip_instance_cache=True)
    return _behind(files, f"{s3.bucket()}/summer", tmp_path)
