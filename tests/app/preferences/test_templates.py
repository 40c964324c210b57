"""The artist's own templates: kept with their photographs, put in from elsewhere, never reading outside."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from app.basics.faults import BadInput, DiskTrouble, Fault
from app.catalogue.reader import read_cards
from app.document import edits, project_file
from app.document.gestures import put_in
from app.document.values import BLANK, Document, End
from app.nodes.registry import build_kinds, shapes_of
from app.preferences.templates import Templates

SHAPES = shapes_of(build_kinds(read_cards()))
PHOTOGRAPH = Path(__file__).parents[3] / "resources" / "examples" / "refs" / "coffee.png"


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    return Templates(tmp_path / "home" / "templates")


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """A document's folder, with a photograph."""
    folder = tmp_path / "work"
    (folder / "refs").mkdir(parents=True)
    shutil.copyfile(PHOTOGRAPH, folder / "refs" / "coffee.png")
    return folder


def graph() -> Document:
    document = edits.add_node(BLANK, "shoe", "reference-image", {"file": "refs/coffee.png"}, (10.0, 20.0))
    document = edits.add_node(document, "words", "prompt", {"text": "@coffee"}, (10.0, 200.0))
    document = edits.add_node(document, "hero", "gen4-image", {"resolution": "720p"}, (400.0, 20.0))
    document = edits.connect(document, SHAPES, End("shoe", "image"), End("hero", "reference_images"))
    document = edits.connect(document, SHAPES, End("words", "text"), End("hero", "prompt"))
    return edits.set_lock(edits.set_pick(document, "hero", "a" * 64), "hero", "b" * 64)


def keep(templates: Templates, beside: Path, title: str = "My shot", *ids: str) -> str:
    chosen = ids or ("shoe", "hero")
    return templates.keep(title, graph(), chosen, folder=beside, trusted=())


def test_a_selection_is_kept_with_its_photographs(templates: Templates, beside: Path, tmp_path: Path) -> None:
    assert keep(templates, beside) == "My shot"
    assert keep(templates, beside) == "My shot 2"
    shutil.rmtree(beside)
    known, notes = Templates(tmp_path / "home" / "templates").all()
    assert [(one.title, one.summary) for one in known] == [("My shot", "2 nodes"), ("My shot 2", "2 nodes")]
    assert notes == ()
    piece = templates.load("My shot")
    (photograph,) = piece.photographs
    assert photograph.read_bytes() == PHOTOGRAPH.read_bytes()
    assert photograph.is_relative_to(tmp_path / "home" / "templates")
    placed = put_in(graph(), piece.part)
    assert len(placed.nodes) == 2
    new = next(one for id in placed.nodes if (one := placed.document.nodes[id]).kind == "gen4-image")
    assert (new.kind, new.values["resolution"], new.pick, new.lock) == ("gen4-image", "720p", "", "")
    assert len(placed.document.links) == 3, "the link from the prompt that was not selected does not come"


def test_removing_puts_it_aside(templates: Templates, beside: Path, tmp_path: Path) -> None:
    keep(templates, beside)
    templates.remove("My shot")
    templates.remove("nobody")
    assert templates.all() == ((), ())
    assert (tmp_path / "home" / "templates" / "removed" / "My shot.tagloom").is_file()
    with pytest.raises(BadInput):
        templates.load("My shot")


def test_a_bad_file_is_skipped_and_said(templates: Templates, beside: Path, tmp_path: Path) -> None:
    keep(templates, beside)
    folder = tmp_path / "home" / "templates"
    (folder / "broken.tagloom").write_text("{")
    (folder / "other.txt").write_text("x")
    known, notes = templates.all()
    assert [one.title for one in known] == ["My shot"]
    assert len(notes) == 1
    assert "broken.tagloom" in notes[0]


def test_a_file_from_a_stranger_reads_nothing_outside(
    templates: Templates, beside: Path, tmp_path: Path
) -> None:
    keep(templates, beside)
    file = tmp_path / "home" / "templates" / "My shot.tagloom"
    secret = tmp_path / "secret.png"
    shutil.copyfile(PHOTOGRAPH, secret)
    for named in (str(secret), "../../secret.png"):
        plain = json.loads(file.read_text())
        plain["nodes"]["shoe"]["values"]["file"] = named
        file.write_text(json.dumps(plain))
        try:
            piece = templates.load("My shot")
        except Fault:
            continue
        assert piece.photographs == ()


@pytest.mark.parametrize("title", ["../../outside", "/etc/passwd", "..", "a/../../b"])
def test_a_title_leads_nowhere_else(templates: Templates, beside: Path, tmp_path: Path, title: str) -> None:
    keep(templates, beside, title)
    inside = {one for one in (tmp_path / "home" / "templates").iterdir() if one.is_file()}
    assert len(inside) == 1
    assert {one.name for one in tmp_path.iterdir()} == {"home", "work"}


def test_what_cannot_be_kept_is_refused(templates: Templates, beside: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        keep(templates, beside, "none", "nobody")
    assert refused.value.code == "template.empty"
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "templates").write_text("a file")
    with pytest.raises(DiskTrouble):
        keep(templates, beside)


def test_it_is_a_document_like_any_other(templates: Templates, beside: Path, tmp_path: Path) -> None:
    keep(templates, beside)
    loaded = project_file.load(tmp_path / "home" / "templates" / "My shot.tagloom")
    assert set(loaded.document.nodes) == {"shoe", "hero"}
