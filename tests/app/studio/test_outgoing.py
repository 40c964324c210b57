"""Copies for other programs: their names, what is in them, and that they are nobody's files but theirs."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from app.studio.outgoing import Leaving, Outgoing
from tests.app.imaging.carriers import CARRIERS, coded_pixels
from tests.app.imaging.pictures import chunk, coded, quadrants

TODAY = date(2026, 3, 14)


@pytest.fixture
def outgoing(tmp_path: Path) -> Outgoing:
    return Outgoing(tmp_path / "outgoing", lambda: TODAY)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """With the vendor's own words in it."""
    png = coded(quadrants(), "PNG")
    said = chunk(b"tEXt", b"Software\0The vendor")
    path = tmp_path / "0f3c.png"
    path.write_bytes(png[:33] + said + png[33:])
    return path


def test_as_it_came_it_is_the_same_bytes_under_a_name_to_read(outgoing: Outgoing, picture: Path) -> None:
    leaving = Leaving(path=picture, name="Gen4 Image", seed=42)
    parcel = outgoing.make("sneaker", [leaving], clean=False)
    (file,) = parcel.files
    assert (file.name, parcel.faults) == ("sneaker Gen4 Image 42.png", ())
    assert file.read_bytes() == picture.read_bytes()


def test_what_another_program_writes_into_its_file_never_reaches_ours(
    outgoing: Outgoing, picture: Path
) -> None:
    before = picture.read_bytes()
    (file,) = outgoing.make("sneaker", [Leaving(path=picture, name="a")], clean=False).files
    with file.open("r+b") as opened:
        opened.write(b"painted over")
    assert picture.read_bytes() == before
    assert not os.path.samefile(file, picture)


def test_a_clean_copy_says_nothing_but_its_pixels(outgoing: Outgoing, picture: Path) -> None:
    (file,) = outgoing.make("sneaker", [Leaving(path=picture, name="a")], clean=True).files
    assert b"The vendor" in picture.read_bytes()
    assert b"The vendor" not in file.read_bytes()
    assert coded_pixels(file.read_bytes()) == coded_pixels(picture.read_bytes())


def test_names_are_good_on_every_system(outgoing: Outgoing, tmp_path: Path) -> None:
    path = tmp_path / "one.webp"
    path.write_bytes(CARRIERS["webp"])
    names = [
        'a/b\\c:d*?"<>|',
        "../../etc",
        "鞋子 ＠ 拍摄",
        "trailing. . ",
        "shoes " * 60,
        "tab\tnew\nline",
        "",
    ]
    made = outgoing.make("con", [Leaving(path=path, name=name, seed=7) for name in names], clean=False).files
    told = [file.name for file in made]
    assert len({one.casefold() for one in told}) == len(names)
    assert told[0] == "con a b c d 7.webp"
    assert told[2] == "con 鞋子 ＠ 拍摄 7.webp"
    for one in told:
        assert not set(one) & set('/\\:*?"<>|\t\n')
        assert len(one.encode()) < 255
        assert one.endswith(" 7.webp")
    assert outgoing.make("con", [Leaving(path=path, name="")], clean=False).files[0].name == "con 1.webp"


def test_the_same_name_twice_is_numbered_and_drags_do_not_meet(outgoing: Outgoing, picture: Path) -> None:
    leaving = [Leaving(path=picture, name="Gen4", seed=1), Leaving(path=picture, name="gen4", seed=1)]
    first = outgoing.make("shot", leaving, clean=False).files
    assert [file.name for file in first] == ["shot Gen4 1.png", "shot gen4 1 2.png"]
    second = outgoing.make("shot", leaving, clean=False).files
    assert first[0].parent != second[0].parent


def test_what_cannot_be_copied_is_told_and_the_others_go(
    outgoing: Outgoing, picture: Path, tmp_path: Path
) -> None:
    gone = Leaving(path=tmp_path / "gone.png", name="gone")
    parcel = outgoing.make("shot", [gone, Leaving(path=picture, name="there")], clean=False)
    assert [file.name for file in parcel.files] == ["shot there.png"]
    assert [fault.code for fault in parcel.faults] == ["image.missing"]


def test_what_is_no_picture_never_goes_as_if_it_were_clean(outgoing: Outgoing, tmp_path: Path) -> None:
    other = tmp_path / "film.gif"
    other.write_bytes(b"GIF89a" + bytes(60))
    parcel = outgoing.make("shot", [Leaving(path=other, name="film")], clean=True)
    assert parcel.files == ()
    assert len(parcel.faults) == 1


def test_a_full_disk_is_told(tmp_path: Path, picture: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    parcel = Outgoing(tmp_path / "taken").make("shot", [Leaving(path=picture, name="a")], clean=False)
    assert [fault.code for fault in parcel.faults] == ["outgoing.folder"]


def test_files_of_earlier_days_are_removed_and_those_of_today_stay(tmp_path: Path, picture: Path) -> None:
    folder = tmp_path / "outgoing"
    old = Outgoing(folder, lambda: date(2026, 3, 13)).make(
        "s", [Leaving(path=picture, name="a")], clean=False
    )
    now = Outgoing(folder, lambda: TODAY)
    new = now.make("s", [Leaving(path=picture, name="a")], clean=False)
    now.sweep()
    assert not old.files[0].exists()
    assert new.files[0].exists()
    assert [one.name for one in folder.iterdir()] == ["2026-03-14"]


def test_sweeping_where_nothing_was_ever_dragged(outgoing: Outgoing, tmp_path: Path) -> None:
    outgoing.sweep()
    assert not (tmp_path / "outgoing").exists()
