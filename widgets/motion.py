"""Less motion: what moves or blinks by itself stands still. Nothing of ours is animated; what is left is
Qt's own: menus, lists and tooltips that fade or slide, and the blinking of the text cursor."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

EFFECTS = (
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
    Qt.UIEffect.UI_AnimateToolBox,
)


class Motion:
    """`reduce(False)` gives back what the system had."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._flash = app.styleHints().cursorFlashTime()
        self._effects = tuple(one for one in EFFECTS if app.isEffectEnabled(one))

    def reduce(self, reduced: bool) -> None:
        for one in self._effects:
            self._app.setEffectEnabled(one, not reduced)
        self._app.setCursorFlashTime(0 if reduced else self._flash)
