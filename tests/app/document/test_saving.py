"""Documents on disk: atomic, versioned, with their photographs beside them, and no further."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import pytest

from app.basics.faults import BadInput, DiskTrouble
from app.document import disk, edits, project_file
from app.document.paths import relative_to, resolve
from app.document.values import BLANK, Document
from app.document.versions import versions_of
from tests.app.document.samples import document, node, product_shot

PNG = b"\x89PNG not really"


def with_files(*files: str) -> Document:
    return document({f"p{i}": node("reference-image", file=file) for i, file in enumerate(files)})


def file_of(of: Document, id: str = "p0") -> object:
    return of.nodes[id].values["file"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    (tmp_path / "camera").mkdir()
    path = tmp_path / "camera" / "Shoe 1.png"
    path.write_bytes(PNG)
    return path


def left_over(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.rglob("*") if one.name.endswith(".part"))


# --- save and load ---------------------------------------------------------------------------


def test_what_is_saved_is_loaded(home: Path) -> None:
    made = product_shot()
    assert project_file.save(home / "a.tagloom", made) == made
    loaded = project_file.load(home / "a.tagloom")
    assert loaded.document == made
    assert loaded.folder == home
    assert loaded.notes == ()
    assert os.listdir(home) == ["a.tagloom"]


def test_a_missing_file_and_a_folder_are_no_documents(home: Path) -> None:
    for path in (home / "none.tagloom", home, home / "a\0b", home / "none" / "x.tagloom"):
        with pytest.raises(BadInput):
            project_file.load(path)


def test_a_fault_names_the_file(home: Path) -> None:
    (home / "a.tagloom").write_text("{", "utf-8")
    with pytest.raises(BadInput) as caught:
        project_file.load(home / "a.tagloom")
    assert str(home / "a.tagloom") in caught.value.detail


@pytest.mark.skipif(os.name == "nt", reason="POSIX")
def test_a_pipe_is_not_waited_for(home: Path) -> None:
    os.mkfifo(home / "pipe.tagloom")
    with pytest.raises(BadInput):
        project_file.load(home / "pipe.tagloom")


def test_ten_versions_are_kept_newest_first(home: Path) -> None:
    path = home / "a.tagloom"
    for number in range(14):
        project_file.save(path, edits.set_value(product_shot(), "hero", "seed", number))
    kept = [project_file.load(one).document.nodes["hero"].values["seed"] for one in versions_of(path)]
    assert kept == list(range(12, 2, -1))
    assert (home / ".tagloom-versions" / ".gitignore").read_text() == "*\n"


def test_saving_the_same_again_makes_no_version(home: Path) -> None:
    path = home / "a.tagloom"
    project_file.save(path, product_shot())
    before = path.stat().st_mtime_ns
    project_file.save(path, product_shot())
    assert versions_of(path) == ()
    assert path.stat().st_mtime_ns == before


def test_two_documents_in_a_folder_keep_their_own_versions(home: Path) -> None:
    for name in ("a", "b"):
        project_file.save(home / f"{name}.tagloom", product_shot())
    project_file.save(home / "a.tagloom", BLANK)
    assert len(versions_of(home / "a.tagloom")) == 1
    assert versions_of(home / "b.tagloom") == ()


@pytest.mark.skipif(os.name == "nt", reason="POSIX")
def test_permissions_and_symbolic_links_stay(home: Path, tmp_path: Path) -> None:
    real, alias = home / "a.tagloom", tmp_path / "alias.tagloom"
    project_file.save(real, product_shot())
    real.chmod(0o640)
    alias.symlink_to(real)
    project_file.save(alias, BLANK)
    assert alias.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert project_file.load(real).document == BLANK


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every fsync of a file says that the disk is full."""
    seen: list[str] = []

    def full(handle: int) -> None:
        seen.append("fsync")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(disk.os, "fsync", full)
    yield seen
    assert seen


def test_a_full_disk_leaves_the_document_as_it_was(home: Path, full_disk: list[str]) -> None:
    path = home / "a.tagloom"
    path.write_text(project_file.write_text(product_shot()), "utf-8")
    with pytest.raises(DiskTrouble) as caught:
        project_file.save(path, BLANK)
    assert "no space left" in caught.value.title
    assert project_file.load(path).document == product_shot()
    assert left_over(home) == []


