"""Colours by role, the shipped face, and the application's palette and style sheet for both.

A `Theme` is a value. `Themes` holds the one in use and tells who listens when it changes; it is made
once and handed to whoever paints. Colour is never the only sign: see the sockets' shapes.
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from string import Template

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from widgets.dressing import dressing_of
from widgets.sheet import SHEET

_DRAWN = Path(__file__).parent.parent / "resources" / "icons" / "sheet"
BODY, CAPTION, BRAND = 13, 11, 15
"""Text sizes, in px at scale 1."""
RADIUS = 11.0
FACE = "Inter"
CHINESE_FACES = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN"),
    *("PingFang SC", "Microsoft YaHei UI", "Microsoft YaHei", "WenQuanYi Micro Hei"),
)
"""For the characters that Inter has not: Linux, macOS, Windows, and what old systems have."""
COLUMN = -1
"""In the place of a tag's slot."""
LEAST_CONTRAST = 4.5
"""WCAG 2 AA for text of this size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """What each colour is for, as `#rrggbb`."""

    window: str
    canvas: str
    dots: str
    card: str
    field: str
    line: str
    line_strong: str
    hover: str
    text: str
    muted: str
    accent: str
    on_accent: str
    prompt: str
    prompt_wire: str
    image: str
    image_wire: str
    neutral: str
    model: str
    model_header: str
    pill: str
    good: str
    warning: str
    warning_ground: str
    error: str
    error_ground: str
    shadow: str


@dataclass(frozen=True, slots=True)
class TagColour:
    """A tag's letters on its ground."""

    text: str
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    name: str
    dark: bool
    roles: Roles
    tags: tuple[TagColour, ...]
    shadow_alpha: int
    least: float = LEAST_CONTRAST
    """Of letters on their ground."""
    more: str = ""
    """Further rules of the style sheet."""

    def tag(self, slot: int) -> TagColour:
        """The colour of the tag in a slot (0 first): the three that are drawn, then spread by hue. `COLUMN`
        is that of a table's column."""
        if slot == COLUMN:
            return TagColour(self.roles.text, self.roles.pill)
        return self.tags[slot] if slot < len(self.tags) else _spread(slot, self.dark, self.least)

    def colour(self, role: str, alpha: int = 255) -> QColor:
        colour = QColor(getattr(self.roles, role))
        colour.setAlpha(alpha)
        return colour


DARK = Theme(
    name="dark",
    dark=True,
    roles=Roles(
        window="#15171c", canvas="#181b21", dots="#272b34", card="#21252d", field="#1b1e25",
        line="#323744", line_strong="#454c5c", hover="#2a2f39", text="#e9ebf1", muted="#98a0b1",
        accent="#7c9cff", on_accent="#0f1320", prompt="#f2c544", prompt_wire="#f2c544",
        image="#3fbf7f", image_wire="#3fbf7f", neutral="#6f7788", model="#8d7bff",
        model_header="#312f49", pill="#2b2f3a", good="#3fbf7f", warning="#f2a544",
        warning_ground="#2c2618", error="#ff6b6b", error_ground="#2b1d20", shadow="#000000",
    ),
    tags=(
        TagColour("#c4b8ff", "#3a2f6b"),
        TagColour("#8fe3e6", "#1f4a4f"),
        TagColour("#ffc48f", "#5a3a1f"),
    ),
    shadow_alpha=120,
)  # fmt: skip

LIGHT = Theme(
    name="light",
    dark=False,
    roles=Roles(
        window="#f4f5f8", canvas="#e9ebf0", dots="#cfd4dd", card="#ffffff", field="#fafbfd",
        line="#d3d7e0", line_strong="#aab1bf", hover="#e4e7f0", text="#1d2129", muted="#5a6272",
        accent="#3b5fe0", on_accent="#ffffff", prompt="#c99a00", prompt_wire="#e0b22a",
        image="#1f8f57", image_wire="#35b377", neutral="#697181", model="#6a55e0",
        model_header="#eeebff", pill="#e3e6ee", good="#1b7d4c", warning="#9a5b00",
        warning_ground="#fff6e6", error="#c62f2f", error_ground="#ffeeee", shadow="#28304a",
    ),
    tags=(
        TagColour("#4630b8", "#e4deff"),
        TagColour("#0b5f66", "#d3f1f2"),
        TagColour("#8a4300", "#ffe6d1"),
    ),
    shadow_alpha=56,
)  # fmt: skip


