"""Running, looking, keeping and pasting, by a real mouse and keyboard."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from tests.journeys.conftest import Shelve, Start
from tests.support.hand import ALSO_EMPTY, EMPTY, Hand, new_in
from tests.support.window import ROOT, View

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
REFS = ROOT / "resources" / "examples" / "refs"


def state(view: View, node: str = "picture") -> str:
    return str(view["runs"].get(node, {}).get("state", ""))


def test_running_looking_and_keeping(start: Start) -> None:
    hand = Hand(start(TAGLOOM_SANDBOX_KNOBS="seconds=1.5"))
    window = hand.window
    # What is selected: one of two models.
    hand.choose("picture")
    window.step("Duplicate", hand.keys("ctrl+shift+d"))
    (twin,) = set(hand.look().of_kind("gen4-image")) - {"picture"}
    window.until("the twin selected", lambda seen: seen["selected"] == [twin])
    hand.no_row(hand.keys("ctrl+Return"), lambda seen: state(seen, twin) == "done" and not seen["busy"])
    assert state(hand.look()) != "done", "only what was selected"
    hand.nothing()
    hand.no_row(hand.keys("F5"), lambda seen: state(seen) == "reused" and not seen["busy"])

    hand.choose("picture")
    hand.no_row(hand.keys("space"), lambda seen: seen.widget("viewer"))
    hand.no_row(hand.keys("Escape"), lambda seen: not seen.widget("viewer"))
    hand.row("Lock the result", hand.keys("l"), lambda seen: seen.document["nodes"]["picture"].get("lock"))

    window.step("Change Seed", lambda: window.write("seed", "7", "Return"))
    hand.choose("picture")
    hand.no_row(hand.keys("ctrl+shift+Return"), lambda seen: seen["busy"] and state(seen) == "running")
    hand.no_row(hand.keys("ctrl+period"), lambda seen: state(seen) == "cancelled" and not seen["busy"])


def test_esc_ends_a_gesture_and_not_the_run(start: Start) -> None:
    hand = Hand(start(TAGLOOM_SANDBOX_KNOBS="seconds=4"))
    title = hand.title("note")
    hand.screen.key("F5")
    hand.window.until("a run", lambda seen: state(seen) == "running")
    before = hand.look()
    hand.screen.press(title)
    hand.screen.glide(title, EMPTY)
    hand.window.until("a gesture", lambda seen: seen["gesture"])
    hand.screen.do("key", "Escape")  # without letting the button go first
    hand.window.until("no gesture", lambda seen: not seen["gesture"])
    hand.screen.release()
    view = hand.window.until("the picture all the same", lambda seen: state(seen) == "done")
    assert (view["document"], view["position"]) == (before["document"], before["position"])


def test_commands_by_their_palette(start: Start) -> None:
    hand = Hand(start())
    hand.choose("keep", "note")

    def asked() -> None:
        hand.screen.key("ctrl+shift+p")
        hand.window.until("the command palette", lambda seen: seen["focus"] == "Search commands")
        hand.screen.type("align right")
        hand.window.until("what was typed", lambda seen: "align right" in seen.said())
        hand.screen.key("Return")

    hand.row("Align", asked)


def test_pasting_anything(start: Start, tmp_path: Path) -> None:
    hand = Hand(start())
    before = hand.look()

    def clip(text: str) -> None:
        subprocess.run(
            ["xclip", "-selection", "clipboard", "-i"], input=text, text=True, timeout=20, check=True,
            env={"DISPLAY": hand.screen.name, "PATH": "/usr/bin:/bin"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def pasted(label: str, kind: str) -> str:
        hand.screen.move(ALSO_EMPTY)
        after = hand.row(label, hand.keys("ctrl+v"), lambda seen: len(seen.document["nodes"]) == 8)
        id = new_in(before, after)
        assert after.document["nodes"][id]["kind"] == kind
        x, y, *_ = after["nodes"][id]
        assert abs(x - ALSO_EMPTY[0]) < 60, "at the cursor"
        assert abs(y - ALSO_EMPTY[1]) < 60, "at the cursor"
        return id

    hand.screen.clip(REFS / "coffee.png")
    pasted("Add photographs", "reference-image")
    clip("A red shoe on a white table, soft light")
    pasted("Paste words", "prompt")
    clip(str(REFS / "brick.png"))
    pasted("Add photographs", "reference-image")

    hand.choose("cup", "words")
    hand.screen.key("ctrl+c")
    text = clipped(hand, "tagloom")
    assert "reference-image" in text
    clip(text)
    hand.screen.move(ALSO_EMPTY)
    after = hand.row("Paste", hand.keys("ctrl+v"), lambda seen: len(seen.document["nodes"]) == 9)
    assert not after["problems"].get(new_of_kind(before, after, "reference-image"))


def clipped(hand: Hand, part: str) -> str:
    """The text that another program would paste, once it is there."""
    for _ in range(50):
        run = subprocess.run(
            ["xclip", "-selection", "clipboard", "-o"],
            capture_output=True, text=True, timeout=20, check=False,
            env={"DISPLAY": hand.screen.name, "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        if part in run.stdout:
            return run.stdout
        time.sleep(0.1)
    raise AssertionError(f"no {part} in the clipboard: {run.stdout[:200]}")


def new_of_kind(before: View, after: View, kind: str) -> str:
    (id,) = set(after.of_kind(kind)) - set(before.of_kind(kind))
    return id


def test_files_and_folders_dropped(start: Start, shelve: Shelve, tmp_path: Path) -> None:
    hand = Hand(start())
    folder = tmp_path / "shoes"
    folder.mkdir()
    for name in ("coffee.png", "brick.png"):
        (folder / name).write_bytes((REFS / name).read_bytes())
    shelf = shelve([folder, folder / "brick.png"])

    def dropped(name: str) -> None:
        shelf.drag([name], ALSO_EMPTY, there=lambda: hand.window.aimed(0))
        hand.window.focus("[*]")

    hand.row("Add photographs", lambda: dropped("shoes"), lambda seen: len(seen.document["nodes"]) == 9)
    hand.row("Add photographs", lambda: dropped("brick.png"), lambda seen: len(seen.document["nodes"]) == 8)
