"""Hands that do what comes into their heads: real mouse, real keyboard, a seed, and few expectations."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

from tests.support.steady import Diary
from tests.support.window import View, Window, middle

MOST_NODES = 60
MOST_FILES = 5
WORDS = ("a cup of coffee", "morning fog", "soft light, ", "@coffee on a table ", "in the rain. ")
KINDS = ("prompt", "gen4", "reference", "preview", "save", "note")
SHORT = 1.5
QUIET = 0.12


class RandomHands:
    """`one` makes a gesture and leaves the window with no dialog, no field and no menu open."""

    def __init__(self, window: Window, seed: int, folder: Path) -> None:
        self.window, self.screen = window, window.screen
        self.diary = Diary()
        self._chance = random.Random(seed)
        self._folder = folder
        self._files: list[Path] = []
        self._number = 0
        often: dict[Callable[[], None], int] = {
            self.add: 6, self.link: 8, self.move: 8, self.box: 4, self.duplicate: 3, self.delete: 3,
            self.undo: 5, self.redo: 3, self.frame: 2, self.unframe: 1, self.tidy: 2, self.toggle: 4,
            self.zoom: 5, self.pan: 4, self.fit: 3, self.type_words: 6, self.change_seed: 4, self.run: 6,
            self.cancel: 2, self.save: 2, self.new: 1, self.open: 2, self.copy: 2, self.look: 2,
            self.panels: 3, self.find: 1, self.walk: 3, self.theme: 1, self.dialogs: 1, self.menu: 2,
        }  # fmt: skip
        self._gestures, self._weights = list(often), list(often.values())

    def one(self) -> None:
        """A random gesture; when there are too many nodes, some go."""
        crowded = len(self.seen().document["nodes"]) > MOST_NODES
        (gesture,) = [self.clear] if crowded else self._chance.choices(self._gestures, weights=self._weights)
        self.diary.begin(gesture.__name__)
        gesture()
        self.diary.begin(f"after {gesture.__name__}")
        self.settle()

    # --- looking ---

    def seen(self) -> View:
        return self.window.look()

    def soon(self, there: Callable[[View], object], seconds: float = SHORT) -> bool:
        """Whether it comes within a moment."""
        deadline = time.monotonic() + seconds
        while not there(self.seen()):
            if self.window.process.poll() is not None:
                self.window.fail("the program is gone")
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def settle(self) -> None:
        """Closes what a gesture has left open, and gives the keyboard back to the window."""
        for _ in range(12):
            view = self.seen()
            others = [one for one in view["windows"] if one["menu"] or "[*]" not in one["title"]]
            others = [one for one in others if one["title"] or one["menu"]]
            if view["field"] is None and not others and view["focus"] not in ("Search nodes", "command-line"):
                break
            self._close(view, others)
            time.sleep(QUIET)
        else:
            self.window.fail(f"cannot be closed: {others}")
        self.window.focus("[*]")

    def _close(self, view: View, others: list[dict[str, object]]) -> None:
        question = next((one for one in others if one["title"] == "Save changes?"), None)
        if question is not None:
            self.window.focus("Save changes?")
            self.window.press("saving-discard")
        elif others:
            titled = next((str(one["title"]) for one in others if not one["menu"]), "")
            if titled:
                self.window.focus(titled)
            self.screen.key("Escape")
        else:
            self.screen.key("Escape")

    def spot(self) -> tuple[int, int]:
        """Somewhere on the canvas."""
        x, y, width, height = self.seen()["canvas"]
        return self._chance.randrange(x + 30, x + width - 30), self._chance.randrange(y + 60, y + height - 30)

    def empty(self) -> tuple[int, int]:
        """Somewhere on the canvas where no card is, if there is such a place."""
        cards = self.seen()["nodes"].values()
        for _ in range(40):
            x, y = self.spot()
            if not any(a - 8 < x < a + w + 8 and b - 8 < y < b + h + 8 for a, b, w, h in cards):
                break
        return x, y

    def visible(self) -> list[str]:
        """Nodes whose title is on the canvas."""
        view = self.seen()
        x, y, width, height = view["canvas"]
        return [
            id
            for id, (a, b, w, _) in view["nodes"].items()
            if x < a + w // 2 < x + width - 200 and y + 60 < b + 14 < y + height - 20
        ]

    def title(self, id: str) -> tuple[int, int]:
        a, b, w, _ = self.seen()["nodes"][id]
        return a + w // 2, b + max(3, int(14 * self.seen()["zoom"]))

    def select(self, *kinds: str) -> str:
        """Clicks a card; its id, or nothing where none is seen."""
        nodes = self.seen().document["nodes"]
        ids = [id for id in self.visible() if id in nodes and (not kinds or nodes[id]["kind"] in kinds)]
        if not ids:
            return ""
        id = self._chance.choice(ids)
        self.screen.click(self.title(id))
        return id if self.soon(lambda view: view["selected"] == [id], 0.5) else ""

    def canvas(self) -> None:
        """The keyboard for the canvas, and nothing selected."""
        self.screen.click(self.empty())

    # --- what hands do ---

    def add(self) -> None:
        if self._chance.random() < 0.5:
            self.screen.click(self.empty(), times=2)
        else:
            self.canvas()
            self.screen.key("Tab")
        if self.soon(lambda view: view["focus"] == "Search nodes"):
            self.screen.type(self._chance.choice(KINDS))
            self.screen.key("Return" if self._chance.random() < 0.8 else "Escape")

    def link(self) -> None:
        view = self.seen()
        x, y, width, height = view["canvas"]
        on = [at for at in view["sockets"].values() if x < at[0] < x + width and y < at[1] < y + height]
        if len(on) > 1:
            start, end = self._chance.sample(on, 2)
            self.screen.drag(tuple(start), tuple(end) if self._chance.random() < 0.85 else self.empty())

    def move(self) -> None:
        ids = self.visible()
        if ids:
            self.screen.drag(self.title(self._chance.choice(ids)), self.spot())

    def box(self) -> None:
        self.screen.drag(self.empty(), self.spot())

    def duplicate(self) -> None:
        if self.select():
            self.screen.key(self._chance.choice(("ctrl+d", "ctrl+shift+d")))

    def delete(self) -> None:
        if self.select():
            self.screen.key(self._chance.choice(("Delete", "ctrl+Delete")))

    def clear(self) -> None:
        """Half of what is there goes."""
        self.canvas()
        self.screen.key("Home", "ctrl+a", "Delete")

    def undo(self) -> None:
        self.canvas()
        self.screen.key(*["ctrl+z"] * self._chance.randrange(1, 5))

    def redo(self) -> None:
        self.canvas()
        self.screen.key(*["ctrl+shift+z"] * self._chance.randrange(1, 5))

    def frame(self) -> None:
        self.box()
        self.screen.key("ctrl+g")

    def unframe(self) -> None:
        self.canvas()
        self.screen.key("ctrl+a", "ctrl+shift+g")

    def tidy(self) -> None:
        self.canvas()
        self.screen.key("ctrl+a", "shift+l")

    def toggle(self) -> None:
        if self.select():
            self.screen.key(self._chance.choice(("h", "m", "l", "n")))

    def zoom(self) -> None:
        self.screen.click(self.spot(), button=self._chance.choice((4, 5)), times=self._chance.randrange(1, 6))

    def pan(self) -> None:
        start, end = self.spot(), self.spot()
        self.screen.do("mousemove", *start, "mousedown", 2)
        self.screen.glide(start, end)
        self.screen.do("mouseup", 2)

    def fit(self) -> None:
        self.canvas()
        self.screen.key(self._chance.choice(("Home", "ctrl+0", "ctrl+plus", "ctrl+minus")))

    def walk(self) -> None:
        if self.select():
            self.screen.key(*self._chance.choices(("Left", "Right", "Up", "Down", "ctrl+Left"), k=5))

    def type_words(self) -> None:
        id = self.select("prompt", "note")
        place = self.seen()["nodes"].get(id)
        if place is None:
            return
        self.screen.click(middle(place), times=2)
        if self.soon(lambda view: view["field"] is not None):
            if self._chance.random() < 0.3:
                self.screen.key("ctrl+a")
            self.screen.type(self._chance.choice(WORDS))
            self.screen.key("Escape", "Escape")

    def change_seed(self) -> None:
        id = self.select("gen4-image")
        there = id and self.soon(lambda view: view.widget("seed")) and self.window.press_if_there("seed")
        if there and self.soon(lambda view: view["focus"] == "seed"):
            self.screen.key("ctrl+a")
            self.screen.type(str(self._chance.randrange(1, 10**6)))
            self.screen.key("Return")

    def run(self) -> None:
        self.select("gen4-image")
        self.screen.key("F5")
        if self._chance.random() < 0.7:
            self.soon(lambda view: view["busy"], 0.5)
            self.soon(lambda view: not view["busy"], 6)

    def cancel(self) -> None:
        self.screen.key("F5")
        time.sleep(self._chance.random() * 0.4)
        self.screen.key("ctrl+period")

    def copy(self) -> None:
        if self.select():
            self.screen.key("ctrl+c")
            self.screen.move(self.empty())
            self.screen.key("ctrl+v")

    def look(self) -> None:
        if self.select("gen4-image", "reference-image"):
            self.screen.key("space")
            if self.soon(lambda view: view.widget("viewer")):
                time.sleep(0.3)
                self.screen.key("Escape")

    def panels(self) -> None:
        key = self._chance.choice(("ctrl+shift+o", "ctrl+alt+z", "ctrl+1", "ctrl+2", "ctrl+3", "F6"))
        self.screen.key(key)
        time.sleep(0.2)
        self.screen.key(key)

    def find(self) -> None:
        self.screen.key("ctrl+f")
        self.screen.type(self._chance.choice(("coffee", "fog", "zzz")))
        self.screen.key("Return", "Escape")

    def theme(self) -> None:
        self.commanded("dark or light")

    def dialogs(self) -> None:
        self.screen.key("ctrl+shift+q") if self._chance.random() < 0.5 else self.commanded("keyboard")
        time.sleep(0.4)

    def commanded(self, words: str) -> None:
        self.screen.key("ctrl+shift+p")
        time.sleep(0.15)
        self.screen.type(words)
        self.screen.key("Return")

    def menu(self) -> None:
        self.screen.click(self.spot(), button=3)
        time.sleep(0.15)
        self.screen.key("Escape")

    # --- files ---

    def save(self) -> None:
        self.canvas()
        self.screen.key("ctrl+s")
        if not self.soon(lambda view: view.title("Save as"), 1.0):
            return
        self._number += 1
        path = self._folder / f"work-{self._number}.tagloom"
        self.window.focus("Save as")
        self.screen.key("ctrl+a")
        self.screen.type(str(path))
        self.screen.key("Return")
        if self.soon(lambda view: not view.title("Save as")):
            self._files = [*self._files, path][-MOST_FILES:]

    def new(self) -> None:
        self.canvas()
        self.screen.key("ctrl+n")
        self._given_up()

    def open(self) -> None:
        """The example, or what was saved before."""
        if not self._files or self._chance.random() < 0.5:
            self.commanded("open the example")
            self._given_up()
            return
        self.screen.key("ctrl+o")
        self._given_up()
        if self.soon(lambda view: view.title("Open")):
            self.window.focus("Open")
            self.screen.key("ctrl+a")
            self.screen.type(str(self._chance.choice(self._files)))
            self.screen.key("Return")
            self.soon(lambda view: not view.title("Open"))

    def _given_up(self) -> None:
        """What was not saved is not wanted."""
        if self.soon(lambda view: view.title("Save changes?"), 0.7):
            self.window.focus("Save changes?")
            self.window.press("saving-discard")
            self.soon(lambda view: not view.title("Save changes?"))
