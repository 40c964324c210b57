"""The first two minutes by a real mouse and keyboard: the four steps, each ticked by doing it."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from tests.journeys.conftest import Shelve, Start
from tests.support.window import ROOT, View, Window, middle

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]
AT_MOST = 120.0
"""Seconds. A machine does it faster than a person; a step that hangs would be seen here."""


def ticks(view: View) -> str:
    """How many steps are done, as the card says it."""
    return next(
        (str(one["text"]) for one in view["widgets"] if str(one["text"]).startswith("First steps")), ""
    )


def ticked(window: Window, count: str) -> None:
    window.until(f"the step ticked: {count}", lambda seen: ticks(seen) == count)


def test_four_steps_in_two_minutes(start: Start, shelve: Shelve, tmp_path: Path) -> None:
    photograph = Path(shutil.copy(ROOT / "resources" / "examples" / "refs" / "cat.png", tmp_path))
    window = start(taught=False)
    began = time.monotonic()
    ticked(window, "First steps: 0 of 4")

    window.press("run")
    ticked(window, "First steps: 1 of 4")
    window.until("the draft", lambda seen: seen["runs"].get("picture", {}).get("state") == "done")

    shelf = shelve([photograph])
    node = middle(window.look()["nodes"]["cup"])
    shelf.drag([photograph.name], node, there=lambda: window.aimed(1))
    ticked(window, "First steps: 2 of 4")

    window.press("show-tag")
    window.until("the prompt's field", lambda seen: seen["focus"] == "prompt-editor")
    window.screen.type(" and @co")
    window.until("@coffee offered", lambda seen: seen.widget("completion"))
    window.screen.key("Return")
    ticked(window, "First steps: 3 of 4")
    window.screen.key("Escape")
    window.until("the field closed", lambda seen: seen["field"] is None)

    window.screen.key("ctrl+s")
    ticked(window, "First steps: all done")
    took = time.monotonic() - began
    print(f"four steps in {took:.1f} s")
    assert took < AT_MOST

    window.screen.shoot(window.folder / "first-steps.png")
    window.press("first-steps-close")
    window.until("the card away", lambda seen: ticks(seen) == "")


def test_the_guide_opens_beside_the_work(start: Start) -> None:
    window = start()
    window.open_title("words")
    window.screen.key("F1")
    window.until("the guide", lambda seen: seen.title("Prompt – Guide"))
    window.screen.key("Escape")
    window.until("the guide closed", lambda seen: seen.title("Guide") is None)
