"""`tagloom bundle`, `unbundle`, `contact-sheet`, `layers`, and `export` of a document by its ending."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from psd_tools import PSDImage

from app.cli import handover_words
from app.cli.handover_words import by_ending
from app.document import project_file
from app.imaging import sheet_layout
from app.studio import layering
from tests.app.cli.conftest import Command

MODEL = "picture"


def value_of(out: str) -> dict[str, object]:
    value = json.loads(out.splitlines()[-1])
    assert isinstance(value, dict)
    return value


@pytest.fixture
def made(command: Command, example: Path, tmp_path: Path, tagloom_home: Path) -> Path:
    assert command("run", example, "-o", tmp_path / "out").code == 0
    return example


def test_a_bundle_goes_elsewhere_and_costs_nothing_there(
    command: Command, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "sent.tagloomz"
    sent = command("export", made, "-o", bundle, "--json")
    assert sent.code == 0
    value = value_of(sent.out)
    assert (value["photographs"], value["results"], value["notes"]) == (3, 1, [])
    assert command("bundle", made, "-o", bundle).code == 2  # it is there already
    assert command("bundle", made, "-o", bundle, "--force", "--shown-only").code == 0
    monkeypatch.setenv("TAGLOOM_HOME", str(tmp_path / "other-home"))
    laid = command("unbundle", bundle, "-o", tmp_path / "there", "--json")
    assert laid.code == 0
    document = Path(str(value_of(laid.out)["path"]))
    assert project_file.load(document).document == project_file.load(made).document
    there = value_of(command("estimate", document, "--json").out)
    assert (there["reused"], there["drafts"], there["bought"]) == ([MODEL], [], [])
    again = command("unbundle", bundle, "-o", tmp_path / "there", "--json")
    assert value_of(again.out)["again"] is True


def test_what_is_no_bundle(command: Command, made: Path, tmp_path: Path) -> None:
    ran = command("unbundle", made, "-o", tmp_path / "there")
    assert ran.code == 2
    assert "damaged" in ran.err
    assert not (tmp_path / "there").exists()


def test_a_contact_sheet(command: Command, made: Path, tmp_path: Path) -> None:
    pdf = command("export", made, "-o", tmp_path / "s.pdf", "--json")
    assert pdf.code == 0
    assert value_of(pdf.out)["pages"] == 1
    assert (tmp_path / "s.pdf").read_bytes().startswith(b"%PDF")
    png = command("contact-sheet", made, "-o", tmp_path / "s.png", "--paper", "800x600", "--columns", "2")
    assert png.code == 0
    wrong = command("contact-sheet", made, "-o", tmp_path / "t.pdf", "--paper", "a9")
    assert wrong.code == 2
    assert "a4, letter" in wrong.err
    nobody = command("contact-sheet", made, "-o", tmp_path / "t.pdf", "--only", "nobody")
    assert nobody.code == 2
    assert not (tmp_path / "t.pdf").exists()


def test_layers(command: Command, made: Path, tmp_path: Path) -> None:
    ran = command("layers", made, "-o", tmp_path / "s.psd", "--references", "--dpi", "254", "--json")
    assert ran.code == 0
    names = value_of(ran.out)["layers"]
    assert names == ["Gen4 Image, seed 42", "@coffee", "@astronaut", "@wall"]
    with (tmp_path / "s.psd").open("rb") as file:
        assert [one.name for one in reversed(list(PSDImage.open(file)))] == names
    assert command("export", made, "-o", tmp_path / "s.ora").code == 0
    assert (tmp_path / "s.ora").read_bytes()[38:54] == b"image/openraster"
    assert command("layers", made, "-o", tmp_path / "s.gif").code == 2


def test_the_words_know_the_bounds() -> None:
    assert handover_words.MOST_CELLS == sheet_layout.MOST_CELLS
    assert handover_words.DPI == layering.DPI


def test_only_documents_are_told_by_the_ending_of_the_target() -> None:
    assert by_ending(["export", "a.tagloom", "-o", "b.PSD"])[0] == "layers"
    assert by_ending(["export", "a.tagloom", "--output=b.tagloomz"])[0] == "bundle"
    assert by_ending(["--language", "en", "export", "a.tagloom", "-o", "b.pdf"])[2] == "contact-sheet"
    for words in (
        ["export", "a.png", "-o", "b.png"],
        ["export", "a.tagloom", "-o", "b.png"],
        ["run", "export"],
    ):
        assert by_ending(words) == words
