"""Pictures compared by a real mouse and keyboard: none of it is a step of the document."""

from __future__ import annotations

import time

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.journeys.conftest import Start
from tests.support.hand import Hand, moved
from tests.support.screen import Point
from tests.support.window import View

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]
Box = tuple[int, int, int, int]
PATIENCE = 30.0


class Compared:
    """The comparison on the screen."""

    def __init__(self, hand: Hand) -> None:
        self.hand, self.screen = hand, hand.screen
        widget = hand.window.until("the comparison", lambda seen: seen.widget("comparison")).widget(
            "comparison"
        )
        assert widget is not None
        self.left, self.top, self.width, self.height = widget["rect"]
        self.calm()

    def at(self, across: float, down: float = 0.5) -> Point:
        return self.left + round(self.width * across), self.top + round(self.height * down)

    def part(self, start: float, end: float) -> Image.Image:
        """Of what is on the screen, between two places across; without the labels above and below."""
        (left, top), (right, low) = self.at(start, 0.15), self.at(end, 0.85)
        return self.screen.picture().crop((left, top, right, low))

    def calm(self) -> None:
        """Waits until what is on the screen stays; the pointer, which is seen too, is taken away."""
        self.screen.move(self.at(0.5, 0.05))
        before, since = self.part(0, 1), time.monotonic()
        deadline = since + PATIENCE
        while time.monotonic() - since < 0.6:
            time.sleep(0.1)
            now = self.part(0, 1)
            if differ(now, before):
                before, since = now, time.monotonic()
            assert time.monotonic() < deadline, "it does not come to rest"

    def key(self, *keys: str) -> None:
        self.screen.key(*keys)
        self.calm()

    def text(self, name: str) -> str:
        return str((self.hand.look().widget(name) or {"text": ""})["text"])


def differ(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox() is not None


def apart(one: Image.Image, other: Image.Image) -> float:
    """Levels of 255 by which pixels are apart on average: of a scaled picture the smoothing may differ."""
    return ImageStat.Stat(ImageChops.difference(one, other).convert("L")).mean[0]


def opened(hand: Hand) -> tuple[Compared, View]:
    """Two photographs: one selected, the other clicked."""
    hand.choose("cup")
    before, at = hand.look(), hand.title("person")
    hand.screen.held(["ctrl", "shift"], lambda: hand.screen.click(at))
    return Compared(hand), before


def test_the_divider_of_a_wipe_is_dragged(start: Start) -> None:
    hand = Hand(start())
    seen, before = opened(hand)
    b = seen.part(0.55, 0.85)
    seen.screen.drag(seen.at(0.5), seen.at(0.9))
    seen.calm()
    a = seen.part(0.55, 0.85)
    assert differ(a, b), "A is seen where B was"
    seen.key("x")
    assert not differ(seen.part(0.55, 0.85), b), "swapped: B, in the same place, pixel for pixel"
    seen.key("x")
    assert not differ(seen.part(0.55, 0.85), a)
    seen.screen.key("Escape")
    after = hand.window.until("the canvas again", lambda seen: not seen.widget("comparison"))
    assert (after["document"], after["position"]) == (before["document"], before["position"])
    assert set(after["selected"]) == {"cup", "person"}
    hand.no_row(hand.keys("c"), lambda seen: seen.widget("comparison"))


def test_pan_and_zoom_go_over_both(start: Start) -> None:
    hand = Hand(start())
    seen, _ = opened(hand)
    seen.key("s")
    fitted = [seen.part(0.0, 0.49), seen.part(0.51, 1.0)]
    zoom = seen.text("compare-zoom")
    seen.screen.click(seen.at(0.25), button=4, times=4)
    seen.calm()
    zoomed = [seen.part(0.0, 0.49), seen.part(0.51, 1.0)]
    assert seen.text("compare-zoom") != zoom
    assert all(differ(one, other) for one, other in zip(fitted, zoomed, strict=True)), "both have grown"
    start_at = seen.at(0.75)
    seen.screen.drag(start_at, moved(start_at, (70, 40)))
    seen.calm()
    panned = [seen.part(0.0, 0.49), seen.part(0.51, 1.0)]
    for one, other in zip(zoomed, panned, strict=True):
        width, height = one.size
        kept, before = other.crop((70, 40, width, height)), one.crop((0, 0, width - 70, height - 40))
        assert apart(kept, before) < 1.5, "both went along, by as much"
        assert apart(kept, other.crop((0, 0, width - 70, height - 40))) > 6
    seen.key("f")
    back = [seen.part(0.0, 0.49), seen.part(0.51, 1.0)]
    assert not any(differ(one, other) for one, other in zip(fitted, back, strict=True))


def test_keys_choose_what_is_seen(start: Start) -> None:
    hand = Hand(start())
    seen, _ = opened(hand)
    seen.key("d")
    assert hand.window.until("the factor", lambda view: view.widget("compare-tuned"))
    assert seen.text("compare-tuned") == "× 8"
    weak = seen.part(0, 1)
    seen.key("bracketright")
    assert seen.text("compare-tuned") == "× 16"
    assert differ(seen.part(0, 1), weak)
    seen.screen.key("b")
    seen.screen.move(seen.at(0.3, 0.05))
    time.sleep(0.3)
    pictures = blinked(seen)
    assert pictures, "it blinks by itself"
    seen.key("space")
    shown = seen.part(0, 1)
    seen.key("space")
    assert differ(seen.part(0, 1), shown), "and by hand"
    hand.window.press("compare-wipe")
    seen.calm()
    assert hand.look().widget("compare-tuned") is None


def blinked(seen: Compared) -> bool:
    first, deadline = seen.part(0, 1), time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if differ(seen.part(0, 1), first):
            return True
        time.sleep(0.1)
    return False
