"""The main job from an empty canvas to the end by the keyboard alone: nobody touches a mouse.

`TAGLOOM_LOG=FILE` keeps what was pressed and what the window said of it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.journeys.conftest import Start
from tests.journeys.test_hands_outline import OUTLINE, Typist, text_of
from tests.support.window import ROOT, View, Window

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
PHOTOGRAPHS = {"coffee.png": "cup", "brick.png": "wall"}
WORDS = "A photo of @cup before @wall in soft light"


class Logged(Typist):
    """Says what it does: the step, the keys, and what the window says afterwards."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.lines: list[str] = []
        self._pressed: list[str] = []
        self.key, self.type = self._key, self._type

    def _key(self, *keys: str) -> None:
        self._pressed += keys
        self.window.screen.key(*keys)

    def _type(self, text: str) -> None:
        self._pressed.append(f"“{text}”")
        self.window.screen.type(text)

    def did(self, step: str) -> View:
        view = self.window.still()
        titles = [one["title"] for one in view["windows"] if one["active"]]
        chosen = [view.document["nodes"][id]["kind"] for id in view["selected"]]
        self.lines.append(
            f"{step}\n    keys      {' '.join(self._pressed)}\n    window    {' '.join(titles)}\n"
            f"    keyboard  {view['focus']}\n    selected  {', '.join(chosen) or '-'}\n"
            f"    done      {', '.join(view.labels[-3:]) or '-'}"
        )
        self._pressed.clear()
        return view

    def answer(self, title: str, path: Path) -> None:
        """A file dialog."""
        self.window.focus(title)
        self.key("ctrl+a")
        self.type(str(path))
        self.key("Return")
        self.window.until(f"{title} answered", lambda seen: seen.title(title) is None)
        self.window.focus("[*]")

    def command(self, typed: str) -> None:
        """By its name, from the list of commands."""
        self.key("ctrl+shift+p")
        self.at("Search commands")
        self.type(typed)
        self.key("Return")


def test_the_main_job(start: Start, tmp_path: Path) -> None:
    window = start()
    typist = Logged(window)
    try:
        model, dot = build(typist, tmp_path)
        run_and_look(typist, model)
        save(typist, tmp_path / "shots" / "cup.tagloom")
        take_back(typist, model, dot)
        settings(typist)
        typist.key("ctrl+q")
        assert window.wait_closed() == 0
        typist.lines.append("Quit\n    keys      ctrl+q")
        assert window.errors() == ""
    finally:
        if target := os.environ.get("TAGLOOM_LOG"):
            Path(target).write_text("\n".join((*typist.lines, "")), "utf-8")


def build(typist: Logged, folder: Path) -> tuple[str, str]:
    """Prompt, dot, two photographs, model, tags, words; the ids of model and dot."""
    window = typist.window
    typist.key("ctrl+n")
    window.until("an empty canvas", lambda seen: not seen.document["nodes"])
    typist.did("A new document")
    typist.outline()
    prompt = typist.add("prompt", "prompt", "Prompt")
    typist.did("A prompt, by its name")
    dot = typist.add("re-route", "reroute", "Re-route Dot")
    typist.did("A re-route dot, joined on to the prompt that is selected")
    references = [_photograph(typist, folder, name) for name in PHOTOGRAPHS]
    typist.outline()
    typist.none()
    model = typist.add("gen4", "gen4-image", "Gen4 Image")
    typist.did("A model")
    for source, wanted in ((dot, "prompt"), *((one, "reference") for one in references)):
        typist.link(source, f"gen4 {wanted}")
        typist.did(f"Linked to the model's {wanted}")
    _tag(typist, model)
    typist.go(prompt)
    typist.key("Return")
    typist.at("prompt-editor")
    for before, tag in (("A photo of ", "cup"), ("before ", "wall")):
        typist.type(f"{before}@{tag[:2]}")
        window.until(f"@{tag} offered", lambda seen: seen.widget("completion"))
        typist.key("Return")
        window.until(f"@{tag}", lambda seen, tag=tag: text_of(seen, prompt).endswith(f"@{tag} "))
    typist.type("in soft light")
    window.until("all words", lambda seen: text_of(seen, prompt) == WORDS)
    typist.key("Escape")
    window.until("the field closed", lambda seen: seen["field"] is None)
    typist.did("The prompt's words, tags by @")
    window.until("no mistakes", lambda seen: not any(seen["problems"].values()))
    return model, dot


