"""What the settings say of the look is so at once, and the system is followed where they say so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from app.preferences import declared
from app.preferences.options import Options
from widgets.contrast import HIGH_DARK
from widgets.looks import Looks
from widgets.motion import EFFECTS
from widgets.theme import DARK, LIGHT, Choice, Themes


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(tmp_path / "options.json")


@pytest.fixture
def themes(qapp: QApplication) -> Iterator[Themes]:
    flash = qapp.cursorFlashTime()
    made = Themes(qapp)
    yield made
    made.deleteLater()
    qapp.setCursorFlashTime(flash)


def test_theme_and_contrast_follow_the_settings(qapp: QApplication, themes: Themes, options: Options) -> None:
    options.set(declared.THEME, "light")
    looks = Looks(qapp, themes, options, lambda: None)
    assert themes.theme is LIGHT
    options.set(declared.THEME, "dark")
    options.set(declared.CONTRAST, "high")
    assert themes.theme is HIGH_DARK
    looks.close()
    options.set(declared.CONTRAST, "normal")
    assert themes.theme is HIGH_DARK


class Screen(QObject):
    """What a desktop says of its colours; the platform of the tests has no desktop that could."""

    colorSchemeChanged = Signal(Qt.ColorScheme)

    def __init__(self) -> None:
        super().__init__()
        self.scheme = Qt.ColorScheme.Dark

    def styleHints(self) -> Screen:
        return self

    def colorScheme(self) -> Qt.ColorScheme:
        return self.scheme


def test_system_is_followed_while_the_window_lives(
    qapp: QApplication, options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen()
    monkeypatch.setattr(type(qapp), "styleHints", lambda app: screen)
    themes = Themes(qapp, Choice.SYSTEM)
    assert themes.theme is DARK
    for scheme, theme in ((Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Dark, DARK)):
        screen.scheme = scheme
        screen.colorSchemeChanged.emit(scheme)
        assert themes.theme is theme
    themes.deleteLater()


def test_less_motion_stops_what_blinks_and_slides_and_gives_it_back(
    qapp: QApplication, themes: Themes, options: Options
) -> None:
    for one in EFFECTS:
        qapp.setEffectEnabled(one, True)
    had = {one for one in EFFECTS if qapp.isEffectEnabled(one)}
    flash = qapp.cursorFlashTime()
    options.set(declared.REDUCED_MOTION, True)
    looks = Looks(qapp, themes, options, lambda: None)
    assert qapp.cursorFlashTime() == 0
    assert not any(qapp.isEffectEnabled(one) for one in EFFECTS)
    options.set(declared.REDUCED_MOTION, False)
    assert qapp.cursorFlashTime() == flash
    assert {one for one in EFFECTS if qapp.isEffectEnabled(one)} == had
    looks.close()
