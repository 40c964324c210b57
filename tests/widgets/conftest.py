from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLayout, QVBoxLayout, QWidget

from tests.support.program import qapp_cls
from widgets.theme import Themes

__all__ = ["qapp_cls"]
PANELS = ("batch", "library", "parts", "inspector", "dialogs", "runs", "compare", "bars", "palette")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says so of every window that is shown."""
    here = Path(__file__).parent
    for item in items:
        if any(item.path.is_relative_to(here / room) for room in PANELS):
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is imported by now is no timer of any test: the search for those that are left skips it."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """What outlives a module is no timer of a later test either. Without this the search, which is made
    twice a test, walks through all that the tests before have left: half of the suite's time."""
    if nextitem is None or nextitem.path != item.path:
        gc.collect()
        gc.freeze()


@pytest.fixture
def themes(qapp: QApplication) -> Iterator[Themes]:
    made = Themes(qapp)
    yield made
    made.deleteLater()


@pytest.fixture
def stage(qapp: QApplication) -> Iterator[QWidget]:
    """A window in front, with room for what is tested. Put widgets into it with `stand`."""
    window = QWidget()
    QVBoxLayout(window).setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
    window.resize(420, 700)
    window.show()
    window.activateWindow()
    qapp.processEvents()
    yield window
    window.close()
    window.deleteLater()
    qapp.processEvents()


def stand(stage: QWidget, *widgets: QWidget) -> None:
    layout = stage.layout()
    assert layout is not None
    for widget in widgets:
        layout.addWidget(widget)
        widget.show()
    QApplication.processEvents()


def comes(there: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether it becomes so while Qt's events are worked through."""
    deadline = time.monotonic() + seconds
    while not there():
        if time.monotonic() > deadline:
            return False
        QTest.qWait(10)
    return True


class Pictures:
    """Flat pictures at once; `asked` remembers what for."""

    def __init__(self) -> None:
        self.asked: list[Path] = []

    def picture(self, path: Path, side: int, show: Callable[[QImage], None]) -> None:
        self.asked.append(path)
        image = QImage(side, side // 2, QImage.Format.Format_RGB32)
        image.fill(QColor("#336699"))
        show(image)


@pytest.fixture
def pictures() -> Pictures:
    return Pictures()
