"""The window on small screens: what goes out of the way, and that it comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from widgets.main_window import LEAST, MainWindow, Place

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def window(qapp: QApplication) -> Iterator[MainWindow]:
    made = MainWindow()
    made.show()
    yield made
    made.hide()
    made.deleteLater()


def sized(window: MainWindow, width: int, height: int) -> None:
    window.resize(width, height)
    QApplication.processEvents()


def test_the_smallest_window_is_a_screen_at_200_percent(window: MainWindow) -> None:
    sized(window, 10, 10)
    assert window.size() == LEAST
    assert window.minimumSizeHint().width() <= LEAST.width()
    assert window.minimumSizeHint().height() <= LEAST.height()
    for place in (Place.CANVAS, Place.INSPECTOR):
        found = window.findChild(type(window.centralWidget()), f"place-{place}")
        assert found is not None
        assert found.isVisible()
        right = found.mapTo(window, found.rect().bottomRight())
        assert window.rect().contains(right), place


def test_palette_and_results_fold_away_and_come_back(window: MainWindow) -> None:
    sized(window, 700, 400)
    assert not window.shown(Place.PALETTE)
    assert not window.shown(Place.STRIP)
    sized(window, 1200, 400)
    assert window.shown(Place.PALETTE)
    assert not window.shown(Place.STRIP)
    sized(window, 1200, 800)
    assert window.shown(Place.STRIP)


def test_what_was_put_away_by_hand_stays_away_and_what_was_asked_for_stays(window: MainWindow) -> None:
    window.toggle(Place.STRIP)
    sized(window, 700, 400)
    window.toggle(Place.PALETTE)
    assert window.shown(Place.PALETTE)
    sized(window, 690, 390)
    assert window.shown(Place.PALETTE), "asked for in the small window"
    sized(window, 1200, 800)
    assert window.shown(Place.PALETTE)
    assert not window.shown(Place.STRIP)
