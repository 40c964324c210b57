"""Steps that outlive the window: every state comes back as it was, and nothing else does."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from app.document.editor import Editor
from app.document.edits import add_frame, add_node, connect, disconnect, move, remove_nodes, set_value
from app.document.past import KEPT_SECONDS, MOST_BYTES, MOST_STEPS, Past, Pasts
from app.document.tag_edits import set_tag
from app.document.values import BLANK, Document, Frame, Node, Spot
from tests.app.document.samples import SHAPES, end, product_shot
from tests.app.document.strategies import change_for

PATH = Path("/somewhere/shoes.tagloom")


@pytest.fixture
def pasts(tmp_path: Path) -> Pasts:
    return Pasts(tmp_path / "steps")


@pytest.fixture
def editor() -> Editor:
    """Steps of every sort, the last undone."""
    made = Editor(product_shot())
    made.commit("Seed", lambda document: set_value(document, "hero", "seed", 7))
    made.commit(
        "Add", lambda document: add_node(document, "memo", "note", {"text": "鞋 😀 \ud83d"}, (1, 2.5))
    )
    made.commit("Frame", lambda document: add_frame(document, "f", Frame(title="All", rect=(0, 0, 10, 20.5))))
    first = made.document.links.into("hero", "reference_images")[0]
    made.commit("Tag", lambda document: set_tag(document, first.source, first.target, "boot"))
    made.commit("Unlink", lambda document: disconnect(document, first.source, first.target))
    made.commit(
        "Link", lambda document: connect(document, SHAPES, first.source, end("hero.reference_images"))
    )
    made.commit("Move", lambda document: move(document, {"memo": (-5.0, 1e6)}))
    made.commit("Delete", lambda document: remove_nodes(document, ["memo", "hero"]))
    made.undo()
    return made


def test_every_state_comes_back(pasts: Pasts, editor: Editor) -> None:
    pasts.keep(PATH, editor.past)
    found = pasts.of(PATH, editor.document)
    assert found is not None
    assert found.labels == editor.history
    assert found.at == editor.position == 7
    for one, other in zip(found.states, editor.past.states, strict=True):
        assert one == other
    again = Editor()
    again.replace(found.states[found.at], past=found)
    assert not again.dirty
    assert (again.history, again.position) == (editor.history, editor.position)
    again.redo()
    assert "hero" not in again.document.nodes
    for _ in range(8):
        assert again.undo()
    assert again.document == product_shot()
    assert not again.can_undo


@pytest.mark.parametrize("seed", range(6))
def test_any_edits_come_back(pasts: Pasts, seed: int) -> None:
    made, chance = Editor(product_shot()), random.Random(seed)
    for _ in range(60):
        made.commit("some", change_for(made.document, chance))
    for _ in range(chance.randrange(10)):
        made.undo()
    pasts.keep(PATH, made.past)
    found = pasts.of(PATH, made.document)
    assert found is not None
    assert found == made.past


def test_a_document_changed_elsewhere_begins_anew(pasts: Pasts, editor: Editor, tmp_path: Path) -> None:
    pasts.keep(PATH, editor.past)
    assert pasts.of(PATH, set_value(editor.document, "hero", "seed", 8)) is None
    assert pasts.of(Path("/somewhere/other.tagloom"), editor.document) is None
    (file,) = (tmp_path / "steps").iterdir()
    text = file.read_text()
    for broken in (
        "",
        "{",
        "[]",
        text[:-50],
        text.replace('"at":7', '"at":70'),
        text.replace("steps/1", "steps/2"),
    ):
        file.write_text(broken)
        assert pasts.of(PATH, editor.document) is None
    file.write_text(text)
    assert pasts.of(PATH, editor.document) is not None


def test_a_disk_that_takes_nothing_stops_nobody(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "steps").write_text("a file where the folder should be")
    pasts = Pasts(tmp_path / "steps")
    pasts.keep(PATH, editor.past)
    assert pasts.of(PATH, editor.document) is None


def test_the_newest_steps_are_kept_and_old_files_go(pasts: Pasts, tmp_path: Path) -> None:
    made = Editor(add_node(BLANK, "n", "note"))
    for number in range(MOST_STEPS + 30):
        made.commit(f"Write {number}", lambda document, n=number: set_value(document, "n", "text", str(n)))
    pasts.keep(Path("/old.tagloom"), made.past)
    (old,) = (tmp_path / "steps").iterdir()
    long_ago = time.time() - KEPT_SECONDS - 60
    os.utime(old, (long_ago, long_ago))
    pasts.keep(PATH, made.past)
    assert not old.exists()
    found = pasts.of(PATH, made.document)
    assert found is not None
    assert len(found.labels) == MOST_STEPS
    assert found.labels[-1] == made.history[-1]
    assert found.states == made.past.states[30:]


def test_large_documents_keep_what_there_is_room_for(pasts: Pasts, tmp_path: Path) -> None:
    ids = [f"n{number}" for number in range(5000)]
    made = Editor(
        Document(
            nodes={id: Node(kind="note", values={"text": "words " * 5}) for id in ids},
            layout={id: Spot(float(place), 0.0) for place, id in enumerate(ids)},
        )
    )
    for number in range(20):
        made.commit(
            "Move all", lambda document, n=number: move(document, {id: (float(n), 1.0) for id in ids})
        )
    made.commit("Write", lambda document: set_value(document, "n7", "text", "new"))
    began = time.perf_counter()
    pasts.keep(PATH, made.past)
    found = pasts.of(PATH, made.document)
    assert time.perf_counter() - began < 5
    assert found is not None
    assert 1 < len(found.labels) < 21
    assert found.states[-1] == made.document
    (file,) = (tmp_path / "steps").iterdir()
    assert file.stat().st_size < 3 * MOST_BYTES


def test_no_steps_are_no_past(pasts: Pasts) -> None:
    pasts.keep(PATH, Past(labels=(), states=(BLANK,), at=0))
    found = pasts.of(PATH, BLANK)
    assert found is not None
    assert (found.labels, found.states) == ((), (BLANK,))
