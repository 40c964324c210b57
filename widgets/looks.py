"""What the settings say of the look: theme, contrast, motion, size of texts; followed to the end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.preferences import declared
from app.preferences.options import Changed, Options
from widgets.contrast import Contrasts, Wish
from widgets.motion import Motion
from widgets.theme import Choice, Themes


class Looks(QObject):
    """From now until `close`."""

    def __init__(
        self, app: QApplication, themes: Themes, options: Options, arrange: Callable[[], object]
    ) -> None:
        """`arrange` gives the panels their first sizes, which follow the size of texts."""
        super().__init__(themes)
        self._arrange = arrange
        self._themes, self._options = themes, options
        themes.choose(Choice(options.get(declared.THEME)))
        self._scale(options.get(declared.TEXT_SCALE))
        self._contrasts = Contrasts(app, themes, Wish(options.get(declared.CONTRAST)))
        self._motion = Motion(app)
        if options.get(declared.REDUCED_MOTION):
            self._motion.reduce(True)
        self.close = options.changed.connect(self._follow)

    def _follow(self, changed: Changed) -> None:
        get = self._options.get
        if changed.option == declared.THEME.id:
            self._themes.choose(Choice(get(declared.THEME)), gently=True)
        elif changed.option == declared.CONTRAST.id:
            self._contrasts.choose(Wish(get(declared.CONTRAST)))
        elif changed.option == declared.TEXT_SCALE.id:
            self._scale(get(declared.TEXT_SCALE))
        elif changed.option == declared.REDUCED_MOTION.id:
            self._motion.reduce(get(declared.REDUCED_MOTION))

    def _scale(self, factor: float) -> None:
        if self._themes.scale(factor):
            self._arrange()
