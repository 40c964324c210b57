"""What goes along with a picture: what was asked of the models, no notes, no paths."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.basics.faults import BadInput
from app.document import edits
from app.document.paths import resolve
from app.document.sharing import has_notes, read_shared, shareable, shared_text
from app.document.values import BLANK, Document, Link, Links
from tests.app.document import strategies
from tests.app.document.samples import end, product_shot

HOME = "/home/ada/clients/acme"


def with_file(file: object, kind: str = "reference-image") -> Document:
    return edits.add_node(BLANK, "shoe", kind, {"file": file, "sha256": "ab" * 32}, (0, 0))  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (f"{HOME}/shoe.png", "refs/shoe.png"),
        ("refs/shoe.png", "refs/shoe.png"),
        ("clients/acme/shoe.png", "refs/shoe.png"),
        ("../../shoe.png", "refs/shoe.png"),
        ("C:\\Users\\ada\\shoe.png", "refs/shoe.png"),
        ("c:d:shoe.png", "refs/shoe.png"),
        ("\\\\server\\acme\\shoe.png", "refs/shoe.png"),
        ("~/shoe.png", "refs/shoe.png"),
        ("", ""),
        ("..", ""),
        ("/", ""),
        ("refs/..", ""),
    ],
)
def test_a_path_becomes_a_name(file: str, name: str) -> None:
    node = shareable(with_file(file)).nodes["shoe"]
    assert node.values["file"] == name
    assert node.values["sha256"] == "ab" * 32


def test_two_photographs_of_one_name_stay_two() -> None:
    document = with_file("a/shoe.png")
    for id, file in (("two", "b/Shoe.png"), ("three", "a/shoe.png"), ("four", "refs/shoe.png")):
        document = edits.add_node(document, id, "reference-image", {"file": file}, (0, 0))
    files = {id: node.values["file"] for id, node in shareable(document).nodes.items()}
    assert files["four"] == "refs/shoe.png"
    assert files["shoe"] == files["three"]
    assert len({str(file).lower() for file in files.values()}) == 3


def test_notes_go_along_only_when_asked() -> None:
    document = edits.add_node(product_shot(), "mind", "note", {"text": "The client is difficult"}, (0, 0))
    assert has_notes(document)
    assert "difficult" not in shared_text(document)
    assert "mind" not in shared_text(document)
    assert shareable(document).nodes.keys() == product_shot().nodes.keys()
    assert "difficult" in shared_text(document, notes=True)
    assert not has_notes(product_shot())


def test_what_a_newer_tagloom_wrote_does_not_go_along() -> None:
    extras = MappingProxyType({"private": "secret"})
    document = product_shot()
    document = replace(
        document,
        extras=extras,
        nodes=MappingProxyType({id: replace(node, extras=extras) for id, node in document.nodes.items()}),
        links=Links(tuple(replace(one, extras=extras) for one in document.links)),
    )
    assert "secret" not in shared_text(document)
    assert shareable(document) == shareable(product_shot())


def test_paths_in_other_values_are_cut_and_words_are_not() -> None:
    values = {
        "text": f"a shoe like in {HOME}",
        "name": f"{HOME}/out",
        "deep": {"list": [f"{HOME}/x.csv", "16:9"]},
    }
    document = edits.add_node(BLANK, "odd", "hologram", values, (0, 0))  # type: ignore[arg-type]
    found = shareable(document).nodes["odd"].values
    assert found["text"] == values["text"]
    assert found["name"] == "out"
    assert found["deep"] == {"list": ("x.csv", "16:9")}
    prompt = edits.add_node(BLANK, "words", "prompt", {"text": "/imagine a shoe"}, (0, 0))
    assert shareable(prompt) == prompt


def test_layout_titles_tags_and_seeds_stay() -> None:
    document = edits.set_title(edits.set_value(product_shot(), "hero", "seed", 42), "hero", "Hero shot")
    shared = shareable(document)
    assert shared.layout == document.layout
    assert shared.links == document.links
    assert shared.nodes["hero"] == document.nodes["hero"]


def test_a_strangers_document_is_followed_nowhere() -> None:
    for file in ("/etc/passwd", "../secret.png", "C:\\secret.png", "\\\\server\\x.png"):
        text = shared_text(with_file("refs/x.png")).replace("refs/x.png", file.replace("\\", "\\\\"))
        document = read_shared(text).document
        assert document.nodes["shoe"].values["file"] == file
        with pytest.raises(BadInput):
            resolve(None, file)


@pytest.mark.parametrize("text", ["", "junk", "{}", '{"format": "tagloom/99"}', "[" * 5000])
def test_junk_is_a_fault(text: str) -> None:
    with pytest.raises(BadInput):
        read_shared(text)


@settings(max_examples=80, deadline=None)
@given(strategies.documents(), st.booleans())
def test_it_is_read_back_equal_and_sharing_it_again_changes_nothing(document: Document, notes: bool) -> None:
    shared = shareable(document, notes=notes)
    assert read_shared(shared_text(document, notes=notes)).document == shared
    assert shareable(shared, notes=notes) == shared
    assert notes or not has_notes(shared)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.text(min_size=1, max_size=12) | st.sampled_from(["a/b", "B", "b", "refs/b", "b-2"]), max_size=6
    )
)
def test_no_file_leads_out_and_different_files_stay_different(files: list[str]) -> None:
    document = BLANK
    for number, file in enumerate(files):
        document = edits.add_node(document, f"n{number}", "reference-image", {"file": file}, (0, 0))
    shared = shareable(document)
    assert shareable(shared) == shared
    names = [str(shared.nodes[f"n{number}"].values["file"]) for number in range(len(files))]
    for name in filter(None, names):
        folder, _, last = name.partition("/")
        assert folder == "refs"
        assert last not in ("", ".", "..")
        assert "/" not in last
    pairs = {file: name for file, name in zip(files, names, strict=True) if name}
    assert len(set(pairs.values())) == len(pairs)


def test_a_link_to_a_note_goes_with_it() -> None:
    document = edits.add_node(BLANK, "mind", "note", {"text": "x"}, (0, 0))
    document = edits.add_node(document, "hero", "gen4-image", {}, (0, 0))
    document = replace(document, links=Links((Link(source=end("mind.text"), target=end("hero.prompt")),)))
    assert not len(shareable(document).links)
