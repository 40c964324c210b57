"""`tagloom inspect` and `tagloom export`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.document import edits, project_file
from app.document.sharing import shareable
from tests.app.cli.conftest import Command
from tests.app.imaging.carriers import CARRIERS, decoded


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "hero.png"
    path.write_bytes(CARRIERS["png"])
    return path


@pytest.fixture
def noted(example: Path) -> Path:
    """The example with a seed, a note and a photograph from elsewhere."""
    document = project_file.load(example).document
    document = edits.set_value(document, "picture", "seed", 42)
    document = edits.add_node(document, "mind", "note", {"text": "The client is difficult"}, (0, 0))
    example.write_text(project_file.write_text(document), "utf-8")
    return example


def test_a_re_openable_picture_is_inspected_and_becomes_a_document(
    command: Command, picture: Path, noted: Path, tmp_path: Path
) -> None:
    out = tmp_path / "shared.png"
    made = command("export", picture, "-o", out, "--reopenable", noted)
    assert (made.code, made.out) == (0, f"{out}\n")
    assert "notes of the document were left out" in made.err
    assert decoded(out.read_bytes()) == decoded(CARRIERS["png"])

    told = command("inspect", out)
    assert told.code == 0
    prompt = str(project_file.load(noted).document.nodes["words"].values["text"])
    for words in ("Gen4 Image (gen4-image)", prompt, "seed         42", "@coffee: refs/coffee.png"):
        assert words in told.out
    assert "difficult" not in told.out

    listed = command("inspect", out, "--json", "-o", tmp_path / "again").value
    document = project_file.load(noted).document
    assert listed["output"] == str(tmp_path / "again.tagloom")
    assert listed["document"] == json.loads(project_file.write_text(shareable(document)))
    [model] = listed["models"]
    assert (model["model"], model["seed"], model["prompt"]) == ("gen4-image", 42, prompt)
    assert [one["tag"] for one in model["references"]] == ["coffee", "astronaut", "wall"]
    assert project_file.load(tmp_path / "again.tagloom").document == shareable(document)
    checked = command("check", tmp_path / "again.tagloom", "--json")
    assert checked.code == 0, "the photographs lie in refs beside it"

    again = command("inspect", out, "-o", tmp_path / "again")
    assert again.code == 2
    assert "is there already" in again.err
    assert command("inspect", out, "-o", tmp_path / "again", "--force").code == 0


def test_notes_go_along_when_asked(command: Command, picture: Path, noted: Path, tmp_path: Path) -> None:
    out = tmp_path / "shared.png"
    made = command("export", picture, "-o", out, "--reopenable", noted, "--notes", "--json")
    assert made.value == {"path": str(out), "notes": []}
    document = command("inspect", out, "--json").value["document"]
    assert document["nodes"]["mind"]["values"]["text"] == "The client is difficult"
    alone = command("export", picture, "-o", tmp_path / "x.png", "--notes")
    assert alone.code == 2
    assert not (tmp_path / "x.png").exists()


def test_clean_and_as_it_came(command: Command, picture: Path, tmp_path: Path) -> None:
    assert command("export", picture, "-o", tmp_path / "same.png").code == 0
    assert (tmp_path / "same.png").read_bytes() == picture.read_bytes()
    assert command("export", picture, "-o", tmp_path / "clean", "--clean").code == 0
    clean = (tmp_path / "clean.png").read_bytes()
    assert b"Secret" in picture.read_bytes()
    assert b"Secret" not in clean
    assert decoded(clean) == decoded(picture.read_bytes())


def test_nothing_is_written_over_without_force(command: Command, picture: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.png"
    out.write_text("mine")
    refused = command("export", picture, "-o", out, "--clean")
    assert refused.code == 2
    assert "--force" in refused.err
    assert out.read_text() == "mine"
    assert command("export", picture, "-o", out, "--clean", "--force").code == 0
    itself = command("export", picture, "-o", picture, "--clean", "--force")
    assert itself.code == 2
    assert picture.read_bytes() == CARRIERS["png"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("inspect", "{picture}"), "carries no document"),
        (("inspect", "{folder}/none.png"), "There is no picture"),
        (("inspect", "{folder}"), "There is no picture"),
        (("inspect", "{example}"), "carries no document"),
        (("inspect",), "cannot be understood"),
        (("export", "{picture}"), "cannot be understood"),
        (
            ("export", "{picture}", "-o", "{folder}/x.png", "--clean", "--reopenable", "{example}"),
            "not allowed",
        ),
        (("export", "{picture}", "-o", "{folder}/x.jpg", "--clean"), "called like something else"),
        (("export", "{example}", "-o", "{folder}/x.png", "--clean"), "no PNG, JPEG, WebP or TIFF"),
        (("export", "{folder}/none.png", "-o", "{folder}/x.png"), "There is no picture"),
        (("export", "{picture}", "-o", "{folder}/x.png", "--reopenable", "{picture}"), "not UTF-8"),
    ],
)
def test_mistakes_end_with_2_and_words(
    command: Command, picture: Path, example: Path, words: tuple[str, ...], said: str
) -> None:
    filled = [one.format(picture=picture, folder=picture.parent, example=example) for one in words]
    ran = command(*filled)
    assert ran.code == 2
    assert said in ran.err
    assert ran.out == ""
    assert not list(picture.parent.glob("x.*"))


def test_a_strangers_words_steer_no_terminal(
    command: Command, picture: Path, noted: Path, tmp_path: Path
) -> None:
    document = edits.set_value(project_file.load(noted).document, "words", "text", "red\x1b[31m\u202e")
    noted.write_text(project_file.write_text(document), "utf-8")
    command("export", picture, "-o", tmp_path / "out.png", "--reopenable", noted)
    told = command("inspect", tmp_path / "out.png")
    assert "red" in told.out
    assert "\x1b" not in told.out
    assert "\u202e" not in told.out
