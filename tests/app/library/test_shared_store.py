"""What is special of a store that is elsewhere: its faults in words, the folder before it."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path
from typing import Any

import pytest
from fsspec.implementations.local import LocalFileSystem

from app.basics.faults import BadInput, DiskTrouble, Retry
from app.basics.places import places_under
from app.library.address import library_at
from app.library.library import Library
from app.library.shared_store import SharedStore
from app.library.store import FolderStore
from app.library.store_faults import Place, plain_address
from tests.app.library.make import download, origin, picture
from tests.support.s3 import S3, free_port
from tests.support.stores import Behind, sha

pytestmark = pytest.mark.in_files


class Failing(LocalFileSystem):
    """Fails on what is sent or asked, with `error`."""

    protocol = "failing"
    cachable = False
    error: Exception | None = None

    def put_file(self, *args: Any, **kwargs: Any) -> Any:
        self._fail()
        return super().put_file(*args, **kwargs)

    def info(self, *args: Any, **kwargs: Any) -> Any:
        self._fail()
        return super().info(*args, **kwargs)

    def get_file(self, *args: Any, **kwargs: Any) -> Any:
        self._fail()
        return super().get_file(*args, **kwargs)

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (PermissionError("Access Denied"), "library.forbidden", "refuses us"),
        (OSError(errno.ENOSPC, "no space"), "library.full", "is full"),
        (ConnectionResetError("gone"), "library.unreachable", "cannot be reached"),
        (TimeoutError("late"), "library.unreachable", "cannot be reached"),
        (OSError(errno.EIO, "strange"), "library.unwritable", "could not do"),
    ],
)
def test_a_store_that_fails_says_so_and_leaves_the_download(
    tmp_path: Path, error: Exception, code: str, words: str
) -> None:
    files = Failing()
    store = SharedStore(files, str(tmp_path / "there"), tmp_path / "cache", Place(address="s3://shoes/x"))
    temp = store.temp()
    temp.write_bytes(b"paid for")
    files.error = error
    with pytest.raises(DiskTrouble) as caught:
        store.take(temp, ".png")
    assert (caught.value.code, caught.value.retry) == (code, Retry.LATER)
    assert words in caught.value.title
    assert "s3://shoes/x" in caught.value.title
    assert temp.read_bytes() == b"paid for"
    with pytest.raises(DiskTrouble):  # never a no, which would buy it again
        store.holds(sha(b"paid for"), ".png")
    if code != "library.full":
        with pytest.raises(DiskTrouble):
            store.bring(sha(b"paid for"), ".png")
    files.error = None
    assert store.take(temp, ".png").fresh


class Cutting(LocalFileSystem):
    """Keeps less, or something else, than it was sent."""

    protocol = "cutting"
    cachable = False
    keep = b""

    def put_file(self, lpath: str, rpath: str, **kwargs: Any) -> None:
        self.pipe_file(rpath, self.keep)


@pytest.mark.parametrize("keep", [b"whol", b"wh0le"])
def test_what_did_not_come_whole_is_not_taken(tmp_path: Path, keep: bytes) -> None:
    files = Cutting()
    files.keep = keep
    store = SharedStore(files, str(tmp_path / "there"), tmp_path / "cache", Place(address="there"))
    temp = store.temp()
    temp.write_bytes(b"whole")
    with pytest.raises(DiskTrouble) as caught:
        store.take(temp, ".png")
    assert caught.value.code == "library.short"
    assert temp.read_bytes() == b"whole"


def test_a_bucket_that_is_not_there(s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not taken for a library without pictures."""
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    store = library_at("s3://no-such-bucket/summer", places_under(tmp_path)).store
    for asked in (store.holds, store.bring):
        with pytest.raises(DiskTrouble) as caught:
            asked("0" * 64, ".png")
        assert caught.value.code == "library.no-store"
        assert caught.value.title == "There is no library at s3://no-such-bucket/summer."
    with pytest.raises(DiskTrouble):
        list(store.notes())


