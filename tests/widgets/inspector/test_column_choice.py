"""A column of the table fills in what takes no words: a photograph, a seed, a choice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget

from app import compose
from app.document import edits
from app.document.values import BLANK
from app.studio.studio import Studio
from tests.widgets.conftest import Pictures, stand
from widgets.inspector.column_choice import ColumnChoice
from widgets.inspector.fields import Field
from widgets.inspector.inspector import Inspector
from widgets.theme import Themes


@pytest.fixture
async def studio(tagloom_home: Path, tmp_path: Path) -> AsyncIterator[Studio]:
    (tmp_path / "t.csv").write_text("photo,seed,a & b\nx.png,7,1:1\n", "utf-8")
    home = {"TAGLOOM_HOME": str(tagloom_home), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    made = await compose.build(home)
    document = edits.add_node(BLANK, "hero", "gen4-image", {"seed": 5})
    document = edits.add_node(document, "table", "table", {"file": str(tmp_path / "t.csv")})
    made.desk.new(edits.add_node(document, "photo", "reference-image"))
    made.desk.trust(tmp_path / "t.csv")
    await made.checks.refresh()
    yield made
    await made.close()


@pytest.fixture
async def inspector(studio: Studio, stage: QWidget, pictures: Pictures, themes: Themes) -> Inspector:
    made = Inspector(studio, pictures, themes)
    stand(stage, made)
    return made


def choice(inspector: Inspector, name: str) -> ColumnChoice:
    return inspector.findChildren(ColumnChoice, f"column-{name}")[-1]


def choose(one: ColumnChoice, words: str) -> list[str]:
    one.menu_of_columns.aboutToShow.emit()
    actions = {action.text(): action for action in one.menu_of_columns.actions() if action.text()}
    actions[words].trigger()
    return list(actions)


@pytest.mark.parametrize(
    ("node", "field", "words", "value", "back"),
    [
        ("photo", "file", "{photo}", "{photo}", ""),
        ("hero", "seed", "{seed}", "{seed}", None),
        ("hero", "aspect_ratio", "{a && b}", "{a & b}", "16:9"),
    ],
)
async def test_a_column_is_chosen_and_taken_back(
    inspector: Inspector, studio: Studio, node: str, field: str, words: str, value: str, back: object
) -> None:
    inspector.show_selection((node,))
    assert choice(inspector, field).isVisible()
    assert choose(choice(inspector, field), words) == ["{photo}", "{seed}", "{a && b}"]
    assert studio.editor.document.nodes[node].values[field] == value
    inspector.show_selection(())
    inspector.show_selection((node,))
    shown = choice(inspector, field).parentWidget()
    assert isinstance(shown, Field)
    assert shown.beside.text() == value
    assert "Not from the table" in choose(choice(inspector, field), "Not from the table")
    assert studio.editor.document.nodes[node].values[field] == back


async def test_a_seed_may_be_typed_as_a_column(inspector: Inspector, studio: Studio) -> None:
    inspector.show_selection(("hero",))
    line = inspector.findChildren(QLineEdit, "seed")[-1]
    line.setText("{seed}")
    line.setModified(True)
    line.editingFinished.emit()
    assert studio.editor.document.nodes["hero"].values["seed"] == "{seed}"
    assert studio.shown.nodes["hero"].values["seed"] == 7


async def test_without_a_table_there_is_nothing_to_choose(inspector: Inspector, studio: Studio) -> None:
    studio.commit("no table", lambda document: edits.remove_nodes(document, ["table"]))
    inspector.show_selection(("hero",))
    assert not choice(inspector, "seed").isVisible()
    inspector.show_selection(("photo",))
    assert not choice(inspector, "file").isVisible()
