"""What counts as a step that was done."""

from __future__ import annotations

from functools import partial
from importlib.resources import files

import pytest

from app.document import edits
from app.document.editor import Change, Editor
from app.document.file_reader import read_text
from app.document.values import Document
from app.studio.first_steps import Step, done_by

EXAMPLES = files("resources") / "examples"


def example(language: str = "") -> Document:
    return read_text((EXAMPLES / f"first-run{language}.tagloom").read_text("utf-8")).document


def written(text: str) -> list[frozenset[Step]]:
    """What is done by writing this prompt into the example."""
    editor = Editor(example())
    seen: list[frozenset[Step]] = []
    editor.changed.connect(lambda change: seen.append(done_by(change)))
    editor.commit("Type", partial(edits.set_value, id="words", parameter="text", value=text))
    return seen


@pytest.mark.parametrize(
    ("more", "done"),
    [
        (" and @coffee", {Step.TAG}),
        (" and @WALL.", {Step.TAG}),
        (" and @", set()),
        (" and @co", set()),
        (" and @nobody", set()),
        (" and coffee", set()),
    ],
)
def test_a_tag_is_called_once_more(more: str, done: set[Step]) -> None:
    text = str(example().nodes["words"].values["text"])
    assert written(text + more) == [frozenset(done)]


def test_taking_a_tag_away_teaches_nothing() -> None:
    assert written("A picture of @coffee") == [frozenset()]


def test_a_photograph_of_ones_own_comes() -> None:
    editor = Editor(example())
    seen: list[Change] = []
    editor.changed.connect(seen.append)
    editor.commit("Choose", partial(edits.set_value, id="cup", parameter="file", value="mine.png"))
    editor.commit("Choose", partial(edits.set_value, id="cup", parameter="file", value=""))
    editor.commit("Move", lambda document: edits.move(document, {"cup": (5.0, 5.0)}))
    editor.undo()
    editor.undo()
    editor.redo()
    editor.replace(example())
    assert [done_by(change) for change in seen] == [frozenset({Step.PHOTOGRAPH}), *[frozenset()] * 6]


def test_both_languages_have_the_same_example() -> None:
    english, chinese = example(), example(".zh_CN")
    assert list(english.nodes) == list(chinese.nodes)
    assert english.links == chinese.links
    assert english.layout == chinese.layout
    for id, node in english.nodes.items():
        other = chinese.nodes[id]
        assert node.kind == other.kind
        same = {key for key in node.values if node.values[key] == other.values[key]}
        assert set(node.values) - same == ({"text"} if node.kind in ("prompt", "note") else set())
