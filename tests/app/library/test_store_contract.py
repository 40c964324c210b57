"""What every store keeps to: a folder, a file system of fsspec, S3."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.basics.faults import BadInput, Bug, DiskTrouble
from app.library.file_names import MARKS
from tests.support.s3 import S3
from tests.support.stores import Behind, sha

pytestmark = pytest.mark.in_files


@pytest.fixture(params=["folder", "local", "memory", "s3"])
def kept(request: pytest.FixtureRequest, s3: S3) -> Behind:
    behind: Behind = request.getfixturevalue(f"in_{request.param}")
    return behind


def test_takes_bytes_as_they_are(kept: Behind) -> None:
    content = os.urandom(3_000_000)
    temp, store = kept.put(content), kept.store
    taken = store.take(temp, ".png")
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
    assert kept.files.cat_file(kept.key(taken.sha256, ".png")) == content


def test_another_machine_has_it(kept: Behind) -> None:
    taken = kept.store.take(kept.put(b"there"), ".png")
    kept.store.write_note(taken.sha256, "op1", b"{}")
    other = kept.again()
    assert other.holds(taken.sha256, ".png")
    path = other.bring(taken.sha256, ".png")
    assert path is not None
    assert path.read_bytes() == b"there"
    assert [(sha256, name, one.read_bytes()) for sha256, name, one in other.notes()] == [
        (taken.sha256, "op1", b"{}")
    ]


def test_the_same_bytes_once(kept: Behind) -> None:
    first = kept.store.take(kept.put(b"same"), ".png")
    second = kept.store.take(kept.put(b"same"), ".png")
    third = kept.again().take(kept.put(b"same"), ".png")
    assert (second.path, second.fresh, third.fresh) == (first.path, False, False)
    assert kept.names("incoming") == []


@pytest.mark.parametrize("left", [b"", b"sam", b"lame"])
def test_a_torn_file_of_that_name_is_healed(kept: Behind, left: bytes) -> None:
    kept.write(sha(b"same"), ".png", left)
    taken = kept.store.take(kept.put(b"same"), ".png")
    assert taken.fresh
    assert kept.files.cat_file(kept.key(sha(b"same"), ".png")) == b"same"


async def test_many_at_once(kept: Behind) -> None:
    contents = [str(number % 5).encode() * 1000 for number in range(25)]
    taken = await asyncio.gather(
        *(asyncio.to_thread(kept.store.take, kept.put(content), ".png") for content in contents)
    )
    assert {one.sha256 for one in taken} == {sha(content) for content in contents}
    assert all(one.path.read_bytes() == content for one, content in zip(taken, contents, strict=True))
    other = kept.again()
    brought = await asyncio.gather(*(asyncio.to_thread(other.bring, one.sha256, ".png") for one in taken))
    assert all(one is not None for one in brought)


def test_verify_finds_every_change(kept: Behind) -> None:
    taken = kept.store.take(kept.put(b"x" * 1000), ".png")
    assert kept.store.verify(taken.sha256, ".png")
    kept.write(taken.sha256, ".png", b"x" * 999 + b"y")
    assert not kept.store.verify(taken.sha256, ".png")
    kept.delete(taken.sha256, ".png")
    assert not kept.store.verify(taken.sha256, ".png")
    other = kept.again()
    with pytest.raises(DiskTrouble) as caught:
        other.open(taken.sha256, ".png")
    assert caught.value.code == "library.gone"
    assert other.bring(taken.sha256, ".png") is None
    assert not other.holds(taken.sha256, ".png")


def test_notes(kept: Behind) -> None:
    store, name = kept.store, sha(b"x")
    store.write_note(name, "op-1", b"one")
    store.write_note(name, "op-1", b"two")
    store.write_note(name, "op-2", b"three")
    assert [(sha256, note, path.read_bytes()) for sha256, note, path in store.notes()] == [
        (name, "op-1", b"two"),
        (name, "op-2", b"three"),
    ]
    assert [note for _, note, _ in store.notes(only="op-2")] == ["op-2"]
    assert [note for _, note, _ in store.notes(known={(name, "op-2")})] == ["op-1"]
    for bad in ("../x", "", "a/b", "x" * 100):
        with pytest.raises(Bug):
            store.write_note(name, bad, b"")


@pytest.mark.parametrize("name", ["", "../../../etc/passwd", "A" * 64, "a" * 63, "a" * 63 + "/"])
def test_names_that_are_no_hash_are_refused(kept: Behind, name: str) -> None:
    for asked in (kept.store.place, kept.store.holds, kept.store.bring, kept.store.withdraw):
        with pytest.raises(BadInput) as caught:
            asked(name, ".png")
        assert caught.value.code == "library.name"


def test_tidying_takes_only_what_was_left_long_ago(kept: Behind) -> None:
    old, young = kept.put(b"old"), kept.put(b"young")
    os.utime(old, (1, 1))
    assert kept.store.tidy() == 1
    assert (old.exists(), young.exists()) == (False, True)


def test_what_is_damaged_is_set_aside_with_its_notes(kept: Behind) -> None:
    store = kept.store
    taken, other = store.take(kept.put(b"one"), ".png"), store.take(kept.put(b"two"), ".png")
    store.write_note(taken.sha256, "op1", b"{}")
    store.write_note(other.sha256, "op2", b"{}")
    aside = store.set_aside(taken.sha256, ".png")
    assert aside is not None
    assert aside.parent.name == "damaged"
    assert kept.read("damaged", aside.name) == b"one"
    assert kept.names("damaged") == [f"{taken.sha256}.op1.json", f"{taken.sha256}.png"]
    assert not store.holds(taken.sha256, ".png")
    assert store.bring(taken.sha256, ".png") is None
    assert [(sha256, name) for sha256, name, _ in store.notes()] == [(other.sha256, "op2")]
    assert store.set_aside(taken.sha256, ".png") is None, "there is nothing left of it"
    assert store.take(kept.put(b"one"), ".png").fresh, "it may come again"


def test_withdrawn_put_back_and_dropped(kept: Behind) -> None:
    store = kept.store
    one, two = store.take(kept.put(b"one"), ".png"), store.take(kept.put(b"two"), ".png")
    for taken in (one, two):
        store.write_note(taken.sha256, "op1", b"{}")
        store.withdraw(taken.sha256, ".png")
    store.withdraw(sha(b"never there"), ".png")
    assert store.withdrawn() == {one.sha256, two.sha256}
    assert not store.holds(one.sha256, ".png")
    assert list(store.notes()) == []
    store.put_back(one.sha256)
    store.drop(two.sha256)
    assert store.withdrawn() == frozenset()
    assert store.bring(one.sha256, ".png") is not None
    assert store.verify(one.sha256, ".png")
    assert [(sha256, name) for sha256, name, _ in store.notes()] == [(one.sha256, "op1")]
    assert not kept.again().holds(two.sha256, ".png")


class Killed(BaseException):
    """As by SIGKILL: nothing of ours runs any more."""


def die_after(steps: int, kept: Behind, patch: pytest.MonkeyPatch) -> None:
    """The process ends before its next file is moved or deleted."""
    left = [steps]

    def counted(work: Callable[..., object]) -> Callable[..., object]:
        def step(*given: object, **named: object) -> object:
            if not left[0]:
                raise Killed
            left[0] -= 1
            return work(*given, **named)

        return step

    if kept.cache is None:
        patch.setattr(os, "replace", counted(os.replace))
        patch.setattr(Path, "unlink", counted(Path.unlink))
    else:
        for name in ("_move", "_delete"):
            patch.setattr(kept.store, name, counted(getattr(kept.store, name)))


@pytest.mark.parametrize("steps", range(5))
@pytest.mark.parametrize("doing", ["withdraw", "put back", "drop"])
def test_killed_at_any_file_it_is_there_as_it_was_or_gone(
    kept: Behind, doing: str, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never notes without a picture, and never a picture that nobody finds."""
    store = kept.store
    taken = store.take(kept.put(b"one"), ".png")
    for name in ("01op", "02op", MARKS):
        store.write_note(taken.sha256, name, b"{}")
    if doing != "withdraw":
        store.withdraw(taken.sha256, ".png")
    with monkeypatch.context() as patch, contextlib.suppress(Killed):
        die_after(steps, kept, patch)
        if doing == "withdraw":
            store.withdraw(taken.sha256, ".png")
        else:
            (store.put_back if doing == "put back" else store.drop)(taken.sha256)
    after = kept.again()
    for one in after.withdrawn():
        after.put_back(one)
    assert after.withdrawn() == frozenset()
    there = {name for _, name, _ in after.notes()}
    if after.holds(taken.sha256, ".png"):
        assert MARKS in there, "as removed as it was"
        assert there & {"01op", "02op"}, "it is found"
        assert doing == "drop" or there == {"01op", "02op", MARKS}
    else:
        assert there == set()
        assert doing == "drop", "nobody wanted to lose it"


def test_what_came_again_stays_when_the_old_is_put_back(kept: Behind) -> None:
    store = kept.store
    taken = store.take(kept.put(b"one"), ".png")
    store.withdraw(taken.sha256, ".png")
    assert store.take(kept.put(b"one"), ".png").fresh
    store.put_back(taken.sha256)
    assert store.withdrawn() == frozenset()
    assert store.verify(taken.sha256, ".png")


def test_a_cache_that_is_gone_is_made_again(kept: Behind) -> None:
    taken = kept.store.take(kept.put(b"one"), ".png")
    if kept.cache is None:
        pytest.skip("a folder has none")
    for path in sorted(kept.cache.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    path = kept.store.bring(taken.sha256, ".png")
    assert path is not None
    assert path.read_bytes() == b"one"
    assert Path(path).is_relative_to(kept.cache)
