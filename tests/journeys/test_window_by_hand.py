"""The main job by a real mouse and a real keyboard, from an empty canvas to the same bytes in a terminal."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import pytest

from tests.journeys.conftest import Shelve, Start
from tests.support.window import ROOT, View, Window, run_in_terminal

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

WORDS = (
    "Professional product photo of @sneaker worn by @model in @studio setting, "
    "dramatic lighting, commercial quality."
)
PHOTOGRAPHS = {"coffee.png": "sneaker", "astronaut.png": "model", "brick.png": "studio"}


def photographs(folder: Path) -> list[Path]:
    """Copies outside of every document's folder, as on an artist's desktop."""
    folder.mkdir()
    source = ROOT / "resources" / "examples" / "refs"
    return [Path(shutil.copy(source / name, folder)) for name in PHOTOGRAPHS]


def add_by_search(window: Window, at: tuple[int, int], typed: str, kind: str, title: str) -> str:
    """Double click on empty canvas, search, Enter; the id of the new node."""
    window.screen.click(at, times=2)
    window.until("the search", lambda seen: seen["focus"] == "Search nodes")
    window.screen.type(typed)
    window.until("what is typed", lambda seen: (seen.widget("Search nodes") or {})["text"] == typed)
    view = window.step(f"Add {title}", lambda: window.screen.key("Return"))
    assert len(view.of_kind(kind)) == 1
    return view.of_kind(kind)[0]


def write_prompt(window: Window, node: str) -> None:
    """Double click on the card, every tag by its completion."""
    x, y, width, height = window.look()["nodes"][node]
    window.screen.click((x + width // 2, y + height - 20), times=2)
    window.until("the prompt's field", lambda seen: seen["focus"] == "prompt-editor")
    written = ""
    for before, tag in re.findall(r"([^@]*)@(\w+) ", WORDS):
        window.screen.type(f"{before}@{tag[:2]}")
        window.until(f"@{tag} offered", lambda seen: seen.widget("completion"))
        window.screen.key("Return")
        written += f"{before}@{tag} "
        window.until(f"@{tag} completed", lambda seen, so_far=written: text_of(seen, node) == so_far)
    window.screen.type(WORDS[len(written) :])
    window.until("the whole prompt", lambda seen: text_of(seen, node) == WORDS)
    window.screen.key("Escape")
    window.until("the field closed", lambda seen: seen["field"] is None)


def text_of(view: View, node: str) -> str:
    return str(view.document["nodes"][node]["values"].get("text", ""))


def build(window: Window, shelve: Shelve, desktop: Path) -> str:
    """The example on an empty canvas, gesture by gesture; its model's id."""
    window.screen.click((700, 780))
    window.screen.key("ctrl+n")
    window.until("an empty canvas", lambda seen: not seen.document["nodes"] and seen["path"] == "")
    shelf = shelve(photographs(desktop))

    model = add_by_search(window, (950, 300), "gen4", "gen4-image", "Gen4 Image")
    prompt = add_by_search(window, (300, 120), "prompt", "prompt", "Prompt")

    view = window.step(
        "Add photographs", lambda: shelf.drag(list(PHOTOGRAPHS), (330, 380), there=lambda: window.aimed(0))
    )
    references = view.of_kind("reference-image")
    assert len(references) == 3
    files = {Path(view.document["nodes"][id]["values"]["file"]).name: id for id in references}
    apart(window, [files[name] for name in PHOTOGRAPHS])

    window.step("Link", lambda: window.link(f"{prompt}.text", f"{model}.prompt"))
    for name in PHOTOGRAPHS:
        window.step("Link", lambda id=files[name]: window.link(f"{id}.image", f"{model}.reference_images"))
    window.open_title(model)
    tags = ", ".join(PHOTOGRAPHS.values())
    view = window.step("Set tags", lambda: window.write("reference_tags", tags, "Return"))
    wanted = {(f"{files[name]}.image", f"{model}.reference_images", tag) for name, tag in PHOTOGRAPHS.items()}
    assert view.links() == wanted | {(f"{prompt}.text", f"{model}.prompt", "")}
    window.step("Change Seed", lambda: window.write("seed", "42", "Return"))
    before = window.look()["position"]
    write_prompt(window, prompt)
    view = window.until("no mistakes", lambda seen: not any(seen["problems"].values()))
    assert view.labels[before:] == ["Type"], "typing is one step"
    return model


def test_the_example_by_hand(start: Start, shelve: Shelve, tmp_path: Path) -> None:
    window = start()
    screen = window.screen
    model = build(window, shelve, tmp_path / "desktop")
    undone_and_done_again(window)

    file = tmp_path / "campaign" / "sneaker.tagloom"
    file.parent.mkdir()
    screen.key("ctrl+s")
    window.answer_file("Save as", file)
    window.until("saved", lambda seen: seen["path"] == str(file) and not seen["dirty"])
    saved = window.look().document
    assert sorted(one.name for one in (file.parent / "refs").iterdir()) == sorted(PHOTOGRAPHS)

    window.press("run")
    view = window.until("a picture", lambda seen: seen["runs"].get(model, {}).get("state") == "done")
    picture = view["runs"][model]
    made = Path(picture["path"]).read_bytes()
    assert hashlib.sha256(made).hexdigest() == picture["sha256"]
    assert picture["seed"] == 42
    window.until("at rest", lambda seen: not seen["busy"])
    screen.key("ctrl+q")
    assert window.wait_closed() == 0
    assert window.errors() == ""

    again = start()
    view = again.until("the picture of before", lambda seen: seen["runs"].get(model, {}).get("sha256"))
    assert view["path"] == str(file)
    assert view.document == saved
    assert (view["runs"][model]["sha256"], view["runs"][model]["reused"]) == (picture["sha256"], True)
    screen.key("ctrl+q")
    assert again.wait_closed() == 0

    code, events = run_in_terminal(tmp_path / "elsewhere", "run", str(file), "-o", str(tmp_path), "--json")
    assert code == 0
    (image,) = events[-1]["images"]
    assert (image["sha256"], image["reused"]) == (picture["sha256"], False)
    assert Path(image["path"]).read_bytes() == made


def apart(window: Window, ids: list[str]) -> None:
    """Photographs dropped together lie over each other: each is moved to its own place, one step each."""
    window.screen.click((700, 780))
    window.until("nothing selected", lambda seen: not seen["selected"])
    for place, id in reversed(list(enumerate(ids))):
        x, y, width, _ = window.look()["nodes"][id]
        start, end = (x + width // 2, y + 12), (330, 300 + 165 * place)
        window.step("Move", lambda start=start, end=end: window.screen.drag(start, end))


def undone_and_done_again(window: Window) -> None:
    """Every gesture, back to the empty canvas and forth to the same document."""
    view = window.still()
    whole, steps = view["document"], view["position"]
    documents = []
    for left in reversed(range(steps)):
        window.screen.key("ctrl+z")
        documents.append(window.until("undone", lambda seen, left=left: seen["position"] == left)["document"])
    assert not window.look().document["nodes"]
    assert len(set(documents)) == steps, "every step changes something"
    for done in range(1, steps + 1):
        window.screen.key("ctrl+shift+z")
        view = window.until("done again", lambda seen, done=done: seen["position"] == done)
    assert view["document"] == whole
