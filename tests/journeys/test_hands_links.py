"""Links by a real mouse and keyboard: drawn from either end, moved, exchanged, cut, forked, put into."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Start
from tests.support.hand import ALSO_EMPTY, EMPTY, Hand, moved, new_in
from tests.support.window import View

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
LAST = "picture.image>keep.image"
KEPT = ("picture.image", "keep.image", "")
WORDS = ("words.text", "picture.prompt", "")
CUP, PERSON, PLACE = (
    ("cup.image", "picture.reference_images", "coffee"),
    ("person.image", "picture.reference_images", "astronaut"),
    ("place.image", "picture.reference_images", "wall"),
)
ALL = {KEPT, WORDS, CUP, PERSON, PLACE}


def linked(*links: tuple[str, str, str]) -> Callable[[View], bool]:
    return lambda seen: seen.links() == set(links)


def joined(source: str, target: str) -> Callable[[View], bool]:
    return lambda seen: (source, target, "") in seen.links()


def test_links_move_and_are_cut(start: Start) -> None:
    hand = Hand(start())
    assert hand.look().links() == ALL
    # Taken up near its end: dropped on empty canvas it is gone.
    near_end = moved(hand.socket("keep.image"), (-12, -8))
    hand.row("Unlink", hand.drag(near_end, ALSO_EMPTY), linked(*(ALL - {KEPT})))
    # The socket of an input that can take no more gives its link up as well.
    hand.row("Unlink", hand.drag(hand.socket("picture.prompt"), EMPTY), linked(*(ALL - {WORDS})))
    # Chosen by a click on its middle, deleted by the key.
    hand.no_row(
        lambda: hand.screen.click(hand.wire(LAST)),
        lambda seen: seen["wire"] == ["picture.image", "keep.image"],
    )
    hand.row("Delete", hand.keys("Delete"), linked(*(ALL - {KEPT})))

    over, under = moved(hand.wire(LAST), (0, -50)), moved(hand.wire(LAST), (0, 60))
    hand.row("Cut 1 link", hand.drag(over, under, "ctrl", button=3), linked(*(ALL - {KEPT})))
    hand.row("Cut 1 link", hand.drag(over, under, "alt", "shift"), linked(*(ALL - {KEPT})))
    across = [moved(hand.wire(f"{one}.image>picture.reference_images"), by)
              for one, by in (("cup", (0, -30)), ("place", (0, 40)))]  # fmt: skip
    hand.row("Cut 3 links", hand.drag(*across, "ctrl", button=3), linked(KEPT, WORDS))


def test_a_link_from_either_end_and_into_the_search(start: Start) -> None:
    hand = Hand(start())
    ends = hand.socket("picture.image"), hand.socket("keep.image")
    near_end = moved(ends[1], (-12, -8))
    hand.window.step("Unlink", hand.drag(near_end, ALSO_EMPTY), linked(*(ALL - {KEPT})))
    hand.row("Link", hand.drag(*ends), linked(*ALL))
    hand.row("Link", hand.drag(ends[1], ends[0]), linked(*ALL))
    # Near is enough: the end jumps to the nearest socket that fits.
    hand.row("Link", hand.drag(ends[0], moved(ends[1], (-15, 10))), linked(*ALL))

    before = hand.look()

    def dropped() -> None:
        hand.drag(ends[0], ALSO_EMPTY)()
        hand.search("prev")

    after = hand.row("Add Preview", dropped, lambda seen: len(seen.document["nodes"]) == 8)
    assert ("picture.image", f"{new_in(before, after)}.image", "") in after.links()

    def backwards() -> None:
        hand.drag(ends[1], ALSO_EMPTY)()
        hand.search("gen4")

    after = hand.row("Add Gen4 Image", backwards, lambda seen: len(seen.document["nodes"]) == 8)
    assert (f"{new_in(before, after)}.image", "keep.image", "") in after.links()
    # The search given up: the link that was drawn is gone as well.
    hand.drag(ends[0], ALSO_EMPTY)()
    hand.window.until("the search", lambda seen: seen["focus"] == "Search nodes")
    hand.screen.key("Escape")
    given_up = hand.window.until("the canvas", lambda seen: seen["focus"] == "canvas")
    assert given_up["document"] == before["document"]


def test_dots_forks_and_nodes_put_into_a_link(start: Start) -> None:
    hand = Hand(start())
    before = hand.look()

    def through(kind: str) -> Callable[[View], bool]:
        def is_through(seen: View) -> bool:
            made = seen.of_kind(kind)
            if len(made) != 1:
                return False
            return {
                ("picture.image", f"{made[0]}.in", ""),
                (f"{made[0]}.out", "keep.image", ""),
            } <= seen.links()

        return is_through

    hand.row("Re-route dot", lambda: hand.screen.click(hand.wire(LAST), times=2), through("reroute"))
    hand.row(
        "Re-route dot", hand.drag(hand.wire(LAST), moved(hand.wire(LAST), (10, 70)), "shift", button=3),
        through("reroute"),
    )  # fmt: skip
    # A dot is deleted, and what was before is joined to what was behind.
    hand.window.step("Re-route dot", lambda: hand.screen.click(hand.wire(LAST), times=2), through("reroute"))
    (dot,) = hand.look().of_kind("reroute")
    hand.window.until("the dot selected", lambda seen: seen["selected"] == [dot])
    hand.row("Delete", hand.keys("ctrl+Delete"), linked(*ALL))
    hand.screen.click(hand.body(dot))
    hand.window.until("the dot selected", lambda seen: seen["selected"] == [dot])
    hand.row("Delete", hand.keys("Delete"), linked(*ALL))  # a dot is nothing but its link
    hand.screen.key("ctrl+z")
    hand.window.until("no dot", lambda seen: seen["document"] == before["document"])

    def forked() -> None:
        hand.drag(hand.wire(LAST), ALSO_EMPTY, "shift")()
        hand.search("save")

    after = hand.row("Add Save Image", forked, lambda seen: len(seen.document["nodes"]) == 8)
    assert after.links() == ALL | {("picture.image", f"{new_in(before, after)}.image", "")}


def test_a_card_dropped_on_a_link_and_taken_out(start: Start) -> None:
    hand = Hand(start())
    hand.screen.click(ALSO_EMPTY, times=2)
    hand.search("re-route")
    hand.window.until("a dot", lambda seen: len(seen.of_kind("reroute")) == 1)
    (dot,) = hand.look().of_kind("reroute")
    on_link = hand.wire(LAST)

    def inserted(seen: View) -> bool:
        return {("picture.image", f"{dot}.in", ""), (f"{dot}.out", "keep.image", "")} <= seen.links()

    hand.row("Insert on link", hand.drag(hand.body(dot), on_link), inserted)

    def with_alt() -> None:
        hand.screen.press(hand.body(dot))
        hand.screen.glide(ALSO_EMPTY, on_link)
        hand.screen.held(["alt"], lambda: (hand.screen.move(moved(on_link, (1, 0))), hand.screen.release()))

    hand.row("Move", with_alt, linked(*ALL))
    hand.window.step("Insert on link", hand.drag(hand.body(dot), on_link), inserted)
    hand.row("Extract", hand.drag(hand.body(dot), ALSO_EMPTY, "ctrl", "shift"), linked(*ALL))


def test_an_occupied_input(start: Start) -> None:
    """A new link takes its place; with Alt the two are exchanged."""
    hand = Hand(start())
    before = hand.look()
    hand.screen.click((620, 640), times=2)
    hand.search("gen4")
    other = new_in(before, hand.window.until("a model", lambda seen: len(seen.document["nodes"]) == 8))
    hand.screen.click((950, 640), times=2)
    hand.search("prompt")
    two = hand.window.until("words", lambda seen: len(seen.document["nodes"]) == 9)
    (words,) = set(two.of_kind("prompt")) - {"words"}
    hand.window.step("Link", lambda: hand.window.link(f"{words}.text", f"{other}.prompt"))

    new = (f"{words}.text", "picture.prompt", "")
    hand.row(
        "Link",
        lambda: hand.window.link(f"{words}.text", "picture.prompt"),
        lambda seen: new in seen.links() and WORDS not in seen.links(),
    )
    near_end = moved(hand.socket(f"{other}.prompt"), (-14, 0))

    def exchanged() -> None:
        hand.screen.press(near_end)
        hand.screen.glide(near_end, hand.socket("picture.prompt"))
        hand.screen.held(["alt"], hand.screen.release)

    hand.row(
        "Swap links",
        exchanged,
        lambda seen: {new, ("words.text", f"{other}.prompt", "")} <= seen.links(),
    )
