"""A node's values as the default of its kind: the next one begins with them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from app import compose
from app.document import edits
from app.document.values import BLANK
from app.studio.studio import Studio
from tests.widgets.conftest import Pictures, stand
from widgets.canvas.placing import add_kind
from widgets.inspector.inspector import Inspector
from widgets.theme import Themes


@pytest.fixture
async def studio(tagloom_home: Path) -> AsyncIterator[Studio]:
    home = {"TAGLOOM_HOME": str(tagloom_home), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    made = await compose.build(home)
    document = edits.add_node(BLANK, "hero", "gen4-image", {"resolution": "720p", "seed": 5})
    made.desk.new(edits.add_node(document, "photo", "reference-image"))
    yield made
    await made.close()


@pytest.fixture
async def inspector(studio: Studio, stage: QWidget, pictures: Pictures, themes: Themes) -> Inspector:
    made = Inspector(studio, pictures, themes)
    stand(stage, made)
    made.show_selection(("hero",))
    return made


def button(inspector: Inspector, name: str) -> QPushButton:
    found = [one for one in inspector.findChildren(QPushButton, name) if one.window() is inspector.window()]
    return found[-1]


async def test_the_next_one_begins_like_this_until_it_is_reset(inspector: Inspector, studio: Studio) -> None:
    keep, forget = button(inspector, "keep-defaults"), button(inspector, "forget-defaults")
    assert keep.text() == "Use these values as default for Gen4 Image"
    assert keep.isEnabled()
    assert not forget.isVisible()
    QTest.mouseClick(keep, Qt.MouseButton.LeftButton)
    document, (new,) = add_kind(studio.editor.document, studio.kinds, "gen4-image", (0.0, 0.0))
    assert (document.nodes[new].values["resolution"], document.nodes[new].values["seed"]) == ("720p", 5)
    assert not keep.isEnabled(), "it does already"
    assert studio.editor.history == (), "the document is not touched"
    QTest.mouseClick(forget, Qt.MouseButton.LeftButton)
    document, (new,) = add_kind(studio.editor.document, studio.kinds, "gen4-image", (0.0, 0.0))
    assert document.nodes[new].values["resolution"] == "1080p"
    assert document.nodes[new].values.get("seed") is None
    assert keep.isEnabled()
    assert not forget.isVisible()


async def test_a_photograph_has_no_default(inspector: Inspector) -> None:
    inspector.show_selection(("photo",))
    assert not any(one.isVisible() for one in inspector.findChildren(QPushButton, "keep-defaults"))
