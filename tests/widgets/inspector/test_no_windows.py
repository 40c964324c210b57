"""What the inspector builds is never a window of its own, not for a moment: it would take the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from tests.widgets.bench import turns
from tests.widgets.whole import bench as bench
from widgets.workbench import Workbench


class Shown(QObject):
    """Hears of every widget that is shown without a parent."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.all = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            self.all += 1
            if watched.isWindow():
                self.seen.append(f"{type(watched).__name__} {watched.objectName()}")
        return False


@pytest.mark.parametrize("chosen", ["words", "cup", "picture", "keep", "note", "several", "kinds"])
async def test_no_panel_is_a_window(bench: Workbench, qapp: QApplication, chosen: str) -> None:
    nodes = {"several": ("cup", "person"), "kinds": ("cup", "words")}.get(chosen, (chosen,))
    await turns()
    bench.graph.select(())
    await turns()
    bench.graph.viewer.setFocus()
    shown = Shown()
    qapp.installEventFilter(shown)
    bench.graph.select(nodes)
    await turns()
    qapp.removeEventFilter(shown)
    assert shown.all > 3
    assert shown.seen == []
    assert bench.graph.viewer.hasFocus()
