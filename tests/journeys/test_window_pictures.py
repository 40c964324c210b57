"""A picture is saved with its document in it, and dropped on the canvas it opens again: by a real mouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.document.sharing import NAME
from app.imaging.carrying_text import text_in_file
from tests.journeys.conftest import Shelve, Start
from tests.journeys.test_window_doings import MODEL, finish, menu, run, state
from tests.support.screen import Point
from tests.support.window import Window, middle

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]
EMPTY, BESIDE = (700, 780), (800, 500)


def saved(window: Window, command: str, title: str, target: Path) -> bytes:
    """The selected node's picture, by the menu."""
    menu(window, "File", command)
    window.answer_file(title, target)
    window.until(f"{target.name} saved", lambda seen: f"Saved {target.name}." in seen.said())
    return target.read_bytes()


def test_a_picture_there_and_back(start: Start, shelve: Shelve, tmp_path: Path) -> None:
    folder = tmp_path / "desktop"
    folder.mkdir()
    window = start()
    screen = window.screen
    window.open_title(MODEL)
    run(window)
    view = window.until("a draft", lambda seen: state(seen) == "done")
    vendor = Path(view["runs"][MODEL]["path"])
    as_it_came = vendor.read_bytes()

    shot = folder / f"shot{vendor.suffix}"
    carrying = saved(window, "Save picture, re-openable", "Save re-openable", shot)
    clean = saved(window, "Save picture, clean copy", "Save a clean copy", folder / f"clean{vendor.suffix}")
    assert vendor.read_bytes() == as_it_came
    assert b"tagloom" not in clean
    assert len(carrying) > len(clean)
    text = text_in_file(shot, NAME)
    assert text is not None
    assert "Press Run" not in text, "the note stays at home"

    screen.key("Delete")
    window.until("the model gone", lambda seen: MODEL not in seen.document["nodes"] and seen["dirty"])
    shelf = shelve([shot, folder / f"clean{vendor.suffix}"])

    def onto_canvas(name: str, at: Point) -> None:
        shelf.drag([name], at, there=lambda: window.aimed(0))

    window.step("Add photographs", lambda: onto_canvas(f"clean{vendor.suffix}", EMPTY))
    onto_canvas(shot.name, BESIDE)
    window.focus("Save changes?")
    window.press("saving-discard")
    view = window.until("the document of the picture", lambda seen: MODEL in seen.document["nodes"])
    assert (view["path"], view["dirty"], view["position"]) == ("", False, 0)
    assert window.until("its name", lambda seen: seen.title("shot[*]"))
    assert "note" not in {node["kind"] for node in view.document["nodes"].values()}

    cup = middle(window.still()["nodes"]["cup"])
    window.step("Replace photograph", lambda: shelf.drag([shot.name], cup, there=lambda: window.aimed(1)))
    assert window.look().document["nodes"]["cup"]["values"]["file"] == str(shot)
    window.focus("[*]")
    screen.key("ctrl+z")
    window.until("undone", lambda seen: seen["position"] == 0)
    finish(window)

    again = start(str(shot))
    again.until("opened by its name", lambda seen: seen.title("shot[*]") and MODEL in seen.document["nodes"])
    finish(again)
