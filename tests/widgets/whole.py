"""The whole furnished window in a home of its own, with the first-run example on its desk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import compose
from app.studio.carried import carried_text
from tests.app.studio.conftest import flat_knob
from widgets import first_look
from widgets.canvas.handling import take_in_hand
from widgets.desktop import ALONE, Shell
from widgets.main_window import MainWindow
from widgets.theme import Themes
from widgets.watch import Watch
from widgets.workbench import Workbench


@pytest.fixture
async def bench(
    qapp: QApplication, tagloom_home: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Workbench]:
    monkeypatch.setattr(first_look, "PATIENCE", 0.01)
    home = {"TAGLOOM_HOME": str(tagloom_home), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    for name, value in home.items():
        monkeypatch.setenv(name, value)
    window, themes = MainWindow(), Themes(qapp)
    window.resize(1024, 700)
    window.show()
    QTest.qWaitForWindowExposed(window)
    shell = Shell(app=qapp, window=window, themes=themes, start=ALONE, watch=Watch({}))
    look = await first_look.first_look(shell, carried_text)
    async with asyncio.timeout(5):
        while not look.painted.is_set():
            qapp.processEvents()
            await asyncio.sleep(0.005)
    take_in_hand(look.graph)
    studio = await compose.build(home, opening=look.opening, seconds=0.0, knobs=[flat_knob()])
    made = Workbench(studio, window, themes, look)
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    made.graph.viewer.setFocus()
    qapp.processEvents()
    yield made
    await made.put_away()
    await studio.close()
    window.hide()
    window.deleteLater()
    themes.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()
