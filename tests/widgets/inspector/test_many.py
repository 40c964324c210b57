"""Several nodes in the inspector: their fields once, one step for all; of several kinds, how many of each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from app import compose
from app.document import edits
from app.document.values import BLANK, Document
from app.studio.studio import Studio
from tests.widgets.conftest import Pictures, stand
from widgets.inspector.inspector import Inspector
from widgets.theme import Themes

TWENTY = tuple(f"shot{number}" for number in range(20))


def shots() -> Document:
    """Twenty models, the first at 720p and with a seed, two prompts and a note."""
    document = BLANK
    for number, id in enumerate(TWENTY):
        values = {
            "resolution": "720p" if number == 0 else "1080p",
            "aspect_ratio": "1:1",
            "seed": number or None,
        }
        document = edits.add_node(document, id, "gen4-image", values, (0.0, 200.0 * number))
    for id in ("one", "two"):
        document = edits.add_node(document, id, "prompt", {"text": f"words of {id}"}, (-400.0, 0.0))
    return edits.add_node(document, "memo", "note", {"text": "x"}, (-400.0, 400.0))


@pytest.fixture
async def studio(tagloom_home: Path) -> AsyncIterator[Studio]:
    home = {"TAGLOOM_HOME": str(tagloom_home), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    made = await compose.build(home)
    made.desk.new(shots())
    yield made
    await made.close()


@pytest.fixture
async def inspector(studio: Studio, stage: QWidget, pictures: Pictures, themes: Themes) -> Inspector:
    made = Inspector(studio, pictures, themes)
    stop = studio.editor.changed.connect(lambda _: made.refresh())
    made.destroyed.connect(lambda *_: stop())
    stand(stage, made)
    return made


def segment(inspector: Inspector, field: str, words: str) -> QPushButton:
    named = {one.text() or one.accessibleName(): one for one in segments(inspector, field)}
    return next(one for name, one in named.items() if name.startswith(words))


def segments(inspector: Inspector, field: str) -> list[QPushButton]:
    found = inspector.findChild(QWidget, f"field-{field}")
    assert found is not None
    return found.findChildren(QPushButton)


def beside(inspector: Inspector, field: str) -> str:
    found = inspector.findChild(QWidget, f"field-{field}")
    assert found is not None
    return " ".join(one.text() for one in found.findChildren(QLabel))


def values(studio: Studio, parameter: str, ids: tuple[str, ...] = TWENTY) -> set[object]:
    return {studio.editor.document.nodes[id].values.get(parameter) for id in ids}


async def test_where_they_differ_it_says_mixed_and_shows_no_value(inspector: Inspector) -> None:
    inspector.show_selection(TWENTY)
    assert not any(one.isChecked() for one in segments(inspector, "resolution"))
    assert "Mixed" in beside(inspector, "resolution")
    assert segment(inspector, "aspect_ratio", "1:1").isChecked()
    assert "Mixed" not in beside(inspector, "aspect_ratio")
    seed = inspector.findChild(QLineEdit, "seed")
    assert seed is not None
    assert (seed.text(), seed.placeholderText()) == ("", "Mixed")
    title = inspector.findChild(QLineEdit, "node-title")
    assert title is not None
    assert title.text() == "20 × Gen4 Image"
    assert title.isReadOnly()
    assert inspector.findChild(QWidget, "references") is None


async def test_twenty_nodes_to_720p_is_one_step(inspector: Inspector, studio: Studio) -> None:
    inspector.show_selection(TWENTY)
    before = studio.editor.document
    QTest.mouseClick(segment(inspector, "resolution", "720p · Standard"), Qt.MouseButton.LeftButton)
    assert values(studio, "resolution") == {"720p"}
    assert studio.editor.history == ("Set Resolution of 20 nodes",)
    assert segment(inspector, "resolution", "720p · Standard").isChecked()
    assert "Mixed" not in beside(inspector, "resolution")
    studio.editor.undo()
    assert studio.editor.document == before
    assert "Mixed" in beside(inspector, "resolution")


async def test_a_mixed_seed_is_only_set_by_hand(inspector: Inspector, studio: Studio) -> None:
    inspector.show_selection(TWENTY)
    seed = inspector.findChild(QLineEdit, "seed")
    assert seed is not None
    seed.setFocus()
    QTest.keyClick(seed, Qt.Key.Key_Return)
    assert studio.editor.history == (), "passing through changes nothing"
    QTest.keyClicks(seed, "77")
    QTest.keyClick(seed, Qt.Key.Key_Return)
    assert values(studio, "seed") == {77}
    assert studio.editor.history == ("Set Seed of 20 nodes",)
    seed.selectAll()
    QTest.keyClick(seed, Qt.Key.Key_Delete)
    QTest.keyClick(seed, Qt.Key.Key_Return)
    assert values(studio, "seed") == {None}
    assert seed.placeholderText() == "New one each run"


async def test_words_for_two_prompts_are_one_step(inspector: Inspector, studio: Studio) -> None:
    inspector.show_selection(("one", "two"))
    field = inspector.findChild(QPlainTextEdit)
    assert field is not None
    assert field.toPlainText() == ""
    assert "Mixed" in field.placeholderText()
    QTest.keyClicks(field, "a red shoe")
    assert values(studio, "text", ("one", "two")) == {"a red shoe"}
    assert studio.editor.history == ("Type in 2 nodes",)


async def test_of_several_kinds_one_is_chosen(inspector: Inspector) -> None:
    wanted: list[tuple[str, ...]] = []
    inspector.selection_wanted.connect(wanted.append)
    inspector.show_selection((*TWENTY, "one", "two", "memo"))
    named = [one for one in inspector.findChildren(QPushButton) if one.objectName().startswith("narrow-")]
    assert [one.text() for one in named] == ["20 × Gen4 Image", "2 × Prompt", "1 × Note"]
    QTest.mouseClick(named[1], Qt.MouseButton.LeftButton)
    assert wanted == [("one", "two")]
    inspector.show_selection(wanted[0])
    assert inspector.findChild(QPlainTextEdit) is not None


async def test_nodes_that_go_are_no_longer_counted(inspector: Inspector, studio: Studio) -> None:
    inspector.show_selection(TWENTY)
    studio.commit("gone", lambda document: edits.remove_nodes(document, TWENTY[1:]))
    title = inspector.findChild(QLineEdit, "node-title")
    assert title is not None
    assert title.text() == "Gen4 Image"
    assert not title.isReadOnly()
    assert segment(inspector, "resolution", "720p · Standard").isChecked()
    inspector.show_selection(())
    assert not title.isVisible()


async def test_an_unknown_kind_among_many_is_counted(inspector: Inspector, studio: Studio) -> None:
    studio.commit("old", lambda document: edits.add_node(document, "odd", "kind-of-tomorrow"))
    inspector.show_selection(("odd", "one"))
    assert inspector.findChild(QPushButton, "narrow-kind-of-tomorrow") is not None
