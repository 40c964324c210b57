"""Every action of the program once: its id, its words, its keys, when it can be done, and what it does.

Menus, buttons, the palette and tooltips are made from here, so that none of them can differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget


def always() -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`keys` are portable key texts (`Ctrl+S`). `scope` None: works in the whole window; a widget: only
    while the focus is in it, for single letters that must not fire while somebody types."""

    id: str
    title: str
    menu: str
    what: Callable[[], object]
    keys: tuple[str, ...] = ()
    when: Callable[[], bool] = always
    tip: str = ""
    scope: QWidget | None = None
    checkable: bool = False
    checked: Callable[[], bool] = field(default=always)
    separated: bool = False
    """A line above it in its menu."""
    submenu: str = ""
    """A menu within its menu."""


class Commands(QObject):
    """Makes one `QAction` for each command. `refresh` asks every command anew whether it can be done."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}

    def add(self, command: Command) -> QAction:
        action = QAction(command.title, command.scope or self._window)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(keys) for keys in command.keys])
        scoped = Qt.ShortcutContext.WidgetWithChildrenShortcut
        action.setShortcutContext(scoped if command.scope else Qt.ShortcutContext.WindowShortcut)
        action.setToolTip(tooltip(command))
        action.setStatusTip(command.tip)
        action.setCheckable(command.checkable)
        action.triggered.connect(lambda *_: self._do(command))
        (command.scope or self._window).addAction(action)
        self._commands[command.id] = command
        self._actions[command.id] = action
        return action

    def _do(self, command: Command) -> None:
        if command.when():
            command.what()
        self.refresh()

    def action(self, id: str) -> QAction:
        return self._actions[id]

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def refresh(self) -> None:
        for id, command in self._commands.items():
            action = self._actions[id]
            action.setEnabled(command.when())
            if command.checkable:
                action.setChecked(command.checked())

    def fill(self, bar: QMenuBar, extra: dict[str, list[QMenu]]) -> None:
        """The menu bar, in the order in which the commands were added; `extra` menus come at the end of the
        menu of that name (recent files, templates)."""
        menus: dict[str, QMenu] = {}
        for command in self._commands.values():
            menu = menus.get(command.menu)
            if menu is None:
                menu = menus[command.menu] = bar.addMenu(command.menu)
                menu.aboutToShow.connect(self.refresh)
            if command.submenu:
                whole, name = menu, f"{command.menu}/{command.submenu}"
                menu = menus.get(name) or whole.addMenu(command.submenu)
                menus[name] = menu
            if command.separated:
                menu.addSeparator()
            menu.addAction(self._actions[command.id])
        for title, more in extra.items():
            for one in more:
                menus[title].addMenu(one)


def tooltip(command: Command) -> str:
    """The title, what it does, and its first key: `Run · Ctrl+Return`."""
    keys = (
        QKeySequence(command.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if command.keys else ""
    )
    words = command.tip or command.title.replace("&", "").rstrip("…")
    return f"{words} ({keys})" if keys else words
