"""The real program in a child process, watched by the lines it writes (`widgets.watch`)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.support.loopback import command
from tests.support.screen import Point, Screen

ROOT = Path(__file__).parents[2]
PATIENCE = 40.0
"""Seconds that the window gets for one step; a machine at work is slow."""
SETTLED = 0.1
LOOK = 0.02


class View(dict[str, Any]):
    """One look at the window; `widgets.witness` says what is in it."""

    @property
    def document(self) -> dict[str, Any]:
        plain: dict[str, Any] = json.loads(self["document"])
        return plain

    @property
    def labels(self) -> list[str]:
        """The steps that are done."""
        labels: list[str] = self["history"][: self["position"]]
        return labels

    def of_kind(self, kind: str) -> list[str]:
        return [id for id, node in self.document["nodes"].items() if node["kind"] == kind]

    def widget(self, name: str) -> dict[str, Any] | None:
        """A widget by its name, or by the words on it."""
        told: list[dict[str, Any]] = self["widgets"]
        return next((one for one in told if name in (one["name"], one["text"])), None)

    def title(self, part: str) -> dict[str, Any] | None:
        windows: list[dict[str, Any]] = self["windows"]
        return next((one for one in windows if part in one["title"]), None)

    def links(self) -> set[tuple[str, str, str]]:
        """(from, to, tag)."""
        return {(one["from"], one["to"], one.get("tag", "")) for one in self.document["links"]}

    def said(self) -> str:
        """All words that are on the screen outside of the canvas."""
        return "\n".join(str(one["text"]) for one in self["widgets"])


def put_steps_away(home: Path) -> None:
    """As somebody who has closed the first steps: the canvas is free."""
    options = home / "settings" / "options.json"
    if home.is_dir() or not home.exists():
        options.parent.mkdir(parents=True, exist_ok=True)
        if not options.exists():
            options.write_text('{"first-steps": ["closed"]}', encoding="utf-8")


def middle(rect: Sequence[int]) -> Point:
    return rect[0] + rect[2] // 2, rect[1] + rect[3] // 2


class Window:
    """`until` waits for what a person would look for; every failure leaves a picture in `folder`. `taught`:
    the first steps stay away."""

    def __init__(
        self,
        screen: Screen,
        folder: Path,
        *,
        home: Path,
        words: Sequence[str] = (),
        taught: bool = True,
        **environment: str,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if taught:
            put_steps_away(home)
        self.screen, self.folder, self.home = screen, folder, home
        number = len(list(folder.glob("watch-*.jsonl")))
        self._log = folder / f"watch-{number}.jsonl"
        self._log.touch()
        self._read = 0
        self._rest = b""
        self.lines: list[dict[str, Any]] = []
        self.view = View()
        self._errors = (folder / f"stderr-{number}.txt").open("w")
        self.process = subprocess.Popen(
            command("app", *words),
            cwd=ROOT,
            env={
                **os.environ,
                "DISPLAY": screen.name,
                "QT_QPA_PLATFORM": "xcb",
                "TAGLOOM_HOME": str(home),
                "TAGLOOM_WATCH": str(self._log),
                "TAGLOOM_WATCH_VIEW": "1",
                **environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=self._errors,
            stderr=self._errors,
        )

    # --- looking ---

    def look(self) -> View:
        """The newest view."""
        self._take(self._log)
        return self.view

    def shed(self) -> None:
        """What the watch has written is read and thrown away: hours of it would fill a disk."""
        aside = self._log.with_suffix(".old")
        self._log.replace(aside)
        self._log.touch()
        time.sleep(SETTLED)  # a line that was being written lands in the old file
        self._take(aside)
        aside.unlink()
        self._read = 0

    def _take(self, log: Path) -> None:
        """Whole lines: what is being written may end in the middle of a character."""
        with log.open("rb") as file:
            file.seek(self._read)
            data = self._rest + file.read()
            self._read = file.tell()
        *whole, self._rest = data.split(b"\n")
        for line in whole:
            told = json.loads(line)
            self.lines.append(told if told["say"] != "view" else {"say": "view", "at": told["at"]})
            if told["say"] == "view":
                self.view = View(told)

    def until(self, what: str, there: Callable[[View], object], seconds: float = PATIENCE) -> View:
        """Waits until it is so; `what` is said where it does not come."""
        deadline = time.monotonic() + seconds
        while True:
            view = self.look()
            if view and there(view):
                return view
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.fail(f"not seen: {what}")
            time.sleep(LOOK)

    def soon(self, there: Callable[[View], object], seconds: float = 1.0) -> bool:
        """Whether it becomes so; where it may well not."""
        deadline = time.monotonic() + seconds
        while not (found := bool(there(self.look()))) and time.monotonic() < deadline:
            time.sleep(LOOK)
        return found

    def said(self, what: str, seconds: float = PATIENCE) -> dict[str, Any]:
        """Waits for a line of the watch that is no view."""
        deadline = time.monotonic() + seconds
        while True:
            self.look()
            found = next((one for one in self.lines if one["say"] == what), None)
            if found is not None:
                return found
            if time.monotonic() > deadline:
                self.fail(f"not said: {what}")
            time.sleep(LOOK)

    def fail(self, words: str) -> None:
        picture = self.folder / "failed.png"
        self.screen.shoot(picture)
        long = ("widgets", "sockets", "nodes", "document")
        seen = {key: value for key, value in self.view.items() if key not in long}
        raise AssertionError(
            f"{words}\nthe program: {self.process.poll()}; a picture: {picture}\n"
            f"{json.dumps(seen, indent=1, ensure_ascii=False)[:6000]}\n{self.errors()[-3000:]}"
        )

    def errors(self) -> str:
        self._errors.flush()
        return Path(self._errors.name).read_text("utf-8", "replace")

    # --- doing ---

    def ready(self) -> View:
        """The window, in front, with its keyboard: a window manager would do the same."""
        view = self.until("the window", lambda seen: seen["canvas"][2] > 0 and seen.title("[*]"))
        self.focus("[*]")
        return view

    def focus(self, title: str) -> None:
        """The keyboard for a window of the program, by a part of its title."""
        window = self.until(f"a window {title}", lambda seen: seen.title(title)).title(title)
        assert window is not None
        if not window["active"]:
            self.screen.do("windowfocus", window["id"])
            self.until(f"{title} in front", lambda seen: (seen.title(title) or {}).get("active"))

    def press(self, name: str) -> None:
        """Clicks a widget by its name or its words."""
        self.screen.click(middle(self._at_rest(name)))

    def press_if_there(self, name: str) -> bool:
        """As `press`, for hands that look no closer: a panel may go between a look and the next."""
        widget = self.look().widget(name)
        time.sleep(SETTLED)
        if widget is None or not widget["enabled"] or widget != self.look().widget(name):
            return False
        self.screen.click(middle(widget["rect"]))
        return True

    def _at_rest(self, name: str) -> list[int]:
        """Where a widget that can be used lies, once its panel is laid out: the same at two looks."""
        before: list[int] = []
        while True:
            view = self.until(
                f"a button {name}", lambda seen: (seen.widget(name) or {"enabled": False})["enabled"]
            )
            widget = view.widget(name)
            assert widget is not None
            if widget["rect"] == before:
                return before
            before = widget["rect"]
            time.sleep(SETTLED)

    def step(self, label: str, doing: Callable[[], object], there: Callable[[View], object] = bool) -> View:
        """A gesture that must be one step of the document, and nothing else."""
        before = self.look()["position"]
        doing()
        view = self.until(f"the step “{label}”", lambda seen: seen["position"] > before and there(seen))
        assert view.labels[before:] == [label], view.labels
        return view

    def aimed(self, cards: int) -> None:
        """Waits until what is dragged over the canvas points at so many cards: one, or none."""
        self.until("where it would be dropped", lambda seen: seen["aimed"] == cards)
        assert self.still()["aimed"] == cards

    def link(self, source: str, target: str) -> None:
        """Draws a link by the mouse, from socket to socket (`words.text`)."""
        sockets = self.look()["sockets"]
        self.screen.drag(tuple(sockets[source]), tuple(sockets[target]))

    def open_title(self, node: str) -> None:
        """Selects a node by its title bar."""
        x, y, width, _ = self.look()["nodes"][node]
        self.screen.click((x + width // 2, y + 14))
        self.until(f"{node} selected", lambda seen: seen["selected"] == [node])

    def write(self, name: str, text: str, *keys: str) -> None:
        """Clicks a field, writes over what is in it, and ends with keys."""
        self.press(name)
        self.screen.key("ctrl+a")
        self.screen.type(text)
        self.until(f"{text} in {name}", lambda seen: (seen.widget(name) or {}).get("text") == text)
        if keys:
            self.screen.key(*keys)

    def answer_file(self, title: str, path: Path) -> None:
        """A file dialog, by the keyboard."""
        self.focus(title)
        self.screen.key("ctrl+a")
        self.screen.type(str(path))
        self.screen.key("Return")
        self.until(f"{title} answered", lambda seen: seen.title(title) is None)
        self.focus("[*]")

    def still(self) -> View:
        """Waits until the view has not changed for a moment: a menu that opens, a picture that comes."""
        quiet = 0.25
        since, seen = time.monotonic(), self.look().get("number")
        while time.monotonic() - since < quiet:
            time.sleep(LOOK)
            now = self.look().get("number")
            if now != seen:
                since, seen = time.monotonic(), now
        return self.view

    # --- ending ---

    def end(self) -> int:
        """Closes it as the session of the desktop would, in any state; for the end of a test."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        code = self.process.wait(10)
        self._errors.close()
        return code

    def wait_closed(self) -> int:
        """The exit code of the program that is closing by itself."""
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.fail("the program did not end")
            raise


def run_in_terminal(home: Path, *words: str) -> tuple[int, list[dict[str, Any]]]:
    """`tagloom …` in the same home: its exit code and its events."""
    run = subprocess.run(
        command("app", *words, python=sys.executable),
        cwd=ROOT,
        env={**os.environ, "TAGLOOM_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return run.returncode, [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
