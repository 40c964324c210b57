"""Both themes with high contrast, and who decides on it: the setting, else the system."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from widgets.theme import DARK, LIGHT, TagColour, Theme, Themes

HIGH = 7.0
"""WCAG 2 AAA for text of this size."""
VISIBLE = 3.0
"""WCAG 2 AA for what shows where something that can be used begins and ends."""
_MORE = """
QPushButton[kind="quiet"], QToolButton[kind="quiet"], QLineEdit[kind="title"] { border-color: $line; }
QPushButton[kind="status"], QPushButton[kind="link"] { color: $text; text-decoration: underline; }
QPushButton:focus, QToolButton:focus, QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus,
QAbstractSpinBox:focus, QComboBox:focus, QTreeWidget:focus { border: 2px solid $accent; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $window; color: $muted; border-color: $line; }
QMenu::item:selected, QMenuBar::item:selected, QAbstractItemView::item:selected {
  background: $accent; color: $on_accent; }
QAbstractItemView::item:hover { border: 1px solid $line; }
QScrollBar::handle { background: $line_strong; }
QTabBar::tab:selected { border-bottom: 3px solid $accent; }
"""

HIGH_DARK = replace(
    DARK,
    name="high-dark",
    roles=replace(
        DARK.roles,
        window="#000000", canvas="#000000", dots="#3a3f4a", card="#0b0d11", field="#000000",
        line="#8d95a6", line_strong="#c3c9d6", hover="#1b2029", text="#ffffff", muted="#d0d5e0",
        accent="#ffd75e", on_accent="#000000", prompt="#ffd75e", prompt_wire="#ffd75e",
        image="#5fe39f", image_wire="#5fe39f", neutral="#a9b0bf", model="#b3a8ff",
        model_header="#1d1b33", pill="#1b2029", good="#5fe39f", warning="#ffc069",
        warning_ground="#1c1400", error="#ff9d9d", error_ground="#220a0c",
    ),
    tags=(
        TagColour("#e4dcff", "#2a2158"), TagColour("#c4f7f9", "#123a3e"), TagColour("#ffdfbf", "#472b14"),
    ),
    least=HIGH,
    more=_MORE,
)  # fmt: skip
HIGH_LIGHT = replace(
    LIGHT,
    name="high-light",
    roles=replace(
        LIGHT.roles,
        window="#ffffff", canvas="#ffffff", dots="#b4bac6", card="#ffffff", field="#ffffff",
        line="#5c6472", line_strong="#333945", hover="#e9ecf4", text="#000000", muted="#2f3540",
        accent="#14329c", on_accent="#ffffff", prompt="#7a5a00", prompt_wire="#7a5a00",
        image="#0b5c35", image_wire="#0b5c35", neutral="#565d6a", model="#3f2fb0",
        model_header="#f0eeff", pill="#eceff5", good="#0b5c35", warning="#6b3d00",
        warning_ground="#fff8ea", error="#8f1414", error_ground="#fff2f2",
    ),
    tags=(
        TagColour("#2f1e88", "#e9e4ff"), TagColour("#06464c", "#dcf5f6"), TagColour("#613000", "#ffecdb"),
    ),
    least=HIGH,
    more=_MORE,
)  # fmt: skip


class Wish(StrEnum):
    SYSTEM = "system"
    NORMAL = "normal"
    HIGH = "high"


class Contrasts(QObject):
    """Keeps `themes` at the contrast that is wished for; follows the system while the wish is that."""

    def __init__(self, app: QApplication, themes: Themes, wish: Wish) -> None:
        super().__init__(themes)
        self._themes, self._wish = themes, wish
        self._hints = app.styleHints()  # kept: PySide takes what it gives for gone with it
        # Qt 6.10 and later tell what the system wants; before that a person says it in the settings.
        self._system = self._hints.accessibility() if hasattr(self._hints, "accessibility") else None
        if self._system is not None:
            self._system.contrastPreferenceChanged.connect(self._follow)
        self._follow()

    def choose(self, wish: Wish) -> None:
        self._wish = wish
        self._follow()

    @property
    def high(self) -> bool:
        if self._wish is Wish.SYSTEM:
            preference = self._system.contrastPreference() if self._system is not None else None
            return preference is not None and preference.name == "HighContrast"
        return self._wish is Wish.HIGH

    def _follow(self, *_: object) -> None:
        self._themes.vary(heightened if self.high else None)


def heightened(theme: Theme) -> Theme:
    return HIGH_DARK if theme.dark else HIGH_LIGHT
