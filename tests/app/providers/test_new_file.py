"""A new file is whole or not there, and what no disk takes comes with the fault."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.basics.faults import Charged, DiskTrouble
from app.providers.new_file import NewFile, Spare, Unsaved
from tests.app.basics.disks import fill
from tests.app.basics.disks import read_only as read_only
from tests.app.basics.disks import tiny_disk as tiny_disk

CHUNK = os.urandom(64 * 1024)


def written(target: Path, chunks: int, spare: Spare | None = None) -> None:
    with NewFile(target, spare) as file:
        for _ in range(chunks):
            file.write(CHUNK)
        assert file.size == chunks * len(CHUNK)
        file.finish()


def test_a_whole_file(tmp_path: Path) -> None:
    written(tmp_path / "a", 5)
    assert (tmp_path / "a").read_bytes() == CHUNK * 5


def test_left_without_an_end_it_is_gone(tmp_path: Path) -> None:
    with NewFile(tmp_path / "a") as file:
        file.write(CHUNK)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_in_the_middle(tiny_disk: Path) -> None:
    with pytest.raises(Unsaved) as caught:
        written(tiny_disk / "a", 100)
    assert caught.value.picture == CHUNK * 100
    assert (caught.value.code, caught.value.charged) == ("disk.full", Charged.YES)
    assert list(tiny_disk.iterdir()) == []


def test_a_disk_that_is_full_from_the_start(tiny_disk: Path) -> None:
    filler = fill(tiny_disk)
    with pytest.raises(Unsaved) as caught:
        written(tiny_disk / "a", 3)
    assert caught.value.picture == CHUNK * 3
    assert list(tiny_disk.iterdir()) == [filler]


def test_a_folder_that_cannot_be_written(read_only: Path) -> None:
    with pytest.raises(Unsaved) as caught:
        written(read_only / "a", 3)
    assert (caught.value.picture, caught.value.code) == (CHUNK * 3, "disk.write")


def test_a_file_that_is_there_is_left(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"mine")
    with pytest.raises(Unsaved) as caught:
        written(tmp_path / "a", 2)
    assert caught.value.picture == CHUNK * 2
    assert (tmp_path / "a").read_bytes() == b"mine"


def test_memory_is_bounded_over_all_files_and_given_back(tmp_path: Path) -> None:
    spare = Spare(len(CHUNK) * 3)
    nowhere = tmp_path / "nowhere" / "a"
    for _ in range(2):
        with pytest.raises(DiskTrouble) as caught:
            written(nowhere, 4, spare)
        assert not isinstance(caught.value, Unsaved)
        with pytest.raises(Unsaved):
            written(nowhere, 3, spare)
    with NewFile(nowhere, spare) as one:
        one.write(CHUNK * 2)
        with pytest.raises(DiskTrouble), NewFile(nowhere, spare) as other:
            other.write(CHUNK * 2)