def test_a_server_that_is_not_there(s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    store = library_at("s3://shoes", places_under(tmp_path)).store
    with pytest.raises(DiskTrouble) as caught:
        store.holds("0" * 64, ".png")
    assert caught.value.code == "library.unreachable"


def test_what_comes_damaged_is_not_given(in_s3: Behind) -> None:
    name = sha(b"whole")
    in_s3.write(name, ".png", b"wh0le")
    with pytest.raises(DiskTrouble) as caught:
        in_s3.store.bring(name, ".png")
    assert caught.value.code == "library.damaged"
    assert not in_s3.store.place(name, ".png").exists()


def test_the_folder_before_it_is_bounded(tmp_path: Path) -> None:
    """The oldest go; what was asked for just now stays, and what went is brought again."""
    store = SharedStore(
        LocalFileSystem(), str(tmp_path / "there"), tmp_path / "cache", Place(address="there"), limit=10_000
    )
    taken = []
    for number in range(30):
        temp = store.temp()
        temp.write_bytes(bytes([number]) * 1000)
        taken.append(store.take(temp, ".png"))
        if number < 25:
            os.utime(taken[-1].path, (time.time() - 3600 + number,) * 2)
    there = [one.path.exists() for one in taken]
    assert sum(there) <= 11
    assert there[25:] == [True] * 5, "asked for just now"
    assert not there[0]
    path = store.bring(taken[0].sha256, ".png")
    assert path is not None
    assert path.read_bytes() == bytes(1000)


async def test_the_library_of_another_machine(in_memory: Behind, tmp_path: Path) -> None:
    """Each has an index of its own, brought up to date at its start, and the picture comes when asked for."""
    here = Library(in_memory.store, tmp_path / "here.sqlite")
    there = Library(in_memory.again(), tmp_path / "there.sqlite")
    try:
        first = await here.add(download(here, picture("red")), origin(fingerprint="1" * 64))
        assert await there.open()
        found = await there.find("1" * 64)
        assert found is not None
        assert found.path != first.path
        assert found.path.read_bytes() == first.path.read_bytes()
        await there.close()
        second = await here.add(download(here, picture("blue")), origin(fingerprint="2" * 64))
        await here.mark([second.sha256], star=True)
        there = Library(in_memory.again(), tmp_path / "there.sqlite")
        many = await there.find_many(["1" * 64, "2" * 64])
        assert {one.sha256 for one in many.values()} == {first.sha256, second.sha256}
        assert not many["2" * 64].path.exists(), "not fetched until it is used"
        assert await there.here(many["2" * 64]) == many["2" * 64].path
        assert many["2" * 64].path.read_bytes() == second.path.read_bytes()
        assert (await there.marks([second.sha256]))[second.sha256].star
    finally:
        await here.close()
        await there.close()


def test_addresses(tmp_path: Path) -> None:
    home = places_under(tmp_path / "home")
    own = library_at("", home)
    assert (own.index, own.shared) == (home.index, False)
    for address in (str(tmp_path / "a b"), f"file://{tmp_path}/a%20b"):
        folder = library_at(address, home)
        assert isinstance(folder.store, FolderStore)
        assert folder.store.place("0" * 64, ".png").is_relative_to(tmp_path / "a b")
        assert folder.shared
    one, other = library_at("memory://shoes", home), library_at("memory://hats", home)
    assert isinstance(one.store, SharedStore)
    assert len({own.index, folder.index, one.index, other.index}) == 4, "an index for each"


@pytest.mark.parametrize("address", ["shoes", "file://", "nosuch://shoes", "s3://"])
def test_addresses_that_are_none(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadInput) as caught:
        library_at(address, places_under(tmp_path))
    assert caught.value.code == "library.address"
    assert "TAGLOOM_LIBRARY" in caught.value.title


def test_a_package_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        library_at("gs://shoes/summer", places_under(tmp_path))
    assert caught.value.code == "library.packages"
    assert "pip install 'tagloom[cluster]'" in caught.value.advice


def test_addresses_are_said_without_their_secrets() -> None:
    assert plain_address("sftp://ana:secret@shop.test:22/shoes?key=1") == "sftp://shop.test:22/shoes"