def _spread(slot: int, dark: bool, least: float) -> TagColour:
    """A hue far from its neighbours (golden ratio steps), as light as the three that are drawn."""
    hue = (0.86 + slot * 0.618034) % 1.0
    ground = _from_hls(hue, 0.24 if dark else 0.92, 0.40 if dark else 0.85)
    light, step = (0.82, 0.02) if dark else (0.30, -0.02)
    letters = _from_hls(hue, light, 0.85 if dark else 0.80)
    while contrast(letters, ground) < least and 0.05 < light < 0.95:
        light += step
        letters = _from_hls(hue, light, 0.85 if dark else 0.80)
    return TagColour(letters, ground)


def _from_hls(hue: float, light: float, saturation: float) -> str:
    red, green, blue = colorsys.hls_to_rgb(hue, light, saturation)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def contrast(one: str, other: str) -> float:
    """Contrast of two `#rrggbb`, 1 to 21, by WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Choice(StrEnum):
    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Steps(QObject):
    """Work that is done piece by piece, a piece for each turn of the loop."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._left: list[Callable[[], object]] = []
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._one)

    def take(self, *steps: Callable[[], object]) -> None:
        """In the place of those that are left."""
        self._left = [*steps]
        self._timer.start() if self._left else self._timer.stop()

    def _one(self) -> None:
        step = self._left.pop(0)
        if not self._left:
            self._timer.stop()
        step()


class Themes(QObject):
    """The theme in use. `changed` carries the new `Theme`."""

    changed = Signal(object)

    def __init__(self, app: QApplication, choice: Choice = Choice.DARK) -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        self._vary: Callable[[Theme], Theme] | None = None
        self.theme = self._wanted()
        self._scale = 1.0
        self.window: QWidget | None = None
        """What is dressed, with all within it; the whole program where there is none."""
        self._steps = Steps(self)
        app.styleHints().colorSchemeChanged.connect(self._follow)

    @property
    def choice(self) -> Choice:
        return self._choice

    def choose(self, choice: Choice, *, gently: bool = False) -> None:
        """`gently`: the window changes a moment later, all of it at once, and goes on answering meanwhile."""
        self._choice = choice
        self._follow(gently=gently)

    def scale(self, factor: float) -> bool:
        """The size of texts in menus, panels and dialogs; 1 is as drawn. Whether it is another now."""
        if factor == self._scale:
            return False
        self._scale = factor
        self._stop_changing()
        apply(self._app, self.theme, self.window, factor)
        self.changed.emit(self.theme)
        return True

    def vary(self, vary: Callable[[Theme], Theme] | None) -> None:
        """What becomes of the chosen theme before it is used; nothing with None."""
        self._vary = vary
        self._follow()

    def _follow(self, *_: object, gently: bool = False) -> None:
        chosen = self._wanted()
        wanted = chosen if self._vary is None else self._vary(chosen)
        if wanted == self.theme:
            return
        self.theme = wanted
        if gently and self.window is not None:
            self._change_gently(wanted, self.window)
        else:
            self._stop_changing()
            apply(self._app, wanted, self.window, self._scale)
            self.changed.emit(wanted)

    def _change_gently(self, wanted: Theme, window: QWidget) -> None:
        """Palette, each part of the window, whoever listens, each in a turn of the loop of its own; nothing
        is painted before all have changed. A change that comes in between takes the place of this one."""
        window.setUpdatesEnabled(False)
        self._steps.take(
            lambda: self._app.setPalette(palette(wanted)),
            *dressing_of(window).steps(sheet(wanted, self._scale)),
            lambda: self.changed.emit(wanted),
            lambda: _show_again(window),
        )

    def _stop_changing(self) -> None:
        self._steps.take()
        if self.window is not None and not self.window.updatesEnabled():
            _show_again(self.window)

    def _wanted(self) -> Theme:
        if self._choice == Choice.SYSTEM:
            light = self._app.styleHints().colorScheme() == Qt.ColorScheme.Light
            return LIGHT if light else DARK
        return LIGHT if self._choice == Choice.LIGHT else DARK


