"""Zips of strangers: each trick is told by name, before anything is unpacked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.basics.faults import BadInput
from app.basics.zips import Member, opened_zip, write_zip

TEXT = b"words " * 2000


def plain(path: Path, *members: Member) -> Path:
    with path.open("wb") as file:
        write_zip(file, members or (Member(name="a/b.txt", content=TEXT, packed=True),))
    return path


def made(path: Path, build: Callable[[zipfile.ZipFile], object]) -> Path:
    with zipfile.ZipFile(path, "w") as zip:
        build(zip)
    return path


def code_of(path: Path, name: str = "a/b.txt") -> str:
    with pytest.raises(BadInput) as raised, opened_zip(path, most_members=50) as zip:
        zip.read(name, 1 << 20)
    assert raised.value.advice
    return raised.value.code


def test_what_is_written_is_read_and_is_the_same_each_time(tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"\x89PNG" + bytes(3_000_000))
    members = (Member(name="words.txt", content=TEXT, packed=True), Member(name="p/x.png", content=photo))
    first, second = plain(tmp_path / "1.zip", *members), plain(tmp_path / "2.zip", *members)
    assert first.read_bytes() == second.read_bytes()
    with opened_zip(first) as zip:
        assert zip.read("words.txt", 1 << 20) == TEXT
        out = io.BytesIO()
        zip.copy("p/x.png", out, 1 << 24)
        assert out.getvalue() == photo.read_bytes()
        assert "p/x.png" in zip
        assert "other" not in zip
    assert zipfile.ZipFile(first).testzip() is None


@pytest.mark.parametrize(
    "name",
    ["../x", "/x", "a/../../x", "a\\b", "c:x", "", ".x", "a//b", "a/", "x" * 300, "tab\tname", "ü", "a/./b"],
)
def test_names_that_would_lie_elsewhere(tmp_path: Path, name: str) -> None:
    path = made(tmp_path / "x.zip", lambda zip: zip.writestr(zipfile.ZipInfo(name), b"x"))
    assert code_of(path) == "zip.outside"


def test_a_name_with_an_end_inside(tmp_path: Path) -> None:
    path = plain(tmp_path / "x.zip")
    path.write_bytes(path.read_bytes().replace(b"a/b.txt", b"a/b\0txt"))
    assert code_of(path) == "zip.outside"


def test_twice_also_in_another_case(tmp_path: Path) -> None:
    def build(zip: zipfile.ZipFile) -> None:
        zip.writestr("a.txt", b"1")
        zip.writestr("A.txt", b"2")

    assert code_of(made(tmp_path / "x.zip", build)) == "zip.twice"


def test_a_link(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a.txt")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert code_of(made(tmp_path / "x.zip", lambda zip: zip.writestr(info, b"/etc/passwd"))) == "zip.link"


def test_encrypted(tmp_path: Path) -> None:
    path = plain(tmp_path / "x.zip")
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.rfind(b"PK\1\2") + 8] |= 1
    path.write_bytes(bytes(data))
    assert code_of(path) == "zip.encrypted"


def test_the_64_bit_kind(tmp_path: Path) -> None:
    def build(zip: zipfile.ZipFile) -> None:
        with zip.open("a.txt", "w", force_zip64=True) as file:
            file.write(TEXT)

    field = made(tmp_path / "x.zip", build)
    data = bytearray(field.read_bytes())
    assert b"PK\6\7" not in data  # only the field of the member's own header says so, and the list does not
    path = plain(tmp_path / "y.zip")
    data = bytearray(path.read_bytes())
    end = data.rfind(b"PK\5\6")
    struct.pack_into("<L", data, end + 16, 0xFFFFFFFF)
    path.write_bytes(bytes(data))
    assert code_of(path) == "zip.zip64"


def test_too_many(tmp_path: Path) -> None:
    members = tuple(Member(name=f"{number}.txt", content=b"") for number in range(51))
    assert code_of(plain(tmp_path / "x.zip", *members)) == "zip.too-many"


def test_a_bomb(tmp_path: Path) -> None:
    member = Member(name="a/b.txt", content=bytes(400_000_000), packed=True)
    path = plain(tmp_path / "x.zip", member)
    assert path.stat().st_size < 500_000
    assert code_of(path) == "zip.damaged"


def test_more_than_its_list_says(tmp_path: Path) -> None:
    """A packed member that is longer than it says gives no more than that."""
    path = plain(tmp_path / "x.zip")
    data = bytearray(path.read_bytes())
    for place in (data.find(b"PK\3\4") + 22, data.rfind(b"PK\1\2") + 24):
        struct.pack_into("<L", data, place, 10)
    path.write_bytes(bytes(data))
    assert code_of(path) == "zip.damaged"


def test_larger_than_asked_for(tmp_path: Path) -> None:
    with opened_zip(plain(tmp_path / "x.zip")) as zip, pytest.raises(BadInput) as raised:
        zip.read("a/b.txt", 100)
    assert raised.value.code == "zip.damaged"


def test_members_over_one_another(tmp_path: Path) -> None:
    noise = Member(name="a/b.txt", content=bytes(range(256)) * 400)
    path = plain(tmp_path / "x.zip", noise)
    data = path.read_bytes()
    begin, end = data.rfind(b"PK\1\2"), data.rfind(b"PK\5\6")
    entry = data[begin:end]
    entries = b"".join(entry.replace(b"a/b.txt", f"a/{n}.txt".encode()) for n in range(9))
    record = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 9, 9, len(entries), begin, 0)
    path.write_bytes(data[:begin] + entries + record)
    assert code_of(path) == "zip.damaged"


@pytest.mark.parametrize("cut", [0, 1, 21, 100, -1, -5, -22])
def test_cut_short(tmp_path: Path, cut: int) -> None:
    path = plain(tmp_path / "x.zip")
    path.write_bytes(path.read_bytes()[:cut])
    assert code_of(path) == "zip.damaged"


def test_something_before_or_behind(tmp_path: Path) -> None:
    """A file that is two things at once."""
    path = plain(tmp_path / "x.zip")
    data = path.read_bytes()
    path.write_bytes(b"%PDF-1.7\n" + data)
    assert code_of(path) == "zip.damaged"
    path.write_bytes(data + b"more")
    assert code_of(path) == "zip.damaged"


def test_no_file(tmp_path: Path) -> None:
    assert code_of(tmp_path / "gone.zip") == "zip.missing"
    assert code_of(tmp_path) == "zip.no-file"
