"""Copy and paste within a window, between windows, by mail, and of what other programs put there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtWidgets import QApplication

from app.basics.faults import Fault
from app.document.clipboard import MIME
from app.document.edits import remove_nodes
from app.document.values import BLANK, End
from tests.widgets.canvas.steps import CTRL, SHIFT, no_step, one_step
from tests.widgets.canvas.world import EXAMPLES, Canvas, canvas, example
from widgets.canvas.drop import named_in
from widgets.canvas.hooks import Hooks

COFFEE, BRICK = EXAMPLES / "coffee.png", EXAMPLES / "brick.png"


@dataclass
class Studio:
    """What a canvas tells its window."""

    folder: Path
    trusted: list[Path] = field(default_factory=list)
    said: list[Fault] = field(default_factory=list)

    def hooks(self) -> Hooks:
        return Hooks(trust=self.trusted.append, say=self.said.append, folder=lambda: self.folder)


@pytest.fixture
def mine(tmp_path: Path) -> Studio:
    return Studio(tmp_path / "mine")


@pytest.fixture
def theirs(tmp_path: Path) -> Studio:
    return Studio(tmp_path / "theirs")


@pytest.fixture
def made(qapp: QApplication, mine: Studio) -> Iterator[Canvas]:
    with canvas(qapp, example(), mine.hooks()) as one:
        yield one


@pytest.fixture
def other(qapp: QApplication, theirs: Studio) -> Iterator[Canvas]:
    """Another window, with an empty document."""
    with canvas(qapp, BLANK, theirs.hooks()) as one:
        yield one


def copy(made: Canvas, *ids: str) -> None:
    made.view.select(ids)
    made.key(Qt.Key.Key_C, CTRL)


def paste(made: Canvas, x: float = 800, y: float = 500, *, keep_inputs: bool = False) -> bool:
    return made.view.handling.operations.paste(QPointF(x, y), keep_inputs=keep_inputs)


def kinds(made: Canvas) -> list[str]:
    return [made.document.nodes[id].kind for id in made.view.selected()]


def test_a_part_goes_into_another_window_joined_as_it_was(
    made: Canvas, other: Canvas, theirs: Studio
) -> None:
    copy(made, "shoe", "words", "hero")
    with one_step(other, "Paste"):
        assert paste(other)
    assert set(kinds(other)) == {"reference-image", "prompt", "gen4-image"}
    assert {(link.source, link.target, link.tag) for link in other.document.links} == {
        (End("words", "text"), End("hero", "prompt"), ""),
        (End("shoe", "image"), End("hero", "reference_images"), "sneaker"),
    }
    assert other.document.nodes["hero"] == made.document.nodes["hero"]
    assert other.document.layout["words"].x == 800, "its corner is where it was pasted"
    assert theirs.trusted == [], "what another window names on the disk is not read here"


def test_the_text_can_be_mailed(made: Canvas, other: Canvas, theirs: Studio) -> None:
    copy(made, "words", "hero")
    data = QApplication.clipboard().mimeData()
    assert data.hasText()
    assert data.hasFormat(MIME)
    mailed = data.text()
    assert mailed.isprintable() or "\n" in mailed
    QApplication.clipboard().setText(f"\n{mailed}\n")
    with one_step(other, "Paste"):
        assert paste(other)
    assert other.document.nodes["words"] == made.document.nodes["words"]
    QApplication.clipboard().setText(mailed[: len(mailed) // 2])
    with no_step(other):
        assert not paste(other)
    assert len(theirs.said) == 1, "broken on the way: said, and no Prompt with JSON in it"


def test_pasted_twice_both_are_seen(made: Canvas) -> None:
    copy(made, "words")
    spots = set()
    for _ in range(3):
        with one_step(made, "Paste"):
            assert paste(made)
        spot = made.document.layout[made.view.selected()[0]]
        spots.add((spot.x, spot.y))
    assert spots == {(800, 500), (832, 532), (864, 564)}


def test_inputs_are_kept_where_they_are_here(made: Canvas, other: Canvas) -> None:
    copy(made, "hero")
    with one_step(made, "Paste"):
        made.key(Qt.Key.Key_V, CTRL | SHIFT)
    (new,) = made.view.selected()
    assert [link.tag for link in made.document.links.into(new, "reference_images")] == [
        "sneaker",
        "model",
        "studio",
    ]
    assert paste(other, keep_inputs=True)
    assert len(other.document.links) == 0, "what fed it is not in this window"


def test_cut_and_paste_moves(made: Canvas) -> None:
    made.view.select(["save"])
    with one_step(made, "Delete"):
        made.key(Qt.Key.Key_X, CTRL)
    assert "save" not in made.document.nodes
    assert paste(made)
    assert kinds(made) == ["save-image"]


@pytest.mark.parametrize("written", ["{coffee}", "  '{coffee}'\n{brick}\n", "file://{coffee}", '"{brick}"'])
def test_paths_become_photographs_at_the_cursor(made: Canvas, mine: Studio, written: str) -> None:
    QApplication.clipboard().setText(written.format(coffee=COFFEE, brick=BRICK))
    with one_step(made, "Add photographs"):
        assert paste(made, 820, 540)
    files = [made.document.nodes[id].values["file"] for id in made.view.selected()]
    assert files == [str(path) for path in mine.trusted]
    assert made.document.layout[made.view.selected()[0]].x == 796


def test_a_path_over_a_model_is_linked_into_it(made: Canvas) -> None:
    QApplication.clipboard().setText(str(BRICK))
    made.editor.commit("room", lambda document: remove_nodes(document, ["wall"]))
    rect = made.view.rect_of("hero")
    with one_step(made, "Add photographs"):
        assert paste(made, rect.center().x(), rect.center().y())
    assert len(made.document.links.into("hero", "reference_images")) == 3


def test_an_address_is_told_and_a_sentence_is_words(made: Canvas) -> None:
    heard: list[tuple[str, ...]] = []
    made.view.addresses_dropped.connect(lambda addresses, at, target: heard.append(addresses))
    QApplication.clipboard().setText(" https://example.org/a.png ")
    with no_step(made):
        assert paste(made)
    assert heard == [("https://example.org/a.png",)]
    for words in ("see https://example.org/a.png", "http://example.org/a.png", f"{COFFEE}\nand words"):
        QApplication.clipboard().setText(words)
        with one_step(made, "Paste words"):
            assert paste(made)
        assert made.document.nodes[made.view.selected()[0]].values["text"] == words
    assert len(heard) == 1


def test_what_is_no_picture_is_words(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("x")
    missing = ("/nowhere/a.png", "a.png", "~nobody-here/a.png", "/" + "x" * 5000 + ".png", "", "\0.png")
    for words in (str(text), str(tmp_path), *missing, "/etc/passwd", "https://", "https:// x"):
        assert named_in(words) is None, words


def test_another_programs_data_is_left_alone(made: Canvas) -> None:
    data = QMimeData()
    data.setData("application/x-something", b"1")
    QApplication.clipboard().setMimeData(data)
    with no_step(made):
        assert not paste(made)
        data = QMimeData()
        data.setText("  \n ")
        QApplication.clipboard().setMimeData(data)
        assert not paste(made)