def _show_again(window: QWidget) -> None:
    """Qt asks to paint only when nothing waits for it yet. What waited was turned away while nothing was
    to be painted, and is not asked for again: so we ask."""
    window.setUpdatesEnabled(True)
    QCoreApplication.postEvent(window, QEvent(QEvent.Type.UpdateRequest))


def load_fonts(folder: Path) -> int:
    """Registers the shipped faces of a folder; how many were taken. None there is no error: Qt's own
    face is used then. Needs a QApplication."""
    found = sorted((*folder.glob("*.otf"), *folder.glob("*.ttf")))
    return sum(QFontDatabase.addApplicationFont(str(path)) >= 0 for path in found)


def font(size: int = BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Inter at a size in px, the system's own face for scripts that it lacks."""
    made = QFont([FACE, *CHINESE_FACES, "Noto Sans"])
    made.setPixelSize(size)
    made.setWeight(weight)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def apply(app: QApplication, theme: Theme, window: QWidget | None = None, scale: float = 1.0) -> None:
    """Palette and font of the whole program, and its style sheet. On the parts of the window it changes many
    times faster: Qt goes through the whole program once for every widget it knows."""
    app.setFont(font(round(BODY * scale)))
    app.setPalette(palette(theme))
    if window is None:
        app.setStyleSheet(sheet(theme, scale))
    else:
        dressing_of(window).dress(sheet(theme, scale))


def palette(theme: Theme) -> QPalette:
    roles = theme.roles
    made = QPalette()
    part = QPalette.ColorRole
    for role, colour in (
        (part.Window, roles.window), (part.Base, roles.field), (part.AlternateBase, roles.card),
        (part.Text, roles.text), (part.WindowText, roles.text), (part.ButtonText, roles.text),
        (part.Button, roles.card), (part.Mid, roles.line), (part.Dark, roles.line),
        (part.Highlight, roles.accent), (part.HighlightedText, roles.on_accent),
        (part.PlaceholderText, roles.muted), (part.ToolTipBase, roles.card),
        (part.ToolTipText, roles.text), (part.Link, roles.accent), (part.BrightText, roles.error),
        (part.Accent, roles.accent),
    ):  # fmt: skip
        made.setColor(role, QColor(colour))
    for role in (part.Text, part.WindowText, part.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(roles.neutral))
    return made


def sheet(theme: Theme, scale: float = 1.0) -> str:
    """The style sheet. Widgets choose by dynamic property:

    `kind` of QPushButton and QToolButton: primary, quiet, danger, link; `segment` true with a checkable
    button: segmented control; `role` of QLabel: title, caption, muted, warning, error, good, badge, pill;
    `role` of QFrame: panel, card, bar, line. After changing one: `style().polish(widget)`.
    """
    names = {role: getattr(theme.roles, role) for role in Roles.__slots__}
    names |= {
        "caption": str(round(CAPTION * scale)),
        "brand": str(round(BRAND * scale)),
        "accent_ground": _mixed(theme.roles.card, theme.roles.accent, 0.20),
        "accent_hover": _mixed(theme.roles.accent, theme.roles.text, 0.14),
        "drawn": _DRAWN.as_posix(),
        "ground": "dark" if _luminance(theme.roles.on_accent) < 0.2 else "light",
    }  # fmt: skip
    return Template(SHEET + theme.more).substitute(names)


def _mixed(one: str, other: str, part: float) -> str:
    """`other` at `part` (0 to 1) over `one`."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)
