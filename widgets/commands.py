"""Every action of the program once: its id, its words, its keys, when it can be done, and what it does.

Menus, buttons, the palette and tooltips are made from here, so that none of them can differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from widgets.messages import keyed

_BEHIND = re.compile(r"\(&\w\)")


def always() -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`keys` are portable key texts (`Ctrl+S`), for what no preset knows: see `Commands.bind`. `scope` None:
    works in the whole window; a widget: only while it has the keyboard itself, for single letters that must
    not fire while somebody types."""

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
    before: str = ""
    """The command that it stands above in its menu; without one, at the end."""
    why: str = ""
    """What is missing where it cannot be done."""

    @property
    def words(self) -> str:
        """The title as it is read, without marks for menus."""
        return unmarked(self.title.partition("\t")[0]).rstrip("…")


class Commands(QObject):
    """Makes one `QAction` for each command. `refresh` asks every command anew whether it can be done."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        self._keys: dict[str, tuple[str, ...]] = {}

    def add(self, command: Command, *, before: str = "") -> QAction:
        """`before` is the command that it stands above in its menu; else it comes last."""
        action = QAction(command.title, command.scope or self._window)
        action.setObjectName(command.id)
        scoped = Qt.ShortcutContext.WidgetShortcut
        action.setShortcutContext(scoped if command.scope else Qt.ShortcutContext.WindowShortcut)
        action.setStatusTip(command.tip)
        action.setCheckable(command.checkable)
        action.triggered.connect(lambda *_: self._do(self._commands[command.id]))
        (command.scope or self._window).addAction(action)
        self._commands[command.id] = command
        if before in self._commands:
            order = [id for id in self._commands if id != command.id]
            order.insert(order.index(before), command.id)
            self._commands = {id: self._commands[id] for id in order}
        self._actions[command.id] = action
        self.bind({command.id: command.keys})
        return action

    def bind(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """From now on these commands have these keys, in menus and tooltips too."""
        for id, texts in keys.items():
            if id in self._commands and self._keys.get(id) != texts:
                self._keys[id] = texts
                self._actions[id].setShortcuts([QKeySequence(text) for text in texts])
                told = tooltip(self._commands[id], texts)
                self._actions[id].setToolTip(told)
                self._actions[id].setWhatsThis(told)

    def keys(self, id: str) -> tuple[str, ...]:
        return self._keys[id]

    def command(self, id: str) -> Command:
        return self._commands[id]

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

    def say_anew(self, again: Callable[[str], str]) -> None:
        """In another language: titles, tips, and the menus as far as they are made from here."""
        for id, command in self._commands.items():
            self._commands[id] = said = replace(
                command, title=again(command.title), menu=again(command.menu), tip=again(command.tip),
                submenu=again(command.submenu), why=again(command.why),
            )  # fmt: skip
            action = self._actions[id]
            action.setText(said.title)
            action.setStatusTip(said.tip)
            action.setToolTip(tooltip(said, self._keys[id]))

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
            new = [menu.addSeparator()] if command.separated else []
            new.append(self._actions[command.id])
            menu.addAction(new[-1])
            if command.before in self._actions:
                menu.insertActions(self._actions[command.before], new)
        for title, more in extra.items():
            for one in more:
                menus[title].addMenu(one)


def unmarked(title: str) -> str:
    """Without the letter for the keyboard, which Chinese has behind the words: `&Open…`, `打开(&O)…`."""
    return _BEHIND.sub("", title).replace("&", "")


def tooltip(command: Command, keys: tuple[str, ...] | None = None) -> str:
    """What it does, or its title, and its first key: `Run (Ctrl+Return)`."""
    held = native(command.keys if keys is None else keys)
    words = command.tip or command.words
    return keyed(words, held[0] if held else "")


def native(keys: Iterable[str]) -> tuple[str, ...]:
    """Key texts as this system shows them."""
    form = QKeySequence.SequenceFormat.NativeText
    return tuple(QKeySequence(text).toString(form) for text in keys)
