from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import stat
import sys
from pathlib import Path

import pytest

from app.basics.faults import BadInput, Bug, DiskTrouble
from app.library import store as store_module
from app.library.store import FolderStore, Store
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


def test_takes_bytes_as_they_are(store: FolderStore) -> None:
    content = os.urandom(3_000_000)
    temp = put(store, content)
    keeper: Store = store
    taken = keeper.take(temp, ".png")
    assert (taken.sha256, taken.bytes, taken.fresh) == (sha(content), len(content), True)
    assert taken.path == store.place(taken.sha256, ".png")
    assert taken.path.parts[-3:] == (taken.sha256[:2], taken.sha256[2:4], f"{taken.sha256}.png")
    assert taken.path.read_bytes() == content
    assert not temp.exists()
    with store.open(taken.sha256, ".png") as handle:
        assert handle.read() == content
    assert store.bring(taken.sha256, ".png") == taken.path
    assert store.holds(taken.sha256, ".png")
    assert not store.holds(taken.sha256, ".jpg")


def test_the_same_bytes_once(store: FolderStore) -> None:
    first = store.take(put(store, b"same"), ".png")
    before = first.path.stat()
    second = store.take(put(store, b"same"), ".png")
    assert (second.path, second.fresh) == (first.path, False)
    assert first.path.stat().st_ino == before.st_ino
    assert list((first.path.parents[2] / "incoming").iterdir()) == []


@pytest.mark.parametrize("left", [b"", b"sam", b"lame"])
def test_a_torn_file_of_that_name_is_healed(store: FolderStore, left: bytes) -> None:
    path = store.place(sha(b"same"), ".png")
    path.parent.mkdir(parents=True)
    path.write_bytes(left)
    taken = store.take(put(store, b"same"), ".png")
    assert taken.fresh
    assert path.read_bytes() == b"same"


async def test_many_at_once(store: FolderStore) -> None:
    contents = [str(number % 5).encode() * 1000 for number in range(40)]
    taken = await asyncio.gather(
        *(asyncio.to_thread(store.take, put(store, content), ".png") for content in contents)
    )
    assert {one.sha256 for one in taken} == {sha(content) for content in contents}
    assert all(one.path.read_bytes() == content for one, content in zip(taken, contents, strict=True))


def test_verify_finds_every_change(store: FolderStore) -> None:
    taken = store.take(put(store, b"x" * 1000), ".png")
    assert store.verify(taken.sha256, ".png")
    taken.path.write_bytes(b"x" * 999 + b"y")
    assert not store.verify(taken.sha256, ".png")
    taken.path.unlink()
    assert not store.verify(taken.sha256, ".png")
    with pytest.raises(DiskTrouble) as caught:
        store.open(taken.sha256, ".png")
    assert caught.value.code == "library.gone"
    assert store.bring(taken.sha256, ".png") is None


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


def test_notes(store: FolderStore) -> None:
    name = sha(b"x")
    store.write_note(name, "op-1", b"one")
    store.write_note(name, "op-1", b"two")
    store.write_note(name, "op-2", b"three")
    assert [(sha256, note, path.read_bytes()) for sha256, note, path in store.notes()] == [
        (name, "op-1", b"two"),
        (name, "op-2", b"three"),
    ]
    for bad in ("../x", "", "a/b", "x" * 100):
        with pytest.raises(Bug):
            store.write_note(name, bad, b"")


@pytest.mark.parametrize("name", ["", "../../../etc/passwd", "A" * 64, "a" * 63, "a" * 63 + "/"])
def test_names_that_are_no_hash_are_refused(store: FolderStore, name: str) -> None:
    with pytest.raises(BadInput) as caught:
        store.place(name, ".png")
    assert caught.value.code == "library.name"


def test_tidying_takes_only_what_was_left_long_ago(store: FolderStore) -> None:
    old, young = put(store, b"old"), put(store, b"young")
    os.utime(old, (1, 1))
    assert store.tidy() == 1
    assert (old.exists(), young.exists()) == (False, True)


@pytest.mark.skipif(sys.platform == "win32", reason="no modes there")
def test_folders_are_for_their_owner_alone(store: FolderStore) -> None:
    taken = store.take(put(store, b"x"), ".png")
    for folder in taken.path.parents[:3]:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_is_damaged_is_set_aside_with_its_notes(store: FolderStore) -> None:
    taken, other = store.take(put(store, b"one"), ".png"), store.take(put(store, b"two"), ".png")
    store.write_note(taken.sha256, "op1", b"{}")
    store.write_note(other.sha256, "op2", b"{}")
    aside = store.set_aside(taken.sha256, ".png")
    assert aside is not None
    assert aside.parent.name == "damaged"
    assert aside.read_bytes() == b"one"
    assert sorted(one.name for one in aside.parent.iterdir()) == [
        f"{taken.sha256}.op1.json",
        f"{taken.sha256}.png",
    ]
    assert not store.holds(taken.sha256, ".png")
    assert [(sha256, name) for sha256, name, _ in store.notes()] == [(other.sha256, "op2")]
    assert store.set_aside(taken.sha256, ".png") is None, "there is nothing left of it"
    assert store.take(put(store, b"one"), ".png").fresh, "it may come again"
