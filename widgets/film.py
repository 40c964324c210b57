"""`make film`: a short session in the real window, drawn without a screen, for the README.

Its hands are mouse and keyboard events at the window, its pictures are the sandbox's. One animated WebP.
"""

from __future__ import annotations

import asyncio
import io
import os
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QEvent, QIODevice, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QApplication, QWidget

from app.engine.run_state import NodeState
from app.preferences.keys import Keys
from widgets.desktop import open_shell
from widgets.furnish import furnished
from widgets.loop import live
from widgets.shot_documents import MODEL, until
from widgets.workbench import Workbench

SIZE = (1440, 900)
SHOWN = (1152, 720)
FRAME_S = 0.1
QUALITY = 72
MOST_BYTES = 5_000_000
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
WORDS = " Early morning, soft fog."
_POINTER = [(0, 0), (0, 17), (4, 13), (7, 19), (10, 18), (7, 12), (12, 12)]


class Film:
    """Frames of a window, with its pointer."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self.at = QPointF(720, 560)
        self.frames: list[Image.Image] = []

    async def roll(self, seconds: float) -> None:
        for _ in range(max(1, round(seconds / FRAME_S))):
            await asyncio.sleep(FRAME_S)
            self.shoot()

    def shoot(self) -> None:
        seen = self._window.grab()
        self._draw_pointer(seen)
        held = QBuffer()
        held.open(QIODevice.OpenModeFlag.WriteOnly)
        wide = seen.scaled(
            *SHOWN, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        wide.save(held, "PNG")
        self.frames.append(Image.open(io.BytesIO(bytes(held.data().data()))).convert("RGB"))

    def _draw_pointer(self, seen: QPixmap) -> None:
        painter = QPainter(seen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(self.at)
        painter.setPen(QPen(QColor("#101114"), 1.2))
        painter.setBrush(QColor("#ffffff"))
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in _POINTER]))
        painter.end()

    def save(self, file: Path) -> None:
        """:raises OSError: it cannot be written"""
        file.parent.mkdir(parents=True, exist_ok=True)
        self.frames[0].save(
            file, "WEBP", save_all=True, append_images=self.frames[1:], duration=round(FRAME_S * 1000),
            loop=0, quality=QUALITY, method=4,
        )  # fmt: skip


class Hands:
    """Events at the window, seen by the film."""

    def __init__(self, film: Film, window: QWidget) -> None:
        self._film, self._window = film, window
        self._held = NONE

    async def glide(self, to: QPointF, steps: int = 8) -> None:
        start = self._film.at
        for step in range(1, steps + 1):
            part = step / steps
            eased = part * part * (3 - 2 * part)
            self._film.at = start + (to - start) * eased
            self._mouse(QEvent.Type.MouseMove, NONE)
            await self._film.roll(FRAME_S)

    def press(self) -> None:
        self._held = LEFT
        self._mouse(QEvent.Type.MouseButtonPress, LEFT)

    def release(self) -> None:
        self._held = NONE
        self._mouse(QEvent.Type.MouseButtonRelease, LEFT)

    async def click(self) -> None:
        self.press()
        self.release()
        await self._film.roll(FRAME_S)

    async def double_click(self) -> None:
        await self.click()
        self._mouse(QEvent.Type.MouseButtonDblClick, LEFT)
        self.release()
        await self._film.roll(2 * FRAME_S)

    async def type(self, text: str) -> None:
        for letter in text:
            self.key(Qt.Key.Key_unknown, text=letter)
            if letter == " ":
                await self._film.roll(FRAME_S)

    def key(
        self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, text: str = ""
    ) -> None:
        target: QWidget | None = self._window.focusWidget()
        for type in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(
                target if target is not None else self._window, QKeyEvent(type, key.value, held, text)
            )

    def _mouse(self, type: QEvent.Type, button: Qt.MouseButton) -> None:
        at = self._film.at.toPoint()
        target = self._window.childAt(at) or self._window
        local = QPointF(target.mapFrom(self._window, at))
        everywhere = QPointF(self._window.mapToGlobal(at))
        event = QMouseEvent(type, local, everywhere, button, self._held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(target, event)


async def play(bench: Workbench, film: Film) -> None:
    """Moves a photograph, writes a few words, runs, looks at the picture."""
    hands, graph = Hands(film, bench.window), bench.graph

    def on(id: str, dx: float, dy: float) -> QPointF:
        corner = graph.rect_of(id).topLeft()
        at: QPoint = graph.viewer.mapFromScene(corner + QPointF(dx, dy))
        return QPointF(graph.viewer.viewport().mapTo(bench.window, at))

    await film.roll(0.6)
    photograph = next(
        id for id, node in bench.studio.editor.document.nodes.items() if node.kind == "reference-image"
    )
    await hands.glide(on(photograph, 60, 14))
    hands.press()
    await hands.glide(on(photograph, 20, -10), 5)
    await hands.glide(on(photograph, 60, 14), 5)
    hands.release()
    await film.roll(0.4)
    await hands.glide(on("words", 120, 60))
    await hands.double_click()
    hands.key(Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    await hands.type(WORDS)
    await film.roll(0.5)
    hands.key(Qt.Key.Key_Escape)
    await hands.glide(on(MODEL, 60, 14))
    await hands.click()
    bench.run()
    running = asyncio.create_task(
        until(bench, lambda run: run.state == NodeState.DONE and run.result is not None)
    )
    while not running.done():
        await film.roll(FRAME_S)
    await running
    await film.roll(2.2)


async def session(target: Path, bench: Workbench, closed: asyncio.Event) -> None:
    bench.window.resize(*SIZE)
    bench.window.activateWindow()
    await bench.files.example()
    bench.window.arrange()
    await asyncio.sleep(0.8)
    bench.graph.fit()
    bench.select_first_model()
    bench.help.steps.panel.hide()
    film = Film(bench.window)
    await play(bench, film)
    await asyncio.to_thread(film.save, target)
    print(f"{target}: {len(film.frames)} frames", flush=True)
    bench.studio.safekeeping.give_up()


def main(words: Sequence[str]) -> int:
    target = Path(words[0]) if words else Path("resources/screenshots/session.webp")
    with tempfile.TemporaryDirectory(prefix="tagloom-film-") as home:
        for key in os.environ.keys() - Keys(os.environ).without_keys(os.environ).keys():
            del os.environ[key]
        os.environ.update(
            TAGLOOM_HOME=home,
            QT_QPA_PLATFORM="offscreen",
            PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring",
        )
        code = live(open_shell(), partial(furnished, session=partial(session, target), seconds=3.0))
    return code if code or target.stat().st_size <= MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
