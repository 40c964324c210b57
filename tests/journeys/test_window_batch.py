"""A table of products by a real mouse and keyboard: stepped through on the canvas, priced, run, paused, gone
on with, run again where it failed, and a row of it looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.conftest import Start
from tests.support.window import View, Window

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
WIDE = 270
"""Of the table's card in the example, in canvas units."""


def palette(window: Window, words: str) -> None:
    window.screen.key("ctrl+shift+p")
    window.until("the command palette", lambda seen: seen["focus"] == "Search commands")
    window.screen.type(words)
    window.until("what was typed", lambda seen: words in seen.said())
    window.screen.key("Return")


def row(view: View) -> object:
    return view.document["nodes"]["table"]["values"].get("row")


def shown(view: View, name: str) -> bool:
    return view.widget(f"batch-{name}") is not None


def step(window: Window, number: int) -> None:
    """The button at the right of the card's stepper."""
    x, y, width, _ = window.still()["nodes"]["table"]
    scale = width / WIDE
    window.screen.click((round(x + width - 24 * scale), round(y + 54 * scale)))
    window.until(f"row {number}", lambda seen: row(seen) == number)


def test_a_catalogue_from_the_first_look_to_the_last_row(start: Start, tmp_path: Path) -> None:
    window = start(TAGLOOM_SANDBOX_KNOBS="seconds=3 fail_next=1 fail_code=SAFETY.INPUT.TEXT")
    palette(window, "example catalogue")
    window.until("the catalogue", lambda seen: "table" in seen.document["nodes"] and not seen["problems"])
    before = window.still()["position"]
    step(window, 3)
    step(window, 4)
    view = window.still()
    assert view["position"] == before + 1, view.labels
    window.screen.key("ctrl+Page_Up")
    window.until("the row before", lambda seen: row(seen) == 3)

    window.screen.key("ctrl+shift+b")
    window.focus("Batch")
    window.until("its price", lambda seen: "Start · free drafts" in seen.said())
    assert "4" in window.look().said()
    window.press("batch-start")
    window.press("batch-pause")
    window.until("paused", lambda seen: shown(seen, "resume"))
    window.press("batch-resume")
    window.until("the end", lambda seen: "4 of 4 rows" in seen.said(), 60)
    window.until("one failed", lambda seen: "failed  1" in seen.said())
    window.press("batch-retry-failed")
    window.until("all done", lambda seen: "done  4" in seen.said() and "failed  1" not in seen.said(), 60)

    window.press("batch-search")
    window.screen.type("cat-002")
    window.until("what was typed", lambda seen: "cat-002" in seen.said())
    window.screen.key("Return")
    window.still()
    window.until("the row found", lambda seen: (seen.widget("batch-open") or {}).get("enabled"))
    window.screen.key("Return")
    window.until("on the canvas", lambda seen: row(seen) == 5 and seen["selected"] == ["picture"])
    pictures = sorted((tmp_path / "home").rglob("batch/catalogue/*/*.png"))
    assert len(pictures) == 4, pictures
    window.focus("[*]")
    window.screen.key("ctrl+s")
    window.until("saved", lambda seen: not seen["dirty"])
    window.screen.key("ctrl+q")
    assert window.wait_closed() == 0
    assert window.errors() == ""
