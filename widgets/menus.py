"""The menu bar with its lists (recent documents, templates), and the menus behind the right button."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from app.basics.words import spoken
from app.studio.desk import Desk
from widgets.commands import Commands
from widgets.files import Files
from widgets.tasks import Tasks

ON_NODE = (
    *("run", "cancel", "look", "compare", "", "rename", "duplicate", "copy", ""),
    *("export", "copy-picture", "save-picture", "save-clean", ""),
    *("switch-model", "fan-out", ""),
    *("skip", "lock", "collapse", "", "frame", "extract", "select-upstream", "select-downstream", ""),
    *("delete", "delete-heal"),
)
ON_EMPTY = ("add", "paste", "paste-inputs", "select-all", "", "tidy", "fit-all", "run")
"""Commands behind the right button; an empty name is a line."""
SHOWN = 10
"""Recent documents in the menu."""


class Menus(QObject):
    """`bar` is for the top of the window."""

    def __init__(self, desk: Desk, commands: Commands, files: Files, tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._commands, self._files, self._tasks = desk, commands, files, tasks
        self._window = window
        self._recent = QMenu(self.tr("Open &recent"))
        self._recent.setToolTipsVisible(True)
        self._recent.aboutToShow.connect(self._fill_recent)
        self._templates = QMenu(self.tr("New from te&mplate"))
        for template in desk.templates():
            action = self._templates.addAction(spoken(template.title))
            action.setStatusTip(spoken(template.summary))
            action.triggered.connect(partial(self.open_template, template.id))
        self.bar = QMenuBar()
        commands.fill(self.bar, {self.tr("&File"): [self._templates, self._recent]})

    def open_template(self, template: str, *_: object) -> None:
        self._tasks.start(self._files.new_from(template))

    def show(self, at: QPoint, *, on_node: bool) -> None:
        """What can be done with a node, or with the empty canvas, at a point of the screen in px."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._commands.refresh()
        for id in ON_NODE if on_node else ON_EMPTY:
            if id:
                menu.addAction(self._commands.action(id))
            else:
                menu.addSeparator()
        menu.popup(at)

    def _fill_recent(self) -> None:
        """The last ones have a number to press. What is not there any more is grey and says why."""
        self._recent.clear()
        recent = self._desk.recent()
        for number, path in enumerate(recent[:SHOWN], start=1):
            action = self._recent.addAction(_line(number, path, recent))
            action.setToolTip(str(path))
            if why := self._missing(path):
                action.setText(f"{action.text()}  ({why})")
                action.setEnabled(False)
            action.triggered.connect(partial(self._open_recent, path))
        if not recent:
            self._recent.addAction(self.tr("Nothing opened yet")).setEnabled(False)
            return
        self._recent.addSeparator()
        clear = self._recent.addAction(self.tr("&Clear the list"))
        clear.setObjectName("recent-clear")
        clear.triggered.connect(lambda *_: self._desk.forget_recent())

    def _missing(self, path: Path) -> str:
        """Why it cannot be opened; empty where it can."""
        try:
            if path.is_file():
                return ""
            return self.tr("it is a folder") if path.exists() else self.tr("not there any more")
        except OSError as error:
            return error.strerror or self.tr("cannot be read")

    def _open_recent(self, path: Path, *_: object) -> None:
        self._tasks.start(self._files.open_path(path))


def _line(number: int, path: Path, among: tuple[Path, ...]) -> str:
    """`&1  shoes.tagloom`, with its folder where another has the same name; 10 is pressed as 0."""
    twins = sum(one.name == path.name for one in among) > 1
    name = f"{path.name} — {path.parent}" if twins else path.name
    key = f"&{number}" if number < 10 else "1&0"
    return f"{key}  {name.replace('&', '&&')}"
