"""Recovery copies: those of the living are left alone, those of the dead are found, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.basics.faults import BadInput, DiskTrouble
from app.document import edits, project_file
from app.document.copies import ASIDE_SECONDS, LeftCopy, OwnCopy, Story, left_copies
from tests.app.basics.disks import fill
from tests.app.basics.disks import read_only as read_only
from tests.app.basics.disks import tiny_disk as tiny_disk
from tests.app.document.samples import product_shot

WRITER = """
import os, signal, sys
from pathlib import Path
from app.document import project_file
from app.document.copies import OwnCopy, Story
own = OwnCopy(Path(sys.argv[1]))
document = project_file.load(Path(sys.argv[2])).document
own.write(document, Story(path=sys.argv[3], name="Shoes", known="ab", trusted=("/camera/shoe.png",)))
print("written", flush=True)
if sys.argv[4] == "die":
    os.kill(os.getpid(), signal.SIGKILL)
sys.stdin.readline()
"""
BUSY = """
import sys
from pathlib import Path
from app.document import edits, project_file
from app.document.copies import OwnCopy, Story
own = OwnCopy(Path(sys.argv[1]))
document = project_file.load(Path(sys.argv[2])).document
for seed in range(1_000_000):
    document = edits.set_value(document, "hero", "seed", seed)
    own.write(document, Story(name="Shoes"))
    if not seed:
        print("written", flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recovery"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "source.tagloom"
    project_file.save(path, product_shot())
    return path


def writer(folder: Path, document: Path, path: str, end: str) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(document), path, end],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "written\n"
    return child


def dead(folder: Path, document: Path, path: str = "") -> None:
    child = writer(folder, document, path, "die")
    child.communicate(timeout=10)


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.rglob("*") if one.is_file())


def only(folder: Path) -> LeftCopy:
    (copy,) = left_copies(folder)
    return copy


def test_the_copy_of_a_killed_process_is_found_with_all_that_is_known(folder: Path, document: Path) -> None:
    dead(folder, document, "/art/shoes.tagloom")
    copy = only(folder)
    assert copy.load() == product_shot()
    assert (copy.path, copy.name, copy.saved) == (Path("/art/shoes.tagloom"), "shoes.tagloom", None)
    assert (copy.story.known, copy.story.trusted) == ("ab", ("/camera/shoe.png",))
    assert 0 <= time.time() - copy.kept.timestamp() < 60
    assert copy.story.begun <= copy.story.kept
    assert left_copies(folder) == (), "held by whoever decides on it"
    copy.let_go()
    only(folder).let_go()


def test_the_copy_of_a_living_process_is_its_own(folder: Path, document: Path) -> None:
    child = writer(folder, document, "", "stay")
    try:
        assert left_copies(folder) == ()
    finally:
        child.kill()
        child.communicate()
    copy = only(folder)
    assert (copy.name, copy.path) == ("Shoes", None)
    copy.let_go()


def test_a_copy_that_is_put_aside_is_kept_for_thirty_days(folder: Path, document: Path) -> None:
    dead(folder, document)
    place = only(folder).put_aside()
    assert place.parent == folder / "aside"
    assert project_file.load(place).document == product_shot()
    assert left_copies(folder) == ()
    assert names(folder) == [place.with_suffix(".json").name, place.name]
    old = time.time() - ASIDE_SECONDS - 60
    os.utime(place, (old, old))
    left_copies(folder)
    assert names(folder) == []


def test_a_copy_that_says_nothing_new_is_not_offered(folder: Path, document: Path) -> None:
    dead(folder, document, str(document))
    assert left_copies(folder) == ()
    assert [one.parent.name for one in folder.rglob("*.tagloom")] == ["aside"]


def test_a_file_that_was_saved_differently_is_told_with_its_time(folder: Path, document: Path) -> None:
    dead(folder, document, str(document))
    project_file.save(document, edits.set_value(product_shot(), "hero", "seed", 9))
    copy = only(folder)
    assert copy.saved is not None
    assert abs(copy.saved.timestamp() - document.stat().st_mtime) < 0.01
    copy.let_go()


def test_what_is_known_of_a_copy_may_be_lost_but_not_the_copy(folder: Path, document: Path) -> None:
    dead(folder, document, "/art/shoes.tagloom")
    for content in (b"{", b"\xff", b'{"path": 3}', None):
        (story,) = folder.glob("*.json")
        if content is None:
            story.unlink()
        else:
            story.write_bytes(content)
        copy = only(folder)
        assert (copy.load(), copy.path, copy.name) == (product_shot(), None, "Untitled")
        copy.let_go()


def test_a_damaged_copy_is_offered_and_says_so_when_it_is_opened(folder: Path, document: Path) -> None:
    dead(folder, document)
    (file,) = folder.glob("*.tagloom")
    file.write_bytes(b"torn")
    copy = only(folder)
    with pytest.raises(BadInput):
        copy.load()
    copy.let_go()
    assert file.read_bytes() == b"torn"


def test_dropping_leaves_nothing_and_the_next_change_begins_anew(folder: Path) -> None:
    own = OwnCopy(folder)
    own.drop()
    assert not folder.exists(), "nothing for a document that was never changed"
    for _ in range(2):
        own.write(product_shot(), Story(name="Shoes"))
        assert sorted(Path(one).suffix for one in names(folder)) == [".json", ".lock", ".tagloom"]
        own.drop()
        assert names(folder) == []


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_killed_in_the_middle_of_writing_the_copy_is_whole(folder: Path, document: Path) -> None:
    for turn in range(8):
        child = subprocess.Popen(
            [sys.executable, "-c", BUSY, str(folder), str(document)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(turn * 0.007)
        child.kill()
        child.communicate()
        copy = only(folder)
        assert isinstance(copy.load().nodes["hero"].values["seed"], int)
        assert copy.name == "Shoes"
        copy.put_aside()


def test_a_full_disk_is_said_and_leaves_the_copy_before(tiny_disk: Path) -> None:
    own = OwnCopy(tiny_disk / "recovery")
    own.write(product_shot(), Story())
    fill(tiny_disk)
    with pytest.raises(DiskTrouble) as caught:
        own.write(edits.set_value(product_shot(), "hero", "seed", 9), Story())
    assert (caught.value.code, "Save the document often" in caught.value.advice) == ("recovery.unkept", True)
    own.let_go()
    copy = only(tiny_disk / "recovery")
    assert copy.load() == product_shot()
    copy.let_go()


def test_a_folder_that_cannot_be_written_is_said(read_only: Path) -> None:
    with pytest.raises(DiskTrouble) as caught:
        OwnCopy(read_only / "recovery").write(product_shot(), Story())
    assert caught.value.code == "recovery.unkept"
    assert left_copies(read_only / "recovery") == ()
