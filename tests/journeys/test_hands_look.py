"""Looking around and selecting, by a real mouse and keyboard: none of it is a step of the document."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Start
from tests.support.hand import ALSO_EMPTY, EMPTY, Hand, moved
from tests.support.screen import Point
from tests.support.window import View, middle

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]
EVERYTHING = {"words", "cup", "person", "place", "picture", "keep", "note"}


def corner(view: View, id: str) -> Point:
    x, y, _, _ = view["nodes"][id]
    return x, y


def away(one: Point, other: Point) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def chosen(*ids: str) -> Callable[[View], bool]:
    return lambda seen: set(seen["selected"]) == set(ids)


def test_panning_and_zooming(start: Start) -> None:
    hand = Hand(start())
    before = corner(hand.look(), "picture")

    def panned(by: Point) -> Callable[[View], bool]:
        return lambda seen: away(corner(seen, "picture"), moved(before, by)) <= 3

    there, back = moved(EMPTY, (60, 40)), (0, 0)
    on_card = hand.body("picture")
    hand.no_row(hand.drag(EMPTY, there, button=2), panned((60, 40)))
    hand.no_row(hand.drag(there, EMPTY, button=2), panned(back))
    hand.no_row(hand.drag(on_card, moved(on_card, (60, 40)), "space"), panned((60, 40)))
    hand.no_row(hand.drag(there, EMPTY, "space"), panned(back))
    hand.no_row(hand.drag(EMPTY, there, "alt"), panned((60, 40)))
    hand.no_row(hand.drag(there, EMPTY, "alt"), panned(back))

    view = hand.look()
    zoom, at = view["zoom"], corner(view, "picture")
    hand.no_row(lambda: hand.screen.click(at, button=4, times=3), lambda seen: seen["zoom"] > zoom * 1.2)
    assert away(corner(hand.look(), "picture"), at) <= 4, "the point under the pointer stays"
    hand.no_row(lambda: hand.screen.click(at, button=5, times=6), lambda seen: seen["zoom"] < zoom)
    assert away(corner(hand.look(), "picture"), at) <= 6

    hand.no_row(hand.keys("ctrl+0"), lambda seen: seen["zoom"] == 1.0)
    hand.no_row(hand.keys("ctrl+plus"), lambda seen: seen["zoom"] > 1.0)
    hand.no_row(hand.keys("ctrl+minus"), lambda seen: seen["zoom"] == pytest.approx(1.0, abs=0.02))
    hand.choose("keep")
    hand.no_row(hand.keys("f"), lambda seen: away(middle(seen["nodes"]["keep"]), middle(seen["canvas"])) < 30)
    hand.no_row(hand.keys("Home"), lambda seen: seen["zoom"] == pytest.approx(zoom, abs=0.02))

    map = hand.look()["minimap"]
    view = hand.look()
    hand.no_row(
        hand.drag(middle(map), moved(middle(map), (20, 10))), lambda seen: seen["nodes"] != view["nodes"]
    )
    hand.no_row(hand.keys("n"), lambda seen: not seen["minimap"])
    hand.no_row(hand.keys("n"), lambda seen: seen["minimap"] == map)


def test_selecting(start: Start) -> None:
    hand = Hand(start())
    view = hand.look()
    (x, y, _, height), (_, _, width, _) = view["nodes"]["keep"], view["nodes"]["note"]
    over_two = (x + width + 30, view["nodes"]["note"][1] + 60)
    hand.no_row(hand.drag((x - 25, y - 40), over_two), chosen("keep", "note"))
    # Shift adds, Ctrl takes away.
    left, top, right, down = *view["nodes"]["words"][:2], *view["nodes"]["words"][2:]
    around = (left + right + 10, top - 40), (left + right // 2, top + down + 8)
    hand.no_row(hand.drag(*around, "shift"), chosen("keep", "note", "words"))
    hand.no_row(hand.drag((x - 25, y - 40), (x + 60, y + height + 15), "ctrl"), chosen("note", "words"))
    hand.no_row(hand.keys("ctrl+a"), chosen(*EVERYTHING))
    hand.no_row(hand.keys("Escape"), chosen())
    hand.choose("picture")
    hand.no_row(hand.keys("ctrl+bracketleft"), chosen("picture", "words", "cup", "person", "place"))
    hand.choose("picture")
    hand.no_row(hand.keys("ctrl+bracketright"), chosen("picture", "keep"))
    # A card by its title: Shift adds it, Ctrl takes it away.
    hand.choose("cup", "person")
    at = hand.title("cup")
    hand.no_row(lambda: hand.screen.held(["ctrl"], lambda: hand.screen.click(at)), chosen("person"))
    hand.no_row(lambda: hand.screen.click(ALSO_EMPTY), chosen())


def test_escape_ends_the_gesture_and_leaves_no_trace(start: Start) -> None:
    """A move, a link, a box and a cut, each given up in the middle."""
    hand = Hand(start())
    title, wire = hand.title("keep"), hand.wire("picture.image>keep.image")
    for begin, keys, button in (
        (title, (), 1),
        (hand.socket("words.text"), (), 1),
        (EMPTY, (), 1),
        (moved(wire, (0, -60)), ("ctrl",), 3),
    ):
        before = hand.look()

        def given_up(begin: Point = begin, button: int = button) -> None:
            hand.screen.do("mousemove", *begin, "mousedown", button)
            hand.screen.glide(begin, moved(begin, (50, 70)))
            hand.window.until("a gesture", lambda seen: seen["gesture"])
            hand.screen.do("key", "Escape")
            hand.window.until("no gesture", lambda seen: not seen["gesture"])
            hand.screen.do("mouseup", button)

        hand.screen.held(keys, given_up)
        after = hand.look()
        assert after["document"] == before["document"]
        assert after["nodes"] == before["nodes"]
        assert after["position"] == before["position"]


def test_an_edge_takes_the_view_along(start: Start) -> None:
    """A card held near the edge of the canvas: the canvas goes on, and the card with it."""
    hand = Hand(start())
    left, top, width, height = hand.look()["canvas"]
    edge = (left + width - 6, middle((left, top, width, height))[1])
    before = hand.look()
    at = hand.title("keep")

    def dragged() -> None:
        hand.screen.press(at)
        hand.screen.glide(at, edge)
        hand.window.until(
            "the view moves on", lambda seen: seen["nodes"]["cup"][0] < before["nodes"]["cup"][0] - 60
        )
        hand.screen.release()

    hand.row("Move", dragged, lambda seen: not seen["gesture"])
