"""Cards and frames by a real mouse and keyboard: added, moved, doubled, deleted, renamed, framed, tidied."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Start
from tests.support.hand import ALSO_EMPTY, EMPTY, Hand, moved, new_in
from tests.support.window import View

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def count(nodes: int) -> Callable[[View], bool]:
    return lambda seen: len(seen.document["nodes"]) == nodes


def place(view: View, id: str) -> tuple[float, float]:
    x, y, *_ = view.document["layout"][id]
    return x, y


def value(id: str, key: str, wanted: object) -> Callable[[View], bool]:
    return lambda seen: seen.document["nodes"][id].get(key) == wanted


def test_adding(start: Start) -> None:
    hand = Hand(start())
    before = hand.look()

    def added(doing: Callable[[], object], typed: str) -> Callable[[], None]:
        def both() -> None:
            doing()
            hand.search(typed)

        return both

    hand.row("Add Preview", added(lambda: hand.screen.click(EMPTY, times=2), "prev"), count(8))
    hand.row("Add Note", added(hand.keys("Tab"), "note"), count(8))
    hand.row("Add Prompt", added(hand.keys("shift+a"), "prompt"), count(8))
    hand.choose("picture")
    after = hand.row("Add Preview", added(hand.keys("Tab"), "prev"), count(8))
    assert ("picture.image", f"{new_in(before, after)}.image", "") in after.links(), "joined on"


def test_moving_with_guides_and_the_grid(start: Start) -> None:
    hand = Hand(start())
    title, note = hand.title("keep"), hand.title("note")
    by = (-24, 130)

    def seen_guides() -> None:
        hand.screen.press(title)
        # Under the note, to within 6 px of its left edge.
        hand.screen.glide(title, moved(title, (3, 350)))
        hand.window.until("a guide", lambda seen: seen["guides"] > 0)
        hand.screen.release()

    after = hand.row("Move", seen_guides, lambda seen: not seen["guides"])
    assert place(after, "keep")[0] == place(after, "note")[0]

    after = hand.row("Move", hand.drag(note, moved(note, by), "shift"))
    assert place(after, "note") != place(hand.look(), "note")
    assert all(one % 20 == 0 for one in place(after, "note")), place(after, "note")

    hand.choose("keep", "note")
    before = hand.look()
    after = hand.row("Move", hand.drag(hand.title("keep"), moved(hand.title("keep"), (-40, 260))))
    ways = {
        tuple(b - a for a, b in zip(place(before, id), place(after, id), strict=True))
        for id in ("keep", "note")
    }
    assert len(ways) == 1, "both by the same way"
    # A frame is taken by its title, and carries its cards.
    x, y, width, _ = hand.look()["frames"]["references"]
    hand.nothing()
    after = hand.row("Move", hand.drag((x + width - 30, y + 10), (x + width - 30, y + 60)))
    for id in ("cup", "person", "place"):
        assert place(after, id)[1] > place(before, id)[1] + 40


def test_doubling_and_deleting(start: Start) -> None:
    hand = Hand(start())
    before = hand.look()
    hand.choose("cup")
    hand.row("Duplicate", hand.keys("ctrl+d"), count(8))
    hand.choose("cup")
    after = hand.row("Duplicate", hand.drag(hand.title("cup"), moved(EMPTY, (-60, 0)), "alt"), count(8))
    assert place(after, "cup") == place(before, "cup"), "the copy is put down, the card stays"

    hand.choose("picture")
    hand.no_row(hand.keys("ctrl+c"))
    hand.screen.move(ALSO_EMPTY)
    after = hand.row("Paste", hand.keys("ctrl+v"), count(8))
    assert after.links() == before.links()
    after = hand.row("Paste", hand.keys("ctrl+shift+v"), count(8))
    made = new_in(before, after)
    assert {
        ("words.text", f"{made}.prompt", ""),
        ("cup.image", f"{made}.reference_images", "coffee"),
    } <= after.links()

    for key in ("Delete", "BackSpace"):
        hand.choose("picture", "note")
        after = hand.row("Delete", hand.keys(key), count(5))
        assert not after.links()
    hand.choose("cup")
    after = hand.row("Delete", hand.keys("ctrl+x"), count(6))
    after = hand.row("Paste", hand.keys("ctrl+v"), count(8))


def test_switches_and_names(start: Start) -> None:
    hand = Hand(start())
    hand.choose("picture")
    hand.row("Skip", hand.keys("m"), value("picture", "skip", True))
    hand.row("Collapse", hand.keys("h"), value("picture", "collapsed", True))

    def renamed(open_field: Callable[[], object], name: str) -> Callable[[], None]:
        def written() -> None:
            open_field()
            hand.window.until("the field of the title", lambda seen: seen["field"])
            hand.screen.key("ctrl+a")
            hand.screen.type(name)
            hand.screen.key("Return")

        return written

    hand.row("Rename", renamed(hand.keys("F2"), "Hero shot"), value("picture", "title", "Hero shot"))
    on_title = hand.title("keep")
    hand.row(
        "Rename", renamed(lambda: hand.screen.click(on_title, times=2), "Out"), value("keep", "title", "Out")
    )


def test_frames_and_order(start: Start) -> None:
    hand = Hand(start())
    hand.choose("keep", "note")
    after = hand.row("Put in a frame", hand.keys("ctrl+g"), lambda seen: len(seen.document["frames"]) == 2)
    assert set(after["selected"]) == {"keep", "note"}
    x, y, width, height = hand.look()["frames"]["references"]
    hand.nothing()
    hand.screen.click((x + width - 30, y + 10))
    hand.window.until("the frame selected", lambda seen: seen["framed"] == ["references"])
    hand.row("Unframe", hand.keys("ctrl+shift+g"), lambda seen: not seen.document.get("frames"))
    hand.row(
        "Resize frame",
        hand.drag((x + width - 4, y + height - 4), (x + width + 30, y + height + 20)),
        lambda seen: seen["frames"]["references"][2] > width + 20,
    )
    hand.nothing()
    before = hand.look()
    after = hand.row("Tidy", hand.keys("shift+l"))
    assert place(after, "picture") != place(before, "picture")
    columns = [place(after, id)[0] for id in ("words", "picture", "keep")]
    assert columns == sorted(columns)
