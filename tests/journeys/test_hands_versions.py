"""The versions of a node, by a real mouse and keyboard: scrubbed, used, undone, starred."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Start
from tests.support.hand import Hand
from tests.support.window import View, middle

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
OLDER, NEWER = 5, 4
"""Buttons of the mouse that X takes for a wheel turned down and up."""


def shown(view: View) -> str:
    return str(view["runs"].get("picture", {}).get("sha256", ""))


def says(words: str):  # type: ignore[no-untyped-def]
    return lambda seen: words in seen.said()


def test_an_older_version_is_found_by_the_wheel_and_used(start: Start) -> None:
    hand = Hand(start())
    window, screen = hand.window, hand.screen
    hand.choose("picture")
    screen.key("F5")
    first = shown(window.until("a picture", lambda seen: shown(seen) and not seen["busy"]))
    window.step("Change Seed", lambda: window.write("seed", "7", "Return"))
    hand.choose("picture")
    screen.key("F5")
    second = shown(
        window.until("another one", lambda seen: shown(seen) not in ("", first) and not seen["busy"])
    )

    hand.no_row(hand.keys("ctrl+5"), says("Version 2 of 2 · shown by the node"))
    picture = window.look().widget("version-picture")
    assert picture is not None
    screen.move(middle(picture["rect"]))
    hand.no_row(lambda: screen.click(middle(picture["rect"]), button=OLDER), says("Version 1 of 2"))
    hand.no_row(lambda: screen.click(middle(picture["rect"]), button=NEWER), says("Version 2 of 2"))

    zoom, at = hand.look()["zoom"], hand.body("picture")
    hand.no_row(lambda: screen.held(["alt"], lambda: screen.click(at, button=OLDER)), says("Version 1 of 2"))
    assert hand.look()["zoom"] == zoom

    used = hand.row(
        "Use version",
        lambda: window.press("version-use"),
        lambda seen: seen.document["nodes"]["picture"].get("pick") == first,
    )
    assert used.document["nodes"]["picture"].get("lock") is None, "the inputs are the same but for the seed"
    window.until("the newest again", lambda seen: shown(seen) == second)
    window.press("version-use")
    window.until("the older one on the node", lambda seen: shown(seen) == first)
    hand.no_row(hand.keys("F5"), lambda seen: not seen["busy"] and shown(seen) == first)
    window.press("version-star")
    hand.look()
    assert window.errors() == ""
