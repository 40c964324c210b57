"""The dialog of settings, opened once at a time; and the window obeys a setting as soon as it changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from app.basics.faults import Fault
from app.preferences import declared
from app.preferences.options import Changed, Option
from app.studio.studio import Studio
from widgets.canvas.graph_view import GraphView
from widgets.dialogs.settings import SettingsDialog
from widgets.dialogs.shortcuts_dialog import ShortcutsDialog
from widgets.main_window import MainWindow
from widgets.parts.hotkeys import Hotkeys
from widgets.tasks import Tasks
from widgets.theme import Themes


class Settings(QObject):
    """`show_today` tells anew what was spent today, beside the cap of the day."""

    def __init__(
        self,
        studio: Studio,
        tasks: Tasks,
        themes: Themes,
        window: MainWindow,
        *,
        graph: GraphView,
        hotkeys: Hotkeys,
        say: Callable[[Fault], None],
        show_today: Callable[[], object],
    ) -> None:
        super().__init__(window)
        self._studio, self._tasks, self._themes, self._window = studio, tasks, themes, window
        self._graph, self._hotkeys, self._say, self._show_today = graph, hotkeys, say, show_today
        self.dialog: SettingsDialog | None = None
        self._end = studio.options.changed.connect(self._obey)

    # --- the dialog ---

    def open(self, page: str = "") -> None:
        if self.dialog is None:
            dialog = SettingsDialog(self._studio, self._tasks, self._window, shortcuts=self.shortcuts)
            dialog.finished.connect(self._closed)
            dialog.outdated.connect(self._anew)
            self.dialog = dialog
        if page:
            self.dialog.show_page(page)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def open_keys(self) -> None:
        self.open("vendors")

    def shortcuts(self) -> None:
        over = self.dialog if self.dialog is not None and self.dialog.isActiveWindow() else self._window
        ShortcutsDialog(self._hotkeys, over).open()

    def set(self, option: Option[Any], value: Any) -> None:
        """For commands of the window: what cannot be written is said, and holds all the same."""
        try:
            self._studio.options.set(option, value)
        except Fault as fault:
            self._say(fault)

    def _closed(self) -> None:
        self.dialog = None

    def _anew(self) -> None:
        """The same page in another language."""
        if (old := self.dialog) is not None:
            page = old.page
            old.close()
            self.open(page)

    # --- obeying ---

    def _obey(self, change: Changed) -> None:
        match change.option:
            case declared.CANVAS_PRESET.id if self._hotkeys.keymap.preset != change.after:
                self._hotkeys.choose(str(change.after))
            case declared.MINIMAP.id:
                minimap = self._graph.viewer.minimap
                if minimap is not None and minimap.shown != change.after:
                    self._graph.toggle_minimap()
            case declared.CAP_DAY_CREDITS.id:
                self._show_today()

    def put_away(self) -> None:
        self._end()
        if self.dialog is not None:
            self.dialog.close()
