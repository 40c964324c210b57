"""What a hand does on the canvas, and what has to be true of it: one step, undone and done again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.support.screen import Point
from tests.support.window import View, Window, middle

EMPTY: Point = (780, 660)
"""Of the example in the window of the journeys: nothing lies there."""
ALSO_EMPTY: Point = (900, 780)


class Hand:
    """Real mouse and keyboard on the example. After each row the document is as it was before."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.screen = window.screen
        self.screen.click(EMPTY)
        window.still()

    def look(self) -> View:
        return self.window.still()

    def body(self, id: str) -> Point:
        return middle(self.look()["nodes"][id])

    def title(self, id: str) -> Point:
        x, y, width, _ = self.look()["nodes"][id]
        return x + width // 3, y + 14

    def wire(self, link: str, place: int = 1) -> Point:
        """A point on a link (`words.text>picture.prompt`): 0 a quarter of the way, 1 the middle, 2 beyond."""
        x, y = self.look()["wires"][link][place]
        return x, y

    def socket(self, end: str) -> Point:
        x, y = self.look()["sockets"][end]
        return x, y

    def choose(self, *ids: str) -> None:
        """Selects cards by clicks on their titles, with Shift from the second on."""
        for place, id in enumerate(ids):
            at = self.title(id)
            self.screen.held(["shift"] if place else [], lambda at=at: self.screen.click(at))  # type: ignore[misc]
        self.window.until("what was selected", lambda seen: set(seen["selected"]) == set(ids))

    def nothing(self) -> None:
        self.screen.click(EMPTY)
        self.window.until("nothing selected", lambda seen: not seen["selected"] and not seen["framed"])

    def row(self, label: str, doing: Callable[[], object], there: Callable[[View], object] = bool) -> View:
        """One gesture is one step; undone and done again it is the same; then it is taken back."""
        before = self.look()
        done = self.window.step(label, doing, there)
        done = self.window.until(f"the end of “{label}”", lambda seen: not seen["gesture"] and there(seen))
        assert done["position"] == before["position"] + 1, done.labels
        self._undo(before)
        self.screen.key("ctrl+shift+z")
        self.window.until(f"“{label}” again", lambda seen: seen["document"] == done["document"])
        self._undo(before)
        return done

    def no_row(self, doing: Callable[[], object], there: Callable[[View], object] = bool) -> View:
        """What only changes what is seen or selected is no step."""
        before = self.look()
        doing()
        after = self.window.until("what is seen", there)
        assert (after["document"], after["position"]) == (before["document"], before["position"])
        return after

    def keys(self, *keys: str) -> Callable[[], None]:
        return lambda: self.screen.key(*keys)

    def drag(self, start: Point, end: Point, *keys: str, button: int = 1) -> Callable[[], None]:
        return lambda: self.screen.drag(start, end, button=button, keys=keys)

    def search(self, typed: str) -> None:
        """In the search that is open: types, and takes the best."""
        self.window.until("the search", lambda seen: seen["focus"] == "Search nodes")
        self.screen.type(typed)
        self.window.until("what is typed", lambda seen: (seen.widget("Search nodes") or {})["text"] == typed)
        self.screen.key("Return")

    def _undo(self, before: View) -> None:
        self.screen.key("ctrl+z")
        self.window.until("undone", lambda seen: seen["document"] == before["document"])


def new_in(before: View, after: View) -> str:
    """The id of the one node that came."""
    old, new = set(before.document["nodes"]), set(after.document["nodes"])
    (id,) = new - old
    return str(id)


def moved(point: Point, by: Sequence[int]) -> Point:
    return point[0] + by[0], point[1] + by[1]
