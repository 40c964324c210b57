"""Kept pieces of prompts: files called by their titles, bad ones skipped and said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.basics.faults import BadInput, DiskTrouble
from app.preferences.pieces import free_title, title_of
from app.preferences.snippets import MOST, Snippet, Snippets


@pytest.fixture
def snippets(tmp_path: Path) -> Snippets:
    return Snippets(tmp_path / "settings" / "snippets")


def titles(snippets: Snippets) -> list[str]:
    return [one.title for one in snippets.all()]


def test_a_piece_is_kept_as_a_file_called_by_its_first_words(snippets: Snippets, tmp_path: Path) -> None:
    told: list[None] = []
    snippets.changed.connect(told.append)
    text = "dramatic lighting, soft shadows\nshot on 85mm"
    assert snippets.all() == ()
    kept = snippets.keep(f"  {text} ")
    assert kept == Snippet(title="dramatic lighting, soft shadows shot on 85mm", text=text)
    file = tmp_path / "settings" / "snippets" / f"{kept.title}.txt"
    assert file.read_text("utf-8") == text
    assert Snippets(file.parent).all() == (kept,), "the next program finds it"
    assert len(told) == 1


def test_the_same_words_are_kept_once_and_the_same_title_is_numbered(snippets: Snippets) -> None:
    assert snippets.keep("red shoe") == snippets.keep("red shoe")
    assert snippets.keep("blue shoe", "Red Shoe").title == "Red Shoe 2"
    assert titles(snippets) == ["red shoe", "Red Shoe 2"]
    snippets.remove("red shoe")
    snippets.remove("nobody")
    assert titles(snippets) == ["Red Shoe 2"]


def test_those_that_begin_so_come_first(snippets: Snippets) -> None:
    for title, text in (
        ("lens", "85mm"),
        ("light", "soft light"),
        ("mood", "low light"),
        ("光", "柔和的光线"),
    ):
        snippets.keep(text, title)
    assert [one.title for one in snippets.starting("LI")] == ["light", "mood"]
    assert [one.title for one in snippets.starting("")] == ["lens", "light", "mood", "光"]
    assert [one.title for one in snippets.starting("光")] == ["光"]
    assert snippets.starting("nothing") == ()


def test_files_put_there_by_hand_are_found_and_bad_ones_said(snippets: Snippets, tmp_path: Path) -> None:
    snippets.keep("first")
    folder = tmp_path / "settings" / "snippets"
    (folder / "by hand.txt").write_bytes("\ufeffwritten elsewhere\r\n".encode())
    (folder / "broken.txt").write_bytes(b"\xff\xfe\x00")
    (folder / "long.txt").write_bytes(b"x" * (MOST + 1))
    (folder / "empty.txt").write_bytes(b"")
    (folder / "folder.txt").mkdir()
    (folder / ".hidden.txt").write_text("x")
    os.utime(folder, ns=(1, 1))
    assert titles(snippets) == ["by hand", "first"]
    assert snippets.all()[0].text == "written elsewhere"
    assert len(snippets.notes) == 2
    assert all(name in " ".join(snippets.notes) for name in ("broken.txt", "long.txt"))


def test_what_cannot_be_kept_is_refused(snippets: Snippets, tmp_path: Path) -> None:
    for text, code in (("  \n", "snippet.empty"), ("x" * (MOST + 1), "snippet.long")):
        with pytest.raises(BadInput) as refused:
            snippets.keep(text)
        assert refused.value.code == code
    (tmp_path / "settings").write_text("a file where the folder should be")
    with pytest.raises(DiskTrouble):
        snippets.keep("words")
    assert snippets.all() == ()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("../../etc/passwd", "etc passwd"),
        ('a/b\\c:d*e?f"g<h>i|j\x00k\nl', "a b c d e f g h i j k l"),
        ("con", "con 1"),
        ("COM1.txt", "COM1.txt 1"),
        (" . ", "Other"),
        ("", "Other"),
        ("柔和的光线", "柔和的光线"),
        ("word " * 30, ("word " * 12).strip()),
        ("字" * 100, "字" * 60),
        ("x\ud800y", "xy"),
    ],
)
def test_titles_are_names_of_files_everywhere(text: str, title: str) -> None:
    assert title_of(text, "Other") == title


def test_a_taken_title_is_numbered() -> None:
    assert free_title("A", ["a", "A 2"]) == "A 3"
    assert free_title("B", ["a"]) == "B"
