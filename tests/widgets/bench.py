"""The whole window in this process: a real studio, every panel, its own home."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app import compose
from app.document.values import Document
from app.opening import open_desk
from app.studio.carried import carried_text
from widgets.canvas.handling import take_in_hand
from widgets.desktop import ALONE, Shell
from widgets.first_look import FirstLook
from widgets.looks import Looks
from widgets.main_window import MainWindow
from widgets.theme import DARK, Themes, apply
from widgets.watch import Watch
from widgets.workbench import Workbench


@asynccontextmanager
async def bench_in(
    home: Path, app: QApplication, document: Document | None = None, *, knobs: Sequence[str] = ()
) -> AsyncIterator[Workbench]:
    """Shown, with a document on the desk."""
    environment = {
        **os.environ, "TAGLOOM_HOME": str(home), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }  # fmt: skip
    window, themes = MainWindow(), Themes(app)
    themes.window = window
    apply(app, DARK, window)
    shell = Shell(app=app, window=window, themes=themes, start=ALONE, watch=Watch({}))
    opening = open_desk(environment, carried=carried_text, window=True)
    looks = Looks(app, themes, opening.options, window.arrange)
    look = FirstLook(shell, opening)
    take_in_hand(look.graph)
    studio = await compose.build(environment, opening=look.opening, seconds=0.0, knobs=knobs)
    bench = Workbench(studio, window, themes, look)
    studio.desk.new(document)
    window.show()
    window.activateWindow()
    await turns()
    try:
        yield bench
    finally:
        looks.close()
        await bench.put_away()
        await studio.close()
        window.hide()
        window.deleteLater()
        themes.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


async def turns(seconds: float = 0.08) -> None:
    """Lets Qt and the loop work for longer than a frame."""
    end = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < end:
        QApplication.processEvents()
        await asyncio.sleep(0.005)


async def until(there: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not there():
            QApplication.processEvents()
            await asyncio.sleep(0.005)
