from __future__ import annotations

import hashlib
import json
import os
import threading
from pathlib import Path

import pytest

from app.basics.faults import BadInput, DiskTrouble
from app.imaging.hashes import HashMemory

OLD = 1_600_000_000_000_000_000


def _file(tmp_path: Path, data: bytes, *, name: str = "a.bin", mtime: int = OLD) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    os.utime(path, ns=(mtime, mtime))
    return path


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_right_and_remembered_over_a_start(tmp_path: Path) -> None:
    path, store = _file(tmp_path, b"one"), tmp_path / "cache" / "hashes.jsonl"
    assert HashMemory(store).content_hash(path) == _sha(b"one")
    # The same size, time and inode with other bytes: only a memory can answer with the old hash.
    with path.open("r+b") as stream:
        stream.write(b"two")
    os.utime(path, ns=(OLD, OLD))
    assert HashMemory(store).content_hash(path) == _sha(b"one")


def test_every_part_of_the_signature_counts(tmp_path: Path) -> None:
    memory = HashMemory(tmp_path / "hashes.jsonl")
    path = _file(tmp_path, b"one")
    memory.content_hash(path)
    _file(tmp_path, b"two", mtime=OLD + 1)
    assert memory.content_hash(path) == _sha(b"two")
    _file(tmp_path, b"four", mtime=OLD + 1)
    assert memory.content_hash(path) == _sha(b"four")
    _file(tmp_path, b"five", name="b.bin", mtime=OLD + 1).replace(path)
    assert memory.content_hash(path) == _sha(b"five")


def test_a_fresh_file_is_hashed_again(tmp_path: Path) -> None:
    memory = HashMemory(tmp_path / "hashes.jsonl")
    path = tmp_path / "fresh"
    path.write_bytes(b"one")
    stamp = path.stat().st_mtime_ns
    memory.content_hash(path)
    with path.open("r+b") as stream:
        stream.write(b"two")
    os.utime(path, ns=(stamp, stamp))
    assert memory.content_hash(path) == _sha(b"two")


@pytest.mark.parametrize(
    "line",
    ["", "junk", "[]", "{}", '["x",1,2]', '["x",1,2,3,"short"]', '["x","1",2,3,"%s"]' % ("a" * 64), "\0"],
)
def test_a_damaged_memory_costs_a_hash(tmp_path: Path, line: str) -> None:
    store = tmp_path / "hashes.jsonl"
    path = _file(tmp_path, b"one")
    HashMemory(store).content_hash(path)
    store.write_text(line + "\n" + store.read_text() + line)
    memory = HashMemory(store)
    assert memory.content_hash(path) == _sha(b"one")
    path.unlink()
    with pytest.raises(BadInput):
        memory.content_hash(path)


def test_it_is_written_anew_when_it_has_grown(tmp_path: Path) -> None:
    store = tmp_path / "hashes.jsonl"
    path = _file(tmp_path, b"one")
    line = json.dumps([str(path), 1, 2, 3, "a" * 64]) + "\n"
    store.write_text(line * 500)
    HashMemory(store).content_hash(path)
    assert len(store.read_text().splitlines()) == 2
    assert HashMemory(store).content_hash(path) == _sha(b"one")


def test_a_cache_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "wall").write_bytes(b"")
    memory = HashMemory(tmp_path / "wall" / "hashes.jsonl")
    assert memory.content_hash(_file(tmp_path, b"one")) == _sha(b"one")


def test_folders_and_gaps(tmp_path: Path) -> None:
    memory = HashMemory(tmp_path / "hashes.jsonl")
    with pytest.raises(BadInput, match="not there"):
        memory.content_hash(tmp_path / "gone")
    with pytest.raises((BadInput, DiskTrouble)):
        memory.content_hash(tmp_path)


def test_many_threads(tmp_path: Path) -> None:
    memory = HashMemory(tmp_path / "hashes.jsonl")
    paths = [_file(tmp_path, bytes([n]) * 1000, name=f"{n}.bin") for n in range(40)]
    found: dict[int, list[str]] = {}
    threads = [
        threading.Thread(target=lambda n=n: found.__setitem__(n, [memory.content_hash(p) for p in paths]))
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wanted = [_sha(bytes([n]) * 1000) for n in range(40)]
    assert list(found.values()) == [wanted] * 6
    again = HashMemory(tmp_path / "hashes.jsonl")
    assert [again.content_hash(path) for path in paths] == wanted
