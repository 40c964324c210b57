"""The queue and the question at the end, by a real mouse: paused, gone on with, left, and found again."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Start
from tests.support.window import View, Window

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]
MODEL = "picture"


def state(view: View) -> str:
    return str(view["runs"].get(MODEL, {}).get("state", ""))


def open_queue(window: Window) -> None:
    window.screen.key("ctrl+shift+q")
    window.focus("Queue and spending")


def paused(start: Start) -> Window:
    """A window whose queue was paused before anything was run."""
    window = start()
    open_queue(window)
    window.press("queue-pause")
    window.until("paused", lambda seen: (seen.widget("queue-pause") or {}).get("text") == "Go on")
    window.focus("[*]")
    window.screen.key("F5")
    window.until("held", lambda seen: state(seen) == "queued" and "1 waiting" in seen.said())
    return window


def test_paused_nothing_goes_and_going_on_makes_the_picture(start: Start) -> None:
    window = paused(start)
    open_queue(window)
    view = window.until("in the list", lambda seen: "1 waiting" in seen.said())
    assert state(view) == "queued"
    window.press("queue-pause")
    window.until("a picture", lambda seen: state(seen) == "done" and not seen["busy"])
    window.until("an empty list", lambda seen: "Nothing in the queue" in seen.said())
    window.focus("[*]")
    window.screen.key("ctrl+q")
    assert window.wait_closed() == 0
    assert window.errors() == ""


def test_closing_asks_and_what_was_left_waits_in_the_next_session(start: Start) -> None:
    window = paused(start)
    window.screen.key("ctrl+q")
    window.focus("Pictures are being made")
    window.press("leaving-stay")
    window.until("it stays", lambda seen: seen.title("Pictures are being made") is None)
    window.focus("[*]")
    window.screen.key("ctrl+q")
    window.focus("Pictures are being made")
    window.press("leaving-leave")
    assert window.wait_closed() == 0
    assert window.errors() == ""

    later = start()
    view = later.still()
    assert state(view) != "queued", "nothing goes by itself"
    open_queue(later)
    later.until("what was left", lambda seen: "0 waiting" in seen.said())
    later.press("queue-list")
    later.screen.key("ctrl+a")
    later.press("queue-retry")
    later.until("a picture", lambda seen: state(seen) == "done" and not seen["busy"])
    later.focus("[*]")
    later.screen.key("ctrl+q")
    assert later.wait_closed() == 0


def test_stopped_at_the_end_it_closes(start: Start) -> None:
    window = start(TAGLOOM_SANDBOX_KNOBS="seconds=30")
    window.screen.key("F5")
    window.until("under way", lambda seen: state(seen) == "running")
    window.screen.key("ctrl+q")
    window.focus("Pictures are being made")
    window.press("leaving-stop")
    assert window.wait_closed() == 0
    assert window.errors() == ""
