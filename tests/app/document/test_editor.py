from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.basics.faults import BadInput, Bug
from app.document import edits
from app.document.editor import Change, Editor
from app.document.file_writer import write_text
from app.document.problems import Edit
from app.document.values import BLANK, Document
from tests.app.document.samples import product_shot
from tests.app.document.strategies import change_for


def text(words: str, id: str = "words") -> Edit:
    return lambda document: edits.set_value(document, id, "text", words)


def seed(number: int) -> Edit:
    return lambda document: edits.set_value(document, "hero", "seed", number)


@pytest.fixture
def editor() -> Editor:
    return Editor(product_shot())


@pytest.fixture
def heard(editor: Editor) -> list[Change]:
    changes: list[Change] = []
    editor.changed.connect(changes.append)
    return changes


def test_a_commit_is_heard_with_before_and_after(editor: Editor, heard: list[Change]) -> None:
    before = editor.document
    assert editor.commit("Seed", seed(7))
    (change,) = heard
    assert (change.before, change.after, change.label, change.way) == (
        before,
        editor.document,
        "Seed",
        "commit",
    )
    assert change.before is before


def test_an_edit_that_does_nothing_is_no_step(editor: Editor, heard: list[Change]) -> None:
    assert not editor.commit("Seed", seed(42))
    assert heard == []
    assert not editor.can_undo


def test_nothing_done_keeps_what_was_undone(editor: Editor) -> None:
    editor.commit("Seed", seed(7))
    editor.undo()
    editor.commit("Seed", seed(42))
    assert editor.redo_label == "Seed"


def test_undo_and_redo_put_the_very_documents_back(editor: Editor, heard: list[Change]) -> None:
    first = editor.document
    editor.commit("Seed", seed(7))
    second = editor.document
    editor.commit("Words", text("new"))
    third = editor.document
    assert (editor.undo_label, editor.redo_label) == ("Words", "")
    assert editor.undo()
    assert editor.document is second
    assert editor.undo()
    assert editor.document is first
    assert not editor.undo()
    assert (editor.undo_label, editor.redo_label) == ("", "Seed")
    assert editor.redo()
    assert editor.redo()
    assert editor.document is third
    assert not editor.redo()
    assert [(one.way, one.label) for one in heard[2:]] == [
        ("undo", "Words"),
        ("undo", "Seed"),
        ("redo", "Seed"),
        ("redo", "Words"),
    ]


def test_a_new_step_forgets_what_was_undone(editor: Editor) -> None:
    editor.commit("Seed", seed(7))
    editor.undo()
    editor.commit("Words", text("new"))
    assert not editor.can_redo
    assert editor.history == ("Words",)


def test_typing_is_one_step(editor: Editor) -> None:
    first = editor.document
    for words in ("a", "ab", "abc"):
        editor.commit("Typing", text(words), merge=("words", "text"))
    assert editor.history == ("Typing",)
    editor.undo()
    assert editor.document is first


def test_a_gesture_ends_with_a_seal_another_key_or_an_undo(editor: Editor) -> None:
    editor.commit("Typing", text("a"), merge="t")
    editor.seal()
    editor.commit("Typing", text("ab"), merge="t")
    editor.commit("Seed", seed(1), merge="s")
    editor.commit("Typing", text("abc"), merge="t")
    assert len(editor.history) == 4
    editor.undo()
    editor.redo()
    editor.commit("Typing", text("abcd"), merge="t")
    assert len(editor.history) == 5
    editor.commit("Typing", text("abcde"))
    editor.commit("Typing", text("abcdef"))
    assert len(editor.history) == 7


def test_a_drag_that_comes_back_is_no_step(editor: Editor, heard: list[Change]) -> None:
    first = editor.document
    at = first.layout["hero"]
    for x in (1.0, 2.0, at.x):
        editor.commit("Move", lambda d, x=x: edits.move(d, {"hero": (x, at.y)}), merge="drag")
    assert editor.document is first
    assert not editor.can_undo
    assert len(heard) == 3
    editor.commit("Move", lambda d: edits.move(d, {"hero": (9, 9)}), merge="drag")
    assert editor.history == ("Move",)


def test_jumping_is_one_change(editor: Editor, heard: list[Change]) -> None:
    for number in range(5):
        editor.commit(f"Seed {number}", seed(number))
    heard.clear()
    assert editor.jump(2)
    assert editor.document.nodes["hero"].values["seed"] == 1
    assert editor.position == 2
    assert len(heard) == 1
    assert editor.jump(0)
    assert editor.document == product_shot()
    for nowhere in (0, -1, 6):
        assert not editor.jump(nowhere)
    assert editor.jump(5)
    assert len(editor.history) == 5


def test_an_edit_that_raises_leaves_everything(editor: Editor, heard: list[Change]) -> None:
    editor.commit("Typing", text("a"), merge="t")
    before, history = editor.document, editor.history
    heard.clear()

    def wrong(document: Document) -> Document:
        raise BadInput("No.", advice="Stop.", code="test")

    with pytest.raises(BadInput):
        editor.commit("Wrong", wrong)
    assert editor.document is before
    assert editor.history == history
    assert heard == []
    editor.commit("Typing", text("ab"), merge="t")
    assert len(editor.history) == 1


def test_what_is_no_document_is_a_bug(editor: Editor) -> None:
    with pytest.raises(Bug):
        editor.commit("Wrong", lambda document: None)  # type: ignore[arg-type,return-value]
    assert editor.document == product_shot()


