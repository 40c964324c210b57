"""What is sent, where it is not what was written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from app import compose
from app.document import edits, tag_edits
from app.document.values import BLANK, End
from app.studio.studio import Studio
from tests.widgets.conftest import Pictures, stand
from widgets.inspector.inspector import Inspector
from widgets.theme import Themes

PHOTO = End("photo", "image"), End("hero", "reference_images")


@pytest.fixture
async def studio(tagloom_home: Path) -> AsyncIterator[Studio]:
    home = {"TAGLOOM_HOME": str(tagloom_home), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    made = await compose.build(home)
    document = edits.add_node(BLANK, "hero", "gen4-image")
    document = edits.add_node(document, "photo", "reference-image")
    document = edits.add_node(document, "words", "prompt", {"text": "A @Sneaker on white"})
    document = edits.connect(document, made.shapes, End("words", "text"), End("hero", "prompt"))
    document = edits.connect(document, made.shapes, *PHOTO)
    made.desk.new(tag_edits.set_tag(document, *PHOTO, "sneaker"))
    yield made
    await made.close()


async def test_only_where_it_differs(
    studio: Studio, stage: QWidget, pictures: Pictures, themes: Themes
) -> None:
    inspector = Inspector(studio, pictures, themes)
    stand(stage, inspector)
    inspector.show_selection(("hero",))
    label = next(one for one in inspector.findChildren(QLabel, "sent-words") if one.isVisible())
    assert label.text() == "A @sneaker on white"
    assert studio.checks.sent("words") == ""
    studio.editor.commit(
        "Type", lambda document: edits.set_value(document, "words", "text", "A @sneaker on white")
    )
    inspector.show_selection(("photo",))
    inspector.show_selection(("hero",))
    assert not any(one.isVisible() for one in inspector.findChildren(QLabel, "sent-words"))
