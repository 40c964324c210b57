"""What could not be read of the artist's own things is said when the window opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.conftest import Start

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]


def test_a_snippet_that_cannot_be_read_is_said(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "settings" / "snippets"
    folder.mkdir(parents=True)
    (folder / "light.txt").write_text("soft light")
    (folder / "broken.txt").write_bytes(b"\xff\xfe\x00\xd8")
    window = start()
    window.until("the note", lambda seen: "The snippet broken.txt is skipped" in seen.said())
    window.screen.key("ctrl+q")
    assert window.wait_closed() == 0
    assert window.errors() == ""
