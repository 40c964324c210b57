"""A window is dressed part by part, and nobody is ever seen in the sheet of before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from widgets.dressing import DIVIDED, dressing_of, parts
from widgets.main_window import MainWindow, Place

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

RED, BLUE = "QLabel { color: #ff0000; }", "QLabel { color: #0000ff; }"


@pytest.fixture
def window(qapp: QApplication) -> Iterator[MainWindow]:
    made = MainWindow()
    made.show()
    yield made
    made.hide()
    made.deleteLater()


def colour(label: QLabel) -> str:
    label.ensurePolished()
    return label.palette().windowText().color().name()


def label_in(part: QWidget) -> QLabel:
    label = QLabel("Words", part)
    if (layout := part.layout()) is not None:
        layout.addWidget(label)
    label.show()
    return label


def test_the_parts_are_the_places_and_what_divides_them_has_no_sheet(window: MainWindow) -> None:
    names = [part.objectName() for part in parts(window)]
    assert {name for name in names if name.startswith("place-")} == {f"place-{place}" for place in Place}
    dressing_of(window).dress(RED)
    whole = window.centralWidget()
    assert whole.property(DIVIDED)
    assert whole.styleSheet() == window.styleSheet() == ""
    assert not any(isinstance(part, QFrame) and part.property(DIVIDED) for part in parts(window))


def test_each_part_in_a_step_and_what_comes_into_it_later_too(window: MainWindow) -> None:
    label = label_in(window.place_of(Place.INSPECTOR))
    dressing_of(window).dress(RED)
    assert colour(label) == "#ff0000"
    steps = dressing_of(window).steps(BLUE)
    assert len(steps) >= len(Place) - 1, "the library is hidden"
    assert colour(label) == "#ff0000"
    for step in steps:
        step()
    assert colour(label) == "#0000ff"
    assert colour(label_in(window.place_of(Place.TOP))) == "#0000ff"


def test_what_is_hidden_is_dressed_when_it_is_shown(window: MainWindow) -> None:
    dressing = dressing_of(window)
    dressing.dress(RED)
    window.toggle(Place.LIBRARY)
    label = label_in(window.place_of(Place.LIBRARY))
    assert colour(label) == "#ff0000"
    window.toggle(Place.LIBRARY)
    dressing.dress(BLUE)
    assert colour(label) == "#ff0000"
    window.toggle(Place.LIBRARY)
    assert colour(label) == "#0000ff"


def test_dialogs_before_they_are_shown_and_again_when_they_come_back(window: MainWindow) -> None:
    dressing = dressing_of(window)
    dressing.dress(RED)
    dialog = QDialog(window)
    label = QLabel("Words", dialog)
    QVBoxLayout(dialog).addWidget(label)
    dialog.show()
    assert colour(label) == "#ff0000"
    dressing.dress(BLUE)
    assert colour(label) == "#0000ff", "it is looked at"
    dialog.hide()
    dressing.dress(RED)
    dialog.show()
    assert colour(label) == "#ff0000"
    dialog.hide()


def test_a_menu_of_the_window_is_dressed(window: MainWindow) -> None:
    dressing_of(window).dress("QMenu { padding: 9px; }")
    menu = QMenu(window)
    menu.addAction("Open")
    menu.ensurePolished()
    assert menu.styleSheet() == dressing_of(window).sheet


def test_what_is_gone_is_no_part_any_more(window: MainWindow) -> None:
    dressing = dressing_of(window)
    dialog, button = QDialog(window), QPushButton("Run", window)
    button.show()
    dressing.dress(RED)
    steps = dressing.steps(BLUE)
    dialog.deleteLater()
    button.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    for step in steps:
        step()
    dressing.dress(RED)
    assert not {dialog, button}.intersection(parts(window))


def test_one_dressing_a_window(window: MainWindow) -> None:
    assert dressing_of(window) is dressing_of(window)
