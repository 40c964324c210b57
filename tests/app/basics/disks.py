"""Disks that misbehave: one that is full after a megabyte or two, one that cannot be written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = sys.platform == "linux" and os.geteuid() == 0


def _mount(folder: Path, options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[bool]:
    """A disk in memory over a folder; False where this machine or person may not mount."""
    done = ROOT and _mount(folder, options)
    try:
        yield done
    finally:
        if done:
            _unmount(folder)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """4 MiB in all. Needs root, since only root may mount."""
    yield from _disk(tmp_path / "tiny", "4m")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """32 MiB: room for a home with its databases. Needs root."""
    yield from _disk(tmp_path / "small", "32m")


def _disk(folder: Path, size: str) -> Iterator[Path]:
    folder.mkdir()
    if not ROOT or not _mount(folder, f"size={size}"):
        pytest.skip("no right to mount a small disk here")
    yield folder
    _unmount(folder)


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """An empty folder in which nothing can be made."""
    folder = tmp_path / "read-only"
    folder.mkdir()
    if ROOT:
        if not _mount(folder, "ro,size=1m"):
            pytest.skip("root may write everywhere, and may not mount here")
        yield folder
        _unmount(folder)
        return
    folder.chmod(0o500)
    yield folder
    folder.chmod(0o700)


def fill(folder: Path) -> Path:
    """Leaves not a byte free; remove the file to have room again."""
    file = folder / "filler"
    with file.open("wb", buffering=0) as handle:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while handle.write(b"\xa5" * size) == size:
                    pass
            except OSError:
                continue
    return file
