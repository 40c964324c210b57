"""A graph built, run, deleted and undone through the outline: a real keyboard, and no mouse at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.conftest import Start
from tests.support.window import ROOT, View, Window

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]
PHOTOGRAPH = ROOT / "resources" / "examples" / "refs" / "coffee.png"
WORDS = "A photo of @coffee on a table."
OUTLINE = "outline-tree"


class Typist:
    """Keys alone. Each `add`, `link` … must be one step of the document."""

    def __init__(self, window: Window) -> None:
        self.window, self.key, self.type = window, window.screen.key, window.screen.type

    def at(self, name: str) -> View:
        return self.window.until(f"the keyboard at {name}", lambda seen: seen["focus"] == name)

    def outline(self) -> None:
        if self.window.look()["focus"] != OUTLINE:
            self.key("ctrl+shift+o")
            self.at(OUTLINE)

    def none(self) -> None:
        self.key("Escape")
        self.window.until("nothing selected", lambda seen: not seen["selected"])

    def go(self, node: str) -> None:
        """To a node's row: down from the top, row by row, over what is open on the way."""
        self.outline()
        was = self.window.still()["selected"]
        self.key("Home")
        self.window.soon(lambda seen: seen["selected"] != was)
        for _ in range(20):
            before = self.window.still()["selected"]
            if before == [node]:
                return
            self.key("Down")
            self.window.soon(lambda seen, before=before: seen["selected"] != before)
        self.window.fail(f"{node} was not reached")

    def add(self, typed: str, kind: str, title: str) -> str:
        before = self.window.look().of_kind(kind)

        def doing() -> None:
            self.key("shift+a")
            self.at("Search nodes")
            self.type(typed)
            self.key("Return")

        view = self.window.step(f"Add {title}", doing)
        self.at(OUTLINE)
        (made,) = set(view.of_kind(kind)) - set(before)
        return made

    def link(self, node: str, typed: str) -> View:
        self.go(node)

        def doing() -> None:
            self.key("ctrl+l")
            self.window.focus("Link ")
            self.at("link-search")
            self.type(typed)
            self.key("Return")

        view = self.window.step("Link", doing)
        self.window.until("the list closed", lambda seen: not seen.title("Link "))
        self.window.focus("[*]")
        self.at(OUTLINE)
        return view

    def write(self, node: str, text: str) -> None:
        """Enter opens the field over the card; Esc closes it."""
        self.go(node)
        self.key("Return")
        self.at("prompt-editor")
        self.window.step("Type", lambda: self.type(text), lambda seen: text_of(seen, node) == text)
        self.key("Escape")
        if self.window.still()["field"] is not None:  # the list of tags was open
            self.key("Escape")
        self.window.until("the field closed", lambda seen: seen["field"] is None)

    def choose(self, node: str, photograph: Path) -> None:
        """Enter goes to the fields, Tab to the button that opens the file dialog."""
        self.go(node)
        self.key("Return")
        self.at("node-title")
        self.key("Tab")
        self.window.until("the next field", lambda seen: seen["focus"] != "node-title")

        def doing() -> None:
            self.key("space")
            self.window.answer_file("Choose a photograph", photograph)

        self.window.step("Choose photograph", doing)


def text_of(view: View, node: str) -> str:
    return str(view.document["nodes"][node]["values"].get("text", ""))


def test_a_graph_through_the_outline(start: Start) -> None:
    window = start()
    typist = Typist(window)
    typist.key("ctrl+n")
    window.until("an empty canvas", lambda seen: not seen.document["nodes"])
    typist.outline()

    prompt = typist.add("prompt", "prompt", "Prompt")
    typist.write(prompt, WORDS)
    typist.outline()
    typist.none()
    photograph = typist.add("reference", "reference-image", "Reference Image")
    typist.choose(photograph, PHOTOGRAPH)
    typist.outline()
    typist.none()
    model = typist.add("gen4", "gen4-image", "Gen4 Image")
    save = typist.add("save", "save-image", "Save Image")
    assert window.look().links() == {(f"{model}.image", f"{save}.image", "")}, (
        "joined on to what was selected"
    )
    typist.link(prompt, "gen4 prompt")
    typist.link(photograph, "gen4 reference")

    typist.go(model)
    typist.key("Right", "Down", "Down", "F2")
    typist.at("outline-title")
    typist.type("coffee")
    view = window.step("Tag", lambda: typist.key("Return"))
    assert view.links() == {
        (f"{model}.image", f"{save}.image", ""),
        (f"{prompt}.text", f"{model}.prompt", ""),
        (f"{photograph}.image", f"{model}.reference_images", "coffee"),
    }
    window.until("no mistakes", lambda seen: not any(seen["problems"].values()))

    run_delete_undo(typist, model)
    typist.key("ctrl+q")
    if window.look()["dirty"]:
        window.focus("Save changes?")
        typist.key("Tab", "space")
    assert window.wait_closed() == 0
    assert window.errors() == ""


def run_delete_undo(typist: Typist, model: str) -> None:
    window = typist.window
    typist.go(model)
    before = window.look()
    typist.key("F5")
    view = window.until("a picture", lambda seen: seen["runs"].get(model, {}).get("state") == "done")
    assert (view["document"], view["position"]) == (before["document"], before["position"]), (
        "a run is no step"
    )
    window.until("at rest", lambda seen: not seen["busy"])
    view = window.step("Delete", lambda: typist.key("Delete"))
    assert model not in view.document["nodes"]
    assert len(view.document["links"]) == 0
    typist.key("ctrl+z")
    view = window.until("undone", lambda seen: seen["position"] == before["position"])
    assert view["document"] == before["document"]
    whole, steps, documents = view["document"], view["position"], [view["document"]]
    for left in reversed(range(steps)):
        typist.key("ctrl+z")
        documents.append(window.until("undone", lambda seen, left=left: seen["position"] == left)["document"])
    assert not window.look().document["nodes"]
    assert len(set(documents)) == steps + 1, "every step changes something"
    for done in range(1, steps + 1):
        typist.key("ctrl+y")
        view = window.until("done again", lambda seen, done=done: seen["position"] == done)
    assert view["document"] == whole