def _photograph(typist: Logged, folder: Path, name: str) -> str:
    typist.outline()
    typist.none()
    made = typist.add("reference", "reference-image", "Reference Image")
    file = Path(shutil.copy(ROOT / "resources" / "examples" / "refs" / name, folder))
    typist.go(made)
    typist.key("Return")
    typist.at("node-title")
    typist.key("Tab")
    typist.window.until("the next field", lambda seen: seen["focus"] != "node-title")

    def doing() -> None:
        typist.key("space")
        typist.answer("Choose a photograph", file)

    typist.window.step("Choose photograph", doing)
    typist.did(f"A reference image, and {name} for it")
    return made


def _tag(typist: Logged, model: str) -> None:
    """In the fields of the model."""
    typist.go(model)
    typist.key("Return")
    typist.at("node-title")
    for _ in range(12):
        if typist.window.still()["focus"] == "reference_tags":
            break
        typist.key("Tab")
    typist.at("reference_tags")
    typist.key("ctrl+a")
    typist.type(", ".join(PHOTOGRAPHS.values()))
    view = typist.window.step("Set tags", lambda: typist.key("Return"))
    assert {tag for _, _, tag in view.links()} == {"", *PHOTOGRAPHS.values()}
    typist.did("Tags, in the model's fields")


def run_and_look(typist: Logged, model: str) -> None:
    window = typist.window
    typist.go(model)
    typist.key("F5")
    window.until("a picture", lambda seen: seen["runs"].get(model, {}).get("state") == "done")
    typist.did("Run")
    typist.command("look big")
    window.until("the picture, big", lambda seen: seen["focus"] == "viewer")
    typist.did("Look big, by the list of commands")
    typist.key("Escape")
    window.until("back", lambda seen: seen["focus"] != "viewer")
    typist.did("Back to the graph")


def save(typist: Logged, file: Path) -> None:
    window = typist.window
    file.parent.mkdir()
    typist.key("ctrl+s")
    typist.answer("Save as", file)
    window.until("saved", lambda seen: seen["path"] == str(file) and not seen["dirty"])
    assert sorted(one.name for one in (file.parent / "refs").iterdir()) == sorted(PHOTOGRAPHS)
    typist.did("Save")


def take_back(typist: Logged, model: str, dot: str) -> None:
    """The dot goes and its link heals; then the model goes, and comes back."""
    window = typist.window
    (prompt,) = window.look().of_kind("prompt")
    typist.go(dot)
    view = window.step("Delete", lambda: typist.key("ctrl+Delete"))
    assert (f"{prompt}.text", f"{model}.prompt", "") in view.links()
    typist.did("Delete the dot and heal")
    typist.go(model)
    before = window.look()
    window.step("Delete", lambda: typist.key("Delete"))
    typist.did("Delete the model")
    typist.key("ctrl+z")
    window.until("undone", lambda seen: seen["document"] == before["document"])
    typist.did("Undo")
    typist.key("alt+e")
    window.until("the menu Edit", lambda seen: any(one["menu"] for one in seen["windows"]))
    typist.did("The menu Edit")
    typist.key("u")
    window.until("undone", lambda seen: seen["position"] == before["position"] - 1)
    typist.did("Undo, by its letter in the menu")
    typist.key("ctrl+y")
    window.until("again", lambda seen: seen["document"] == before["document"])
    typist.key("ctrl+s")
    window.until("saved", lambda seen: not seen["dirty"])
    typist.did("Redo and save")


def settings(typist: Logged) -> None:
    """The theme, found by its name and changed."""
    window = typist.window
    assert window.look()["dark"]
    typist.key("ctrl+comma")
    window.focus("Settings")
    typist.at("Search settings")
    typist.type("theme")
    typist.key("Return")
    window.until("the theme's field", lambda seen: seen["focus"] != "Search settings")
    typist.key("Down")
    window.until("the light theme", lambda seen: not seen["dark"])
    typist.did("The theme, in the settings")
    typist.key("Escape")
    window.until("settings closed", lambda seen: not seen.title("Settings"))
    window.focus("[*]")
    typist.did("Back")
    assert window.look()["focus"] == OUTLINE
