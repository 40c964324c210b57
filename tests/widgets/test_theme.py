from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QFontDatabase, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QPushButton, QWidget

import resources
from widgets.theme import (
    DARK,
    LEAST_CONTRAST,
    LIGHT,
    Choice,
    Roles,
    Theme,
    Themes,
    apply,
    contrast,
    load_fonts,
    sheet,
)


class Painted(QObject):
    """Whether a widget was, from now on."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.seen = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.seen = self.seen or event.type() == QEvent.Type.Paint
        return False


BOTH = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)


def test_contrast_is_the_published_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@BOTH
@pytest.mark.parametrize(
    ("letters", "ground"),
    [
        (letters, ground)
        for letters in ("text", "muted")
        for ground in ("window", "canvas", "card", "field", "hover", "pill", "model_header")
    ]
    + [("error", "error_ground"), ("warning", "warning_ground"), ("muted", "error_ground")]
    + [("muted", "warning_ground"), ("on_accent", "accent"), ("good", "card"), ("error", "card")],
)
def test_text_can_be_read_on_its_ground(theme: Theme, letters: str, ground: str) -> None:
    assert contrast(getattr(theme.roles, letters), getattr(theme.roles, ground)) >= LEAST_CONTRAST


@BOTH
def test_fifty_tags_can_be_read_and_neighbours_differ(theme: Theme) -> None:
    colours = [theme.tag(slot) for slot in range(50)]
    assert all(contrast(colour.text, colour.ground) >= LEAST_CONTRAST for colour in colours)
    assert len({colour.ground for colour in colours}) == 50
    hues = [QColor(colour.text).hue() for colour in colours]
    for one, other in pairwise(hues[3:]):
        assert min(abs(one - other), 360 - abs(one - other)) > 60


def test_first_three_tags_are_the_drawn_ones() -> None:
    assert DARK.tag(0).text == "#c4b8ff"
    assert LIGHT.tag(2).ground == "#ffe6d1"


@BOTH
def test_every_role_is_a_colour_and_the_sheet_is_whole(theme: Theme) -> None:
    assert all(QColor(getattr(theme.roles, role)).isValid() for role in Roles.__slots__)
    text = sheet(theme)
    assert "$" not in text
    assert text.count("{") == text.count("}") > 40


def test_apply_reaches_widgets_without_a_warning_of_the_parser(qapp: QApplication) -> None:
    apply(qapp, LIGHT)
    try:
        button = QPushButton("Run")
        button.setProperty("kind", "primary")
        button.ensurePolished()
        assert button.palette().color(QPalette.ColorRole.ButtonText).name() == LIGHT.roles.on_accent
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == LIGHT.roles.window
    finally:
        qapp.setStyleSheet("")
        qapp.setPalette(QPalette())


def test_themes_tell_when_they_change(qapp: QApplication) -> None:
    themes = Themes(qapp, Choice.DARK)
    heard: list[Theme] = []
    themes.changed.connect(heard.append)
    themes.choose(Choice.LIGHT)
    themes.choose(Choice.LIGHT)
    themes.choose(Choice.SYSTEM)
    system = LIGHT if qapp.styleHints().colorScheme() == Qt.ColorScheme.Light else DARK
    assert heard == ([LIGHT] if system == LIGHT else [LIGHT, DARK])
    assert themes.theme == system
    themes.deleteLater()
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())


def test_a_gentle_change_is_whole_in_the_end_and_the_last_one_counts(qapp: QApplication) -> None:
    """Nothing is painted in between; a change of mind in between leaves nothing of the first."""
    themes, window = Themes(qapp, Choice.DARK), QWidget()
    part = QFrame(window)
    themes.window = window
    window.show()
    heard: list[Theme] = []
    themes.changed.connect(heard.append)
    themes.choose(Choice.LIGHT, gently=True)
    assert not window.updatesEnabled()
    assert heard == []
    themes.choose(Choice.DARK, gently=True)
    themes.choose(Choice.LIGHT, gently=True)
    QTest.qWait(50)
    assert heard == [LIGHT]
    assert window.updatesEnabled()
    assert part.styleSheet() == sheet(LIGHT)
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == LIGHT.roles.window
    window.deleteLater()
    themes.deleteLater()
    qapp.setPalette(QPalette())


def test_a_change_at_once_ends_a_gentle_one(qapp: QApplication) -> None:
    themes, window = Themes(qapp, Choice.DARK), QWidget()
    part = QFrame(window)
    themes.window = window
    window.show()
    themes.choose(Choice.LIGHT, gently=True)
    themes.choose(Choice.DARK)
    assert window.updatesEnabled()
    QTest.qWait(50)
    assert part.styleSheet() == sheet(DARK)
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.roles.window
    window.deleteLater()
    themes.deleteLater()
    qapp.setPalette(QPalette())


def test_shipped_faces_are_loaded(qapp: QApplication, tmp_path: Path) -> None:
    assert load_fonts(tmp_path) == 0
    assert load_fonts(Path(next(iter(resources.__path__))) / "fonts") >= 3
    assert "Inter" in QFontDatabase.families()


def test_what_waits_to_be_painted_does_not_keep_a_gentle_change_from_the_screen(qapp: QApplication) -> None:
    themes, window = Themes(qapp, Choice.DARK), QWidget()
    part = QPushButton("Run", window)
    themes.window = window
    apply(qapp, DARK, window)
    window.show()
    assert QTest.qWaitForWindowExposed(window)
    QTest.qWait(50)
    part.update()
    themes.choose(Choice.LIGHT, gently=True)
    painted = Painted(part)
    QTest.qWait(100)
    assert painted.seen
    part.removeEventFilter(painted)
    window.deleteLater()
    themes.deleteLater()
    qapp.setPalette(QPalette())
