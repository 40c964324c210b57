"""What else hands do in the window: by a real mouse and keyboard, on the example."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.journeys.conftest import Shelve, Start
from tests.support.window import ROOT, View, Window, middle

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]
REFS = ROOT / "resources" / "examples" / "refs"
MODEL, WORDS = "picture", "words"


def state(view: View, node: str = MODEL) -> str:
    return str(view["runs"].get(node, {}).get("state", ""))


def prompt_of(view: View) -> str:
    return str(view.document["nodes"][WORDS]["values"]["text"])


def tags(view: View) -> list[str]:
    return [one["tag"] for one in view.document["links"] if one.get("tag")]


def run(window: Window) -> None:
    window.screen.key("F5")


def finish(window: Window) -> None:
    """Closes without saving: the question is answered by the mouse."""
    window.screen.key("ctrl+q")
    if window.look()["dirty"]:
        window.focus("Save changes?")
        window.press("saving-discard")
    assert window.wait_closed() == 0
    assert window.errors() == ""


def test_links_tags_and_fields(start: Start) -> None:
    """A refused link, a tag renamed everywhere, undo inside a field, single letters while typing."""
    window = start()
    screen = window.screen
    screen.click((700, 780))
    before = window.still()

    source, target = (tuple(before["sockets"][one]) for one in (f"{WORDS}.text", "keep.image"))
    screen.press(source)
    screen.glide(source, target)
    window.until("the reason", lambda seen: seen["refusal"] == "Takes an image, not words.")
    screen.release()
    view = window.until("the end of the gesture", lambda seen: not seen["gesture"] and not seen["refusal"])
    assert (view["document"], view["position"]) == (before["document"], 0)

    window.open_title(MODEL)
    window.until("the tags in the inspector", lambda seen: seen.widget("reference_tags"))
    view = window.step("Rename @coffee to @espresso", lambda: rename_tag(window, "coffee", "espresso"))
    assert tags(view)[0] == "espresso"
    assert "@espresso held by" in prompt_of(view)
    assert "@coffee" not in prompt_of(view)
    screen.click((700, 780))
    screen.key("ctrl+z")
    view = window.until("the old name", lambda seen: seen["position"] == 0)
    assert view["document"] == before["document"]

    x, y, width, height = view["nodes"][WORDS]
    screen.click((x + width // 2, y + height - 30), times=2)
    window.until("the prompt's field", lambda seen: seen["focus"] == "prompt-editor")
    screen.key("ctrl+End")
    screen.type(" mlhnf and M")
    view = window.until("what was typed", lambda seen: prompt_of(seen).endswith(" mlhnf and M"))
    assert not any("skip" in one or "lock" in one for one in view.document["nodes"].values())
    screen.key("ctrl+z")
    window.until("undone in the field", lambda seen: not prompt_of(seen).endswith("M"))
    screen.type("@wa")
    window.until("@wall offered", lambda seen: seen.widget("completion"))
    screen.key("Tab")
    view = window.until("completed by Tab", lambda seen: prompt_of(seen).rstrip().endswith("@wall"))
    assert view["focus"] == "prompt-editor"
    screen.key("Escape")
    window.until("the field closed", lambda seen: seen["field"] is None)
    finish(window)


def rename_tag(window: Window, old: str, new: str) -> None:
    rows = [one for one in window.look()["widgets"] if (one["name"], one["text"]) == ("tag", old)]
    window.screen.click(middle(rows[0]["rect"]))
    window.screen.key("ctrl+a")
    window.screen.type(new)
    window.screen.key("Return")


def test_runs_that_fail_are_cancelled_and_looked_at(start: Start) -> None:
    window = start(TAGLOOM_SANDBOX_KNOBS="seconds=2.5 fail_next=1 fail_code=SAFETY.INPUT.TEXT")
    screen = window.screen
    screen.click((700, 780))
    run(window)
    view = window.until("a failed node", lambda seen: state(seen) == "failed")
    fault = view["runs"][MODEL]["fault"]
    assert fault
    window.until("at rest", lambda seen: not seen["busy"])
    assert not view["runs"][MODEL]["path"]

    run(window)
    view = window.until("progress", lambda seen: state(seen) == "running")
    window.press("Cancel")
    window.until("cancelled", lambda seen: state(seen) == "cancelled" and not seen["busy"])

    window.press("run")
    view = window.until("a picture", lambda seen: state(seen) == "done" and not seen["busy"])
    before = screen.picture()
    x, y, width, height = view["nodes"][MODEL]
    screen.click((x + width // 2, y + height // 2 + 20), times=2)
    window.until("looked at, big", lambda seen: seen.widget("viewer"))
    window.still()
    assert screen.picture().tobytes() != before.tobytes()
    screen.key("Escape")
    window.until("small again", lambda seen: not seen.widget("viewer"))
    window.open_title(MODEL)
    screen.key("space")
    window.until("looked at by Space", lambda seen: seen.widget("viewer"))
    screen.key("space")
    window.until("and put away", lambda seen: not seen.widget("viewer"))
    assert not window.still().widget("viewer"), "the release of Space opens nothing again"
    pan_with_space(window)

    run(window)
    window.until("reused", lambda seen: state(seen) == "reused" and not seen["busy"])
    finish(window)


def pan_with_space(window: Window) -> None:
    """Space held moves the canvas, and is no look when it is let go."""
    screen, before = window.screen, window.look()["nodes"]
    screen.do("mousemove", 700, 780, "keydown", "space", "mousedown", 1)
    screen.glide((700, 780), (760, 740))
    screen.do("mouseup", 1, "keyup", "space")
    x, y = before[MODEL][:2]
    view = window.until("panned", lambda seen: seen["nodes"][MODEL][:2] == [x + 60, y - 40])
    assert not window.still().widget("viewer")
    assert view["position"] == 0


def test_drops_and_pasted_pictures(start: Start, shelve: Shelve, tmp_path: Path) -> None:
    """On the model adds and links, on a Reference Image replaces, from the clipboard makes a new one."""
    folder = tmp_path / "desktop"
    folder.mkdir()
    files = [Path(shutil.copy(REFS / name, folder / f"my-{name}")) for name in ("coffee.png", "brick.png")]
    window = start()
    shelf = shelve(files)
    screen = window.screen

    def onto(names: list[str], node: str) -> None:
        shelf.drag(names, middle(window.look()["nodes"][node]), there=lambda: window.aimed(1))

    window.open_title(MODEL)
    view = window.until("the fields", lambda seen: seen.widget("Unlink brick.png"))
    window.step("Unlink photograph", lambda: window.press("Unlink brick.png"))

    view = window.step("Add photographs", lambda: onto(["my-coffee.png"], MODEL))
    (new,) = set(view.of_kind("reference-image")) - {"cup", "person", "place"}
    assert (f"{new}.image", f"{MODEL}.reference_images") in {(one[0], one[1]) for one in view.links()}
    assert view.document["nodes"][new]["values"]["file"] == str(files[0])

    view = window.step("Replace photograph", lambda: onto(["my-brick.png"], "cup"))
    assert view.document["nodes"]["cup"]["values"]["file"] == str(files[1])
    assert "coffee" in tags(view), "its tag stays with the link"

    screen.clip(REFS / "astronaut.png")
    screen.click((700, 780))
    screen.move((1000, 700))
    view = window.step("Add photographs", lambda: screen.key("ctrl+v"))
    pasted = view.document["nodes"][view["selected"][0]]["values"]["file"]
    assert Path(pasted).read_bytes() == (REFS / "astronaut.png").read_bytes()
    for _ in range(view["position"]):
        screen.key("ctrl+z")
    view = window.until("everything undone", lambda seen: seen["position"] == 0)
    assert set(view.of_kind("reference-image")) == {"cup", "person", "place"}
    finish(window)


def menu(window: Window, title: str, *items: str) -> None:
    """A command from the menus, by the mouse."""
    view = window.until(f"the menu {title}", lambda seen: place_in_bar(seen, title))
    window.screen.click(middle(place_in_bar(view, title)))
    for item in items:
        view = window.until(f"{item} in the menu", lambda seen, item=item: item_of(seen, item))
        window.screen.click(middle(item_of(view, item)))


def place_in_bar(view: View, title: str) -> list[int]:
    bar = view.widget("menu-bar") or {"items": ()}
    return next((list(one["rect"]) for one in bar["items"] if one["text"] == title), [])


def item_of(view: View, text: str) -> list[int]:
    """Where a line of an open menu is."""
    for one in view["widgets"]:
        for line in one.get("items", ()):
            if one["name"] != "menu-bar" and line["text"].rstrip("…").endswith(text):
                return list(line["rect"])
    return []


def test_files_theme_and_keys(start: Start, tmp_path: Path) -> None:
    """Save as, recent files, the question before closing, another theme, and keys that are never shown."""
    secret = "key_" + "s3cret" * 8
    window = start(RUNWAYML_API_SECRET=secret, RUNWAYML_BASE_URL="http://127.0.0.1:9")
    screen = window.screen
    first = tmp_path / "one" / "first.tagloom"
    first.parent.mkdir()
    screen.click((700, 780))
    screen.key("ctrl+shift+s")
    window.answer_file("Save as", first)
    window.until("saved", lambda seen: seen["path"] == str(first))
    screen.key("ctrl+n")
    window.until("an empty canvas", lambda seen: seen["path"] == "")
    menu(window, "File", "Open recent", first.name)
    window.until("opened again", lambda seen: seen["path"] == str(first) and seen.document["nodes"])

    assert window.look()["dark"]
    menu(window, "View", "Dark or light")
    window.until("light", lambda seen: not seen["dark"])
    # It comes in steps, and is painted when all of it is there.
    window.until("painted", lambda _: min(screen.picture().getpixel((700, 790))) > 150)

    menu(window, "File", "Keys")
    window.focus("Settings")
    view = window.until("where the key comes from", lambda seen: "key from the environment" in seen.said())
    assert secret not in view.said()
    screen.key("Escape")
    window.until("the dialog closed", lambda seen: not seen.title("Settings"))
    window.focus("[*]")

    window.open_title(MODEL)
    screen.key("Delete")
    window.until("changed", lambda seen: seen["dirty"])
    screen.key("ctrl+q")
    window.focus("Save changes?")
    screen.key("Escape")
    window.until("still here", lambda seen: not seen.title("Save changes?") and seen["dirty"])
    window.focus("[*]")
    screen.key("ctrl+q")
    window.focus("Save changes?")
    window.press("saving-save")
    assert window.wait_closed() == 0
    assert '"picture"' not in first.read_text("utf-8")
    assert window.errors() == ""
    assert secret not in (window.folder / "watch-0.jsonl").read_text("utf-8")
    told = [one for one in window.home.rglob("*") if one.is_file()]
    assert len(told) > 3
    assert not [one for one in told if secret.encode() in one.read_bytes()]
