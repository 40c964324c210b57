"""`tagloom diff`: words, JSON and exit codes as `diff` has them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.document import edits, project_file
from app.document.sharing import NAME, shared_text
from app.imaging.carrying_text import put_text
from tests.app.cli.conftest import Command
from tests.app.imaging.carriers import CARRIERS


@pytest.fixture
def changed(example: Path) -> Path:
    """The example with another seed and another word."""
    document = project_file.load(example).document
    text = str(document.nodes["words"].values["text"]).replace("dramatic", "soft")
    document = edits.set_value(edits.set_value(document, "picture", "seed", 7), "words", "text", text)
    path = example.with_name("changed.tagloom")
    path.write_text(project_file.write_text(document), "utf-8")
    return path


def test_the_same_is_nothing(command: Command, example: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copyfile(example, tmp_path / "copy.tagloom"))
    told = command("diff", example, copy)
    assert (told.code, told.out) == (0, "Nothing is different.\n")
    assert command("diff", example, copy, "--json").value == {"same": True, "changes": []}


def test_what_changed_is_told_in_words_and_in_json(command: Command, example: Path, changed: Path) -> None:
    told = command("diff", example, changed)
    assert told.code == 1
    assert told.out.splitlines() == [
        "Gen4 Image, Seed: 42 → 7.",
        "Prompt: “dramatic” → “soft”.",
    ]
    value = command("diff", example, changed, "--json").value
    assert value["same"] is False
    assert value["changes"][0] == {"what": "value", "node": "picture", "words": "Gen4 Image, Seed: 42 → 7."}


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "tiff"])
def test_a_picture_that_carries_a_document_is_compared_like_one(
    command: Command, example: Path, changed: Path, tmp_path: Path, kind: str
) -> None:
    picture = tmp_path / f"hero.{kind}"
    carrying = put_text(CARRIERS[kind], NAME, shared_text(project_file.load(changed).document), called="it")
    picture.write_bytes(carrying.data)
    told = command("diff", example, picture)
    assert told.code == 1
    assert "Gen4 Image, Seed: 42 → 7." in told.out
    assert "Note was removed." in told.out  # notes are not given away


@pytest.mark.parametrize("side", [0, 1])
def test_what_cannot_be_read_is_never_told_as_different(
    command: Command, example: Path, tmp_path: Path, side: int
) -> None:
    plain = tmp_path / "plain.png"
    plain.write_bytes(CARRIERS["png"])
    wrong = tmp_path / "wrong.tagloom"
    wrong.write_text("[]", "utf-8")
    for other in (plain, wrong, tmp_path / "missing.tagloom", tmp_path):
        words = [example, other] if side else [other, example]
        told = command("diff", *words)
        assert (told.code, told.out) == (2, ""), other
        assert told.err


def test_a_bundle_is_read_where_it_lies(
    command: Command, example: Path, changed: Path, tmp_path: Path
) -> None:
    bundle = tmp_path / "sent" / "shot.tagloomz"
    bundle.parent.mkdir()
    assert command("bundle", example, "-o", bundle).code == 0
    assert command("diff", example, bundle).out == "Nothing is different.\n"
    assert "Gen4 Image, Seed: 42 → 7." in command("diff", bundle, changed).out
    assert list(bundle.parent.iterdir()) == [bundle]
    bundle.write_bytes(b"PK nothing")
    assert command("diff", example, bundle).code == 2
