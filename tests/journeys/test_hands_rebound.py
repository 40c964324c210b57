"""A gesture is given another way of the mouse in the dialog, by a real mouse, and is used so at once."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Start
from tests.support.hand import ALSO_EMPTY, EMPTY, Hand, moved
from tests.support.window import middle

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
LAST = "picture.image>keep.image"
KEPT = ("picture.image", "keep.image", "")
FIELD = "mouse-field"


def test_a_gesture_is_rebound_by_doing_it_and_then_used(start: Start) -> None:
    hand = Hand(start())
    window, screen = hand.window, hand.screen
    over, under = moved(hand.wire(LAST), (0, -50)), moved(hand.wire(LAST), (0, 60))

    screen.key("ctrl+shift+p")
    window.until("the commands", lambda seen: "command" in seen["focus"].lower())
    screen.type("keyboard and mouse")
    screen.key("Return")
    window.focus("Keyboard and mouse")
    screen.type("cut links")
    field = window.until("the field", lambda seen: seen.widget(FIELD)).widget(FIELD)
    assert field is not None
    start_at = middle(field["rect"])
    screen.drag(start_at, moved(start_at, (60, 5)), button=2, keys=["shift"])
    window.until("what was done", lambda seen: "Shift + middle drag: “Use this” takes it." in seen.said())
    window.press("&Use this")
    window.until("taken", lambda seen: "Shift + middle drag: Cut links" in seen.said())
    screen.key("Escape")
    window.until("the dialog closed", lambda seen: not seen.title("Keyboard and mouse"))
    window.focus("[*]")

    hand.row("Cut 1 link", hand.drag(over, under, "shift", button=2), lambda seen: KEPT not in seen.links())
    before = hand.look()
    hand.drag(over, under, "alt", "shift")()
    after = hand.look()
    assert (after["document"], after["position"]) == (before["document"], before["position"])

    # Without Shift the middle button still moves the view.
    x, y, *_ = hand.look()["nodes"]["picture"]
    hand.no_row(
        hand.drag(EMPTY, moved(EMPTY, (-30, -20)), button=2),
        lambda seen: seen["nodes"]["picture"][:2] == [x - 30, y - 20],
    )


def test_as_in_comfyui_by_keys_alone(start: Start) -> None:
    hand = Hand(start())
    window, screen = hand.window, hand.screen
    screen.key("ctrl+shift+p")
    window.until("the commands", lambda seen: "command" in seen["focus"].lower())
    screen.type("keyboard and mouse")
    screen.key("Return")
    window.focus("Keyboard and mouse")
    screen.key("alt+s", "c")
    window.until("the preset", lambda seen: "Keys and mouse as in ComfyUI." in seen.said())
    screen.key("Escape")
    window.until("the dialog closed", lambda seen: not seen.title("Keyboard and mouse"))
    window.focus("[*]")
    x, y, *_ = hand.look()["nodes"]["picture"]
    hand.no_row(
        hand.drag(ALSO_EMPTY, moved(ALSO_EMPTY, (-40, -30))),
        lambda seen: seen["nodes"]["picture"][:2] == [x - 40, y - 30],
    )
    # A deleted card that undo brings back is in hand again.
    hand.choose("keep")
    window.step("Delete", hand.keys("Delete"), lambda seen: "keep" not in seen.document["nodes"])
    screen.key("ctrl+z")
    window.until("back, and selected", lambda seen: seen["selected"] == ["keep"])
