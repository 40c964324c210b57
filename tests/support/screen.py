"""A screen for journeys: Xvfb on a free display, a mouse and a keyboard (xdotool), pictures of it."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

NEEDED = ("Xvfb", "xdotool", "xclip")
SIZE = (1860, 1010)
"""The window, 1600 × 1000, and beside it a file manager."""
Point = tuple[int, int]


def missing() -> str:
    """What a journey needs and this machine has not; empty where all is there."""
    absent = [one for one in NEEDED if shutil.which(one) is None]
    return f"{', '.join(absent)} not installed (Debian: apt-get install xvfb xdotool xclip)" if absent else ""


class Screen:
    """`name` is what DISPLAY is set to. `close` ends the server that this object started, and no other."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._memory = folder / "Xvfb_screen0"
        read, write = os.pipe()
        width, height = SIZE
        self._server = subprocess.Popen(
            [
                *("Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24"),
                *("-nolisten", "tcp", "-noreset", "-fbdir", str(folder)),
            ],
            pass_fds=(write,),
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as told:
            self.name = f":{told.readline().strip()}"
        if self.name == ":":
            raise RuntimeError("Xvfb did not start")

    def close(self) -> None:
        self._server.terminate()
        self._server.wait(10)

    def picture(self) -> Image.Image:
        """What is on the screen now: Xvfb's memory is an XWD file."""
        data = self._memory.read_bytes()
        header = struct.unpack(">25I", data[:100])
        size, colours, stride, width, height = header[0], header[19], header[12], header[4], header[5]
        pixels = data[size + colours * 12 :]
        return Image.frombuffer("RGB", (width, height), pixels, "raw", "BGRX", stride, 1)

    def shoot(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.picture().save(path)

    # --- mouse and keyboard ---

    def do(self, *words: object) -> str:
        """xdotool's words, one after the other, in one go."""
        run = subprocess.run(
            ["xdotool", *(str(one) for one in words)],
            env={**os.environ, "DISPLAY": self.name},
            capture_output=True,
            text=True,
            timeout=60,
        )
        if run.returncode:
            raise RuntimeError(f"xdotool {words}: {run.stderr}")
        return run.stdout

    def move(self, at: Point) -> None:
        self.do("mousemove", *at)

    def click(self, at: Point, *, button: int = 1, times: int = 1) -> None:
        """`times` 2 is a double click."""
        self.do("mousemove", *at, "click", "--repeat", times, "--delay", 60, button)

    def press(self, at: Point) -> None:
        self.do("mousemove", *at, "mousedown", 1)

    def held(self, keys: Sequence[str], doing: Callable[[], object]) -> None:
        """Does something while keys are down."""
        for key in keys:
            self.do("keydown", key)
        try:
            doing()
        finally:
            for key in reversed(keys):
                self.do("keyup", key)

    def glide(self, start: Point, end: Point, steps: int = 8) -> None:
        """Moves as a hand does, not in one leap."""
        words: list[object] = []
        for step in range(1, steps + 1):
            x = start[0] + (end[0] - start[0]) * step // steps
            y = start[1] + (end[1] - start[1]) * step // steps
            words += ["mousemove", x, y, "sleep", 0.01]
        self.do(*words)

    def release(self) -> None:
        self.do("mouseup", 1)

    def drag(self, start: Point, end: Point, *, button: int = 1, keys: Sequence[str] = ()) -> None:
        """With keys held from before the press until after the release."""

        def dragged() -> None:
            self.do("mousemove", *start, "mousedown", button)
            self.glide(start, end)
            self.do("mouseup", button)

        self.held(keys, dragged)

    def key(self, *keys: str) -> None:
        self.do("key", "--clearmodifiers", "--delay", 25, *keys)

    def type(self, text: str) -> None:
        self.do("type", "--clearmodifiers", "--delay", 12, text)

    def clip(self, picture: Path, kind: str = "image/png") -> None:
        """A picture in the clipboard, as another program puts it there."""
        subprocess.run(
            ["xclip", "-selection", "clipboard", "-t", kind, "-i", str(picture)],
            env={**os.environ, "DISPLAY": self.name},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=20,
            check=True,
        )