def test_a_full_disk_leaves_no_new_document(home: Path, full_disk: list[str]) -> None:
    with pytest.raises(DiskTrouble):
        project_file.save(home / "new.tagloom", BLANK)
    assert os.listdir(home) == []


def test_a_crash_before_the_rename_leaves_the_old_document(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "a.tagloom"
    project_file.save(path, product_shot())

    def stop(source: object, target: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(disk.os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        project_file.save(path, BLANK)
    assert project_file.load(path).document == product_shot()
    assert left_over(home) == []


def test_a_folder_that_is_not_there(home: Path) -> None:
    with pytest.raises(DiskTrouble):
        project_file.save(home / "no" / "a.tagloom", BLANK)


def test_a_value_that_cannot_be_written_copies_nothing(home: Path, photo: Path) -> None:
    made = edits.set_value(with_files(str(photo)), "p0", "x", float("nan"))
    with pytest.raises(BadInput):
        project_file.save(home / "a.tagloom", made, trusted={photo})
    assert os.listdir(home) == []


# --- photographs -----------------------------------------------------------------------------


def test_a_photograph_is_copied_beside_on_the_first_save(home: Path, photo: Path) -> None:
    written = project_file.save(home / "a.tagloom", with_files(str(photo)), trusted={photo})
    assert file_of(written) == "refs/Shoe 1.png"
    assert written.nodes["p0"].values["sha256"] == hashlib.sha256(PNG).hexdigest()
    assert (home / "refs" / "Shoe 1.png").read_bytes() == PNG
    assert photo.read_bytes() == PNG
    assert project_file.load(home / "a.tagloom").document == written
    assert project_file.save(home / "a.tagloom", written, folder=home) is written


def test_one_content_is_copied_once_and_one_name_twice(home: Path, photo: Path, tmp_path: Path) -> None:
    same, other = tmp_path / "same.png", tmp_path / "Shoe 1.png"
    same.write_bytes(PNG)
    other.write_bytes(b"another")
    third = tmp_path / "camera" / "sub" / "SHOE 1.PNG"
    third.parent.mkdir()
    third.write_bytes(b"a third")
    files = [photo, photo, same, other, third]
    written = project_file.save(home / "a.tagloom", with_files(*map(str, files)), trusted=set(files))
    assert [file_of(written, f"p{i}") for i in range(5)] == [
        "refs/Shoe 1.png",
        "refs/Shoe 1.png",
        "refs/Shoe 1.png",
        "refs/Shoe 1-2.png",
        "refs/SHOE 1-3.PNG",
    ]
    assert len(os.listdir(home / "refs")) == 3


def test_save_as_elsewhere_takes_the_photographs_along(home: Path, photo: Path, tmp_path: Path) -> None:
    written = project_file.save(home / "a.tagloom", with_files(str(photo)), trusted={photo})
    there = tmp_path / "there"
    there.mkdir()
    again = project_file.save(there / "b.tagloom", written, folder=home)
    assert file_of(again) == "refs/Shoe 1.png"
    assert (there / "refs" / "Shoe 1.png").read_bytes() == PNG
    below = home / "below"
    below.mkdir()
    assert file_of(project_file.save(below / "c.tagloom", written, folder=home)) == "refs/Shoe 1.png"
    above = project_file.save(tmp_path / "d.tagloom", written, folder=home)
    assert file_of(above) == "project/refs/Shoe 1.png"


def test_an_absolute_path_inside_the_folder_becomes_relative(home: Path) -> None:
    (home / "mine.png").write_bytes(PNG)
    made = with_files(str(home / "mine.png"))
    assert file_of(project_file.save(home / "a.tagloom", made, folder=home)) == "mine.png"
    chosen = project_file.save(home / "b.tagloom", made, trusted={home / "mine.png"})
    assert file_of(chosen) == "mine.png"
    assert not (home / "refs").exists()


def test_a_file_that_was_not_chosen_by_hand_is_not_read(home: Path, photo: Path) -> None:
    for file in (str(photo), "../camera/Shoe 1.png", "/etc/hostname"):
        written = project_file.save(home / "a.tagloom", with_files(file), folder=home)
        assert file_of(written) == file
        assert not (home / "refs").exists()


def test_a_missing_photograph_keeps_its_file(home: Path, photo: Path) -> None:
    missing = photo.with_name("gone.png")
    written = project_file.save(
        home / "a.tagloom", with_files(str(missing), "refs/gone.png", ""), trusted={missing}
    )
    assert [file_of(written, f"p{i}") for i in range(3)] == [str(missing), "refs/gone.png", ""]


def test_other_kinds_keep_their_files(home: Path, photo: Path) -> None:
    made = Document(
        nodes=MappingProxyType({"t": node("magic", file=str(photo)), "u": node("reference-image", file=5)})
    )
    assert project_file.save(home / "a.tagloom", made, trusted={photo}) == made


def test_a_full_disk_while_copying_names_the_node(home: Path, photo: Path, full_disk: list[str]) -> None:
    with pytest.raises(DiskTrouble) as caught:
        project_file.save(home / "a.tagloom", with_files(str(photo)), trusted={photo})
    assert caught.value.where.node == "p0"
    assert list(home.rglob("*.*")) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_photograph_is_said(home: Path, photo: Path) -> None:
    photo.chmod(0)
    with pytest.raises(DiskTrouble):
        project_file.save(home / "a.tagloom", with_files(str(photo)), trusted={photo})


# --- which files may be read -----------------------------------------------------------------


@pytest.mark.parametrize(
    "file",
    [
        "..",
        "../x.png",
        "refs/../../x.png",
        "/etc/passwd",
        "//server/share/x.png",
        "\\\\server\\share\\x.png",
        "\\\\?\\C:\\x.png",
        "C:x.png",
        "C:\\x.png",
        "c:/x.png",
        "\\x.png",
        "refs\\..\\..\\x.png",
        "a\0b",
        "x" * 5000,
        "x" * 300 + "/../../../y",
    ],
)
def test_nothing_outside_the_folder_is_read(home: Path, file: str) -> None:
    with pytest.raises(BadInput) as caught:
        resolve(home, file)
    assert caught.value.code == "image.outside"
    assert len(caught.value.title) < 300
    assert "\0" not in caught.value.title


def test_what_is_inside_is_read(home: Path) -> None:
    assert resolve(home, "refs/鞋 1.png") == home / "refs" / "鞋 1.png"
    assert resolve(home, "./refs/x.png") == home / "refs" / "x.png"
    with pytest.raises(BadInput) as caught:
        resolve(home, "")
    assert caught.value.code == "image.none"


@pytest.mark.skipif(os.name == "nt", reason="POSIX")
def test_links_may_not_lead_out(home: Path, photo: Path) -> None:
    (home / "refs").symlink_to(photo.parent)
    (home / "loop").symlink_to(home / "loop")
    (home / "in.png").symlink_to(home / "real.png")
    with pytest.raises(BadInput):
        resolve(home, "refs/Shoe 1.png")
    assert resolve(home, "in.png") == home / "real.png"
    assert resolve(home, "refs/Shoe 1.png", {photo}) == photo
    with suppress(BadInput):  # Python 3.13 resolves a circle of links to itself, earlier ones raise
        assert resolve(home, "loop").parent == home


def test_a_folder_behind_a_link_is_the_same_folder(home: Path, tmp_path: Path) -> None:
    alias = tmp_path / "alias"
    alias.symlink_to(home)
    assert resolve(alias, "refs/x.png") == home / "refs" / "x.png"
    assert relative_to(alias, home / "refs" / "x.png") == "refs/x.png"


def test_a_file_chosen_by_hand_is_read_from_anywhere(home: Path, photo: Path) -> None:
    assert resolve(home, str(photo), {photo}) == photo
    assert resolve(None, str(photo), {photo}) == photo
    assert resolve(home, "../camera/Shoe 1.png", {photo}) == photo
    for file in (str(photo.with_name("other.png")), "refs/x.png"):
        with pytest.raises(BadInput):
            resolve(None, file, {photo})