def test_a_listener_may_not_commit(editor: Editor) -> None:
    errors: list[Bug] = []

    def listener(change: Change) -> None:
        for again in (
            lambda: editor.commit("Again", seed(1)),
            editor.undo,
            editor.redo,
            lambda: editor.jump(0),
            lambda: editor.replace(BLANK),
            lambda: editor.saved(change.after),
        ):
            try:
                again()
            except Bug as bug:
                errors.append(bug)

    editor.changed.connect(listener)
    editor.commit("Seed", seed(7))
    assert [one.code for one in errors] == ["editor.re-entered"] * 6
    assert editor.document.nodes["hero"].values["seed"] == 7
    assert editor.history == ("Seed",)


def test_an_edit_may_not_commit(editor: Editor) -> None:
    def edit(document: Document) -> Document:
        editor.commit("Inner", seed(1))
        return document

    with pytest.raises(Bug):
        editor.commit("Outer", edit)
    assert not editor.can_undo


def test_a_listener_that_fails_does_not_lock_the_editor(editor: Editor) -> None:
    def listener(change: Change) -> None:
        raise ValueError("mine")

    leave = editor.changed.connect(listener)
    with pytest.raises(ValueError, match="mine"):
        editor.commit("Seed", seed(7))
    leave()
    assert editor.document.nodes["hero"].values["seed"] == 7
    assert editor.undo()


def test_the_past_is_bounded(editor: Editor) -> None:
    small = Editor(product_shot(), most_steps=3)
    for number in range(10):
        small.commit(f"Seed {number}", seed(number))
    assert small.history == ("Seed 7", "Seed 8", "Seed 9")
    while small.undo():
        pass
    assert small.document.nodes["hero"].values["seed"] == 6
    assert small.dirty


def test_another_document_has_no_past(editor: Editor, heard: list[Change]) -> None:
    editor.commit("Seed", seed(7))
    editor.replace(BLANK)
    assert editor.document is BLANK
    assert not editor.can_undo
    assert not editor.dirty
    assert heard[-1].way == "replace"
    editor.replace(product_shot(), saved=False)
    assert editor.dirty


def test_dirty_follows_the_content(editor: Editor) -> None:
    assert not editor.dirty
    editor.commit("Seed", seed(7))
    assert editor.dirty
    editor.undo()
    assert not editor.dirty
    editor.redo()
    editor.saved(editor.document)
    assert not editor.dirty
    editor.undo()
    assert editor.dirty
    editor.commit("Seed", seed(7))
    assert not editor.dirty
    editor.forget_saved()
    assert editor.dirty


def test_saving_ends_the_gesture(editor: Editor) -> None:
    editor.commit("Typing", text("a"), merge="t")
    editor.saved(editor.document)
    editor.commit("Typing", text("ab"), merge="t")
    editor.undo()
    assert not editor.dirty


def written(document: Document) -> Document:
    return edits.set_values(document, "p0", {"file": "refs/new.png", "sha256": "abc"})


def test_paths_made_relative_are_no_step_and_no_way_back(editor: Editor, heard: list[Change]) -> None:
    editor.commit("Seed", seed(7))
    before = editor.document
    editor.commit("Seed", seed(8))  # while the file was being written
    heard.clear()
    editor.saved(before, written(before))
    assert [one.way for one in heard] == ["saved"]
    assert editor.history == ("Seed", "Seed")
    assert editor.dirty
    for number in (8, 7, 42):
        assert editor.document.nodes["p0"].values["file"] == "refs/new.png"
        assert editor.document.nodes["hero"].values["seed"] == number
        assert editor.dirty == (number != 7)
        editor.undo()


def test_a_file_chosen_while_saving_stays_chosen(editor: Editor) -> None:
    before = editor.document
    editor.commit("File", lambda d: edits.set_value(d, "p0", "file", "/elsewhere.png"))
    editor.saved(before, written(before))
    assert editor.document.nodes["p0"].values == {"file": "/elsewhere.png", "sha256": ""}
    editor.undo()
    assert editor.document.nodes["p0"].values["file"] == "refs/new.png"
    assert not editor.dirty


def test_saving_as_it_is_tells_nobody(editor: Editor, heard: list[Change]) -> None:
    editor.saved(editor.document, editor.document)
    assert heard == []


def test_states_share_their_nodes_after_saving(editor: Editor) -> None:
    for number in range(3):
        editor.commit("Seed", seed(number))
    editor.saved(editor.document, written(editor.document))
    after = editor.document
    editor.undo()
    assert editor.document.nodes["p0"] is after.nodes["p0"]
    assert editor.document.nodes["p1"] is after.nodes["p1"]


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_undo_and_redo_of_a_hundred_edits_return_equal_documents(seed: int) -> None:
    random, editor = Random(seed), Editor(product_shot())
    heard: list[Change] = []
    editor.changed.connect(heard.append)
    states = [editor.document]
    while len(states) <= 100:
        change = change_for(editor.document, random)
        try:
            if editor.commit(f"Step {len(states)}", change):
                states.append(editor.document)
        except BadInput:
            assert editor.document is states[-1]
    texts = [write_text(state) for state in states]
    for place in reversed(range(len(states) - 1)):
        assert editor.undo()
        assert editor.document is states[place]
        assert write_text(editor.document) == texts[place]
    assert not editor.undo()
    assert editor.document == product_shot()
    for state, text_ in zip(states[1:], texts[1:], strict=True):
        assert editor.redo()
        assert editor.document is state
        assert write_text(editor.document) == text_
    where = random.randrange(len(states))
    editor.jump(where)
    assert editor.document is states[where]
    assert all(one.before is not one.after for one in heard)
    assert all(later.before is earlier.after for earlier, later in pairwise(heard))
