from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
from pathlib import Path

import pytest

from app.basics.faults import DiskTrouble
from app.library import store as store_module
from app.library.store import FolderStore
from tests.app.basics.disks import fill

pytestmark = pytest.mark.in_files


def put(store: FolderStore, content: bytes) -> Path:
    temp = store.temp()
    temp.write_bytes(content)
    return temp


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "library")


def test_the_same_bytes_once(store: FolderStore) -> None:
    first = store.take(put(store, b"same"), ".png")
    before = first.path.stat()
    second = store.take(put(store, b"same"), ".png")
    assert (second.path, second.fresh) == (first.path, False)
    assert first.path.stat().st_ino == before.st_ino
    assert list((first.path.parents[2] / "incoming").iterdir()) == []


def test_from_another_disk(store: FolderStore, tiny_disk: Path) -> None:
    temp = tiny_disk / "download"
    temp.write_bytes(b"far away")
    taken = store.take(temp, ".png")
    assert taken.path.read_bytes() == b"far away"
    assert not temp.exists()
    assert list((taken.path.parents[2] / "incoming").iterdir()) == []


def test_a_full_disk_leaves_the_download(tiny_disk: Path, tmp_path: Path) -> None:
    store = FolderStore(tiny_disk / "library")
    store.temp()
    fill(tiny_disk)
    temp = tmp_path / "download"
    temp.write_bytes(b"x" * 1_000_000)
    with pytest.raises(DiskTrouble) as caught:
        store.take(temp, ".png")
    assert caught.value.code == "library.full"
    assert "nothing that was paid for is lost" in caught.value.advice
    assert temp.read_bytes() == b"x" * 1_000_000
    (tiny_disk / "filler").unlink()
    assert store.take(temp, ".png").bytes == 1_000_000


def test_a_read_only_library_leaves_the_download(read_only: Path, tmp_path: Path) -> None:
    temp = tmp_path / "download"
    temp.write_bytes(b"x")
    store = FolderStore(read_only / "library")
    with pytest.raises(DiskTrouble) as caught:
        store.take(temp, ".png")
    assert caught.value.code == "library.unwritable"
    assert temp.exists()
    with pytest.raises(DiskTrouble):
        store.temp()


def test_a_write_cut_short_in_silence(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crosses(source: object, target: object) -> None:
        raise OSError(errno.EXDEV, "another disk")

    def cuts(source: Path, target: Path) -> None:
        Path(target).write_bytes(Path(source).read_bytes()[:-1])

    temp = tmp_path / "download"
    temp.write_bytes(b"x" * 1000)
    monkeypatch.setattr(store_module.os, "replace", crosses)
    monkeypatch.setattr(store_module.shutil, "copyfile", cuts)
    with pytest.raises(DiskTrouble) as caught:
        store.take(temp, ".png")
    assert caught.value.code == "library.short"
    assert "999 of 1000 bytes" in caught.value.title
    assert temp.read_bytes() == b"x" * 1000
    assert not store.holds(sha(b"x" * 1000), ".png")


def test_it_is_on_the_disk_before_it_has_its_name(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """fsync of the bytes, rename, fsync of the folder: a power cut at any point leaves whole or nothing."""
    said: list[str] = []
    real_sync, real_replace = store_module._sync, os.replace

    def sync(path: Path) -> None:
        said.append(f"sync {'folder' if path.is_dir() else path.suffix}")
        real_sync(path)

    def replace(source: Path, target: Path) -> None:
        said.append(f"rename {Path(source).suffix} to {Path(target).suffix}")
        real_replace(source, target)

    monkeypatch.setattr(store_module, "_sync", sync)
    monkeypatch.setattr(store_module.os, "replace", replace)
    store.take(put(store, b"x"), ".png")
    assert said[-3:] == ["sync .part", "rename .part to .png", "sync folder"]
    assert said[:-3] == ["sync folder"] * 4, "the new folders have their names on the disk"
    said.clear()
    store.write_note(sha(b"x"), "op", b"{}")
    assert said == ["sync .part", "rename .part to .json", "sync folder"]


@pytest.mark.skipif(sys.platform == "win32", reason="no modes there")
def test_folders_are_for_their_owner_alone(store: FolderStore) -> None:
    taken = store.take(put(store, b"x"), ".png")
    for folder in taken.path.parents[:3]:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
